"""One set of shapes for each thing that a face can do, on the real names of well-known families."""

from collections import Counter

import pytest
from families import CREATOR_3, CREATOR_4, FAMILIES, READY_PLAYER_ME, STILL, VROID, VROID_OLD

from visavox.rigs.arkit import SHAPES
from visavox.rigs.retargeting.proposal import propose, unused_channels
from visavox.rigs.retargeting.shape_names import meaning, understood


def moved(names, **more) -> set[str]:
    return {channel.name for channel in propose(names, "it", **more).channels}


@pytest.mark.parametrize("family", FAMILIES)
def test_no_part_of_a_face_is_moved_twice(family):
    names = FAMILIES[family]
    rig_map = propose(names, family)
    cells = Counter(cell for channel in rig_map.channels for cell in understood(channel.name)[0].cells)
    assert cells and max(cells.values()) == 1, [cell for cell in cells if cells[cell] > 1]
    gains = Counter()
    for channel in rig_map.channels:
        sides = len({side for _, side, _ in understood(channel.name)[0].cells})
        rows = len({row for _, _, row in understood(channel.name)[0].cells})
        for source, gain in channel.sources.items():
            sided = source.endswith(("Left", "Right")) and source not in ("jawLeft", "jawRight", "mouthLeft", "mouthRight")
            part = 1 if source.startswith("viseme") or (sided and rows == 2) else rows / 2 if sided else sides * rows / 4
            gains[source] += gain * part
    assert max(gains.values()) <= 1 + 1e-9, gains.most_common(3)
    assert [name for name in dict.fromkeys(names) if name not in {c.name for c in rig_map.channels}] == list(rig_map.unmapped)


@pytest.mark.parametrize("family", STILL)
def test_what_a_family_can_show_it_shows(family):
    assert set(unused_channels(propose(FAMILIES[family], family))) == STILL[family]


def test_arkits_own_names_move_and_the_others_rest():
    assert moved(READY_PLAYER_ME) == set(SHAPES) and moved(FAMILIES["copies"]) == set(SHAPES)
    assert {"Jaw_Open", "Eye_Blink_L", "Mouth_Smile_R", "Cheek_Puff"} <= moved(CREATOR_4)
    assert not {"Mouth_Open", "Merged_Open_Mouth", "Eye_Blink", "Mouth_Smile", "Cheek_Puff_L", "V_Open", "Mouth_Chin_Up"} & moved(CREATOR_4)


@pytest.mark.parametrize("names", [VROID, VROID_OLD])
def test_sided_lids_come_before_both_and_vowels_are_understood(names):
    there = {name.split("Fcl_")[1] for name in moved(names)}
    assert {"EYE_Close_L", "EYE_Close_R", "MTH_A", "MTH_I", "MTH_U", "MTH_E", "MTH_O"} <= there and "EYE_Close" not in there


def test_a_set_without_one_side_gives_way_to_a_whole_one():
    assert moved(["wink_L", "blink"]) == {"blink"} and moved(["wink_L", "wink_R", "blink"]) == {"wink_L", "wink_R"}
    assert moved(["mouthFunnelUL", "mouthFunnelUR", "LipsFunnel"]) == {"LipsFunnel"}


def test_shapes_of_one_meaning_move_together_on_different_meshes_only():
    names = ["Jaw_Open", "JAWOPEN", "jawOpen.001"]
    assert moved(names) == {"Jaw_Open"}
    assert moved(names, meshes=[["Jaw_Open", "jawOpen.001"], ["JAWOPEN"]]) == {"Jaw_Open", "JAWOPEN"}


def test_one_family_of_visemes_speaks_and_a_few_do_not_silence_the_jaw():
    names = moved(FAMILIES["VRChat"])
    assert "vrc.v_aa" in names and not names & {"A", "E", "JawOpen", "MouthClosed"} and {"Blink_L", "Blink_R"} <= names
    assert moved(["jawOpen", "A", "mouthSmileLeft"]) == {"jawOpen", "mouthSmileLeft"}
    assert moved(["A", "mouthSmileLeft"]) == {"A"}, "a mouth that cannot open but by its vowel"
    assert {"Mouth_Open", "Mouth_Pucker", "Mouth_Smile_L"} <= moved(CREATOR_3)


@pytest.mark.parametrize(
    "around",
    [
        "{}.001",
        "{}_1",
        "{}2",
        "head_geo_{}",
        "Wolf3D_Head.{}",
        "blendShape1.{}",
        "facs_bs_{}_div2",
        "{}Shape",
        "{}_Mesh",
        "Face|{}",
        "12 {}",
    ],
)
def test_prefixes_numbers_and_suffixes_fall_away(around):
    assert {channel: meaning(around.format(channel)) for channel in SHAPES} == {channel: {channel: 1.0} for channel in SHAPES}


@pytest.mark.parametrize(
    "name", "eye_smile_L hair_A jawOpen_mouthClose facs_cbs_JawOpen no_blink Key.E tongue_kiss cup_o hair_blink _ 口 jawOpen_off".split()
)
def test_what_only_looks_like_a_shape_of_a_face_does_not_move(name):
    assert meaning(name) is None


def test_names_of_any_length_are_read_at_once():
    assert meaning("a " * 100000 + "jawOpen") == {"jawOpen": 1.0} and meaning("A" * 100000) is None and meaning("\ud83d\x7f jawOpen")
