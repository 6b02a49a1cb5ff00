"""The options of a portrait: which photo speaks, whose face in it, who agreed, and how much of it is drawn."""

import sys
from argparse import ArgumentParser, Namespace
from dataclasses import dataclass, replace
from functools import cached_property
from typing import TYPE_CHECKING, NamedTuple

from visavox.cli.options import landmarker
from visavox.cli.options.parser import whole
from visavox.cli.options.picture import SOMEBODY
from visavox.errors import OptionError

if TYPE_CHECKING:
    from visavox.cli.options.model import Model
    from visavox.io.photo import Photo
    from visavox.portrait import Portrait
    from visavox.portrait.landmarks import Landmarks
    from visavox.portrait.source import Source

MOST_TEXT = 1 << 20  # bytes of a points file
MOST_FACES = 32
LONGEST_CONSENT = 1000  # characters
CROP = "crop"


def add_arguments(parser: ArgumentParser) -> None:
    """Adds the photo that speaks in place of the default head, and how."""
    photo = parser.add_argument_group("portrait")
    photo.add_argument("--portrait", metavar="FILE", help="a photo that speaks (.jpg, .png, .webp), or a .portrait of it")
    photo.add_argument("--portrait-frame", choices=(CROP, "whole"), default=CROP, help="the head (crop), or the whole photo")
    add_face(photo)


def add_face(parser) -> None:
    """Adds how the face in a photo is found."""
    parser.add_argument("--face", type=whole(1, MOST_FACES), metavar="N", help="which face of several, counted from the left")
    parser.add_argument("--look", metavar="TEXT", help="background, light and tone: 'warm evening light, blurred grey background'")
    parser.add_argument("--background", metavar="FILE", help="a picture to put behind the person (.jpg, .png, .webp)")
    parser.add_argument("--segmenter", metavar="FILE", help="MediaPipe's selfie_segmenter.tflite: the background stays still")
    parser.add_argument("--landmarks", metavar="FILE", help="24 points by hand (.toml, see `visavox portrait landmarks`)")
    landmarker.add_arguments(parser)


@dataclass(frozen=True)
class Sitting:
    """Whose photo, or .portrait of it, speaks: the file, the number of the face in it, a file of points by hand, the landmark model."""

    file: str
    face: int | None = None
    points: str | None = None
    model: str | None = None
    consent: str | None = None
    look: str | None = None
    segmenter: str | None = None
    background: str | None = None

    def __post_init__(self):
        if self.look is not None:
            from visavox.portrait.look import look_of

            look_of(self.look)  # what it cannot do is refused before anything is read

    @classmethod
    def from_options(cls, options: Namespace, file: str) -> "Sitting":
        """What the options ask for the photo `file`."""
        found = options.face, options.landmarks, options.landmark_model
        return cls(file, *found, options.consent, options.look, options.segmenter, options.background)

    def source(self) -> "Source":
        """The photo in its look, with its landmarks, and the consent that was given for it or now is."""
        source = self._source()
        if self.segmenter:
            source = source.cut_out(self.segmenter)
        return self._looking(source) if self.look or self.background else source

    def _looking(self, source: "Source") -> "Source":
        """The source in its look, of which it is said how far it moves the face."""
        from visavox.io.photo import read_photo

        looking = source.looking(self.look or "", read_photo(self.background) if self.background else None)
        finder = self._finder()
        moved = finder and source.likeness(looking, finder)
        unseen = "no face is found in it to compare" if finder else "without a landmark model it is not measured"
        error = unseen if moved is None else f"the face's points moved by {moved:.2%} of the distance of the eyes"
        print(f"visavox: identity error of the look: {error}", file=sys.stderr)
        return looking

    @cached_property
    def finder(self):
        """The landmarker, opened once."""
        return landmarker.open_landmarker(self.model)

    def _finder(self):
        """The landmarker, or None where none is at hand; one that was named must be there."""
        from visavox.errors import DependencyError, FileError

        try:
            return self.finder
        except (DependencyError, FileError):
            if self.model:
                raise
            return None

    def _source(self) -> "Source":
        from visavox.portrait.files import is_portrait, read_portrait
        from visavox.portrait.source import Source

        if is_portrait(self.file):
            for flag, given in (("--face", self.face), ("--landmarks", self.points)):
                if given:
                    raise OptionError(f"{flag} was settled when {self.file} was made; leave it out")
            source = read_portrait(self.file)
            return replace(source, consent=consent(self.consent or source.consent, self.file))
        photo = self.photo()
        agreed = consent(self.consent, self.file)
        return Source.of(photo, self.landmarks(photo), agreed)

    def photo(self) -> "Photo":
        """The photo in the file; of a film that is its first picture, and said."""
        from visavox.io.photo import read_photo

        photo = read_photo(self.file)
        if photo.pictures > 1:
            print(f"visavox: {self.file} holds {photo.pictures} pictures one after the other; the first is used", file=sys.stderr)
        return photo

    def landmarks(self, photo: "Photo") -> "Landmarks":
        """The landmarks of the face in `photo`: by hand where a file of them is given, else by the landmarker; of a mask it is said."""
        from visavox.portrait.covered import lips_covered
        from visavox.portrait.finding import detected

        if self.points:
            return self.pointed(photo)
        found = detected(photo, self.finder, self.face)
        if lips_covered(photo.pixels, found):
            covered = "no lips are seen where the mouth should be, but something else, such as a mask"
            print(f"visavox: {self.file}: {covered}; a mouth will open in it, so give a photo that shows the mouth", file=sys.stderr)
        return found

    def pointed(self, photo: "Photo") -> "Landmarks":
        """The landmarks that the file of points says."""
        from visavox.io.documents import read_text
        from visavox.portrait.points import read_points

        text = read_text(self.points, "write one with: visavox portrait landmarks PICTURE -o points.toml", MOST_TEXT)
        return read_points(text, self.points, photo.pixels.shape[:2])

    def found(self, photo: "Photo") -> "Landmarks | None":
        """The landmarks that are there without a hand; None for a photo without a face that is found, and where no model is at hand."""
        from visavox.portrait.finding import chosen, faces_in

        finder = self.finder if self.face else self._finder()
        if finder is None:
            return None
        faces = faces_in(photo.pixels, finder)
        return chosen(faces, photo.name, self.face) if faces else None


