"""Prompts: free words as cues (`understood`); directors who make cues of a request are in `director`."""

from visavox.cues.prompt.reader import understood as understood
