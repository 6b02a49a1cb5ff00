"""Machine code that the package carries: of these sources, for all that drawing calls, and without a compiler."""

import subprocess
import sys

import numpy as np
import pytest

from flame_like import flame_from_head
from visavox.errors import DependencyError
from visavox.io.assets import asset_arrays, read_head_asset
from visavox.render import Camera, machine_code
from visavox.render import compiled as room
from visavox.render.appearance import Appearance
from visavox.render.compiled import compiled, inlined
from visavox.render.machine_code import LEVELS, entry_of, flattened, kind_of, sources_hash
from visavox.render.painter import Painter
from visavox.render.sheet import contact_sheet
from visavox.render.video import packaged_appearance
from visavox.rigs.heads.default_head import Head
from visavox.rigs.heads.flame_head import MEAN_FACE, FlameHead
from visavox.rigs.transfer.surface import Surface
from visavox.style import Identity


def carried(level: str) -> dict[str, np.ndarray]:
    return asset_arrays("kernels", f"linux-{level}.npz")


@pytest.mark.parametrize("level", LEVELS)
def test_it_was_made_of_the_sources_as_they_stand(level):
    assert str(carried(level)["sources"]) == sources_hash(), "a drawing loop has changed: run python -m tools.bake_kernels"


def test_every_level_carries_every_loop_that_any_drawing_calls(monkeypatch):
    called = set()

    def record(name, kind):
        called.add(entry_of(name, kind))

    monkeypatch.setattr(room, "shipped", record)
    monkeypatch.setattr(room.Loop, "jitted", property(lambda self: lambda *arguments: None))
    for loop in (each for module in list(sys.modules.values()) for each in vars(module or object).values() if isinstance(each, room.Loop)):
        monkeypatch.setattr(loop, "_known", {})
    head = Head.from_asset(read_head_asset())
    flame = FlameHead.from_arrays(flame_from_head(head, 1.0, np.zeros(3))[0])
    for face, identity, look in (
        (head, Identity(), packaged_appearance(Identity())), (head, Identity("old_m"), packaged_appearance(Identity("old_m"))),
        (head, Identity(), Appearance.plain()), (flame, MEAN_FACE, Appearance.plain()),
    ):  # fmt: skip
        painter = Painter(face, identity, look, Camera.portrait(face, identity, 64)).twin()
        for made in (painter.normals, painter.placed):  # the loops that fill them are only recorded
            made[:] = 0
        painter.draw(face.vertices(np.zeros((1, len(face.rig))), identity)[0])
    clay = Surface(head.neutral().astype(float), head.skin_faces)
    contact_sheet(clay, np.full((len(clay.faces), 3), 0.5), (), np.zeros((0, *clay.points.shape)))
    assert len(called) >= 10
    for level in LEVELS:
        assert called <= set(map(str, carried(level)["entries"])), "what drawing calls has changed: run python -m tools.bake_kernels"


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
