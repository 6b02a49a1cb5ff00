"""The precision of a training step, chosen by the one field `LoopConfig.precision` and applied in the one place, the loop."""

import torch

from visavox.errors import OptionError

PRECISIONS = {"float32": torch.float32, "bfloat16": torch.bfloat16, "float16": torch.float16}
ACCELERATED = {"float32": "no", "bfloat16": "bf16", "float16": "fp16"}  # what the library accelerate calls them


def check_precision(name: str) -> str:
    """`name`, when it is one of PRECISIONS; an OptionError that lists them otherwise."""
    if name not in PRECISIONS:
        raise OptionError(f"precision {name!r} is unknown; valid: {', '.join(PRECISIONS)}")
    return name


def computing_in(precision: str, device: torch.device) -> torch.autocast:
    """A context in which networks compute in `precision`. Weights are cast anew for each use: a cast that was made without gradients must
    not serve one that needs them."""
    half = precision != "float32"
    return torch.autocast(device.type, PRECISIONS[precision] if half else torch.bfloat16, enabled=half, cache_enabled=False)


def in_full(device: torch.device) -> torch.autocast:
    """A context inside `computing_in` in which losses are computed in float32, whatever the networks compute in."""
    return torch.autocast(device.type, enabled=False)


def fast_precision() -> str:
    """The fastest precision of this processor: bfloat16 where it computes with it, float32 elsewhere.

    A processor without such instructions emulates them: on one with AVX2 only the audio encoder was 15 times slower in bfloat16.
    """
    can = torch.cpu.get_capabilities()
    return "bfloat16" if any(can.get(name) for name in ("avx512_bf16", "amx_bf16", "bf16")) else "float32"
