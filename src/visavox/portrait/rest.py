"""The face of a photo at rest: what a motion starts from. Its mouth is shut, and of its smile only a part is kept."""

from dataclasses import dataclass, replace

import numpy as np
from scipy.ndimage import gaussian_filter, map_coordinates

from visavox.portrait.correspondence import Correspondence
from visavox.portrait.fit import Fitted
from visavox.portrait.landmarks import Landmarks
from visavox.portrait.layout import LOWER_LIP, UPPER_LIP
from visavox.render.photo_camera import PhotoCamera
from visavox.rigs.heads.default_head import Head

# How much of a shape that the photo shows stays in the face at rest; of other shapes of jaw and lips nothing does, so that M closes.
KEPT = {"eye": 1.0, "brow": 1.0, "cheek": 1.0, "mouthSmile": 0.45, "mouthFrown": 0.5, "mouthStretch": 0.3}
KEPT_WHOLE = {"mouthLeft": 0.5, "mouthRight": 0.5}
REACH = 0.035  # of the distance of the eyes: how far the line of closed lips is looked for
BESIDE = 0.15  # grey levels that a pixel away from the landmarks' line must be darker
SEALED = 0.010  # metres of lip over which the seal fades
SIDES_AT, SIDES_SOFT = 0.0, 0.008  # metres of depth that a drawn face does not fall behind, and over which it levels out
LIPS_WIDE, LIPS_LOW, LIPS_HIGH, LIPS_BACK = 0.045, -0.12, -0.05, -0.02  # metres of the default head between which the lips lie


@dataclass(frozen=True, eq=False)
class Rest:
    """positions (V, 3) of the face at rest; `shown` (V, 3) as the photo shows it; `size` of this face over the default head's."""

    positions: np.ndarray
    shown: np.ndarray
    size: float


def closed_lips(picture: np.ndarray, landmarks: Landmarks) -> Landmarks:
    """The landmarks of a closed mouth with both inner contours on the dark line between the lips; others unchanged."""
    if not landmarks.closed:
        return landmarks
    upper, lower = list(UPPER_LIP), list(LOWER_LIP)
    points = landmarks.points.copy()
    line = _dark_line(picture, (points[upper] + points[lower]) / 2, landmarks.eyes)
    points[upper] = points[lower] = line
    return replace(landmarks, points=points)


def rest_of(head: Head, correspondence: Correspondence, fitted: Fitted, shown: np.ndarray, landmarks: Landmarks) -> Rest:
    """The rest of the face that is `shown` (V, 3)."""
    size = _size(head, fitted)
    kept = np.array([_kept(name) for name in head.shape_names])
    dropped = np.zeros_like(fitted.expression) if landmarks.closed else fitted.expression * (1 - kept)
    positions = shown - np.tensordot(dropped, head.shapes, 1)
    sealed = positions if landmarks.muzzle else _sealed(head, correspondence, positions, size)
    return Rest(sealed, shown, size)


def without_sides(rest: Rest, skin: np.ndarray, camera: PhotoCamera) -> Rest:
    """The rest of a face that was drawn: its outline is a line, not where its `skin` (n,) goes on out of sight, so no depth falls far
    behind and no turn hides that line. Everything keeps its place in the picture."""
    at = rest.shown[skin]
    depth = camera.seen(at)[:, 2]
    level = SIDES_AT + SIDES_SOFT * np.logaddexp(0, (depth - SIDES_AT) / SIDES_SOFT)
    moved = camera.place(camera.project(at)[:, :2], level) - at
    positions, shown = rest.positions.copy(), rest.shown.copy()
    positions[skin] += moved
    shown[skin] += moved
    return Rest(positions, shown, rest.size)


def _kept(name: str) -> float:
    if name in KEPT_WHOLE:
        return KEPT_WHOLE[name]
    return next((share for prefix, share in KEPT.items() if name.startswith(prefix)), 0.0)


def _size(head: Head, fitted: Fitted) -> float:
    left, right = head.lip_points[4:6]
    default = head.preset_positions[0]
    return float(np.linalg.norm(fitted.identity[left] - fitted.identity[right]) / np.linalg.norm(default[left] - default[right]))


def _dark_line(picture: np.ndarray, line: np.ndarray, eyes: float) -> np.ndarray:
    """The `line` (n, 2) between closed lips moved up or down to the darkest row near it."""
    grey = gaussian_filter(picture.astype(np.float32).mean(2), 1.0)
    reach = max(2, int(REACH * eyes))
    rows = np.arange(-reach, reach + 1)
    inner = line[1:-1]
    y = inner[:, 1:] - 0.5 + rows
    x = np.broadcast_to(inner[:, :1] - 0.5, y.shape)
    dark = map_coordinates(grey, [y, x], order=1, mode="nearest") + BESIDE * np.abs(rows) * grey.std() / 30
    away = rows[dark.argmin(1)].astype(float)
    moved = line.copy()
    moved[1:-1, 1] += np.convolve(np.r_[away[0], away, away[-1]], [0.25, 0.5, 0.25], "valid")
    return moved


def _sealed(head: Head, correspondence: Correspondence, positions: np.ndarray, size: float) -> np.ndarray:
    """`positions` (V, 3) whose lips touch as those of the default head do: the gap along their line is halved to both lips."""
    default = head.preset_positions[0].astype(float)
    upper, lower = (correspondence.at(positions, line[1:-1]) for line in (UPPER_LIP, LOWER_LIP))
    rest_upper, rest_lower = (correspondence.at(default, line[1:-1]) for line in (UPPER_LIP, LOWER_LIP))
    gap = (upper - lower - (rest_upper - rest_lower) * size)[:, :2]
    near = lip_region(head, correspondence)
    at = default[near]
    order = np.argsort(rest_upper[:, 0])
    x = rest_upper[order, 0]
    there = np.stack([np.interp(at[:, 0], x, gap[order, axis], left=0, right=0) for axis in range(2)], 1)
    line = np.interp(at[:, 0], x, ((rest_upper + rest_lower) / 2)[order, 1])
    fade = np.exp(-(((at[:, 1] - line) / SEALED) ** 2))
    sealed = positions.copy()
    sealed[near, :2] -= (np.where(correspondence.upper[near], 0.5, -0.5) * fade)[:, None] * there
    return sealed


def lip_region(head: Head, correspondence: Correspondence) -> np.ndarray:
    """The positions (n,) of the lips and of what lies behind them."""
    names = np.array(head.groups)[head.face_group]
    inside = head.position_index[head.faces[np.isin(names, ("teeth", "gums", "tongue", "mouth"))]]
    found = np.unique(np.concatenate([correspondence.skin.ravel(), inside.ravel()]))
    at = head.preset_positions[0, found]
    return found[(np.abs(at[:, 0]) < LIPS_WIDE) & (at[:, 1] > LIPS_LOW) & (at[:, 1] < LIPS_HIGH) & (at[:, 2] > LIPS_BACK)]
