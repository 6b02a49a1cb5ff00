"""How the light on a face changes as it turns: the photo's own light, read from its skin, to the first order.

Skin is lit as a + b . n by its normal n, fitted to the photo with the robustness that beards, lips and highlights need. A turn of the head
carries the normals through that light. Only the ratio to the photo is used, so a face at rest keeps its bytes.
Source: Ramamoorthi and Hanrahan 2001, of whose nine terms the first four are used.
"""

import numpy as np
from scipy.ndimage import gaussian_filter
from scipy.optimize import least_squares

from visavox.gamma import GAMMA
from visavox.portrait.face import FaceMesh
from visavox.portrait.planar import vertex_normals
from visavox.portrait.rest import Rest
from visavox.render.photo_camera import PhotoCamera
from visavox.render.photo_parts import Relight

SOFT = 6.0  # pixels at 512 over which the photo's light is averaged
SIDEWAYS = 0.8  # of the light that a normal across the view may add or take: more is not light but beard, hair or paint
FACING = 0.25  # how much a normal must face the viewer to be read
FLATTER = 0.8  # of the change that is shown: our own heads gain up to 1, photos are less sure


def relight_of(picture: np.ndarray, face: FaceMesh, rest: Rest, camera: PhotoCamera, unit: float) -> Relight:
    """The light of a photo on its face."""
    normals = vertex_normals(rest.positions[face.vertices], face.triangles)
    seen = normals @ camera.turn.T
    light = gaussian_filter((picture.astype(np.float32).mean(2) / 255) ** GAMMA, SOFT * unit)
    at = np.clip(face.uv.astype(int), 0, np.array(picture.shape[1::-1]) - 1)
    there = light[at[:, 1], at[:, 0]]
    used = (face.alpha > 0.99) & (face.behind == 0) & (seen[:, 2] > FACING)
    level = max(float(np.median(there[used])), 1e-4)
    rows = np.c_[np.ones(used.sum()), seen[used]]
    goal = there[used] / level
    found = least_squares(lambda x: rows @ x - goal, [0.5, 0, 0, 0.5], loss="soft_l1", f_scale=0.1).x
    found[1:3] = np.clip(found[1:3], -SIDEWAYS, SIDEWAYS)
    power = np.float32(face.alpha * FLATTER / GAMMA)
    return Relight(normals.astype(np.float32), float(found[0]), np.float32(found[1:] @ camera.turn), power)
