"""Names in every usual spelling, the maps proposed from them, and what a map does to a motion."""

import numpy as np
import pytest

from visavox.errors import FileError, RigError
from visavox.motion import Motion
from visavox.rig import Channel, Rig
from visavox.rigs.arkit import ARKIT, SHAPES
from visavox.rigs.retargeting.proposal import propose, unused_channels
from visavox.rigs.retargeting.rig_map import MappedChannel, RigMap, from_toml, swap_sides
from visavox.rigs.retargeting.shape_names import meaning
from visavox.rigs.visemes import VISEME_RIG, VISEMES, viseme_motion

MOTION = Motion(np.random.default_rng(3).random((8, len(ARKIT))), 25, ARKIT)

SPELLINGS = {
    "jawOpen": "jawOpen JawOpen jaw_open Jaw_Open A25_Jaw_Open JAWOPEN Head|jawOpen Face.blendShape1.jawOpen CTRL_expressions_jawOpen mouthOpen AU26",  # noqa: E501
    "eyeBlinkLeft": "eyeBlinkLeft eyeBlink_L eyeBlink.L leftEyeBlink EYE_BLINK_LEFT Eye_Blink_L CTRL_expressions_eyeBlinkL blinkLeft Blink_L Fcl_EYE_Close_L AU45_L",  # noqa: E501
    "mouthSmileRight": "mouthSmile_R Mouth_Smile_R CTRL_expressions_mouthCornerPullR ctrl_expressions_mouthcornerpullr AU12_R",
    "mouthLeft": "mouthLeft Mouth_L CTRL_expressions_mouthLeft", "mouthRight": "Mouth_R", "jawLeft": "Jaw_L jawLeft",
    "jawForward": "CTRL_expressions_jawFwd",  # noqa: E501
    "browInnerUp": "browInnerUp browInnerUp_L Brow_Raise_Inner_R CTRL_expressions_browRaiseInL AU1 AU01",
    "eyeLookOutLeft": "eyeLookOut_L CTRL_expressions_eyeLookLeftL Eye_L_Look_L",
    "eyeLookInRight": "CTRL_expressions_eyeLookLeftR Eye_R_Look_L",  # noqa: E501
    "eyeLookUpRight": "Eye_R_Look_Up CTRL_expressions_eyeLookUpR", "mouthFunnel": "Mouth_Funnel_Up_L CTRL_expressions_mouthFunnelUL AU22",
    "mouthPucker": "Mouth_Pucker_Up_L CTRL_expressions_mouthLipsPurseDR",
    "mouthRollUpper": "Mouth_Roll_In_Upper_R CTRL_expressions_mouthUpperLipRollInL",  # noqa: E501
    "mouthUpperUpLeft": "Mouth_Up_Upper_L CTRL_expressions_mouthUpperLipRaiseL",
    "mouthLowerDownRight": "Mouth_Down_Lower_R CTRL_expressions_mouthLowerLipDepressR",  # noqa: E501
    "cheekSquintLeft": "Cheek_Raise_L CTRL_expressions_eyeCheekRaiseL",
    "noseSneerRight": "Nose_Sneer_R CTRL_expressions_noseWrinkleR AU9_R", "tongueOut": "Tongue_Out",  # noqa: E501
    "browDownLeft": "Brow_Drop_L browDown_L AU4_L", "mouthPressLeft": "CTRL_expressions_mouthPressUL",
    "cheekPuff": "Cheek_Puff_L CTRL_expressions_mouthCheekBlowR",  # noqa: E501
    "viseme_PP": "viseme_PP v_pp V_Explosive", "viseme_ih": "viseme_I viseme_ih", "viseme_ou": "viseme_U v_ou vrc.v_ou",
    "viseme_sil": "viseme_sil",  # noqa: E501
}  # fmt: skip


@pytest.mark.parametrize("channel", SPELLINGS)
def test_a_channel_is_known_in_its_spellings(channel):
    for spelling in SPELLINGS[channel].split():
        assert meaning(spelling) == {channel: 1.0}, spelling


