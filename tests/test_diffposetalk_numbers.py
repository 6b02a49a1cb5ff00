"""Numbers of DiffPoseTalk that no other test names, and the table in docs/diffposetalk.md, whose every test must exist."""

import ast
import math
import re
from pathlib import Path

import numpy as np
import pytest
import torch
from torch import nn

from visavox.diffusion.guidance import Threshold, incremental
from visavox.diffusion.sampler import spaced_steps
from visavox.diffusion.schedule import cosine_schedule
from visavox.models.conditions import Conditions, Nulls
from visavox.models.face_config import paper_config
from visavox.models.face_model import FaceModel
from visavox.models.style_encoder import StyleEncoder
from visavox.rigs.flame import FLAME_GENERATED, FLAME_STILL_HEAD
from visavox.windows import SAMPLES_PER_FRAME

ROOT = Path(__file__).resolve().parents[1]
TABLE = ROOT / "docs" / "diffposetalk.md"


class Silent(nn.Module):
    """Stands for HuBERT where nothing is heard."""


@pytest.fixture(scope="module")
def model():
    torch.manual_seed(0)
    return FaceModel(paper_config(FLAME_GENERATED), Silent()).eval()


def test_a_motion_frame_has_640_samples():
    config = paper_config(FLAME_GENERATED)
    assert config.sample_rate / config.fps == SAMPLES_PER_FRAME == 640
    assert config.denoiser.window * SAMPLES_PER_FRAME == 64_000


@pytest.mark.parametrize(("rig", "channels"), [(FLAME_GENERATED, 54), (FLAME_STILL_HEAD, 51)])
def test_shapes_step_by_step(rig, channels):
    """Sheet 1.5: 228 numbers of a person, channels + 1 in, 111 tokens, a mask of 111 by 110, step rows 0..500, 256 before the channels."""
    with torch.device("meta"):
        denoiser = FaceModel(paper_config(rig), Silent()).denoiser
    shapes = {
        "person.weight": (512, 228), "embed.weight": (512, channels + 1), "position": (1, 111, 512), "step_map.0.weight": (512, 512),
        "step_map.2.weight": (512, 512), "read.0.weight": (256, 512), "read.2.weight": (channels, 256),
    }  # fmt: skip
    found = denoiser.state_dict()
    assert {name: tuple(found[name].shape) for name in shapes} == shapes
    assert denoiser.mask.shape == (111, 110) and denoiser.step_rows.shape == (501, 512)


def test_who_may_hear_what(model):
    """Sheet 1.5: the person hears all frames, motion token i frame i alone."""
    mask = model.denoiser.mask
    assert bool(mask[0].all()) and torch.equal(mask[1:], torch.eye(110, dtype=torch.bool))


def test_start_and_null_tensors(model):
    """Sheet 1.6: their shapes, and values drawn from the unit normal distribution."""
    shapes = {"start_motion": (1, 10, 54), "start_audio": (1, 10, 512), "null_style": (1, 128), "null_audio": (1, 1, 512)}
    for name, shape in shapes.items():
        tensor = getattr(model, name).detach()
        assert tuple(tensor.shape) == shape
        assert abs(float(tensor.mean())) < 4 / math.sqrt(tensor.numel()) and abs(float(tensor.std()) - 1) < 4 / math.sqrt(tensor.numel())


def test_the_end_of_the_window_before_and_the_face_are_never_left_out(model):
    """Sheet 1.6 and 2.2: previous audio is not nulled with the audio, and shape is never dropped."""
    random = torch.Generator().manual_seed(1)

    def draw(*shape):
        return torch.randn(shape, generator=random)

    both = Nulls(torch.ones(1, dtype=torch.bool), torch.ones(1, dtype=torch.bool))
    noisy, before, after, context, face = draw(1, 100, 54), draw(1, 10, 512), draw(1, 10, 512), draw(1, 10, 54), draw(1, 100)
    audio, step, valid = draw(1, 100, 512), torch.tensor([250]), torch.ones(1, 100)

    def ask(context_audio, identity, heard, style):
        with torch.no_grad():
            return model(noisy, step, Conditions(heard, valid, context, context_audio, style, identity), both)

    plain = ask(before, face, audio, draw(1, 128))
    torch.testing.assert_close(ask(before, face, draw(1, 100, 512), draw(1, 128)), plain)  # both are nulled
    assert float((ask(after, face, audio, None) - plain).abs().max()) > 1e-3
    assert float((ask(before, -face, audio, None) - plain).abs().max()) > 1e-3


