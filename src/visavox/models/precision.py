"""The precision of the denoiser's products: float32, as it was trained, or int8, whole numbers of 8 bits (`models/graphs/quantized.py`)."""

from visavox.errors import OptionError

FLOAT32, INT8 = PRECISIONS = ("float32", "int8")


def check_precision(name: str | None) -> None:
    """Raises an OptionError for a precision that there is none of; None is the usual one."""
    if name is not None and name not in PRECISIONS:
        raise OptionError(f"there is no precision {name!r}; choose {' or '.join(PRECISIONS)}")
