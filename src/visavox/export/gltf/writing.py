"""glTF 2.0 (.glb): the face with its geometry, its movement and its sound in one file, for three.js, Blender, Unity and Unreal.

Morph targets are found by name (`mesh.extras.targetNames`); head and eyes are rotations of nodes. Keys stand at the centres of frames,
in seconds of float32, as the format has them: exact to 0.12 ms within an hour. `asset.extras.visavox` says what made the file, at what
rate, and in which buffer view the sound lies (a .wav).
"""

from pathlib import Path

from visavox.export.accompaniment import Accompaniment
from visavox.export.gltf.character import moving_character
from visavox.export.gltf.default_head import moving_head
from visavox.export.required_shapes import need_shapes
from visavox.io.gltf import write_glb
from visavox.io.wav import wav_bytes
from visavox.motion import Motion
from visavox.rigs.heads.default_head import Head


def write_gltf(motion: Motion, path: str | Path, accompaniment: Accompaniment) -> None:
    """Writes the accompaniment's character, or else its head, or else the default head, moved by `motion`, with the accompaniment's sound.

    A RigError when the rig has none of the shapes of the face that is to move.
    """
    if accompaniment.character:
        builder = moving_character(motion, accompaniment.character, accompaniment.rig_map)
    else:
        need_shapes(motion, "the default head", "retarget it first, or give a character (--head)")
        builder = moving_head(motion, accompaniment.head or Head.default(), accompaniment.identity, accompaniment.look)
    made = {"fps": motion.fps, "frames": motion.frames, **({"provenance": accompaniment.provenance} if accompaniment.provenance else {})}
    if accompaniment.audio:
        sound = builder.view(wav_bytes(accompaniment.audio))
        made["audio"] = {"bufferView": sound, "mimeType": "audio/wav", "sample_rate": accompaniment.audio.sample_rate}
    asset = builder.document["asset"]
    held = asset.get("extras")  # of a character: any value, which only an object can be joined to
    extras = {**(held if isinstance(held, dict) else {}), "visavox": made}
    builder.document["asset"] = {**asset, "generator": "Visavox", "extras": extras}
    write_glb(builder.gltf("speech"), path)
