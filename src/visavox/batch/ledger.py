"""`Ledger`: which outputs of a batch are finished, of which input and with which options, so that a run that was stopped goes on.

A line of JSON is added for each finished output, after the output stands whole in its place. Whatever moment a run dies at, the next
one finds either the line and the file, or makes the file again. What cannot be read of it, such as a line cut short, counts for nothing.
"""

import hashlib
import json
import os
from contextlib import suppress
from pathlib import Path

from visavox.errors import FileError

try:
    import fcntl
except ImportError:  # Windows: two runs in one folder are not kept apart
    fcntl = None

NAME = "batch-done.jsonl"
PIECE = 1 << 20


class Ledger:
    """The finished outputs of the batch in `folder`, held by this run alone until it is closed."""

    def __init__(self, folder: Path):
        self.path = folder / NAME
        try:
            self._file = open(self.path, "a+b")
            if fcntl:
                fcntl.flock(self._file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise FileError(f"another run writes into {folder}; wait for its end, or give another folder") from None
        except OSError as error:
            raise FileError(f"{self.path} cannot be written ({error.strerror}); choose a folder that you may write to") from None
        self._done = self._read()

    def _read(self) -> dict[str, dict]:
        self._file.seek(0)
        done, content = {}, self._file.read()
        for line in content.splitlines():
            with suppress(ValueError):
                entry = json.loads(line)
                if isinstance(entry, dict) and all(isinstance(entry.get(name), str) for name in ("output", "made_of", "sha256")):
                    done[entry["output"]] = entry
        if content and not content.endswith(b"\n"):
            self._write(b"\n")
        return done

    def finished(self, output: str) -> tuple[str, str] | None:
        """What a finished `output` was made of and its own hash; None when it is not known to be finished."""
        entry = self._done.get(output)
        return entry and (entry["made_of"], entry["sha256"])

    def finish(self, output: str, made_of: str, sha256: str) -> None:
        """Adds that `output` stands whole in its place."""
        entry = {"output": output, "made_of": made_of, "sha256": sha256}
        self._done[output] = entry
        self._write(json.dumps(entry).encode() + b"\n")

    def close(self) -> None:
        """Lets go of the folder."""
        self._file.close()

    def _write(self, line: bytes) -> None:
        try:
            self._file.write(line)
            self._file.flush()
            os.fsync(self._file.fileno())
        except OSError as error:
            raise FileError(f"{self.path} cannot be written ({error.strerror}); free some space and run it again") from None


def sha256_of(path: str | Path) -> str:
    """The SHA-256 of a file's content, in hexadecimal."""
    digest = hashlib.sha256()
    with open(path, "rb") as file:
        while piece := file.read(PIECE):
            digest.update(piece)
    return digest.hexdigest()
