"""The animator: frames, seeds, what windows hand on, seams against a process whose perfect denoiser is known, and
refusals.
"""

import dataclasses
from dataclasses import replace

import numpy as np
import pytest
import torch

from gaussian_engine import GaussianEngine
from tiny_checkpoint import write_tiny_checkpoint
from tiny_model import RIG, tiny_config, tiny_model
from visavox.animate import Animator
from visavox.audio import Audio
from visavox.checkpoint import Checkpoint, save
from visavox.diffusion.guidance import Threshold, incremental, independent
from visavox.diffusion.noise import FrameNoise, recording_hash
from visavox.encoding import encode_in_chunks, encode_log_mel
from visavox.errors import OptionError, RigError
from visavox.evaluate.metrics.smoothness import seam_ratio
from visavox.gestures.gesture import WholeRecording, seeded
from visavox.history import Training
from visavox.loading import load
from visavox.lockstep import Carry, Stretch, blend_end, draw
from visavox.models.audio_encoder import AudioEncoder
from visavox.models.sizes import AudioEncoderConfig
from visavox.models.torch_engine import TorchEngine
from visavox.motion import Motion
from visavox.rig import Channel, Rig
from visavox.sampling import Sampling
from visavox.style import FlameIdentity, Style

WIDE = Rig("wide", tuple(Channel(f"c{number}", "head", "rad", -100, 100) for number in range(5)))
QUICK = Sampling(steps=3, blend=0.0, lockstep=16)


def some_audio(seconds: float, seed: int = 0, sample_rate: int = 16000) -> Audio:
    return Audio(0.1 * np.random.default_rng(seed).normal(size=round(seconds * sample_rate)), sample_rate)


def some_style(encoder: str = "tiny", seed: int = 0) -> Style:
    return Style(np.random.default_rng(seed).normal(size=4), encoder, "some")


def tiny_animator(changes=()) -> Animator:
    """A real model of random weights; its rig has no narrow limits, so that nothing is clamped."""
    gestures = [WholeRecording(change.__name__, seeded(change)) for change in changes]
    return Animator(TorchEngine(tiny_model(tiny_config(WIDE))), "tiny", gestures)


def gaussian_animator(forgets: bool = False, bias: float = 0.0) -> Animator:
    engine = GaussianEngine(forgets, bias)
    engine.config = dataclasses.replace(engine.config, rig=WIDE)
    return Animator(engine, "gaussian")


@pytest.mark.parametrize(("seconds", "frames"), [(0.03, 1), (0.48, 12), (0.481, 13), (0.96, 24), (2.0, 50)])
@pytest.mark.parametrize("sample_rate", [8000, 44100])
def test_motion_lasts_as_long_as_the_recording(seconds, frames, sample_rate):
    motion = tiny_animator().animate(some_audio(seconds, sample_rate=sample_rate), sampling=QUICK)
    assert motion.frames == frames and motion.fps == 25 and motion.rig == WIDE


def test_the_same_seed_gives_the_same_bytes_and_another_seed_another_take():
    audio, style = some_audio(1.5), some_style()
    one, same, other = (tiny_animator().animate(audio, style, seed=seed, sampling=QUICK) for seed in (5, 5, 6))
    assert one.values.tobytes() == same.values.tobytes()
    assert np.abs(one.values - other.values).mean() > 5e-3


def test_two_recordings_with_one_seed_start_from_other_noise_and_each_frame_from_its_own():
    starts = []
    for seed in (0, 1):
        animator, audio = gaussian_animator(), some_audio(1.2, seed)
        animator.animate(audio, seed=4, sampling=Sampling(1))
        starts.append(np.concatenate([each for _, noisy, _ in animator.engine.asked for each in noisy]))
        noise = FrameNoise(4, recording_hash(audio.samples, audio.sample_rate))
        np.testing.assert_array_equal(starts[-1][20:25], noise.frames(20, (5, starts[-1].shape[1])))
    assert abs(np.corrcoef(starts[0].ravel(), starts[1].ravel())[0, 1]) < 0.25


