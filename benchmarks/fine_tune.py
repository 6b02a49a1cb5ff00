"""Is a fine-tuned model nearer to the person on clips that it never saw? Prints one JSON object, and a table as Markdown on stderr.

    python benchmarks/fine_tune.py DATA [--people grid_s2 obama] [--folder RUNS] [--left-out FILE] [--steps N]

DATA holds `grid_multi` and `us_gov`, folders of tracked clips. Of grid_multi those speakers are taken whom the recipe of the lip reader
holds out, so that the packaged checkpoint never saw them; the two of us_gov it has seen, so that a checkpoint which was made without them
may be named with --left-out, which they start from and are measured beside. Of each person one half of the clips is adapted to (every
second one, or the first half of a single one) and the other half measured, three seeds: the packaged checkpoint, the one that was
adapted, and as the control the one that was adapted to somebody else. Of the adapted one also what distances cannot tell: whether two
recordings with one seed move the same head, and whether the lips lose another piece's sound. The last rows of a person are how far the
person's two halves are apart, under which nothing can come, and what the person's own tracked motion scores on closures. Runs and
checkpoints are kept in RUNS: a run that was ended goes on there, and people can be adapted to one by one.
"""

import argparse
import json
import sys
from contextlib import suppress
from dataclasses import replace
from pathlib import Path

import numpy as np
from real_speech import plain, say

from visavox.adapt.denoising import DenoisingPart, Running
from visavox.adapt.habits import habits_of, usual_head
from visavox.adapt.likeness import HIGHER_IS_NEARER, likeness
from visavox.adapt.manner import seen_of
from visavox.adapt.person import Person, Piece, person_of
from visavox.adapt.run import PARTS, Adaptation, adapt
from visavox.audio import Audio
from visavox.checkpoint import Checkpoint, load, save
from visavox.data.clip import Clip
from visavox.data.material.phone_alignment import align
from visavox.data.measures import Measures
from visavox.data.readers.filmed_people import read_filmed
from visavox.data.readers.grid import read_grid
from visavox.data.store.importing import at_store_rates
from visavox.errors import FileError
from visavox.evaluate.metrics.curves import correlation
from visavox.evaluate.phone_score import pool, score_phones
from visavox.io.assets import default_checkpoint
from visavox.loading import animator_of
from visavox.models.precision import FLOAT32
from visavox.motion import Motion
from visavox.recipes.lip_people import held_out
from visavox.rigs.arkit import HEAD
from visavox.rigs.heads.lip_measures import lip_gap
from visavox.windows import SAMPLE_RATE, SAMPLES_PER_FRAME

COMMANDS, ADDRESSES = "grid_multi", "us_gov"
PRESIDENTS = {"obama": "bama", "reagan": "reagan"}  # by what the names of their clips have in common
GOAL = ("posture", "opening", "spread", "turning", "turning speed")  # half the distance
CLOSED_BY_TIMES, CLOSED_VOWELS, TOUCHING, VOWELS = "p, b, m closed, by times", "open vowels closed", "the same on the head", "open vowels"
SEEDS = (0, 1, 2)
SEEN_BY_DEFAULT = "seen by the packaged checkpoint"


def clips_of(data: Path) -> dict[str, list[Clip]]:
    """The clips of each person, in order."""
    found: dict[str, list[Clip]] = {}
    for folder in (COMMANDS, ADDRESSES):
        for clip in sorted(read_filmed(data / folder), key=lambda clip: clip.name):
            who = clip.speaker
            if folder == ADDRESSES:
                who = next(name for name, part in PRESIDENTS.items() if part in clip.name)
            if folder == ADDRESSES or held_out(clip.speaker):
                found.setdefault(who, []).append(replace(at_store_rates(clip), speaker=who, consent="as published"))
    return found


def halves(clips: list[Clip]) -> tuple[list[Clip], list[Clip]]:
    """Every second clip and the others, or the two halves of a single clip."""
    if len(clips) > 1:
        return clips[::2], clips[1::2]
    middle, end = clips[0].motion.frames // 2, clips[0].motion.frames
    return [_part(clips[0], 0, middle)], [_part(clips[0], middle, end)]


def _part(clip: Clip, first: int, last: int) -> Clip:
    seen, sound = clip.measures, clip.audio.samples[first * SAMPLES_PER_FRAME : last * SAMPLES_PER_FRAME]
    measures = Measures(seen.lip_gap[first:last], seen.mouth_width[first:last], seen.ok[first:last], seen.fps)
    motion = replace(clip.motion, values=clip.motion.values[first:last])
    return replace(clip, name=f"{clip.name}@{first}", audio=Audio(sound, clip.audio.sample_rate), motion=motion, measures=measures)


