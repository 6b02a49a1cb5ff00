"""Lets tests import the modules that make their material, whatever folder pytest starts in; one thread, for tests are many and small.

Files of tests that take the longest run first, so that no processor waits for one of them at the end (`make test` gives each file to one).
"""

import gc
import os
import sys
from pathlib import Path

from hypothesis import settings

for threads in ("OMP_NUM_THREADS", "NUMBA_NUM_THREADS"):  # before the libraries start: on a busy machine their threads wait for one another
    os.environ.setdefault(threads, "1")
HERE = Path(__file__).resolve().parent
sys.path.append(str(HERE.parent))  # `tools`
sys.path[:0] = [str(HERE), *(str(HERE / folder) for folder in ("convert", "data", "export", "portrait", "rigs", "train"))]

SLOWEST = (  # files of 6 processor seconds and more, the longest first
    "test_overfit.py", "test_transfer.py", "test_process.py", "test_track_verb.py", "test_portrait_verb.py", "test_loop.py",
    "test_portrait.py", "test_stream.py", "test_transfer_stranger.py", "test_gltf_shapes.py", "test_gltf.py", "test_head_gesture.py",
    "test_style_of_films.py", "test_solving.py", "test_fine_tuning.py", "test_animate_many.py", "test_default_head.py",
    "test_following.py", "test_picture.py", "test_retarget_verb.py", "test_onnx_engine.py", "test_without_pytorch.py",
    "test_export_verbs.py", "test_public.py", "test_train_verb.py", "test_checkpoint.py", "test_reading.py", "test_hidden.py",
)  # fmt: skip


settings.register_profile("visavox", derandomize=True, deadline=None, database=None)  # the same on every machine, however busy
settings.load_profile("visavox")
gc.disable()  # while thousands of tests and all libraries are loaded, which stay


def pytest_collection_finish():
    """What was loaded is no garbage, and is not walked through again and again."""
    gc.freeze()
    gc.enable()


def pytest_collection_modifyitems(items):
    place = {name: at for at, name in enumerate(SLOWEST)}
    items.sort(key=lambda item: place.get(item.path.name, len(place)))  # the order within a file, and of the others, stays
