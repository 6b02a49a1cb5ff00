"""A stopwatch around the networks, as an engine of one's own: python examples/06_engine.py [SPEECH [FOLDER]]"""

import sys
import time
from pathlib import Path

from visavox import Animator, load, read_audio, write_motion
from visavox.encoding import RecordingEncoder
from visavox.io.assets import demo_recording


class Timed:
    """An engine (see visavox.engine) that hands every call on; an exported graph would answer the same calls itself."""

    def __init__(self, engine):
        self.engine, self.config, self.motion, self.identity = engine, engine.config, engine.motion, engine.identity
        self.seconds = dict.fromkeys(("encode", "encode_style", "prepare", "denoise"), 0.0)
        for name in self.seconds:
            setattr(self, name, lambda *given, name=name: self.timed(name, *given))

    def timed(self, name, *given):
        began, answer = time.perf_counter(), getattr(self.engine, name)(*given)
        self.seconds[name] += time.perf_counter() - began
        return answer


def main(speech: str | Path, folder: str | Path = "out") -> Path:
    """The path of the motion, `timed.npz` in `folder`: the same numbers as without a stopwatch."""
    Path(folder).mkdir(parents=True, exist_ok=True)
    usual, path = load(), Path(folder) / "timed.npz"
    engine = Timed(usual.engine)
    encode = RecordingEncoder(engine, usual.encode.encode)
    motion = Animator(engine, usual.style_encoder, usual.gestures, encode, usual.usual_style, usual.restore).animate(read_audio(speech))
    print({name: round(seconds, 2) for name, seconds in engine.seconds.items()}, f"seconds for {motion.seconds:.1f} of motion")
    write_motion(motion, path)
    return path


if __name__ == "__main__":
    print(main(*sys.argv[1:] or [demo_recording()]))
