"""`Priming`: what an encoder put before the sound, taken away again where the file cannot say that it is there.

An encoder begins with what its filters and those of its decoder need. Most formats say how much that is, and PyAV takes it off.
"""

import numpy as np

COVERS = ("mjpeg", "png", "bmp", "gif", "webp")  # pictures on a sleeve, not films
NO_PLACE = ("avi", "asf")  # formats that have no place to say it
# The same, but for films, of which each sample is at its time; and plain sound without a header. Of mp3 alone the decoder knows.
NO_PLACE_ALONE = ("aac", "loas", "ac3", "eac3", "mp3", "wav", "mpegts", "mpeg", "flv", "nut", "rm")
# Samples that every encoder of a kind begins with: 529 + 576 of mp3 (LAME), 481 of mp2, half a block of ac3, a frame of aac and of
# RealAudio 14.4 (FFmpeg).
LEAST = {
    "mp3": 1105, "mp2": 481, "ac3": 256, "eac3": 256, "aac": 1024, "aac_latm": 1024, "opus": 312, "libopus": 312, "real_144": 160,
}  # fmt: skip
STATES_IT = (("mp3", "mp3"),)  # format and codec
# Samples of a frame of each version of WMA, up to a rate in kHz.
WMA = {"wmav1": ((16, 512), (32, 1024), (np.inf, 2048)), "wmav2": ((16, 512), (22.05, 1024), (np.inf, 2048))}
FFMPEG, SECOND_LAYER = "Lavf", 2  # the beginning of what it writes as the encoder, and how a header of MPEG says so


class Priming:
    """What is to be taken off the samples of a track, before they are decoded; it may ask the decoder not to take off anything itself."""

    def __init__(self, container, track_of_sound):
        codec, self._alone = track_of_sound.codec_context, not has_picture(container)
        self._layered = bool(codec) and codec.name == "mp3float"  # the name of its decoder, for all layers of MPEG
        self._samples = _of_wma(container, codec) or _of_others(container, codec) if codec else 0
        # The picture of a film begins later by the priming, where its packets have times that could not begin before 0.
        self._earlier = self._alone or container.format.name == "avi"
        self._cut = 0

    def meet(self, packet) -> None:
        """Looks at a packet before it is decoded: the second layer of MPEG needs less than the third."""
        if self._layered and self._samples and packet.size > 1:
            self._layered = False
            self._samples = LEAST["mp2"] if bytes(packet)[1] >> 1 & 3 == SECOND_LAYER else self._samples

    def without(self, samples: np.ndarray) -> tuple[np.ndarray, int]:
        """The next samples (S, C) of the track without their part of it, and by how many samples they begin later than with it."""
        cut = min(self._samples - self._cut, len(samples))
        self._cut += cut
        return samples[cut:], cut - (self._samples if self._earlier else 0)


def has_picture(container) -> bool:
    """Whether a file is a film: one with pictures that are not the cover of its sound."""
    return any(stream.codec_context and stream.codec_context.name not in COVERS for stream in container.streams.video)


def _of_others(container, codec) -> int:
    kind, coded = container.format.name, codec.name.removesuffix("float")
    alone = kind in NO_PLACE_ALONE and (kind, coded) not in STATES_IT and not has_picture(container)
    return LEAST.get(coded, 0) if kind in NO_PLACE or alone else 0


def _of_wma(container, codec) -> int:
    """A frame of WMA that FFmpeg encoded. Its decoder takes off two, as other encoders need, and with them the first frame of the sound."""
    from av.codec.context import Flags2

    encoder = container.metadata.get("encoder", FFMPEG if container.format.name == "avi" else "")  # an avi does not say
    if codec.name not in WMA or not encoder.startswith(FFMPEG):
        return 0
    codec.flags2 |= Flags2.skip_manual
    return next(length for rate, length in WMA[codec.name] if codec.sample_rate <= 1000 * rate)
