"""The face mesh: the skin inside the oval, each vertex with its place in the photo. What the photo hides looks at the rim before it."""

from dataclasses import dataclass

import numpy as np
from scipy.spatial import cKDTree

from visavox.easing import smooth_step
from visavox.portrait.correspondence import Correspondence
from visavox.portrait.landmarks import Landmarks
from visavox.portrait.layout import EYES, LOWER_LIP, OUTER_LIPS, OUTER_LOWER, OUTER_UPPER, UPPER_LIP
from visavox.portrait.planar import depth_inside, height_along, nearest_on, vertex_normals
from visavox.portrait.rest import Rest
from visavox.render.photo_camera import DISTANCE
from visavox.rigs.heads.default_head import Head

FEATHER = 8.0  # pixels at 512 over which the face and what is around it pass into each other
BEHIND = -0.07  # metres: skin behind this is not drawn as the face
FLAT, STEEP = 0.45, 0.15  # how much a normal at the rim must face the viewer to be drawn as the face, and at all
NEAR_LIPS = 0.05  # of the eyes' distance round the lips in which skin is opaque however it is turned; as far again until it is as usual
MIRRORED = 0.45  # of the way behind the line of a lip, at which the photo of that lip is shown
LIP_RIM, LIP_RIM_OPEN = 0.5, 0.022  # how far from its edge a lip is shown at least: pixels at 512; of the eyes' distance if teeth show
OFF_TEETH, FULL_LIP = 0.6, 0.7  # of the way past its edge at which a lip mirrors itself instead of teeth, and of its thickness at most
EDGE_OF_FUR = 0.0015  # metres behind the line of a muzzle's mouth from which all lies in the dark
DARK_FROM, DARK_OVER = 0.001, 0.005  # metres behind the line of the lips, where the light begins to fade and over which it does
CONTACT, CONTACT_DARK = 0.0023, 0.42  # metres of lip that touching lips shade on either side of their line, and how much there

CORNERS, CORNERS_FROM, CORNERS_OVER = 0.6, 0.010, 0.012  # of that shade the corners lack, which are dark in themselves; metres aside


@dataclass(frozen=True, eq=False)
class FaceMesh:
    """vertices (n,) of the head; triangles (F, 3) over these n; uv (n, 2) pixels of the photo at rest; alpha (n,) from 0, where what is
    around shows, to 1; behind (n,) from 0 to 1, how far a vertex lies behind the line of the lips; contact (n,) how much light the other
    lip takes from a vertex when they shut, which a photo of a closed mouth shows already; eyes: per eye the vertices inside its
    opening (m,), and the pixels (m, 2) to the skin around it, which they show as soon as the lid falls.
    """

    vertices: np.ndarray
    triangles: np.ndarray
    uv: np.ndarray
    alpha: np.ndarray
    behind: np.ndarray
    contact: np.ndarray
    eyes: tuple[tuple[np.ndarray, np.ndarray], ...]


def face_mesh(head: Head, correspondence: Correspondence, landmarks: Landmarks, rest: Rest, camera, unit: float) -> FaceMesh:
    """The face mesh of a photo; `camera` is the fitted PhotoCamera."""
    skin = correspondence.skin
    places = camera.project(rest.shown)[:, :2]
    alpha, drawn = _alpha(head, skin, landmarks, camera.seen(rest.shown), places, unit)
    triangles = skin[drawn[skin].all(1)]
    vertices = np.unique(triangles)
    index = np.full(len(drawn), -1)
    index[vertices] = np.arange(len(vertices))
    lips = _Lips(head, correspondence, places, vertices)
    uv, behind = lips.shown(landmarks, camera.focal / DISTANCE * rest.size, unit)
    contact = np.zeros(len(places)) if landmarks.closed else lips.contact()
    eyes = tuple(_inside_eye(landmarks.eye(eye), places, uv, vertices, unit) for eye in range(len(EYES)))
    return FaceMesh(
        vertices, index[triangles].astype(np.int32), uv[vertices], alpha[vertices], behind[vertices], contact[vertices],
        tuple((index[inside], moves) for inside, moves in eyes),
    )  # fmt: skip


def _alpha(head: Head, skin: np.ndarray, landmarks: Landmarks, seen: np.ndarray, places: np.ndarray, unit: float):
    """How opaque (V,) each vertex is, and whether (V,) it is drawn at all."""
    used = np.unique(skin)
    depth = depth_inside(landmarks.oval, places[used]) / unit
    facing = vertex_normals(seen, skin)[used, 2]
    alpha, rim = smooth_step((depth - 1) / FEATHER), smooth_step((depth - 1) / (2.5 * FEATHER))
    level = smooth_step((facing - STEEP) / (FLAT - STEEP))
    alpha = np.where(rim < 1, np.minimum(alpha, np.maximum(level, rim)), alpha)
    beside_lips = -depth_inside(landmarks.points[list(OUTER_LIPS)], places[used]) / landmarks.eyes
    alpha = np.maximum(alpha, 1 - smooth_step(beside_lips / NEAR_LIPS - 1))
    whole, drawn = np.zeros(len(places)), np.zeros(len(places), bool)
    whole[used] = alpha
    drawn[used] = (depth > -1) & (head.preset_positions[0, used, 2] > BEHIND) & (alpha > 0)
    return whole, drawn


