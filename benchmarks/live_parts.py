"""Where live lips lose against those of a recording: prints one JSON object, and a table as Markdown on stderr.

    python benchmarks/live_parts.py DATA [--checkpoint FILE] [--sets validation us_gov]

A stream is given parts of what the whole recording tells: the means of its bands, the features of its encoder, its phones, what its lip
reader reads, at all or some moments, or the statistics of its gestures (from a first pass over the same sound). What the lips gain by a
part is what they miss of it. Mean correlation of gap and width with filmed lips over speakers; docs/live.md says what us_gov cannot tell.
"""

import argparse
import json
from dataclasses import replace
from pathlib import Path

import numpy as np
from real_speech import plain, say
from strangers import clips_of, follow, pooled

import visavox.stream.blocks as blocks
from visavox.animate import Animator
from visavox.data.clip import Clip
from visavox.engine import Encoded
from visavox.gestures.lip_reading import CERTAINTY, is_speech, lasting
from visavox.io.assets import default_checkpoint
from visavox.loading import load
from visavox.models.log_mel import band_means, log_mel, normalise
from visavox.motion import Motion
from visavox.rigs.heads.default_head import Head
from visavox.stream import AHEAD, BLOCK, Stream

STATISTICS = ("gap_read", "gap_made", "width_read", "width_made")
READINGS = 2  # the last cues
AFTER = 16  # frames of silence after a recording
WAYS = {
    "live": (), "means of bands": ("means",), "features": ("features",), "phones": ("phones",), "readings": ("readings",),
    "statistics": ("statistics",), "readings, statistics": ("readings", "statistics"),
    "all": ("features", "phones", "readings", "statistics"),
    "readings in speech": ("in speech",), "before the first word": ("before",), "between words": ("between",), "after the last": ("after",),
}  # fmt: skip


class Told:
    """An encoder of blocks, of whose results some `parts` are those of the whole recording."""

    def __init__(self, inner, whole: Encoded, moments: dict[str, np.ndarray], parts: tuple[str, ...]):
        self.inner, self.past, self.whole, self.moments, self.parts, self.known = inner, inner.past, whole, moments, parts, AHEAD

    def start(self) -> np.ndarray:
        """The memory of the encoder."""
        return self.inner.start()

    def encode(self, sounds: list[np.ndarray], memories: list[np.ndarray]) -> list[tuple[Encoded, np.ndarray]]:
        """What the encoder gives of one voice, with the parts in it."""
        (((features, cues), memory),) = self.inner.encode(sounds, memories)
        self.known += BLOCK
        count = min(len(features), self.known)
        rows, mine = slice(self.known - count, self.known), slice(len(features) - count, None)
        features, cues = features.copy(), cues.copy()
        if self.known <= len(self.whole.features):
            columns = {"phones": slice(None, -READINGS), "readings": slice(-READINGS, None)}
            if "features" in self.parts:
                features[mine] = self.whole.features[rows]
            for part in columns.keys() & set(self.parts):
                cues[mine, columns[part]] = self.whole.cues[rows, columns[part]]
            for part in self.moments.keys() & set(self.parts):
                chosen = self.moments[part][rows]
                cues[mine][chosen, -READINGS:] = self.whole.cues[rows][chosen, -READINGS:]
        return [(Encoded(features, cues), memory)]


def moments(voiced: np.ndarray) -> dict[str, np.ndarray]:
    """By name where (T,) somebody speaks, and the silence before, between and after, of a recording that is `voiced` (T,)."""
    spoken = np.flatnonzero(voiced)
    first, last = (spoken[0], spoken[-1]) if spoken.size else (voiced.size, voiced.size)
    frame = np.arange(voiced.size)
    return {"in speech": voiced, "before": frame < first, "after": frame > last, "between": ~voiced & (frame >= first) & (frame <= last)}


def animate(animator: Animator, clip: Clip, parts: tuple[str, ...]) -> Motion:
    """The motion of a stream that is told `parts`."""
    audio = clip.audio.resample(16_000)
    frames = int(np.ceil(audio.seconds * 25))
    mel = log_mel(audio, 4 * (frames + AFTER))
    means = band_means(mel[: 4 * frames])
    whole, usual, learned = Encoded(*animator.engine.encode(normalise(mel, means))), blocks.means_with, None
    cues = dict(zip(animator.engine.config.lip_cues, whole.cues.T, strict=True))
    spoken = moments(lasting(is_speech(cues["SIL"], cues[CERTAINTY], 25), 25))
    if "means" in parts:
        blocks.means_with = lambda memory, features: means
    try:
        for _ in range(2 if "statistics" in parts else 1):
            stream = Stream(animator, sample_rate=audio.sample_rate)
            stream.making = replace(stream.making, encoder=Told(stream.making.encoder, whole, spoken, parts))
            memory = stream.state.gestures[[each.name for each in stream.gestures].index("lip reading")].memory
            for name in STATISTICS if learned else ():
                setattr(memory, name, getattr(learned, name))
            made = [motion for motion in (stream.feed(audio.samples), stream.finish()) if motion is not None]
            learned = memory
    finally:
        blocks.means_with = usual
    return Motion(np.concatenate([each.values for each in made]), 25, made[0].rig)


def main() -> None:
    """Measures and prints."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("data", type=Path)
    parser.add_argument("--checkpoint", type=Path, default=default_checkpoint())
    parser.add_argument("--sets", nargs="+", default=["validation", "us_gov"], metavar="NAME", help="folders of DATA")
    options = parser.parse_args()
    recording, live = (load(options.checkpoint, threads=1, live=each) for each in (False, True))
    head, found = Head.default(), {}
    ways = {"recording": lambda clip: recording.animate(clip.audio, seed=0)}
    ways |= {name: lambda clip, parts=parts: animate(live, clip, parts) for name, parts in WAYS.items()}
    for name in options.sets:
        clips = clips_of(options.data / name, False)
        say(f"\n| {name} | gap r | width r |\n|---|---|---|")
        for way, make in ways.items():
            scores = pooled([(clip.speaker, follow(make(clip), clip, head)) for clip in clips], np.random.default_rng(0))
            found.setdefault(name, {})[way] = {measure: scores[measure]["mean"] for measure in ("gap", "width")}
            say(f"| {way} | {' | '.join(f'{each:.3f}' for each in found[name][way].values())} |")
    print(json.dumps(plain(found), indent=1))


if __name__ == "__main__":
    main()