def test_global_generators_play_no_part():
    animator, audio = tiny_animator(), some_audio(0.6)
    one = animator.animate(audio, sampling=QUICK)
    torch.manual_seed(99)
    np.random.seed(99)
    before = np.random.get_state()[1].copy(), torch.get_rng_state()
    assert animator.animate(audio, sampling=QUICK).values.tobytes() == one.values.tobytes()
    assert np.array_equal(np.random.get_state()[1], before[0]) and torch.equal(torch.get_rng_state(), before[1])


def test_takes_are_the_single_takes():
    animator, audio, style = tiny_animator(), some_audio(1.2), some_style()
    together = animator.takes(audio, style, seeds=[3, 8], sampling=QUICK)
    for motion, seed in zip(together, (3, 8), strict=True):
        assert np.allclose(motion.values, animator.animate(audio, style, seed=seed, sampling=QUICK).values, atol=1e-4)


def test_sound_style_and_guidance_change_the_motion():
    animator, audio = tiny_animator(), some_audio(0.9)
    usual = animator.animate(audio, some_style(), sampling=QUICK).values
    others = [
        animator.animate(some_audio(0.9, seed=1), some_style(), sampling=QUICK),
        animator.animate(audio, some_style(seed=1), sampling=QUICK),
        animator.animate(audio, None, sampling=QUICK),
        animator.animate(audio, some_style(), sampling=Sampling(3, audio_guidance=3.0)),
        animator.animate(audio, some_style(), sampling=Sampling(3, style_guidance=4.0)),
        animator.animate(audio, some_style(), sampling=Sampling(3, sampler="ddpm")),
        animator.animate(audio, some_style(), sampling=Sampling(3, guide=independent)),
        animator.animate(audio, some_style(), identity=FlameIdentity(np.ones(2)), sampling=QUICK),
    ]
    assert all(np.abs(other.values - usual).max() > 1e-4 for other in others)


def test_one_after_another_each_window_is_told_what_the_one_before_made():
    animator = gaussian_animator()
    motion = animator.animate(some_audio(1.2), sampling=replace(QUICK, lockstep=1)).values  # 30 frames: windows of 12, 12 and 6
    told = [conditions for conditions, _ in animator.engine.told]
    contexts = [context for _, _, context in animator.engine.asked]
    features = encode_log_mel(animator.engine, some_audio(1.2), 30, 36).features
    assert len(told) == 3 and contexts[:3] == [None] * 3 and told[0].context_audio is None
    for number, conditions in enumerate(told):
        assert np.allclose(conditions.audio[0], features[12 * number : 12 * number + 12])
        assert conditions.valid[0].sum() == (12, 12, 6)[number] and conditions.valid[0, 0]
        if number:
            for context in contexts[3 * number : 3 * number + 3]:
                assert np.allclose(context[0], motion[12 * number - 4 : 12 * number], atol=1e-6)
            assert np.allclose(conditions.context_audio[0], features[12 * number - 4 : 12 * number])


def test_in_lockstep_each_window_is_told_what_the_one_before_looked_like_a_step_ago():
    animator, seen = gaussian_animator(), []
    denoise = animator.engine.denoise
    animator.engine.denoise = lambda *asked: seen.append(denoise(*asked)) or seen[-1]
    animator.threads = 1
    animator.animate(some_audio(1.2), sampling=QUICK)  # the first window alone, the other two in one batch; three steps
    (alone, pair), contexts = (seen[0::2], seen[1::2]), [context for _, _, context in animator.engine.asked]
    assert contexts[0::2] == [None] * 3 and contexts[1] is None
    for step in (1, 2):
        ends = np.stack([alone[step - 1][0, 0, -4:], pair[step - 1][0, 0, -4:]])
        np.testing.assert_allclose(contexts[2 * step + 1], ends, atol=1e-6)
    features = encode_log_mel(animator.engine, some_audio(1.2), 30, 36).features
    sound = [conditions.context_audio for conditions, _ in animator.engine.told]
    assert sound[0] is None and sound[1] is None, "nothing before the first step"
    np.testing.assert_array_equal(sound[2], np.stack([features[8:12], features[20:24]]))


