"""What a motion says of its making goes wherever the motion goes, and into every file; a video is marked as generated."""

import ast
import re
from dataclasses import replace
from pathlib import Path
from xml.etree import ElementTree

import av
import numpy as np
import pytest

from frame_chance import frame_chance
from recordings import write_with_libsndfile
from tiny_checkpoint import write_tiny_checkpoint
from visavox.cli import main
from visavox.export import Accompaniment, export, suffixes
from visavox.gestures import gestures_of
from visavox.gestures.gesture import Piece, Take
from visavox.io.audio import read_audio
from visavox.io.motion import read_motion, write_motion
from visavox.io.video import read_video_provenance, write_video
from visavox.io.xmp import PROPERTIES, SPACES
from visavox.loading import load
from visavox.motion import Motion
from visavox.provenance import DRAWN, GENERATED, generated
from visavox.rigs.arkit import ARKIT
from visavox.rigs.heads.default_head import Head
from visavox.rigs.visemes import viseme_motion
from visavox.sampling import Sampling

SOURCE = Path(__file__).resolve().parents[1] / "src" / "visavox"
SAID = generated("speech & <noise>.wav", "wry", "default", 7)
# Where motion begins: files, sounds, filmed faces. Everywhere else it is made of another motion, by `replace`.
BEGINNINGS = {
    "animate.py", "io/motion.py", "convert/diffposetalk.py", "evaluate/controls.py", "evaluate/face_score.py", "evaluate/flame_bench.py",
    "cli/evaluate_flame.py", "stream/__init__.py", "stream/blocks.py", "sections.py", "track/motion_of.py", "portrait/sheet.py",
    "serve/live/written.py",  # what was sent, which says what the stream said
    "serve/live/sender.py", "cli/stream.py",  # a frame on its way out, which says nothing
}  # fmt: skip


class SmallPictures:
    """Draws a grey square for each frame."""

    def frames(self, motion: Motion):
        return small_frames(motion.frames)


def some_motion(frames: int = 30) -> Motion:
    values = np.random.default_rng(0).uniform(0, 0.3, (frames, len(ARKIT)))
    return Motion(values, 25, ARKIT, SAID)


STEPS = {
    "at_fps": lambda motion: motion.at_fps(60),
    "between": lambda motion: motion.between(0.2, 0.8),
    "join": lambda motion: motion.join(motion),
    "cross_fade": lambda motion: motion.cross_fade(motion, 5),
    "clamped": lambda motion: motion.clamped(),
    "with_channels": lambda motion: motion.with_channels({"jawOpen": 0.1}),
    "visemes": viseme_motion,
}


@pytest.mark.parametrize("name", STEPS)
def test_what_is_made_of_a_motion_says_what_the_motion_says(name):
    assert STEPS[name](some_motion()).provenance == SAID


def test_gestures_carry_it_on(tmp_path):
    write_with_libsndfile(tmp_path / "speech.wav", 1.2, 16000)
    audio = read_audio(tmp_path / "speech.wav")
    take = Take(frame_chance(3))
    for gesture in gestures_of(ARKIT):
        assert gesture.step(gesture.start(take), Piece(some_motion(), audio, last=True)).provenance == SAID


def test_two_that_are_joined_both_speak():
    other = replace(some_motion(), provenance=SAID | {"seed": 8})
    assert some_motion().join(other).provenance == SAID | {"joined": [SAID | {"seed": 8}]}


def test_motion_begins_in_few_places():
    """Wherever else a `Motion` is built from parts, what the motion before it said would be lost."""
    found = set()
    for path in SOURCE.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "Motion":
                found.add(path.relative_to(SOURCE).as_posix())
    assert {name for name in found if not name.startswith("data/")} <= BEGINNINGS


def test_the_animator_says_what_it_did(tmp_path):
    write_with_libsndfile(tmp_path / "speech.wav", 0.4, 16000)
    animator = load(write_tiny_checkpoint(tmp_path / "tiny.safetensors"))
    first, second = animator.takes(read_audio(tmp_path / "speech.wav").resample(8000), seeds=(3, 4), sampling=Sampling(2))
    assert first.provenance == {**generated("speech.wav", "average", "tiny", 3)} and second.provenance["seed"] == 4
    assert first.provenance["digital_source_type"] == GENERATED and first.provenance["generator"].startswith("visavox ")


