"""How well emotions are read from the rendered head, and what they leave of the lips: confusion matrices, gates and sheets.

    python -m benchmarks.emotions stills --judge FOLDER            # closed mouth at 1.0 and .6, over AA, M, OO, and rising intensity
    python -m benchmarks.emotions sentences --judge FOLDER a.wav   # every fifth frame of whole sentences
    python -m benchmarks.emotions lips a.wav b.wav                 # closures and gaps under every variant; needs no judge
    python -m benchmarks.emotions sheet OUT.jpg --identities male,female
    python -m benchmarks.emotions sheet OUT.jpg a.wav --identities male,female,old_m,female_af,child,neutral   # while it speaks

FOLDER holds a judge: `judge.mjs`, run by Node as `node judge.mjs PICTURES OUT.json`, which writes for each picture
{"faceapi": {class: probability}} or null, with its packages beside it. Relative readings ask which class's log probability (floor 1e-4)
rose most over the same face and pose without the emotion, which takes out the face and the vowel. Pictures need Pillow.
"""

import argparse
import json
import os
import subprocess
import tempfile
from pathlib import Path

import numpy as np
from PIL import Image, ImageDraw

from visavox.audio import Audio
from visavox.emotion import EMOTIONS, EmotionMix, EmotionTrack
from visavox.gestures.emotions import express
from visavox.gestures.emotions.lips import DEAD
from visavox.gestures.emotions.table import EmotionTable
from visavox.io.audio import read_audio
from visavox.loading import load
from visavox.motion import Motion
from visavox.render import Camera, render
from visavox.rigs.arkit import ARKIT
from visavox.rigs.heads.default_head import Head
from visavox.rigs.heads.lip_measures import lip_gap
from visavox.style import Identity

FELT = EMOTIONS[1:]
SHOWN = ("neutral", *FELT)
READ = FELT[:-1]  # the judge knows no contempt
POSES = {
    "closed": {},
    "AA": {"jawOpen": 0.5, "mouthLowerDown": 0.2, "mouthUpperUp": 0.15},
    "OO": {"jawOpen": 0.12, "mouthPucker": 0.75, "mouthFunnel": 0.25},
    "M": {"jawOpen": 0.06, "mouthClose": 0.06, "mouthPress": 0.35, "mouthRollLower": 0.25, "mouthRollUpper": 0.2},
}
SECONDS, SIZE = 6.0, 384
FLOOR = 1e-4
FRAME_STEP = 5


def held(pose: str) -> Motion:
    """A face that holds a pose for SECONDS."""
    row = np.zeros(len(ARKIT), np.float32)
    for name, weight in POSES[pose].items():
        for channel in [name] if name in ARKIT else [f"{name}Left", f"{name}Right"]:
            row[ARKIT.index(channel)] = weight
    return Motion(np.tile(row, (round(SECONDS * 25), 1)), 25.0, ARKIT)


def apex(name: str, variant: int, intensity: float, pose: str) -> np.ndarray:
    """The values (C,) of a variant at its height, between blinks, as the product shows it; a closed mouth is a long pause."""
    motion = held(pose)
    if name == "neutral":
        return motion.values[0]
    silence = Audio(np.zeros(round(SECONDS * 16000), np.float32), 16000) if pose == "closed" else None
    track = EmotionTrack.steady(EmotionMix({name: intensity}), motion.frames, motion.fps)
    shown = express(motion, silence, track, 0, EmotionTable.default().only(variant))
    middle = np.arange(60, 90)
    return shown.values[middle[np.argmin(shown.channel("eyeBlinkLeft")[middle])]]


def draw(rows: dict[str, np.ndarray], identity: str, folder: Path, head: Head) -> None:
    """Writes a picture for each name and its values (C,)."""
    who = Identity(identity)
    motion = Motion(np.stack(list(rows.values())), 25.0, ARKIT).clamped()
    for name, picture in zip(rows, render(motion, head, Camera.portrait(head, who, SIZE), who), strict=True):
        Image.fromarray(picture).save(folder / f"{identity}__{name}.png")


def judged(folder: Path, judge: Path) -> dict[str, dict[str, float]]:
    """What the judge reads of each picture: class -> probability; pictures in which it finds no face are left out."""
    out = folder / "judged.json"
    subprocess.run(["node", "judge.mjs", str(folder), str(out)], cwd=judge, env=os.environ | {"JUDGE_MODULES": str(judge)}, check=True)
    return {name.removesuffix(".png"): read["faceapi"] for name, read in json.loads(out.read_text()).items() if read}


def rises(read: dict[str, float], base: dict[str, float]) -> dict[str, float]:
    """By how many nats each class rose over the face without the emotion."""
    return {name: float(np.log(max(read[name], FLOOR)) - np.log(max(base[name], FLOOR))) for name in READ}


