"""The authors' files: the converted network answers as theirs does; what is not theirs is refused with lists (sheet 4)."""

import os
from dataclasses import replace
from pathlib import PosixPath
from types import SimpleNamespace

import numpy as np
import pytest
import torch

from optional_library import need

need("transformers")
import authors  # noqa: E402

from visavox.checkpoint import load, save  # noqa: E402
from visavox.cli import main  # noqa: E402
from visavox.convert import diffposetalk as dpt  # noqa: E402
from visavox.errors import CheckpointError, FileError, OptionError  # noqa: E402
from visavox.models.conditions import Conditions  # noqa: E402
from visavox.models.graphs.all import weight_shapes  # noqa: E402
from visavox.models.hubert import standardise  # noqa: E402
from visavox.models.torch_engine import TorchEngine  # noqa: E402
from visavox.motion import Motion  # noqa: E402
from visavox.rigs.flame import FLAME  # noqa: E402


def statistics(path, still=False):
    random = np.random.default_rng(1)
    arrays = {f"{name}_{what}": random.uniform(0.5, 1.5, size) for name, size in (("shape", 100), ("exp", 50), ("pose", 6))
              for what in ("mean", "std", "max", "min")}  # fmt: skip
    np.savez(path, **arrays)
    return dpt.read_statistics(path, not still), arrays


@pytest.fixture(scope="module")
def files(tmp_path_factory):
    folder = tmp_path_factory.mktemp("authors")
    made = {}
    for name, channels, indicator in (("head", 54, True), ("still", 51, True), ("plain", 54, False)):
        network = authors.randomised(authors.DiffTalkingHead(channels, indicator=indicator))
        authors.save_denoiser(network, folder / f"{name}.pt", no_head_pose=channels == 51, n_diff_steps=20)
        made[name] = network, folder / f"{name}.pt"
    style = authors.randomised(authors.StyleEncoder())
    authors.save_style_encoder(style, folder / "style.pt", n_heads=1)
    return made, (style, folder / "style.pt")


@pytest.mark.parametrize("name", ["head", "still", "plain"])
def test_the_converted_denoiser_answers_as_theirs(files, name, tmp_path):
    theirs, path = files[0][name]
    numbers, _ = statistics(tmp_path / "stats.npz", name == "still")
    ours = dpt.convert(dpt.read_denoiser(path), None, numbers).model()
    channels = theirs.start_motion_feat.shape[-1]
    random = torch.Generator().manual_seed(0)

    def draw(*shape):
        return torch.randn(shape, generator=random)

    samples = standardise(draw(2, 64_000))
    side = torch.nn.functional.pad(samples[:, None], (20, 20), mode="reflect")
    padded = torch.nn.functional.pad(side, (20, 20), mode="reflect")[:, 0]
    with torch.no_grad():
        fast = theirs.audio_encoder(padded).last_hidden_state.transpose(1, 2)
        slow = torch.nn.functional.interpolate(fast, size=100, mode="linear", align_corners=False).transpose(1, 2)
        audio = theirs.audio_feature_map(slow)
        torch.testing.assert_close(ours.features(samples), audio, rtol=1e-4, atol=1e-4)
        noisy, shape, style, step = draw(2, 100, channels), draw(2, 100), draw(2, 16), torch.tensor([3, 20])
        valid = torch.ones(2, 100)
        valid[1, 60:] = 0
        start = theirs.start_motion_feat.expand(2, -1, -1), theirs.start_audio_feat.expand(2, -1, -1)
        wanted = theirs.denoising_net(noisy, audio, shape, style, *start, step, valid)
        told = Conditions(audio, valid, None, None, style, shape)
        torch.testing.assert_close(ours(noisy, step, told), wanted, rtol=1e-4, atol=1e-4)
        before = draw(2, 10, channels), draw(2, 10, 64)
        wanted = theirs.denoising_net(noisy, theirs.null_audio_feat.expand(2, 100, -1), shape, theirs.null_style_feat[:, 0].expand(2, -1),
                                      *before, step, valid)  # fmt: skip
        told = Conditions(ours.null_audio.expand(2, 100, -1), valid, *before, None, shape)
        torch.testing.assert_close(ours(noisy, step, told), wanted, rtol=1e-4, atol=1e-4)


