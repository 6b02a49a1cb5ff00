"""What a user's program imports: the public names, and the examples with random weights in place of the trained ones."""

import ast
import runpy
import subprocess
import sys
from dataclasses import replace
from importlib import import_module
from pathlib import Path

import numpy as np
import pytest

import visavox
from recordings import write_with_libsndfile
from tiny_checkpoint import write_tiny_checkpoint, write_tiny_style

ROOT = Path(__file__).resolve().parents[1]
EXAMPLES = sorted((ROOT / "examples").glob("*.py"))


def use_tiny_checkpoint(monkeypatch, folder: Path) -> None:
    """Makes random weights, which have no usual style, the packaged ones, and a style of theirs each built-in style."""
    tiny = write_tiny_checkpoint(folder / "tiny.safetensors")
    style = visavox.read_style(write_tiny_style(folder / "style.safetensors", tiny))
    monkeypatch.setattr("visavox.loading.default_checkpoint", lambda: tiny)
    monkeypatch.setattr(visavox, "built_in_style", lambda name: replace(style, name=name), raising=False)


@pytest.mark.parametrize("name", visavox.__all__)
def test_every_public_name_exists_and_is_listed(name):
    assert getattr(visavox, name) is not None and name in dir(visavox)


def test_an_editor_sees_the_names_that_the_program_has():
    tree = ast.parse((ROOT / "src" / "visavox" / "__init__.py").read_text(encoding="utf-8"))
    (block,) = [node for node in tree.body if isinstance(node, ast.If)]
    seen = {alias.asname: (line.module, alias.name) for line in block.body for alias in line.names}
    assert set(seen) | {"__version__"} == set(visavox.__all__)
    for name, (home, own) in seen.items():
        assert own == name and getattr(import_module(home), own) is getattr(visavox, name)
    assert (ROOT / "src" / "visavox" / "py.typed").exists()


def test_an_unknown_name_lists_the_known_ones():
    with pytest.raises(AttributeError, match="read_audio"):
        _ = visavox.hear


def test_a_path_or_a_name_in_place_of_a_value_is_answered_with_the_call_that_makes_it(tmp_path):
    animator = visavox.load(write_tiny_checkpoint(tmp_path / "tiny.safetensors"))
    with pytest.raises(visavox.VisavoxError, match=r"read_audio\('speech.wav'\)"):
        animator.animate(Path("speech.wav"))
    with pytest.raises(visavox.VisavoxError, match=r"built_in_style\('lively'\)"):
        animator.animate(visavox.Audio(np.zeros(8000, np.float32), 16000), "lively")


def test_the_rooms_need_no_import_of_their_own():
    code = "import visavox; print(visavox.export.export.__name__, visavox.render.render.__name__)"
    assert subprocess.run([sys.executable, "-c", code], capture_output=True, text=True).stdout == "export render\n"


def test_no_public_name_hides_a_room():
    rooms = {path.stem for path in (ROOT / "src" / "visavox").iterdir()}
    assert not rooms & set(visavox.__all__)


def test_the_readme_runs(tmp_path, monkeypatch):
    write_with_libsndfile(tmp_path / "speech.wav", 1.0, 16000)
    monkeypatch.chdir(tmp_path)
    use_tiny_checkpoint(monkeypatch, tmp_path)
    text = (ROOT / "README.md").read_text(encoding="utf-8")
    (code,) = [block.split("```")[0] for block in text.split("```python\n")[1:]]
    exec(compile(code, "README.md", "exec"), {})
    assert visavox.read_motion("face.npz").frames == 25


@pytest.mark.parametrize("path", EXAMPLES, ids=lambda path: path.name)
def test_an_example_runs_and_is_short(path, tmp_path, monkeypatch):
    assert len(path.read_text(encoding="utf-8").splitlines()) <= 40
    use_tiny_checkpoint(monkeypatch, tmp_path)
    speech = write_with_libsndfile(tmp_path / "speech.wav", 0.5, 16000)
    made = runpy.run_path(str(path))["main"](speech, tmp_path / "out")
    assert made.stat().st_size > 1000


def test_the_engine_of_the_example_draws_the_same_motion(tmp_path, monkeypatch, capsys):
    use_tiny_checkpoint(monkeypatch, tmp_path)
    speech = write_with_libsndfile(tmp_path / "speech.wav", 0.5, 16000)
    made = runpy.run_path(str(ROOT / "examples" / "06_engine.py"))["main"](speech, tmp_path)
    usual = visavox.load().animate(visavox.read_audio(speech))
    assert np.array_equal(visavox.read_motion(made).values, usual.values)
    assert "'denoise'" in capsys.readouterr().out


def test_values_of_a_public_motion_are_plain_numpy(tmp_path):
    motion = visavox.Motion(np.zeros((2, 1)), 25, visavox.Rig("one", (visavox.Channel("x"),)))
    visavox.write_motion(motion, tmp_path / "a.npz")
    assert isinstance(visavox.read_motion(tmp_path / "a.npz").values, np.ndarray)


def test_importing_the_package_is_importing_nothing():

    code = "import sys, visavox; print([name for name in ('numpy', 'torch', 'scipy') if name in sys.modules])"
    assert subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout == "[]\n"
