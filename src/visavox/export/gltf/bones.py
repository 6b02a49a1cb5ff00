"""The nodes of a glTF character that are its head, its eyes and its jaw: as the file says, else by the names of its bones.

Names of VRM, VRoid, Ready Player Me, Mixamo, Character Creator, MetaHuman and Unreal, Daz, Biped, Rigify, MikuMikuDance (頭, 左目, 目.L)
and others are told apart word by word. What is left of a name without the marks of its rig must be the part itself, so that HeadNub,
eyelids and upper jaws are none.
"""

import re
import unicodedata

from visavox.io.gltf import Gltf
from visavox.io.gltf_document import extension

HEAD, LEFT_EYE, RIGHT_EYE, JAW = BONES = ("head", "leftEye", "rightEye", "jaw")  # as VRM calls them
_SIDES = {"l": "left", "r": "right", "lft": "left", "rgt": "right", "lt": "left", "rt": "right", "left": "left", "right": "right"}
_MARKS = re.compile(  # what rigs write around the name of a part
    r"\d+|mixamorig\d*|mixamo|valve|biped|bip\d*|j|c|m|x|s|b|bn|bones?|jnt|joint|jt|def|deform|rig|bind|sk|skin|skel|skeleton|armature|"
    r"character\d*|avatar|cc|base|facial|face|adj|genesis\d*|male|female|main|master|offset|anim"
)
_CORES = {
    ("head",): HEAD, ("left", "eye"): LEFT_EYE, ("right", "eye"): RIGHT_EYE, ("left", "eyeball"): LEFT_EYE, ("right", "eyeball"): RIGHT_EYE,
    ("left", "eye", "ball"): LEFT_EYE, ("right", "eye", "ball"): RIGHT_EYE, ("jaw",): JAW, ("lower", "jaw"): JAW, ("lowerjaw",): JAW,
    ("lefteye",): LEFT_EYE, ("eyeleft",): LEFT_EYE, ("leye",): LEFT_EYE, ("eyel",): LEFT_EYE,
    ("righteye",): RIGHT_EYE, ("eyeright",): RIGHT_EYE, ("reye",): RIGHT_EYE, ("eyer",): RIGHT_EYE,
    ("jaw", "lower"): JAW, ("jaw", "root"): JAW, ("jawroot",): JAW, ("jawbone",): JAW, ("mandible",): JAW,
}  # fmt: skip
_OTHERS = {  # words of what is no bone of a face, or another part of it
    "hair", "hat", "helmet", "lid", "lids", "eyelid", "lash", "lashes", "eyelash", "brow", "eyebrow", "ear", "ik", "fk", "ctrl", "control",
    "target", "pole", "look", "lookat", "aim", "twist", "end", "nub", "top", "mch", "shower", "arrow", "weapon", "tail", "upper", "teeth",
    "camera", "light", "socket", "effector", "null", "dummy", "gun", "bullet", "spear", "hammer", "brush",
}  # fmt: skip
_JAPANESE = {  # and Chinese: what bones are called for MikuMikuDance, and what else stands in such names, as words
    "左": "left", "右": "right", "頭部": "head", "頭": "head", "头部": "head", "头": "head", "眼球": "eye", "目": "eye", "眼": "eye",
    "下顎": "jaw", "下あご": "jaw", "顎": "jaw", "あご": "jaw", "アゴ": "jaw", "ボーン": "bone", "先": "end", "髪": "hair", "両": "both",
}  # fmt: skip
_JAPANESE_WORD = re.compile("|".join(sorted(_JAPANESE, key=len, reverse=True)) + r"|[^\W\x00-\x7f]")
_RIGIFY_HEAD = re.compile(r"(def|org)?[-_ ]?spine[._ ]?006", re.IGNORECASE)


def find_bones(character: Gltf) -> dict[str, int]:
    """The index of the node of each of BONES that the character has: first what the file says, then joints of skins, then other nodes.

    A mesh that follows a skin is none of them: turning its node moves nothing.
    """
    nodes = character.document.get("nodes", [])
    joints = {joint for skin in character.document.get("skins", []) for joint in skin["joints"]}
    marked = any(_words(_name(nodes[joint]))[:1] == ["def"] for joint in joints)
    best: dict[str, tuple] = {}
    for index, node in enumerate(nodes):
        if "mesh" in node and "skin" in node:
            continue
        for part, left_out, unknown in _parts(_name(node)):
            if unknown and index not in joints:
                continue
            helper = marked and _words(_name(node))[:1] != ["def"]  # Rigify's controls stand beside the bones that deform
            best[part] = min(best.get(part, (9,)), (index not in joints, helper, unknown, left_out, index))
    return {part: found[-1] for part, found in best.items()} | _named_by_extensions(character.document)


def looks_back(character: Gltf) -> bool:
    """Whether the character looks along -Z, as those of VRM 0 do; all others look along +Z."""
    return bool(extension(character.document, "VRM")) and not extension(character.document, "VRMC_vrm")


def parents_of(nodes: list[dict]) -> dict[int, int]:
    """The parent of each node that has one."""
    return {child: parent for parent, node in enumerate(nodes) for child in node.get("children", [])}


def _named_by_extensions(document: dict) -> dict[str, int]:
    """The bones that a VRM file names, by the part; what is no node is not believed."""
    humanoids = [extension(document, name).get("humanoid") for name in ("VRM", "VRMC_vrm")]
    found = {}
    for humanoid in humanoids:
        bones = humanoid.get("humanBones") if isinstance(humanoid, dict) else None
        if isinstance(bones, dict):  # VRM 1
            bones = [{"bone": name, **entry} for name, entry in bones.items() if isinstance(entry, dict)]
        for entry in bones if isinstance(bones, list) else []:
            name, node = (entry.get("bone"), entry.get("node")) if isinstance(entry, dict) else (None, None)
            if name in BONES and type(node) is int and 0 <= node < len(document.get("nodes", [])):
                found[name] = node
    return found


def _parts(name: str) -> list[tuple[str, int, int]]:
    """What a bone called `name` may be, with how many marks of rigs and how many unknown words its name has besides."""
    if _RIGIFY_HEAD.fullmatch(name):
        return [(HEAD, 9, 0)]
    words = _words(name)
    kept = [word for word in words if not _MARKS.fullmatch(word)]
    sides = {_SIDES[word] for word in kept if word in _SIDES}
    bare = [word for word in kept if word not in _SIDES]
    found = []
    for size in range(1, min(3, len(bare)) + 1):
        before, core = bare[:-size], tuple(bare[-size:])
        part = _CORES.get((*sides, *core)) if len(sides) <= 1 else None
        if part and not _OTHERS & set(before):
            found.append((part, len(words) - len(kept), len(before)))
    return found


def _name(node: dict) -> str:
    name = node.get("name")
    return name[-100:] if isinstance(name, str) else ""


def _words(name: str) -> list[str]:
    if not name.isascii():
        name = _JAPANESE_WORD.sub(lambda seen: f" {_JAPANESE.get(seen[0], 'unknown')} ", unicodedata.normalize("NFKC", name))
    name = re.sub(r"([a-z])([A-Z])|(?<=[A-Z])(?=[A-Z][a-z])", lambda seen: f"{seen[1]} {seen[2]}" if seen[1] else " ", name)
    name = re.sub(r"([A-Za-z])(\d)", r"\1 \2", name)
    return re.sub(r"[^a-z0-9]+", " ", name.lower()).split()
