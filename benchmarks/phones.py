"""What the mouth does for each kind of phone: prints tables as Markdown.

    python benchmarks/phones.py DATA [--phones out/align] [--landmarker face_landmarker.task]

Channels of finished motion in the middle of each phone of the recordings with text (as in `benchmarks/real_speech.py`), without the gesture
that closes teeth and with it, the gap of the default head, and how much of it the jaw opens. With --landmarker also people: of the films in
grid_multi/video, and of every fourth one in grid_s1/video, how far lips part, the chin falls and the upper lip rises beside the first .3 s
of a film. They read commands whose words are known. Distances are shares of that of the outer eye corners.
"""

import argparse
from dataclasses import replace
from pathlib import Path

import numpy as np
from ablations import with_numbers
from real_speech import TEXTS, say, speech_with_text

from visavox.data.clip import Clip
from visavox.data.material.phone_alignment import align_clips, read_phones, with_phones
from visavox.data.readers.grid import read_grid
from visavox.evaluate.metrics.aperture import head_measures
from visavox.gestures.muscles import GAP, both_sides
from visavox.io.video_frames import read_frames
from visavox.loading import load
from visavox.motion import Motion
from visavox.rigs.heads.default_head import Head
from visavox.track.landmarker import load_landmarker
from visavox.track.landmarks import EYE_CORNERS, INNER_LIPS
from visavox.windows import frame_times

KINDS = {
    "a": "AA", "e": "EH AE", "ee": "IY", "i": "IH", "o": "AO OW", "u": "UW UH", "p b m": "P B M", "f v": "F V", "th": "TH DH", "l": "L",
    "s z": "S Z", "sh ch j": "SH ZH CH JH", "t d n": "T D N", "k g": "K G NG", "w": "W", "r": "R",
}  # fmt: skip
CHANNELS = ("jawOpen", "mouthLowerDown", "mouthUpperUp", "mouthFunnel", "mouthPucker", "mouthRollLower", "tongueOut")
SHORTEST = 0.03  # seconds of a phone
LETTERS = dict(
    a="EY", b="B IY", c="S IY", d="D IY", e="IY", f="EH F", g="JH IY", h="EY CH", i="AY", j="JH EY", k="K EY", l="EH L", m="EH M", n="EH N",
    o="OW", p="P IY", q="K Y UW", r="AA R", s="EH S", t="T IY", u="Y UW", v="V IY", x="EH K S", y="W AY", z="Z EH D",
)  # fmt: skip
CHIN, NOSE, BRIDGE = 152, 2, 168
OPEN = {"teeth.NEAR": 9.0, "teeth.TONGUE": 0.0}  # teeth that no phone closes


def at_phones(curves: dict[str, np.ndarray], times: np.ndarray, clip: Clip) -> dict[str, list[list[float]]]:
    """The curves (T,) at `times` in the middle of each phone, by kind."""
    kind_of, found = {phone: kind for kind, phones in KINDS.items() for phone in phones.split()}, {}
    for start, end, phone in clip.phones:
        if phone in kind_of and end - start >= SHORTEST:
            found.setdefault(kind_of[phone], []).append([np.interp((start + end) / 2, times, curve) for curve in curves.values()])
    return found


def of_motion(motion: Motion, head: Head) -> dict[str, np.ndarray]:
    """The curves (T,) of a motion by name."""
    gap, _ = head_measures(head, motion)
    jaw = GAP["jawOpen"] * (motion.channel("jawOpen") - motion.channel("mouthClose"))
    return {name: both_sides(motion, name) for name in CHANNELS} | {"gap": gap, "by the jaw": jaw}


def of_film(path: Path, landmarker) -> tuple[np.ndarray, dict[str, np.ndarray]]:
    """The times (T,) of a film's frames and the curves (T,) of the face in it, nan where none is found."""
    times, rows, face = [], [], None
    for seconds, picture in read_frames(path)[1]:
        face = (landmarker.follow(picture, face) if face else None) or next(iter(landmarker.detect(picture)), None)
        times.append(seconds)
        rows.append(_measured(face.points[:, :2].astype(float)) if face else [np.nan] * 3)
    gap, chin, lip = np.array(rows).T
    still = slice(0, 8)
    return np.array(times), {"gap": gap, "chin falls": chin - np.nanmedian(chin[still]), "upper lip rises": lip - np.nanmedian(lip[still])}


def _measured(points: np.ndarray) -> list[float]:
    """Lip gap, chin under nose and upper lip under nose of a face, along the line of its nose."""
    up, eyes = points[BRIDGE] - points[NOSE], np.linalg.norm(points[EYE_CORNERS[0]] - points[EYE_CORNERS[1]])
    up = up / np.linalg.norm(up) / eyes
    upper, lower = (points[number] for number in INNER_LIPS)
    return [float((upper - lower) @ up), float((points[NOSE] - points[CHIN]) @ up), float((upper - points[NOSE]) @ up)]


def films(data: Path, phones: Path, landmarker) -> dict[str, list[list[float]]]:
    """What people's faces do, by kind of phone."""
    found = {}
    for folder, every in (("grid_multi", 1), ("grid_s1", 4)):
        paths = {path.stem: path for path in sorted((data / folder / "video").iterdir())[::every]}
        clips = [replace(clip, motion=None) for clip in read_grid(data / folder, motion=False) if clip.name in paths]
        align_clips(clips, phones / f"{folder}.jsonl", TEXTS["pronunciations"] | LETTERS, say)
        for clip in with_phones(clips, read_phones(phones / f"{folder}.jsonl")):
            times, curves = of_film(paths[clip.name], landmarker)
            for kind, rows in at_phones(curves, times, clip).items():
                found.setdefault(kind, []).extend(rows)
    return found


def table(title: str, names: tuple[str, ...], found: dict[str, list[list[float]]], middle) -> str:
    """The `middle` of all phones of a kind as Markdown."""
    lines = [f"\n{title}\n", f"| | phones | {' | '.join(names)} |", "|---" * (len(names) + 2) + "|"]
    for kind in (kind for kind in KINDS if len(found.get(kind, ())) > 2):
        rows = np.array(found[kind])
        lines.append(f"| {kind} | {len(rows)} | {' | '.join(f'{value:.2f}' for value in middle(rows, axis=0))} |")
    return "\n".join(lines)


def main(options: argparse.Namespace) -> None:
    animator, head, clips = load(), Head.default(), speech_with_text(options.data, options.phones)
    for title, changed in (("teeth that no phone closes", OPEN), ("as shipped", {})):
        found, names = {}, ()
        for clip in clips:
            with with_numbers(changed):
                curves = of_motion(animator.animate(clip.audio, seed=0), head)
            names = tuple(curves)
            for kind, rows in at_phones(curves, frame_times(len(curves["gap"]), animator.engine.config.fps), clip).items():
                found.setdefault(kind, []).extend(rows)
        print(table(title, names, found, np.mean))
    if options.landmarker:
        people = films(options.data, options.phones, load_landmarker(options.landmarker))
        print(table("filmed people, medians", ("gap", "chin falls", "upper lip rises"), people, np.nanmedian))


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("data", type=Path)
    parser.add_argument("--phones", type=Path, default=Path("out/align"), help="where alignments are kept")
    parser.add_argument("--landmarker", type=Path, help="the landmarker's model file, to measure people too")
    main(parser.parse_args())
