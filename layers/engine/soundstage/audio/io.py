"""Sound files: read by libsndfile where it can and by ffmpeg as a program where it must; WAV files written."""

import io
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType

import numpy as np
import soundfile
from numpy.typing import NDArray

from soundstage.arrays import READ_FRAMES, Samples
from soundstage.media import ffmpeg as ffmpeg_program
from soundstage.media.containers import FLAC, MP3, Container, container_of
from soundstage.media.files import whole_file
from soundstage.models.errors import MediaRejected

DECODE_TIMEOUT_S = 900.0
"""Within which ffmpeg has to be done; the longest recording that is accepted takes a fraction of it."""

INTEGER_BITS = {"PCM_16": 16, "PCM_24": 24}
INTEGERS = {"pcm_s8", "pcm_u8", "pcm_16", "pcm_24", "pcm_32"}
UNCODED = INTEGERS | {"float", "double"}
"""Codecs, by libsndfile's names, of plain samples."""

DITHERED_BITS = 16
"""Up to so many bits rounding is heard without dither; that of 24 bits lies below every converter's noise."""

TAGS = ("title", "artist", "album", "genre", "date", "tracknumber", "comment", "copyright")
"""What libsndfile reads and writes of a recording's tags, by its own names."""

NO_LENGTH = 2**62
"""libsndfile says 2⁶³ − 1 frames when a header leaves the length open."""


@dataclass(frozen=True, eq=False)
class Audio:
    """Sound in memory: float32 [frames, channels], full scale ±1."""

    samples: Samples
    rate_hz: int

    def __post_init__(self) -> None:
        samples = np.asarray(self.samples, np.float32)
        object.__setattr__(self, "samples", samples[:, None] if samples.ndim == 1 else samples)
        if self.samples.ndim != 2:
            raise ValueError(f"samples must have the shape [frames, channels], not {samples.shape}")

    @property
    def frames(self) -> int:
        return len(self.samples)

    @property
    def channels(self) -> int:
        return int(self.samples.shape[1])

    @property
    def duration_s(self) -> float:
        return self.frames / self.rate_hz

    def mono(self) -> Samples:
        """The average of the channels, [frames]."""
        return self.samples[:, 0] if self.channels == 1 else self.samples.mean(axis=1, dtype=np.float32)


class AudioReader:
    """An open sound file, read block by block in flat memory.

    ``frames`` is what the header says (0 when only decoding can tell); ``decoder`` is libsndfile or ffmpeg, ``codec``
    its own name of the coding; ``tags`` are those of ``TAGS`` that libsndfile finds.

    Raises:
        MediaRejected: FILE_EMPTY, FORMAT_UNSUPPORTED or FILE_CORRUPT on opening; FILE_CORRUPT while reading.
        DependencyUnavailable: the file needs ffmpeg and there is none.
    """

    def __init__(
        self,
        path: Path,
        *,
        block_frames: int = READ_FRAMES,
        timeout_s: float = DECODE_TIMEOUT_S,
        ffmpeg: Path | None = None,
    ) -> None:
        if not path.stat().st_size:
            raise MediaRejected("FILE_EMPTY")
        container = container_of(path)
        if container is None:
            raise MediaRejected("FORMAT_UNSUPPORTED")
        self.container = container
        self._block_frames = block_frames
        self._resources = ExitStack()
        with ExitStack() as opening:
            if not (container.formats and self._open_libsndfile(path, opening)):
                self._open_ffmpeg(path, opening, timeout_s, ffmpeg)
            self._resources = opening.pop_all()

    def _open_libsndfile(self, path: Path, resources: ExitStack) -> bool:
        """Returns False for what libsndfile can open but not read to the end: FLAC written to a pipe has no length."""
        try:
            self._file = resources.enter_context(soundfile.SoundFile(path))
        except soundfile.LibsndfileError as error:
            raise MediaRejected("FILE_CORRUPT") from error
        if self._file.format not in self.container.formats:
            raise MediaRejected("FORMAT_UNSUPPORTED")  # the first bytes hid another format, e.g. behind an ID3 tag
        self.tags = {name: str(words) for name in TAGS if (words := getattr(self._file, name))}
        self.decoder, self.codec = "libsndfile", _codec(self.container, str(self._file.subtype))
        self.rate_hz, self.channels = int(self._file.samplerate), int(self._file.channels)
        self.frames = int(self._file.frames)
        self._blocks = self._sndfile_blocks()
        return self.frames < NO_LENGTH or self.container.demuxer is None

    def _open_ffmpeg(self, path: Path, resources: ExitStack, timeout_s: float, ffmpeg: Path | None) -> None:
        stream = resources.enter_context(
            ffmpeg_program.decode(
                path,
                self.container.demuxer or self.container.name,
                block_frames=self._block_frames,
                timeout_s=timeout_s,
                ffmpeg=ffmpeg,
            )
        )
        self.tags = {}
        self.decoder, self.codec = "ffmpeg", stream.codec
        self.rate_hz, self.channels, self.frames = stream.rate_hz, stream.channels, 0
        self._blocks = stream.blocks

    def __enter__(self) -> "AudioReader":
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._resources.close()

    def blocks(self) -> Iterator[Samples]:
        """[frames, channels], from where reading stands to the end. Samples may be NaN: see ``probe``."""
        return self._blocks

    def skip(self, frames: int) -> None:
        """Leave out the next ``frames``, before any block was read; libsndfile seeks, ffmpeg decodes all the same.

        What follows is what reading from the beginning would give there, to the bit, whatever the coding: measured for
        PCM, FLAC, Vorbis, Opus, MP3 and ADPCM.
        """
        if self.decoder == "libsndfile":
            self._file.seek(min(frames, self._file.frames))
        else:
            self._blocks = _without_first(self._blocks, frames)

    def _sndfile_blocks(self) -> Iterator[Samples]:
        while True:
            try:
                block = read_frames(self._file, self._block_frames)
            except soundfile.LibsndfileError as error:
                raise MediaRejected("FILE_CORRUPT") from error
            if not len(block):
                return
            yield block


