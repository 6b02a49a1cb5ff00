"""Photos: every kind that people have comes out upright in eight bits, and every damaged one is one clear line."""

import io
import struct
import sys
import zlib

import numpy as np
import pytest

from visavox.errors import DependencyError, FileError
from visavox.io.photo import read_photo

Image = pytest.importorskip("PIL.Image")
ImageCms = pytest.importorskip("PIL.ImageCms")


def gradient() -> np.ndarray:
    """A picture (80, 100, 3) whose corners tell which way is up."""
    y, x = np.mgrid[:80, :100]
    return np.uint8(np.stack([2 * x, 3 * y, np.full_like(x, 60)], -1))


def saved(tmp_path, name: str, image, **how):
    path = tmp_path / name
    image.save(path, **how)
    return path


def near(one, other, most) -> bool:
    return np.abs(one.astype(int) - other.astype(int)).max() <= most


@pytest.mark.parametrize(
    ("name", "how", "most"), [("a.png", {}, 0), ("a.jpg", {"quality": 100, "subsampling": 0}, 4), ("a.webp", {"lossless": True}, 0)]
)
def test_the_usual_formats(tmp_path, name, how, most):
    photo = read_photo(saved(tmp_path, name, Image.fromarray(gradient()), **how))
    assert near(photo.pixels, gradient(), most) and photo.alpha is None and photo.name == name and len(photo.sha256) == 64


def test_a_camera_that_takes_two_pictures_at_once(tmp_path):
    two = Image.fromarray(gradient())
    path = saved(tmp_path, "a.jpg", two, format="MPO", save_all=True, append_images=[two.rotate(90)], quality=100)
    assert near(read_photo(path).pixels, gradient(), 24)


@pytest.mark.parametrize("name", ["a.webp", "a.png"])
def test_a_film_is_read_as_its_first_picture_and_says_so(tmp_path, name):
    first, second = Image.fromarray(gradient()), Image.fromarray(gradient()[::-1])
    film = read_photo(saved(tmp_path, name, first, save_all=True, append_images=[second, second.rotate(90)], lossless=True))
    assert film.pictures == 3 and near(film.pixels, gradient(), 0)
    assert read_photo(saved(tmp_path, name, first)).pictures == 1


@pytest.mark.parametrize("orientation", range(1, 9))
def test_a_camera_that_was_held_sideways(tmp_path, orientation):
    ways = {1: 0, 2: 0, 3: 2, 4: 2, 5: 1, 6: 1, 7: 3, 8: 3}
    stored = np.rot90(gradient(), ways[orientation])
    if orientation in (2, 4):
        stored = stored[:, ::-1]
    if orientation in (5, 7):
        stored = stored[::-1]
    exif = Image.Exif()
    exif[0x0112] = orientation
    photo = read_photo(saved(tmp_path, "a.png", Image.fromarray(np.ascontiguousarray(stored)), exif=exif))
    assert photo.pixels.shape == (80, 100, 3) and near(photo.pixels, gradient(), 0)


def test_alpha_shows_what_lies_behind_and_is_kept(tmp_path):
    alpha = np.full((80, 100), 255, np.uint8)
    alpha[:40] = 0
    photo = read_photo(saved(tmp_path, "a.png", Image.fromarray(np.dstack([gradient(), alpha]))))
    assert np.array_equal(photo.alpha, alpha) and near(photo.pixels[40:], gradient()[40:], 0)
    assert len(np.unique(photo.pixels[:40])) == 1
    solid = read_photo(saved(tmp_path, "b.png", Image.fromarray(np.dstack([gradient(), np.full((80, 100), 255, np.uint8)]))))
    assert solid.alpha is None


def test_other_colours_than_three_bytes(tmp_path):
    grey = gradient()[..., 0]
    assert near(read_photo(saved(tmp_path, "g.png", Image.fromarray(grey))).pixels[..., 1], grey, 0)
    deep = read_photo(saved(tmp_path, "d.png", Image.fromarray(grey.astype(np.uint16) * 257)))
    assert near(deep.pixels[..., 0], grey, 1)
    printed = read_photo(saved(tmp_path, "c.jpg", Image.fromarray(gradient()).convert("CMYK"), quality=100))
    assert near(printed.pixels, gradient(), 12)
    assert near(read_photo(saved(tmp_path, "p.png", Image.fromarray(gradient()).quantize(256))).pixels, gradient(), 40)
    wide = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    assert near(read_photo(saved(tmp_path, "s.png", Image.fromarray(gradient()), icc_profile=wide)).pixels, gradient(), 2)
    assert near(read_photo(saved(tmp_path, "x.png", Image.fromarray(gradient()), icc_profile=b"nonsense")).pixels, gradient(), 0)


def bomb(width: int, height: int) -> bytes:
    """A small PNG that states a huge picture."""

    def chunk(kind, data):
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", zlib.compress(bytes(1000))) + chunk(b"IEND", b"")