@pytest.mark.parametrize("channel", SHAPES)
def test_every_arkit_name_means_itself_in_five_spellings(channel):
    snake = "".join(f"_{letter.lower()}" if letter.isupper() else letter for letter in channel)
    short = channel.replace("Left", "_L").replace("Right", "_R")
    for spelling in (channel, channel.lower(), channel[0].upper() + channel[1:], snake, short):
        assert meaning(spelling) == {channel: 1.0}, spelling


def test_every_viseme_means_itself():
    assert all(meaning(f"viseme_{name}") == {f"viseme_{name}": 1.0} for name in VISEMES)


def test_meanings_are_channels_of_ours_and_strangers_have_none():
    from visavox.rigs.retargeting.spellings import table

    assert all(channel in ARKIT or channel in VISEME_RIG for shown in table().values() for channel in shown.gains)
    assert all(meaning(name) is None for name in ("hairWind", "jaw", "mouth", "left", "", "Key 1", "Basis", "皮肤"))
    assert meaning("AU12") == {"mouthSmileLeft": 0.5, "mouthSmileRight": 0.5} and "viseme_aa" in meaning("Fcl_MTH_A")


def test_a_map_scales_shifts_and_clips():
    rig_map = RigMap("mine", (MappedChannel("open", {"jawOpen": 2.0, "mouthClose": -1.0}, offset=0.1, low=0.2, high=0.9),))
    there = rig_map.apply(MOTION)
    expected = np.clip(0.1 + 2 * MOTION.channel("jawOpen") - MOTION.channel("mouthClose"), 0.2, 0.9)
    assert np.allclose(there.channel("open"), expected, atol=1e-6) and there.rig.name == "mine"
    assert np.array_equal(there.channel("headYaw"), MOTION.channel("headYaw")) and there.fps == 25


def test_a_mirrored_map_swaps_the_sides():
    rig_map = RigMap("mine", (MappedChannel("smile_L", {"mouthSmileLeft": 1.0}), MappedChannel("open", {"jawOpen": 1.0})), mirrored=True)
    there = rig_map.apply(MOTION)
    assert np.array_equal(there.channel("smile_L"), MOTION.channel("mouthSmileRight"))
    assert np.array_equal(there.channel("open"), MOTION.channel("jawOpen"))
    assert all(swap_sides(swap_sides(name)) == name for name in SHAPES)


def test_a_map_may_read_visemes():
    there = RigMap("mine", (MappedChannel("A", {"viseme_aa": 1.0}),)).apply(MOTION)
    assert np.allclose(there.channel("A"), viseme_motion(MOTION).channel("viseme_aa"))


def test_toml_reads_back_as_it_was_written():
    proposed = propose(["Jaw_Open", 'odd "name"', "V.eyeBlink_L", "hair"], "my face")
    again = from_toml(proposed.to_toml(), "my.toml")
    assert again.channels == proposed.channels and again.name == "my face" and not again.mirrored
    assert '# "hair"' in proposed.to_toml() and proposed.unmapped == ('odd "name"', "hair")


def test_a_full_arkit_face_is_moved_by_its_shapes_and_not_twice():
    proposed = propose([*SHAPES, *(f"viseme_{name}" for name in VISEMES)], "rpm")
    assert {channel.name for channel in proposed.channels} == set(SHAPES) and not unused_channels(proposed)


def test_a_face_of_visemes_is_moved_by_them_and_not_by_its_one_open_mouth():
    proposed = propose(["mouthOpen", "mouthSmile", "eyeBlinkLeft", *(f"viseme_{name}" for name in VISEMES)], "rpm")
    names = {channel.name for channel in proposed.channels}
    assert "viseme_PP" in names and "eyeBlinkLeft" in names and "mouthOpen" in proposed.unmapped


