"""The colour of each sample and each pixel: painted skin, eyes with a wet surface, teeth, hair, background."""

from typing import NamedTuple

import numpy as np

from visavox.gamma import GAMMA
from visavox.render.camera import Screen
from visavox.render.compiled import compiled, inlined
from visavox.render.painted_skin import COLUMN, note_skin, noted_skin, skin_light
from visavox.render.raster import SAMPLES, Cover

SKIN, EYE, TOOTH, WET, CLOTH = range(5)  # kinds of surface; TOOTH and WET lie in the shade of the lips
# A plain number would widen the arithmetic around it to 64 bits, at half the speed.
ZERO, HALF, ONE, TWO = np.float32(0), np.float32(0.5), np.float32(1), np.float32(2)
TONES, TONE_RANGE = 4096, 4.0  # entries of the tone curve, and the light that its last entry stands for
EYE_SPANS, LIP_SPANS = np.float32(0.7), np.float32(0.75)  # how far the shadows of lids and lips reach, of `reach`
STEP = np.float32(0.003)  # metres of depth between the samples of a pixel from which it shows an edge
TONE_SCALE = np.float32(TONES / TONE_RANGE)


class Scene(NamedTuple):
    """All that the colour of a sample depends on. F triangles, V positions, N points of hair.

    `screen` of the V positions; `faces` (F, 3); `uv` (F, 3, 2); `kind` (F,); `reflected` (V, 8) and `normals` (V, 3) as
    visavox.render.light makes them; `colour` (V, 3) of what is not painted; `skin` (H, W, 8) bytes: the square roots of red,
    green and blue, gloss, bump along u and v, two empty; `mixed` (2, 8), `noted` (w, 6) and `noted_shares` (w, 5) are overwritten;
    `hair` (N, 3) light and `hair_screen`;
    `shadow` (H, W) under lashes, within `lash_rows`;
    `iris` (3,); `axes` (3, 3) rows: the head's left, up and front; `key` (3, 3) rows: towards the window that eyes mirror,
    its right, its up; `reach` samples that a lid's or a lip's shadow spans; `tone` (TONES,) from light to bytes;
    `background` (H, W, 3) bytes.
    """

    screen: Screen
    faces: np.ndarray
    uv: np.ndarray
    kind: np.ndarray
    reflected: np.ndarray
    normals: np.ndarray
    colour: np.ndarray
    skin: np.ndarray
    mixed: np.ndarray
    noted: np.ndarray
    noted_shares: np.ndarray
    hair: np.ndarray
    hair_screen: Screen
    shadow: np.ndarray
    lash_rows: tuple[int, int]
    iris: np.ndarray
    axes: np.ndarray
    key: np.ndarray
    reach: float
    tone: np.ndarray
    background: np.ndarray


def tone_curve(exposure: float = 0.70) -> np.ndarray:
    """Bytes (TONES,) shown for light from 0 to TONE_RANGE: a film-like shoulder, then the display's gamma.

    Source: Narkowicz's fit of the ACES curve.
    """
    light = np.arange(TONES) / TONES * TONE_RANGE * exposure
    film = light * (2.51 * light + 0.03) / (light * (2.43 * light + 0.59) + 0.14)
    return (255 * np.clip(film, 0, 1) ** (1 / GAMMA)).astype(np.float32)


