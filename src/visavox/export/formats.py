"""`FORMATS`: every file format that a motion can be written in. A new one is one file beside these and one entry here."""

from visavox.export.bvh import write_bvh
from visavox.export.format import Format
from visavox.export.gltf.vrma import write_vrma
from visavox.export.gltf.writing import write_gltf
from visavox.export.json.arkit import write_arkit_json
from visavox.export.json.audio2face import write_a2f_json
from visavox.export.json.azure import write_azure_json
from visavox.export.json.visemes import write_visemes_json
from visavox.export.live_link_csv import write_live_link_csv
from visavox.export.mp4 import write_mp4
from visavox.export.npz import write_npz
from visavox.export.parquet import write_parquet
from visavox.export.rhubarb import write_rhubarb_json, write_rhubarb_tsv, write_rhubarb_xml
from visavox.export.svg import write_svg
from visavox.export.usd import write_usd
from visavox.export.vmd import write_vmd

FORMATS = (
    Format(
        ".mp4",
        write_mp4,
        "video (`animate`, `render`)",
        frozenset({"picture", "sound", "provenance"}),
        "the picture and the sound; content credentials with your certificate",
        "the curves",
        "visavox animate voice.wav -o face.mp4",
        needs=frozenset({"renderer"}),
        options=frozenset({"picture"}),
    ),
    Format(
        ".npz",
        write_npz,
        "our own motion file",
        frozenset({"any rig", "head", "eyes", "provenance"}),
        "everything: all channels of any rig, units, rate, provenance",
        "sound",
        "visavox animate voice.wav -o face.npz",
    ),
    Format(
        ".csv",
        write_live_link_csv,
        "Live Link Face, 63 columns",
        frozenset({"every shape", "head", "eyes"}),
        "52 shapes to ten digits, head and eye rotations (radians; `--degrees`), timecode on a base of 60",
        "sound; provenance goes to `face.csv.provenance.json`",
        "visavox export face.npz -o face.csv --fps 60",
        options=frozenset({"degrees"}),
    ),
    Format(
        ".glb",
        write_gltf,
        "glTF 2.0: the default head, or yours with `--head me.glb`",
        frozenset({"geometry", "head", "eyes", "sound", "provenance"}),
        ("geometry, shapes that move, head and eye rotations, sound (with `--audio`, as a .wav in `asset.extras.visavox`), provenance"),
        "on the default head: single hairs and pores (hair is a mesh of ribbons); times are float32, 0.12 ms within an hour",
        "visavox export face.npz -o face.glb --audio voice.wav",
        options=frozenset({"character"}),
    ),
    Format(
        ".vrma",
        write_vrma,
        "VRM animation 1.0",
        frozenset({"head", "eyes", "provenance"}),
        "vowels, blinks, head, shared gaze; brows, cheeks, nose, tongue as custom expressions; provenance",
        "ARKit's mouth shapes become five vowels; sound",
        "visavox export face.npz -o face.vrma",
    ),
    Format(
        ".vmd",
        write_vmd,
        "MikuMikuDance motion, 30 fps",
        frozenset({"head", "eyes"}),
        "five vowels, blinks and winks, brows, corners of the mouth; the bones of head and both eyes (頭, 両目)",
        "ARKit's mouth shapes become five vowels; cheeks, nose, tongue; your rate (always 30), sound",
        "visavox export face.npz -o face.vmd",
    ),
    *(
        Format(
            suffix,
            write_usd,
            "UsdSkel: the default head, one SkelAnimation for face and joints",
            frozenset({"geometry", "head", "eyes", "provenance"}),
            "geometry, shapes that move, head and eye rotations, provenance (`customLayerData`)",
            "sound, iris and lashes' pictures",
            "visavox export face.npz -o face.usdc",
        )
        for suffix in (".usda", ".usdc", ".usdz")
    ),
    Format(
        ".a2f.json",
        write_a2f_json,
        "Audio2Face",
        frozenset({"every shape", "head", "provenance"}),
        "52 shapes; our head curves and provenance under a key of our own",
        "for other importers: the head",
        "visavox export face.npz -o face.a2f.json --fps 60",
    ),
    Format(
        ".arkit.json",
        write_arkit_json,
        "named curves, one frame a line",
        frozenset({"any rig", "head", "eyes", "provenance"}),
        "all channels of any rig, units, rate, provenance",
        "sound",
        "visavox export face.npz -o face.arkit.json",
    ),
    Format(
        ".azure.json",
        write_azure_json,
        "Azure's blend shapes: 55 values at 60 fps",
        frozenset({"every shape"}),
        "52 shapes, headRoll",
        "pitch and yaw of the head, your rate (always 60), sound",
        "visavox export face.npz -o face.azure.json",
    ),
    Format(
        ".parquet",
        write_parquet,
        "one column a channel",
        frozenset({"any rig", "head", "eyes", "provenance"}),
        "all channels of any rig, times, rate, provenance (schema metadata)",
        "sound",
        "visavox export face.npz -o face.parquet",
    ),
    Format(
        ".visemes.json",
        write_visemes_json,
        "Oculus-15 visemes",
        frozenset({"provenance"}),
        "the mouth as 15 weights that sum to 1, provenance",
        "what is no mouth; two mouths that look alike become one viseme",
        "visavox export face.npz -o face.visemes.json",
    ),
    *(
        Format(
            suffix,
            write,
            "Rhubarb mouth cues A to H and X",
            frozenset(),
            "which of nine drawings, to a hundredth of a second",
            "everything finer",
            "visavox export face.npz -o face.tsv",
        )
        for suffix, write in ((".tsv", write_rhubarb_tsv), (".xml", write_rhubarb_xml), (".json", write_rhubarb_json))
    ),
    Format(
        ".bvh",
        write_bvh,
        "skeleton motion",
        frozenset({"head", "eyes"}),
        "head and eye rotations",
        "all shapes (the format has none), sound",
        "visavox export face.npz -o face.bvh",
    ),
    Format(
        ".svg",
        write_svg,
        "the curves as a picture, for a browser",
        frozenset({"sound", "provenance"}),
        "how the channels move that move most, over the sound (with `--audio`)",
        "every other channel",
        "visavox export face.npz -o face.svg --audio voice.wav",
    ),
)
