"""Lets tests import the modules that make their material, whatever folder pytest starts in; one thread, for tests are many and small."""

import os
import sys
from pathlib import Path

for threads in ("OMP_NUM_THREADS", "NUMBA_NUM_THREADS"):  # before the libraries start: on a busy machine their threads wait for one another
    os.environ.setdefault(threads, "1")
HERE = Path(__file__).resolve().parent
sys.path.append(str(HERE.parent))  # `tools`
sys.path[:0] = [str(HERE), *(str(HERE / folder) for folder in ("convert", "data", "export", "portrait", "rigs", "train"))]
