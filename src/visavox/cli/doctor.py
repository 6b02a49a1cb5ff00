"""Says what works on this machine, how fast each stage is, and what is missing for what."""

import sys
from argparse import ArgumentParser, Namespace

HELP = "say what works here, how fast, and what is missing"
BUSY = 1.3  # times as fast by processor time as by the clock
WORKS, VIDEO = "sound to motion", "motion to video"


def add_arguments(parser: ArgumentParser) -> None:
    """Adds the form of the answer."""
    parser.add_argument("--json", action="store_true", help="print one JSON object instead of lines")


def run(options: Namespace) -> None:
    """Prints the answer; an error, so that the exit code is not 0, when sound cannot become motion."""
    import json

    found = examined()
    print(json.dumps(found, indent=1) if options.json else "\n".join(lines(found)))
    if found["works"][WORKS] is not True:
        from visavox.errors import VisavoxError

        raise VisavoxError(found["works"][WORKS])


def examined() -> dict:
    """All that there is to say, as plain JSON. What does not work is said under "works", and the rest is looked at all the same."""
    import platform

    from visavox.diagnosis.libraries import extras, versions
    from visavox.diagnosis.stages import Stages, motion_stages, picture_stages
    from visavox.loading import processors
    from visavox.version import VERSION

    stages, works, motion = Stages(), {}, []
    works[WORKS] = _tried(lambda: motion.append(motion_stages(stages)[1]))
    works[VIDEO] = _tried(lambda: picture_stages(stages, motion[0], _progress)) if motion else works[WORKS]
    return {
        "visavox": VERSION,
        "python": platform.python_version(),
        "system": f"{platform.system()} {platform.machine()}",
        "processors": processors(),
        "engine": stages.engine,
        "precision": stages.precision,
        "libraries": versions(),
        "works": works,
        "times_real_time": stages.faster and dict(zip(("clock", "processor"), stages.faster, strict=True)),
        "stages": stages.to_json(),
        "extras": extras(),
    }


def lines(found: dict) -> list[str]:
    """The answer for people."""
    shown = [f"visavox {found['visavox']}, Python {found['python']}, {found['system']}, {found['processors']} processors"]
    shown += [f"{what:<18}{'works' if answer is True else answer}" for what, answer in found["works"].items()]
    shown.append(f"{'engine':<18}{found['engine'] or 'none'}" + (f", denoiser in {found['precision']}" if found["precision"] else ""))
    if found["times_real_time"]:
        clock, processor = found["times_real_time"].values()
        busy = f" (this machine is busy: {processor:.0f} by processor time)" if processor > BUSY * clock else ""
        shown.append(f"{'speed':<18}{clock:.0f} times real time on one thread{busy}; `animate` uses {found['processors']}")
    shown += ["", f"{'stage':<18}{'ms':>8}{'CPU ms':>8}{'calls':>7}"]
    for stage in found["stages"]:
        times = f"{1000 * stage['seconds']:8.1f}{1000 * stage['processor_seconds']:8.1f}{stage['calls']:7d}"
        shown.append(f"{stage['name']:<18}{times}  {stage['note']}".rstrip())
    shown += ["", *(f"{name:<18}{version or 'not installed'}" for name, version in found["libraries"].items())]
    missing = {name: extra for name, extra in found["extras"].items() if extra["missing"]}
    if found["extras"]:
        shown += ["", "missing for what you may not need:" if missing else "no extra lacks anything"]
    shown += [f"{extra['install']:<40}{extra['for']}" for extra in missing.values()]
    return shown


def _tried(work) -> bool | str:
    try:
        work()
    except Exception as error:  # whatever it is, the doctor says it and goes on
        return " ".join(f"{error if str(error) else type(error).__name__}".split())
    return True


def _progress(line: str) -> None:
    if sys.stderr.isatty():
        print(line, file=sys.stderr)
