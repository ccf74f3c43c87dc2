"""Segments encoded on their own, and joined without encoding again.

ffmpeg's concat demuxer ends with status 0 whatever it is given (another time base, size or pixel format), so what goes
in and what comes out is compared here: description and frames of every segment before, number and spacing after.
"""

import re
import tempfile
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import accumulate, pairwise
from pathlib import Path

from soundstage.media.encode import COLOURS, EncodingFailed, frame_writer, run_ffmpeg
from soundstage.media.mp4 import NotAVideo, VideoTrack, read_video_track
from soundstage.media.yuv import Planes
from soundstage.models.film import Encoding, Quality

TIME_BASE = 90_000
"""Ticks a second of all our MP4 files: divisible by 24, 25 and 30 (MPEG-2 systems clock)."""
KEYFRAME_EVERY_S = 2
PREVIEW_CRF = 28
X264_PRESETS: dict[Quality, str] = {"preview": "ultrafast", "final": "superfast"}
X264_SEARCH: dict[Quality, str] = {
    "preview": "",
    "final": ":mbtree=1:rc-lookahead=10:weightp=0:b-adapt=0:scenecut=0",
}
"""Superfast with the look ahead that it leaves out, and without looking for cuts and fades inside of a segment, where
there are none: at CRF 20 half the time of veryfast at 21, and VMAF above medium's at 23 (docs/measured.md)."""
AV1_PRESETS: dict[Quality, str] = {"preview": "12", "final": "10"}
CRF_TO_AV1 = 12
"""SVT-AV1 at 32 looks as x264 at 20 (measured by VMAF on illustrations: docs/measured.md)."""


@dataclass(frozen=True)
class Format:
    """What all segments of a film have in common."""

    width: int
    height: int
    fps: int
    encoding: Encoding
    quality: Quality

    def arguments(self, passed: int = 0, log: Path | None = None) -> list[str]:
        """For the encoder. ``passed``: 1 or 2 of a two-pass run, whose statistics are in ``log``."""
        rate = f"{self.encoding.bitrate_kbps}k"
        keyframes = ["-g", str(KEYFRAME_EVERY_S * self.fps)]
        if self.encoding.codec == "av1":
            crf = min(63, self.encoding.crf + CRF_TO_AV1 + (7 if self.quality == "preview" else 0))
            by_rate = ["-b:v", rate] if self.encoding.rate_control != "crf" else ["-crf", str(crf)]
            return [
                "-c:v",
                "libsvtav1",
                "-preset",
                AV1_PRESETS[self.quality],
                *by_rate,
                *keyframes,
                "-svtav1-params",
                "lp=1",
            ]
        # x264's 0 is lossless, which no player's profile has.
        crf = PREVIEW_CRF if self.quality == "preview" else max(1, self.encoding.crf)
        # Segments have one header whatever is in them: of two passes it would be made for what the first one saw.
        x264 = f"{COLOURS}:stitchable=1{X264_SEARCH[self.quality]}"
        if self.encoding.rate_control == "cbr":
            x264 += ":nal-hrd=cbr:filler=1"
            by_rate = ["-b:v", rate, "-minrate", rate, "-maxrate", rate, "-bufsize", rate]
        elif self.encoding.rate_control == "two_pass":
            by_rate = ["-b:v", rate, *(["-pass", str(passed), "-passlogfile", str(log)] if passed else [])]
        else:
            by_rate = ["-crf", str(crf)]
        preset = ["-preset", X264_PRESETS[self.quality], "-profile:v", "high", "-level:v", "4.1"]
        return ["-c:v", "libx264", *preset, "-threads", "1", *by_rate, *keyframes, "-x264-params", x264]


def encode_segment(
    path: Path,
    frames: Callable[[], Iterator[Planes]],
    form: Format,
    *,
    count: int,
    subtitles: Path | None = None,
    starts_at_s: float = 0.0,
    fonts: Path | None = None,
    timeout_s: float = 300.0,
) -> None:
    """Encode ``count`` frames. ``subtitles``: an ASS file in whose time the segment starts at ``starts_at_s``.

    One thread: the same frames give the same bytes.

    Raises:
        EncodingFailed: ffmpeg gave up, was not done in time, or made other frames than it was given.
        DependencyUnavailable: there is no ffmpeg.
    """
    filters = "setsar=1"
    if subtitles is not None:
        known = f":fontsdir={_quoted(fonts)}" if fonts is not None else ""
        drawn = f"ass=filename={_quoted(subtitles)}{known}"
        filters = f"setpts=PTS+{starts_at_s:.6f}/TB,{drawn},setpts=PTS-STARTPTS,{filters}"
    exact = ["-fflags", "+bitexact", "-flags:v", "+bitexact"]
    muxed = ["-an", "-pix_fmt", "yuv420p", "-map_metadata", "-1", *exact]
    container = ["-video_track_timescale", str(TIME_BASE), "-f", "mp4"]
    with tempfile.TemporaryDirectory() as scratch:
        log = Path(scratch) / "pass"
        two = form.encoding.rate_control == "two_pass" and form.encoding.codec == "h264"
        for passed in (1, 2) if two else (0,):
            to = Path(scratch) / "first.mp4" if passed == 1 else path
            arguments = ["-vf", filters, *muxed, *form.arguments(passed, log), *container]
            size = (form.width, form.height)
            with frame_writer(to, arguments, size=size, frames_per_s=form.fps, timeout_s=timeout_s) as write:
                for y, c in frames():
                    write((y, c))
    times = presentation_times(path)
    if len(times) != count:
        path.unlink()
        raise EncodingFailed(f"A segment of {count} frames came out with {len(times)}.")