def test_every_window_starts_from_fresh_noise_and_asks_once_a_step():
    animator = gaussian_animator()
    animator.animate(some_audio(1.2), sampling=Sampling(5, audio_guidance=1.0))
    first = animator.engine.asked[0][0]
    starts = np.concatenate([noisy for step, noisy, _ in animator.engine.asked if step == first])
    assert sum(len(noisy) for _, noisy, _ in animator.engine.asked) == 15 and len(starts) == 3
    assert not np.isclose(starts[0], starts[1]).any() and not np.isclose(starts[1], starts[2]).any()
    assert abs(starts.std() - 1) < 0.2


@pytest.mark.parametrize("lockstep", [1, 3, 16])
def test_no_number_of_threads_changes_a_bit(lockstep):
    sampling, audio, taken = replace(QUICK, lockstep=lockstep), some_audio(4), []
    for threads in (1, 2, 7):
        animator = tiny_animator()
        animator.threads = threads
        taken.append(animator.animate(audio, some_style(), sampling=sampling).values.tobytes())
    assert len(set(taken)) == 1


def test_windows_that_wait_for_one_another_bound_what_is_held():
    """However long the recording, no more windows are prepared at once than are drawn together."""
    animator = gaussian_animator()
    animator.animate(some_audio(12), sampling=replace(QUICK, lockstep=4))  # 25 windows
    together = [conditions.audio.shape[0] for conditions, _ in animator.engine.told]
    assert max(together) == 2 and sum(together) > 25
    starts = [context for step, _, context in animator.engine.asked if step == animator.engine.asked[0][0]]
    known = [context is not None for context in starts]
    assert sum(known) == 6, "the first window of each further group knows the end of the one before from the first step on"


@pytest.mark.parametrize(
    ("audio", "style", "branches"),
    [(1.0, 1.0, 1), (1.15, 3.0, 3), (1.0, 2.0, 2), (2.0, 2.0, 2), (1.15, None, 2), (1.0, None, 1)],
)
def test_guidance_costs_the_branches_that_count(audio, style, branches):
    animator = gaussian_animator()
    sampling = Sampling(3, audio_guidance=audio, style_guidance=1.0 if style is None else style)
    animator.animate(some_audio(0.2), None if style is None else some_style("gaussian"), sampling=sampling)
    assert len(animator.engine.told[0][1]) == branches


def test_windows_by_hand_equal_the_whole():
    """The same windows one by one, with nothing but `Carry` between them."""
    animator, audio, style = tiny_animator(), some_audio(1.3), some_style()
    whole = animator.animate(audio, style, seed=4, sampling=replace(QUICK, lockstep=1))
    features = encode_log_mel(animator.engine, audio, whole.frames, 36).features
    speaker, carry, made = animator.speaker([4], style, None, QUICK, recording_hash(audio.samples, audio.sample_rate)), Carry(), []
    for start in range(0, 36, 12):
        valid = min(12, whole.frames - start)
        drawn, carry = draw(animator.engine, speaker, carry, Stretch(features[start : start + 12], valid), map)
        made.append(drawn.motion[0, :valid])
    assert np.array_equal(animator.engine.motion.restore(np.concatenate(made)), whole.values)


@pytest.mark.parametrize("lockstep", [1, 16])
def test_a_perfect_denoiser_leaves_no_seam_and_the_process_keeps_its_nature(lockstep):
    sampling = Sampling(10, audio_guidance=1.0, lockstep=lockstep)
    motion = gaussian_animator().animate(some_audio(120), sampling=sampling).values
    # in lockstep a window that is but three times as long as the process remembers joins less well; forgetting it is another matter
    assert 0.8 < seam_ratio(motion, 12) < (1.2 if lockstep == 1 else 1.7)
    assert abs(motion.std() - 1) < (0.1 if lockstep == 1 else 0.2)
    steps = np.diff(motion, axis=0).std()
    assert abs(steps / np.sqrt(2 * (1 - np.exp(-1 / 32))) - 1) < 0.1, "frames follow one another as in the process"


def test_the_seam_measure_sees_a_denoiser_that_forgets():
    motion = gaussian_animator(forgets=True).animate(some_audio(120), sampling=Sampling(10, audio_guidance=1.0)).values
    assert seam_ratio(motion, 12) > 3


def test_blending_mends_a_denoiser_that_misplaces_its_window():
    ratios = []
    for blend in (0.0, 1.0):
        sampling = Sampling(10, audio_guidance=1.0, blend=blend)
        motion = gaussian_animator(bias=1.0).animate(some_audio(60), sampling=sampling)
        ratios.append(seam_ratio(motion.values, 12))
    assert ratios[0] > 3 and ratios[1] < ratios[0] / 1.5


