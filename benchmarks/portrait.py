"""`python benchmarks/portrait.py PHOTO ... --model face_landmarker.task [--motion FILE.npz]`: what photos that speak are worth, as JSON.

Each photo is drawn with a motion, and the landmarker looks at every second frame as at a picture of its own. For each photo:
- gap, width, lids, yaw, pitch, roll: [r, slope] of what was tracked over what drove it; gap_beside_turns, width_beside_turns: the same
  without what the turns of the head explain of either, which foreshorten a picture; closed_p90: the tracked gap where the lips shall
  be shut (driving gap < .005), 90th percentile; found: share of frames with a face;
- rest_psnr: the face at rest over the photo, dB; rest_shape: median distance of their landmarks in pixels;
- outside: bytes outside the box that changed in any frame; flicker: the change from frame to frame, in grey levels, where by the geometry
  nothing moves while the head does: mean of the worst pair of frames; flicker_share: how much of the picture that is;
- width_drawn: the width again, as the painter's map says that it was drawn, so without the tracker's noise; gap_drawn: the gap again, by
  how many samples show the inside of the mouth where it is open widest;
- mouth_shows, eye_shows: samples (four a pixel) that show an inside through shut lips or lids, from the front and at 20 degrees;
- setup_s, cpu_ms_512, cpu_ms_1024: one thread, landmarks and encoding apart.
`--own` draws two of our own heads as photos, for which the truth of every frame is known: own_px, own_psnr of the face, and
true_gap, true_width, true_lids: what the landmarker makes of the truth itself, the most that a portrait can be asked for.
"""

import argparse
import json
import os
import time
from pathlib import Path

os.environ.setdefault("OMP_NUM_THREADS", "1")
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")

import numpy as np
from scipy.spatial.transform import Rotation

RIGID = [10, 67, 297, 33, 133, 362, 263, 168, 6, 197, 195, 5, 4, 127, 356, 9, 151]  # landmarks that move with the skull
SHUT_EYES = {"eyeBlinkLeft": 1.0, "eyeBlinkRight": 1.0}
SHUT_LIPS = {"jawOpen": 0.12, "mouthClose": 0.12, "mouthPressLeft": 0.3, "mouthPressRight": 0.3}
TURNS = ({}, {"headYaw": 0.35}, {"headYaw": -0.35})
CORNERS = [61, 291, 33, 263]  # landmarks: of the lips, of the eyes
CLOSED, STEP = 0.005, 2
STILL, NEAR = 0.02, 14  # pixels by which a point moves that is not still, and at 512, around it, that may show that


