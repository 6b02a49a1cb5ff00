"""The walk from a recording to a video: which rooms the command line enters, counted from the calls of a real run."""

import inspect
import sys
from pathlib import Path

import numpy as np

from floor_plan import VALUES
from visavox.audio import Audio
from visavox.cli import main
from visavox.io.wav import wav_bytes

SOURCE = str(Path(inspect.getfile(main)).parents[1])
WALK = {"loading", "animate", "sampling", "checkpoint", "models", "io", "rigs", "render", "export", "batch"}
MOST_ROOMS = 10  # a room is a folder, or a file of the top folder, above floor 0, whose values all rooms hand one another


def room_of(code) -> str | None:
    if not code.co_filename.startswith(SOURCE) or not code.co_flags & inspect.CO_OPTIMIZED:
        return None  # not ours, or the body of a module or of a class, which an import runs
    return Path(code.co_filename).relative_to(SOURCE).parts[0].removesuffix(".py")


def test_the_command_line_enters_ten_rooms_from_a_recording_to_a_video(tmp_path):
    entered: dict[str, set[str]] = {}

    def watch(frame, event, argument):
        room = room_of(frame.f_code) if event == "call" else None
        if room in (None, "cli", "arguments"):
            return
        caller = frame.f_back
        while caller is not None and (
            not caller.f_code.co_filename.startswith(SOURCE) or room_of(caller.f_code) == "arguments"
        ):  # what Python makes for dataclasses, libraries, and what looks at the arguments on the way in
            caller = caller.f_back
        if caller is not None and room_of(caller.f_code) == "cli":
            entered.setdefault(room, set()).add(frame.f_code.co_name)

    samples = (0.3 * np.sin(np.arange(4800) / 9)).astype(np.float32)
    (tmp_path / "a.wav").write_bytes(wav_bytes(Audio(samples, 16000)))
    before = sys.getprofile()
    sys.setprofile(watch)
    try:
        assert main(["animate", str(tmp_path / "a.wav"), "-o", str(tmp_path / "a.mp4"), "--size", "64"]) == 0
    finally:
        sys.setprofile(before)
    assert (tmp_path / "a.mp4").stat().st_size > 1000
    rooms = set(entered) - VALUES
    assert rooms == WALK and len(WALK) <= MOST_ROOMS, {room: entered[room] for room in rooms}
