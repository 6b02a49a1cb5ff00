"""What a command asks for, as values: built once from the options, checked where they are built, and all that travels further down."""

import ast
from pathlib import Path

import numpy as np
import pytest

import recordings
import visavox.checkpoint
import visavox.cli
import visavox.loading
from tiny_checkpoint import write_tiny_checkpoint
from visavox.cli import main
from visavox.cli.evaluate_flame import FlameRequest
from visavox.cli.options.export import Target
from visavox.cli.options.model import Model
from visavox.cli.options.output import USERS, USUAL, refuse_unused
from visavox.cli.options.picture import who
from visavox.cli.options.sampling import Speech, named_style
from visavox.errors import OptionError, VisavoxError
from visavox.export import suffixes
from visavox.rigs.flame import FLAME_GENERATED
from visavox.rigs.heads.flame_head import MEAN_FACE
from visavox.sampling import Sampling
from visavox.style import HeadStyle, Identity, Style

CLI = Path(visavox.cli.__file__).parent
VERBS = ("animate", "export", "render", "play", "evaluate", "evaluate_flame", "style", "rig", "retarget")
FILES = [*(CLI / f"{verb}.py" for verb in VERBS), *sorted((CLI / "options").glob("*.py"))]


@pytest.fixture(scope="module")
def models(tmp_path_factory):
    folder = tmp_path_factory.mktemp("model")
    flame = write_tiny_checkpoint(folder / "flame.safetensors", FLAME_GENERATED, 100)
    return {"arkit": str(write_tiny_checkpoint(folder / "arkit.safetensors")), "flame": str(flame)}


def takers(path: Path) -> list[str]:
    """The functions of a file that take a Namespace."""
    functions = [node for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))) if isinstance(node, ast.FunctionDef)]
    return [f.name for f in functions if any("Namespace" in ast.unparse(a.annotation) for a in f.args.args if a.annotation)]


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_no_namespace_travels_below_the_edge(path):
    assert not [name for name in takers(path) if name != "run" and not name.endswith("from_options")]


def test_a_namespace_that_travels_is_seen(tmp_path):
    (tmp_path / "a.py").write_text("def run(options: Namespace): ...\ndef _below(x, options: 'argparse.Namespace'): ...\n")
    assert takers(tmp_path / "a.py") == ["run", "_below"]


@pytest.mark.parametrize("arguments", [
    ["animate", "speech.wav", "-o", "face.npz"], ["animate", "speech.wav", "-o", "face.csv", "--takes", "2"],
    ["play", "speech.wav", "--to", "jsonl", "--fps", "240"],
])  # fmt: skip
def test_the_header_of_the_checkpoint_is_read_once_before_it_is_loaded(models, arguments, tmp_path, monkeypatch, capsys):
    recordings.write_with_libsndfile(tmp_path / "speech.wav", 0.2, 16000)
    monkeypatch.chdir(tmp_path)
    read, before, inspect, load = [], [], visavox.checkpoint.inspect, visavox.loading.load
    monkeypatch.setattr(visavox.checkpoint, "inspect", lambda path: read.append(str(path)) or inspect(path))
    monkeypatch.setattr(visavox.loading, "load", lambda path, **how: before.append(list(read)) or load(path, **how))
    assert main([*arguments, "--checkpoint", models["arkit"], "--steps", "2"]) == 0
    assert before == [[models["arkit"]]]


def test_a_model_is_what_its_header_says(models):
    arkit, flame = Model.read(models["arkit"]), Model.read(models["flame"])
    assert (arkit.rig_name, arkit.moves_flame, arkit.steps) == ("arkit", False, 50) and flame.moves_flame
    assert flame.channels == FLAME_GENERATED.names


def test_speech_fits_its_model(models):
    model = Model.read(models["arkit"])
    assert Speech(model, None, 3, Sampling(steps=50)).seed == 3
    with pytest.raises(OptionError, match="--steps 51 is more than the 50"):
        Speech(model, None, 0, Sampling(steps=51))
    stranger = Style(np.zeros(4, np.float32), "another encoder", "stranger", HeadStyle())
    with pytest.raises(VisavoxError, match="stranger"):
        Speech(model, stranger, 0, Sampling())


def test_styles_of_others_are_no_styles_yet():
    for name in ("a.npy", "a.NPZ"):
        with pytest.raises(OptionError, match=f"--style {name} is no style file; make one of it: .*visavox"):
            named_style(name)
    assert named_style(None) is None


def test_who_is_drawn_and_who_speaks(models, tmp_path):
    np.save(tmp_path / "someone.npy", np.full(100, 0.5, np.float32))
    arkit, flame, someone = Model.read(models["arkit"]), Model.read(models["flame"]), str(tmp_path / "someone.npy")
    child = who("child", arkit, True, None)
    assert child.drawn.name == "child" and child.speaking is None
    drawn, speaking = who(someone, flame, True, "head.safetensors")
    assert drawn is speaking and np.allclose(drawn.values, 0.5)
    nobody = who("neutral", flame, True, "head.safetensors")
    assert nobody.drawn is MEAN_FACE and nobody.speaking is None
    assert who(someone, flame, False, None).drawn.name == Identity().name
    with pytest.raises(OptionError, match="needs your FLAME head"):
        who("neutral", flame, True, None)


@pytest.mark.parametrize("suffix", suffixes())
def test_an_option_is_for_the_formats_that_use_it(suffix):
    taken = {name for name in USERS if not refused(name, suffix)}
    drawn, shown = {"certificate", "certificate_key", "size"}, {"identity"}
    sounding = {".mp4": drawn | shown | {"audio"}, ".glb": shown | {"audio", "head"}, ".svg": {"audio"}}
    assert taken == (sounding | {".csv": {"degrees"}}).get(suffix, shown if suffix.startswith(".usd") else set())


def refused(name: str, suffix: str) -> bool:
    """Whether an option is refused for a format; what nobody gave never is."""
    refuse_unused({name: USUAL.get(name)}, Path(f"a{suffix}"))
    refuse_unused({name: "given"}, Path(f"a{suffix}"), [name])
    try:
        refuse_unused({name: "given"}, Path(f"a{suffix}"))
    except OptionError as error:
        assert str(error).startswith(f"--{name.replace('_', '-')} is for ") and f"a {suffix} has no use for it" in str(error)
        return True
    return False


def test_the_head_of_another_program_is_a_gltf():
    with pytest.raises(OptionError, match="not one of .glb"):
        Target(Path("a.glb"), head="me.fbx")


@pytest.mark.parametrize(("asked", "given", "says"), [
    (False, {"head": "flame.safetensors"}, "--head without --rig flame"), (True, {"styles": True}, "--styles is not measured"),
    (True, {"head": "flame.safetensors"}, "--rig flame needs"),
])  # fmt: skip
def test_what_is_measured_of_flame_goes_together(asked, given, says):
    nothing = {"data": "store", "most": None, "checkpoint": None, "head": None, "masks": None, "styles": False}
    with pytest.raises(OptionError, match=says):
        FlameRequest(asked, **nothing | given)
