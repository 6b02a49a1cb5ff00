"""Points by hand, for drawings, statues and animals that no landmarker knows: 24 places in a picture become all 478.

The default face's layout is bent onto the points by a thin-plate spline, and the eyes become half ellipses through their four points.
A points file is TOML: `nose = [256, 290]` in pixels from the top left corner; left and right are the face's own. With `layout = "muzzle"`
it is an animal's: 20 points do, and its mouth is a line that opens before a dark inside without teeth.
"""

import numpy as np
from scipy.interpolate import RBFInterpolator

from visavox.errors import FileError
from visavox.fields import Fields, shown
from visavox.portrait.correspondence import packaged
from visavox.portrait.landmarks import Landmarks
from visavox.portrait.layout import EYES, INNER_CORNER, IRISES, POINTS, SKIN_POINTS
from visavox.render.photo_camera import DISTANCE, PhotoCamera
from visavox.rigs.toml_text import remark, toml_fields

# Name, the landmark, and where it is. What ends in _left has its mirror image.
PLACES = {
    "eye_outer_left": (263, "the outer corner of the eye"),
    "eye_inner_left": (362, "the inner corner of the eye"),
    "upper_lid_left": (386, "the edge of the upper lid, in its middle"),
    "lower_lid_left": (374, "the edge of the lower lid, in its middle"),
    "brow_left": (334, "the middle of the brow"),
    "nose_wing_left": (358, "the side of the nostril"),
    "mouth_corner_left": (291, "where the lips meet at the side"),
    "cheek_left": (454, "the outline of the face at the height of the eye"),
    "jaw_left": (397, "the outline of the face at the height of the mouth"),
    "eye_outer_right": (33, "the same on the face's right, which is left in the picture"),
    "eye_inner_right": (133, ""),
    "upper_lid_right": (159, ""),
    "lower_lid_right": (145, ""),
    "brow_right": (105, ""),
    "nose_wing_right": (129, ""),
    "mouth_corner_right": (61, ""),
    "cheek_right": (234, ""),
    "jaw_right": (172, ""),
    "nose": (4, "the tip of the nose"),
    "upper_lip": (0, "the upper border of the upper lip, in its middle"),
    "lip_middle": (13, "where the lips meet in the middle"),
    "lower_lip": (17, "the lower border of the lower lip, in its middle"),
    "chin": (152, "the lowest point of the chin"),
    "forehead": (10, "the middle of the forehead's upper edge"),
}
IRIS = {"iris_left": 0, "iris_right": 1}  # may be left out: [x, y, radius]
SMOOTH = 0.5
INWARDS = 0.04  # of the mouth's width from its corner to the inner corner
# In an upright face the first lies to the left of, or above, the second by this share of the eyes' distance at least.
LEFT_OF = (
    ("eye_outer_right", "eye_inner_right"), ("eye_inner_right", "eye_inner_left"), ("eye_inner_left", "eye_outer_left"),
    ("mouth_corner_right", "mouth_corner_left"), ("nose_wing_right", "nose_wing_left"), ("cheek_right", "cheek_left"),
    ("jaw_right", "jaw_left"),
)  # fmt: skip
ABOVE = (
    ("upper_lid_left", "lower_lid_left"), ("upper_lid_right", "lower_lid_right"), ("brow_left", "upper_lid_left"),
    ("brow_right", "upper_lid_right"), ("forehead", "brow_left"), ("lower_lid_left", "nose"), ("nose", "upper_lip"),
    ("upper_lip", "lip_middle"), ("lip_middle", "lower_lip"), ("lower_lip", "chin"),
)  # fmt: skip
FACE, MUZZLE = LAYOUTS = "face", "muzzle"
# A muzzle has a line for lips and often no brows: what is not given lies as far from the line, and above the eyes, as these shares say.
MUZZLE_MAY_LACK = ("upper_lip", "lower_lip", "brow_left", "brow_right")
THIN_LIP, BROW_UP = 0.05, 0.8  # of the mouth's width; of the eye's height
FARTHEST = 1e6  # pixels that a number in a file may say
LEAST = 0.01  # of the eyes' distance


