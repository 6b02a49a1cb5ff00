"""The plan of the synthetic corpus and its building: which voice says what, in parallel, resumable, with a report of every refusal.

A corpus is cut into numbered batches of one voice; a batch is a pure function of (seed, number), makes one shard, and a shard
that is already there is not made again. So the same seed gives the same corpus, whatever was killed in between.
"""

import json
import multiprocessing
import signal
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path
from random import Random

import numpy as np
from scipy.signal import resample_poly

from visavox.data.store.shards import Row, write_shard
from visavox.data.store.writing import index_store
from visavox.data.synth import engines, text
from visavox.data.synth.engines import EngineError, Utterance
from visavox.data.synth.prerequisites import check_voices
from visavox.io.kept import check_same
from visavox.windows import SAMPLE_RATE

BATCH = 100  # utterances to a shard: festival pays its start once, and a shard stays under 20 MB
ROUNDS = 3  # of a batch's sentences, until one of them is said: a batch may be one sentence, which its voice refuses
MEAN_SECONDS = 4.0  # of an utterance, to turn hours into batches
HELD_OUT = ("flite:rms", "festival:ked", "espeak:en-us+m7", "espeak:en-us+f5")  # voices that training never uses
FLITE_PITCH = {"slt": 175.0, "awb": 130.0, "rms": 105.0, "kal16": 105.0}
ESPEAK_LANGUAGES = {
    "en-us": "en", "en": "en", "en-gb-scotland": "en", "en-gb-x-rp": "en", "en-029": "en", "de": "de", "fr-be": "fr",
    "es": "es", "es-419": "es", "it": "it", "nl": "nl", "sv": "sv", "tr": "tr", "fi": "fi",
}  # fmt: skip
ESPEAK_VARIANTS = """m1 m2 m3 m4 m5 m6 m8 f1 f2 f3 f4 klatt klatt2 klatt3 klatt4 Mario max Andy Annie anika belinda benjamin boris
caleb david ed edward Gene grandma grandpa iven iven2 Jacky john Lee linda Michael michel Mr paul pedro quincy rob robert
shelby steph travis victor zac aunty Alex Alicia Andrea adam""".split()
# share of the hours for each voice; the statistical and diphone voices, made from recordings of people, have most of it
SHARES = {
    "flite:slt": 0.115, "flite:awb": 0.125, "flite:kal16": 0.05, "festival:slt_hts": 0.08, "festival:kal": 0.02,
    "festival:lp": 0.05, "festival:pc": 0.05, "festival:lj_fi": 0.04, "festival:mv_fi": 0.04, "festival:dita": 0.04,
    "festival:machac": 0.04, "festival:ph": 0.04, "festival:krb": 0.03, "festival:ona_hts": 0.07, "festival:nsh": 0.04,
    "festival:nsk_hi": 0.03, "festival:nsk_te": 0.03, "espeak": 0.11,
}  # fmt: skip
LICENCES = {
    "flite": "Festvox licence (free for any use with notice)",
    "espeak": "output of espeak-ng (GPL-3 program)",
}


@dataclass(frozen=True)
class Batch:
    """One shard to make: its number, its voice ("engine:voice"), how many utterances, and the corpus seed."""

    number: int
    voice: str
    count: int
    seed: int


def plan(hours: float, seed: int, held_out: bool = False) -> list[Batch]:
    """The batches of a corpus of about `hours` hours; with `held_out` the voices that training never uses, in equal parts."""
    shares = {voice: 1 / len(HELD_OUT) for voice in HELD_OUT} if held_out else SHARES
    total = sum(shares.values())
    batches: list[Batch] = []
    for voice, share in shares.items():
        left = max(round(hours * 3600 / MEAN_SECONDS * share / total), 1)
        while left > 0:
            batches.append(Batch(len(batches), voice, min(BATCH, left), seed))
            left -= BATCH
    Random(seed).shuffle(batches)  # so that an interrupted corpus is a fair sample of the whole
    return batches


def build(folder: Path, batches: list[Batch], processes: int, report=None) -> dict:
    """The report of a corpus built into the store `folder`: hours by voice, every refusal with its reason; also written as report.json.

    Raises a DependencyError before the work when a voice that is still to speak is not installed, and an EngineError for one that
    says nothing at all. Built again, the corpus goes on where it stopped.
    """
    todo = left_to_build(folder, batches)
    check_voices(batch.voice for batch in todo)
    folder.mkdir(parents=True, exist_ok=True)
    done = len(batches) - len(todo)
    with _workers(processes) as pool:
        for building in [pool.submit(_build_batch, batch, folder) for batch in todo]:  # `map` would cancel them in the pool's way
            finished = building.result()
            done += 1
            if report is not None:
                report(done, len(batches), finished)
    index_store(folder)
    return _summarise(folder, batches)


@contextmanager
def _workers(processes: int) -> Iterator[ProcessPoolExecutor]:
    """Processes that end at once when the body fails or is interrupted: leaving a pool would wait for whole batches."""
    with ProcessPoolExecutor(processes, initializer=_leave_signals) as pool:
        try:
            yield pool
        except BaseException:
            pool.shutdown(wait=False, cancel_futures=True)
            for worker in multiprocessing.active_children():
                worker.terminate()
            raise


def left_to_build(folder: Path, batches: list[Batch]) -> list[Batch]:
    """The batches without a shard in `folder` that holds speech: an interrupted or failed run may have left empty ones.

    A FileError that names the difference when a shard was made of another batch: of another seed or another number of utterances.
    """
    return [batch for batch in batches if not _holds_speech(shard_path(folder, batch), batch)]


