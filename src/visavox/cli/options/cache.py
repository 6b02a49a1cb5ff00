"""A place for the machine code of compiled loops where neither the package nor the home of the user can be written."""

import os
import stat
import sys
import tempfile
from pathlib import Path

CACHE = "NUMBA_CACHE_DIR"
ONCE = "about 10 s of compiling"


def keep_compiled() -> None:
    """Names a folder of the user's own for what Numba compiles, where Numba would find none. To be called before anything is drawn.

    Says on standard error where that is when it is new, or that there is none. None is named where the package carries the machine code.
    """
    from visavox.render.machine_code import fits

    if fits():
        return
    package = Path(__file__).resolve().parents[2] / "render" / "__pycache__"
    home = Path(os.environ.get("XDG_CACHE_HOME") or os.path.expanduser("~/.cache")) / "numba"
    if os.environ.get(CACHE) or takes_files(package) or takes_files(home):
        return
    place = Path(tempfile.gettempdir()) / f"visavox-{os.getuid() if hasattr(os, 'getuid') else 'cache'}"
    new = not place.exists()
    if not _own(place):
        print(f"visavox: {ONCE} before drawing, each time: no folder can keep it; name one in {CACHE}", file=sys.stderr)
        return
    os.environ[CACHE] = str(place)
    if new:
        print(f"visavox: {ONCE} before drawing, this once: it is kept in {place}", file=sys.stderr)


def takes_files(folder: Path) -> bool:
    """Whether a file can be made in `folder`."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryFile(dir=folder):
            return True
    except (OSError, ValueError):
        return False


def _own(folder: Path) -> bool:
    """Whether `folder`, made if need be, is this user's alone: what lies in it is run."""
    try:
        folder.mkdir(mode=0o700, exist_ok=True)
        found = os.lstat(folder)
    except OSError:
        return False
    if not stat.S_ISDIR(found.st_mode):
        return False
    theirs = hasattr(os, "getuid") and (found.st_uid != os.getuid() or found.st_mode & 0o077)
    return not theirs and takes_files(folder)
