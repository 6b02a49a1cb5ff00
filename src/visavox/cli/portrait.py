"""Makes a photo speak: fits it once, shows what you will get, and takes points by hand where no face is found.

fit writes a .portrait, which animate and render take as --portrait; sheet draws it in sixteen poses; landmarks writes the 24 points of
a drawing, a statue or an animal, to correct and to give as --landmarks.
"""

from argparse import ArgumentParser, Namespace
from pathlib import Path

from visavox.cli.options import portrait as portraits
from visavox.cli.options.portrait import Sitting
from visavox.errors import OptionError

HELP = "make a photo speak: fit it, look at it, point at its face"
DRAWN = ("background", "consent", "look", "segmenter")  # which points alone have no use for
SUFFIXES = {"fit": (".portrait",), "sheet": (".png",), "landmarks": (".toml",)}


def add_arguments(parser: ArgumentParser) -> None:
    """Adds what to do, the photo, the output, and how its face is found."""
    parser.add_argument(
        "action",
        choices=tuple(SUFFIXES),
        metavar="|".join(SUFFIXES),
        help="fit: a .portrait; sheet: a picture of poses; landmarks: points by hand",
    )
    parser.add_argument("photo", metavar="PHOTO", help="the photo (.jpg, .png, .webp), or for a sheet its .portrait")
    what = "what to write: .portrait (fit), .png (sheet), .toml (landmarks)"
    parser.add_argument("-o", "--output", required=True, metavar="OUT", help=what)
    parser.add_argument("--consent", metavar="TEXT", help="whose face this is and who agreed that it speaks, kept in the .portrait")
    portraits.add_face(parser)


def run(options: Namespace) -> None:
    """Checks the output, then does what was asked."""
    from visavox.cli.options.output import targets

    inputs = (options.photo, options.landmarks, options.landmark_model, options.background, options.segmenter)
    (target,) = targets(options.output, 1, inputs, SUFFIXES[options.action])
    if options.action == "landmarks" and (unused := [name for name in DRAWN if getattr(options, name)]):
        raise OptionError(f"--{unused[0]} is for a portrait that is drawn; portrait landmarks finds points alone, so leave it out")
    sitting = Sitting.from_options(options, options.photo)
    {"fit": _fit, "sheet": _sheet, "landmarks": _landmarks}[options.action](sitting, target)


def _fit(sitting: Sitting, target: Path) -> None:
    from visavox.cli.options.cache import keep_compiled

    keep_compiled()
    from visavox.portrait.files import write_portrait

    source = sitting.source()
    yaw, pitch, roll = source.portrait().camera.angles()  # a face that cannot be drawn is refused now
    write_portrait(source, target)
    height, width = source.photo.shape[:2]
    print(f"wrote {target}: {source.name} at {width}x{height} pixels, the head turned by {yaw:.0f}, {pitch:.0f}, {roll:.0f} degrees")


def _sheet(sitting: Sitting, target: Path) -> None:
    from visavox.cli.options.cache import keep_compiled

    keep_compiled()
    from visavox.io.atomic import write_bytes
    from visavox.io.png import png_bytes
    from visavox.portrait.sheet import portrait_sheet

    picture = portrait_sheet(sitting.source().portrait())
    write_bytes(png_bytes(picture), target)
    print(f"wrote {target}: {picture.shape[1]}x{picture.shape[0]} pixels; look at it before you let it speak")


def _landmarks(sitting: Sitting, target: Path) -> None:
    from visavox.io.atomic import write_bytes
    from visavox.portrait.points import default_landmarks, points_toml

    photo = sitting.photo()
    found = sitting.pointed(photo) if sitting.points else sitting.found(photo)
    landmarks = found or default_landmarks(photo.pixels.shape[:2])
    write_bytes(points_toml(photo.name, landmarks, found is not None).encode(), target)
    origin = "found; correct what is wrong" if found else "guessed from proportions; put in each of them"
    print(f"wrote {target}: 24 points, {origin}, then give it with --landmarks {target}")
