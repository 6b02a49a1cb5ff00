"""MEAD (Wang and others, ECCV 2020): emotion in eight kinds and three levels, filmed from seven sides.

Facts about the layout: `M003/video/front/angry/level_1/001.mp4` (M men, W women; cameras front, down, top, left_30, left_60, right_30,
right_60), and its sound in `M003/audio/angry/level_1/001.m4a`. Some copies join the two: `angry_level_1`. Every camera films the same
speech, so the front is enough where it is there.
"""

import re
from pathlib import Path

from visavox.data.naming.labels import Labels, Naming, style_of

EMOTIONS = ("angry", "contempt", "disgusted", "fear", "happy", "neutral", "sad", "surprised")
WORDS = {"fear": "fearful"}
CAMERAS = ("front", "down", "top", "left_30", "left_60", "right_30", "right_60")
FRONT = CAMERAS[0]
NAMED = re.compile(
    rf"(?P<actor>[MW]\d{{3}})/(?:video/(?P<camera>{'|'.join(CAMERAS)})|audio)/(?P<emotion>{'|'.join(EMOTIONS)})[/_]level_(?P<level>[123])/\d{{3}}",
    re.ASCII,
)


def _of(path: Path) -> Labels | None:
    end = "/".join(path.with_suffix("").parts[-6:])
    found = NAMED.search(end)
    if not found or found.end() != len(end):
        return None
    emotion, camera = found["emotion"], found["camera"]
    style = style_of(WORDS.get(emotion, emotion), f"level {found['level']}")
    if camera is None:
        return Labels(found["actor"], style, "en")
    parts = list(path.parts)
    where = len(parts) - 1 - parts[::-1].index(camera)
    sound = Path(*parts[: where - 1], "audio", *parts[where + 1 :]).with_suffix(".m4a")
    better = None if camera == FRONT else Path(*parts[:where], FRONT, *parts[where + 1 :])
    return Labels(found["actor"], style, "en", sound=sound, better=better)


MEAD = Naming("MEAD", "speaker, emotion and its level", "", _of)
