"""Numbers with which the shipped checkpoint was made and which its runs did not write down, from the history of the repository.

python -m tools.recorded_numbers CHECKPOINT [--output OTHER]

A number is known where the code that a training ran had it as one value, in every commit between the weights before and those of the
training. It is added to the training's recipe, and the note names the commits; what was otherwise in between stays unsaid. Weights stay
as they are. It needs the repository with its history.
"""

import argparse
import subprocess
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path

from visavox.checkpoint import Checkpoint, load, save
from visavox.history import Training
from visavox.recipes.default_choices import FAMILIAR_VOICES

DATA, RECIPE, TASKS = "src/visavox/data/", "src/visavox/recipes/default.py", "src/visavox/train/"
FAMILIAR = '"shard-festival-lp", "shard-festival-ona", "shard-festival-nsh", "shard-festival-dita"'  # those voices, by names of files
NOTED = "Numbers that it did not keep are those of the repository"


@dataclass(frozen=True)
class Account:
    """The numbers of the training that says `made_by` of itself, whose weights are of the commit `until`, those before of `since`: by file
    of that time, the `text` of it that states each number, and what it is today."""

    made_by: str
    since: str
    until: str
    texts: Mapping[str, Mapping[str, tuple[str, object]]]


FIFTH = Account(
    "0.1, fifth session",
    "83301b5",
    "98dc470",
    {
        RECIPE: {
            "familiar_voices": (FAMILIAR, list(FAMILIAR_VOICES)),
            "filmed_share": ("material.tracked * 2", 2),
            "word_copies": ("SPOKEN_COPIES, NAMED_COPIES = 12, 4", 12),
            "named_copies": ("SPOKEN_COPIES, NAMED_COPIES = 12, 4", 4),
            "held_out": ("if number % 10]", 0.1),
            "seen": ("np.mean(clip.measures.ok) > 0.9", 0.9),
            "statistics_every": ("recordings.motion[::7]", 7),
            "styles.recordings": ("recordings: int = 12", 12),
            "styles.utterances": ("list(read_shard(shard))[:30]", 30),
            "styles.shards": ("max(len(shards) // 6, 1)", 6),
            "styles.frames": ("motion[start : start + 100]", 100),
            "styles.seed": ("join_rows(rows, np.random.default_rng(11))", 11),
        },
        TASKS + "hearing.py": {"clips": ("clips: int = 16, frames: int = 100", 16)},
        TASKS + "styling.py": {"manners": ("styles: int = 32, frames: int = 100", 32)},
        DATA + "recordings.py": {
            "material.recordings.SECONDS": ("SECONDS = 12.0", 12.0),
            "material.synthetic_recordings.SECONDS": ("SECONDS = 12.0", 12.0),
        },
        DATA + "prepare.py": {
            "material.synthetic_recordings.MANNERS": ("MANNERS = 160", 160),
            "material.speech_recordings.MANNERS": ("MANNERS = 160", 160),
            "material.synthetic_recordings.WARPS": ("WARPS = (0.86, 1.18)", [0.86, 1.18]),
            "material.synthetic_recordings.NEGATIVES_A_FILE": ("NEGATIVES_A_FILE = 60", 60),
            "material.synthetic_recordings.OPENER": ("OPENER = 1.1", 1.1),
            "material.filmed_lips.OPENER": ("OPENER = 1.1", 1.1),
            "material.synthetic_recordings.MANNERS_SEED": ("def manners(seed: int = 77)", 77),
            "material.synthetic_recordings.SHARD_SEED": ("default_rng([3, *shard.stem.encode()])", 3),
            "material.synthetic_recordings.NEGATIVES_SEED": ("default_rng(900 + number)", 900),
            "material.synthetic_recordings.TRACKED_SEED": ("default_rng(5)", 5),
        },
        DATA + "spoken.py": {
            "material.speech_recordings.NAMING_WARPS": ("LISTENINGS = (0.92, 1.0, 1.08)", [0.92, 1.0, 1.08]),
            "material.speech_recordings.PEAK": ("PEAK = 0.7", 0.7),
            "material.speech_recordings.SHORTEST": ("SHORTEST = 2 ", 2),
            "material.speech_recordings.SPEECH_SEED": ("default_rng([60, copy, *speaker.encode()])", 60),
            "material.speech_recordings.KEPT_SHARE": ("keep: float = 0.85", 0.85),
        },
        DATA + "listen.py": {
            "material.encoded_recordings.COPIES": ("COPIES = 3 ", 3),
            "material.encoded_recordings.VOWEL_FLOOR": ("VOWEL_FLOOR = 0.65", 0.65),
            "material.filmed_lips.VOWEL_FLOOR": ("VOWEL_FLOOR = 0.65", 0.65),
            "material.encoded_recordings.TRUST": ("TRUST = 0.8 ", 0.8),
            "material.filmed_lips.TRUST": ("TRUST = 0.8 ", 0.8),
            "material.filmed_lips.WARPS": ("WARPS = (0.9, 1.0, 1.12)", [0.9, 1.0, 1.12]),
            "material.encoded_recordings.ENCODED_SEED": ("default_rng([8, *path.stem.encode()])", 8),
        },
        DATA + "taught.py": {
            "material.recogniser_features.SPEEDS": ("\nSPEEDS = (0.84, 0.92, 1.0, 1.08, 1.18)", [0.84, 0.92, 1.0, 1.08, 1.18]),
            "material.recogniser_features.SYNTHETIC_SPEEDS": (
                "SPOKEN_SPEEDS = (0.88, 0.94, 1.0, 1.0, 1.0, 1.06, 1.13)",
                [0.88, 0.94, 1.0, 1.0, 1.0, 1.06, 1.13],
            ),
            "material.recogniser_features.RECORDINGS_A_SHARD": ("RECORDINGS_A_SHARD = 19", 19),
            "material.recogniser_features.SPEED_SEED": ("default_rng([5, *shard.stem.encode()])", 5),
            "material.recogniser_features.PEAK": ("PEAK = 0.7", 0.7),
            "material.recogniser_features.MOST": ("MOST = 29 * SAMPLE_RATE // FRAME * FRAME", 464000),
            "material.recogniser_features.KEPT": ("KEPT = 256", 256),
        },
        DATA + "follow.py": {
            "material.lip_following.LEAST": ("LEAST, MOST = 0.25, 2.5", 0.25),
            "material.lip_following.MOST": ("LEAST, MOST = 0.25, 2.5", 2.5),
            "material.lip_following.FUNNEL_SHARE": ('FUNNEL, FUNNEL_SHARE = "mouthFunnel", 0.35', 0.35),
            "material.lip_following.SHUT": ("SHUT = 0.012", 0.012),
            "material.lip_following.WIDTH_TRUST": ("WIDTH_TRUST = 0.3 ", 0.3),
            "material.lip_following.WIDTH_GAIN": ("WIDTH_GAIN = 2.2", 2.2),
            "material.lip_following.STRETCH": ("STRETCH = 1.2", 1.2),
            "material.lip_following.NARROWED": ("NARROWED = 0.03", 0.03),
            "material.lip_following.REACH": ("REACH = 2 ", 2),
        },
        DATA + "shared_lips.py": {
            "material.agreed_lips.RECOGNISER_RIDGE": ("TEACHER_RIDGE = 0.3 ", 0.3),
            "material.agreed_lips.EVERY": ("EVERY = 3 ", 3),
        },
        TASKS + "distilling.py": {"material.distillation.WEIGHT": ("WEIGHT = 0.4 ", 0.4)},
    },
)
TOLD = Account("0.1, fifth session", "d4a8617", "d4a8617", {"docs/model_card.md": {"slower": ("second speed at random", "at random")}})
DISTILLED_AGAIN = Account(
    "0.1, sixth session",
    "34680f1",  # before, the code had no such numbers
    "1daf0f2",
    {
        TASKS + "distilling.py": {
            "material.distillation.AUGMENTED": ("AUGMENTED = 0.5", 0.5),
            "material.distillation.LIPS_WEIGHT": ("LIPS_WEIGHT = 0.3", 0.3),
        },
        DATA + "follow.py": {"material.distillation.REACH": ("REACH = 2 ", 2)},
    },
)
ACCOUNTS = (FIFTH, TOLD, DISTILLED_AGAIN)