def read_frames(file: soundfile.SoundFile, frames: int) -> Samples:
    """The next ``frames``, fewer at the end: [frames, channels]. libsndfile is slow to make floats of 16 bits."""
    if file.subtype == "PCM_16":
        return np.asarray(file.read(frames, dtype="int16", always_2d=True) * np.float32(1 / 2**15), np.float32)
    return np.asarray(file.read(frames, dtype="float32", always_2d=True), np.float32)


def _without_first(blocks: Iterator[Samples], frames: int) -> Iterator[Samples]:
    for block in blocks:
        kept = block[frames:]
        frames = max(0, frames - len(block))
        if len(kept):
            yield kept


def _codec(container: Container, subtype: str) -> str:
    """libsndfile's subtype by its usual name; for FLAC and MP3 the container says it all."""
    return container.name if container in (FLAC, MP3) else subtype.lower()


def read_audio(path: Path, *, ffmpeg: Path | None = None) -> Audio:
    """Read a whole file that ``probe_audio`` has accepted (this decodes without limits).

    Raises:
        MediaRejected: see ``AudioReader``; and NOT_FINITE for NaN or infinite samples.
        DependencyUnavailable: the file needs ffmpeg and there is none.
    """
    with AudioReader(path, ffmpeg=ffmpeg) as reader:
        blocks = list(reader.blocks())
        samples = np.concatenate(blocks) if blocks else np.zeros((0, reader.channels), np.float32)
        if not np.isfinite(samples).all():
            raise MediaRejected("NOT_FINITE")
        return Audio(samples, reader.rate_hz)


def write_wav(path: Path, audio: Audio, subtype: str = "PCM_24") -> None:
    """Write a WAV file: ``PCM_24``, ``PCM_16`` (with dither) or ``FLOAT``; the same audio gives the same bytes.

    Integer formats clip at full scale. The file appears whole or not at all.

    Raises:
        ValueError: NaN or infinite samples, or a subtype that WAV does not have.
    """
    if not np.isfinite(audio.samples).all():
        raise ValueError("samples must be finite")
    bits = INTEGER_BITS.get(subtype)
    samples = audio.samples if bits is None else quantised(audio.samples, bits)
    with whole_file(path) as partial:
        soundfile.write(partial, samples, audio.rate_hz, subtype=subtype, format="WAV")
        _remove_time_of_writing(partial)


def flac_16(audio: Audio) -> bytes:
    """A FLAC file of 16 bits, with dither; what lies beyond full scale is clipped."""
    file = io.BytesIO()
    soundfile.write(file, quantised(audio.samples, 16), audio.rate_hz, format="FLAC", subtype="PCM_16")
    return file.getvalue()


def quantised(samples: Samples, bits: int) -> NDArray[np.int32]:
    """Rounded to ``bits`` and clipped, in the upper bits of int32 (libsndfile's own conversion rounds down: an offset).

    What was 24 bits once comes out as it was. At 16 bits, triangular noise of ±1 LSB leaves no distortion (S. Lipshitz,
    R. Wannamaker, J. Vanderkooy, "Quantization and dither", JAES 40(5), 1992). It is seeded.
    """
    full_scale = 2 ** (bits - 1)
    scaled = samples * np.float32(full_scale)  # exact: a power of two
    if bits <= DITHERED_BITS:
        random = np.random.default_rng(bits)
        scaled = scaled + random.random(samples.shape, np.float32).astype(np.float64)
        scaled -= random.random(samples.shape, np.float32)
    whole: NDArray[np.int32] = np.clip(np.rint(scaled), -full_scale, full_scale - 1).astype(np.int32)
    return whole << (32 - bits)


def _remove_time_of_writing(path: Path) -> None:
    """libsndfile stamps the PEAK chunk of float files with the clock; zero it, so the same audio is the same bytes."""
    with path.open("r+b") as file:
        head = file.read(256)
        peak = head.find(b"PEAK")
        if 0 <= peak < head.find(b"data"):
            file.seek(peak + 12)
            file.write(bytes(4))
