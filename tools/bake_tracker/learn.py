"""From what the landmarker saw of our own heads to the solver: canonical face, components, network, turns, lip gap.

The network reads how the points on the canonical face differ from the clip's resting face, distances of lips and lids, and the raw
scores, and answers the channels. Everything is learned on the clips that it is given; which heads those are is the caller's choice.
"""

from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
import torch
from scipy.spatial.transform import Rotation
from tools.bake_tracker.lips import Mouths, learned, mouths_of
from tools.bake_tracker.scenes import between

from visavox.motion import Motion
from visavox.rigs.arkit import ARKIT, SHAPES
from visavox.rigs.heads.default_head import Head
from visavox.rigs.heads.lip_measures import EYE_LEFT, EYE_RIGHT, LOWER, UPPER, lip_gap, lip_maps
from visavox.rigs.heads.rotations import head_angles
from visavox.style import Identity
from visavox.track.alignment import aligned, eye_distance, upright
from visavox.track.contact import without_bias
from visavox.track.mouth_picture import COLUMNS, ROWS
from visavox.track.solver import (
    DISTANCES,
    LIPS,
    Readings,
    calm_frames,
    distances_of,
    features_of,
    rest_of,
    scores_only,
    turn_features_of,
)

COMPONENTS, WIDTH, ROUNDS = 64, 128, 4000
KNOTS = 24  # of the table of lip gaps
DROPPED, SHAKEN = 0.2, 0.1  # of the hidden units; noise on the inputs


@dataclass(frozen=True, eq=False)
class Seen:
    """One clip: points (T, 478, 3) and scores (T, 52) of the landmarker, the true values (T, C), whose head it is, of a preset that was
    moved towards an `other` by a share, and the camera: the pixels of a picture's side, the angle of view in degrees, its place in metres.
    """

    points: np.ndarray
    scores: np.ndarray
    values: np.ndarray
    identity: Identity
    size: int
    view: float
    other: tuple[str, float] = ("neutral", 0.0)
    position: tuple[float, float, float] = (0.0, 0.0, 0.0)
    mouths: np.ndarray | None = None  # (T, ROWS, COLUMNS, 3), zeros where none was drawn; None: none at all

    def heads(self) -> set[str]:
        """The presets that it shows something of."""
        return {self.identity.name} | ({self.other[0]} if self.other[1] else set())

    def gap(self, head: Head) -> np.ndarray:
        """The lip gap (T,) that its motion gives its head."""
        return lip_gap(between(head, self.identity.name, self.other), Motion(self.values, 25, ARKIT), self.identity)

    def visible_gap(self, head: Head) -> np.ndarray:
        """The lip gap (T,) that its pictures show: some builds hold the lips apart at rest, or press them, where the presets just shut
        them."""
        moved = between(head, self.identity.name, self.other)
        built, usual = (moved.neutral(who)[moved.lip_points][:, 1] for who in (self.identity, Identity(self.identity.name)))
        rest, maps = lip_maps(moved, self.identity)
        opened = moved.shape_weights(self.values) @ (maps[:, UPPER, 1] - maps[:, LOWER, 1])
        apart = (built[UPPER] - built[LOWER]) - (usual[UPPER] - usual[LOWER])
        return (opened + apart).clip(0) / np.linalg.norm(rest[EYE_LEFT] - rest[EYE_RIGHT])

    def with_mouths(self) -> "Seen":
        """The frames of which the mouth was drawn; none where none were."""
        drawn = np.zeros(len(self.points), bool) if self.mouths is None else self.mouths.any((1, 2, 3))
        mouths = np.zeros((0, ROWS, COLUMNS, 3), np.uint8) if self.mouths is None else self.mouths[drawn]
        return replace(self, points=self.points[drawn], scores=self.scores[drawn], values=self.values[drawn], mouths=mouths)

    @property
    def focal(self) -> float:
        """The focal length in pixels."""
        return float(0.5 * self.size / np.tan(np.radians(self.view) / 2))

    @property
    def sight(self) -> Rotation:
        """How a head that looks straight out of the picture looks to the camera, for it is not in the middle: 0 looks into the camera."""
        right, down = self.points[..., :2].mean((0, 1)) - 0.5 * self.size
        return Rotation.from_euler("YX", np.arctan2([right, down], self.focal))


def read_clips(paths: list[Path]) -> list[Seen]:
    """The clips of files that `renders.seen` wrote, without the frames in which no face was found."""
    found = []
    for path in paths:
        with np.load(path, allow_pickle=False) as kept:
            ok = np.isfinite(kept["points"][:, 0, 0])
            face = Identity(str(kept["preset"]), kept["identity"])
            camera = int(kept["size"]), float(kept["view"])
            other = (str(kept["other"]), float(kept["share"])) if "other" in kept else (face.name, 0.0)
            seen = Seen(kept["points"][ok], kept["scores"][ok], kept["values"][ok], face, *camera, other, tuple(kept["position"]))
        if mouths_of(path).exists():
            with np.load(mouths_of(path), allow_pickle=False) as kept:
                seen = replace(seen, mouths=kept["mouths"][ok])
        found.append(seen)
    return [clip for clip in found if len(clip.values) > 20]


