"""Builds the synthetic corpus into a store: speech whose phones are known to the millisecond.

Needs Debian's flite, festival (with its voices) and espeak-ng. A corpus that was interrupted goes on where it stopped.
"""

import sys
from argparse import ArgumentParser, Namespace
from pathlib import Path

from visavox.cli.options.parser import number, whole

HELP = "build a corpus of synthetic speech with known phones"


def add_arguments(parser: ArgumentParser) -> None:
    """Adds the folder, the size, the seed and how many processes work."""
    parser.add_argument("-o", "--output", metavar="STORE", required=True, help="the store that is made, with report.json beside its index")
    parser.add_argument("--hours", type=number(0.01, 1000), default=36.0, help="about how much speech (default 36)")
    parser.add_argument("--seed", type=whole(0, 2**31), default=1, help="the same seed gives the same corpus (default 1)")
    parser.add_argument("--processes", type=whole(1, 256), default=2, help="how many work side by side (default 2)")
    parser.add_argument("--held-out", action="store_true", help="the voices that training never uses, to measure with")


def run(options: Namespace) -> None:
    """Builds the corpus and prints hours by voice, and what was refused and why."""
    from visavox.data.synth.corpus import build, plan
    from visavox.io.atomic import check_folder

    check_folder(options.output)
    batches = plan(options.hours, options.seed, options.held_out)
    summary = build(Path(options.output), batches, options.processes, report_progress)
    for voice, hours in summary["hours_by_voice"].items():
        print(f"  {voice:<20} {hours:7.2f} h")
    print(f"{summary['hours']:.2f} h in {len(batches)} shards at {options.output}; {summary['refused']} utterances were refused")
    for why in sorted({refusal["why"] for refusal in summary["reasons"]})[:5]:
        print(f"  refused: {why}")


def report_progress(done: int, total: int, name: str) -> None:
    """A counter on stderr where a person watches it."""
    if sys.stderr.isatty():
        print(f"\r{done} of {total}: {name:<40}", end="" if done < total else "\n", file=sys.stderr, flush=True)
