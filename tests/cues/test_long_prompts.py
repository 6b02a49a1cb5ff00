"""Prompts of nearly the longest length, of one thing said over and over: none keeps the reader busy without end.

A regular expression that can take each word in two ways tries 2 to the number of words of them; a process of its own can be ended.
"""

import subprocess
import sys

from visavox.cues.prompt.reader import LONGEST

OVER_AND_OVER = {  # what is said, after what
    "slowly gently ": "nods, then ", "her head ": "nods, then opens ", "and or ": "", " or": "looks up, showing joy", "abc": "hints ",
    " slowly gently": "looks",
    "ab": "smiles when mentioning the ", "_": "", "a": "", ", ": "", "very ": "", "not ": "", "looks left ": "",
    ", 2": "nods at 2", " right": "looks left,", 'at "': "", "when she says ": "", "the second time ": "", "at about two ": "",
    "on the first ": "", "first 3 s ": "",
}  # fmt: skip
READ = """
import sys
from visavox.cues.prompt.reader import read_prompt
from visavox.errors import OptionError
for prompt in sys.stdin.read().split("\\n"):
    try:
        read_prompt(prompt)
    except OptionError:
        pass
    print(prompt[:40], flush=True)
"""
ENOUGH = 20.0  # seconds in all, of what takes about one


def test_no_long_prompt_keeps_the_reader_busy_without_end():
    prompts = [(before + said * LONGEST)[: LONGEST - 2] + "1(" for said, before in OVER_AND_OVER.items()]
    try:
        read = subprocess.run([sys.executable, "-c", READ], input="\n".join(prompts), capture_output=True, text=True, timeout=ENOUGH)
    except subprocess.TimeoutExpired as late:
        done = (late.stdout or b"").decode().count("\n")
        raise AssertionError(f"{prompts[done][:40]!r}... is not read in {ENOUGH:g} s") from None
    assert read.returncode == 0 and read.stdout.count("\n") == len(prompts), read.stderr
