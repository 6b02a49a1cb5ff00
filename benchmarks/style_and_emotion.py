"""Whether a style is recognised under an emotion and an emotion in every style, by how the face moves; prints Markdown.

    python -m benchmarks.style_and_emotion a.flac b.flac c.flac

Each recording (6 s at least) is spoken in every built-in style and felt in every emotion at 1.0. A style's means are taken without emotion
from the other recordings. A motion belongs to the nearest mean, of the features of benchmarks/styles.py in units of their spread, or of the
style encoder's vectors by angle. It is taken as it is, or after what the emotion adds on average is taken off (over all styles, of the
other recordings; for the encoder as `visavox style --felt` does, motion by motion). Or it is taken less the mean of all styles in the same
recording and emotion, as the judge reads emotions against the same face. The emotion is read by
`explain_expression` of the mean expression.
"""

import sys
from pathlib import Path

import numpy as np

from visavox.animate import Animator
from visavox.direction.expression import explain_expression
from visavox.emotion import EMOTIONS, EmotionMix, EmotionTrack
from visavox.gestures.emotions import express
from visavox.gestures.emotions.calming import calmed
from visavox.io.assets import built_in_style, style_names
from visavox.io.audio import read_audio
from visavox.loading import load
from visavox.rigs.arkit import SHAPES
from visavox.rigs.heads.default_head import Head

sys.path.insert(0, str(Path(__file__).parent))
from styles import features  # noqa: E402

LONGEST = 10.0  # seconds of a recording
STYLES = style_names()


def shown(animator: Animator, path: str, seed: int) -> np.ndarray:
    """The motions (styles, emotions) of one recording."""
    audio = read_audio(path)
    audio = audio.between(0, min(audio.seconds, LONGEST))
    made = np.empty((len(STYLES), len(EMOTIONS)), object)
    for row, style in enumerate(STYLES):
        plain = animator.animate(audio, built_in_style(style), seed=seed)
        for column, name in enumerate(EMOTIONS):
            track = EmotionTrack.steady(EmotionMix({name: 1.0}), plain.frames, plain.fps)
            made[row, column] = express(plain, audio, track, seed)
    return made


def recognised(values: np.ndarray, scale: np.ndarray | None, mean_off: bool) -> np.ndarray:
    """The share (emotions,) of motions whose style is the nearest, of `values` (recordings, styles, emotions, K); by angle without a
    `scale` (K,)."""
    hits = np.zeros(values.shape[2])
    for own in range(len(values)):
        others = np.delete(values, own, axis=0)
        means = others[:, :, 0].mean(0)
        for column in range(values.shape[2]):
            added = (others[:, :, column] - others[:, :, 0]).mean((0, 1)) if mean_off else 0
            for row, value in enumerate(values[own, :, column] - added):
                far = -(means @ value) / np.linalg.norm(means, axis=1) if scale is None else np.square((means - value) / scale).sum(1)
                hits[column] += far.argmin() == row
    return hits / (len(values) * values.shape[1])


def beside_the_others(values: np.ndarray) -> np.ndarray:
    """`values` (recordings, styles, emotions, K) less the mean of all styles of the same recording and emotion."""
    return values - values.mean(1, keepdims=True)


def main(paths: list[str]) -> None:
    animator, head = load(), Head.default()
    motions = np.stack([shown(animator, path, seed) for seed, path in enumerate(paths)])
    seen = each(motions, lambda motion, name: list(features(motion, head).values()))
    spread = np.sqrt(seen[:, :, 0].var(0).mean(0)) + 1e-6
    encoded = each(motions, lambda motion, name: animator.extract_style(motion).vector)
    without = each(
        motions,
        lambda motion, name: animator.extract_style(motion if name == "neutral" else calmed(motion, EmotionMix({name: 1.0}))).vector,
    )
    rows = {
        "features": recognised(seen, spread, False), "features, mean of the emotion off": recognised(seen, spread, True),
        "features, beside the other styles": recognised(beside_the_others(seen), spread, False),
        "style encoder": recognised(encoded, None, False), "style encoder, emotion off the motion": recognised(without, None, False),
        "the same, beside the other styles": recognised(beside_the_others(without), None, False),
    }  # fmt: skip
    print(f"| style recognised by | {' | '.join(EMOTIONS)} | all that feel |\n|---|{'---|' * (len(EMOTIONS) + 1)}")
    for name, shares in rows.items():
        print(f"| {name} | {' | '.join(f'{share:.2f}' for share in shares)} | {shares[1:].mean():.2f} |")
    read = each(motions, lambda motion, name: explain_expression(motion.select(SHAPES).mean(0)).intensities)
    right = (read.argmax(-1) == np.arange(len(EMOTIONS)))[:, :, 1:]
    print(
        f"\nemotion recognised, of styles: {dict(zip(STYLES, right.mean((0, 2)).round(2).tolist(), strict=True))}, all {right.mean():.2f}"
    )
    print(f"chance: {1 / len(STYLES):.3f} of styles, {1 / (len(EMOTIONS) - 1):.3f} of emotions; {motions.size} motions")


def each(motions: np.ndarray, read) -> np.ndarray:
    """What `read(motion, emotion)` gives, (recordings, styles, emotions, K)."""
    return np.array([[[read(motion, name) for motion, name in zip(row, EMOTIONS, strict=True)] for row in take] for take in motions])


if __name__ == "__main__":
    main(sys.argv[1:])
