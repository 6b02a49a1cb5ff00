"""Speech with exact phone times from three Debian engines: flite, festival and espeak-ng, needed only to build a corpus.

Each function returns an `Utterance` or raises `EngineError` with the engine's own words, so that a corpus builder can
report what was refused and why.
"""

import ctypes
import shutil
import subprocess
import tempfile
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import numpy as np
import soundfile

from visavox.data.synth.phones import Phone, from_arpabet, from_espeak, from_festival, split_diphthongs
from visavox.errors import DependencyError, VisavoxError

TIMEOUT_SECONDS = 60  # for one sentence; a stuck engine must not stop a corpus


class EngineError(VisavoxError):
    """A speech engine refused or failed; the message holds its own words."""


@dataclass(frozen=True)
class Utterance:
    """What an engine said: samples (S,) float32, sample_rate in Hz, and its phones (start, end, name) in seconds."""

    samples: np.ndarray
    sample_rate: int
    phones: list[Phone]


def flite(text: str, voice: str, pitch: float, stretch: float) -> Utterance:
    """Speech of flite's `voice` at a mean pitch in Hz and a duration factor; `-psdur` prints phone:end pairs."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "speech.wav"
        options = ["--setf", f"int_f0_target_mean={pitch}", "--setf", f"duration_stretch={stretch}", "-psdur"]
        output = run_engine(["flite", "-voice", voice, *options, "-t", text, "-o", str(path)])
        segments, time = [], 0.0
        for pair in output.split():
            name, _, end = pair.rpartition(":")
            segments.append((time, float(end), from_arpabet(name)))
            time = float(end)
        return _utterance(path, segments)


@dataclass(frozen=True)
class FestivalVoice:
    """A festival voice: the Scheme command that selects it, its phone alphabet, language, text encoding, and its licence in
    Debian (of the voice; all allow derived works to be passed on)."""

    command: str
    family: str
    language: str
    encoding: str
    licence: str


FESTIVAL_VOICES = {
    "slt_hts": FestivalVoice("voice_cmu_us_slt_arctic_hts", "english", "en", "utf-8", "BSD-3-clause"),
    "kal": FestivalVoice("voice_kal_diphone", "english", "en", "utf-8", "Festvox (free for any use)"),
    "ked": FestivalVoice("voice_ked_diphone", "english", "en", "utf-8", "Festvox (free for any use)"),
    "lp": FestivalVoice("voice_lp_diphone", "italian", "it", "utf-8", "GPL-2+"),
    "pc": FestivalVoice("voice_pc_diphone", "italian", "it", "utf-8", "GPL-2+"),
    "lj_fi": FestivalVoice("voice_suo_fi_lj_diphone", "finnish", "fi", "iso-8859-1", "LGPL-2+"),
    "mv_fi": FestivalVoice("voice_hy_fi_mv_diphone", "finnish", "fi", "iso-8859-1", "LGPL-2+"),
    "dita": FestivalVoice("voice_czech_dita", "czech", "cs", "iso-8859-2", "GPL-3+"),
    "machac": FestivalVoice("voice_czech_machac", "czech", "cs", "iso-8859-2", "GPL-3+"),
    "ph": FestivalVoice("voice_czech_ph", "czech", "cs", "iso-8859-2", "GPL-2+"),
    "krb": FestivalVoice("voice_czech_krb", "czech", "cs", "iso-8859-2", "GPL-3+"),
    "ona_hts": FestivalVoice("voice_upc_ca_ona_hts", "catalan", "ca", "iso-8859-1", "Festvox and LGPL-2.1+"),
    "nsh": FestivalVoice("voice_msu_ru_nsh_clunits", "russian", "ru", "utf-8", "BSD-like"),
    "nsk_hi": FestivalVoice("voice_hindi_NSK_diphone", "indic", "hi", "utf-8", "GPL-2+"),
    "nsk_te": FestivalVoice("voice_telugu_NSK_diphone", "indic", "te", "utf-8", "GPL-2+"),
}
_SCHEME = """({command})
(define (visavox_say name stretch text)
  (Parameter.set 'Duration_Stretch stretch)
  (set! utt (utt.synth (eval (list 'Utterance 'Text text))))
  (utt.save.segs utt (string-append name ".lab"))
  (utt.save.wave utt (string-append name ".wav")))
"""


def festival(texts: list[str], voice: str, stretches: list[float]) -> list[Utterance | EngineError]:
    """Speech of festival's `voice`, one result for each text: an Utterance, or the EngineError that stands in its place.

    Festival takes seconds to start and stops at the first error, so a batch runs in one process and what is left runs in the next.
    """
    spec = FESTIVAL_VOICES[voice]
    results: list[Utterance | EngineError] = []
    with tempfile.TemporaryDirectory() as folder:
        while len(results) < len(texts):
            first = len(results)
            lines = [_SCHEME.format(command=spec.command)]
            for number in range(first, len(texts)):
                text = texts[number].replace('"', "").replace("\\", "")
                lines.append(f'(visavox_say "{folder}/{number}" {stretches[number]} "{text}")\n')
            script = Path(folder) / "batch.scm"
            script.write_bytes("".join(lines).encode(spec.encoding, errors="ignore"))
            words = _festival_batch(script, len(texts) - first)
            while len(results) < len(texts) and (Path(folder) / f"{len(results)}.wav").exists():
                results.append(_read_festival(Path(folder) / str(len(results)), spec.family))
            if len(results) < len(texts):
                results.append(EngineError(f"festival {voice} refused {texts[len(results)]!r}: {words}"))
    return results


def _festival_batch(script: Path, sentences: int) -> str:
    if shutil.which("festival") is None:
        raise DependencyError("festival is not installed; the corpus builder needs Debian's festival and its voices")
    try:
        done = subprocess.run(["festival", "-b", str(script)], capture_output=True, timeout=TIMEOUT_SECONDS + 5 * sentences)
    except subprocess.TimeoutExpired:
        return "timed out"
    return done.stderr.decode("utf-8", "replace").strip()[-200:] or f"exit code {done.returncode}"


def _read_festival(stem: Path, family: str) -> Utterance | EngineError:
    segments, time = [], 0.0
    try:
        lines = stem.with_suffix(".lab").read_text("iso-8859-1").splitlines()[1:]
        for line in lines:
            fields = line.split()
            if len(fields) == 3:
                segments.append((time, float(fields[0]), from_festival(fields[2], family)))
                time = float(fields[0])
        return _utterance(stem.with_suffix(".wav"), segments)
    except (OSError, ValueError, EngineError, soundfile.LibsndfileError) as error:
        return EngineError(f"festival wrote unusable speech: {error}")


class _EspeakId(ctypes.Union):
    _fields_ = [("number", ctypes.c_int), ("name", ctypes.c_char_p), ("string", ctypes.c_char * 8)]


class _EspeakEvent(ctypes.Structure):
    _fields_ = [
        ("type", ctypes.c_int), ("unique_identifier", ctypes.c_uint), ("text_position", ctypes.c_int), ("length", ctypes.c_int),
        ("audio_position", ctypes.c_int), ("sample", ctypes.c_int), ("user_data", ctypes.c_void_p), ("id", _EspeakId),
    ]  # fmt: skip


_ESPEAK_CALLBACK = ctypes.CFUNCTYPE(ctypes.c_int, ctypes.POINTER(ctypes.c_short), ctypes.c_int, ctypes.POINTER(_EspeakEvent))
_SYNCHRONOUS, _PHONEME_EVENTS, _PHONEME, _UTF8 = 2, 1, 7, 1
_RATE, _PITCH, _RANGE = 1, 3, 4


class _Espeak:
    """The library libespeak-ng with one synchronous callback; one object a process, as the library keeps global state."""

    def __init__(self):
        try:
            self.library = ctypes.CDLL("libespeak-ng.so.1")
        except OSError:
            raise DependencyError("libespeak-ng.so.1 is not installed; the corpus builder needs Debian's espeak-ng") from None
        self.sample_rate = self.library.espeak_Initialize(_SYNCHRONOUS, 200, None, _PHONEME_EVENTS)
        self.callback = _ESPEAK_CALLBACK(self._receive)  # kept: the library holds only a bare pointer to it
        self.library.espeak_SetSynthCallback(self.callback)
        self.chunks: list[np.ndarray] = []
        self.events: list[tuple[int, str]] = []

    def _receive(self, samples, count, events) -> int:
        if count > 0 and samples:
            self.chunks.append(np.ctypeslib.as_array(samples, (count,)).copy())
        position = 0
        while events[position].type != 0:
            if events[position].type == _PHONEME:
                name = bytes(events[position].id.string).split(b"\0")[0].decode("utf-8", "replace")
                self.events.append((events[position].sample, name))
            position += 1
        return 0

    def synthesise(self, text: str, voice: str, rate: int, pitch: int, pitch_range: int) -> None:
        self.chunks.clear()
        self.events.clear()
        if self.library.espeak_SetVoiceByName(voice.encode()) != 0:
            raise EngineError(f"espeak-ng has no voice {voice!r}")
        for parameter, value in ((_RATE, rate), (_PITCH, pitch), (_RANGE, pitch_range)):
            self.library.espeak_SetParameter(parameter, value, 0)
        raw = text.encode()
        self.library.espeak_Synth(raw, len(raw) + 1, 0, 1, 0, _UTF8, None, None)
        self.library.espeak_Synchronize()


@cache
def _espeak() -> _Espeak:
    return _Espeak()


def espeak(text: str, voice: str, rate: int, pitch: int, pitch_range: int) -> Utterance:
    """Speech of espeak-ng's `voice` (such as "fr-fr+f2") at `rate` words a minute, pitch and range 0 to 99."""
    engine = _espeak()
    engine.synthesise(text, voice, rate, pitch, pitch_range)
    if not engine.chunks or not engine.events:
        raise EngineError(f"espeak-ng voice {voice!r} said nothing for {text!r}")
    samples = np.concatenate(engine.chunks).astype(np.float32) / 32768
    ends = [sample for sample, _ in engine.events[1:]] + [samples.size]
    segments = [(0.0, engine.events[0][0] / engine.sample_rate, ["SIL"])] if engine.events[0][0] > 0 else []
    for (start, name), end in zip(engine.events, ends, strict=True):
        segments.append((start / engine.sample_rate, max(start, end) / engine.sample_rate, from_espeak(name)))
    return Utterance(samples, engine.sample_rate, split_diphthongs(segments))


def run_engine(command: list[str]) -> str:
    """What a speech engine wrote to standard output; an error that names the engine when it is missing or fails."""
    if shutil.which(command[0]) is None:
        raise DependencyError(f"{command[0]} is not installed; the corpus builder needs Debian's package of that name")
    try:
        done = subprocess.run(command, capture_output=True, timeout=TIMEOUT_SECONDS)
    except subprocess.TimeoutExpired:
        raise EngineError(f"{command[0]} did not finish in {TIMEOUT_SECONDS} s") from None
    if done.returncode != 0:
        raise EngineError(f"{command[0]} failed: {done.stderr.decode('utf-8', 'replace').strip()[-200:]}")
    return done.stdout.decode("utf-8", "replace")


def _utterance(path: Path, segments) -> Utterance:
    if not path.exists():
        raise EngineError("the engine wrote no sound")
    samples, sample_rate = soundfile.read(path, dtype="float32")
    if samples.size < sample_rate // 5 or not segments:
        raise EngineError(f"the engine wrote only {samples.size} samples and {len(segments)} phones")
    return Utterance(samples if samples.ndim == 1 else samples.mean(1), sample_rate, split_diphthongs(segments))
