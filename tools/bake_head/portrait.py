"""`python -m tools.bake_head.portrait --model face_landmarker.task [OUT]`: writes portrait.npz, what a portrait must know of the head.

To be run again whenever the head's mesh has changed. Nothing is placed by hand:
- where the landmarker's points lie on the head: every preset is drawn with several jaws and turns, the landmarker looks at the pictures,
  and the triangle under each point is carried to the neutral head; the geometric median of all counts, and how far they spread. The inner
  lips are looked at in open mouths alone, and each is kept on its own lip;
- which triangles of the skin can ever be seen, and which positions of the lips only show when the mouth opens;
- what belongs to the upper lip: the lips are parted in the mesh, so the shorter way over the skin tells.
"""

import sys
from argparse import ArgumentParser
from pathlib import Path
from typing import NamedTuple

import numpy as np
from scipy import sparse
from scipy.sparse.csgraph import dijkstra
from scipy.spatial import cKDTree

from visavox.portrait.correspondence import topology
from visavox.portrait.layout import LOWER_LIP, POINTS, UPPER_LIP
from visavox.render import Camera, HeadRenderer
from visavox.render.raster import Cover, cover_triangles
from visavox.render.video import packaged_appearance
from visavox.rigs.heads.default_head import Head
from visavox.style import Identity

OUT = Path(__file__).parents[2] / "src/visavox/assets/portrait.npz"
SIZE, FINE = 512, 2
JAWS = (0.0, 0.15, 0.3)
TURNS = ((0.0, 0.0), (0.2, 0.0), (-0.2, 0.0), (0.0, 0.12), (0.0, -0.12))
WIDE_TURNS = ((0.0, 0.0), (0.35, 0.0), (-0.35, 0.0), (0.0, 0.3), (0.0, -0.3))
POSES = (
    {}, {"eyeBlinkLeft": 1, "eyeBlinkRight": 1}, {"eyeWideLeft": 1, "eyeWideRight": 1}, {"jawOpen": 0.5},
    {"jawOpen": 0.25, "mouthFunnel": 0.6}, {"mouthSmileLeft": 1, "mouthSmileRight": 1, "jawOpen": 0.2},
    {"mouthUpperUpLeft": 1, "mouthUpperUpRight": 1, "mouthLowerDownLeft": 1, "mouthLowerDownRight": 1}, {"mouthPucker": 1},
    {"eyeBlinkLeft": 0.5, "eyeBlinkRight": 0.5}, {"mouthRollLower": 1, "mouthRollUpper": 1}, {"jawOpen": 0.3, "mouthFunnel": 1},
)  # fmt: skip
BESIDE = 8  # samples that a point which fell into mouth or eye may lie beside the skin
LEAST = 3  # pictures in which a point must have been seen
FOLLOWS = 0.006  # metres that teeth, gums and tongue fall with a jaw that they belong to
SURE, SURELY_FRONT, FARTHEST = (
    0.003,
    0.015,
    0.03,
)  # metres from the line of the lips, and in front, where skin is surely of one lip; and where it is asked
UPPER_MOST, LOWER_LEAST = 0.012, 0.010  # metres that the triangles of upper and lower inner lips fall at most and at least
CORNERS = (UPPER_LIP[0], UPPER_LIP[-1])


class Seen(NamedTuple):
    """One picture: its head as positions, what each sample shows, and where the landmarker's points lie in samples."""

    jaw: float
    positions: np.ndarray
    screen: np.ndarray
    item: np.ndarray
    points: np.ndarray


def main() -> None:
    """Looks, and writes the asset."""
    parser = ArgumentParser(description=__doc__)
    parser.add_argument("out", nargs="?", type=Path, default=OUT)
    parser.add_argument("--model", required=True)
    options = parser.parse_args()
    from visavox.track.landmarker import load_landmarker

    head = Head.default()
    finder = load_landmarker(options.model)
    filled = head.face_group != head.groups.index("lashes")
    faces = np.ascontiguousarray(head.position_index[head.faces[filled]].astype(np.int32))
    skin = head.face_group[filled] == head.groups.index("skin")
    corners, shares, spread = correspondence(head, faces, skin, pictures(head, faces, finder))
    seen, at_rest = visible(head, faces)
    lines = lip_lines(head, corners, shares)
    tells = _lips(head, faces, skin, seen, at_rest)
    upper = upper_lip(head, lines, faces[skin])
    mouth = _mouth_box(head)[faces].all(1)  # what can only be seen in mouths that no pose above makes
    vertices = np.zeros(len(head.head_weight), bool)
    vertices[np.unique(faces[skin & seen])] = True
    kept = skin & (vertices[faces].all(1) | mouth)
    np.savez_compressed(
        options.out, topology=np.array(topology(head)), corners=corners.astype(np.uint16), shares=shares.astype(np.float32),
        spread=spread.astype(np.float32), seen=np.packbits(kept[skin]), upper=np.packbits(upper),
        inner=np.flatnonzero(tells[0]).astype(np.uint16),
    )  # fmt: skip
    said = f"{kept.sum()} triangles, {tells[0].sum()} positions of inner lips, points spread over {np.median(spread) * 1e3:.1f} mm"
    print(f"wrote {options.out.name}: {said}")