@compiled
def shade_picture(cover: Cover, scene: Scene, picture):
    """Fills `picture` (h, w, 3) bytes, which holds the background, from `cover` of SAMPLES by SAMPLES samples a pixel.

    A pixel within one smooth surface is coloured once, at its centre; on edges, in hair and eyes every sample is coloured.
    """
    height, width = picture.shape[:2]
    for row in range(height):
        lashed = scene.lash_rows[0] <= row * SAMPLES < scene.lash_rows[1]
        noted = 0
        for column in range(width):
            place = (row * SAMPLES, column * SAMPLES)
            if not lashed and _empty(cover, place):
                continue
            smooth = _is_smooth(cover, scene, place)
            if smooth and scene.kind[cover.item[place]] == SKIN:
                _note(cover, scene, place, noted)
                noted += 1
            else:
                colour = _smooth(cover, scene, place) if smooth else _mean(cover, scene, place)
                _show(scene, lashed, colour, (row, column), picture)
        for number in range(noted):
            red, green, blue = noted_skin(scene, number)
            colour = _toned(scene.tone, red), _toned(scene.tone, green), _toned(scene.tone, blue)
            _show(scene, lashed, colour, (row, scene.noted[number, COLUMN]), picture)


@inlined
def _note(cover, scene, place, number):
    """Notes the pixel whose first sample is `place`, of skin alone, as `number`, for its centre."""
    half, item = np.float32(SAMPLES) * HALF, cover.item[place]
    corners = _corners(scene, item)
    weights = _weights(scene.screen, corners, (np.float32(place[1]) + half, np.float32(place[0]) + half))
    note_skin(scene, place[1] // SAMPLES, item, corners, weights, number)


@inlined
def _show(scene, lashed, colour, pixel, picture):
    """Writes the `colour` (bytes as floats) of a pixel, darkened by the lashes before it."""
    row, column = pixel
    dark = ONE - _lashes(scene.shadow, (row * SAMPLES, column * SAMPLES)) if lashed else ONE
    picture[row, column, 0] = np.uint8(colour[0] * dark + HALF)
    picture[row, column, 1] = np.uint8(colour[1] * dark + HALF)
    picture[row, column, 2] = np.uint8(colour[2] * dark + HALF)


@inlined
def _four(values, place):
    """The values of a pixel's samples."""
    row, column = np.uint64(place[0]), np.uint64(place[1])
    low, right = row + np.uint64(1), column + np.uint64(1)
    return values[row, column], values[row, right], values[low, column], values[low, right]


@inlined
def _empty(cover, place):
    """Whether a pixel shows nothing but the background: NOTHING is the one item below 0."""
    a, b, c, d = _four(cover.item, place)
    return (a & b & c & d) < 0


@inlined
def _is_smooth(cover, scene, place):
    """Whether all samples of a pixel show one surface without a step in depth, and neither hair nor eye."""
    a, b, c, d = _four(cover.item, place)
    if min(min(a, b), min(c, d)) < 0 or max(max(a, b), max(c, d)) >= scene.kind.size:
        return False
    kind = scene.kind[a]
    if kind == EYE or scene.kind[b] != kind or scene.kind[c] != kind or scene.kind[d] != kind:
        return False
    a, b, c, d = _four(cover.depth, place)
    return max(max(abs(b - a), abs(c - a)), abs(d - a)) <= STEP


@inlined
def _smooth(cover, scene, place):
    """The bytes (as floats) of a pixel within one surface, evaluated at its centre."""
    half = np.float32(SAMPLES) * HALF
    return _shown(cover, scene, place, (np.float32(place[1]) + half, np.float32(place[0]) + half))


@inlined
def _mean(cover, scene, place):
    """The mean bytes (as floats) of the samples of a pixel."""
    red, green, blue = ZERO, ZERO, ZERO
    for row in range(place[0], place[0] + SAMPLES):
        for column in range(place[1], place[1] + SAMPLES):
            if cover.item[row, column] < 0:
                r, g, b = _behind(scene, place)
            else:
                r, g, b = _shown(cover, scene, (row, column), (np.float32(column) + HALF, np.float32(row) + HALF))
            red, green, blue = red + r, green + g, blue + b
    share = ONE / np.float32(SAMPLES * SAMPLES)
    return red * share, green * share, blue * share


@inlined
def _behind(scene, place):
    """The background (floats) at the pixel whose first sample is `place`."""
    row, column = place[0] // SAMPLES, place[1] // SAMPLES
    behind = scene.background
    return np.float32(behind[row, column, 0]), np.float32(behind[row, column, 1]), np.float32(behind[row, column, 2])


@inlined
def _lashes(shadow, place):
    """How dark lashes make a pixel, 0 to 1."""
    a, b, c, d = _four(shadow, place)
    return (a + b + c + d) / np.float32(SAMPLES * SAMPLES)


@inlined
def _shown(cover, scene, place, point):
    """The bytes (as floats) shown for the surface at sample `place`, evaluated at `point` (x, y)."""
    item = cover.item[place]
    if item >= scene.kind.size:
        red, green, blue = _hair(scene, item - scene.kind.size, point)
    else:
        corners, kind = _corners(scene, item), scene.kind[item]
        weights = _weights(scene.screen, corners, point)
        if kind == SKIN:
            red, green, blue = skin_light(scene, item, corners, weights)
        else:
            red, green, blue = _other(cover, scene, place, (item, kind), (corners, weights))
    return _toned(scene.tone, red), _toned(scene.tone, green), _toned(scene.tone, blue)


@inlined
def _other(cover, scene, place, what, where):
    """The light from what is no skin: eyes in the shade of lids, teeth and gums in the shade of lips, cloth in none."""
    item, kind = what
    corners, weights = where
    spans = EYE_SPANS if kind == EYE else LIP_SPANS
    above = ONE if kind == CLOTH else _open_above(cover, scene, place, spans)
    if kind == EYE:
        return _eye(scene, item, corners, weights, above)
    red, green, blue = _plain(scene, corners, weights, above)
    if kind != TOOTH:
        return red, green, blue
    tint = _enamel(scene, item, weights)
    return red * tint[0], green * tint[1], blue * tint[2]


@inlined
def _toned(tone, light):
    return tone[min(max(int(light * TONE_SCALE), 0), TONES - 1)]


@inlined
def _weights(screen, corners, point):
    """The shares of the three corners at `point`, clamped into the triangle."""
    a, b, c = corners
    px, py = point
    ax, ay, bx, by, cx, cy = screen.x[a], screen.y[a], screen.x[b], screen.y[b], screen.x[c], screen.y[c]
    scale = ONE / ((bx - ax) * (cy - ay) - (cx - ax) * (by - ay))
    u = max(((bx - px) * (cy - py) - (cx - px) * (by - py)) * scale, ZERO)
    v = max(((cx - px) * (ay - py) - (ax - px) * (cy - py)) * scale, ZERO)
    w = max(ONE - u - v, ZERO)
    scale = ONE / (u + v + w)
    return u * scale, v * scale, w * scale


@inlined
def _corners(scene, item):
    """The three positions of a triangle, as unsigned numbers: Numba then skips its test for negative ones."""
    return np.uint64(scene.faces[item, 0]), np.uint64(scene.faces[item, 1]), np.uint64(scene.faces[item, 2])


@inlined
def _open_above(cover, scene, place, spans):
    """How free the view upwards is at a sample, 0 under a lid or lip to 1 once `spans` times the reach is free of skin."""
    row, column = place
    reach = scene.reach * spans
    step = max(int(reach / 8), 1)
    for climb in range(step, int(reach) + 1, step):
        if not _skin_at(cover, scene, row - climb, column):
            continue
        nearest = climb
        for back in range(1, step):  # to the sample, or the shadow would come in steps
            if _skin_at(cover, scene, row - climb + back, column):
                nearest = climb - back
        free = np.float32(nearest) / reach
        return np.float32(free * free * (np.float32(3) - TWO * free))
    return np.float32(1)


@inlined
def _skin_at(cover, scene, row, column):
    item = cover.item[max(row, 0), column]
    return item >= 0 and item < scene.kind.size and scene.kind[item] == SKIN


@inlined
def _plain(scene, corners, weights, above):
    """A surface of one colour a position; `above` 0 to 1 says how much light comes past the lips."""
    u, v, w = weights
    a, b, c = corners
    light, colour = scene.reflected, scene.colour
    shade = np.float32(0.40) + np.float32(0.60) * above
    shine = (u * light[a, 3] + v * light[b, 3] + w * light[c, 3]) * shade
    red = (u * light[a, 0] * colour[a, 0] + v * light[b, 0] * colour[b, 0] + w * light[c, 0] * colour[c, 0]) * shade + shine
    green = (u * light[a, 1] * colour[a, 1] + v * light[b, 1] * colour[b, 1] + w * light[c, 1] * colour[c, 1]) * shade + shine
    blue = (u * light[a, 2] * colour[a, 2] + v * light[b, 2] * colour[b, 2] + w * light[c, 2] * colour[c, 2]) * shade + shine
    return red, green, blue


@inlined
def _enamel(scene, item, weights):
    """The tint of a tooth: warmer at the gum, greyer at the edge, dark where two meet. uv: across it, gum 0 to edge 1."""
    u, v, w = weights
    uv = scene.uv
    across = abs(u * uv[item, 0, 0] + v * uv[item, 1, 0] + w * uv[item, 2, 0] - HALF) * TWO
    edge = u * uv[item, 0, 1] + v * uv[item, 1, 1] + w * uv[item, 2, 1]
    gap = ONE - np.float32(0.40) * across * across * across * across
    root = ONE - np.float32(0.22) * max(ONE - edge * np.float32(2.2), ZERO)
    tip = max(edge - np.float32(0.82), ZERO)
    return gap * (ONE - tip * np.float32(0.9)), gap * root * (ONE - tip * np.float32(0.6)), gap * root * root


@inlined
def _hair(scene, first, point):
    px, py = point
    screen, hair = scene.hair_screen, scene.hair
    ax, ay = screen.x[first], screen.y[first]
    dx, dy = screen.x[first + 1] - ax, screen.y[first + 1] - ay
    t = min(max(((px - ax) * dx + (py - ay) * dy) / (dx * dx + dy * dy), np.float32(0)), np.float32(1))
    wave = ((px - ax) * dy - (py - ay) * dx) / np.sqrt(dx * dx + dy * dy) * np.float32(0.37) + np.float32(0.5)
    fine = np.float32(0.78) + np.float32(0.88) * abs(wave - np.floor(wave) - HALF)  # a strand is a lock of hairs
    red = hair[first, 0] + t * (hair[first + 1, 0] - hair[first, 0])
    green = hair[first, 1] + t * (hair[first + 1, 1] - hair[first, 1])
    blue = hair[first, 2] + t * (hair[first + 1, 2] - hair[first, 2])
    return red * fine, green * fine, blue * fine


IRIS, PUPIL = np.float32(0.150), np.float32(0.052)  # angles from the gaze axis, in half turns


@inlined
def _eye(scene, item, corners, weights, above):
    """An eyeball: uv has the gaze axis at (0.5, 0.5), the distance from it in half turns; u to the face's left, v up."""
    u, v, w = weights
    a, b, c = corners
    uv, light, normals = scene.uv, scene.reflected, scene.normals
    du = u * uv[item, 0, 0] + v * uv[item, 1, 0] + w * uv[item, 2, 0] - np.float32(0.5)
    dv = u * uv[item, 0, 1] + v * uv[item, 1, 1] + w * uv[item, 2, 1] - np.float32(0.5)
    away = np.sqrt(du * du + dv * dv)
    red, green, blue = _eye_colour(scene, du, dv, away)
    # The lid's shadow is soft; the ball turns into the shade towards its corners.
    shade = (np.float32(0.22) + np.float32(0.78) * above) * (ONE - np.float32(0.55) * _step(np.float32(0.17), np.float32(0.42), abs(du)))
    red *= (u * light[a, 0] + v * light[b, 0] + w * light[c, 0]) * shade
    green *= (u * light[a, 1] + v * light[b, 1] + w * light[c, 1]) * shade
    blue *= (u * light[a, 2] + v * light[b, 2] + w * light[c, 2]) * shade
    bulge = np.float32(1.3) * (ONE - _step(np.float32(0.10), np.float32(0.19), away))  # the cornea is the rounder cap
    n0 = u * normals[a, 0] + v * normals[b, 0] + w * normals[c, 0] + bulge * (du * scene.axes[0, 0] + dv * scene.axes[1, 0])
    n1 = u * normals[a, 1] + v * normals[b, 1] + w * normals[c, 1] + bulge * (du * scene.axes[0, 1] + dv * scene.axes[1, 1])
    n2 = u * normals[a, 2] + v * normals[b, 2] + w * normals[c, 2] + bulge * (du * scene.axes[0, 2] + dv * scene.axes[1, 2])
    scale = ONE / np.sqrt(n0 * n0 + n1 * n1 + n2 * n2 + np.float32(1e-9))
    glint = _window(scene.key, n0 * scale, n1 * scale, n2 * scale) * (np.float32(0.25) + np.float32(0.75) * above)
    return red + glint, green + glint, blue + glint


@inlined
def _eye_colour(scene, du, dv, away):
    """White, iris and pupil: the iris has fibres, a dark rim, and is brighter where light falls through it to the far side."""
    turn = np.arctan2(dv, du)
    ring = min(away / IRIS, ONE)
    fibres = np.float32(0.82) + np.float32(0.10) * np.sin(turn * np.float32(31) + np.float32(3) * np.sin(turn * np.float32(7)))
    fibres += np.float32(0.08) * np.sin(turn * np.float32(67) + ring * np.float32(5))
    through = (du * scene.key[0, 0] + dv * scene.key[0, 1]) / IRIS
    bright = fibres * (np.float32(1.25) - np.float32(0.75) * ring * ring) * (ONE - HALF * through)
    bright *= ONE - np.float32(0.75) * _step(np.float32(0.80), ONE, ring)
    bright *= _step(PUPIL * np.float32(0.88), PUPIL * np.float32(1.10), away)
    collar = ONE - _step(np.float32(0.40), np.float32(0.62), ring)
    white = _step(IRIS * np.float32(0.955), IRIS * np.float32(1.05), away)
    bright *= ONE - white
    corner = _step(np.float32(0.18), np.float32(0.45), abs(du))
    red = white * np.float32(0.50) + bright * scene.iris[0] * (ONE + HALF * collar)
    green = white * (np.float32(0.465) - np.float32(0.13) * corner) + bright * scene.iris[1] * (ONE + np.float32(0.2) * collar)
    blue = white * (np.float32(0.445) - np.float32(0.14) * corner) + bright * scene.iris[2]
    return red, green, blue


@inlined
def _window(key, nx, ny, nz):
    """What a wet eye with this normal mirrors to the viewer in front: the key light as a soft window, and a faint second lamp."""
    rx, ry, rz = TWO * nz * nx, TWO * nz * ny, TWO * nz * nz - ONE
    toward = rx * key[0, 0] + ry * key[0, 1] + rz * key[0, 2]
    right = abs(rx * key[1, 0] + ry * key[1, 1] + rz * key[1, 2])
    up = abs(rx * key[2, 0] + ry * key[2, 1] + rz * key[2, 2])
    edge = (ONE - _step(np.float32(0.15), np.float32(0.27), right)) * (ONE - _step(np.float32(0.17), np.float32(0.29), up))
    lamp = np.float32(3.2) * edge if toward > 0 else np.float32(0)
    low = _step(np.float32(0.93), np.float32(0.985), rx * np.float32(0.62) + ry * np.float32(-0.25) + rz * np.float32(0.74))
    return lamp + np.float32(0.12) * low + np.float32(0.015)


@inlined
def _step(low, high, value):
    t = min(max((value - low) / (high - low), np.float32(0)), np.float32(1))
    return t * t * (np.float32(3) - TWO * t)