def read_points(text: str, where: str, size: tuple[int, int]) -> Landmarks:
    """The landmarks of the points written in `text` for a picture of `size` (height, width); a FileError names `where` and the entry."""
    advice = f"correct it, or write one with: visavox portrait landmarks PICTURE -o {where}"
    top = toml_fields(text, where, advice)
    top.only(("points", "layout"))
    layout = top.text("layout") if "layout" in top else FACE
    if layout not in LAYOUTS:
        raise FileError(f"{where} has layout {shown(layout)}; known are {' and '.join(LAYOUTS)}")
    optional = MUZZLE_MAY_LACK if layout == MUZZLE else ()
    entries = top.fields("points")
    unknown = [name for name in entries.value if name not in PLACES and name not in IRIS]
    if unknown:
        raise FileError(f"{where} has {', '.join(map(shown, unknown[:6]))}, which is no point; known are {', '.join([*PLACES, *IRIS])}")
    missing = [name for name in PLACES if name not in entries and name not in optional]
    if missing:
        raise FileError(f"{where} lacks {', '.join(missing)}; give each as [x, y] in pixels")
    given = {name: _place(entries, name, size, 2) for name in PLACES if name in entries}
    irises = {eye: _place(entries, name, size, 3) for name, eye in IRIS.items() if name in entries}
    _check_order(given, where, advice)
    if layout == MUZZLE:
        given = _muzzle(given)
    return Landmarks(completed(given, irises), by_hand=True, muzzle=layout == MUZZLE)


def _muzzle(given: dict[str, np.ndarray]) -> dict[str, np.ndarray]:
    """The `given` points of an animal and those that may be left out, in the order of PLACES."""
    right, left = given["mouth_corner_right"], given["mouth_corner_left"]
    down = np.array([right[1] - left[1], left[0] - right[0]]) * THIN_LIP
    every = {"upper_lip": given["lip_middle"] - down, "lower_lip": given["lip_middle"] + down}
    for side in ("left", "right"):
        upper, lower = given[f"upper_lid_{side}"], given[f"lower_lid_{side}"]
        every[f"brow_{side}"] = upper + BROW_UP * (upper - lower)
    every |= given
    return {name: every[name] for name in PLACES}


def points_toml(name: str, landmarks: Landmarks, found: bool) -> str:
    """A points file for the picture `name`, with the places of `landmarks`; `found`: by a landmarker, not by proportions alone."""
    lines = [
        f"# Where the face of {remark(name)} has these points, as [x, y] in pixels from the top left corner.",
        "# Left and right are the face's own: its left eye is to the right in the picture.",
        "# The places were found by a landmarker; correct what is wrong." if found else "# The places are guesses: put in each of them.",
        "# An animal: take away the mark before the next line; its lips and brows may then be left out.",
        '# layout = "muzzle"',
        "",
        "[points]",
    ]
    for point, (number, where) in PLACES.items():
        x, y = landmarks.points[number]
        lines.append(f"{point} = [{x:.1f}, {y:.1f}]" + (f"  # {where}" if where else ""))
    for iris, eye in IRIS.items():
        (x, y), radius = landmarks.iris(eye)
        lines.append(f"{iris} = [{x:.1f}, {y:.1f}, {radius:.1f}]  # its middle and radius; may be left out")
    return "\n".join(lines) + "\n"


def default_landmarks(size: tuple[int, int]) -> Landmarks:
    """The default face's landmarks in the middle of a picture of `size` (height, width), as proportions to start from."""
    height, width = size
    head, correspondence = packaged()
    focal = 3.4 * min(height, width) * DISTANCE
    camera = PhotoCamera(focal, np.array([width / 2, height * 0.45]), np.eye(3))
    points = np.zeros((POINTS, 2))
    points[:SKIN_POINTS] = camera.project(correspondence.at(head.preset_positions[0].astype(float), range(SKIN_POINTS)))[:, :2]
    for eye in range(len(EYES)):
        outline = points[list(EYES[eye])]
        points[list(IRISES[eye])] = _iris(outline.mean(0), 0.2 * np.ptp(outline[:, 0]))
    return Landmarks(points, by_hand=True)