def _values(head: Head, pose: dict[str, float]) -> np.ndarray:
    values = np.zeros((1, len(head.rig)), np.float32)
    for name, value in pose.items():
        values[0, head.rig.index(name)] = value
    return values


def _covered(positions: np.ndarray, faces: np.ndarray, camera: Camera) -> tuple[np.ndarray, np.ndarray]:
    """Where the positions lie in samples (V, 2), and the triangle that each sample (H, W) shows."""
    screen = camera.project(positions, FINE)
    cover = Cover.empty(camera.size * FINE)
    cover_triangles(screen, faces, cover, 0)
    return np.stack([screen.x, screen.y], 1), cover.item


def pictures(head: Head, faces: np.ndarray, finder) -> list[Seen]:
    """What the landmarker finds in pictures of every preset."""
    from visavox.motion import Motion

    found = []
    for preset in head.presets:
        identity = Identity(preset)
        camera = Camera.portrait(head, identity, SIZE)
        renderer = HeadRenderer(head, identity, packaged_appearance(identity), camera, 1)
        for jaw in JAWS:
            for yaw, pitch in TURNS:
                values = _values(head, {"jawOpen": jaw, "headYaw": yaw, "headPitch": pitch})
                picture = next(iter(renderer.frames(Motion(values, 25, head.rig))))
                positions = head.vertices(values, identity)[0]
                looked = finder.detect(picture)
                if looked:
                    found.append(Seen(jaw, positions, *_covered(positions, faces, camera), (looked[0].points[:, :2] + 0.5) * FINE))
        print(f"{preset}: {len(found)} pictures", file=sys.stderr)
    return found


def correspondence(head: Head, faces: np.ndarray, skin: np.ndarray, found: list[Seen]) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """The triangle's corners (478, 3), shares (478, 3) and spread (478,) in metres of every point on the neutral head."""
    rest = head.preset_positions[0].astype(float)
    hits: list[list[np.ndarray]] = [[] for _ in range(POINTS)]
    for seen in found:
        for point, place in _hits(rest, faces, skin, seen):
            inner = point in (*UPPER_LIP, *LOWER_LIP)
            if (seen.jaw >= JAWS[1]) if inner else seen.jaw == 0:
                hits[point].append(place)
    few = [point for point, places in enumerate(hits) if len(places) < LEAST]
    if few:
        raise SystemExit(f"points {few} were seen in fewer than {LEAST} pictures")
    triangles = faces[skin]
    near = cKDTree(rest[triangles].mean(1))
    falls = -head.shapes[head.shape_names.index("jawOpen"), :, 1]
    corners, shares, spread = np.zeros((POINTS, 3), int), np.zeros((POINTS, 3)), np.zeros(POINTS)
    for point, places in enumerate(hits):
        middle, spread[point] = _median(np.array(places))
        candidates = triangles[near.query_ball_point(middle, 0.012)]
        if point in UPPER_LIP and point not in CORNERS:
            candidates = candidates[falls[candidates].max(1) < UPPER_MOST]
        if point in LOWER_LIP and point not in CORNERS:
            candidates = candidates[falls[candidates].min(1) > LOWER_LEAST]
        corners[point], shares[point] = _closest(middle, rest, candidates)
    return corners, shares, spread


def _hits(rest: np.ndarray, faces: np.ndarray, skin: np.ndarray, seen: Seen):
    """(point, place on the neutral head) for each point that lies on the skin, or close beside it."""
    vertices = np.unique(faces[skin])
    front = vertices[seen.positions[vertices, 2] > -0.02]
    tree = cKDTree(seen.screen[front])
    size = seen.item.shape[0]
    for point, place in enumerate(seen.points):
        column, row = np.clip(place.astype(int), 0, size - 1)
        item = seen.item[row, column]
        if item >= 0 and skin[item]:
            corners = faces[item]
            system = np.vstack([seen.screen[corners].T, np.ones(3)])
            yield point, np.linalg.solve(system, [*place, 1]) @ rest[corners]
            continue
        away, nearest = tree.query(place, k=4)
        if away[0] < BESIDE:  # the one nearest to the viewer of the four
            yield point, rest[front[nearest[np.argmax(seen.positions[front[nearest], 2] - away * 1e-3)]]]


