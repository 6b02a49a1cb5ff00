"""What a made thing says about its making: plain JSON values under fixed names, carried by `Motion` from the animator into every file."""

from visavox.version import VERSION

# How the picture came about, in the vocabulary of the International Press Telecommunications Council that machines read.
VOCABULARY = "http://cv.iptc.org/newscodes/digitalsourcetype/"
GENERATED = VOCABULARY + "trainedAlgorithmicMedia"  # a trained model made the motion
DRAWN = VOCABULARY + "algorithmicMedia"  # a program drew it; who made the motion is not known
GENERATOR = f"visavox {VERSION}"
AVERAGE = "average"  # the style of a model that was told none and has no usual one


def generated(source: str, style: str, checkpoint: str, seed: int) -> dict:
    """The provenance of motion that a model made: from the recording `source`, in `style`, by `checkpoint`, with `seed`; names, never
    paths."""
    stated = {"generator": GENERATOR, "seed": int(seed), "source": source, "style": style, "checkpoint": checkpoint}
    return {name: value for name, value in stated.items() if value != ""} | {"digital_source_type": GENERATED}


def drawn(source: str) -> dict:
    """The provenance of a picture of motion that says nothing about itself, read from `source`."""
    return {"generator": GENERATOR, "source": source, "digital_source_type": DRAWN}


def filmed(source: str, landmarks: str) -> dict:
    """The provenance of motion that was followed in the film `source`, a name, with `landmarks` by a model of that name and licence."""
    return {"generator": GENERATOR, "source": source, "landmarks": landmarks, "digital_source_type": DRAWN}


def portrayed(motion: dict, photo: dict) -> dict:
    """The provenance of a photo that speaks with a motion: the motion's, the photo's, and that the picture is generated."""
    known = {"generator": GENERATOR} | motion
    return known | {name: value for name, value in photo.items() if value} | {"digital_source_type": GENERATED}


def joined(first: dict, second: dict) -> dict:
    """The provenance of two things made into one: the first's, and the second's under "joined" where they differ."""
    if not second or second == first:
        return first
    return first | {"joined": [*first.get("joined", []), second]}