def completed(given: dict[str, np.ndarray], irises: dict[int, np.ndarray]) -> np.ndarray:
    """All points (478, 2) of the `given` ones (2,) by name, and of `irises` (x, y, radius) by eye, 0 the face's left."""
    layout = default_landmarks((512, 512)).points
    right, left = given["mouth_corner_right"], given["mouth_corner_left"]
    inwards = (left - right) * INWARDS
    goal = [*(given[name] for name in PLACES), right + inwards, left - inwards, given["lip_middle"] + (0, 0.5)]
    start = layout[[*(number for number, _ in PLACES.values()), 78, 308, 14]]
    points = RBFInterpolator(start, np.array(goal), kernel="thin_plate_spline", degree=1, smoothing=SMOOTH)(layout)
    for eye, side in enumerate(("left", "right")):
        corners = (given[f"{name}_{side}"] for name in ("eye_outer", "eye_inner", "upper_lid", "lower_lid"))
        outline = _ellipse(*corners)
        points[list(EYES[eye])] = outline
        x, y, radius = irises.get(eye, (*outline.mean(0), 0.45 * np.ptp(outline[:, 1])))
        points[list(IRISES[eye])] = _iris(np.array([x, y]), radius)
    return points


def _ellipse(outer: np.ndarray, inner: np.ndarray, upper: np.ndarray, lower: np.ndarray) -> np.ndarray:
    """The outline (16, 2) of an eye: half ellipses from corner to corner through the middles of both lids."""
    count = 2 * INNER_CORNER
    steps = np.arange(count)
    share = np.where(steps <= INNER_CORNER, steps, count - steps)[:, None] / INNER_CORNER
    middle = (outer + inner) / 2
    bulge = np.where((steps <= INNER_CORNER)[:, None], lower - middle, upper - middle)
    return outer + (inner - outer) * share + bulge * np.sqrt(np.clip(1 - (2 * share - 1) ** 2, 0, 1))


def _iris(middle: np.ndarray, radius: float) -> np.ndarray:
    return middle + radius * np.array([[0, 0], [1, 0], [0, -1], [-1, 0], [0, 1]])


def _place(entries: Fields, name: str, size: tuple[int, int], count: int) -> np.ndarray:
    height, width = size
    place = np.array(entries.numbers(name, -FARTHEST, FARTHEST, count))
    if not (0 <= place[0] <= width and 0 <= place[1] <= height):
        stated = f"{name} at {place[:2].tolist()}"
        raise FileError(f"{entries.source} has {stated}, outside the picture of {width}x{height} pixels; {entries.advice}")
    if count == 3 and not 0.5 <= place[2] <= width:
        raise FileError(f"{entries.source} has {name} of radius {place[2]:g}; {entries.advice}")
    return place


def _check_order(given: dict[str, np.ndarray], where: str, advice: str) -> None:
    """A FileError for points that no face has: eyes that are exchanged, a nose under the mouth, two points in one place."""
    across = given["eye_outer_left"] - given["eye_outer_right"]
    eyes = float(np.linalg.norm(across))
    if eyes < 8:
        raise FileError(f"{where} has eye_outer_left and eye_outer_right {eyes:.0f} pixels apart; a face needs 8 at least: {advice}")
    down = np.array([-across[1], across[0]]) / eyes
    for pairs, way, relation in ((LEFT_OF, across / eyes, "left of"), (ABOVE, down, "above")):
        for first, second in pairs:
            if first in given and second in given and (given[second] - given[first]) @ way < LEAST * eyes:
                raise FileError(
                    f"{where} has {first} not {relation} {second}, as no face has (left and right are the face's own); {advice}"
                )
