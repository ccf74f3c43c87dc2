"""What a sound file really is, found out before anything else reads it: flat memory, bounded time, bounded output.

Nothing the sender says is believed. The container is told by its first bytes, the header is checked against the file
and against limits before a decoder allocates anything for it, and then the whole file is decoded once, block by block
and thrown away, because only that tells its true length and whether its samples are numbers.
"""

import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from soundstage.audio.io import AudioReader
from soundstage.audio.riff import read_wav_header
from soundstage.media.completeness import is_cut_off
from soundstage.media.containers import MP3, OGG, WAV, Container, container_of
from soundstage.media.files import sha256_of
from soundstage.media.mpeg_frames import stream_is_cut
from soundstage.models.assets import AudioProbe
from soundstage.models.errors import MediaRejected, too_long, too_short

DECODED_BYTES_PER_SAMPLE = 4
MAX_SAMPLE = 2.0**31
"""1 is full scale. Integers of 32 bits written as floats may be meant as sound; far beyond them squares overflow."""


@dataclass(frozen=True)
class ProbeLimits:
    """What we are willing to work with.

    Attributes:
        max_size_bytes: two hours of 24-bit stereo at 48 kHz.
        max_duration_s: three hours, a whole concert; every later step is linear in this.
        min_duration_s: shorter than one window of a pitch tracker or a loudness meter.
        min_channels, max_channels: loudness weights are defined for up to 7.1.
        min_rate_hz, max_rate_hz: telephone quality, and the highest rate that studios use.
        max_decoded_bytes: as 32-bit float; three hours of stereo at 48 kHz are 4.1 GB.
        max_expansion: decoded over stored size. Opus at 6 kbit/s is 256, FLAC of music is 2 to 10; only silence and
            bombs go far beyond.
        expansion_matters_from_bytes: a smaller decoded size is never a bomb; a minute of silence is not an attack.
        timeout_s: a file within all other limits takes seconds; one that does not was made to.
    """

    max_size_bytes: int = 2 * 1024**3
    max_duration_s: float = 3 * 3600.0
    min_duration_s: float = 0.05
    min_channels: int = 1
    max_channels: int = 8
    min_rate_hz: int = 8_000
    max_rate_hz: int = 192_000
    max_decoded_bytes: int = 6 * 1024**3
    max_expansion: float = 1_000.0
    expansion_matters_from_bytes: int = 128 * 1024**2
    timeout_s: float = 240.0


DEFAULT_LIMITS = ProbeLimits()