def test_unused_channels_are_named():
    assert unused_channels(propose(["jawOpen", "eyeBlink_L"], "few"))[:2] == ["eyeLookDownLeft", "eyeLookInLeft"]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("[channels]", "maps no channel"),
        ("[channels", "not TOML"),
        ("name = 'a'", "lacks channels"),
        ("[channels]\na = {from = {jawOpen = 'x'}}", "'x' for channels.a.from.jawOpen, not a number"),
        ("[channels]\na = {from = {jawOpen = true}}", "for channels.a.from.jawOpen, not a number"),
        ("[channels]\na = {from = {jawOpen = nan}}", "for channels.a.from.jawOpen, not a number"),
        ("[channels]\na = {from = {jawOpen = 1}, high = inf}", "for channels.a.high, not a number"),
        ("[channels]\na = {from = {jawOpen = 1}, offset = 1e300}", "for channels.a.offset, not a number"),
        ("[channels]\na = {from = {jawOpen = 1" + "0" * 500 + "}}", "a huge number for channels.a.from.jawOpen"),
        ("[channels]\na = {from = {jawOpen = 9" + "9" * 5000 + "}}", "not TOML"),
        ("[channels]\na = {from = {jawOpen = 1}, gain = 2}", "unknown entry channels.a.gain"),
        ("[channels]\na = {from = {jawOpen = 1}, low = 2, high = 1}", "low 2 above high 1 for the channel 'a'"),
        ("[channels]\na = 3", "3 for channels.a, not an object"),
        ("[channels]\na = {}", "lacks channels.a.from"),
        ("[channels]\na = {from = 1979-05-27}", "for channels.a.from, not an object"),
        ("name = 3\n[channels]\na = {from = {jawOpen = 1}}", "3 for name, not a text"),
        ("mirrored = 'false'\n[channels]\na = {from = {jawOpen = 1}}", "'false' for mirrored, not true or false"),
        ("mirored = true\n[channels]\na = {from = {jawOpen = 1}}", "unknown entry mirored"),
        ("jaw = {from = {jawOpen = 1}}", r"lacks the line \[channels\]"),
        ("[channels]\na = {form = {jawOpen = 1}}", "unknown entry channels.a.form, did you mean from"),
        ("x = " + "[" * 5000 + "]" * 5000, "nested too deeply"),
    ],
)
def test_bad_maps_are_refused_by_name(text, said):
    with pytest.raises(FileError, match=f"(?s)my.toml.*{said}") as caught:
        from_toml(text, "my.toml")
    assert len(str(caught.value)) < 400 and "visavox rig init" in str(caught.value) or "maps no channel" in said


ODD = ["\U0001f600jawOpen.x", "del\x7fete", "quote \" it's", "back\\slash", "new\nline\r\t", "ア", "half \ud83d"]
ODD += ["\x00nul", "\x85\u2028", "", " ", "# = ["]


def test_names_of_any_characters_survive_toml():
    made = RigMap("".join(ODD), tuple(MappedChannel(name, {"jawOpen": 0.5}) for name in ODD), unmapped=tuple(f"{name}?" for name in ODD))
    text = made.to_toml()
    text.encode()
    again = from_toml(text, "odd.toml")
    assert [channel.name for channel in again.channels] == [name.replace("\ud83d", "?") for name in ODD]
    assert again.name == made.name.replace("\ud83d", "?") and len(text.splitlines()) == 6 + 2 * len(ODD) + 2
    assert text.count("\n") == len(text.splitlines()), "no name breaks a line"


def test_sources_that_do_not_exist_are_named():
    with pytest.raises(RigError, match="'mine' reads jawOpne, .*did you mean jawOpen"):
        RigMap("mine", (MappedChannel("open", {"jawOpne": 1.0}),)).apply(MOTION)
    jaw = Motion(np.zeros((1, 1)), 25, Rig("jaw", (Channel("jawOpen"),)))
    with pytest.raises(RigError, match="mouthSmileLeft.*'jaw' lacks"):
        RigMap("mine", (MappedChannel("smile", {"mouthSmileLeft": 1.0}),)).apply(jaw)
    with pytest.raises(RigError, match="hair.*known spelling"):
        propose(["hair", "hat"], "mine")
