"""What a video file really is, found out before anything else reads it: bounded, and decoded once.

ffmpeg gets as little here as for sound (``media.ffmpeg``): the demuxer that the file's own bytes name, a list of
decoders, one thread, ceilings on memory and on the size of a frame, and a deadline.
"""

import re
import subprocess
from dataclasses import dataclass
from pathlib import Path

from soundstage.media import ffmpeg as programs
from soundstage.media.completeness import is_cut_off
from soundstage.media.containers import MP4, WEBM, container_of
from soundstage.media.files import sha256_of
from soundstage.models.assets import VideoProbe
from soundstage.models.errors import MediaRejected, too_long

DECODERS = "h264,hevc,mpeg4,vp8,vp9,libvpx,libvpx-vp9,av1,libdav1d,libaom-av1"
MAX_BYTES = 2 << 30
MAX_PIXELS = 4096 * 2304
"""Of one frame: 4K, as cinemas and phones have it."""
MIN_SIDE = 16
MAX_DURATION_S = 1800.0
DURATION_TOLERANCE_S = 1.0
"""By which a header may be off, or 5 %: the sound may be longer than the picture."""
TIMEOUT_S = 240.0

_UNREAD = "This is not a kind of video that we can read. MP4 and WebM are."


@dataclass(frozen=True, slots=True)
class _Stream:
    codec: str
    width: int
    height: int
    frame_rate_hz: float
    audio_codec: str | None
    claimed_s: float | None


def probe_video(path: Path, *, timeout_s: float = TIMEOUT_S, ffmpeg: Path | None = None) -> VideoProbe:
    """Facts of a video that is fit to be shown.

    Raises:
        MediaRejected: FILE_EMPTY, FILE_TOO_LARGE, FORMAT_UNSUPPORTED, FILE_CORRUPT, HEADER_LIES, DURATION_TOO_LONG,
            PICTURE_TOO_SMALL or DECOMPRESSION_BOMB.
        DependencyUnavailable: there is no ffmpeg.
    """
    size_bytes = path.stat().st_size
    if not size_bytes:
        raise MediaRejected("FILE_EMPTY")
    if size_bytes > MAX_BYTES:
        raise MediaRejected("FILE_TOO_LARGE", detail={"max_size_bytes": MAX_BYTES})
    container = container_of(path)
    if container not in (MP4, WEBM) or container.demuxer is None:
        raise MediaRejected("FORMAT_UNSUPPORTED", _UNREAD)
    if is_cut_off(path, container):
        raise MediaRejected("FILE_CORRUPT", "The file ends in the middle: it was cut off.")
    bounds = ("-progress", "pipe:1", "-max_pixels", str(MAX_PIXELS))
    decoders = f"{DECODERS},{programs.DECODERS}"
    reading = programs.reading(path, container.demuxer, decoders, *bounds, ffmpeg=ffmpeg)
    # The shape first, from a single frame's decoding, so that nothing is decoded at length that is refused anyway.
    stream = _stream(_run([*reading, "-map", "0:v:0", *_FIRST, *_NOTHING], timeout_s)[1])
    _check(stream)
    longest = ("-t", str(MAX_DURATION_S + 2 * DURATION_TOLERANCE_S))
    tracks = ("-map", "0:v:0", "-map", "0:a:0?")
    progress, said = _run([*reading, *tracks, *longest, *_NOTHING], timeout_s)
    if "partial file" in said:
        raise MediaRejected("FILE_CORRUPT", "The file ends in the middle: it was cut off.")
    frames = int(re.findall(r"^frame=\s*(\d+)", progress, re.MULTILINE)[-1])
    ends = re.findall(r"^out_time_us=(\d+)", progress, re.MULTILINE)
    duration_s = int(ends[-1]) / 1e6 if ends else frames / stream.frame_rate_hz
    if not frames:
        raise MediaRejected("FILE_CORRUPT")
    if duration_s > MAX_DURATION_S:
        raise too_long(duration_s, MAX_DURATION_S)
    claimed_s = stream.claimed_s
    if claimed_s and abs(claimed_s - duration_s) > max(DURATION_TOLERANCE_S, 0.05 * duration_s):
        raise MediaRejected("HEADER_LIES", detail={"claimed_s": claimed_s, "duration_s": duration_s})
    return VideoProbe(
        format=container.name,
        video_codec=stream.codec,
        audio_codec=stream.audio_codec,
        width=stream.width,
        height=stream.height,
        frame_rate_hz=stream.frame_rate_hz,
        video_frames=frames,
        duration_s=duration_s,
        size_bytes=size_bytes,
        sha256=sha256_of(path),
    )


_FIRST = ("-frames:v", "1")
_NOTHING = ("-sn", "-dn", "-fps_mode:v", "passthrough", "-f", "null", "-")


def _run(command: list[str], timeout_s: float) -> tuple[str, str]:
    """What ffmpeg says of its progress, and of the file."""
    try:
        ran = subprocess.run(  # noqa: S603 - arguments are a list, and the path carries the file: protocol
            command,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            check=False,
            timeout=timeout_s,
        )
    except subprocess.TimeoutExpired as error:
        raise MediaRejected("FILE_CORRUPT", "The file takes too long to read.") from error
    said = ran.stderr.decode("utf-8", "replace")
    if ran.returncode == 0:
        return ran.stdout.decode("ascii", "replace"), said
    shape = _VIDEO.search(said)
    if shape and int(shape["width"]) * int(shape["height"]) > MAX_PIXELS:
        raise _bomb()
    if programs.is_not_ours(ran.stderr):
        raise MediaRejected("FORMAT_UNSUPPORTED", _UNREAD)
    raise MediaRejected("FILE_CORRUPT")


_VIDEO = re.compile(r"Stream #0:\d+.*?: Video: (?P<codec>\w+).*? (?P<width>\d{1,6})x(?P<height>\d{1,6})[ ,\n]")


def _stream(said: str) -> _Stream:
    source = said.partition("Stream mapping:")[0]
    shape = _VIDEO.search(source)
    rate = re.search(r": Video: .*?, ([\d.]+) (?:fps|tbr)", source)
    if shape is None or rate is None or float(rate[1]) <= 0:
        raise MediaRejected("FORMAT_UNSUPPORTED", _UNREAD)
    claimed = re.search(r"Duration: (\d+):(\d\d):([\d.]+)", source)
    return _Stream(
        codec=shape["codec"],
        width=int(shape["width"]),
        height=int(shape["height"]),
        frame_rate_hz=float(rate[1]),
        audio_codec=programs.audio_codec(source.encode()),
        claimed_s=3600 * int(claimed[1]) + 60 * int(claimed[2]) + float(claimed[3]) if claimed else None,
    )


def _check(stream: _Stream) -> None:
    if stream.width * stream.height > MAX_PIXELS:
        raise _bomb()
    if min(stream.width, stream.height) < MIN_SIDE:
        raise MediaRejected("PICTURE_TOO_SMALL", detail={"width": stream.width, "height": stream.height})
    if stream.claimed_s is not None and stream.claimed_s > MAX_DURATION_S + DURATION_TOLERANCE_S:
        raise too_long(stream.claimed_s, MAX_DURATION_S)


def _bomb() -> MediaRejected:
    return MediaRejected("DECOMPRESSION_BOMB", f"The video has more than {MAX_PIXELS:,} pixels in a frame.")
