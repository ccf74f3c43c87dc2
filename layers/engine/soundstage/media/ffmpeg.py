"""Decoding with ffmpeg as a program what libsndfile cannot read: AAC in M4A, Opus in WebM, the sound of videos.

ffmpeg parses hostile input here, so it gets as little as possible: one demuxer (chosen by the file's own bytes), a
list of decoders, the file protocol, one thread, a ceiling on allocations, and a deadline. It never sees a playlist.
"""

import functools
import re
import shutil
import struct
import subprocess
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO

import numpy as np
from numpy.typing import NDArray

from soundstage.models.errors import DependencyUnavailable, MediaRejected

DECODERS = (
    "aac,aac_latm,alac,opus,libopus,vorbis,libvorbis,mp3,mp3float,mp2,mp2float,flac,ac3,eac3,amrnb,amrwb,"
    "wmav1,wmav2,wmapro,wmalossless,wmavoice,adpcm_ima_qt,"
    "pcm_s8,pcm_s16le,pcm_s16be,pcm_s24le,pcm_s24be,pcm_s32le,pcm_s32be,pcm_f32le,pcm_f32be,pcm_mulaw,pcm_alaw"
)
MAX_ALLOCATION_BYTES = 256 * 1024 * 1024
"""Of one block of memory in ffmpeg: far more than any sound track needs."""

HEADER_LIMIT_BYTES = 64 * 1024
"""Of a chunk before the samples in the WAV that ffmpeg writes."""

MAX_MESSAGES = 200
"""Lines that are kept of what ffmpeg says: a damaged file can produce megabytes of them."""

BYTES_PER_SAMPLE = 4


def find_ffmpeg(ffmpeg: Path | None = None) -> Path:
    """The ffmpeg to run: the one given, the one on PATH, or the one from the ``imageio-ffmpeg`` wheel.

    Raises:
        DependencyUnavailable: there is none.
    """
    if ffmpeg is not None:
        return ffmpeg
    found = _installed_ffmpeg()
    if found is None:
        raise DependencyUnavailable("Reading this kind of file needs ffmpeg, and there is none on this machine.")
    return found


@functools.cache
def _installed_ffmpeg() -> Path | None:
    on_path = shutil.which("ffmpeg")
    if on_path:
        return Path(on_path)
    try:
        import imageio_ffmpeg  # noqa: PLC0415  (only where the wheel is installed)

        return Path(imageio_ffmpeg.get_ffmpeg_exe())
    except (ImportError, RuntimeError):
        return None


@dataclass(frozen=True)
class DecodedStream:
    """The first sound track of a file while ffmpeg decodes it, as 32-bit float at its own rate and channels."""

    rate_hz: int
    channels: int
    codec: str
    blocks: Iterator[NDArray[np.float32]]


def reading(path: Path, demuxer: str, decoders: str, *options: str, ffmpeg: Path | None = None) -> list[str]:
    """A command that reads a file of a stranger's: with this demuxer and these decoders, from no other file or address,
    and with a ceiling on memory. What is to be made of it comes after. Raises DependencyUnavailable.
    """
    return [
        str(find_ffmpeg(ffmpeg)),
        *("-hide_banner", "-nostdin", "-loglevel", "info", "-nostats", "-xerror", *options),
        *("-max_alloc", str(MAX_ALLOCATION_BYTES), "-threads", "1"),
        *("-protocol_whitelist", "file,pipe", "-format_whitelist", demuxer, "-codec_whitelist", decoders),
        *("-f", demuxer.split(",", 1)[0], "-i", f"file:{path}"),
    ]


def is_not_ours(messages: bytes) -> bool:
    """Whether ffmpeg stopped because of the format: a track is missing, or is one that may not be decoded."""
    return any(words in messages for words in (b"matches no streams", b"not on whitelist", b"Decoder not found"))


def audio_codec(messages: bytes) -> str | None:
    """Of the file's first sound track, as ffmpeg describes it."""
    named = re.search(rb"Stream #0:\d+.*?: Audio: (\w+)", messages)
    return named[1].decode("ascii", "replace") if named else None


