"""Names that models for MikuMikuDance and characters of Character Creator 3 really have."""

import pytest

from visavox.rigs.retargeting.proposal import propose
from visavox.rigs.retargeting.shape_names import meaning
from visavox.rigs.retargeting.spellings import CREATOR_VISEMES

MIKU = (
    "真面目 困る にこり 怒り 上 下 まばたき 笑い ウィンク ウィンク右 ウィンク２ ｳｨﾝｸ２右 はぅ なごみ "
    "びっくり じと目 あ い う え お ω にやり 照れ"
).split()
CREATOR_3 = "Open Explosive Dental_Lip Tight-O Tight Wide Affricate Lip_Open".split()


def test_a_model_for_miku_miku_dance_speaks_and_blinks_once():
    rig_map = propose(MIKU, "miku")
    moved = {channel.name for channel in rig_map.channels}
    assert set("あいうえお") < moved and {"ウィンク２", "ｳｨﾝｸ２右"} < moved and not {"まばたき", "笑い", "ウィンク"} & moved
    assert {"はぅ", "なごみ", "ω", "照れ"} <= set(rig_map.unmapped)


@pytest.mark.parametrize(("name", "channel"), [
    ("まばたき", "eyeBlinkLeft"), ("ﾏﾊﾞﾀｷ", None), ("ｳｨﾝｸ２右", "eyeBlinkRight"), ("ウィンク", "eyeBlinkLeft"),
    ("face.怒り", "browDownLeft"), ("上着", None), ("目の上", None), ("ああ", None), ("困る", "browInnerUp"), ("お", "viseme_oh"),
    ("ウインク２右", "eyeBlinkRight"), ("にっこり", "mouthSmileLeft"), ("口横広げ", "mouthStretchLeft"),
])  # fmt: skip
def test_japanese_names_are_read_whole(name, channel):
    found = meaning(name)
    assert channel in found if channel else found is None


def test_character_creator_3_names_sounds_without_a_prefix():
    for plain, prefixed in zip(CREATOR_3, "Open Explosive Dental_Lip Tight_O Tight Wide Affricate Lip_Open".split(), strict=True):
        assert meaning(plain) == meaning(f"V_{prefixed}") == meaning(f"CC_Base_Body_{plain}") is not None
    assert len(CREATOR_3) == len(CREATOR_VISEMES)


@pytest.mark.parametrize("name", ["mouth_wide", "door_open", "tight_shirt", "open_legs", "eyes_tight", "wide_hips", "Lid_Open2x"])
def test_such_words_mean_nothing_beside_others(name):
    assert not set(meaning(name) or ()) & {"viseme_aa", "viseme_ou", "viseme_ih"}