def canonical_face(clips: list[Seen]) -> np.ndarray:
    """The mean face (478, 3) of aligned points, in units of the distance of its outer eye corners, looking straight ahead."""
    first = upright(clips[0].points[0])
    face = (first - first.mean(0)) / eye_distance(first)
    for _ in range(3):
        face = np.mean([aligned(points, face)[0] for clip in clips for points in clip.points[::8]], axis=0)
        face = (face - face.mean(0)) / eye_distance(face)
    turned = [left_over(clip, Rotation.from_matrix([aligned(points, face)[1].rotation for points in clip.points])).mean() for clip in clips]
    return face @ Rotation.concatenate(turned).mean().as_matrix()


def read_points(clip: Seen, canonical: np.ndarray, basis: np.ndarray, spread: np.ndarray) -> tuple[Readings, Rotation]:
    """The readings of a clip, of nothing where its mouths were not drawn, and the rotations of its alignment."""
    mouths = np.zeros((len(clip.points), ROWS, COLUMNS, 3), np.uint8) if clip.mouths is None else clip.mouths
    pairs = [aligned(points, canonical) for points in clip.points]
    straight = np.stack([points for points, _ in pairs])
    components = (straight.reshape(len(straight), -1) - canonical.ravel()) @ basis.T / spread
    distances = np.stack([distances_of(points) for points in straight])
    turns = Rotation.from_matrix(np.stack([pose.rotation for _, pose in pairs]))
    return Readings(components.astype(np.float32), distances, clip.scores, turns.as_rotvec(), mouths), turns


def learn(clips: list[Seen], head: Head, seed: int = 0) -> dict[str, np.ndarray]:
    """The arrays of `visavox.track.solver.Solver`."""
    canonical = canonical_face(clips)
    flat = np.concatenate([[aligned(points, canonical)[0].ravel() for points in clip.points[::3]] for clip in clips])
    _, scale, directions = np.linalg.svd(flat - canonical.ravel(), full_matrices=False)
    basis = directions[:COMPONENTS].astype(np.float16).astype(np.float32)
    spread = scale[:COMPONENTS] / np.sqrt(len(flat))
    read = [read_points(clip, canonical, basis, spread) for clip in clips]
    inputs = np.concatenate([features_of(readings, rest_of(readings, calm_frames(readings.scores))) for readings, _ in read])
    middle, width = inputs.mean(0), inputs.std(0) + 1e-3
    arrays = {"canonical": canonical, "basis": basis, "spread": spread, "input_mean": middle, "input_scale": width}
    targets = np.concatenate([clip.values[:, ARKIT.indices(SHAPES)] for clip in clips])
    arrays |= _network((inputs - middle) / width, targets, _gap_rows(clips, head), seed)
    arrays |= _turns(clips, read)
    arrays["gap"] = _gap_table(clips, read, head)
    arrays |= {LIPS + name: values for name, values in _lips(clips, head, canonical, seed).items()}
    arrays["presets"] = _resting_presets(clips, read, head, (canonical, basis * spread[:, None]))
    arrays["score_map"] = _ridge(np.concatenate([scores_only(clip.scores) for clip in clips]), targets, 100.0)
    return {name: np.asarray(values, np.float32) for name, values in arrays.items()}


def _resting_presets(clips: list[Seen], read: list, head: Head, space: tuple[np.ndarray, np.ndarray]) -> np.ndarray:
    """The mean resting points (P, 478, 3) of each preset as the landmarker sees them; `space` is the canonical face, which stands for a
    preset of which there is no clip, and the directions of the components."""
    canonical, directions = space
    found = np.repeat(canonical[None], len(head.presets), axis=0)
    for place, preset in enumerate(head.presets):
        pairs = [pair for pair, clip in zip(read, clips, strict=True) if clip.heads() == {preset}]
        if pairs:
            mean = np.mean([readings.components[calm_frames(readings.scores)].mean(0) for readings, _ in pairs], axis=0)
            found[place] = canonical + (mean @ directions).reshape(canonical.shape)
    return found


def _gap_table(clips: list[Seen], read: list, head: Head) -> np.ndarray:
    """The median true lip gap for that of the landmarks less a clip's bias, (2, N), rising, from nothing to nothing on."""
    seen = np.concatenate([without_bias(readings.distances[:, DISTANCES.index((13, 14))]) for readings, _ in read])
    true = np.concatenate([clip.gap(head) for clip in clips])
    order = np.argsort(seen)
    parts = np.array_split(order, KNOTS)
    table = np.array([[np.median(seen[part]), np.median(true[part])] for part in parts]).T
    table = np.concatenate([[[0], [0]], table[:, table[0] > 1e-3]], axis=1)  # the least of a clip's gaps stand for shut lips
    return np.maximum.accumulate(table, axis=1)


