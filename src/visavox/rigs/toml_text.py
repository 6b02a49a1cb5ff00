"""TOML written for people and read back: names of any characters, and documents that are checked entry by entry."""

import re
import tomllib

from visavox.errors import FileError
from visavox.fields import Fields

_ESCAPES = {'"': '\\"', "\\": "\\\\", "\b": "\\b", "\t": "\\t", "\n": "\\n", "\f": "\\f", "\r": "\\r"}
_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029]")


def quoted(text: str) -> str:
    """The text as a TOML string: UTF-8 as it is, what TOML does not allow escaped, half a character (a lone surrogate) as "?"."""
    whole = text.encode("utf-8", "replace").decode()
    escaped = "".join(_ESCAPES.get(sign, sign) for sign in whole)
    return '"' + _CONTROL.sub(lambda found: f"\\u{ord(found[0]):04x}", escaped) + '"'


def remark(text: str) -> str:
    """The text as part of a comment, on one line."""
    return _CONTROL.sub(" ", text.encode("utf-8", "replace").decode())


def toml_fields(text: str, where: str, advice: str) -> Fields:
    """The entries of a TOML text; a FileError that names `where` and says what to do (`advice`) when it is none."""
    try:
        return Fields(tomllib.loads(text), where, advice)
    except RecursionError:
        reason = "it is nested too deeply"
    except ValueError as error:  # a TOMLDecodeError, or a number of more digits than Python reads
        reason = str(error)
    raise FileError(f"{where} is not TOML that can be read ({reason[:200]}); {advice}")