def test_styles_have_the_length_that_the_last_norm_gives():
    """Sheet 1.7: nothing after the last norm but the mean over time, so that a motion without change has a style of length sqrt(128)."""
    torch.manual_seed(0)
    encoder = StyleEncoder(paper_config(FLAME_GENERATED, constant_row=True).style).eval()
    with torch.no_grad():
        still = encoder(torch.randn(3, 1, 54).expand(3, 100, 54))
        moving = encoder(torch.randn(3, 100, 54))
    np.testing.assert_allclose(still.norm(dim=1), math.sqrt(128), rtol=1e-4)
    assert bool((moving.norm(dim=1) < math.sqrt(128)).all())


def test_a_published_window_takes_1500_evaluations():
    """Sheet 3: 500 steps from 500 to 1, three branches; weights for audio 1.15 and style 3; thresholds 0.99, 1 and 4 in each branch."""
    steps = spaced_steps(cosine_schedule(500), 500)
    terms = incremental([("audio", 1.15), ("style", 3.0)])
    assert tuple(steps) == tuple(range(500, 0, -1)) and len(steps) * len(terms) == 1500
    assert [sorted(term.condition) for term in terms] == [[], ["audio"], ["audio", "style"]]
    np.testing.assert_allclose([term.weight for term in terms], [-0.15, -1.85, 3.0])
    assert (Threshold().quantile, Threshold().low, Threshold().high, Threshold().per_branch) == (0.99, 1.0, 4.0, True)


def test_the_schedule_has_501_rows():
    """Sheet 1.1 and 3: beta 0 at step 0, then within [1e-4, 0.999]; the cosine with its offset of 0.008."""
    schedule = cosine_schedule(500)
    assert schedule.beta.shape == schedule.kept.shape == (501,) and schedule.beta[0] == 0
    assert schedule.beta[1:].min() >= 1e-4 and schedule.beta.max() == 0.999
    curve = [math.cos((step / 500 + 0.008) / 1.008 * math.pi / 2) ** 2 for step in range(501)]
    assert schedule.beta[250] == pytest.approx(1 - curve[250] / curve[249])
    assert schedule.kept[400] == pytest.approx(np.prod(1 - schedule.beta[:401]))


def rows_of_the_table() -> list[str]:
    return [line for line in TABLE.read_text(encoding="utf-8").splitlines() if line.startswith("|") and not re.match(r"\|[ :-]*\|", line)]


def test_every_row_of_the_table_has_a_test_that_exists_or_a_reason():
    named = 0
    for row in rows_of_the_table():
        cells = [cell.strip() for cell in re.split(r"(?<!\\)\|", row.strip("|"))]
        assert len(cells) in (2, 3), row
        if cells[0] in ("number", "here") or len(cells) == 2:
            continue
        references = re.findall(r"`([\w/]+\.py)::(\w+)`", cells[2])
        named += len(references)
        assert references or cells[2].startswith("not held:"), f"neither a test nor a reason: {row}"
        for file, function in references:
            tree = ast.parse((ROOT / "tests" / file).read_text(encoding="utf-8"))
            assert any(isinstance(node, ast.FunctionDef) and node.name == function for node in tree.body), f"{file} has no {function}"
    assert named > 50


def test_the_table_covers_every_section():
    text = TABLE.read_text(encoding="utf-8")
    for section in ("1.1", "1.2", "1.3", "1.4", "1.5", "1.6", "1.7", "1.8", "2.2", "2.3", "2.4", "2.5", "3"):
        assert f"## {section} " in text, section
