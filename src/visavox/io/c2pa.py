"""Content credentials (C2PA): a signed statement inside a video that it is generated, by what, from which sound.

Signing needs a certificate of the user's own: without one a manifest would say nothing that a reader could check.
"""

import json
from pathlib import Path
from typing import NamedTuple

from visavox.errors import DependencyError, FileError, OptionError
from visavox.io.atomic import replacing
from visavox.provenance import GENERATED

ALGORITHMS = ("es256", "es384", "es512", "ps256", "ps384", "ps512", "ed25519")


class Certificate(NamedTuple):
    """The user's certificate: `chain` (PEM, the signer's first) and its private `key` (PEM, PKCS #8), and how it signs."""

    chain: bytes
    key: bytes
    algorithm: str = "es256"


def read_certificate(chain: str | Path, key: str | Path, algorithm: str = "es256") -> Certificate:
    """The certificate in two PEM files, checked as far as it can be before there is something to sign.

    A FileError names the file that is missing, is not PEM or holds the other part; a DependencyError when c2pa-python is not installed.
    """
    _library()
    if algorithm not in ALGORITHMS:
        raise OptionError(f"there is no signing algorithm {algorithm!r}; give one of {', '.join(ALGORITHMS)}")
    found = []
    for path, part, title in ((chain, "certificate chain", b"CERTIFICATE-----"), (key, "private key", b"PRIVATE KEY-----")):
        try:
            found.append(Path(path).read_bytes())
        except OSError as error:
            raise FileError(f"{path} cannot be read ({error.strerror}); check the certificate's files") from None
        if b"-----BEGIN" not in found[-1]:
            raise FileError(f"{path} is not PEM text; give the certificate chain and its private key as .pem")
        if title not in found[-1]:
            raise FileError(f"{path} holds no {part}; give --certificate the chain and --certificate-key its private key")
    return Certificate(*found, algorithm)


def manifest(title: str, provenance: dict) -> dict:
    """The manifest of a generated video: how it was made, in the standard's words, and all that `provenance` says."""
    source = provenance.get("digital_source_type", GENERATED)
    generator = str(provenance.get("generator", "visavox")).split()
    created = {"action": "c2pa.created", "digitalSourceType": source}
    return {
        "title": title,
        "claim_generator_info": [{"name": generator[0], "version": generator[-1] if len(generator) > 1 else "unknown"}],
        "assertions": [
            {"label": "c2pa.actions.v2", "data": {"actions": [created]}},
            {"label": "org.visavox.provenance", "data": provenance},
        ],
    }


def sign(path: str | Path, provenance: dict, certificate: Certificate) -> None:
    """Puts a signed manifest into the video at `path`; the file is replaced whole, or left as it is.

    An OptionError when the certificate cannot sign; a DependencyError when c2pa-python is not installed.
    """
    c2pa = _library()
    info = c2pa.C2paSignerInfo(certificate.algorithm.encode(), certificate.chain, certificate.key, None)
    with replacing(path) as temporary:
        try:
            with c2pa.Signer.from_info(info) as signer, c2pa.Builder(json.dumps(manifest(Path(path).name, provenance))) as builder:
                builder.sign_file(str(path), str(temporary), signer)
        except c2pa.C2paError as error:
            raise OptionError(f"the certificate cannot sign {path} ({error}); give a chain and key made for C2PA") from None


def _library():
    try:
        import c2pa
    except ImportError:
        raise DependencyError("signing needs c2pa-python; install it with: pip install 'visavox[provenance]'") from None
    return c2pa
