"""Cues: timed instructions that people read and edit, one format for every control. See docs/cues.md.

Read and written as WebVTT (`files`), in words (`grammar`, `kinds`), from free words (`prompt`), and performed on motion (`performing`).
"""

from visavox.cues.files import parse_cues as parse_cues
from visavox.cues.files import read_cues as read_cues
from visavox.cues.files import write_cues as write_cues
