"""Encoding with ffmpeg as a program what plays everywhere, phones included: AAC in M4A, H.264 with AAC in MP4.

Both begin with their index (``faststart``), so that they play while they load. One thread encodes: the same input gives
the same bytes.
"""

import fcntl
import logging
import subprocess
import tempfile
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from soundstage.media.ffmpeg import find_ffmpeg
from soundstage.models.errors import SoundstageError

log = logging.getLogger(__name__)

AAC_BITS_PER_S = 160_000
"""Of stereo, chosen: listeners did not tell 128 kbit/s from the original (D. Meares et al., ISO MPEG N2006, 1998)."""

KEYFRAME_EVERY_S = 4
"""A player that seeks decodes from the keyframe before."""

X264 = ("-preset", "superfast", "-crf", "22", "-profile:v", "main", "-threads", "1")
SEARCH = "mbtree=1:rc-lookahead=10:weightp=0:b-adapt=0:scenecut=0:8x8dct=0:subme=0"
"""A short look ahead (which superfast leaves out) halves the size where most of the picture stands still; what moves by
whole pixels is found without a search for fractions of them."""

COLOURS = "colorprim=bt709:transfer=bt709:colormatrix=bt709:fullrange=off"
TAGS = ("-color_range", "tv", "-colorspace", "bt709", "-color_primaries", "bt709", "-color_trc", "bt709")
"""Of what is written, before it is: frames of an unknown matrix would be converted from BT.601, at a third of the cost
of encoding them."""
PIPE_BYTES = 1 << 20
"""As much as Linux grants anybody: ours and ffmpeg take turns 16 times less often than with its 64 KiB."""
TIMEOUT_S = 900.0
"""Within which ffmpeg has to end once it has everything."""


class EncodingFailed(SoundstageError):
    """ffmpeg failed. Its last messages, which name files, are a note for the log."""

    code = "ENCODING_FAILED"


def encode_m4a(sound: Path, path: Path, *, title: str | None = None, bits_per_s: int = AAC_BITS_PER_S) -> None:
    """AAC-LC in M4A, as long as the WAV file ``sound``. Raises EncodingFailed, DependencyUnavailable."""
    run_ffmpeg(path, _m4a(sound, title, bits_per_s))


@contextmanager
def encode_m4a_beside(sound: Path, path: Path) -> Iterator[None]:
    """``encode_m4a`` (of a FLAC file, too) while the block is at work with ``sound``; there when it ends.

    Where ffmpeg gives up (NaN in the samples, more channels than AAC has), there is no file, and a warning says so:
    whoever was uploaded something odd can do without. Raises DependencyUnavailable: there is no ffmpeg.
    """
    with _ffmpeg(_m4a(sound, None, AAC_BITS_PER_S), path, TIMEOUT_S) as (_, check):
        yield
        try:
            check()
        except EncodingFailed:
            log.warning("encoding failed", exc_info=True)
            path.unlink(missing_ok=True)


Frame = tuple[NDArray[np.uint8], ...]


@contextmanager
def mp4_writer(
    path: Path, sound: Path, *, width: int, height: int, frames_per_s: int, title: str | None = None
) -> Iterator[Callable[[Frame], None]]:
    """H.264 (4:2:0, BT.709) and the WAV file ``sound`` as AAC, in MP4, written frame by frame.

    The block is given a function that takes the next frame: Y [height, width], then Cb and Cr of half the size, as
    uint8 in video range. A block that raises leaves no file.

    Raises:
        EncodingFailed: ffmpeg gave up.
        DependencyUnavailable: there is no ffmpeg.
    """
    h264 = ("-c:v", "libx264", *X264, "-g", str(KEYFRAME_EVERY_S * frames_per_s), "-x264-params", f"{SEARCH}:{COLOURS}")
    output = ["-map", "0:v:0", "-map", "1:a:0", *h264, *_aac(), *_mp4(title, "mp4")]
    size = (width, height)
    with frame_writer(path, [*_sound(sound), *output], size=size, frames_per_s=frames_per_s) as write:
        yield write


