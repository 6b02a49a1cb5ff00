"""Frames of any film: when each is shown, which way up, and one sentence for what is none."""

from fractions import Fraction

import numpy as np
import pytest

from visavox.errors import FileError
from visavox.io import video_frames
from visavox.io.video import write_video
from visavox.io.video_frames import SHOWN_SIDE, film_of, read_frames

av = pytest.importorskip("av")


def ramp(frames: int, height: int = 48, width: int = 64):
    """Frames that grow lighter, brighter at the left."""
    for frame in range(frames):
        picture = np.full((height, width, 3), 20 + 4 * frame, np.uint8)
        picture[:, : width // 4] += 60
        yield picture


def encoded(path, frames, times=None, codec="libx264", pixels="yuv420p", rate=25, options=None):
    """A film of `frames` shown at `times` (of a clock of 1 / 1000 s)."""
    with av.open(str(path), "w") as container:
        stream = None
        for place, picture in enumerate(frames):
            if stream is None:
                stream = container.add_stream(codec, rate=rate)
                stream.height, stream.width = picture.shape[:2]
                stream.pix_fmt = pixels
                stream.options = options or {}
                stream.codec_context.time_base = Fraction(1, 1000)
            frame = av.VideoFrame.from_ndarray(picture, format="rgb24").reformat(format=pixels)
            frame.pts, frame.time_base = round(1000 * (place / rate if times is None else times[place])), Fraction(1, 1000)
            container.mux(stream.encode(frame))
        container.mux(stream.encode(None))


def test_frames_come_with_their_times(tmp_path):
    write_video(ramp(12), None, tmp_path / "a.mp4", 25)
    film, frames = read_frames(tmp_path / "a.mp4")
    read = list(frames)
    assert film.fps == 25 and film.seconds == pytest.approx(0.48, abs=0.05) and not film.sound
    np.testing.assert_allclose([at for at, _ in read], np.arange(12) / 25, atol=1e-6)
    assert all(picture.shape == (48, 64, 3) and picture.dtype == np.uint8 for _, picture in read)
    assert np.diff([picture[24, 50].mean() for _, picture in read]).min() > 2


def test_a_varying_rate_is_read_by_the_clock(tmp_path):
    times = [0, 0.04, 0.2, 0.21, 0.5]
    encoded(tmp_path / "a.mkv", ramp(5), times)
    np.testing.assert_allclose([at for at, _ in read_frames(tmp_path / "a.mkv")[1]], times, atol=2e-3)


def test_of_pictures_before_the_beginning_the_first_is_shown_there(tmp_path, monkeypatch):
    write_video(ramp(12), None, tmp_path / "a.mp4", 25)
    packets = video_frames.packets_of

    def early(container, stream):
        for packet in packets(container, stream):
            if packet.pts is not None:  # the last is empty
                packet.pts -= round(5 / 25 / packet.time_base)
            yield packet

    monkeypatch.setattr(video_frames, "packets_of", early)
    read = list(read_frames(tmp_path / "a.mp4")[1])
    np.testing.assert_allclose([at for at, _ in read], np.arange(7) / 25, atol=1e-6)


@pytest.mark.parametrize(("suffix", "codec", "pixels", "size"), [
    (".mov", "qtrle", "argb", (48, 64)), (".mkv", "ffv1", "yuv420p10le", (48, 64)), (".mkv", "ffv1", "yuv444p", (49, 67)),
    (".avi", "mjpeg", "yuvj420p", (48, 64)), (".webm", "libvpx", "yuva420p", (48, 64)),
])  # fmt: skip
def test_alpha_ten_bits_and_odd_sizes_are_pictures_too(tmp_path, suffix, codec, pixels, size):
    path = tmp_path / f"a{suffix}"
    try:
        encoded(path, ramp(4, *size), codec=codec, pixels=pixels)
    except (av.FFmpegError, ValueError) as error:
        pytest.skip(f"this build of the video library cannot write it: {error}")
    read = [picture for _, picture in read_frames(path)[1]]
    assert len(read) == 4 and read[0].shape == (*size, 3)
    assert abs(int(read[0][24, 60].mean()) - 20) < 12 and abs(int(read[0][24, 4].mean()) - 80) < 12


def test_a_turned_film_is_shown_upright(tmp_path):
    encoded(tmp_path / "a.mp4", ramp(3))
    content = bytearray((tmp_path / "a.mp4").read_bytes())
    at = content.rindex(b"tkhd") + 4 + 40  # the matrix of the track's header: one quarter to the right
    quarter = (0, 1 << 16, 0, -1 << 16, 0, 0, 48 << 16, 0, 1 << 30)
    content[at : at + 36] = b"".join(number.to_bytes(4, "big", signed=True) for number in quarter)
    (tmp_path / "b.mp4").write_bytes(content)
    first = next(read_frames(tmp_path / "b.mp4")[1])[1]
    assert first.shape == (64, 48, 3)
    assert first[4].mean() > first[-4].mean() + 30  # what was left is now at the top


@pytest.mark.parametrize(("ratio", "shape"), [(2, (48, 128, 3)), (Fraction(1, 2), (48, 32, 3)), (50, (48, 64, 3))])
def test_pixels_that_are_not_square_become_so(tmp_path, ratio, shape):
    with av.open(str(tmp_path / "a.mp4"), "w") as container:
        stream = container.add_stream("libx264", rate=25)
        stream.height, stream.width, stream.pix_fmt, stream.sample_aspect_ratio = 48, 64, "yuv420p", Fraction(ratio)
        for picture in ramp(2):
            container.mux(stream.encode(av.VideoFrame.from_ndarray(picture, format="rgb24")))
        container.mux(stream.encode(None))
    assert {picture.shape for _, picture in read_frames(tmp_path / "a.mp4")[1]} == {shape}


def test_a_huge_picture_is_made_smaller(tmp_path):
    encoded(tmp_path / "a.mkv", ramp(1, 2160, 3840), codec="mjpeg", pixels="yuvj420p")
    assert next(read_frames(tmp_path / "a.mkv")[1])[1].shape == (1080, SHOWN_SIDE, 3)


def test_what_is_no_film_is_said_in_a_sentence(tmp_path):
    from recordings import write_with_libsndfile

    write_with_libsndfile(tmp_path / "sound.wav", 0.2, 16000)
    (tmp_path / "text.mp4").write_text("no film")
    (tmp_path / "empty.mp4").write_bytes(b"")
    write_video(ramp(12), None, tmp_path / "a.mp4", 25)
    (tmp_path / "cut.mp4").write_bytes((tmp_path / "a.mp4").read_bytes()[:600])
    for name, said in (("sound.wav", "no moving picture"), ("text.mp4", "cannot be read"), ("empty.mp4", "is empty"),
                       ("cut.mp4", "cut.mp4"), ("none.mp4", "does not exist")):  # fmt: skip
        with pytest.raises(FileError, match=said):
            list(read_frames(tmp_path / name)[1])


def test_a_film_says_whether_it_has_sound(tmp_path):
    from visavox.audio import Audio

    write_video(ramp(12), Audio(np.zeros(8000, np.float32), 16000), tmp_path / "a.mp4", 25)
    assert film_of(tmp_path / "a.mp4").sound


def test_a_film_whose_sound_begins_long_after_it_is_read(tmp_path):
    path = tmp_path / "a.flv"
    encoded(path, (np.full((32, 32, 3), place, np.uint8) for place in range(200)), codec="flv", rate=5)
    late = b"".join(flv_tag(20_000 + 50 * place, b"\x36" + bytes(500)) for place in range(5))  # unknown to the film's beginning
    path.write_bytes(path.read_bytes() + late)
    assert sum(1 for _ in read_frames(path)[1]) == 200


@pytest.mark.parametrize(("begins", "fine"), [(30.0, True), (5918.0, False)])
def test_a_film_whose_pictures_begin_an_hour_after_its_sound_is_damaged(tmp_path, begins, fine):
    path = tmp_path / "a.mkv"
    with av.open(str(path), "w") as container:
        sound, film = container.add_stream("pcm_s16le", rate=8000), container.add_stream("mpeg4", rate=25)
        sound.layout, film.width, film.height, film.pix_fmt = "mono", 32, 32, "yuv420p"
        heard = av.AudioFrame.from_ndarray(np.zeros((1, 4000), np.int16), format="s16", layout="mono")
        heard.sample_rate, heard.pts, heard.time_base = 8000, 0, Fraction(1, 8000)
        seen = av.VideoFrame.from_ndarray(np.zeros((32, 32, 3), np.uint8), format="rgb24")
        seen.pts, seen.time_base = round(25 * begins), Fraction(1, 25)
        container.mux([*sound.encode(heard), *sound.encode(None), *film.encode(seen.reformat(format="yuv420p")), *film.encode(None)])
    if fine:
        assert next(read_frames(path)[1])[0] == pytest.approx(begins, abs=0.1)
        return
    with pytest.raises(FileError, match="leaps from 0 s to 5918 s"):
        next(read_frames(path)[1])


def flv_tag(milliseconds: int, content: bytes) -> bytes:
    """A packet of sound as FLV has it."""
    tag = b"\x08" + len(content).to_bytes(3, "big") + milliseconds.to_bytes(3, "big") + bytes(4) + content
    return tag + len(tag).to_bytes(4, "big")