def wide_gamut() -> bytes:
    """An ICC profile of Display P3's primaries (adapted to D50) with a gamma of 2.2."""
    corners = {"rXYZ": (0.51512, 0.2412, -0.00105), "gXYZ": (0.29198, 0.69225, 0.04189), "bXYZ": (0.1571, 0.06657, 0.78407)}
    corners["wtpt"] = (0.9642, 1.0, 0.8249)
    tags = [(name, b"XYZ \0\0\0\0" + b"".join(struct.pack(">i", round(x * 65536)) for x in xyz)) for name, xyz in corners.items()]
    tags += [(f"{colour}TRC", b"curv\0\0\0\0" + struct.pack(">IHH", 1, round(2.2 * 256), 0)) for colour in "rgb"]
    tags += [("desc", b"desc\0\0\0\0" + struct.pack(">I", 3) + b"P3\0" + b"\0" * 78 + b"\0" * 3), ("cprt", b"text\0\0\0\0none")]
    start, table, body = 128 + 4 + 12 * len(tags), b"", b""
    for name, data in tags:
        table += name.encode() + struct.pack(">II", start + len(body), len(data))
        body += data + b"\0" * (-len(data) % 4)
    size = struct.pack(">I", start + len(body))
    head = size + b"\0" * 4 + b"\x02\x10\0\0" + b"mntrRGB XYZ " + b"\0" * 12 + b"acsp" + b"\0" * 28
    head += b"".join(struct.pack(">i", round(x * 65536)) for x in (0.9642, 1.0, 0.8249))
    return head + b"\0" * (128 - len(head)) + struct.pack(">I", len(tags)) + table + body


@pytest.mark.parametrize("colours", [256, 0])
def test_the_colours_of_a_telephone_are_carried_over(tmp_path, colours):
    """By the matrices of IEC 61966-2-1 and of Display P3: its (200, 120, 100) is sRGB's (214, 116, 95), give or take the curves."""
    flat = Image.new("RGB", (80, 80), (200, 120, 100))
    flat = flat.quantize(colours) if colours else flat
    shown = read_photo(saved(tmp_path, "a.png", flat, icc_profile=wide_gamut())).pixels[40, 40].astype(int)
    assert np.abs(shown - (214, 116, 95)).max() <= 2, shown


def test_a_bomb_is_refused_before_it_is_unpacked(tmp_path):
    for side, said in ((9000, "9000x9000"), (60_000, "megapixels"), (2_000_000_000, "a.png")):
        (tmp_path / "a.png").write_bytes(bomb(side, side))
        with pytest.raises(FileError, match=said):
            read_photo(tmp_path / "a.png")


def test_damage_is_one_clear_line(tmp_path):
    buffer = io.BytesIO()
    noise = np.random.default_rng(0).integers(0, 255, (200, 200, 3), dtype=np.uint8)
    Image.fromarray(noise).save(buffer, "jpeg")
    whole = buffer.getvalue()
    for name, data, said in (
        ("empty.jpg", b"", "not a photo"),
        ("text.png", b"hello", "not a photo"),
        ("short.jpg", whole[: len(whole) // 2], "damaged"),
        ("short.png", bomb(100, 100)[:60], "a photo|damaged"),
        ("lie.png", bomb(4000, 4000), "damaged"),
        ("small.png", bomb(20, 20), "20x20"),
        ("bitmap.png", b"BM" + bytes(100), "not a photo"),
    ):
        (tmp_path / name).write_bytes(data)
        with pytest.raises(FileError, match=said):
            read_photo(tmp_path / name)
    with pytest.raises(FileError, match="does not exist"):
        read_photo(tmp_path / "nowhere.jpg")


@pytest.mark.parametrize("held", [None, 1, 3, 6, 8])
def test_heic_is_read_upright_however_its_camera_was_held(tmp_path, held):
    """A picture that is red above and blue below, as a camera that was held so stores it."""
    heif = pytest.importorskip("pillow_heif")
    heif.register_heif_opener()
    picture = Image.new("RGB", (96, 128), (0, 0, 200))
    picture.paste((200, 0, 0), (0, 0, 96, 64))
    turned = {3: Image.ROTATE_180, 6: Image.ROTATE_90, 8: Image.ROTATE_270}.get(held)
    exif = Image.Exif()
    if held:
        exif[0x0112] = held
    (picture.transpose(turned) if turned is not None else picture).save(tmp_path / "a.heic", exif=exif.tobytes() if held else None)
    found = read_photo(tmp_path / "a.heic")
    assert found.pixels.shape == (128, 96, 3) and found.alpha is None
    assert found.pixels[:50, :, 0].min() > 150 and found.pixels[80:, :, 2].min() > 150


def test_heic_names_what_it_needs(tmp_path, monkeypatch):
    monkeypatch.setitem(sys.modules, "pillow_heif", None)
    (tmp_path / "a.heic").write_bytes(b"\0\0\0\x18ftypheic")
    with pytest.raises(DependencyError, match=r"pillow-heif: pip install 'visavox\[heic\]'"):
        read_photo(tmp_path / "a.heic")
