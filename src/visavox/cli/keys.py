"""Writes the key poses of a motion as cues to edit; `visavox animate --cues` fills in between, guided by the sound.

Keys lie where in-betweening errs most; with the sound, in the middle of phones rather than elsewhere, or at phones alone.
"""

from argparse import ArgumentParser, Namespace

from visavox.cli.options.parser import whole

SLACK = 0.25  # seconds by which a sound may differ in length from the motion made of it
HELP = "write the key poses of a motion, for an animator to edit"


def add_arguments(parser: ArgumentParser) -> None:
    """Adds the motion, its sound, how many keys and the output."""
    parser.add_argument("motion", metavar="MOTION", help="a motion (.npz, .parquet), or a take of Live Link (.csv)")
    parser.add_argument("-o", "--output", required=True, metavar="OUT", help="the cues to write, .vtt")
    parser.add_argument("--speech", metavar="FILE", help="its sound: keys in its phones rather than elsewhere")
    parser.add_argument("--at", choices=("middles", "borders"), help="with --speech: at the phones alone, in their middles or at borders")
    parser.add_argument("--count", type=whole(2, 100_000), metavar="N", help="so many poses (default: enough)")
    parser.add_argument("--checkpoint", metavar="FILE", help="the model that recognises the phones (.safetensors)")


def run(options: Namespace) -> None:
    """Reads, chooses the frames, writes and says how many there are."""
    from visavox.cli.options.moving import stored_motion
    from visavox.cli.options.output import targets
    from visavox.cues.files import SUFFIX, write_cues
    from visavox.cues.keys import among, at_borders, at_phones, borders, keys_of, where_it_errs
    from visavox.errors import OptionError
    from visavox.io.pipes import source_name
    from visavox.rigs.arkit import ARKIT

    (path,) = targets(options.output, 1, (options.motion, options.speech, options.checkpoint), (SUFFIX,))
    if options.checkpoint and not options.speech:
        raise OptionError("--checkpoint recognises the phones of a sound; give that with --speech")
    if options.at and (options.count or not options.speech):
        needed = "leave out --count" if options.speech else "give that with --speech"
        raise OptionError(f"--at {options.at} sets a key for each phone of the sound; {needed}")
    motion = stored_motion(options.motion)
    if not set(motion.rig.names) <= set(ARKIT.names):
        raise OptionError(f"{options.motion} is of rig {motion.rig.name!r}; keys are of ARKit's channels: see visavox retarget")
    places = (at_borders, borders) if options.at == "borders" else (at_phones,)
    found = _phones(options.speech, options.checkpoint, motion, places) if options.speech else [None]
    if options.at == "borders":
        frames = among(motion, found[1], len(found[0]))
    else:
        frames = where_it_errs(motion, options.count, found[0]) if options.at is None else found[0]
    cues = keys_of(motion, frames)
    write_cues(cues, path, f"{len(frames)} key poses of {source_name(options.motion)}")
    rate = len(frames) / motion.seconds
    print(f"wrote {path}: {len(frames)} poses of {len(cues) // max(len(frames), 1)} channels, {rate:.1f} a second")


def _phones(speech: str, checkpoint: str | None, motion, places):
    """The frames (K,) of `motion` at the phones of `speech` that each of `places` finds, a list."""
    import numpy as np

    from visavox.errors import OptionError
    from visavox.io.audio import read_audio
    from visavox.loading import load
    from visavox.models.sizes import LIP_PHONES

    audio = read_audio(speech)
    if abs(audio.seconds - motion.seconds) > SLACK:
        lengths = f"lasts {audio.seconds:.2f} s, the motion {motion.seconds:.2f} s"
        raise OptionError(f"--speech {speech} {lengths}; give the sound that the motion was made of, or leave it out")
    animator = load(checkpoint)
    fps = animator.engine.config.fps
    phone_cues = animator.encode.cues(audio, -(-audio.samples.size * int(fps) // audio.sample_rate))
    if not set(LIP_PHONES) <= set(phone_cues):
        raise OptionError(f"{checkpoint} tells no phones; leave --checkpoint out, or --speech")
    lips = {name: phone_cues[name] for name in LIP_PHONES}
    found = [(place(lips, fps) + 0.5) / fps * motion.fps - 0.5 for place in places]
    return [np.unique(np.clip(np.round(frames).astype(int), 0, motion.frames - 1)) for frames in found]
