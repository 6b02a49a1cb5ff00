"""Writes the performance that a recording asks for as cues with reasons; correct them, then `visavox animate --cues`."""

from argparse import ArgumentParser, Namespace

from visavox.cli.options.parser import whole

HELP = "write what a recording asks for as cues"


def add_arguments(parser: ArgumentParser) -> None:
    """Adds the recording, its transcript, the output and the seed."""
    parser.add_argument("speech", metavar="SPEECH", help="wav, flac, mp3, m4a, ogg, opus, or a video with sound")
    parser.add_argument("-o", "--output", required=True, metavar="OUT.vtt", help="the cues to write, WebVTT")
    parser.add_argument("--transcript", metavar="FILE", help="what is said: plain text (.txt), subtitles (.vtt, .srt) or whisper's .json")
    parser.add_argument("--seed", type=whole(0, 2**31 - 1), default=0, metavar="N", help="another seed, other glances (default: 0)")


def run(options: Namespace) -> None:
    """Checks the options, reads voice and words, and writes."""
    from visavox.cli.options.output import targets
    from visavox.cues.transcript import read_transcript
    from visavox.direction.performance import direct
    from visavox.direction.transcript import sentences_of
    from visavox.direction.voice import read_voice
    from visavox.direction.words import read_words

    (target,) = targets(options.output, 1, (options.speech, options.transcript), (".vtt",))
    transcript = None if options.transcript is None else read_transcript(options.transcript)

    from visavox.cues.files import write_cues
    from visavox.io.audio import read_audio

    audio = read_audio(options.speech)
    voice = read_voice(audio)
    words = None if transcript is None else read_words(sentences_of(transcript, voice.phrases))
    cues = direct(audio, voice, words, options.seed)
    write_cues(cues, target, f"directed by visavox from {audio.source}; correct it, then animate with --cues")
    reservation = "" if words is None or words.english else "; the transcript is not English, so its words tell nothing"
    phrases = "1 phrase" if len(voice.phrases) == 1 else f"{len(voice.phrases)} phrases"
    print(f"wrote {target}: {len(cues)} cue{'s' if len(cues) != 1 else ''} for {phrases}{reservation}")