def _holds_speech(shard: Path, batch: Batch) -> bool:
    try:
        note = json.loads(shard.with_suffix(".json").read_text()) if shard.exists() else {}
        seconds = float(note.get("seconds", 0))
    except (OSError, ValueError, AttributeError, TypeError):
        return False
    if seconds:
        check_same(note.get("made_of"), asdict(batch), shard)
    return seconds > 0


def _leave_signals() -> None:
    """Ctrl-C and requests to stop end the process that builds, which then ends its workers."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(signal.SIGTERM, signal.SIG_DFL)


def shard_path(folder: Path, batch: Batch) -> Path:
    """The shard of a batch in the store `folder`."""
    return folder / f"shard-{batch.voice.replace(':', '-').replace('+', '-')}-{batch.number:05d}.parquet"


def _build_batch(batch: Batch, folder: Path) -> str:
    random = Random(f"{batch.seed}/{batch.number}")
    rows, refused = [], []
    for _ in range(ROUNDS):
        for position, (voice, words, result) in enumerate(_speak(batch, random)):
            if isinstance(result, EngineError):
                refused.append({"voice": voice, "text": words, "why": str(result)})
                continue
            rows.append(_row(batch, position, voice, words, result, random))
        if rows:
            break
    if not rows:
        why = refused[0]["why"] if refused else "it has no sentence to say"
        raise EngineError(f"{batch.voice} says none of {batch.count * ROUNDS} sentences ({why}); install its package again, or mend it")
    path, seconds = shard_path(folder, batch), sum(len(row.samples) for row in rows) / SAMPLE_RATE
    path.with_suffix(".json").write_text(json.dumps({"refused": refused, "seconds": seconds, "made_of": asdict(batch)}))
    write_shard(rows, path)
    return batch.voice


def _speak(batch: Batch, random: Random):
    """Yields (voice, text, Utterance or EngineError) for each utterance of the batch."""
    engine, _, voice = batch.voice.partition(":")
    if engine == "festival":
        language = engines.FESTIVAL_VOICES[voice].language
        texts = [text.sentence(language, random) for _ in range(batch.count)]
        stretches = [random.choice((0.8, 0.9, 1.0, 1.0, 1.1, 1.25)) for _ in texts]
        for words, result in zip(texts, engines.festival(texts, voice, stretches), strict=True):
            yield batch.voice, words, result
        return
    for _ in range(batch.count):
        if engine == "flite":
            words = text.sentence("en", random)
            pitch = FLITE_PITCH[voice] * random.choice((0.75, 0.85, 0.95, 1, 1, 1.05, 1.15, 1.3))
            stretch = random.choice((0.8, 0.9, 1.0, 1.0, 1.1, 1.25))
            yield batch.voice, words, _try(engines.flite, words, voice, pitch, stretch)
        else:
            name = voice or espeak_voice(random)
            words = text.sentence(ESPEAK_LANGUAGES[name.split("+")[0]], random)
            settings = random.randint(120, 230), random.randint(20, 85), random.randint(25, 90)
            yield f"espeak:{name}", words, _try(engines.espeak, words, name, *settings)


def espeak_voice(random: Random) -> str:
    """A voice of espeak-ng drawn for an utterance: its language and variant."""
    language = random.choice(("en-us",) * 3 + tuple(ESPEAK_LANGUAGES))
    return f"{language}+{random.choice(ESPEAK_VARIANTS)}"


def _try(engine, *arguments) -> Utterance | EngineError:
    try:
        return engine(*arguments)
    except EngineError as error:
        return error


def _row(batch: Batch, position: int, voice: str, words: str, utterance: Utterance, random: Random) -> Row:
    """The clip of one utterance: at 16 kHz, at one of a few speeds (pitch and formants move with it), at a peak of 0.7."""
    speed = random.choice((0.88, 0.94, 1.0, 1.0, 1.07, 1.14))
    samples = resample_poly(utterance.samples, 160, round(160 * speed * utterance.sample_rate / SAMPLE_RATE))
    factor = len(samples) / SAMPLE_RATE / (len(utterance.samples) / utterance.sample_rate)
    phones = [(round(start * factor, 4), round(end * factor, 4), name) for start, end, name in utterance.phones]
    samples = (samples / (np.abs(samples).max() + 1e-6) * 0.7).astype(np.float32)
    engine = voice.split(":")[0]
    return Row(
        id=f"{batch.number:05d}-{position:03d}", samples=samples, sample_rate=SAMPLE_RATE, speaker=voice, source=engine,
        licence=_licence(voice), text=words, phones=phones, consent="synthetic voice",
    )  # fmt: skip


def _licence(voice: str) -> str:
    engine, _, name = voice.partition(":")
    return engines.FESTIVAL_VOICES[name].licence if engine == "festival" else LICENCES[engine]


def _summarise(folder: Path, batches: list[Batch]) -> dict:
    seconds, refused = Counter(), []
    for batch in batches:
        note = json.loads(shard_path(folder, batch).with_suffix(".json").read_text())
        seconds[batch.voice] += note["seconds"]
        refused += note["refused"]
    summary = {
        "hours": round(sum(seconds.values()) / 3600, 3),
        "hours_by_voice": {voice: round(value / 3600, 3) for voice, value in sorted(seconds.items())},
        "refused": len(refused),
        "reasons": refused[:200],
    }
    (folder / "report.json").write_text(json.dumps(summary, indent=1, ensure_ascii=False))
    return summary
