"""The floor plan: which room may import which, and where each heavy library lives."""

# What each room may import besides itself; the rooms of one line of the floor plan never import one another.
VALUES = {
    "audio",
    "calibration",
    "cue",
    "emotion",
    "errors",
    "fields",
    "history",
    "motion",
    "provenance",
    "resampling",
    "rig",
    "scene",
    "style",
    "windows",
}  # fmt: skip
FLOOR_2 = {"models", "diffusion", "rigs"}
ALLOWED = {
    **{room: VALUES for room in VALUES | {"io", "models", "diffusion"}},
    "rigs": VALUES | {"io"},  # only for the packaged head
    "checkpoint": VALUES | {"io", "models", "checkpoint_versions"},
    "checkpoint_versions": VALUES,
    "hub": VALUES | {"io", "checkpoint"},
    "convert": VALUES | {"io", "models", "diffusion", "rigs", "checkpoint"},
    "gestures": VALUES | {"io", "rigs"},
    "cues": VALUES | {"io", "rigs", "gestures"},
    "direction": VALUES | {"io", "rigs", "gestures", "cues"},
    "redrawing": VALUES | {"io", "cues", "spans"},
    "engine": VALUES | {"models"},
    "encoding": VALUES | {"models", "engine"},
    "sampling": VALUES | {"diffusion"},
    "style_extraction": VALUES | {"engine", "gestures"},
    "lockstep": VALUES | {"models", "diffusion", "engine", "sampling"},
    "spans": VALUES | {"sampling"},
    "animate": VALUES
    | {"models", "diffusion", "gestures", "cues", "redrawing", "engine", "encoding", "sampling", "lockstep", "spans", "style_extraction"},
    "loading": VALUES | {"io", "models", "checkpoint", "gestures", "engine", "encoding", "animate"},
    "stream": VALUES | {"io", "models", "diffusion", "engine", "sampling", "checkpoint", "gestures", "animate"},
    "render": VALUES | {"io", "rigs"},
    "portrait": VALUES | {"io", "rigs", "render", "track"},
    "track": VALUES | {"io", "rigs", "render"},
    "batch": VALUES | {"io"},
    "export": VALUES | {"io", "rigs"},
    "data": VALUES | {"io"} | FLOOR_2,
    "train": VALUES | {"io", "data", "checkpoint"} | FLOOR_2,
    "evaluate": VALUES | {"io", "data", "animate", "sampling", "loading", "rigs"},
    "recipes": VALUES | {"io", "data", "checkpoint", "checkpoint_versions", "train"} | FLOOR_2,
    "diagnosis": VALUES | {"io", "loading", "render", "rigs"},
    "serve": VALUES | {"io", "rigs", "checkpoint", "animate", "sampling", "loading", "stream", "gestures", "export", "render"},
}
# `cli` and the public names of the package itself import anything; nothing imports `cli`.

# PyTorch trains; whatever runs does without it (`tests/cli/test_without_pytorch.py`)
TORCH = ("models/", "train/", "rigs/heads/flame_skinning.py", "recipes/")
HEAVY = {
    "av": ("io/video", "io/audio"),
    "soundfile": ("io/audio", "data/store/shards.py", "data/synth/engines.py"),
    "safetensors": ("io/tensors.py",),
    "numba": ("render/",),
    "llvmlite": ("render/machine_code.py",),
    "PIL": ("io/photo.py",),
    "pillow_heif": ("io/photo.py",),
    "ai_edge_litert": ("track/networks.py",),
    "torch": TORCH,
    "shtab": ("cli/options/parser.py",),
    "tqdm": ("cli/options/progress.py",),
    "pxr": ("export/usd.py",),
    "c2pa": ("io/c2pa.py",),
    "onnxruntime": ("models/graphs/session.py",),
    "fastapi": ("serve/",),
    "starlette": ("serve/",),
    "pythonosc": ("serve/live/vmc.py",),
    "websockets": ("serve/live/websocket.py",),
    "sounddevice": ("serve/live/sounds.py",),
    "pocketsphinx": ("data/material/phone_alignment.py",),
    "pyarrow": ("export/parquet.py", "io/motion_parquet.py", "data/store/shards.py"),
    "matplotlib": ("evaluate/report/plots.py",),
    "transformers": ("models/hubert.py", "models/recogniser.py", "train/hubert_weights.py"),
    "ray": ("batch/ray_cluster.py",),
    "accelerate": ("train/accelerated.py",),
}
