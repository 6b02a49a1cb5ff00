"""Machine code that the package carries: of these sources, for all that drawing and tracking call, and without a compiler."""

import re
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from tools.kernel_calls import calls, recorded

from flame_like import flame_from_head
from visavox.errors import DependencyError
from visavox.io.assets import asset_arrays, read_head_asset
from visavox.render import Camera, machine_code
from visavox.render import compiled as room
from visavox.render.appearance import Appearance
from visavox.render.compiled import compiled, inlined
from visavox.render.machine_code import LEVELS, fitting, flattened, kind_of, sources_hash
from visavox.render.painter import Painter
from visavox.render.video import packaged_appearance
from visavox.rigs.heads.default_head import Head
from visavox.rigs.heads.flame_head import MEAN_FACE, FlameHead
from visavox.style import Identity


def carried(level: str) -> dict[str, np.ndarray]:
    return asset_arrays("kernels", f"linux-{level}.npz")


PACKAGE = Path(machine_code.__file__).parents[1]
BAKE = "run python -m tools.bake_kernels"


@pytest.mark.parametrize("level", LEVELS)
def test_it_was_made_of_the_sources_as_they_stand(level):
    assert str(carried(level)["sources"]) == sources_hash(), f"a compiled loop has changed: {BAKE}"


def test_every_file_that_has_to_do_with_compiled_loops_is_a_source():
    """Numba itself is imported in one file alone: tests/floor_plan.py."""
    room_of_loops = PACKAGE / "render" / "compiled.py"
    users = {path for path in PACKAGE.rglob("*.py") if "visavox.render.compiled import" in path.read_text(encoding="utf-8")}
    assert {path.relative_to(PACKAGE).as_posix() for path in users | {room_of_loops}} == set(machine_code.SOURCES)


def test_every_level_carries_every_loop_that_there_is():
    loops = {name for source in machine_code.SOURCES for name in re.findall(r"@compiled\ndef (\w+)", (PACKAGE / source).read_text())}
    assert len(loops) >= 20
    for level in LEVELS:
        assert {entry.split()[0] for entry in map(str, carried(level)["entries"])} == loops, BAKE


def test_every_level_carries_what_any_drawing_and_tracking_calls():
    head = Head.from_asset(read_head_asset())
    flame = FlameHead.from_arrays(flame_from_head(head, 1.0, np.zeros(3))[0])
    with recorded() as called:
        for face, identity, look in (
            (head, Identity("old_m"), packaged_appearance(Identity("old_m"))), (flame, MEAN_FACE, Appearance.plain()),
        ):  # fmt: skip
            painter = Painter(face, identity, look, Camera.portrait(face, identity, 64)).twin()
            painter.draw(face.vertices(np.zeros((1, len(face.rig))), identity)[0])
    for level in LEVELS:
        entries = set(map(str, carried(level)["entries"]))
        missing = [entry for entry in called | calls() if fitting(entry, entries) is None]
        assert not missing, f"what is called has changed: {BAKE}"


def test_what_is_carried_for_arrays_that_lie_in_any_way_takes_those_that_lie_close():
    carried = ("paint f2A B1C q", "paint f2A B1C")
    assert fitting("paint f2C B1C q", carried) == fitting("paint f2A B1C q", carried) == carried[0]
    assert fitting("paint f2C B1C", carried) == carried[1]
    for other in ("paint f2C B1A q", "paint f2C B1C d", "paint d2C B1C q", "print f2C B1C q", "paint f2C"):
        assert fitting(other, carried) is None, other


@pytest.mark.skipif(machine_code.level() is None, reason="the package carries no machine code for this processor and system")
def test_a_first_frame_loads_neither_a_compiler_nor_scipy():
    code = """
import sys
from visavox.render import render
from visavox.motion import Motion
from visavox.rigs.arkit import ARKIT
from visavox.rigs.heads.default_head import Head
import numpy as np
next(iter(render(Motion(np.zeros((1, len(ARKIT))), 25, ARKIT), Head.default())))
print([name for name in ("numba", "llvmlite", "scipy") if name in sys.modules])
"""
    assert subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout.strip() == "[]"


def test_where_nothing_is_carried_and_numba_is_missing_one_line_says_so(monkeypatch):
    monkeypatch.setattr(room, "shipped", lambda name, kind: None)
    monkeypatch.setitem(sys.modules, "numba", None)
    monkeypatch.setattr(_double, "_known", {})
    monkeypatch.setitem(vars(_double), "jitted", None)
    del vars(_double)["jitted"]
    with pytest.raises(DependencyError, match="^Numba cannot be loaded .*pip install numba$"):
        _double(np.arange(3.0), np.zeros(3))


@pytest.mark.skipif(machine_code.level() is None, reason="the package carries no machine code for this processor and system")
def test_a_library_that_is_not_the_one_that_was_made_is_not_loaded(monkeypatch, tmp_path):
    (tmp_path / "other.so").write_bytes(b"not what was baked")
    monkeypatch.setattr(machine_code, "asset_path", lambda *parts: tmp_path / "other.so")
    machine_code.library.cache_clear()
    assert not machine_code.fits()
    machine_code.library.cache_clear()


@pytest.mark.parametrize("level", LEVELS)
def test_a_processor_has_a_level_when_linux_names_all_that_it_needs(monkeypatch, level):
    flags = {machine_code.NAMES_IN_LINUX.get(each, each) for each in LEVELS[level]} | {"fpu"}
    monkeypatch.setattr(sys, "platform", "linux")
    monkeypatch.setattr("platform.machine", lambda: "x86_64")
    monkeypatch.setattr(machine_code, "processor_flags", lambda: frozenset(flags))
    assert machine_code.level() == level
    monkeypatch.setattr(machine_code, "processor_flags", lambda: frozenset(flags - {"abm"}))
    assert machine_code.level() is None


def test_arguments_are_laid_out_as_numba_hands_them_over():
    rows, mask = np.zeros((3, 4), np.float32), np.ones(5, bool)
    arguments = (rows, (mask, 7), np.float32(0.5), 2.5)
    assert kind_of(arguments) == (("f", 2, True), ("?", 1, True), "q", "f", "d")
    of_rows = [None, None, 12, 4, rows.ctypes.data, 3, 4, 16, 4]
    assert flattened(arguments) == [*of_rows, None, None, 5, 1, mask.ctypes.data, 5, 1, 7, np.float32(0.5), 2.5]
    assert kind_of((rows.T,)) == (("f", 2, False),), "another layout is another loop"


@inlined
def _twice(value):
    return value * 2


@compiled
def _double(values, made):
    for place in range(values.shape[0]):
        made[place] = _twice(values[place])


@pytest.mark.parametrize("level", [None, "x86-64-v3"])
def test_what_is_not_carried_is_compiled_where_it_runs(monkeypatch, level):
    """For another processor, and for arguments that nobody has drawn with."""
    monkeypatch.setattr(machine_code, "level", lambda: level)
    machine_code.library.cache_clear()
    made = np.zeros(3)
    room.Loop(_double.function)(np.arange(3.0), made)  # one that has not looked for its code yet
    assert made.tolist() == [0, 2, 4]
    machine_code.library.cache_clear()


def test_code_of_other_sources_is_not_loaded(monkeypatch):
    monkeypatch.setattr(machine_code, "sources_hash", lambda: "another")
    machine_code.library.cache_clear()
    assert machine_code.library()[0] == {}
    machine_code.library.cache_clear()