def test_the_blend_begins_with_the_motion_and_ends_with_the_view():
    motion, view = np.zeros((2, 30, 3), np.float32), np.ones((2, 10, 3), np.float32)
    blended = blend_end(motion, view, 1.0)
    assert blended.dtype == np.float32 and (blended[:, :20] == 0).all()
    assert 0 < blended[0, 20, 0] < 0.02 and 0.98 < blended[0, 29, 0] < 1
    assert (np.diff(blended[0, 19:, 0]) > 0).all()
    assert blend_end(motion, view, 0.0) is motion
    assert np.allclose(blend_end(motion, view, 0.5), blended / 2)


def test_sound_in_chunks_equals_sound_in_one_piece():
    torch.manual_seed(0)
    config = AudioEncoderConfig(width=16)
    encoder = AudioEncoder(config).eval()

    @torch.inference_mode()
    def encode(features):
        return (encoder(torch.from_numpy(features)[None])[0].numpy(),)

    features = np.random.default_rng(0).normal(size=(4 * 330, 80)).astype(np.float32)
    (whole,) = encode(features)
    for chunk in (50, 100, 329, 400):
        assert np.allclose(encode_in_chunks(encode, features, 4, config.margin, chunk)[0], whole, atol=1e-5)
    assert not np.allclose(encode_in_chunks(encode, features, 4, 2, 50)[0], whole, atol=1e-5), "a margin is needed"


def test_progress_counts_the_frames():
    seen = []
    tiny_animator().reporting(lambda done, total: seen.append((done, total))).animate(some_audio(1.2), sampling=QUICK)
    assert seen == [(10, 30), (20, 30), (30, 30)], "all windows together, step by step"
    seen.clear()
    alone = replace(QUICK, lockstep=1)
    tiny_animator().reporting(lambda done, total: seen.append((done, total))).animate(some_audio(1.2), sampling=alone)
    assert seen[-1] == (30, 30) and [done for done, _ in seen] == [4, 8, 12, 16, 20, 24, 26, 28, 30]


def test_gestures_run_in_order_with_a_generator_of_the_seed():
    heard = []

    def double(motion, audio, random):
        heard.append((audio.seconds, random.random()))
        return Motion(motion.values * 2, motion.fps, motion.rig)

    def add(motion, audio, random):
        heard.append((audio.seconds, random.random()))
        return Motion(motion.values + 1, motion.fps, motion.rig)

    plain = tiny_animator().animate(some_audio(0.4), seed=2, sampling=QUICK)
    stepped = tiny_animator((double, add)).animate(some_audio(0.4), seed=2, sampling=QUICK)
    assert np.allclose(stepped.values, plain.values * 2 + 1)
    again = list(heard)
    tiny_animator((double, add)).animate(some_audio(0.4), seed=2, sampling=QUICK)
    assert heard == again * 2 and again[0][1] != again[1][1]


def test_motion_stays_inside_the_rig():
    model = tiny_model()
    model.normalizer.set_statistics(np.full(5, 0.5), np.full(5, 5.0))
    values = Animator(TorchEngine(model), "tiny").animate(some_audio(0.5), sampling=QUICK).values
    assert values.min() == 0 and values.max() == 1


@pytest.mark.parametrize("per_branch", [True, False])
def test_thresholding_bounds_the_answer(per_branch):
    threshold = Threshold(0.5, 0.1, 0.2, per_branch)
    sampling = Sampling(3, audio_guidance=1.0, threshold=threshold, blend=0.0)
    assert np.abs(tiny_animator().animate(some_audio(0.5), sampling=sampling).values).max() <= 0.2 + 1e-6
    guided = dataclasses.replace(sampling, audio_guidance=5.0)
    most = np.abs(tiny_animator().animate(some_audio(0.5), sampling=guided).values).max()
    assert (most > 0.2 + 1e-6) == per_branch, "after guidance the answer is bounded, before it only the branches"