class Speaking(NamedTuple):
    """The photo that speaks, and what a file says about it."""

    portrait: "Portrait"
    provenance: dict

    @classmethod
    def from_options(cls, options: Namespace, video: bool, model: "Model | None") -> "Speaking | None":
        """The photo that speaks in a `video`, moved by the model; None when the default head does.

        An OptionError for options that do not go with a portrait, or not without one.
        """
        if not options.portrait:
            framed = options.portrait_frame != CROP
            asked = (
                ("--face", options.face),
                ("--landmarks", options.landmarks),
                ("--look", options.look),
                ("--portrait-frame", framed),
                ("--background", options.background),
                ("--segmenter", options.segmenter),
            )
            for flag, given in asked:
                if given:
                    raise OptionError(f"{flag} is for a photo that speaks; give it with --portrait PHOTO")
            return None
        if not video:
            raise OptionError(f"--portrait is for a video, and {options.output} is none; name a .mp4")
        for flag, given in (("--head", options.head), ("--identity", options.identity != SOMEBODY)):
            if given:
                raise OptionError(f"{flag} and --portrait both say which face is drawn; leave one out")
        if model and model.moves_flame:
            raise OptionError("a photo is moved by ARKit's shapes, and this model moves FLAME; leave --checkpoint or --portrait out")
        source = Sitting.from_options(options, options.portrait).source()
        return cls(source.portrait(options.portrait_frame, options.size), source.provenance())


def consent(given: str | None, file: str) -> str:
    """Who agreed that this face speaks; asked for where a person sits before the terminal, else an OptionError that says what to give."""
    if not given and sys.stdin.isatty() and sys.stderr.isatty():
        print(f"Whose face is {file}, and who agreed that it speaks? ", end="", file=sys.stderr, flush=True)
        given = sys.stdin.readline()
    agreed = " ".join((given or "").split())
    if not agreed:
        raise OptionError(f"{file} is somebody's face: say whose it is and who agreed, such as --consent 'my own photo'")
    if len(agreed) > LONGEST_CONSENT:
        raise OptionError(f"--consent has {len(agreed)} characters; {LONGEST_CONSENT} are kept at most: shorten it")
    return agreed
