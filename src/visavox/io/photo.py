"""Photos as users have them: PNG, JPEG, WebP, and HEIC with the extra `heic`; turned upright, in sRGB, eight bits a colour.

The size that a file states is looked at before anything is unpacked. Nothing of a file but its pixels is kept: no place, no camera.
"""

import hashlib
import io
import struct
import warnings
import zlib
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from visavox.errors import DependencyError, FileError
from visavox.io.documents import read_bytes

MOST_BYTES = 128 << 20
MOST_PIXELS = 64_000_000
LEAST_SIDE = 64  # pixels
FORMATS = ("PNG", "JPEG", "WEBP")  # a JPEG of several pictures (MPO) is read as its first
MOVING = ("PNG", "WEBP")  # formats whose several pictures are a film
HEIC = (".heic", ".heif")
HEIF_TURNS, HEIF_HEAD = (b"irot", b"imir"), 1 << 16  # its boxes that turn and mirror, and the bytes in which they stand
ORIENTATION = 0x0112  # the EXIF tag
ADVICE = "give a .png, .jpg or .webp"
EMPTY = 225  # grey that shows through a photo that is transparent
BROKEN = (
    OSError, ValueError, SyntaxError, EOFError, struct.error, zlib.error, KeyError, IndexError, TypeError, OverflowError, MemoryError,
    RuntimeError, AttributeError, ZeroDivisionError,
)  # what Pillow's readers raise for damaged files  # fmt: skip


@dataclass(frozen=True, eq=False)
class Photo:
    """pixels (H, W, 3) uint8 in sRGB; alpha (H, W) uint8 where the file has one that hides something; its file's name and SHA-256; how
    many pictures the file shows one after the other, of which this is the first.
    """

    pixels: np.ndarray
    alpha: np.ndarray | None
    name: str
    sha256: str
    pictures: int = 1


def read_photo(path: str | Path) -> Photo:
    """The photo at `path`, upright. A FileError when it is missing, damaged, too large or of another kind."""
    data = read_bytes(path, ADVICE, MOST_BYTES)
    image = _opened(data, path)
    pixels, alpha = _decoded(image, path, data)
    moving = image.format in MOVING and getattr(image, "is_animated", False)
    return Photo(pixels, alpha, Path(path).name, hashlib.sha256(data).hexdigest(), int(image.n_frames) if moving else 1)


def _opened(data: bytes, path: str | Path):
    """The file's image, of which no pixel is unpacked yet."""
    try:
        from PIL import Image, WebPImagePlugin  # noqa: F401  (named formats are only known once their reader is imported)
    except ImportError:
        raise DependencyError("reading photos needs Pillow: pip install 'visavox[portrait]'") from None
    formats = (*FORMATS, *_heif(path))
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            image = Image.open(io.BytesIO(data), formats=formats)
    except Image.DecompressionBombError:
        raise FileError(f"{path} states more than {MOST_PIXELS // 1_000_000} megapixels; give a smaller photo") from None
    except BROKEN:
        raise FileError(f"{path} is not a photo that can be read; {ADVICE}") from None
    width, height = image.size
    if width * height > MOST_PIXELS:
        raise FileError(f"{path} has {width}x{height} pixels; {MOST_PIXELS // 1_000_000} megapixels are read at most: give a smaller photo")
    if min(width, height) < LEAST_SIDE:
        raise FileError(f"{path} has {width}x{height} pixels, too few for a face; give at least {LEAST_SIDE} on each side")
    return image


def _heif(path: str | Path) -> tuple[str, ...]:
    """The names of the formats that the optional HEIC reader adds, for a file that needs it."""
    if Path(path).suffix.lower() not in HEIC:
        return ()
    try:
        from pillow_heif import register_heif_opener
    except ImportError:
        raise DependencyError(f"{path} is HEIC, which needs pillow-heif: pip install 'visavox[heic]', or save it as .jpg") from None
    register_heif_opener()
    return ("HEIF",)


def _decoded(image, path: str | Path, data: bytes) -> tuple[np.ndarray, np.ndarray | None]:
    """The pixels (H, W, 3) and the alpha (H, W) or None of an image, whose file holds `data`."""
    try:
        image.load()
        image = _in_srgb(_upright(image, data))
        if image.mode.startswith(("I", "F")):  # sixteen bits a colour, of a grey picture
            image = _eight_bits(image)
        see_through = "A" in image.getbands() or "transparency" in image.info
        coloured = np.array(image.convert("RGBA" if see_through else "RGB"))
    except BROKEN as error:
        reason = " ".join(str(error).split())[:120] or type(error).__name__
        raise FileError(f"{path} is damaged ({reason}); save it again, or {ADVICE}") from None
    if not see_through or coloured[..., 3].min() == 255:
        return np.ascontiguousarray(coloured[..., :3]), None
    alpha = coloured[..., 3]
    share = alpha[..., None].astype(np.float32) / 255
    return np.uint8(np.rint(coloured[..., :3] * share + EMPTY * (1 - share))), np.ascontiguousarray(alpha)


def _upright(image, data: bytes):
    """The image as its camera was held. HEIC says that in the container, which its reader obeys, or like others in its EXIF alone."""
    from PIL import ImageOps

    held = image.info.get("original_orientation")
    if held and not any(box in data[:HEIF_HEAD] for box in HEIF_TURNS):
        image.getexif()[ORIENTATION] = held
    return ImageOps.exif_transpose(image)


def _in_srgb(image):
    """The image in sRGB, if it brings a profile that says what its colours are; a profile that cannot be used is left aside."""
    profile = image.info.get("icc_profile")
    if profile and image.mode == "P":
        image = image.convert("RGBA" if "transparency" in image.info else "RGB")
    if not profile or image.mode not in ("RGB", "RGBA", "CMYK"):
        return image
    from PIL import ImageCms

    try:
        own = ImageCms.ImageCmsProfile(io.BytesIO(profile))
        mode = "RGBA" if image.mode == "RGBA" else "RGB"
        return ImageCms.profileToProfile(image, own, ImageCms.createProfile("sRGB"), outputMode=mode) or image
    except (ImageCms.PyCMSError, *BROKEN):
        return image


def _eight_bits(image):
    from PIL import Image

    values = np.array(image).astype(np.float64)
    top = 65535 if values.max(initial=0) > 255 else 255
    return Image.fromarray(np.uint8(np.clip(values / top * 255, 0, 255)))
