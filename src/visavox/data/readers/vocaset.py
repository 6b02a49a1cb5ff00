"""VOCASET as it is commonly unpacked: meshes of FLAME's topology beside sounds, carried to FLAME's own channels by the user's FLAME head.

Facts about the layout: `vertices_npy/FaceTalk_YYMMDD_NNNNN_TA_sentenceNN.npy` holds a registered mesh of 5,023 vertices in metres for each
frame, (T, 15069) or (T, 5023, 3), 60 frames a second, the head held still; `wav` a sound of the same name; `templates.pkl` the resting mesh
of each subject, whose name is that of the sequence without its sentence. Of such meshes the channels are not known: they are fitted with
the FLAME head that the user has put into the folder as `flame.safetensors` (`visavox convert-head`).
"""

import re
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import numpy as np

from visavox.data.clip import Clip, common_part
from visavox.errors import FileError
from visavox.io.arrays import checked_numbers, read_npy
from visavox.io.audio import read_audio
from visavox.io.documents import read_bytes
from visavox.io.head import read_head
from visavox.io.pickled_arrays import read_pickled_arrays
from visavox.motion import Motion
from visavox.rigs.flame import FLAME, JAW_ROTATION
from visavox.rigs.heads.flame_head import FlameHead
from visavox.rigs.retargeting.fit import fit_displacements

MESHES, SOUNDS, TEMPLATES, HEAD = "vertices_npy", "wav", "templates.pkl", "flame.safetensors"
NAMED = re.compile(r"(FaceTalk_\d{6}_\d{5}_TA)_(sentence\d{2})", re.ASCII)
FPS = 60.0
PUBLISHED = "give VOCASET as its authors published it, unpacked into vertices_npy, wav and templates.pkl"
MOST_BYTES = 1 << 28  # of the templates
LARGEST = 10.0  # metres
MOVED = 1e-3  # metres that some channel moves a vertex by, at 1, to be fitted
MOST_POINTS = 1500
RIDGE = 1e-6  # square metres: of the identity, whose shapes are metres a deviation
FAR = 5.0  # mm of a residual from which the meshes are not this head's


def read_vocaset(folder: Path, source: str, licence: str) -> Iterator[Clip]:
    """The clips of a folder, one for each sequence that has a sound: motion of rig FLAME at 60 fps, the head still, and each subject's
    identity. `quality` falls with the millimetres that the fit leaves.

    A FileError when there is no FLAME head, when something is of another shape, or when the meshes are not of such a head.
    """
    folder = Path(folder)
    if not (folder / HEAD).is_file():
        raise FileError(
            f"{folder} is VOCASET, whose meshes are read with a FLAME head of your own: put it there as {HEAD} "
            f"(visavox convert-head), or import {folder / SOUNDS} for its sounds alone"
        )
    head, templates = FlameHead.from_arrays(read_head(folder / HEAD)), _templates(folder / TEMPLATES)
    faces: dict[str, tuple[FlameHead, np.ndarray]] = {}
    for path in sorted((folder / MESHES).glob("*.npy")):
        named, sound = NAMED.fullmatch(path.stem), folder / SOUNDS / f"{path.stem}.wav"
        if not named or not sound.is_file():
            continue
        speaker, name = named.groups()
        if speaker not in faces:
            faces[speaker] = face_of(head, _template(templates, speaker, head, folder / TEMPLATES))
        yield _clip(path, read_audio(sound), faces[speaker], (name, speaker, source, licence))


def is_vocaset(folder: Path) -> bool:
    """Whether a folder has VOCASET's meshes and sounds."""
    return (folder / SOUNDS).is_dir() and any(NAMED.fullmatch(path.stem) for path in (folder / MESHES).glob("FaceTalk_*.npy"))


def face_of(head: FlameHead, template: np.ndarray) -> tuple[FlameHead, np.ndarray]:
    """The head whose rest is `template` (V, 3), and the identity (100,) of FLAME that comes nearest to it."""
    shapes = head.identity_shapes.reshape(len(head.identity_shapes), -1)
    away = (template - head.template).ravel()
    identity = np.linalg.solve(shapes @ shapes.T + RIDGE * np.eye(len(shapes)), shapes @ away)
    return replace(head, template=template), identity.astype(np.float32)


def points_of(head: FlameHead) -> np.ndarray:
    """The vertices (N,) that expressions or the jaw move, evenly thinned."""
    moved = np.abs(head.tangent(np.arange(len(head.template)))[head.rig.indices((*head.rig.names[:20], JAW_ROTATION[0]))]).max((0, 2))
    found = np.flatnonzero(moved > MOVED)
    return found[:: max(len(found) // MOST_POINTS, 1)]


def _clip(path: Path, audio, face: tuple[FlameHead, np.ndarray], words: tuple[str, str, str, str]) -> Clip:
    head, identity = face
    vertices = checked_numbers(read_npy(path, PUBLISHED), f"{path} has vertices", PUBLISHED, LARGEST)
    count = len(head.template)
    if vertices.ndim not in (2, 3) or not len(vertices) or vertices[0].size != 3 * count or (vertices.ndim == 3 and vertices.shape[2] != 3):
        raise FileError(f"{path} has shape {vertices.shape}, not (frames, {3 * count}); {PUBLISHED}")
    vertices, points = vertices.reshape(len(vertices), count, 3), points_of(head)
    values, left = fit_displacements(vertices[:, points] - head.template[points], head, points)
    if np.median(left) > FAR:
        raise FileError(f"{path} is {np.median(left):.1f} mm off what the head of {HEAD} can show; give the FLAME head of these meshes")
    audio, motion, _ = common_part(audio, 0.0, Motion(values, FPS, FLAME), None)
    quality = round(float(1 - np.median(left) / FAR), 4)
    name, speaker, source, licence = words
    return Clip(name, audio, speaker, source, licence, motion=motion, quality=quality, identity=identity)


def _templates(path: Path) -> dict:
    found = read_pickled_arrays(read_bytes(path, PUBLISHED, MOST_BYTES), path, PUBLISHED)
    if not isinstance(found, dict):
        raise FileError(f"{path} holds no templates by subject; {PUBLISHED}")
    return found


def _template(templates: dict, speaker: str, head: FlameHead, path: Path) -> np.ndarray:
    array = templates.get(speaker)
    if not isinstance(array, np.ndarray) or array.size != head.template.size:
        raise FileError(f"{path} has no template of {len(head.template)} vertices for {speaker}; {PUBLISHED}")
    return checked_numbers(array.reshape(-1, 3), f"{path} has the template of {speaker}", PUBLISHED, LARGEST)