def left_over(clip: Seen, turns: Rotation) -> Rotation:
    """What the alignment's turns leave of the true rotation, in the head's axes; 0 looks into the camera."""
    truth = Rotation.from_euler("YXZ", head_angles(Motion(clip.values, 25, ARKIT)))
    return turns.inv() * clip.sight * truth


def _turns(clips: list[Seen], read: list) -> dict[str, np.ndarray]:
    """The linear map to what the alignment leaves of what changes from frame to frame."""
    calm = [calm_frames(readings.scores) for readings, _ in read]
    left = [left_over(clip, turns) for clip, (_, turns) in zip(clips, read, strict=True)]
    change = np.concatenate([(each.mean().inv() * each).as_rotvec() for each in left])
    inputs = np.concatenate([turn_features_of(readings, rest_of(readings, here)) for (readings, _), here in zip(read, calm, strict=True)])
    middle, width = inputs.mean(0), inputs.std(0) + 1e-3
    return {"turn_mean": middle, "turn_scale": width, "turn": _ridge((inputs - middle) / width, change, 300.0)}


def _gap_rows(clips: list[Seen], head: Head) -> np.ndarray:
    """For each frame what each shape adds to the lip gap of its head (T, 52), over the eye distance."""
    rows = []
    for clip in clips:
        rest, maps = lip_maps(between(head, clip.identity.name, clip.other), clip.identity)
        row = (maps[:, UPPER, 1] - maps[:, LOWER, 1]) / np.linalg.norm(rest[EYE_LEFT] - rest[EYE_RIGHT])
        order = [head.shape_names.index(name) for name in SHAPES]
        rows.append(np.repeat(row[None, order], len(clip.values), axis=0))
    return np.concatenate(rows)


def _ridge(inputs: np.ndarray, targets: np.ndarray, strength: float) -> np.ndarray:
    """The linear map ((I + 1), K) with a last row of offsets."""
    full = np.concatenate([inputs, np.ones((len(inputs), 1))], axis=1)
    penalty = np.eye(full.shape[1]) * strength
    penalty[-1, -1] = 0
    return np.linalg.solve(full.T @ full + penalty, full.T @ targets)


def _network(inputs: np.ndarray, targets: np.ndarray, gaps: np.ndarray, seed: int) -> dict[str, np.ndarray]:
    """Two hidden layers; the loss is the channels' error and, heavier, the error of the lip gap that they make."""
    wanted, rows = (torch.tensor(values, dtype=torch.float32) for values in (targets, gaps))
    scale = 1 / (wanted.std(0) + 0.08)

    def loss(said: torch.Tensor, batch: torch.Tensor) -> torch.Tensor:
        error = said - wanted[batch]
        return (error * scale).square().mean() + 60 * (error * rows[batch]).sum(1).square().mean()

    torch.manual_seed(seed)
    layers = [torch.nn.Linear(inputs.shape[1], WIDTH), torch.nn.Linear(WIDTH, WIDTH), torch.nn.Linear(WIDTH, targets.shape[1])]
    return _trained(layers, inputs, loss, ROUNDS)


def _lips(clips: list[Seen], head: Head, canonical: np.ndarray, seed: int) -> dict[str, np.ndarray]:
    """The network that sees the lip gap in the picture of a mouth."""
    seen = [clip for clip in (clip.with_mouths() for clip in clips) if len(clip.points)]
    shown = [[distances_of(aligned(points, canonical)[0])[DISTANCES.index((13, 14))] for points in clip.points] for clip in seen]
    return learned([Mouths(clip.mouths, clip.visible_gap(head), np.array(gaps)) for clip, gaps in zip(seen, shown, strict=True)], seed)


def _trained(layers: list, inputs: np.ndarray, loss, rounds: int) -> dict[str, np.ndarray]:
    """The weights of three layers after so many rounds of `loss(said, batch)`."""
    inner = [torch.nn.SiLU(), torch.nn.Dropout(DROPPED)]
    network = torch.nn.Sequential(layers[0], *inner, layers[1], *inner, layers[2])
    given = torch.tensor(inputs, dtype=torch.float32)
    adam = torch.optim.AdamW(network.parameters(), 2e-3, weight_decay=0.05)
    pace = torch.optim.lr_scheduler.OneCycleLR(adam, 4e-3, rounds)
    for _ in range(rounds):
        batch = torch.randint(0, len(given), (256,))
        said = network(given[batch] + SHAKEN * torch.randn(256, given.shape[1]))
        adam.zero_grad()
        loss(said, batch).backward()
        adam.step()
        pace.step()
    named = zip(("first", "second", "last"), layers, strict=True)
    return {
        f"{name}_{part}": values.detach().numpy()
        for name, layer in named
        for part, values in (("weight", layer.weight), ("bias", layer.bias))
    }
