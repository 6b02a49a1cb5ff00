"""Prompts: free words as cues."""

from visavox.cues.prompt.reader import understood as understood
