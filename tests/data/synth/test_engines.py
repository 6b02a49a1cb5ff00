"""The speech engines of Debian, where they are installed: sound with phones that cover it, refusals in their own words."""

import ctypes
import shutil

import numpy as np
import pytest

from visavox.data.synth import engines
from visavox.data.synth.engines import EngineError, Utterance
from visavox.data.synth.phones import INDEX
from visavox.errors import DependencyError

WORDS = "Bob made a big movie"


def needs(program: str):
    return pytest.mark.skipif(shutil.which(program) is None, reason=f"{program} is not installed")


def has_espeak() -> bool:
    try:
        ctypes.CDLL("libespeak-ng.so.1")
    except OSError:
        return False
    return True


def check(said: Utterance) -> None:
    """Sound in range, and phones without a hole from its beginning to its end."""
    assert said.samples.dtype == np.float32 and 0.01 < np.abs(said.samples).max() <= 1
    starts, ends, names = zip(*said.phones, strict=True)
    assert set(names) <= set(INDEX) and sum(name in "PBM" for name in names) >= 4
    assert starts[0] == 0 and all(end > start for start, end in zip(starts, ends, strict=True))
    assert ends[-1] == pytest.approx(said.samples.size / said.sample_rate, abs=0.25)


@needs("flite")
def test_flite_says_it_with_phones():
    said = engines.flite(WORDS, "slt", 175.0, 1.0)
    check(said)
    slow = engines.flite(WORDS, "slt", 175.0, 1.25)
    assert slow.samples.size > 1.15 * said.samples.size
    np.testing.assert_array_equal(engines.flite(WORDS, "slt", 175.0, 1.0).samples, said.samples)


@pytest.mark.skipif(not has_espeak(), reason="espeak-ng is not installed")
def test_espeak_says_it_with_phones():
    said = engines.espeak(WORDS, "en-us+f2", 160, 50, 50)
    check(said)
    assert engines.espeak(WORDS, "en-us+f2", 220, 50, 50).samples.size < 0.9 * said.samples.size
    with pytest.raises(EngineError, match="no voice 'nobody'"):
        engines.espeak(WORDS, "nobody", 160, 50, 50)


@needs("festival")
def test_festival_goes_on_after_a_refusal():
    said = engines.festival([WORDS, "", WORDS], "kal", [1.0, 1.0, 1.0])
    if all(isinstance(result, EngineError) for result in said):
        pytest.skip("festival has no voice kal_diphone")
    check(said[0])
    check(said[2])
    assert isinstance(said[1], EngineError) and str(said[1])


def test_a_missing_engine_is_named(monkeypatch):
    monkeypatch.setattr("shutil.which", lambda program: None)
    with pytest.raises(DependencyError, match="flite"):
        engines.flite(WORDS, "slt", 175.0, 1.0)
    with pytest.raises(DependencyError, match="festival"):
        engines.festival([WORDS], "kal", [1.0])


def test_a_failing_engine_is_quoted(tmp_path):
    script = tmp_path / "speaks"
    script.write_text("#!/bin/sh\necho out of breath >&2\nexit 3\n")
    script.chmod(0o755)
    with pytest.raises(EngineError, match="out of breath"):
        engines.run_engine([str(script)])
