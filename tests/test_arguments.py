"""`checked`: whoever confuses the arguments of a public function reads one sentence that says which, and how the right value is made."""

import inspect
import os
import re
from pathlib import Path

import numpy as np
import pytest

import visavox
from tiny_checkpoint import write_tiny_checkpoint, write_tiny_style
from visavox import Audio, Cue, Head, Motion, Rig, Sampling, Span, VisavoxError
from visavox.arguments import MAKES, checked
from visavox.cues import grammar
from visavox.export import export
from visavox.render import Camera, render
from visavox.rigs.arkit import ARKIT

MOTION = Motion(np.zeros((3, len(ARKIT))), 25, ARKIT)
SOUND = Audio(np.zeros(8000, np.float32), 16000)
OTHERS = ("__version__", "Animator", "Head", "VisavoxError")  # nobody makes one by hand
NAMED = [getattr(visavox, name) for name in visavox.__all__ if name not in OTHERS] + [render, export]


def required(door) -> list[str]:
    """The arguments that a public function cannot do without."""
    return [each.name for each in inspect.signature(door).parameters.values() if each.default is each.empty]


DOORS = [door for door in NAMED if required(door)]


@pytest.mark.parametrize("door", DOORS, ids=lambda door: door.__name__)
def test_every_public_function_refuses_what_is_of_no_use_to_it(door):
    for wrong in (object(), lambda: None):
        with pytest.raises(VisavoxError, match="where .* belongs"):
            door(*(wrong for _ in required(door)))


@pytest.mark.parametrize(
    "call, says",
    [
        (lambda: render(Head.default(), MOTION), "motion is a Head, where a Motion belongs: read_motion(FILE)"),
        (lambda: render(MOTION, MOTION), "head is a Motion, where a MovingHead belongs: Head.default()"),
        (
            lambda: visavox.write_motion("a.npz", MOTION),
            "write_motion(motion, path, provenance): motion is 'a.npz', where a",
        ),
        (lambda: visavox.write_motion(MOTION, None), "path is None, where text or a path belongs"),
        (lambda: visavox.read_audio(SOUND), "path is an Audio, where text or a path belongs"),
        (lambda: visavox.write_cues("a.vtt", "b.vtt"), "cues is 'a.vtt', where a list of Cue belongs: read_cues('a.vtt')"),
        (lambda: visavox.write_cues(["nod"], "b.vtt"), "cues is a list, where a list of Cue belongs"),
        (lambda: export(MOTION, "a.csv", SOUND), "accompaniment is an Audio, where an Accompaniment belongs: Accompaniment(audio)"),
        (lambda: Motion(ARKIT, 25, MOTION.values), "values is a Rig, where an array belongs"),
        (lambda: Motion(MOTION.values, 25, "arkit"), "rig is 'arkit', where a Rig belongs"),
        (lambda: MOTION.join("b.npz"), "other is 'b.npz', where a Motion belongs: read_motion('b.npz')"),
        (lambda: SOUND.join("b.wav"), "other is 'b.wav', where an Audio belongs: read_audio('b.wav')"),
        (lambda: Camera.portrait("old_f"), "head is 'old_f', where a MovingHead belongs"),
        (lambda: Sampling(steps="4"), "steps is '4', where a number belongs"),
        (lambda: Span("0", 1), "start is '0', where a number belongs"),
        (lambda: visavox.read_cues(b"a" * 5000), "path is a bytes, where text or a path belongs"),
        (lambda: visavox.Stream("default"), "animator is 'default', where an Animator belongs: load()"),
        (lambda: Cue(0, 1, "nod"), "instruction is 'nod', where an Instruction belongs: read_instruction('nod') of visavox.cues.grammar"),
        (lambda: Cue(None, 1, None), "start is None, where a number belongs"),
    ],
)
def test_the_sentence_names_the_argument_what_it_is_and_what_belongs_there(call, says):
    with pytest.raises(VisavoxError, match=re.escape(says)):
        call()


def test_an_animator_says_how_what_it_takes_is_made(tmp_path):
    tiny = write_tiny_checkpoint(tmp_path / "tiny.safetensors")
    animator, style = visavox.load(tiny), visavox.read_style(write_tiny_style(tmp_path / "style.safetensors", tiny))
    says = [
        ({"audio": Path("speech.wav")}, "read_audio('speech.wav')"),
        ({"audio": SOUND.samples}, "audio is an array, where an Audio belongs"),
        ({"audio": MOTION}, "audio is a Motion, where an Audio belongs"),
        ({"style": "lively"}, "built_in_style('lively')"),
        ({"sampling": 4}, "sampling is 4, where a Sampling belongs"),
        ({"cues": "nods"}, "read_cues('nods')"),
    ]
    for given, sentence in says:
        with pytest.raises(VisavoxError, match=re.escape(sentence)):
            animator.animate(**({"audio": SOUND} | given))
    assert animator.animate(SOUND, style).frames == 13


def test_what_is_right_is_left_alone():
    class Place(os.PathLike):
        def __fspath__(self):
            return "there"

    @checked
    def taken(path: str | Path, number: float, names: list[str], whole: int = 3, rig: Rig | None = None):
        return path, number, names, whole, rig

    for given in (("a", 1, ["b"]), (Path("a"), np.float32(1), ("b",), np.int64(3), None), (Place(), True, np.array(["b"]), 3, ARKIT)):
        assert taken(*given)[: len(given)] == given or given[0] is taken(*given)[0]
    for given, named in ((("a",), {}), (("a", 1, ["b"], 3, None, 6), {}), (("a", 1, ["b"]), {"hole": 3})):  # as Python says it
        with pytest.raises(TypeError, match=r"taken\(\)"):
            taken(*given, **named)
    with pytest.raises(VisavoxError, match="whole is '3'"):
        taken("a", 1, ["b"], whole="3")


def test_ways_to_make_a_value_are_calls_that_exist():
    for name, way in MAKES.items():
        for called in re.findall(r"([A-Za-z_.]+)\(", way):
            first, *rest = called.split(".")
            home = next(getattr(room, first) for room in (visavox, visavox.export, grammar) if hasattr(room, first))
            assert callable(getattr(home, *rest) if rest else home), name
