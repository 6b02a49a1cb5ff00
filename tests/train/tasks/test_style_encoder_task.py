"""The second task: its contrast against the formula, pairs of one manner from two recordings, and that manners come apart."""

import math

import numpy as np
import pytest
import torch
from small_corpus import small_face, small_recordings
from torch.nn import functional

from visavox.errors import OptionError
from visavox.train.tasks.style_encoder import StylingTask, nt_xent


@pytest.fixture(scope="module")
def recordings(tmp_path_factory):
    return small_recordings(tmp_path_factory.mktemp("styling"), recordings=12, styles=4)


def test_contrast_against_the_formula():
    vectors = torch.randn(10, 6, generator=torch.Generator().manual_seed(0))
    total = 0.0
    for one in range(10):
        likeness = [functional.cosine_similarity(vectors[one], vectors[other], dim=0).item() / 0.1 for other in range(10)]
        others = math.log(sum(math.exp(value) for other, value in enumerate(likeness) if other != one))
        total += others - likeness[(one + 5) % 10]
    assert nt_xent(vectors).item() == pytest.approx(total / 10, rel=1e-4)


def test_contrast_of_known_vectors():
    apart = torch.eye(4).repeat(2, 1)  # partners equal, strangers at right angles
    assert nt_xent(apart).item() == pytest.approx(math.log(1 + 6 * math.exp(-10)), rel=1e-3)
    same = torch.ones(8, 5)  # nothing to tell apart: one of seven by chance
    assert nt_xent(same).item() == pytest.approx(math.log(7), rel=1e-4)
    assert nt_xent(apart.roll(1, 0)[[0, 1, 2, 3, 7, 4, 5, 6]]) > 5  # wrong partners
    assert nt_xent(3 * apart).item() == pytest.approx(nt_xent(apart).item(), rel=1e-4)  # lengths do not count


def test_a_pair_is_one_manner_from_two_recordings(recordings):
    class Seen(torch.nn.Module):
        def forward(self, motion):
            self.motion = motion
            return motion.mean(1)

    model, normalizer = Seen(), small_face(recordings).normalizer
    task = StylingTask(model, normalizer, recordings, styles=4, frames=100)
    for step in range(5):
        task.losses(np.random.default_rng(step))
        windows = normalizer.restore(model.motion.float()).numpy()
        sources = [source_of(window, recordings) for window in windows]
        for one, other in zip(sources[:4], sources[4:], strict=True):
            assert one != other and recordings.style[one] == recordings.style[other]
        assert len({int(recordings.style[source]) for source in sources[:4]}) == 4


def source_of(window: np.ndarray, recordings) -> int:
    """The number of the recording that the window was cut from."""
    motion = recordings.motion.astype(np.float32)
    errors = [
        min(np.abs(motion[start + shift] - window[0]).max() for shift in range(length - 99))
        for start, length in zip(recordings.start, recordings.length, strict=True)
    ]
    assert min(errors) < 1e-2
    return int(np.argmin(errors))


def test_manners_come_apart(recordings):
    face = small_face(recordings)
    task = StylingTask(face.style_encoder, face.normalizer, recordings, styles=4)
    adam, totals = torch.optim.Adam(face.style_encoder.parameters(), 3e-3), []
    for step in range(50):
        loss = task.losses(np.random.default_rng(step))["contrast"]
        adam.zero_grad()
        loss.backward()
        adam.step()
        totals.append(loss.item())
    assert np.mean(totals[-10:]) < 0.7 * np.mean(totals[:3])


def test_too_few_manners_are_refused(recordings):
    face = small_face(recordings)
    with pytest.raises(OptionError, match="only 4 have"):
        StylingTask(face.style_encoder, face.normalizer, recordings, styles=5)
