"""Makes speech.flac and speech.json beside this file: two sentences of flite's voice rms, which no training heard, with exact phone times.

    python tests/acceptance/make_speech.py        # needs Debian's flite

A second of silence follows each sentence. The output of flite's voices is free for any use (Festvox licence, CMU).
"""

import json
from pathlib import Path

import numpy as np
import soundfile

from visavox.data.synth.engines import flite

SENTENCES = (
    "Five famous fathers put the map above the lamp, and my mother began to pack a big purple bag.",
    "Bob wants to buy apples from a farm before summer; what a marvellous, happy boy!",
)
PAUSE = 1.0  # seconds


def main():
    samples, phones, time = [], [], 0.0
    for sentence in SENTENCES:
        said = flite(sentence, "rms", 105.0, 1.1)
        samples += [said.samples, np.zeros(round(PAUSE * said.sample_rate), np.float32)]
        phones += [(round(time + start, 3), round(time + end, 3), name) for start, end, name in said.phones]
        time += said.samples.size / said.sample_rate + PAUSE
        phones.append((phones[-1][1], round(time, 3), "SIL"))
    folder = Path(__file__).parent
    soundfile.write(folder / "speech.flac", np.concatenate(samples), said.sample_rate, subtype="PCM_16")
    (folder / "speech.json").write_text(json.dumps({"text": SENTENCES, "phones": phones}))


if __name__ == "__main__":
    main()
