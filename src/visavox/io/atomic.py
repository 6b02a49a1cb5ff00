"""Writing that leaves either the whole file or nothing: a temporary neighbour first, its final name last."""

import os
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from visavox.errors import FileError


def check_writable(path: str | Path) -> Path:
    """The real path behind `path`, once a file was created and removed beside it: call it before long work starts.

    Raises a FileError when the folder is missing or cannot be written, or `path` is something other than a plain file.
    """
    target = Path(os.path.realpath(path))
    if target.is_dir():
        raise FileError(f"cannot write {path}: it is a folder; name a file inside it")
    if target.exists() and not target.is_file():
        raise FileError(f"cannot write {path}: it is not a plain file; name another output")
    if not target.parent.is_dir():
        raise FileError(f"cannot write {path}: the folder {target.parent} does not exist; create it first")
    probe = _neighbour(target)
    try:
        probe.touch(exist_ok=False)
    except OSError as error:
        raise FileError(f"cannot write {path}: {_reason(error)}; choose a folder that you may write to") from None
    finally:
        probe.unlink(missing_ok=True)
    return target


@contextmanager
def replacing(path: str | Path) -> Iterator[Path]:
    """A temporary path beside `path`, of the same suffix, for the body to write; it becomes `path` when the body ends.

    The temporary file is removed when the body fails or is interrupted, and a file already at `path` is then untouched.
    Raises a FileError when the system refuses the writing.
    """
    target = check_writable(path)
    temporary = _neighbour(target)
    try:
        yield temporary
        os.replace(temporary, target)
    except OSError as error:
        raise FileError(f"cannot write {path}: {_reason(error)}; free some space or choose another folder") from error
    finally:
        temporary.unlink(missing_ok=True)


def write_bytes(data: bytes, path: str | Path) -> None:
    """Writes exactly `data` to `path`, whole or not at all. Raises a FileError as `replacing` does."""
    with replacing(path) as temporary:
        temporary.write_bytes(data)


def _neighbour(target: Path) -> Path:
    return target.with_name(f".{target.stem[:80]}-{secrets.token_hex(6)}{target.suffix}")


def _reason(error: OSError) -> str:
    return error.strerror or str(error) or type(error).__name__
