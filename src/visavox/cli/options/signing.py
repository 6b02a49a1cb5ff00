"""The options of a video's content credentials (C2PA), shared by the verbs that write videos, and the signing itself."""

import os
import sys
from argparse import ArgumentParser
from pathlib import Path
from typing import TYPE_CHECKING

from visavox.errors import OptionError

if TYPE_CHECKING:
    from visavox.io.c2pa import Certificate

CHAIN, KEY = "VISAVOX_CERTIFICATE", "VISAVOX_CERTIFICATE_KEY"


def add_arguments(parser: ArgumentParser) -> None:
    """Adds certificate and key."""
    credentials = parser.add_argument_group("content credentials")
    credentials.add_argument("--certificate", metavar="FILE", help=f"your certificate chain (.pem) to sign a video with; or {CHAIN}")
    credentials.add_argument("--certificate-key", metavar="FILE", help=f"its private key (.pem); or {KEY}")


def read_certificate(chain: str | None, key: str | None) -> "Certificate | None":
    """The certificate in the files `chain` and `key`, else in those that the environment names; none when neither does."""
    chain, key = chain or os.environ.get(CHAIN), key or os.environ.get(KEY)
    if not chain and not key:
        return None
    if not chain or not key:
        missing = "--certificate-key" if chain else "--certificate"
        raise OptionError(f"a certificate needs its chain and its key; {missing} is missing")
    from visavox.io import c2pa

    return c2pa.read_certificate(chain, key)


def sign_video(path: Path, provenance: dict, certificate: "Certificate | None") -> None:
    """Signs the video, or says on standard error that it carries no content credentials, and where to read of them."""
    if certificate is None:
        marked = "says in its metadata that it is generated; it is not signed (C2PA): --certificate signs it, see docs/formats.md"
        print(f"visavox: {path} {marked}", file=sys.stderr)
        return
    from visavox.io.c2pa import sign

    sign(path, provenance, certificate)