def test_style_is_not_taken_from_channels_that_the_model_never_moved():
    """A filmed face blinks and looks about; those channels stood still in training, where their deviation was raised to the floor."""
    animator = tiny_animator()
    animator.engine.model.normalizer.set_statistics(np.zeros(5), np.array([1.0, 0.0, 1.0, 1.0, 1.0]))
    values = np.random.default_rng(0).normal(size=(12, 5)).astype(np.float32)
    blinking = values.copy()
    blinking[:, 1] = np.arange(12) % 2
    calm, blinks = (animator.extract_style(Motion(each, 25, WIDE)).vector for each in (values, blinking))
    np.testing.assert_array_equal(calm, blinks)
    small = np.array([1.0, 0.010001, 1.0, 1.0, 1.0])  # as small as the floor, but not raised to it
    animator.engine.model.normalizer.set_statistics(np.zeros(5), small, floor=0)
    calm, blinks = (animator.extract_style(Motion(each, 25, WIDE)).vector for each in (values, blinking))
    assert not np.array_equal(calm, blinks)


def test_style_is_read_of_values_as_they_are_however_far_out():
    """In training nothing is clipped, so neither is it here: 12.7 deviations are read as 12.7."""
    animator = tiny_animator()
    values = np.random.default_rng(0).normal(size=(12, 5)).astype(np.float32)
    values[3:5, 2] = 12.7
    wanted = animator.engine.encode_style(values[None])[0]
    np.testing.assert_allclose(animator.extract_style(Motion(values, 25, WIDE)).vector, wanted, atol=1e-6)
    assert not np.allclose(wanted, animator.engine.encode_style(values[None].clip(-6, 6))[0])


def test_style_of_one_window_from_a_chosen_start():
    """As published: the window from 0.4 s, frame 10 of 25 a second, and nothing else."""
    animator = tiny_animator()
    values = np.random.default_rng(0).normal(size=(30, 5)).astype(np.float32)
    motion = Motion(values, 25, WIDE)
    for start, first in ((0.4, 10), (0.0, 0), (0.72, 18)):
        wanted = animator.engine.encode_style(values[None, first : first + 12])[0]
        np.testing.assert_allclose(animator.extract_style(motion, start=start).vector, wanted, atol=1e-6)
    for start in (0.76, -0.1):
        with pytest.raises(OptionError, match=r"hold a window of 0.48 s that starts from 0 to 0.72 s"):
            animator.extract_style(motion, start=start)


def test_a_model_is_drawn_with_the_schedule_and_the_guidance_it_was_trained_for():
    """A configuration that names others than the usual is honoured; one that is unknown is refused by name."""
    usual = tiny_animator()
    sizes = replace(usual.engine.config.denoiser, schedule="linear", guide="independent")
    usual.engine.model.config = replace(usual.engine.config, denoiser=sizes)
    other = Animator(usual.engine, "tiny")
    assert np.allclose(other.schedule.beta[1:], np.linspace(1e-4, 0.02, sizes.steps))
    drawn, asked = (other.animate(some_audio(0.2), some_style(), sampling=Sampling(3, guide=guide)) for guide in (None, independent))
    np.testing.assert_array_equal(drawn.values, asked.values)
    assert not np.array_equal(drawn.values, other.animate(some_audio(0.2), some_style(), sampling=Sampling(3, guide=incremental)).values)
    for unknown in ({"schedule": "wavy"}, {"guide": "wavy"}):
        usual.engine.model.config = replace(usual.engine.config, denoiser=replace(sizes, **unknown))
        with pytest.raises(OptionError, match="'wavy' is unknown; known are"):
            Animator(usual.engine, "tiny")


def test_style_is_the_mean_over_windows():
    animator = tiny_animator()
    values = np.random.default_rng(0).normal(size=(30, 5)).astype(np.float32)
    style = animator.extract_style(Motion(values, 25, WIDE), "mine")
    windows = np.stack([values[:12], values[12:24], values[18:]])
    assert np.allclose(style.vector, animator.engine.encode_style(windows).mean(0), atol=1e-6)
    assert (style.encoder, style.name) == ("tiny", "mine")
    assert animator.extract_style(Motion(np.repeat(values, 2, axis=0), 50, WIDE)).vector.shape == (4,)
    with pytest.raises(OptionError, match="11 frames, shorter than the 12"):
        animator.extract_style(Motion(values[:11], 25, WIDE))
    with pytest.raises(RigError, match="'five', this model moves 'wide'"):
        animator.extract_style(Motion(values, 25, RIG))