class _Lips:
    """Where the vertices of the lips lie in the photo: what is hidden behind their line mirrors what is before it."""

    def __init__(self, head: Head, correspondence: Correspondence, places: np.ndarray, vertices: np.ndarray):
        self.rest, self.upper, self.places = head.preset_positions[0].astype(float), correspondence.upper, places
        drawn = np.zeros(len(places), bool)
        drawn[vertices] = True
        self.inner = correspondence.inner[drawn[correspondence.inner]]
        x, y, z = self.rest.T
        seen = (np.abs(x) < 0.03) & (y < -0.055) & (y > -0.10) & (z > 0.01) & drawn
        seen[self.inner] = False
        self.seen = np.flatnonzero(seen)

    def shown(self, landmarks: Landmarks, pixels: float, unit: float) -> tuple[np.ndarray, np.ndarray]:
        """The photo's pixel (V, 2) of every vertex, and how far behind the lips (V,) it lies; `pixels` a metre."""
        uv, behind = self.places.copy(), np.zeros(len(self.places))
        if landmarks.muzzle:  # a line without lips: shut, it is the photo itself
            deep, _ = cKDTree(self.rest[self.seen]).query(self.rest[self.inner])
            behind[self.inner] = smooth_step(deep / EDGE_OF_FUR)
            return uv, behind
        rim = LIP_RIM * unit if landmarks.closed else LIP_RIM_OPEN * landmarks.eyes
        for upper, line, way in ((True, UPPER_LIP, -1.0), (False, LOWER_LIP, 1.0)):
            curve = landmarks.points[list(line)]
            hidden = self.inner[self.upper[self.inner] == upper]
            seen = self.seen[self.upper[self.seen] == upper]
            self._hidden(hidden, seen, (curve, way), (rim, pixels), (uv, behind))
            self._crossing(seen, (curve, way), (rim + 0.2 * unit, landmarks.eyes, unit), uv)
            if not landmarks.closed:
                self._off_teeth(np.union1d(hidden, seen), landmarks, (curve, way * rim), uv)
        return uv, behind

    def contact(self) -> np.ndarray:
        """How much light (V,) lips that touch take from one another: most on their line, behind it all of that."""
        dark = np.zeros(len(self.places))
        away, _ = cKDTree(self.rest[self.inner]).query(self.rest[self.seen])
        dark[self.seen], dark[self.inner] = np.exp(-np.square(away / CONTACT)), 1
        return CONTACT_DARK * dark * (1 - CORNERS * smooth_step((np.abs(self.rest[:, 0]) - CORNERS_FROM) / CORNERS_OVER))

    def _off_teeth(self, lip, landmarks: Landmarks, side, uv) -> None:
        """What of a lip would show what lies between the lips, such as the teeth of a smile, mirrors that lip at its edge."""
        curve, rim = side
        outer = landmarks.points[list(OUTER_UPPER if rim < 0 else OUTER_LOWER)]
        opening = landmarks.points[[*UPPER_LIP, *LOWER_LIP[::-1]]]
        near = lip[np.abs(uv[lip, 0] - opening[:, 0].mean()) < 0.6 * np.ptp(opening[:, 0])]
        beyond = depth_inside(opening, uv[near]) + 0.9 * abs(rim)
        on_teeth, beyond = near[beyond > 0], beyond[beyond > 0]
        edge, _ = nearest_on(curve, uv[on_teeth], closed=False)
        thick = np.abs(height_along(outer, edge[:, 0]) - edge[:, 1])
        deep = np.minimum(abs(rim) + OFF_TEETH * beyond, np.maximum(FULL_LIP * thick, abs(rim)))
        uv[on_teeth] = edge + np.stack([np.zeros_like(deep), np.sign(rim) * deep], 1)

    def _hidden(self, hidden, seen, side, measures, into) -> None:
        (curve, way), (rim, pixels), (uv, behind) = side, measures, into
        deep, _ = cKDTree(self.rest[seen]).query(self.rest[hidden])
        edge, _ = nearest_on(curve, self.places[hidden], closed=False)
        half, middle = np.ptp(curve[:, 0]) / 2, curve[:, 0].mean()
        window = smooth_step((1 - np.abs(self.places[hidden, 0] - middle) / half) / 0.25)
        into_lip = way * (rim * np.maximum(window, 0.6) + MIRRORED * pixels * deep * window)
        uv[hidden] = np.where(window[:, None] > 0, edge + np.stack([np.zeros_like(into_lip), into_lip], 1), uv[hidden])
        behind[hidden] = smooth_step((deep - DARK_FROM) / DARK_OVER) * window

    def _crossing(self, seen, side, measures, uv) -> None:
        """What should be seen but lies beyond its line is put on its own lip."""
        (curve, way), (rim, eyes, unit) = side, measures
        edge, _ = nearest_on(curve, self.places[seen], closed=False)
        over = (self.places[seen, 1] - edge[:, 1]) * way
        wrong = (np.abs(self.places[seen, 0] - curve[:, 0].mean()) < np.ptp(curve[:, 0]) / 2) & (over < rim) & (over > -0.05 * eyes)
        uv[seen[wrong], 1] = edge[wrong, 1] + way * (rim + 0.3 * np.clip(-over[wrong], 0, 5 * unit))


def _inside_eye(outline: np.ndarray, places: np.ndarray, uv: np.ndarray, vertices: np.ndarray, unit: float):
    """The vertices that lie inside the opening of an eye, and the way (m, 2) from there to the skin just outside it."""
    middle = outline.mean(0)
    near = vertices[np.linalg.norm(places[vertices] - middle, axis=1) < 0.6 * np.ptp(outline[:, 0])]
    inside = near[depth_inside(outline, places[near]) > -0.8 * unit]
    edge, _ = nearest_on(outline, places[inside])
    out = edge - middle
    out /= np.maximum(np.linalg.norm(out, axis=1), 1e-9)[:, None]
    out[:, 0] *= 0.3
    return inside, edge + out * unit - uv[inside]