def main() -> None:
    """Measures every photo and prints one JSON object."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("photos", nargs="*")
    parser.add_argument("--model", required=True)
    parser.add_argument("--motion")
    parser.add_argument("--frames", type=int, default=10_000)
    parser.add_argument("--own", action="store_true")
    options = parser.parse_args()
    from visavox.track.landmarker import load_landmarker

    finder = load_landmarker(options.model)
    motion = _motion(options.motion, options.frames)
    said = {}
    for photo in options.photos:
        said[Path(photo).stem] = measured(_source(photo, finder), motion, finder)
    for name in ("female", "old_m") if options.own else ():
        said[f"own_{name}"] = own(name, motion, finder)
    print(json.dumps(said, indent=1))


def _motion(path: str | None, frames: int):
    from visavox.io.motion import read_motion
    from visavox.motion import Motion

    if path:
        motion = read_motion(path)
    else:
        from visavox.io.assets import demo_recording
        from visavox.io.audio import read_audio
        from visavox.loading import load

        motion = load().animate(read_audio(demo_recording()), seed=1)
    return Motion(motion.values[:frames], motion.fps, motion.rig)


def _source(photo: str, finder):
    from visavox.io.photo import read_photo
    from visavox.portrait.finding import detected
    from visavox.portrait.source import Source

    read = read_photo(photo)
    return Source.of(read, detected(read, finder))


def measured(source, motion, finder) -> dict:
    """Everything about one photo."""
    from visavox.portrait import PortraitRenderer
    from visavox.portrait.crop import cropped

    started = time.process_time()
    portrait = source.portrait("crop", 512)
    setup = time.process_time() - started
    renderer = PortraitRenderer(portrait, 1)
    frames = list(renderer.frames(motion))
    rest = next(iter(renderer.frames(_pose(motion.rig, {}))))
    tracked = _tracked(frames, rest, motion, portrait, finder)
    return tracked | _at_rest(portrait, rest, finder) | _pixels(portrait, motion, frames) | _holes(renderer, motion.rig) | {
        "closed_photo": bool(source.landmarks.closed),
        "width_drawn": _drawn(portrait, cropped(source.photo, source.landmarks, 512)[1], motion),
        "gap_drawn": _gap_drawn(portrait, motion),
        "turned": portrait.camera.angles().round(1).tolist(),
        "setup_s": round(setup, 2),
        "cpu_ms_512": _cost(renderer, motion),
        "cpu_ms_1024": _cost(PortraitRenderer(source.portrait("crop", 1024), 1), motion),
    }  # fmt: skip


def _pose(rig, pose: dict):
    from visavox.motion import Motion

    values = np.zeros((1, len(rig)), np.float32)
    for name, value in pose.items():
        values[0, rig.index(name)] = value
    return Motion(values, 25, rig)


def _tracked(frames, rest, motion, portrait, finder) -> dict:
    from visavox.rigs.heads.default_head import Head
    from visavox.rigs.heads.lip_measures import lip_gap, mouth_width

    at = np.arange(0, len(frames), STEP)
    faces = [(finder.detect(frames[frame]) or [None])[0] for frame in at]
    found = np.array([face is not None for face in faces])
    base = finder.detect(rest)[0].points[RIGID]
    points = np.stack([face.points for face in faces if face])
    at, head, eased = at[found], Head.default(), portrait.within_reach(motion)
    turns = np.stack([Rotation.align_vectors(*(_centred(each) for each in (one[RIGID], base)))[0].as_euler("YXZ") for one in points])
    lids = _lids(points)
    blink = (motion.channel("eyeBlinkLeft") + motion.channel("eyeBlinkRight"))[at] / 2
    gap, tracked_gap = lip_gap(head, motion)[at], np.array([face.lip_gap for face in faces if face])
    width, tracked_width = mouth_width(head, motion)[at], np.array([face.mouth_width for face in faces if face])
    shut = gap < CLOSED
    return {
        "found": round(float(found.mean()), 3),
        "gap": _fit(tracked_gap, gap),
        "gap_beside_turns": _fit(*_without(eased, at, tracked_gap, gap)),
        "width": _fit(tracked_width, width),
        "width_beside_turns": _fit(*_without(eased, at, tracked_width, width)),
        "lids": _fit(-lids, blink),
        "yaw": _fit(turns[:, 0], eased.channel("headYaw")[at]),
        "pitch": _fit(turns[:, 1], eased.channel("headPitch")[at]),
        "roll": _fit(turns[:, 2], eased.channel("headRoll")[at]),
        "closed_p90": round(float(np.percentile(tracked_gap[shut], 90)), 4) if shut.any() else None,
    }


def _without(motion, at: np.ndarray, *measures: np.ndarray) -> list[np.ndarray]:
    """The `measures` (T,) of frames `at` less what the turns of the head explain of each: both are distances in a picture."""
    yaw, pitch, roll = (motion.channel(name)[at] for name in ("headYaw", "headPitch", "headRoll"))
    turns = np.stack([np.ones(len(yaw)), yaw, pitch, roll, yaw**2], 1)
    return [measure - turns @ np.linalg.lstsq(turns, measure, rcond=None)[0] for measure in measures]


def _centred(points: np.ndarray) -> np.ndarray:
    return points - points.mean(0)


def _lids(points: np.ndarray) -> np.ndarray:
    return np.stack([_lid(points, 159, 145, 33, 133), _lid(points, 386, 374, 362, 263)]).mean(0)


def _lid(points: np.ndarray, upper: int, lower: int, *corners: int) -> np.ndarray:
    apart = np.linalg.norm(points[:, upper, :2] - points[:, lower, :2], axis=1)
    return apart / np.linalg.norm(points[:, corners[0], :2] - points[:, corners[1], :2], axis=1)


def _fit(tracked: np.ndarray, driving: np.ndarray) -> list[float]:
    slope = np.polyfit(driving, tracked, 1)[0]
    return [round(abs(float(np.corrcoef(tracked, driving)[0, 1])), 3), round(abs(float(slope)), 2)]


def _at_rest(portrait, rest: np.ndarray, finder) -> dict:
    photo = portrait.parts.photo
    ours, theirs = (finder.detect(picture)[0].points[:, :2] for picture in (rest, photo))
    return {"rest_psnr": _psnr(rest, photo), "rest_shape": round(float(np.median(np.linalg.norm(ours - theirs, axis=1))), 2)}


def _psnr(one: np.ndarray, other: np.ndarray) -> float:
    return round(float(10 * np.log10(255**2 / max(np.square(one.astype(float) - other).mean(), 1e-9))), 1)


def _pixels(portrait, motion, frames: list) -> dict:
    left, top, right, bottom = portrait.parts.box
    outside = np.ones(frames[0].shape[:2], bool)
    outside[top:bottom, left:right] = False
    changed = sum(int((frame[outside] != portrait.parts.photo[outside]).sum()) for frame in frames[::10])
    return {"outside": changed, **flicker(portrait, motion, frames)}


def flicker(portrait, motion, frames: list) -> dict:
    """How much the picture changes where nothing moves; which pixels these are is told by the geometry and never by the picture."""
    from visavox.portrait import PortraitRenderer

    moments = PortraitRenderer(portrait, 1).moments(motion)
    before, worst, shares = next(moments), 0.0, []
    for moment, one, other in zip(moments, frames, frames[1:], strict=False):
        still = ~_moving(portrait, before, moment)
        before = moment
        shares.append(still.mean())
        if still.any():
            worst = max(worst, float(np.abs(one[still].astype(float) - other[still]).mean()))
    return {"flicker": round(worst, 3), "flicker_share": round(float(np.mean(shares)), 2)}


def _moving(portrait, before, after) -> np.ndarray:
    """The pixels (H, W) that are near anything which moves between two moments, an eye that glances with it."""
    from scipy.ndimage import maximum_filter

    parts, camera = portrait.parts, portrait.camera
    one, other = (camera.project(moment.positions)[:, :2] for moment in (before, after))
    moved = np.abs(one - other).max(1) > STILL
    for number, eye in enumerate(parts.eyes):
        moved[eye.start : eye.end] |= np.abs(before.gaze[number] - after.gaze[number]).max() > 0
    height, width = parts.photo.shape[:2]
    near = np.zeros((height, width), bool)
    for places in (one, other):
        x, y = np.clip(places[moved].astype(int), 0, (width - 1, height - 1)).T
        near[y, x] = True
    return maximum_filter(near, 2 * int(np.ceil(NEAR * parts.unit)) + 1)


def _drawn(portrait, landmarks, motion) -> list[float]:
    """[r, slope] of the mouth's width as drawn over what drove it: by where in the map the photo's corners of lips and eyes came to lie."""
    from visavox.motion import Motion
    from visavox.portrait import PortraitRenderer
    from visavox.rigs.heads.default_head import Head
    from visavox.rigs.heads.lip_measures import mouth_width

    renderer = PortraitRenderer(portrait, 1)
    window, short = renderer.painter.whole_window, Motion(motion.values[::STEP], motion.fps, motion.rig)
    wanted = landmarks.points[CORNERS] - portrait.parts.box[:2]
    at = np.array([[_drawn_at(window.field, place) for place in wanted] for _ in renderer.frames(short)])
    lips, eyes = (np.linalg.norm(at[:, pair] - at[:, pair + 1], axis=1) for pair in (0, 2))
    return _fit(lips / eyes, mouth_width(Head.default(), short))


def _gap_drawn(portrait, motion) -> list[float]:
    """[r, slope] of the height of what is seen inside the mouth, in its nine highest columns, over the gap that drove it."""
    from visavox.motion import Motion
    from visavox.portrait import PortraitRenderer
    from visavox.render.photo_loops import BELOW
    from visavox.rigs.heads.default_head import Head
    from visavox.rigs.heads.lip_measures import lip_gap

    renderer, short = PortraitRenderer(portrait, 1), Motion(motion.values[::STEP], motion.fps, motion.rig)
    heights = []
    for _ in renderer.frames(short):
        inside = renderer.painter.mouth_window.field[..., 0] < BELOW
        heights.append(np.sort(inside.sum(0))[-9:].mean() / 2)
    eyes = np.linalg.norm(np.subtract(*portrait.camera.project(portrait.head.preset_positions[0, portrait.head.lid_points[:, 0]])[:, :2]))
    return _fit(np.array(heights) / eyes, lip_gap(Head.default(), short))


def _drawn_at(field: np.ndarray, place: np.ndarray) -> np.ndarray:
    """Where (2,) in the picture the `place` (2,) of the photo is drawn."""
    away = np.abs(field[..., :2] - place).sum(2)
    row, column = np.unravel_index(away.argmin(), away.shape)
    return np.array([column, row]) + 0.5 + place - field[row, column, :2]


def _holes(renderer, rig) -> dict:
    """How many samples show an inside through what is shut: the worst of the turns."""
    from visavox.render.photo_loops import BELOW

    painter = renderer.painter
    kept = [eye.uv.copy() for eye in painter.parts.eyes]
    mouth, eyes = [], []
    for turn in TURNS:
        next(iter(renderer.frames(_pose(rig, SHUT_LIPS | turn))))
        mouth.append(int((painter.mouth_window.field[..., 0] < BELOW).sum()))
        for eye in painter.parts.eyes:
            eye.uv[:] = -1e6
        next(iter(renderer.frames(_pose(rig, SHUT_EYES | turn))))
        eyes.append(sum(int((window.field[..., 0] < BELOW).sum()) for window in painter.eye_windows))
        for eye, uv in zip(painter.parts.eyes, kept, strict=True):
            eye.uv[:] = uv
    return {"mouth_shows": mouth, "eye_shows": eyes}


def _cost(renderer, motion) -> float:
    from visavox.motion import Motion

    short = Motion(motion.values[:49], motion.fps, motion.rig)
    stream, times = renderer.frames(short), []
    for _chunk in range(3):  # vertices come in chunks
        started = time.process_time()
        for _ in range(16):
            next(stream)
        times.append((time.process_time() - started) / 16 * 1e3)
    return round(float(np.median(times)), 1)


def own(name: str, motion, finder) -> dict:
    """One of our own heads as the photo: every frame's truth is what our renderer draws."""
    from visavox.io.photo import Photo
    from visavox.motion import Motion
    from visavox.portrait import PortraitRenderer
    from visavox.portrait.finding import landmarks_of
    from visavox.portrait.source import Source
    from visavox.render import render
    from visavox.rigs.heads.default_head import Head
    from visavox.rigs.heads.lip_measures import lip_gap, mouth_width
    from visavox.style import Identity

    head, identity = Head.default(), Identity(name)
    short = Motion(motion.values[::3], motion.fps, motion.rig)
    photo = next(iter(render(_pose(motion.rig, {}), head, identity=identity)))
    source = Source.of(Photo(photo, None, name, ""), landmarks_of(finder.detect(photo)[0]))
    truth = list(render(short, head, identity=identity))
    portrait = source.portrait("whole")
    drawn = list(PortraitRenderer(portrait).frames(short))
    oval = source.landmarks.oval
    (left, top), (right, bottom) = oval.min(0).astype(int), oval.max(0).astype(int)
    seen = [(finder.detect(one)[:1], finder.detect(other)[:1]) for one, other in zip(drawn, truth, strict=True)]
    both = [(ours[0], theirs[0]) for ours, theirs in seen if ours and theirs]
    away = [np.linalg.norm(ours.points[:468, :2] - theirs.points[:468, :2], axis=1).mean() for ours, theirs in both]
    error = [_psnr(one[top:bottom, left:right], other[top:bottom, left:right]) for one, other in zip(drawn, truth, strict=True)]
    found = np.array([bool(theirs) for _, theirs in seen])
    said = {"own_px": round(float(np.mean(away)), 2), "own_psnr": round(float(np.mean(error)), 1)}
    at = np.flatnonzero(found)
    for measure, name, attribute in ((lip_gap, "gap", "lip_gap"), (mouth_width, "width", "mouth_width")):
        tracked = np.array([getattr(theirs[0], attribute) for _, theirs in seen if theirs])
        said[f"true_{name}"] = _fit(tracked, measure(head, short)[at])
        said[f"true_{name}_beside_turns"] = _fit(*_without(short, at, tracked, measure(head, short)[at]))
    points = np.stack([theirs[0].points for _, theirs in seen if theirs])
    said["true_lids"] = _fit(-_lids(points), (short.channel("eyeBlinkLeft") + short.channel("eyeBlinkRight"))[at] / 2)
    return said | measured(source, motion, finder)


if __name__ == "__main__":
    main()