@pytest.mark.parametrize("suffix", [suffix for suffix in suffixes() if not suffix.startswith(".usd")])
def test_every_format_says_it_without_being_told(tmp_path, suffix):
    path = tmp_path / f"face{suffix}"
    head = Head.default() if suffix == ".glb" else None
    renderer = SmallPictures() if suffix == ".mp4" else None
    export(some_motion(), path, Accompaniment(head=head, renderer=renderer))
    beside = path.with_name(path.name + ".provenance.json")
    said = (beside if beside.exists() else path).read_bytes()
    if suffix == ".npz":
        assert read_motion(path).provenance == SAID
    else:
        assert b"trainedAlgorithmicMedia" in said and b"wry" in said


def test_a_motion_file_comes_back_with_it_and_is_written_again_with_it(tmp_path):
    write_motion(some_motion(), tmp_path / "a.npz")
    write_motion(read_motion(tmp_path / "a.npz").at_fps(30), tmp_path / "b.npz")
    assert read_motion(tmp_path / "b.npz").provenance == SAID
    write_motion(some_motion(), tmp_path / "c.npz", {})
    assert read_motion(tmp_path / "c.npz").provenance == {}


def xmp_of(path: Path) -> dict[str, str]:
    """The properties of the XMP box of an .mp4, found by walking its boxes as a reader of metadata does."""
    data, position = path.read_bytes(), 0
    while position < len(data):
        size, kind = int.from_bytes(data[position : position + 4], "big"), data[position + 4 : position + 8]
        if kind == b"uuid" and data[position + 8 : position + 24].hex() == "be7acfcb97a942e89c71999491e3afac":
            text = re.sub(r"<\?xpacket.*?\?>", "", data[position + 24 : position + size].decode())
            described = ElementTree.fromstring(text)[0][0]
            return {each.tag: each.text for each in described}
        position += size
    return {}


def small_frames(count: int = 3):
    return (np.full((64, 64, 3), 8 * number, np.uint8) for number in range(count))


def test_a_video_carries_the_mark_without_a_certificate(tmp_path):
    path = tmp_path / "face.mp4"
    assert write_video(small_frames(), None, path, 25, SAID) == 3
    assert read_video_provenance(path) == SAID
    found = xmp_of(path)
    for name, tag in PROPERTIES.items():
        prefix, local = tag.split(":")
        assert found.get(f"{{{SPACES[prefix]}}}{local}") == (str(SAID[name]) if name in SAID else None)
    with av.open(str(path)) as video:
        assert sum(1 for _ in video.decode(video=0)) == 3
        assert video.metadata["comment"].startswith("Generated by AI: checkpoint default, generator visavox")
    write_video(small_frames(), None, tmp_path / "silent.mp4", 25)
    assert xmp_of(tmp_path / "silent.mp4") == {} == read_video_provenance(tmp_path / "silent.mp4")


def test_the_verbs_write_it_into_videos(tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    write_with_libsndfile(tmp_path / "speech.wav", 0.2, 16000)
    model = write_tiny_checkpoint(tmp_path / "tiny.safetensors")
    made = ["animate", "speech.wav", "--checkpoint", str(model), "--steps", "2", "--seed", "5"]
    assert main([*made, "-o", "a.mp4", "--size", "64", "--consent", "my own voice"]) == 0
    assert main([*made, "-o", "a.npz"]) == 0
    wanted = generated("speech.wav", "average", "tiny", 5)
    assert read_video_provenance("a.mp4") == wanted | {"consent": "my own voice"}
    assert main(["render", "a.npz", "-o", "b.mp4", "--size", "64", "--fps", "30"]) == 0
    assert read_video_provenance("b.mp4") == wanted
    assert main([*made, "-o", "c.mp4", "--size", "64", "--no-provenance"]) == 0
    assert read_video_provenance("c.mp4") == {}
    write_motion(replace(some_motion(3), provenance={}), "hand.npz")
    assert main(["render", "hand.npz", "-o", "d.mp4", "--size", "64"]) == 0
    assert read_video_provenance("d.mp4")["digital_source_type"] == DRAWN and read_video_provenance("d.mp4")["source"] == "hand.npz"
    capsys.readouterr()
    assert main(["inspect", "a.mp4"]) == 0
    assert "style    average" in capsys.readouterr().out
