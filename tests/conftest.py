"""Lets tests import their neighbours (`shared_data`) whatever folder pytest starts in."""

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent))