def completed(checkpoint: Checkpoint, accounts: tuple[Account, ...] = ACCOUNTS) -> Checkpoint:
    """The checkpoint whose trainings state the numbers of their accounts too; one that states a number already keeps its own."""
    history = list(checkpoint.history)
    for account in accounts:
        history = [_with_numbers(each, account) if each.visavox == account.made_by else each for each in history]
    return replace(checkpoint, history=tuple(history))


def _with_numbers(training: Training, account: Account) -> Training:
    when = f"{NOTED} of {account.until}, where they had one value since {account.since}."
    if when in training.note:
        return training
    recipe = dict(training.recipe)
    for number, value in known(account):
        _put(recipe, number.split("."), value)
    return replace(training, recipe=recipe, note=f"{training.note} {when}".strip())


def _put(recipe: dict, path: list[str], value: object) -> None:
    if len(path) == 1:
        recipe.setdefault(path[0], value)
        return
    recipe[path[0]] = dict(recipe.get(path[0], {}))
    _put(recipe[path[0]], path[1:], value)


def known(account: Account) -> Iterator[tuple[str, object]]:
    """The numbers of the account, by their names of today, that had one value in all commits that its training may have run."""
    for file, numbers in account.texts.items():
        versions = list(_versions(file, account))
        for number, (text, value) in numbers.items():
            if versions and all(text in version for version in versions):
                yield number, value
            else:
                print(f"{number} is left out: {file} had another value between the weights of {account.since} and {account.until}")


def _versions(file: str, account: Account) -> Iterator[str]:
    """The texts of a file in all commits from `since` to `until`, in which training may have run it."""
    changes = _git("rev-list", f"{account.since}..{account.until}", "--", file).split()
    for commit in dict.fromkeys([account.until, account.since, *changes]):
        if _git("ls-tree", commit, "--", file):
            yield _git("show", f"{commit}:{file}")


def _git(*words: str) -> str:
    return subprocess.run(["git", *words], capture_output=True, text=True, check=True).stdout


def main() -> None:
    """Reads what is asked, completes the checkpoint and writes it."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("checkpoint", type=Path)
    parser.add_argument("--output", type=Path, help="the file to write (default: the same)")
    chosen = parser.parse_args()
    save(completed(load(chosen.checkpoint)), chosen.output or chosen.checkpoint)


if __name__ == "__main__":
    main()