def probe_audio(
    path: Path,
    *,
    limits: ProbeLimits = DEFAULT_LIMITS,
    ffmpeg: Path | None = None,
    clock: Callable[[], float] = time.monotonic,
) -> AudioProbe:
    """Facts of a sound file that is fit to work with.

    Args:
        ffmpeg: the program for what libsndfile cannot read; else the installed one.
        clock: seconds, for the deadline.

    Raises:
        MediaRejected: FILE_EMPTY, FILE_TOO_LARGE, FORMAT_UNSUPPORTED, FILE_CORRUPT, HEADER_LIES, DURATION_TOO_LONG,
            DURATION_TOO_SHORT, RATE_UNSUPPORTED, CHANNELS_UNSUPPORTED, NOT_FINITE, SAMPLES_OUT_OF_RANGE or
            DECOMPRESSION_BOMB.
        DependencyUnavailable: the file needs ffmpeg and there is none.
    """
    deadline_s = clock() + limits.timeout_s
    size_bytes = path.stat().st_size
    if not size_bytes:
        raise MediaRejected("FILE_EMPTY")
    if size_bytes > limits.max_size_bytes:
        raise MediaRejected("FILE_TOO_LARGE", detail={"max_size_bytes": limits.max_size_bytes})
    container = container_of(path)
    if container is None or container.media != "audio":
        raise MediaRejected("FORMAT_UNSUPPORTED")
    if is_cut_off(path, container):
        raise MediaRejected("FILE_CORRUPT", "The file ends in the middle: it was cut off.")
    if container is WAV:
        header = read_wav_header(path)
        check_shape(header.rate_hz, header.channels, limits)
    with AudioReader(path, timeout_s=limits.timeout_s, ffmpeg=ffmpeg) as reader:
        check_shape(reader.rate_hz, reader.channels, limits)
        _check_length(reader.frames, reader.rate_hz, reader.channels, size_bytes, limits)
        frames = 0
        for block in reader.blocks():
            frames += len(block)
            _check_length(frames, reader.rate_hz, reader.channels, size_bytes, limits)
            if not np.isfinite(block).all():
                raise MediaRejected("NOT_FINITE")
            if max(block.max(initial=0.0), -block.min(initial=0.0)) > MAX_SAMPLE:
                raise MediaRejected("SAMPLES_OUT_OF_RANGE")
            if clock() > deadline_s:
                raise MediaRejected("FILE_CORRUPT", "The file takes too long to read.")
        if reader.frames and abs(reader.frames - frames) > _tolerance(container, reader.rate_hz, frames):
            raise MediaRejected("HEADER_LIES", detail={"claimed_frames": reader.frames, "frames": frames})
    if frames < limits.min_duration_s * reader.rate_hz:
        raise too_short(frames / reader.rate_hz, limits.min_duration_s)
    return AudioProbe(
        container=container.name,
        codec=reader.codec,
        decoder=reader.decoder,
        rate_hz=reader.rate_hz,
        channels=reader.channels,
        frames=frames,
        duration_s=frames / reader.rate_hz,
        size_bytes=size_bytes,
        sha256=sha256_of(path),
    )


def ends_early(path: Path) -> bool:
    """Whether a file's header tells of more than there is; False also for what is no recording.

    MP3 is not rejected for it: what is saved of a broadcast begins and ends anywhere.
    """
    container = container_of(path) if path.is_file() else None
    if container is MP3:
        return stream_is_cut(path)
    if container is not WAV:
        return container is not None and is_cut_off(path, container)
    try:
        read_wav_header(path)
    except MediaRejected as rejected:
        return rejected.code == "HEADER_LIES"
    return False


def check_shape(rate_hz: int, channels: int, limits: ProbeLimits = DEFAULT_LIMITS) -> None:
    """Raise MediaRejected (RATE_UNSUPPORTED, CHANNELS_UNSUPPORTED) for what we cannot work with."""
    if not limits.min_rate_hz <= rate_hz <= limits.max_rate_hz:
        message = f"The sample rate is {rate_hz} Hz; {limits.min_rate_hz} to {limits.max_rate_hz} Hz are taken."
        raise MediaRejected("RATE_UNSUPPORTED", message, detail={"rate_hz": rate_hz})
    if not limits.min_channels <= channels <= limits.max_channels:
        message = f"The recording has {channels} channels; {limits.min_channels} to {limits.max_channels} are taken."
        raise MediaRejected("CHANNELS_UNSUPPORTED", message, detail={"channels": channels})


def _check_length(frames: int, rate_hz: int, channels: int, size_bytes: int, limits: ProbeLimits) -> None:
    decoded_bytes = frames * channels * DECODED_BYTES_PER_SAMPLE
    expands = decoded_bytes > limits.max_expansion * size_bytes
    if decoded_bytes > limits.max_decoded_bytes or (expands and decoded_bytes > limits.expansion_matters_from_bytes):
        raise MediaRejected("DECOMPRESSION_BOMB", detail={"decoded_bytes": decoded_bytes, "size_bytes": size_bytes})
    if frames > limits.max_duration_s * rate_hz:
        raise too_long(frames / rate_hz, limits.max_duration_s)


def _tolerance(container: Container, rate_hz: int, frames: int) -> float:
    """Frames by which a header's length may be off: a second or 1 % where formats only estimate it, else none."""
    return max(rate_hz, 0.01 * frames) if container in (MP3, OGG) else 0