@pytest.mark.parametrize("frames", [100, 57])
def test_the_converted_style_encoder_answers_as_theirs(files, tmp_path, frames):
    """Sheet 1.7: with the constant row of the sinusoid whose number is the length."""
    theirs, path = files[1]
    numbers, _ = statistics(tmp_path / "stats.npz")
    checkpoint = dpt.convert(dpt.read_denoiser(files[0]["head"][1]), dpt.read_style_encoder(path), numbers)
    motion = torch.randn(3, frames, 54, generator=torch.Generator().manual_seed(2))
    with torch.no_grad():
        wanted = theirs(motion)
    np.testing.assert_allclose(TorchEngine(checkpoint.model()).encode_style(motion.numpy()), wanted.numpy(), atol=1e-5)


def test_full_size_names_are_all_mapped():
    """Sheet 1.8 and 4: the names and shapes of the released models, with and without head, with and without indicator."""
    for channels, indicator in ((54, True), (51, False)):
        with torch.device("meta"):
            theirs = authors.DiffTalkingHead(channels, 512, 8, 128, indicator, 500, (768, 12, 3072, 512))
            style = authors.StyleEncoder(channels, 128, 4, 4)
        shapes = {name: np.broadcast_to(np.float32(0), tuple(value.shape)) for name, value in theirs.state_dict().items()}
        shapes |= {f"diffusion_sched.{name}": value for name, value in authors.Schedule(500).state_dict().items()}
        options = {"no_head_pose": channels == 51, "align_mask_width": 1}
        denoiser = dpt.Authors(authors.old_norms(shapes), options, 1, "denoiser.pt")
        config = dpt.denoiser_config(denoiser)
        assert (config.denoiser.layers, config.denoiser.heads, config.denoiser.steps, config.audio.layers) == (8, 8, 500, 12)
        assert (config.denoiser.window, config.denoiser.context, config.denoiser.indicator) == (100, 10, indicator)
        named = dpt.denoiser_weights(denoiser)
        small = {name: np.broadcast_to(np.float32(0), tuple(value.shape)) for name, value in style.state_dict().items()}
        named |= {f"style_encoder.{name}": value for name, value in dpt.style_weights(dpt.Authors(small, {}, 1, "s.pt")).items()}
        dpt.check_weights(named, weight_shapes(config), "denoiser.pt")
        count = sum(value.size for name, value in named.items() if not name.startswith(("audio_encoder.", "style_encoder.")))
        assert count == {54: 34_905_554, 51: 34_903_217 - 512}[channels]


@pytest.mark.parametrize(("options", "align"), [({}, 110), ({"align_mask_width": 2}, 2), ({"use_alignment_mask": True}, 1),
                                                ({"use_alignment_mask": False}, 110), ({"align_mask_width": 0}, 110),
                                                ({"align_mask_width": -1}, 110)])  # fmt: skip
def test_older_option_names(files, options, align):
    """Sheet 4: use_alignment_mask, predict_head_pose, use_learnable_pe are the older names; without an option on it there is no mask."""
    theirs = dpt.read_denoiser(files[0]["head"][1])
    assert dpt.denoiser_config(dpt.Authors(theirs.weights, options, 1, "x")).denoiser.align_width == align
    with pytest.raises(CheckpointError, match="54 channels"):
        dpt.denoiser_config(dpt.Authors(theirs.weights, {"predict_head_pose": False}, 1, "x"))
    with pytest.raises(CheckpointError, match="no_use_learnable_pe=True"):
        dpt.denoiser_config(dpt.Authors(theirs.weights, {"use_learnable_pe": False}, 1, "x"))
    with pytest.raises(CheckpointError, match="target=noise, this network has target=sample"):
        dpt.denoiser_config(dpt.Authors(theirs.weights, {"target": "noise"}, 1, "x"))


