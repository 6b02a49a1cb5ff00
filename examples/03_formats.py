"""A motion in every format that has no picture, with what each keeps: python examples/03_formats.py [SPEECH [FOLDER]]"""

import sys
from pathlib import Path

from visavox import VisavoxError, load, read_audio
from visavox.export import FORMATS, Accompaniment, export, zeroed
from visavox.io.assets import demo_recording


def main(speech: str | Path, folder: str | Path) -> Path:
    """The path of one of the files, `face.glb` in `folder`, with the other formats beside it."""
    folder = Path(folder)
    folder.mkdir(parents=True, exist_ok=True)
    audio = read_audio(speech)
    motion = load().animate(audio, seed=0).at_fps(60)  # what runs in real time likes 60 frames a second
    for each in FORMATS:
        if "renderer" in each.needs:  # a video; see 01_animate.py
            continue
        path = folder / f"face{each.suffix}"
        try:
            export(motion, path, Accompaniment(audio))
        except VisavoxError as error:  # such as a library that is not installed; the message names the extra
            print(f"{path.name:>20}: left out, {error}")
            continue
        lacking = f"; {len(zeroed(motion, path))} shapes are 0" if zeroed(motion, path) else ""
        print(f"{path.name:>20}: {path.stat().st_size:9,} bytes, {', '.join(sorted(each.keeps)) or 'mouth shapes'}{lacking}")
    return folder / "face.glb"


if __name__ == "__main__":
    given = sys.argv[1:]
    print(main(given[0] if given else demo_recording(), given[1] if len(given) > 1 else "out"))