def matrix(rows: list[tuple[str, dict[str, float]]], classes: tuple[str, ...], title: str) -> dict[str, float]:
    """Prints a confusion matrix of (true, scores) and returns the share right of each class and of all ("all")."""
    print(f"\n{title}\n\n| true | n | {' | '.join(classes)} |\n|---|---|{'---|' * len(classes)}")
    right, total, shares = 0, 0, {}
    for true in EMOTIONS:
        mine = [max(classes, key=scores.get) for name, scores in rows if name == true]
        if not mine:
            continue
        print(f"| {true} | {len(mine)} | {' | '.join(f'{mine.count(name) / len(mine):.2f}' for name in classes)} |")
        if true in classes:
            shares[true] = mine.count(true) / len(mine)
            right, total = right + mine.count(true), total + len(mine)
    shares["all"] = right / max(total, 1)
    print(f"\n{title}: {right} of {total} = {shares['all']:.2f}")
    return shares


def readings(judge: Path, identity: str, spoken: bool, kept: Path | None) -> dict[str, dict[str, float]]:
    """What the judge reads of the stills of one identity; taken from the folder `kept` where they lie there, else written into it."""
    if kept is not None and (kept / f"{identity}.json").exists():
        return json.loads((kept / f"{identity}.json").read_text())
    wanted = [("neutral", 0, 0.0, "closed")]
    wanted += [(name, variant, k, "closed") for name in FELT for variant in range(3) for k in (0.6, 1.0)]
    if spoken:
        wanted += [(name, variant, k, "closed") for name in READ for variant in range(3) for k in (0.25, 0.8)]
        wanted += [("neutral", 0, 0.0, pose) for pose in ("AA", "M", "OO")]
        wanted += [(name, variant, 1.0, pose) for name in FELT for variant in range(3) for pose in ("AA", "M", "OO")]
    with tempfile.TemporaryDirectory() as folder:
        rows = {f"{name}__{variant}__{k}__{pose}": apex(name, variant, k, pose) for name, variant, k, pose in wanted}
        draw(rows, identity, Path(folder), Head.default())
        read = judged(Path(folder), judge)
    if kept is not None:
        kept.mkdir(parents=True, exist_ok=True)
        (kept / f"{identity}.json").write_text(json.dumps(read))
    return read


def stills(judge: Path, identities: list[str], spoken: list[str], kept: Path | None) -> None:
    """Apexes of all variants on all `identities`; poses of speech and rising intensities on those in `spoken`."""
    read = {}
    for identity in identities:
        read |= {tuple(name.split("__")): scores for name, scores in readings(judge, identity, identity in spoken, kept).items()}
    base = {(who, pose): scores for (who, name, _, _, pose), scores in read.items() if name == "neutral"}

    def relative(k: str, poses: tuple[str, ...]) -> list[tuple[str, dict[str, float]]]:
        chosen = {key: scores for key, scores in read.items() if key[1] != "neutral" and key[3] == k and key[4] in poses}
        return [(key[1], rises(scores, base[key[0], key[4]])) for key, scores in chosen.items()]

    absolute = [(key[1], scores) for key, scores in read.items() if key[4] == "closed" and key[3] in ("1.0", "0.0")]
    found = {
        "closed 1.0 relative": matrix(relative("1.0", ("closed",)), READ, "closed mouth, 1.0, relative"),
        "closed 1.0 absolute": matrix(absolute, ("neutral", *READ), "closed mouth, 1.0, absolute"),
        "closed 0.6 relative": matrix(relative("0.6", ("closed",)), READ, "closed mouth, 0.6, relative"),
        "speech 1.0 relative": matrix(relative("1.0", ("AA", "M", "OO")), READ, "over AA, M, OO, 1.0, relative"),
    }
    found["spearman"] = rising(read, base, spoken)
    print("\n" + json.dumps(found))


def rising(read: dict, base: dict, spoken: list[str]) -> dict[str, float]:
    """Spearman's correlation of intensity and the mean rise of the true class, by emotion."""
    from scipy.stats import spearmanr

    found = {}
    for name in READ:
        steps = [
            np.mean([rises(s, base[key[0], "closed"])[name] for key, s in read.items()
                     if key[0] in spoken and key[1] == name and key[3] == k and key[4] == "closed"])
            for k in ("0.25", "0.6", "0.8", "1.0")
        ]  # fmt: skip
        found[name] = float(spearmanr([0, 0.25, 0.6, 0.8, 1.0], [0, *steps]).statistic)
        print(f"rise of {name} at .25, .6, .8, 1: {', '.join(f'{step:+.1f}' for step in steps)}")
    return found


def sentences(judge: Path, identities: list[str], recordings: list[str]) -> None:
    """Every fifth frame of whole sentences under each emotion at 1.0, against the same frame without it."""
    head, animator, rows = Head.default(), load(), []
    for number, path in enumerate(recordings):
        audio = read_audio(path)
        plain = animator.animate(audio)
        takes = {"neutral": plain}
        for name in READ:
            takes[name] = express(plain, audio, EmotionTrack.steady(EmotionMix({name: 1.0}), plain.frames, plain.fps), number)
        rows_of = {f"{name}__{frame}": take.values[frame] for name, take in takes.items() for frame in range(0, plain.frames, FRAME_STEP)}
        for identity in identities:
            with tempfile.TemporaryDirectory() as folder:
                draw(rows_of, identity, Path(folder), head)
                read = {tuple(name.split("__")): scores for name, scores in judged(Path(folder), judge).items()}
            base = {frame: scores for (_, name, frame), scores in read.items() if name == "neutral"}
            rows += [(key[1], rises(scores, base[key[2]])) for key, scores in read.items() if key[1] != "neutral" and key[2] in base]
    print(json.dumps(matrix(rows, READ, "whole sentences, every fifth frame, 1.0, relative")))