@pytest.mark.parametrize(("option", "value", "says"), [
    ("fps", 30, "fps=30, this network has fps=25"),
    ("audio_model", "wav2vec2", "audio_model=wav2vec2, this network has audio_model=hubert"),
    ("rot_repr", "rot6d", "rot_repr=rot6d"), ("architecture", "encoder", "architecture=encoder"),
    ("pad_mode", "mirror", "pad_mode=mirror, this network has pad_mode=zero or pad_mode=replicate"),
    ("cfg_mode", "joint", "cfg_mode=joint"),
    ("guiding_conditions", "audio", "guiding_conditions=audio, this network has guiding_conditions=audio,style"),
    ("guiding_conditions", "", "guiding_conditions=, this network"), ("diff_schedule", "laplace", "diff_schedule=laplace"),
    ("n_heads", "eight", "n_heads=eight, which counts nothing"), ("n_heads", 7, "multiple of its 7 heads"),
    ("n_diff_steps", 50, "n_diff_steps=50, its diffusion_sched.betas is of 20"),
])  # fmt: skip
def test_options_that_this_network_has_not_are_refused_by_name(files, option, value, says):
    theirs = dpt.read_denoiser(files[0]["head"][1])
    with pytest.raises(CheckpointError) as caught:
        dpt.denoiser_config(dpt.Authors(theirs.weights, theirs.options | {option: value}, 1, "odd.pt"))
    assert says in str(caught.value) and str(caught.value).startswith("odd.pt ")


@pytest.mark.parametrize("mode", ["cosine", "linear", "quadratic", "sigmoid"])
def test_the_schedule_is_that_of_the_table_in_the_file(mode):
    """The table is what their program draws with, whatever the options say; a model without one has the schedule of its options."""
    theirs = authors.DiffTalkingHead(mode=mode, steps=60)
    weights = {name: value.detach().numpy() for name, value in theirs.state_dict().items()}
    for options in ({}, {"diff_schedule": mode}, {"diff_schedule": "cosine"}):
        config = dpt.denoiser_config(dpt.Authors(weights, options, 1, "x")).denoiser
        assert (config.schedule, config.steps) == (mode, 60)
    bare = {name: value for name, value in weights.items() if not name.startswith("diffusion_sched.")}
    config = dpt.denoiser_config(dpt.Authors(bare, {"diff_schedule": mode, "n_diff_steps": 7}, 1, "x")).denoiser
    assert (config.schedule, config.steps) == (mode, 7)
    weights["diffusion_sched.betas"] = weights["diffusion_sched.betas"] * 0.9
    with pytest.raises(CheckpointError, match="holds a noise schedule .* of 60 steps, neither"):
        dpt.denoiser_config(dpt.Authors(weights, {"diff_schedule": mode}, 1, "x"))


def test_options_of_a_checkpoint_are_honoured_after_a_save(files, tmp_path):
    """A linear schedule, independent guidance, sound padded with its last sample and heard two windows at a time, as it was trained."""
    theirs = authors.randomised(authors.DiffTalkingHead(mode="linear"))
    said = {"cfg_mode": "independent", "pad_mode": "replicate", "use_context_audio_feat": True}
    authors.save_denoiser(theirs, tmp_path / "l.pt", diff_schedule="linear", **said)
    numbers, _ = statistics(tmp_path / "stats.npz")
    save(dpt.convert(dpt.read_denoiser(tmp_path / "l.pt"), None, numbers), tmp_path / "l.safetensors")
    config = load(tmp_path / "l.safetensors").model().config
    assert (config.denoiser.schedule, config.denoiser.guide) == ("linear", "independent")
    assert (config.audio.padding, config.audio.chunk) == ("replicate", 200)
    usual = dpt.convert(dpt.read_denoiser(files[0]["head"][1]), None, numbers)
    assert not {"schedule", "guide", "padding"} & {*usual.config["denoiser"], *usual.config["audio"]}  # so that older styles still fit