def pieces_of(person: Person) -> list[Piece]:
    """All pieces of a person."""
    return person.learned + person.held_out


def adapted(start: Checkpoint, person: Person, asked: Adaptation, folder: Path) -> Checkpoint:
    """The checkpoint adapted to a person, kept in `folder`."""
    path = folder / f"{person.name}.safetensors"
    if not path.exists():
        made = adapt(start, person, asked, folder / person.name, Running(report=lambda line, flush=False: say(str(line)[:110])))
        save(made.checkpoint, path)
    return load(path)


def measure(checkpoint: Checkpoint, person: Person, phones: dict[str, list]) -> dict[str, float]:
    """The likeness of what a checkpoint makes to a person; of clips whose `phones` are known also how often lips close on p, b, m by their
    times, and on open vowels, by the weights of the shapes and on the default head. What the encoder itself names is closed by a gesture:
    that share alone could hide what is missed."""
    animator = animator_of(checkpoint, person.name, precision=FLOAT32)
    found, scores = likeness(animator, pieces_of(person)).values, []
    for piece in pieces_of(person):
        known = phones.get(piece.name.rpartition("/")[2].rpartition("@")[0])
        if known:
            clip = Clip(piece.name, piece.audio, person.name, "", "", phones=known)
            for motion in (animator.animate(piece.audio, seed=seed) for seed in SEEDS):
                scores.append((score_phones(motion, clip), score_phones(motion, clip, usual_head())))
    return found | closures_of(scores) if scores else found


def phones_of(folder: Path) -> dict[str, list]:
    """The phones of the clips whose words are known, aligned to the sound."""
    found = {}
    for clip in read_grid(folder, motion=False):
        if held_out(clip.name.split("_")[0]) and clip.transcript:
            with suppress(FileError):  # a text that does not fit its sound has no times
                found[clip.name] = align(clip.audio.resample(SAMPLE_RATE), clip.transcript)
    return found


def of_truth(person: Person, phones: dict[str, list]) -> dict[str, float]:
    """The closures of the person's own tracked motion."""
    scores = []
    for piece in pieces_of(person):
        known = phones.get(piece.name.rpartition("/")[2].rpartition("@")[0])
        if known:
            clip = Clip(piece.name, piece.audio, person.name, "", "", phones=known)
            scores.append((score_phones(piece.motion, clip), score_phones(piece.motion, clip, usual_head())))
    return closures_of(scores) if scores else {}


def closures_of(scores: list[tuple]) -> dict[str, float]:
    """The closures of scores by the weights of the shapes and on the default head, all together."""
    by_shapes, on_head = (pool(each) for each in zip(*scores, strict=True))
    found = {CLOSED_BY_TIMES: by_shapes.metrics()["closure_recall"], CLOSED_VOWELS: by_shapes.metrics()["false_closure"]}
    return found | {TOUCHING: on_head.metrics()["false_closure"], VOWELS: by_shapes.closed_in_vowel.size}


def of_halves(one: Person, other: Person) -> dict[str, float]:
    """How far two halves of one person are apart."""
    return habits_of([seen_of(piece) for piece in pieces_of(other)]).distances(habits_of([seen_of(piece) for piece in pieces_of(one)]))


def faults(checkpoint: Checkpoint, person: Person) -> dict[str, float]:
    """What no distance shows: how two recordings with one seed move each angle of the head alike (the mean |r|; with two seeds, which
    is chance), and how the lips follow their own sound, and that of another piece."""
    animator, head, pieces = animator_of(checkpoint, person.name, precision=FLOAT32), usual_head(), pieces_of(person)
    made, again = ([animator.animate(piece.audio, seed=seed) for piece in pieces] for seed in SEEDS[:2])
    others = made[1:] + made[:1]
    pairs = {"heads of two recordings, one seed, |r|": (made, others), "and two seeds, |r|": (made, again[1:] + again[:1])}
    found = {name: np.mean([_alike(one, two) for one, two in zip(*both, strict=True)]) for name, both in pairs.items()}
    for name, motions in (("lip gap r", made), ("lip gap r, another piece's sound", others)):
        follow = []
        for motion, piece in zip(motions, pieces, strict=True):
            frames = min(motion.frames, piece.gap.size)
            follow.append(correlation(lip_gap(head, motion)[:frames], piece.gap[:frames], piece.ok[:frames]))
        found[name] = np.nanmean(follow)
    return {name: float(value) for name, value in found.items()}