def join(
    segments: Sequence[Path],
    sound: Path,
    path: Path,
    form: Format,
    *,
    counts: Sequence[int],
    title: str,
    chapters: Sequence[tuple[float, str]] = (),
) -> None:
    """MP4 of all segments and the sound of an M4A file, its index first, with a title and chapters.

    Raises:
        EncodingFailed: segments do not fit together, or the result does not have every frame at its time.
    """
    step = TIME_BASE // form.fps
    tracks = [video_track(segment) for segment in segments]
    kinds = {(track.codec, track.width, track.height, track.time_base, track.entry[:8]) for track in tracks}
    if len(kinds) > 1:
        raise EncodingFailed(f"These segments do not fit together: {sorted(kinds)}.")
    for track, count in zip(tracks, counts, strict=True):
        if track.times != tuple(range(0, count * step, step)):
            raise EncodingFailed(f"A segment has other than {count} frames of {form.fps} a second.")
    total_s = sum(counts) / form.fps
    with tempfile.TemporaryDirectory() as scratch:
        names, facts = Path(scratch) / "segments.ffconcat", Path(scratch) / "facts.txt"
        lines = ["ffconcat version 1.0"]
        # ffmpeg adds these up in microseconds: rounded one by one, some dozens would move a frame by a tick.
        borders_us = [round(frames * 1_000_000 / form.fps) for frames in accumulate(counts, initial=0)]
        for segment, (begins_us, ends_us) in zip(segments, pairwise(borders_us), strict=True):
            lines += [f"file {_concat_quoted(segment)}", f"duration {(ends_us - begins_us) / 1e6:.6f}"]
        names.write_text("\n".join(lines) + "\n", encoding="utf-8")
        facts.write_text(_metadata(title, chapters, total_s), encoding="utf-8")
        inputs = ["-f", "concat", "-safe", "0", "-i", f"file:{names}", "-i", f"file:{sound}"]
        about = ["-f", "ffmetadata", "-i", f"file:{facts}", "-map_metadata", "2", "-map_chapters", "2"]
        coded = ["-map", "0:v:0", "-map", "1:a:0", "-c", "copy"]
        exact = [
            "-fflags",
            "+bitexact",
            "-video_track_timescale",
            str(TIME_BASE),
            "-movflags",
            "+faststart",
            "-f",
            "mp4",
        ]
        run_ffmpeg(path, [*inputs, *about, *coded, *exact])
    times = presentation_times(path)
    if times != [number * step for number in range(sum(counts))]:
        path.unlink()
        raise EncodingFailed(f"The film has {len(times)} frames in the wrong places, where {sum(counts)} were joined.")


def presentation_times(path: Path) -> list[int]:
    """Of every video frame, in ticks of its time base, in order. Raises EncodingFailed for what is no video."""
    return list(video_track(path).times)


def video_track(path: Path) -> VideoTrack:
    """What the tables of a file say. Raises EncodingFailed for what is no video."""
    try:
        return read_video_track(path)
    except NotAVideo as error:
        raise EncodingFailed("A file that was just written is not a video.") from error


def _metadata(title: str, chapters: Sequence[tuple[float, str]], total_s: float) -> str:
    """FFMETADATA1, as ffmpeg's documentation describes it."""
    lines = [";FFMETADATA1", f"title={_escaped(title)}"]
    ends = [start for start, _ in chapters[1:]] + [total_s]
    for (start_s, name), end_s in zip(chapters, ends, strict=True) if chapters else ():
        lines += ["[CHAPTER]", "TIMEBASE=1/1000", f"START={round(1000 * start_s)}", f"END={round(1000 * end_s)}"]
        lines.append(f"title={_escaped(name)}")
    return "\n".join(lines) + "\n"


def _escaped(text: str) -> str:
    return re.sub(r"([=;#\\\n])", r"\\\1", text)


def _quoted(path: Path) -> str:
    """A path inside a filter's option: two levels of escaping, by ffmpeg's documentation of filtergraphs."""
    inner = re.sub(r"([\\':])", r"\\\1", str(path))
    return re.sub(r"([\\'\[\],;])", r"\\\1", inner)


def _concat_quoted(path: Path) -> str:
    return "'" + str(path.resolve()).replace("'", "'\\''") + "'"