def test_sound_is_padded_as_the_options_say():
    """After a recording of 3 frames comes silence, or its last sample; both after it was standardised."""
    from visavox.audio import Audio
    from visavox.encoding import encode_samples
    from visavox.models.hubert import HubertSizes

    class Engine:
        def __init__(self, **sizes):
            self.config = SimpleNamespace(sample_rate=16_000, fps=25.0, audio=HubertSizes(**sizes))
            self.asked = []

        def encode(self, samples):
            self.asked.append(samples)
            return samples.reshape(-1, 640)[:, :1], np.zeros((samples.size // 640, 0), np.float32)

    sound = Audio(np.linspace(-0.5, 0.7, 3 * 640), 16_000)
    normal = (sound.samples - sound.samples.mean()) / sound.samples.std(ddof=1)
    for padding, after in (("zero", 0.0), ("replicate", normal[-1])):
        engine = Engine(padding=padding)
        encode_samples(engine, sound, 3, 5)
        np.testing.assert_allclose(engine.asked[0][: 3 * 640], normal, atol=1e-4)
        np.testing.assert_allclose(engine.asked[0][3 * 640 :], after, atol=1e-4)
    long = Audio(np.resize(sound.samples, 250 * 640), 16_000)
    pieces, whole = Engine(), Engine()
    encode_samples(pieces, long, 250, 300)
    encode_samples(whole, long, 250, 300, at_once=True)
    assert len(pieces.asked) > 1 and [piece.size for piece in whole.asked] == [300 * 640]
    with pytest.raises(OptionError, match="601 s; encoded at once are 600 at most"):
        encode_samples(whole, Audio(np.zeros(601 * 1000), 1000), 601 * 25, 601 * 25, at_once=True)


def test_the_older_names_of_the_positional_convolution(files, tmp_path):
    theirs, _ = files[0]["head"]
    authors.save_denoiser(theirs, tmp_path / "old.pt", authors.old_norms(theirs.state_dict()), n_diff_steps=20)
    numbers, _ = statistics(tmp_path / "stats.npz")
    assert dpt.convert(dpt.read_denoiser(tmp_path / "old.pt"), None, numbers).weights


def test_a_sinusoid_of_other_length_is_made_anew(files, tmp_path):
    """Sheet 4: TE.pe may hold another number of rows; it is not read."""
    theirs, _ = files[0]["head"]
    weights = dict(theirs.state_dict()) | {"denoising_net.TE.pe": torch.zeros(1, 7, 64)}
    authors.save_denoiser(theirs, tmp_path / "rows.pt", weights, n_diff_steps=20)
    assert dpt.denoiser_config(dpt.read_denoiser(tmp_path / "rows.pt")).denoiser.steps == 20


def test_what_is_missing_or_extra_is_listed(files, tmp_path):
    theirs, _ = files[0]["head"]
    weights = dict(theirs.state_dict())
    del weights["denoising_net.motion_dec.0.bias"]
    weights |= {"denoising_net.surplus": torch.zeros(2), "audio_feature_map.bias": torch.zeros(3)}
    authors.save_denoiser(theirs, tmp_path / "odd.pt", weights)
    numbers, _ = statistics(tmp_path / "stats.npz")
    with pytest.raises(CheckpointError) as caught:
        dpt.convert(dpt.read_denoiser(tmp_path / "odd.pt"), None, numbers)
    said = str(caught.value)
    assert "1 missing: denoiser.read.0.bias" in said and "1 extra: denoiser.surplus" in said and "another shape: audio_map.bias" in said


@pytest.mark.parametrize("name", [
    "start_motion_feat", "null_style_feat", "denoising_net.PE", "denoising_net.person_proj.weight", "denoising_net.feature_proj.weight",
    "denoising_net.transformer.layers.0.linear1.weight", "audio_encoder.feature_projection.projection.weight",
    "audio_encoder.encoder.layers.0.feed_forward.intermediate_dense.weight", "audio_feature_map.weight",
])  # fmt: skip
def test_whatever_is_missing_is_listed_as_missing(files, tmp_path, name):
    """Also what tells the sizes of all else; and an array of no possible shape in its place."""
    theirs = dpt.read_denoiser(files[0]["still"][1])
    numbers, _ = statistics(tmp_path / "stats.npz", still=True)
    for odd in (None, np.zeros((), np.float32), np.zeros((0, 0), np.float32)):
        weights = {key: value for key, value in theirs.weights.items() if key != name}
        if odd is not None:
            weights[name] = odd
        with pytest.raises(CheckpointError) as caught:
            dpt.convert(dpt.Authors(weights, theirs.options, 1, "odd.pt"), None, numbers)
        said = str(caught.value)
        assert ("1 missing" if odd is None else "of another shape") in said and "that can be converted" in said, said
        assert odd is not None or "another shape" not in said


def test_the_command_writes_a_checkpoint(files, tmp_path, capsys):
    statistics(tmp_path / "stats.npz")
    out = tmp_path / "dpt.safetensors"
    path, style = str(files[0]["head"][1]), str(files[1][1])
    assert main(["convert", "diffposetalk", path, "--stats", str(tmp_path / "stats.npz"), "--style-encoder", style, "-o", str(out)]) == 0
    checkpoint = load(out)
    assert checkpoint.recipe["step"] == 110_000 and checkpoint.recipe["options"]["data_root"] == "datasets/HDTF_TFHP"
    assert checkpoint.statistics["std"][53] == pytest.approx(statistics(tmp_path / "again.npz")[1]["pose_std"][3])
    theirs = files[0]["head"][0].denoising_net.motion_dec[0].weight
    np.testing.assert_array_equal(checkpoint.weights["denoiser.read.0.weight"], theirs.detach().numpy())  # every digit
    assert "step 110000" in capsys.readouterr().out


def test_statistics_are_chosen_by_name(tmp_path):
    """Sheet 1.2, 1.3: exp 50, head 3, jaw x; the means of jaw y and z are where those channels rest; no epsilon is added."""
    numbers, arrays = statistics(tmp_path / "stats.npz")
    assert numbers["mean"] == pytest.approx([*arrays["exp_mean"], *arrays["pose_mean"][:4]])
    assert numbers["std"] == pytest.approx([*arrays["exp_std"], *arrays["pose_std"][:4]])
    assert numbers["jaw_rest"] == pytest.approx(list(arrays["pose_mean"][4:])) and len(numbers["identity_std"]) == 100
    still, _ = statistics(tmp_path / "stats.npz", still=True)
    assert still["mean"] == pytest.approx([*arrays["exp_mean"], arrays["pose_mean"][3]])
    np.savez(tmp_path / "short.npz", **arrays | {"exp_mean": np.zeros(10)})
    with pytest.raises(FileError, match="exp_mean of shape"):
        dpt.read_statistics(tmp_path / "short.npz", True)
    np.savez(tmp_path / "lost.npz", **arrays | {"exp_mean": np.full(50, np.nan)})
    with pytest.raises(FileError, match="exp_mean with a value that is not a number"):
        dpt.read_statistics(tmp_path / "lost.npz", True)
    np.savez(tmp_path / "zero.npz", **arrays | {"exp_std": np.zeros(50)})
    with pytest.raises(FileError, match="deviation of 0"):
        dpt.read_statistics(tmp_path / "zero.npz", True)


def test_statistics_of_another_model_are_refused(files, tmp_path):
    still, _ = statistics(tmp_path / "stats.npz", still=True)
    with pytest.raises(CheckpointError, match="51 channels.*makes 54"):
        dpt.convert(dpt.read_denoiser(files[0]["head"][1]), None, still)


def test_a_style_encoder_of_another_rig_is_refused(files, tmp_path):
    authors.save_style_encoder(authors.StyleEncoder(51), tmp_path / "style51.pt")
    numbers, _ = statistics(tmp_path / "stats.npz")
    with pytest.raises(CheckpointError, match="51 channels"):
        dpt.convert(dpt.read_denoiser(files[0]["head"][1]), dpt.read_style_encoder(tmp_path / "style51.pt"), numbers)


def test_one_file_is_not_taken_for_the_other(files):
    with pytest.raises(CheckpointError, match="keys args, encoder, iter, not a denoiser"):
        dpt.read_denoiser(files[1][1])
    with pytest.raises(CheckpointError, match="keys args, model, iter, not a style encoder"):
        dpt.read_style_encoder(files[0]["head"][1])


def test_weights_alone_are_named_by_the_first_few(files, tmp_path):
    torch.save(files[0]["head"][0].state_dict(), tmp_path / "weights.pt")
    with pytest.raises(CheckpointError, match="keys start_audio_feat, .* and [0-9]+ more, not a denoiser") as caught:
        dpt.read_denoiser(tmp_path / "weights.pt")
    assert len(str(caught.value)) < 400


class Runs:
    def __init__(self, proof):
        self.proof = proof

    def __reduce__(self):
        return os.system, (f"touch {self.proof}",)


def test_hostile_and_damaged_files_run_nothing(files, tmp_path):
    path, proof = tmp_path / "evil.pt", tmp_path / "proof"
    torch.save({"args": Runs(proof), "model": {}, "iter": 1}, path)
    with pytest.raises(CheckpointError, match="posix.system.*nothing was run"):
        dpt.read_denoiser(path)
    assert not proof.exists()
    data = files[1][1].read_bytes()
    for length in np.linspace(0, len(data) - 1, 25).astype(int):
        path.write_bytes(data[:length])
        with pytest.raises(CheckpointError, match="evil.pt"):
            dpt.read_style_encoder(path)
    with pytest.raises(CheckpointError, match="does not exist"):
        dpt.read_denoiser(tmp_path / "none.pt")
    torch.save({"args": 1, "model": {}, "iter": 1}, path, _use_new_zipfile_serialization=False)
    with pytest.raises(CheckpointError, match="1.6"):
        dpt.read_denoiser(path)


def test_tensors_come_out_as_torch_has_them(tmp_path):
    from visavox.io.torch_archive import read_torch_archive

    whole = torch.arange(24.0).reshape(4, 6)
    stored = {"a": whole.t(), "b": whole[1:3, ::2], "c": torch.tensor(3), "d": torch.tensor([1.5, -2]).bfloat16(), "e": torch.ones(0, 3),
              "f": torch.tensor([True, False]), "g": torch.nn.Parameter(whole.half()), "h": [PosixPath("a/b"), (1, "x", None)]}  # fmt: skip
    torch.save(stored, tmp_path / "t.pt")
    read = read_torch_archive(tmp_path / "t.pt")
    for name in "abcefg":
        np.testing.assert_array_equal(read[name], stored[name].detach().numpy())
    assert read["d"].tolist() == [1.5, -2] and read["h"] == ["a/b", (1, "x", None)]


def test_demo_inputs(tmp_path, files, capsys):
    """Sheet 4: shapes (100,), (F, 100) or npz; styles (128,) or npz; motion npz with exp and pose."""
    random = np.random.default_rng(0)
    face = random.normal(size=100).astype(np.float32)
    with torch.no_grad():
        vector = files[1][0](torch.randn(1, 100, 54))[0].numpy()
    for number, stored in enumerate((face, np.stack([face, face + 1]))):
        np.save(tmp_path / f"shape{number}.npy", stored)
        assert np.array_equal(dpt.read_shape(tmp_path / f"shape{number}.npy").values, face)
    np.savez(tmp_path / "shape.npz", shape=face)
    assert np.array_equal(dpt.read_shape(tmp_path / "shape.npz").values, face)
    np.save(tmp_path / "TH217.npy", vector)
    style = dpt.read_style(tmp_path / "TH217.npy", "abc")
    assert (style.name, style.encoder) == ("TH217", "abc") and np.array_equal(style.vector, vector)
    exp, pose = random.normal(size=(30, 50)), random.normal(size=(30, 6))
    np.savez(tmp_path / "motion.npz", exp=exp, pose=pose)
    motion = dpt.read_motion(tmp_path / "motion.npz")
    np.testing.assert_allclose(motion.select(("headX", "headY", "headZ", "jawX", "jawY", "jawZ")), pose, rtol=1e-6)
    np.savez(tmp_path / "motion.npz", exp=exp[:, :40], pose=pose)
    for read, name in ((dpt.read_motion, "motion.npz"), (dpt.read_shape, "TH217.npy"), (dpt.read_motion, "shape.npz")):
        with pytest.raises(FileError, match=name):
            read(tmp_path / name)
    numbers, _ = statistics(tmp_path / "stats.npz")
    save(dpt.convert(dpt.read_denoiser(files[0]["head"][1]), dpt.read_style_encoder(files[1][1]), numbers), tmp_path / "m.safetensors")
    command = ["convert", "diffposetalk", str(tmp_path / "TH217.npy"), "--model", str(tmp_path / "m.safetensors")]
    assert main([*command, "-o", str(tmp_path / "TH217.safetensors")]) == 0
    from visavox.io.style import read_style

    assert read_style(tmp_path / "TH217.safetensors").encoder == load(tmp_path / "m.safetensors").style_encoder
    capsys.readouterr()
    assert main(["convert", "diffposetalk", str(tmp_path / "TH217.npy"), "-o", str(tmp_path / "x.safetensors")]) == 2
    assert "--model" in capsys.readouterr().err


@pytest.fixture(scope="module")
def converted(files, tmp_path_factory):
    """Converted models with and without head, each with its style encoder and the style that the authors' extraction would write."""
    folder, made = tmp_path_factory.mktemp("converted"), {}
    for name, channels in (("head", 54), ("still", 51)):
        torch.manual_seed(channels)
        encoder = authors.randomised(authors.StyleEncoder(channels))
        for weight in encoder.parameters():
            weight.data += 0.1 * torch.randn_like(weight)
        authors.save_style_encoder(encoder, folder / f"{name}.pt", n_heads=1)
        theirs = dpt.read_denoiser(files[0][name][1])
        theirs.options["style_enc_ckpt"] = f"experiments/SE/{name}-L4H4/checkpoints/iter_0026000.pt"
        numbers, _ = statistics(folder / "stats.npz", name == "still")
        save(dpt.convert(theirs, dpt.read_style_encoder(folder / f"{name}.pt"), numbers), folder / f"{name}.safetensors")
        save(dpt.convert(theirs, None, numbers), folder / f"{name}-bare.safetensors")
        with torch.no_grad():
            vector = encoder(torch.randn(1, 100, channels)).numpy()[0]
        kept = folder / f"{name}-L4H4" / "iter_0026000"
        kept.mkdir(parents=True)
        for path in (folder / f"{name}.npy", kept / "TH217.npy"):
            np.save(path, vector)
        np.savez(folder / f"{name}-style.npz", style=vector)
        made[name] = vector
    return folder, made


@pytest.mark.parametrize(("model", "other"), [("head", "still"), ("still", "head")])
def test_a_style_of_another_encoder_is_refused_by_name(converted, tmp_path, capsys, model, other):
    """By its numbers, which the layer norm of another encoder does not give; without them by the folder that their demo keeps it in."""
    folder, made = converted

    def convert(style, checkpoint):
        command = ["convert", "diffposetalk", str(folder / style), "--model", str(folder / f"{checkpoint}.safetensors")]
        return main([*command, "-o", str(tmp_path / "s.safetensors")]), capsys.readouterr().err

    for style in (f"{model}.npy", f"{model}-style.npz", f"{model}-L4H4/iter_0026000/TH217.npy"):
        for checkpoint in (model, f"{model}-bare"):
            assert convert(style, checkpoint) == (0, "")
            (tmp_path / "s.safetensors").unlink()
    for style in (f"{other}.npy", f"{other}-style.npz"):
        code, said = convert(style, model)
        assert code == 2 and f"{other}" in said and f"not made by the style encoder in {folder / model}.safetensors" in said
    for checkpoint in (model, f"{model}-bare"):
        code, said = convert(f"{other}-L4H4/iter_0026000/TH217.npy", checkpoint)
        wanted = f"is a style of {other}-L4H4/iter_0026000, {folder / checkpoint}.safetensors was trained with {model}-L4H4/iter_0026000"
        assert code == 2 and wanted in said and said.count("\n") == 1
    assert not (tmp_path / "s.safetensors").exists()


def test_an_npz_is_taken_for_what_it_holds(converted, tmp_path, capsys, monkeypatch):
    """A stored style is a style, a face needs no conversion, a motion may carry a shape; `visavox style` on their motion names convert."""
    from visavox.io.style import read_style

    folder, made = converted
    monkeypatch.chdir(tmp_path)
    model, random = str(folder / "head.safetensors"), np.random.default_rng(0)
    command = ["convert", "diffposetalk", str(folder / "head-style.npz"), "-o", "s.safetensors"]
    assert main([*command, "--model", model]) == 0 and np.array_equal(read_style("s.safetensors").vector, made["head"])
    assert main(command) == 2
    arrays = {"exp": random.normal(size=(120, 50)), "pose": random.normal(size=(120, 6))}
    np.savez("motion.npz", **arrays, shape=np.zeros((120, 100)))
    np.savez("face.npz", shape=np.zeros(100))
    np.savez("other.npz", lips=np.zeros(3))
    capsys.readouterr()
    assert main(["convert", "diffposetalk", "motion.npz", "-o", "ours.npz"]) == 0
    for file, says in (("face.npz", "give it to --identity"), ("other.npz", "holds lips; give a motion with exp and pose, or a style")):
        assert main(["convert", "diffposetalk", file, "-o", "no.npz"]) == 2
        assert says in capsys.readouterr().err
    assert main(["style", "motion.npz", "--checkpoint", model, "-o", "no.safetensors"]) == 2
    said = capsys.readouterr().err
    assert "lacks values, channels, fps" in said and "visavox convert diffposetalk" in said
    assert main(["style", "ours.npz", "--checkpoint", model, "--start", "0.4", "-o", "s4.safetensors"]) == 0
    assert "16 numbers from one window from 0.4 s on" in capsys.readouterr().out
    checkpoint = load(model)
    model = checkpoint.model()
    values = dpt.read_motion("motion.npz").select(checkpoint.rig.names)[10:110]
    theirs = (values - np.array(checkpoint.statistics["mean"])) / np.array(checkpoint.statistics["std"])
    np.testing.assert_allclose(read_style("s4.safetensors").vector, TorchEngine(model).encode_style(theirs[None])[0], atol=1e-5)


def test_a_converted_checkpoint_animates(files, tmp_path):
    """Sheet 3: sound standardised over the recording, windows of 100 frames, 4 steps for 500, guidance 1.15 and 3, a threshold."""
    from visavox.audio import Audio
    from visavox.diffusion.guidance import Threshold
    from visavox.encoding import encode_samples
    from visavox.loading import load as load_animator
    from visavox.sampling import Sampling
    from visavox.style import Style

    numbers, _ = statistics(tmp_path / "stats.npz")
    save(dpt.convert(dpt.read_denoiser(files[0]["head"][1]), dpt.read_style_encoder(files[1][1]), numbers), tmp_path / "m.safetensors")
    animator = load_animator(tmp_path / "m.safetensors")
    sound = Audio(0.2 * np.random.default_rng(0).normal(size=16_000 * 5).clip(-1, 1), 16_000)
    style = Style(np.ones(16, np.float32), animator.style_encoder)
    sampling = Sampling(4, 1.15, 3.0, sampler="ddpm", threshold=Threshold())
    motion = animator.animate(sound, style, seed=1, sampling=sampling)
    assert motion.values.shape == (125, 54) and motion.rig.name == "flame-generated"
    assert animator.extract_style(Motion(np.ones((100, 56)), 25, FLAME)).vector.any()  # channels are found by name
    save(dpt.convert(dpt.read_denoiser(files[0]["head"][1]), None, numbers), tmp_path / "bare.safetensors")
    with pytest.raises(OptionError, match="without its style encoder"):
        load_animator(tmp_path / "bare.safetensors").extract_style(motion)
    heard = encode_samples(animator.engine, sound, 125, 200).features
    padded = torch.zeros(1, 64_000)
    padded[0] = standardise(torch.tensor(sound.samples))[:64_000]
    with torch.no_grad():
        first = load(tmp_path / "m.safetensors").model().features(padded)[0]
    np.testing.assert_allclose(heard[:75], first[:75].numpy(), atol=1e-4)
    assert heard.shape == (200, 64)
    # at once, as published: their encoder over both windows together
    padded = torch.zeros(1, 128_000)
    padded[0, :80_000] = standardise(torch.tensor(sound.samples))
    with torch.no_grad():
        theirs = load(tmp_path / "m.safetensors").model().features(padded)[0].numpy()
    at_once = encode_samples(animator.engine, sound, 125, 200, at_once=True).features
    np.testing.assert_allclose(at_once, theirs, atol=1e-4)
    assert np.abs(at_once - heard).max() > 1e-3
    whole = animator.animate(sound, style, seed=1, sampling=replace(sampling, encode_at_once=True))
    assert not np.array_equal(whole.values, motion.values)