@contextmanager
def frame_writer(
    path: Path, arguments: Sequence[str], *, size: tuple[int, int], frames_per_s: int, timeout_s: float = TIMEOUT_S
) -> Iterator[Callable[[Frame], None]]:
    """Whatever ffmpeg makes of frames that the block writes: ``arguments`` follow the first input, which they are, in
    BT.709 and video range.

    ``size``: width and height. A block that raises leaves no file.

    Raises:
        EncodingFailed: ffmpeg gave up, or was still at it after ``timeout_s``.
        DependencyUnavailable: there is no ffmpeg.
    """
    picture = ["-f", "rawvideo", "-pix_fmt", "yuv420p", "-s", f"{size[0]}x{size[1]}", "-r", str(frames_per_s)]
    with _ffmpeg([*picture, *TAGS, "-i", "pipe:0", *arguments], path, timeout_s) as (process, check):
        pipe = process.stdin
        assert pipe is not None  # noqa: S101  (Popen was asked for a pipe)
        with suppress(AttributeError, OSError):  # Linux alone lets a pipe hold a frame
            fcntl.fcntl(pipe, fcntl.F_SETPIPE_SZ, PIPE_BYTES)

        def write(frame: Frame) -> None:
            try:
                for plane in frame:
                    pipe.write(np.ascontiguousarray(plane).data)
            except BrokenPipeError:
                check()
                raise

        yield write
        with suppress(BrokenPipeError):
            pipe.close()
        check()


def run_ffmpeg(path: Path, arguments: Sequence[str], *, timeout_s: float = TIMEOUT_S) -> None:
    """Whatever ffmpeg makes of files. Raises EncodingFailed, DependencyUnavailable; what fails leaves no file."""
    with _ffmpeg(arguments, path, timeout_s) as (_, check):
        check()


def _sound(path: Path) -> tuple[str, ...]:
    return ("-f", "flac" if path.suffix == ".flac" else "wav", "-i", f"file:{path}")


def _m4a(sound: Path, title: str | None, bits_per_s: int) -> tuple[str, ...]:
    return (*_sound(sound), "-map", "0:a:0", *_aac(bits_per_s), *_mp4(title, "ipod"))


def _aac(bits_per_s: int = AAC_BITS_PER_S) -> tuple[str, ...]:
    # With noise shaping or noise substitution ffmpeg's coder puts a click of full scale into some sounds: seen in the
    # mix of a film, 5 dB above its peaks. Without either it adds some tenths. Its fast coder takes 3 to 4 dB off
    # what an orchestra has above 6 kHz.
    return ("-c:a", "aac", "-b:a", str(bits_per_s), "-aac_tns", "0", "-aac_pns", "0")


def _mp4(title: str | None, muxer: str) -> tuple[str, ...]:
    titled = ("-metadata", f"title={title}") if title else ()
    return ("-map_metadata", "-1", *titled, "-fflags", "+bitexact", "-movflags", "+faststart", "-f", muxer)


@contextmanager
def _ffmpeg(
    arguments: Sequence[str], path: Path, timeout_s: float
) -> Iterator[tuple["subprocess.Popen[Any]", Callable[[], None]]]:
    """ffmpeg while it runs, and a function that raises when it has failed. Ends it, and its file, with the block."""
    command = [
        str(find_ffmpeg()),
        "-hide_banner",
        "-nostdin",
        "-nostats",
        "-loglevel",
        "error",
        "-y",
        *arguments,
        f"file:{path}",
    ]
    with tempfile.TemporaryFile() as words:
        process = subprocess.Popen(  # noqa: S603 - arguments are a list, and paths carry the file: protocol
            command, stdin=subprocess.PIPE, stdout=subprocess.DEVNULL, stderr=words
        )

        # Killed, it fails: whoever waits for it, or writes to it, goes on.
        deadline = threading.Timer(timeout_s, process.kill)
        deadline.start()

        def check() -> None:
            if process.wait() != 0:
                words.seek(0)
                late = "" if deadline.is_alive() else f" within {timeout_s:.0f} s"
                failed = EncodingFailed(f"The file could not be encoded{late}.")
                failed.add_note(words.read()[-500:].decode(errors="replace").strip())
                raise failed

        try:
            yield process, check
        except BaseException:
            process.kill()
            process.wait()
            path.unlink(missing_ok=True)
            raise
        finally:
            deadline.cancel()
            assert process.stdin is not None  # noqa: S101  (Popen was asked for a pipe)
            with suppress(BrokenPipeError):
                process.stdin.close()
