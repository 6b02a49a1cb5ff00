"""What the landmarker sees of the clips: drawn, looked at, and kept in a folder, one file for each clip."""

from dataclasses import replace
from pathlib import Path

import numpy as np
from tools.bake_tracker.lips import mouths
from tools.bake_tracker.scenes import Clip, clip_of, drawn, film_of

from visavox.audio import Audio
from visavox.io.assets import built_in_style
from visavox.io.audio import read_audio
from visavox.io.kept import keep, text_digest
from visavox.loading import load
from visavox.motion import Motion
from visavox.rigs.heads.default_head import Head
from visavox.track.landmarker import FaceLandmarker
from visavox.track.landmarks import POINTS, SCORES, FaceLandmarks

STYLES = ("neutral", "lively", "calm", "cheerful", "emphatic", "mumbling", "stern", "wry")
SECONDS = 8.0  # of each recording
FILM_FRAMES = 125  # of a film to measure on
MOUTHS, MOUTH_STEP = (3, 5), 2  # three clips in five, and every second frame of them, are drawn again for what mouths look like


def spoken(recordings: list[Path]) -> list[Motion]:
    """The motion of each recording in a style of its own, by the packaged model."""
    animator, made = load(), []
    for place, path in enumerate(recordings):
        audio: Audio = read_audio(path)
        style = built_in_style(STYLES[place % len(STYLES)])
        made.append(animator.animate(audio.between(0, min(audio.seconds, SECONDS)), style, seed=place))
    return made


def films(folder: Path, motions: list[Motion], landmarker: FaceLandmarker, head: Head) -> list[Path]:
    """The files of three films of every preset, spoken as people speak, to measure on; those that are there are not drawn again."""
    made = []
    for seed in range(3 * len(head.presets)):
        place, row = seed % len(head.presets), seed // len(head.presets)
        motion = motions[(7 * row + place) % len(motions)]
        motion = replace(motion, values=motion.values[:FILM_FRAMES])
        made.append(_kept(folder, seed, film_of(seed, head, head.presets[place], motion), landmarker, head))
        mouths(made[-1], film_of(seed, head, head.presets[place], motion).picture, 1, head)  # in the same light
    return made


def seen(folder: Path, clips: int, motions: list[Motion], landmarker: FaceLandmarker, head: Head) -> list[Path]:
    """The files of `clips` clips, every preset in turn; those that are there are not drawn again."""
    made = []
    for seed in range(clips):
        preset = head.presets[seed % len(head.presets)]
        motion = motions[seed // len(head.presets) % len(motions)]
        clip = clip_of(seed, head, preset, motion)
        made.append(_kept(folder, seed, clip, landmarker, head))
        if seed % MOUTHS[1] < MOUTHS[0]:
            mouths(made[-1], np.random.default_rng([seed, 99]), MOUTH_STEP, head)
    return made


def _kept(folder: Path, seed: int, clip: Clip, landmarker: FaceLandmarker, head: Head) -> Path:
    made_of = {"seed": seed, "values": text_digest(clip.values.tobytes()), "head": text_digest(head.shapes.tobytes())}
    return keep(folder / f"clip{seed:04d}.npz", made_of, lambda path: _look(path, clip, landmarker, head))


def _look(path: Path, clip: Clip, landmarker: FaceLandmarker, head: Head) -> None:
    points, scores = np.full((len(clip.values), POINTS, 3), np.nan, np.float32), np.zeros((len(clip.values), len(SCORES)), np.float32)
    face = None
    for frame, picture in enumerate(drawn(clip, head)):
        face = _near(landmarker, picture, face) or next(iter(landmarker.detect(picture)), None)
        if face:
            points[frame], scores[frame] = face.points, face.scores
    with path.open("wb") as file:
        np.savez(
            file, points=points, scores=scores, values=clip.values, preset=clip.identity.name, identity=clip.identity.values,
            other=clip.other[0], share=clip.other[1],
            position=clip.camera.position, view=clip.camera.view, size=clip.camera.size,
        )  # fmt: skip


def _near(landmarker: FaceLandmarker, picture: np.ndarray, face: FaceLandmarks | None) -> FaceLandmarks | None:
    """The face near to where it was in the frame before, which costs a third of looking for it: looked at, and again around its points."""
    for _ in range(2):
        face = face and landmarker.follow(picture, face)
    return face