def _alike(one: Motion, two: Motion) -> float:
    frames = min(one.frames, two.frames)
    angles = zip(one.select(HEAD)[:frames].T, two.select(HEAD)[:frames].T, strict=True)
    return float(np.mean([abs(np.corrcoef(a, b)[0, 1]) for a, b in angles]))


def table(found: dict) -> str:
    """The likeness as Markdown, and how many times smaller the distances of the goal became."""
    names = list(dict.fromkeys(name for rows in found.values() for name in rows["default"]))
    lines = [f"| person | model | {' | '.join(names)} |", "|---" * (len(names) + 2) + "|"]
    for who, rows in found.items():
        for model in ("default", "adapted", "adapted to somebody else", "the person's other half", "the person's own motion"):
            cells = [f"{rows[model][name]:.3f}" if name in rows[model] else "" for name in names]
            lines.append(f"| {who} | {model} | {' | '.join(cells)} |")
    return "\n".join(lines)


def summary(found: dict) -> dict[str, dict]:
    """For every measure the mean over people of each model, and of distances the share that is left of the default's."""
    means = {}
    for name in dict.fromkeys(name for rows in found.values() for name in rows["default"]):
        known = [rows for rows in found.values() if name in rows["default"]]
        phones = name in (CLOSED_BY_TIMES, CLOSED_VOWELS, TOUCHING)  # of which a person has many or few
        weights = [rows["default"][VOWELS] if phones else 1.0 for rows in known]
        models = ("default", "adapted", "adapted to somebody else")
        kinds = {kind: float(np.average([rows[kind][name] for rows in known], weights=weights)) for kind in models}
        if phones:
            kinds["the person's own motion"] = float(np.average([rows["the person's own motion"][name] for rows in known], weights=weights))
        if name not in (*HIGHER_IS_NEARER, CLOSED_BY_TIMES, CLOSED_VOWELS, TOUCHING, VOWELS):
            kinds["left of the default's"] = kinds["adapted"] / kinds["default"]
        means[name] = kinds | {"goal": name in GOAL}
    return means


def main() -> None:
    """Adapts, measures and prints."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("data", type=Path)
    parser.add_argument("--people", nargs="+", metavar="NAME", help="whom to measure; all of whom there is enough")
    parser.add_argument("--folder", type=Path, default=Path("fine_tuned"), help="where runs and checkpoints are kept")
    parser.add_argument("--steps", type=int, default=0, help="of the denoiser; as many as the seconds are worth")
    parser.add_argument("--parts", nargs="+", choices=PARTS, default=PARTS)
    parser.add_argument("--checkpoint", type=Path, help="another checkpoint to start from")
    parser.add_argument("--left-out", type=Path, help="a checkpoint that never saw the people of us_gov, which they start from")
    parser.add_argument("--adapt-only", action="store_true", help="adapt to the people that are named, and measure nothing")
    options = parser.parse_args()
    usual, part = load(options.checkpoint or default_checkpoint()), DenoisingPart()
    left_out = load(options.left_out) if options.left_out else usual
    asked = Adaptation(tuple(options.parts), replace(part, loop=replace(part.loop, steps=options.steps)))
    people = {}
    for who, clips in clips_of(options.data).items():
        try:
            people[who] = tuple(person_of(half, who, who) for half in halves(clips))
        except FileError as few:
            say(f"left out: {few}")
    chosen = options.people or list(people)
    starts = {who: left_out if who in PRESIDENTS else usual for who in chosen}
    for who in chosen:
        adapted(starts[who], people[who][0], asked, options.folder)
    if options.adapt_only:
        return
    found, phones, unseen = {}, phones_of(options.data / COMMANDS), {}
    for place, who in enumerate(chosen):
        one, other = people[who]
        stranger = chosen[(place + 1) % len(chosen)]
        say(f"measuring {who}, {other.seconds:.0f} s; adapted on {one.seconds:.0f} s; somebody else is {stranger}")
        found[who] = {
            "default": measure(starts[who], other, phones),
            "adapted": measure(adapted(starts[who], one, asked, options.folder), other, phones),
            "adapted to somebody else": measure(adapted(starts[stranger], people[stranger][0], asked, options.folder), other, phones),
            "the person's other half": of_halves(one, other),
            "the person's own motion": of_truth(other, phones),
        }
        unseen[who] = faults(adapted(starts[who], one, asked, options.folder), other)
    say(table(found))
    seen = {who: SEEN_BY_DEFAULT for who in found if who in PRESIDENTS and not options.left_out}
    json.dump(plain({"people": found, "means": summary(found), "faults": unseen, "notes": seen}), sys.stdout, indent=1)
    print()


if __name__ == "__main__":
    main()
