"""Carries motion from FLAME to ARKit or back, by fitting one head's vertices to the other's; says how many millimetres are left."""

from argparse import ArgumentParser, Namespace

HELP = "carry motion from FLAME to ARKit or back"
RIGS = ("arkit", "flame")


def add_arguments(parser: ArgumentParser) -> None:
    """Adds the motion, where it goes, and what says how the two heads belong together."""
    parser.add_argument("motion", metavar="MOTION", help="a motion file of either rig, .npz or .parquet")
    parser.add_argument("--to", choices=RIGS, required=True, help="the rig to carry it to")
    parser.add_argument("--flame", metavar="FILE", help="your FLAME head (.safetensors, see visavox convert-head)")
    parser.add_argument("--pairs", metavar="NPZ", help="which vertices belong together: flame (N,) and arkit (N,), weight (N,) if wanted")
    parser.add_argument("-o", "--output", metavar="OUT", required=True, help="the motion file to write, .npz")


def run(options: Namespace) -> None:
    """Reads, fits, writes and reports."""
    import numpy as np

    from visavox.cli.options.output import targets
    from visavox.errors import OptionError
    from visavox.io.motion import read_motion, write_motion
    from visavox.rigs.retargeting.correspondence import found_pairs, read_pairs
    from visavox.rigs.retargeting.fit import fit_motion

    inputs = tuple(name for name in (options.motion, options.flame, options.pairs) if name)
    targets(options.output, 1, inputs, (".npz",))
    motion = read_motion(options.motion)
    if motion.rig.name.startswith(options.to):
        raise OptionError(f"{options.motion} is of rig {motion.rig.name!r} already; choose another rig with --to")
    source, target = _heads(options.motion, motion, options.to, options.flame)
    pairs = read_pairs(_arrays(options.pairs), source, target) if options.pairs else found_pairs(source, target)
    fitted = fit_motion(motion, source, target, pairs)
    write_motion(fitted.motion, options.output)
    middle, most = np.median(fitted.residual), np.percentile(fitted.residual, 95)
    where = "given" if options.pairs else "found"
    print(f"wrote {options.output}: {motion.frames} frames of rig {target.rig.name}")
    print(f"left over: {middle:.2f} mm in the middle frame, {most:.2f} mm in 95 of 100, over {len(pairs.source)} {where} pairs")
    if fitted.unseen:
        print(f"at rest, for no point follows them: {', '.join(fitted.unseen)}")


def _heads(file: str, motion, to: str, flame: str | None):
    """The head that the motion of `file` moves and the one that it shall move, of the rig `to`; `flame` is FLAME's."""
    from visavox.errors import OptionError
    from visavox.io.head import CONVERT, read_head
    from visavox.rigs.flame import EXPRESSION, FLAME
    from visavox.rigs.heads.default_head import Head
    from visavox.rigs.heads.flame_head import FlameHead

    if flame is None:
        raise OptionError(f"FLAME's head is yours to supply: give it with --flame; {CONVERT}")
    arrays = read_head(flame)
    arkit = Head.default()
    if to == "arkit" and EXPRESSION[0] not in motion.rig:
        raise OptionError(f"{file} is of rig {motion.rig.name!r}, not of FLAME's; only FLAME goes to arkit")
    if to == "arkit":
        return FlameHead.from_arrays(arrays, motion.rig), arkit
    return arkit, FlameHead.from_arrays(arrays, FLAME)


def _arrays(path: str) -> dict:
    """The vertex numbers and the weights of a user's file of pairs."""
    from visavox.errors import FileError
    from visavox.io.arrays import checked_numbers, read_npz

    advice = "give a .npz with flame (N,) and arkit (N,) vertex numbers"
    arrays = read_npz(path, ("flame", "arkit"), advice, ("weight",))
    for name in ("flame", "arkit"):
        if arrays[name].ndim != 1 or arrays[name].dtype.kind not in "iu":
            raise FileError(f"{path} has {name} of shape {arrays[name].shape} and type {arrays[name].dtype}; {advice}")
    if "weight" in arrays:
        arrays["weight"] = checked_numbers(arrays["weight"], f"{path} has weight", advice)
    return arrays
