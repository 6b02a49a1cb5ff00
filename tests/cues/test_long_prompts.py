"""Prompts of nearly the longest length, of one thing said over and over: none keeps the reader busy without end.

A regular expression that can take each word in two ways tries 2 to the number of words of them; the system ends a process of its own
that has had its processor seconds.
"""

import subprocess
import sys

import pytest

from visavox.cues.prompt.reader import LONGEST

OVER_AND_OVER = {  # what is said, after what
    "slowly gently ": "nods, then ", "her head ": "nods, then opens ", "and or ": "", " or": "looks up, showing joy", "abc": "hints ",
    " slowly gently": "looks",
    "ab": "smiles when mentioning the ", "_": "", "a": "", ", ": "", "very ": "", "not ": "", "looks left ": "",
    ", 2": "nods at 2", " right": "looks left,", 'at "': "", "when she says ": "", "the second time ": "", "at about two ": "",
    "on the first ": "", "first 3 s ": "",
}  # fmt: skip
ENOUGH = 20  # processor seconds in all, of what takes about one
READ = f"""
import resource, sys
resource.setrlimit(resource.RLIMIT_CPU, ({ENOUGH}, {ENOUGH}))
from visavox.cues.prompt.reader import read_prompt
from visavox.errors import OptionError
for prompt in sys.stdin.read().split("\\n"):
    try:
        read_prompt(prompt)
    except OptionError:
        pass
    print(prompt[:40], flush=True)
"""


@pytest.mark.skipif(sys.platform == "win32", reason="limits of the system")
def test_no_long_prompt_keeps_the_reader_busy_without_end():
    prompts = [(before + said * LONGEST)[: LONGEST - 2] + "1(" for said, before in OVER_AND_OVER.items()]
    read = subprocess.run([sys.executable, "-c", READ], input="\n".join(prompts), capture_output=True, text=True)
    done = read.stdout.count("\n")
    assert done == len(prompts), f"{prompts[done][:40]!r}... is not read in {ENOUGH} s: {read.stderr}"
    assert read.returncode == 0, read.stderr
