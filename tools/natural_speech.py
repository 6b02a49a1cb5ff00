"""`python -m tools.natural_speech KOKORO OUTPUT [--minutes 35] [--languages LETTERS]`: made-up sentences in natural voices, which a
recogniser can teach by.

Speaks sentences of `visavox.data.synth.text`, or of `tools.mandarin`, with Kokoro-82M (by hexgrad, Apache-2.0) as recordings of some 8 s
at 16 kHz, OUTPUT/VOICE/NUMBER.flac, for `visavox build --unlabelled OUTPUT`. The folder KOKORO holds its ONNX export (`kokoro.onnx`, with
the inputs tokens, style and speed), its `vocab.json` and the voices (`voices/NAME.bin`, float32 (510, 256)), whose first letter is their
language: a and b English, e Spanish, f French, i Italian, p Portuguese, z Mandarin; the others read English. Two in five of the recordings
in English and Mandarin voices have a mixture of two, so that there are more speakers than voices. A recording is a function of its number;
those that are there are kept, so it can be interrupted.

Needs onnxruntime and espeak-ng beside Visavox. One core speaks about as fast as it is listened to.
"""

import argparse
import json
import re
import subprocess
from pathlib import Path
from random import Random

import numpy as np
import onnxruntime
import soundfile
from tools import mandarin

from visavox.audio import Audio
from visavox.data.synth.text import sentence
from visavox.windows import SAMPLE_RATE

RATE = 24000  # Hz of Kokoro
LONGEST = 500  # tokens that Kokoro takes at once
SPEEDS = (0.85, 0.95, 1.0, 1.0, 1.05, 1.1, 1.2)
PEAK = 0.7
SEED = 606
TERMS = {"source": "Kokoro-82M natural synthetic speech (hexgrad)", "licence": "Apache-2.0"}  # of what it says, for who trains on it
MIXED = 0.4  # of the recordings in English and Mandarin voices
MANDARIN = "z"
AMERICAN = ("en-us", "en")
# By the first letter of a voice; the others speak American English.
LANGUAGES = {"e": ("es", "es"), "f": ("fr-fr", "fr"), "i": ("it", "it"), "p": ("pt-br", "pt"), "b": ("en-gb", "en")}
# What espeak-ng writes with a tie, and what Kokoro's alphabet has for it: diphthongs and affricates are one symbol.
TIED = {"a^ɪ": "I", "a^ʊ": "W", "e^ɪ": "A", "o^ʊ": "O", "ə^ʊ": "Q", "ɔ^ɪ": "Y", "t^ʃ": "ʧ", "d^ʒ": "ʤ", "t^s": "ʦ", "d^z": "ʣ"}
ENGLISH = {"ɜːɹ": "ɜɹ", "ɝ": "ɜɹ", "ɚ": "əɹ", "r": "ɹ", "x": "k", "ɐ": "ə"}


class Kokoro:
    """The voices of a folder, and `say`."""

    def __init__(self, folder: Path):
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = 1
        self.session = onnxruntime.InferenceSession(str(folder / "kokoro.onnx"), options, providers=["CPUExecutionProvider"])
        self.vocabulary = json.loads((folder / "vocab.json").read_text(encoding="utf-8"))["vocab"]
        self.voices = {path.stem: np.fromfile(path, np.float32).reshape(-1, 256) for path in sorted((folder / "voices").glob("*.bin"))}

    def say(self, symbols: str, voice: np.ndarray, speed: float) -> np.ndarray:
        """Sound (S,) at SAMPLE_RATE of `symbols` of the vocabulary; others are left out."""
        tokens = [self.vocabulary[symbol] for symbol in symbols if symbol in self.vocabulary][:LONGEST]
        style = voice[min(len(tokens), len(voice)) - 1][None]
        inputs = {"tokens": np.array([[0, *tokens, 0]], np.int64), "style": style, "speed": np.array([speed], np.float32)}
        sound = Audio(self.session.run(None, inputs)[0].ravel(), RATE).resample(SAMPLE_RATE).samples
        return PEAK * sound / max(float(np.abs(sound).max()), 1e-6)


def symbols_of(text: str, voice: str) -> str:
    """The phones of `text` as espeak-ng's `voice` reads it, in Kokoro's alphabet, with its punctuation."""
    parts = []
    for part in re.split(r"([,.!?])\s*", text):
        if part in ",.!?":
            parts.append(part + " ")
            continue
        command = ["espeak-ng", "-q", "--ipa", "--tie=^", "-v", voice, part]
        read = " ".join(subprocess.run(command, capture_output=True, text=True, check=True).stdout.split())
        for written, symbol in (TIED | (ENGLISH if voice.startswith("en") else {})).items():
            read = read.replace(written, symbol)
        parts.append(read.replace("ː", "") if voice == AMERICAN[0] else read)
    return "".join(parts).replace("^", "").strip()


def recording(kokoro: Kokoro, number: int) -> tuple[str, np.ndarray]:
    """The voice of recording `number` and its sound."""
    random, names = Random(SEED + number), list(kokoro.voices)
    name = names[number * 17 % len(names)]
    symbols = _sentences(name[0], random)
    voice = kokoro.voices[name]
    if name[0] in "ab" + MANDARIN and random.random() < MIXED:
        other = random.choice([each for each in names if each[0] == name[0]])
        share = random.random()
        voice, name = share * voice + (1 - share) * kokoro.voices[other], f"{name}-{other}"
    return name, kokoro.say(symbols, voice.astype(np.float32), random.choice(SPEEDS))


def _sentences(kind: str, random: Random) -> str:
    """The symbols of two to four sentences in the language of voices of that kind, a letter."""
    if kind == MANDARIN:
        return mandarin.sentences(random)
    accent, language = LANGUAGES.get(kind, AMERICAN)
    return symbols_of(" ".join(sentence(language, random) for _ in range(random.choice((2, 3, 3, 4)))), accent)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("kokoro", type=Path)
    parser.add_argument("output", type=Path)
    parser.add_argument("--minutes", type=float, default=35)
    parser.add_argument("--languages", help="first letters of the voices that speak; all of them if left out")
    options = parser.parse_args()
    missing = [name for name in ("kokoro.onnx", "vocab.json", "voices") if not (options.kokoro / name).exists()]
    if missing:
        parser.error(f"{options.kokoro} lacks {', '.join(missing)}; give a folder of Kokoro-82M as this tool's first lines describe it")
    options.output.mkdir(parents=True, exist_ok=True)
    (options.output / "meta.json").write_text(json.dumps(TERMS))
    kokoro, seconds, number = Kokoro(options.kokoro), 0.0, 0
    if options.languages is not None:
        kokoro.voices = {name: voice for name, voice in kokoro.voices.items() if name[0] in options.languages}
    if not kokoro.voices:
        parser.error(f"{options.kokoro / 'voices'} holds no voice (NAME.bin) that is asked for; copy Kokoro's voices there")
    while seconds < 60 * options.minutes:
        there = list(options.output.glob(f"*/{number:05d}.flac"))
        if there:
            seconds += soundfile.info(there[0]).duration
        else:
            name, sound = recording(kokoro, number)
            path = options.output / name / f"{number:05d}.flac"
            path.parent.mkdir(parents=True, exist_ok=True)
            soundfile.write(path.with_suffix(".part"), sound, SAMPLE_RATE, format="FLAC")
            path.with_suffix(".part").rename(path)
            seconds += sound.size / SAMPLE_RATE
        number += 1
        print(f"\r{seconds / 60:.1f} min", end="", flush=True)
    print()


if __name__ == "__main__":
    main()
