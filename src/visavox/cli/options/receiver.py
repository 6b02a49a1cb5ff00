"""The options of who receives frames, shared by the verbs that send them."""

from argparse import ArgumentParser, ArgumentTypeError

from visavox.errors import OptionError

PROTOCOLS = ("live-link", "vmc", "vmc-vrm", "websocket", "jsonl")  # those of `serve.live`, which is imported when something is sent
HERE = ("127.0.0.1", 0)  # this machine, at the port of the protocol


def add_arguments(parser: ArgumentParser) -> None:
    """Adds where the receiver is and how its shapes are called."""
    there = "the receiver (default: this machine, the protocol's port)"
    parser.add_argument("--address", type=address, default=HERE, metavar="HOST:PORT", help=there)
    parser.add_argument("--rig", metavar="FILE", help="a rig map (.toml, see `visavox rig init`)")


def refuse_unused(to: str, given: tuple[str, int]) -> None:
    """An OptionError for the address of a receiver where frames go to standard output or into a file."""
    if given != HERE and to not in PROTOCOLS[:-1]:
        raise OptionError(f"--address is for a receiver, such as {PROTOCOLS[0]}, and --to {to} has none; leave it out")


def address(text: str) -> tuple[str, int]:
    """The host and port of a receiver, from HOST:PORT."""
    host, _, port = text.rpartition(":")
    if not host or not port.isdigit() or not 0 < int(port) < 65536:
        raise ArgumentTypeError(f"{text!r} is not HOST:PORT, such as 192.168.0.7:11111")
    return host.strip("[]"), int(port)
