"""A performance as cues that people can read and edit: python examples/07_cues.py [SPEECH [FOLDER]]"""

import sys
from pathlib import Path

from visavox import Cue, load, read_audio, read_cues, write_cues, write_motion
from visavox.cues.grammar import explain, read_instruction
from visavox.cues.prompt import understood
from visavox.io.assets import demo_recording


def main(speech: str | Path, folder: str | Path) -> Path:
    """The path of the motion, `directed.npz` in `folder`, with the cues that made it, `performance.vtt`, beside it."""
    folder = Path(folder)
    folder.mkdir(parents=True, exist_ok=True)
    animator, audio = load(), read_audio(speech)
    middle, end = audio.seconds / 2, audio.seconds
    cues = [
        Cue(0.0, 0.0, read_instruction("nod twice quickly"), note="a greeting"),
        Cue(0.0, middle, read_instruction("happy 0.6 + surprised 0.2")),
        Cue(middle, end, read_instruction("head 0.4")),
        Cue(middle, end, read_instruction("take 2")),  # that half is drawn again, the other keeps its bytes
        *understood("looks away slowly, then smiles", middle, end),
    ]
    write_cues(cues, folder / "performance.vtt", "edit me")
    for cue in read_cues(folder / "performance.vtt"):
        print(f"line {cue.line}, {cue.start:.2f} to {cue.end:.2f} s: {explain(cue.instruction)}")
    motion = animator.animate(audio, cues=read_cues(folder / "performance.vtt"))
    write_motion(motion, folder / "directed.npz")
    return folder / "directed.npz"


if __name__ == "__main__":
    given = sys.argv[1:]
    print(main(given[0] if given else demo_recording(), given[1] if len(given) > 1 else "out"))