@contextmanager
def decode(
    path: Path, demuxer: str, *, block_frames: int, timeout_s: float, ffmpeg: Path | None = None
) -> Iterator[DecodedStream]:
    """Decode ``path`` with ffmpeg's ``demuxer`` (``mov``, ``matroska``, ``aac``, …).

    ``blocks`` yields [frames, channels] of at most ``block_frames``; leaving the context ends ffmpeg.

    Raises:
        MediaRejected: FORMAT_UNSUPPORTED (no sound track we read), FILE_CORRUPT (ffmpeg gave up; also raised while
            iterating, or when ``timeout_s`` has passed).
        DependencyUnavailable: there is no ffmpeg.
    """
    command = [
        *reading(path, demuxer, DECODERS, ffmpeg=ffmpeg),
        *("-map", "0:a:0", "-vn", "-sn", "-dn", "-map_metadata", "-1"),
        *("-c:a", "pcm_f32le", "-f", "wav", "pipe:1"),
    ]
    process = subprocess.Popen(  # noqa: S603 - arguments are a list, and the path carries the file: protocol
        command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE
    )
    deadline = threading.Timer(timeout_s, process.kill)
    deadline.start()
    messages: list[bytes] = []
    described = threading.Event()
    listener = threading.Thread(target=_listen, args=(process.stderr, messages, described), daemon=True)
    listener.start()
    try:
        assert process.stdout is not None  # noqa: S101 - Popen was asked for a pipe
        rate_hz, channels = _read_wav_header(process, listener, messages)
        described.wait(timeout_s)  # ffmpeg has said it before, and this thread may be ahead of the listener
        codec = audio_codec(b"".join(messages)) or "unknown"
        yield DecodedStream(rate_hz, channels, codec, _read_blocks(process, listener, messages, channels, block_frames))
    finally:
        deadline.cancel()
        process.kill()
        process.wait()
        listener.join()
        for pipe in (process.stdout, process.stderr):
            if pipe is not None:
                pipe.close()


def _listen(stderr: IO[bytes], messages: list[bytes], described: threading.Event) -> None:
    """Read ffmpeg's messages, so that it never waits for that, and keep the first. ``described``: the sound track has
    been named, or never will be.
    """
    for line in stderr:
        if len(messages) < MAX_MESSAGES:
            messages.append(line)
            if audio_codec(line):
                described.set()
    described.set()


def _failure(process: "subprocess.Popen[bytes]", listener: threading.Thread, messages: list[bytes]) -> MediaRejected:
    """Why ffmpeg stopped: a sound track that is missing or may not be decoded is a matter of format, else of damage."""
    process.wait()
    listener.join()
    return MediaRejected("FORMAT_UNSUPPORTED" if is_not_ours(b"".join(messages)) else "FILE_CORRUPT")


def _read_wav_header(
    process: "subprocess.Popen[bytes]", listener: threading.Thread, messages: list[bytes]
) -> tuple[int, int]:
    """Rate and channels from ffmpeg's WAV header, which is read up to the samples."""
    stdout = process.stdout
    assert stdout is not None  # noqa: S101
    rate_hz = channels = 0
    if len(stdout.read(12)) < 12:
        raise _failure(process, listener, messages)
    while True:
        head = stdout.read(8)
        if len(head) < 8:
            raise _failure(process, listener, messages)
        name, size = struct.unpack("<4sI", head)
        if name == b"data":
            return rate_hz, channels
        body = stdout.read(min(size + size % 2, HEADER_LIMIT_BYTES))
        if name == b"fmt ":
            channels, rate_hz = struct.unpack_from("<HI", body, 2)


def _read_blocks(
    process: "subprocess.Popen[bytes]",
    listener: threading.Thread,
    messages: list[bytes],
    channels: int,
    block_frames: int,
) -> Iterator[NDArray[np.float32]]:
    stdout = process.stdout
    assert stdout is not None  # noqa: S101
    frame_bytes = BYTES_PER_SAMPLE * channels
    while True:
        raw = stdout.read(block_frames * frame_bytes)
        whole = len(raw) // frame_bytes * frame_bytes
        if whole:
            yield np.frombuffer(raw[:whole], "<f4").reshape(-1, channels)
        if len(raw) < block_frames * frame_bytes:
            break
    if process.wait() != 0:
        raise _failure(process, listener, messages)


@functools.cache
def ffmpeg_version() -> str:
    """The first line of what ``ffmpeg -version`` prints: part of the fingerprint of what it encodes.

    Raises:
        DependencyUnavailable: there is none.
    """
    command = [str(find_ffmpeg()), "-version"]
    output = subprocess.run(command, capture_output=True, text=True, check=True, timeout=30).stdout  # noqa: S603
    return output.partition("\n")[0]