def lips(recordings: list[str]) -> None:
    """What each variant at 1.0 leaves of the lips: correlation of the gap with the neutral take, closed frames kept, new ones."""
    head, animator, takes = Head.default(), load(), []
    for path in recordings:
        audio = read_audio(path)
        takes.append((audio, animator.animate(audio)))
    print("| emotion | variant | worst correlation | closed frames kept | of | new ones |\n|---|---|---|---|---|---|")
    for name in FELT:
        for variant in range(3):
            table, worst, kept, closed, new = EmotionTable.default().only(variant), 1.0, 0, 0, 0
            for audio, plain in takes:
                shown = express(plain, audio, EmotionTrack.steady(EmotionMix({name: 1.0}), plain.frames, plain.fps), 0, table)
                before, after = lip_gap(head, plain), lip_gap(head, shown)
                worst = min(worst, float(np.corrcoef(before, after)[0, 1]))
                kept += int(((before < DEAD) & (after < DEAD)).sum())
                closed += int((before < DEAD).sum())
                new += int(((before >= DEAD) & (after < DEAD)).sum())
            print(f"| {name} | {variant} | {worst:.4f} | {kept / max(closed, 1):.4f} | {closed} | {new} |")


def shut_poses() -> list[tuple[str, Motion]]:
    """Each variant of the emotions at its height with the mouth shut: a label, and a frame for each of SHOWN."""
    return [(str(variant), frames_of([apex(name, variant, 1.0, "closed") for name in SHOWN])) for variant in range(3)]


def spoken_poses(recording: str) -> list[tuple[str, Motion]]:
    """The middle of speech under each emotion, where the neutral lips are half open: a label, and a frame for each of SHOWN."""
    audio = read_audio(recording)
    plain = load().animate(audio)
    gap = lip_gap(Head.default(), plain)
    middle = np.arange(plain.frames // 4, 3 * plain.frames // 4)
    frame = int(middle[np.argsort(gap[middle])[3 * len(middle) // 4]])
    felt = [express(plain, audio, EmotionTrack.steady(EmotionMix({name: 1.0}), plain.frames, plain.fps), 0) for name in FELT]
    return [("", frames_of([take.values[frame] for take in (plain, *felt)]))]


def frames_of(rows: list[np.ndarray]) -> Motion:
    """The rows as a motion within the ranges of the rig."""
    return Motion(np.stack(rows), 25.0, ARKIT).clamped()


def sheet(out: Path, identities: list[str], poses: list[tuple[str, Motion]], tile: int = 180) -> None:
    """Writes a sheet: a row for each identity and pose, a column for each emotion."""
    head = Head.default()
    page = Image.new("RGB", (len(SHOWN) * tile, len(poses) * len(identities) * tile))
    pen = ImageDraw.Draw(page)
    for row, (identity, (label, motion)) in enumerate((identity, pose) for identity in identities for pose in poses):
        who = Identity(identity)
        for column, picture in enumerate(render(motion, head, Camera.portrait(head, who, SIZE), who)):
            face = Image.fromarray(picture).crop((SIZE // 8, SIZE // 8, SIZE * 7 // 8, SIZE * 7 // 8)).resize((tile, tile))
            page.paste(face, (column * tile, row * tile))
            pen.text((column * tile + 4, row * tile + 3), f"{SHOWN[column]} {label}", fill=(255, 235, 120))
    page.save(out, quality=85)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("what", choices=("stills", "sentences", "lips", "sheet"))
    parser.add_argument("files", nargs="*", help="recordings; for a sheet the picture to write and, to see it spoken, a recording")
    parser.add_argument("--judge", type=Path, help="the folder of the judge")
    parser.add_argument("--identities", default=",".join(Head.default().presets))
    parser.add_argument("--spoken", default=",".join(Head.default().presets), help="the identities that are judged over speech, too")
    parser.add_argument("--kept", type=Path, help="a folder for the readings of each identity, which are not taken again (stills)")
    options = parser.parse_intermixed_args()
    identities = options.identities.split(",")
    if options.what in ("stills", "sentences") and options.judge is None:
        parser.error("give the folder of the judge with --judge")
    if options.what == "stills":
        stills(options.judge.resolve(), identities, options.spoken.split(","), options.kept)
    elif options.what == "sentences":
        sentences(options.judge.resolve(), identities, options.files)
    elif options.what == "lips":
        lips(options.files)
    else:
        out, *recordings = options.files
        sheet(Path(out), identities, spoken_poses(recordings[0]) if recordings else shut_poses())


if __name__ == "__main__":
    main()