def test_what_does_not_fit_is_refused_before_any_work():
    animator, audio = tiny_animator(), some_audio(0.2)
    with pytest.raises(OptionError, match="encoder other"):
        animator.animate(audio, some_style("other"))
    with pytest.raises(OptionError, match="'tall' has 3 numbers, this model takes 2"):
        animator.animate(audio, identity=FlameIdentity(np.ones(3), "tall"))
    with pytest.raises(OptionError, match=r"seeds \[-1\]"):
        animator.animate(audio, seed=-1)
    with pytest.raises(OptionError, match="21 sampling steps.*1 to 20"):
        animator.animate(audio, sampling=Sampling(21))
    with pytest.raises(OptionError, match="'euler'.*ddpm"):
        Sampling(sampler="euler")
    with pytest.raises(OptionError, match="style guidance 21"):
        Sampling(style_guidance=21)


def test_a_checkpoint_animates_as_the_model_that_it_holds(tmp_path):
    model = tiny_model(tiny_config(WIDE))
    save(Checkpoint.of(model, Training({}), "CC0-1.0"), tmp_path / "tiny.safetensors")
    animator = load(tmp_path / "tiny.safetensors")
    style = Style(np.ones(4), animator.style_encoder)
    wanted = Animator(TorchEngine(model), animator.style_encoder).animate(some_audio(0.7), style, sampling=QUICK)
    assert np.abs(animator.animate(some_audio(0.7), style, sampling=QUICK).values - wanted.values).max() < 0.05


@pytest.mark.parametrize("lip_noise", [0.0, 0.25, 1.0])
def test_the_mouth_starts_from_less_noise_and_the_rest_from_all_of_it(lip_noise):
    names = ("jawOpen", "headYaw", "mouthPucker", "browInnerUp", "mouthClose")
    engine = TorchEngine(tiny_model(tiny_config(Rig("some", tuple(Channel(name, "head", "rad", -100, 100) for name in names)))))
    seen, denoise = [], engine.denoise
    engine.denoise = lambda noisy, *told: seen.append(noisy.copy()) or denoise(noisy, *told)
    Animator(engine, "tiny").animate(some_audio(30), sampling=Sampling(1, lip_noise=lip_noise))
    deviation = np.concatenate(seen).std((0, 1))
    np.testing.assert_allclose(deviation[[0, 2, 4]], lip_noise, atol=0.06)
    np.testing.assert_allclose(deviation[[1, 3]], 1.0, atol=0.08)


def test_lip_noise_outside_its_range_is_refused():
    with pytest.raises(OptionError, match="lip noise 1.5 is outside 0 to 1"):
        Sampling(lip_noise=1.5)


def test_lips_are_shaped_by_what_the_encoder_hears_where_it_names_phones(tmp_path):
    assert "lip closure" in [gesture.name for gesture in load(write_tiny_checkpoint(tmp_path / "face.safetensors")).gestures]
    save(Checkpoint.of(tiny_model(tiny_config(WIDE)), Training({}), "CC0-1.0"), tmp_path / "other.safetensors")
    assert load(tmp_path / "other.safetensors").gestures == ()


def test_a_recording_is_encoded_once_for_all_takes_and_gestures_and_before_silence(tmp_path):
    animator = load(write_tiny_checkpoint(tmp_path / "face.safetensors"))
    asked, encode = [], animator.engine.encode
    animator.engine.encode = lambda features: asked.append(features) or encode(features)
    sound = some_audio(2.0)
    one, other = animator.takes(sound, seeds=(1, 2), sampling=QUICK)
    assert len(asked) == 1 and one.values.tobytes() != other.values.tobytes()
    longer = Audio(np.concatenate([sound.samples, np.zeros(16000, np.float32)]), sound.sample_rate)
    animator.animate(longer, sampling=QUICK)
    margin = animator.engine.config.audio.margin
    assert all(len(features) >= 4 * (one.frames + margin) for features in asked)
    end = (encode(features)[1][: one.frames] for features in asked)
    np.testing.assert_allclose(*end, atol=2e-3)  # silence moves the means of the bands a little
