"""Clips in a film: what is in a video file, and its frames at the film's size, cut to its aspect and fitted in time."""

import re
import subprocess
from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from soundstage.film.encoding import presentation_times
from soundstage.media.encode import EncodingFailed
from soundstage.media.ffmpeg import find_ffmpeg
from soundstage.media.yuv import Planes
from soundstage.models.film import Clip

VERSION = 1
SLOWEST, FASTEST = 0.4, 1.25
"""How much slower and faster than it was made a clip is shown: slower looks like a slide show, faster like haste."""
MAX_FRAMES = 3000
LEAST_FRAMES = 2
TIMEOUT_S = 120


@dataclass(frozen=True)
class VideoFacts:
    """``frames`` are those that decode; ``fps`` their mean rate."""

    frames: int
    fps: float
    width: int
    height: int


def read_video(path: Path) -> VideoFacts:
    """Raises EncodingFailed for a file that is no video, or one of too few or too many frames."""
    command = [str(find_ffmpeg()), "-hide_banner", "-nostdin", "-i", f"file:{path}"]
    said = subprocess.run(command, capture_output=True, text=True, check=False, timeout=TIMEOUT_S).stderr  # noqa: S603
    found = re.search(r"Stream #0:\d+.*?: Video: .*? (\d{2,5})x(\d{2,5})", said)
    rate = re.search(r"Stream #0:\d+.*?: Video: .*?([\d.]+) fps", said)
    if not found or not rate or float(rate[1]) <= 0:
        raise EncodingFailed("This is not a video that can be read.")
    frames = len(presentation_times(path))
    if not LEAST_FRAMES <= frames <= MAX_FRAMES:
        raise EncodingFailed(f"A clip of {frames} frames cannot be used.")
    return VideoFacts(frames, float(rate[1]), int(found[1]), int(found[2]))


def position(at: int, of: int, fps: int, clip: Clip) -> float:
    """Which of the clip's frames is seen ``at`` frames into a shot of ``of``; a fraction is between two.

    The clip fills the shot, within ``SLOWEST`` and ``FASTEST``; one that is too long even so is cut, and of one that is
    too short the last frame stands.
    """
    speed = min(max(clip.duration_s / (of / fps), SLOWEST), FASTEST)
    return min(max(at, 0) / fps * speed * clip.fps, float(clip.frames - 1))


def frames_at(path: Path, positions: Sequence[float], size: tuple[int, int]) -> Iterator[Planes]:
    """Frames of a video at ``positions`` (ascending), of (width, height), filling it without being stretched.

    Decoded as they are needed; two of them are in memory. Raises EncodingFailed.
    """
    wide, high = size
    fitted = (
        f"scale={wide}:{high}:force_original_aspect_ratio=increase:flags=bicubic"
        f":out_color_matrix=bt709:out_range=tv,crop={wide}:{high},setsar=1,format=yuv420p"
    )
    command = [str(find_ffmpeg()), "-hide_banner", "-nostdin", "-loglevel", "error", "-i", f"file:{path}"]
    command += ["-map", "0:v:0", "-vf", fitted, "-fps_mode", "passthrough", "-f", "rawvideo", "-"]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)  # noqa: S603
    assert process.stdout is not None  # noqa: S101  (Popen was asked for a pipe)
    count, length = 0, wide * high * 3 // 2
    here: NDArray[np.uint8] | None = None
    following: NDArray[np.uint8] | None = None
    try:
        for wanted in positions:
            while count < int(wanted) + 2:
                raw = process.stdout.read(length)
                if len(raw) < length:
                    break
                here, following = following, np.frombuffer(raw, np.uint8)
                count += 1
            yield _planes(_between(here, following, wanted - (count - 2)), size)
    finally:
        process.kill()
        process.stdout.close()
        with suppress(subprocess.TimeoutExpired):
            process.wait(timeout=TIMEOUT_S)


def _between(here: NDArray[np.uint8] | None, following: NDArray[np.uint8] | None, share: float) -> NDArray[np.uint8]:
    """``share`` of the way from one frame to the next, 0 to 1."""
    if following is None:
        raise EncodingFailed("A clip has no frames.")
    if here is None or share >= 1:
        return following
    if share <= 0:
        return here
    weight = round(256 * share)
    mixed = (here.astype(np.uint16) * (256 - weight) + following.astype(np.uint16) * weight + 128) >> 8
    return np.asarray(mixed, np.uint8)


def _planes(frame: NDArray[np.uint8], size: tuple[int, int]) -> Planes:
    wide, high = size
    y = frame[: wide * high].reshape(high, wide)
    return y, frame[wide * high :].reshape(2, high // 2, wide // 2)