def _median(places: np.ndarray) -> tuple[np.ndarray, float]:
    """The geometric median (3,) of places (n, 3), and the median distance from it. Source: Weiszfeld 1937."""
    middle = np.median(places, 0)
    for _ in range(8):
        weights = 1 / np.maximum(np.linalg.norm(places - middle, axis=1), 1e-4)
        middle = weights @ places / weights.sum()
    return middle, float(np.median(np.linalg.norm(places - middle, axis=1)))


def _closest(point: np.ndarray, rest: np.ndarray, triangles: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """The triangle (3,) whose plane, within its borders, comes closest to a point, and the shares (3,) there."""
    a, b, c = (rest[triangles[:, corner]] for corner in range(3))
    ab, ac, ap = b - a, c - a, point - a
    d1, d2, aa, cc, across = ((p * q).sum(1) for p, q in ((ab, ap), (ac, ap), (ab, ab), (ac, ac), (ab, ac)))
    area = np.maximum(aa * cc - across**2, 1e-18)
    second, third = np.clip((cc * d1 - across * d2) / area, 0, 1), np.clip((aa * d2 - across * d1) / area, 0, 1)
    total = np.maximum(second + third, 1)
    second, third = second / total, third / total
    best = np.linalg.norm(a + ab * second[:, None] + ac * third[:, None] - point, axis=1).argmin()
    return triangles[best], np.array([1 - second[best] - third[best], second[best], third[best]])


def visible(head: Head, faces: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Which triangles (F,) are seen in any of POSES and WIDE_TURNS, and which at rest from the front."""
    identity = Identity()
    camera = Camera.portrait(head, identity, 1024)
    seen, at_rest = np.zeros(len(faces), bool), np.zeros(len(faces), bool)
    for number, pose in enumerate(POSES):
        for yaw, pitch in WIDE_TURNS:
            positions = head.vertices(_values(head, pose | {"headYaw": yaw, "headPitch": pitch}), identity)[0]
            shown = np.unique(_covered(positions, faces, camera)[1])
            seen[shown[shown >= 0]] = True
            if number == 0 and yaw == pitch == 0:
                at_rest[shown[shown >= 0]] = True
    return seen, at_rest


def _mouth_box(head: Head) -> np.ndarray:
    x, y, z = head.preset_positions[0].T
    return (np.abs(x) < 0.030) & (y < -0.058) & (y > -0.095) & (z > 0.010)


def _lips(head: Head, faces: np.ndarray, skin: np.ndarray, seen: np.ndarray, at_rest: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Which positions (V,) are the insides of the lips, and which of the lips are seen at rest."""
    x, y, z = head.preset_positions[0].T
    box = (np.abs(x) < 0.027) & (y < -0.062) & (y > -0.09) & (z > 0.012)
    hidden, shown = np.zeros(len(x), bool), np.zeros(len(x), bool)
    hidden[np.unique(faces[skin & seen & ~at_rest])] = True
    shown[np.unique(faces[skin & at_rest])] = True
    return box & hidden, box & shown


def lip_lines(head: Head, corners: np.ndarray, shares: np.ndarray) -> np.ndarray:
    """The height (V,) of the line between the lips beside every position."""
    rest = head.preset_positions[0].astype(float)
    line = (shares[list(LOWER_LIP)][..., None] * rest[corners[list(LOWER_LIP)]]).sum(1)
    return np.interp(rest[:, 0], line[:, 0], line[:, 1] + np.r_[0, np.full(9, 0.0002), 0])


def upper_lip(head: Head, lines: np.ndarray, skin: np.ndarray) -> np.ndarray:
    """What (V,) belongs to the upper lip, `skin` being the triangles (n, 3) of the skin.

    The lips are parted in the mesh, so skin belongs to the lip from which the way over the skin is shorter; the rest to the jaw or not.
    """
    rest = head.preset_positions[0].astype(float)
    above = rest[:, 1] - lines
    used = np.zeros(len(rest), bool)
    used[np.unique(skin)] = True
    edges = np.concatenate([skin[:, [0, 1]], skin[:, [1, 2]], skin[:, [2, 0]]])
    long = np.linalg.norm(rest[edges[:, 0]] - rest[edges[:, 1]], axis=1)
    mesh = sparse.csr_matrix((long, edges.T), shape=(len(rest),) * 2)
    lip = used & (rest[:, 2] > SURELY_FRONT)
    ways = [dijkstra(mesh, directed=False, indices=np.flatnonzero(lip & sure), min_only=True) for sure in (above > SURE, above < -SURE)]
    falls = -head.shapes[head.shape_names.index("jawOpen"), :, 1]
    known = used & np.isfinite(ways).all(0) & (np.abs(above) < FARTHEST)
    return np.where(known, ways[0] < ways[1], np.where(used, above > 0, falls < FOLLOWS))


if __name__ == "__main__":
    main()
