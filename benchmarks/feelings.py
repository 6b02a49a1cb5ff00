"""What voice, words and both tell of an emotion: recordings whose emotion is known, and sentences that tell one, as Markdown.

python -m benchmarks.feelings angry=a.wav sad=b.wav --readers c.flac d.flac

The recordings are of acted emotions; --readers are of people who read calmly. Their own words are not known, so each recording is taken
with every sentence of its emotion in turn, and each reader with every sentence of all. The sentences were written for this table: FIRST
before the lexicon was looked at, but it was mended by what it missed of them; LATER afterwards, and nothing was changed.
"""

import argparse

import numpy as np

from visavox.direction.fusion import fused, words_by_phrase
from visavox.direction.voice import over_phrases, read_voice
from visavox.direction.words import Sentence, read_words
from visavox.emotion import EMOTIONS
from visavox.io.audio import read_audio

FIRST = {
    "neutral": (
        "The train to Leeds leaves from platform four at ten past nine.",
        "There are twelve chairs in the room and a table by the window.",
        "He put the letters in the drawer and went back to the office.",
        "The second edition was printed in London in the following year.",
    ),
    "happy": (
        "We finally did it, I can't stop smiling!",
        "What a wonderful morning, the children laughed all the way to school.",
        "I'm thrilled with the result, thank you so much.",
        "They were dancing in the streets, it was the best day of my life.",
    ),
    "sad": (
        "She died last winter and I still miss her every day.",
        "I am so lonely since you left, nothing makes sense anymore.",
        "He wept quietly over the broken toy.",
        "I'm not happy here, I never was.",
    ),
    "angry": (
        "How dare you go through my papers, get out!",
        "I am sick of your lies, you always do this.",
        "He was furious and shouted at the driver.",
        "This is outrageous, they cheated us again!",
    ),
    "fearful": (
        "I heard steps behind me and I was terrified.",
        "Please don't leave me alone in the dark, I'm scared.",
        "We are in danger, something is out there.",
        "My hands were shaking, I thought we would not survive.",
    ),
    "disgusted": (
        "The milk had gone sour and the smell was revolting.",
        "There was a rotting rat in the sink, I nearly threw up.",
        "That is gross, take it away from me.",
        "The floor was covered in slime and filth.",
    ),
    "surprised": (
        "Wow, I never expected to see you here!",
        "Oh my goodness, is that really you?",
        "I can't believe it, out of nowhere he appeared!",
        "Suddenly the wall opened, we were astonished.",
    ),
    "contemptuous": (
        "He is a pathetic little man, beneath my notice.",
        "As if you could ever understand this, you fool.",
        "I have nothing but scorn for such cowards.",
        "Oh please, what a worthless excuse.",
    ),
}
LATER = {
    "neutral": (
        "Please take the second exit and follow the road for two miles.",
        "The report has four chapters and an appendix.",
        "Water boils at a lower temperature in the mountains.",
        "She works in a bank near the river.",
    ),
    "happy": (
        "We're getting married in June and everyone is so excited!",
        "It feels amazing to be home again.",
        "You should have seen her face light up when she opened the present.",
        "Yes! We made it to the final!",
    ),
    "sad": (
        "The house feels so empty without him.",
        "I lost my mother when I was nine.",
        "Nobody came to the funeral.",
        "Sometimes I just sit here and cry.",
    ),
    "angry": (
        "You lied to my face and I will never forgive you.",
        "Stop shouting at me, I hate this!",
        "Who do you think you are, talking to me like that?",
        "They raised the rent again, it makes my blood boil.",
    ),
    "fearful": (
        "Did you hear that noise? There's somebody in the house.",
        "I was frozen with fear and could not move.",
        "Be careful, the ice might break.",
        "I keep having the same nightmare and I'm afraid to sleep.",
    ),
    "disgusted": (
        "There were maggots all over the meat.",
        "Ugh, that smell is making me nauseous.",
        "His fingernails were filthy and he wiped his nose on the tablecloth.",
        "I can't eat this, it's vile.",
    ),
    "surprised": (
        "What? You're already back?",
        "I had no idea you two knew each other!",
        "Well, that was completely unexpected.",
        "Whoa, where did that come from?",
    ),
    "contemptuous": (
        "You call that a painting? My dog could do better.",
        "He's a nobody, and he will always be a nobody.",
        "How typical of you to show up unprepared.",
        "I wouldn't waste a minute on such a mediocre book.",
    ),
}


def place(chances: np.ndarray, name: str) -> tuple[float, float]:
    """How surely an emotion is the likeliest, and how surely one of the two likeliest: those that are equally likely share it."""
    own = chances[EMOTIONS.index(name)]
    likelier, alike = int((chances > own + 1e-9).sum()), int((np.abs(chances - own) <= 1e-9).sum())
    return tuple(float(np.clip((places - likelier) / alike, 0, 1)) for places in (1, 2))


def row(what: str, places: list[tuple[float, float]]) -> None:
    """Prints the means."""
    first, following = np.mean(places, 0)
    print(f"| {what} | {len(places)} | {first:.2f} | {following:.2f} |")


def ablation(what: str, pairs: list[tuple[str, str]], sentences: dict[str, tuple[str, ...]]) -> None:
    """Rows for voice, words and both of (emotion of the words, recording)."""
    places: dict[str, list[tuple[float, float]]] = {"voice": [], "words": [], "both": []}
    for name, path in pairs:
        voice = read_voice(read_audio(path))
        for text in sentences[name]:
            words = words_by_phrase(voice.phrases, read_words([Sentence(0.0, voice.phrases[-1].end, text)]))
            of = {"voice": voice.chances, "words": words, "both": fused(voice.chances, words)}
            for each, chances in of.items():
                places[each].append(place(over_phrases(voice.phrases, chances), name))
    for each, found in places.items():
        row(f"{what}: {each}", found)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("acted", nargs="*", help="EMOTION=FILE")
    parser.add_argument("--readers", nargs="*", default=[])
    options = parser.parse_intermixed_args()
    acted = [(name, path) for name, _, path in (pair.partition("=") for pair in options.acted)]
    print("| what | readings | first | first or next |\n|---|---|---|---|")
    for title, sentences in (("first sentences", FIRST), ("later sentences", LATER)):
        row(
            f"{title} alone", [place(read_words([Sentence(0, 3, text)]).chances[0], name) for name in sentences for text in sentences[name]]
        )
        if acted:
            ablation(f"acted, {title}", acted, sentences)
        if options.readers:
            ablation(f"calm readers, {title}", [(name, path) for name in EMOTIONS for path in options.readers], sentences)


if __name__ == "__main__":
    main()
