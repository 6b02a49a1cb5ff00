"""What must be installed before a corpus is built: speech engines, and festival's voices, which are packages of their own."""

import ctypes
import shutil
import subprocess
from collections.abc import Iterable

from visavox.data.synth.engines import FESTIVAL_VOICES, TIMEOUT_SECONDS
from visavox.errors import DependencyError

FESTIVAL_PACKAGES = {
    "slt_hts": "festvox-us-slt-hts", "kal": "festvox-kallpc16k", "ked": "festvox-kdlpc16k", "lp": "festvox-italp16k",
    "pc": "festvox-itapc16k", "lj_fi": "festvox-suopuhe-lj", "mv_fi": "festvox-suopuhe-mv", "dita": "festvox-czech-dita",
    "machac": "festvox-czech-machac", "ph": "festvox-czech-ph", "krb": "festvox-czech-krb", "ona_hts": "festvox-ca-ona-hts",
    "nsh": "festvox-ru", "nsk_hi": "festvox-hi-nsk", "nsk_te": "festival-te festvox-te-nsk",
}  # fmt: skip
_KNOWN = '(mapcar (lambda (voice) (if (symbol-bound? voice) (format t "%s\\n" voice))) \'({voices}))'


def check_voices(voices: Iterable[str]) -> None:
    """Raises a DependencyError with Debian's whole install line when an engine or a voice ("engine:voice") is not installed."""
    missing = missing_packages(voices)
    if missing:
        voices_lacking = ", ".join(sorted({voice for lacking in missing.values() for voice in lacking}))
        raise DependencyError(
            f"the corpus needs speech of {voices_lacking}, not installed here; install: apt install {' '.join(sorted(missing))}"
        )


def missing_packages(voices: Iterable[str]) -> dict[str, list[str]]:
    """The voices that cannot speak here, by the Debian package that brings each; empty when all can."""
    wanted = sorted(set(voices))
    missing: dict[str, list[str]] = {}
    festival = [voice for voice in wanted if voice.startswith("festival:")]
    bound = festival_knows([voice.partition(":")[2] for voice in festival])
    for voice in wanted:
        engine, _, name = voice.partition(":")
        if engine == "festival":
            if bound is None:
                missing.setdefault("festival", []).append(voice)
            if name not in (bound or ()):
                missing.setdefault(FESTIVAL_PACKAGES[name], []).append(voice)
        elif engine == "flite" and shutil.which("flite") is None:
            missing.setdefault("flite", []).append(voice)
        elif engine == "espeak" and not has_espeak():
            missing.setdefault("espeak-ng", []).append(voice)
    return missing


def festival_knows(names: list[str]) -> set[str] | None:
    """Those of the voices `names` whose commands festival has; None without festival."""
    if names and shutil.which("festival") is None:
        return None
    if not names:
        return set()
    commands = {FESTIVAL_VOICES[name].command: name for name in names}
    asked = ["festival", "--pipe"]
    try:
        done = subprocess.run(asked, input=_KNOWN.format(voices=" ".join(commands)).encode(), capture_output=True, timeout=TIMEOUT_SECONDS)
    except (OSError, subprocess.TimeoutExpired):
        return None
    return {commands[line] for line in done.stdout.decode("ascii", "replace").split() if line in commands}


def has_espeak() -> bool:
    try:
        ctypes.CDLL("libespeak-ng.so.1")
    except OSError:
        return False
    return True
