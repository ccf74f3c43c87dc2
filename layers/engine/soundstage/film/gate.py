"""The gate: what the finished file is, measured on the file itself, before it is called a film.

An encoder's exit status says nothing about what it wrote, so frames, times, picture, loudness and the offset between
picture and sound are read back. Of the picture keyframes are decoded: each segment begins with one, and the next comes
within two seconds. To decode all frames would take a fifth of the time that encoding them does.
"""

import subprocess
from collections.abc import Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np

from soundstage.arrays import Floats32, Samples
from soundstage.audio.io import AudioReader
from soundstage.audio.loudness import LoudnessMeter
from soundstage.audio.spectrum import rfft_single
from soundstage.film.encoding import TIME_BASE, Format, video_track
from soundstage.media.encode import EncodingFailed
from soundstage.media.ffmpeg import find_ffmpeg
from soundstage.media.mp4 import VideoTrack
from soundstage.models.errors import SoundstageError
from soundstage.models.film import MIX_RATE_HZ, FilmSettings, QualityReport

LOUDNESS_LU = 0.2
TRUE_PEAK_DB = 0.3
"""AAC may overshoot its input by this much; the setting is reached before coding (EBU Tech 3343 allows for it)."""
DUCK_DB = 0.1
OFFSET_S = 1024 / MIX_RATE_HZ
"""One AAC frame."""
THUMBNAIL = (64, 36)
BLACK_LUMA = 19
"""Of 16 to 235: a frame with less in its brightest hundredth is black."""
BLACK_RUN_S = 0.6
"""A fade through black is shorter."""
MATCHED_S = 12.0
"""Of sound is compared for the offset."""


class FilmFailedChecks(SoundstageError):
    """The finished film is not what was asked for; ``detail`` has what was measured."""

    code = "FILM_FAILED_CHECKS"


def examined(
    film: Path, sound: Path, duck_db: float | None, form: Format, settings: FilmSettings, *, frames: int
) -> QualityReport:
    """Measure ``film``, whose sound was made from the WAV file ``sound``; ``duck_db`` was measured there.

    ``failures`` says what is not as planned.
    """
    track = video_track(film)
    with ThreadPoolExecutor(1) as beside:
        looking = beside.submit(_black_frames, film, track)
        integrated_lufs, true_peak_dbtp, heard = _sound_of(film)
        black = looking.result()
    report = QualityReport(
        frames=len(track.times),
        duration_s=len(track.times) / form.fps,
        audio_video_offset_s=_offset_s(heard, sound) - (track.times[0] / TIME_BASE if track.times else 0.0),
        integrated_lufs=round(integrated_lufs, 2) if np.isfinite(integrated_lufs) else None,
        true_peak_dbtp=round(true_peak_dbtp, 2) if np.isfinite(true_peak_dbtp) else None,
        duck_db=None if duck_db is None else round(duck_db, 3),
        black_frames=int(sum(black)),
        width=form.width,
        height=form.height,
        fps=form.fps,
    )
    return report.model_copy(update={"failures": list(_failures(report, settings, black, frames))})


def _failures(report: QualityReport, settings: FilmSettings, black: Sequence[bool], frames: int) -> Iterable[str]:
    if report.frames != frames:
        yield f"There are {report.frames} frames where {frames} were planned."
    if abs(report.audio_video_offset_s) > OFFSET_S:
        yield f"Sound and picture are {1000 * report.audio_video_offset_s:.0f} ms apart."
    lufs = report.integrated_lufs
    # What the limiter holds back makes a film quieter, never louder.
    if lufs is not None and lufs - settings.loudness_lufs > LOUDNESS_LU:
        yield f"The loudness is {lufs:.1f} LUFS, not {settings.loudness_lufs:.1f}."
    if report.true_peak_dbtp is not None and report.true_peak_dbtp > settings.true_peak_dbtp + TRUE_PEAK_DB:
        yield f"The true peak is {report.true_peak_dbtp:.1f} dBTP, above {settings.true_peak_dbtp:.1f}."
    if report.duck_db is not None and abs(report.duck_db - settings.music.duck_db) > DUCK_DB:
        yield f"The music is {-report.duck_db:.2f} dB quieter under words, not {-settings.music.duck_db:.2f}."
    if _longest_run(black) > BLACK_RUN_S * report.fps:
        yield f"The picture is black for {_longest_run(black) / report.fps:.1f} s."


def true_peak_of(sound: Path) -> float:
    """What a player of this file has to reproduce, dBTP."""
    with AudioReader(sound) as reader:
        meter = LoudnessMeter(reader.rate_hz, reader.channels)
        for block in reader.blocks():
            meter.process(block)
    return meter.result().true_peak_dbtp


def _sound_of(film: Path) -> tuple[float, float, Floats32]:
    """Loudness in LUFS, true peak in dBTP, and the first ``MATCHED_S`` as mono, of what a player hears."""
    with AudioReader(film) as reader:
        meter, start, kept = LoudnessMeter(reader.rate_hz, reader.channels), [], 0
        for block in reader.blocks():
            meter.process(block)
            if kept < MATCHED_S * reader.rate_hz:
                start.append(_mono(block))
                kept += len(block)
    loudness = meter.result()
    return loudness.integrated_lufs, loudness.true_peak_dbtp, np.concatenate(start or [np.zeros(1, np.float32)])


def _mono(block: Samples) -> Floats32:
    """The average of the channels: a tenth of what ``mean`` takes for so few."""
    return np.asarray(block @ np.full(block.shape[1], 1 / block.shape[1], np.float32), np.float32)


def _offset_s(heard: Floats32, sound: Path) -> float:
    """How much later the coded sound is than what was coded: the peak of their cross-correlation."""
    blocks, kept = [], 0
    with AudioReader(sound) as reader:
        for block in reader.blocks():
            blocks.append(_mono(block))
            kept += len(block)
            if kept >= len(heard):
                break
    meant = np.concatenate(blocks)[: len(heard)]
    if not meant.any() or not heard.any():
        return 0.0
    size = 1 << len(heard).bit_length()  # half as much as for all lags: those of seconds are long seen elsewhere
    spectrum = rfft_single(heard, size) * np.conj(rfft_single(meant, size))
    lag = int(np.argmax(np.fft.irfft(spectrum, size)))
    return (lag - size if lag > size // 2 else lag) / MIX_RATE_HZ


def _black_frames(film: Path, track: VideoTrack) -> list[bool]:
    """Of each frame, whether the keyframe before it is black, looked at in a thumbnail."""
    wide, high = THUMBNAIL
    command = [
        str(find_ffmpeg()),
        *("-hide_banner", "-nostdin", "-loglevel", "error", "-threads", "1"),
        # Blocks need no smoothing to be seen as black.
        *("-skip_frame", "nokey", "-skip_loop_filter", "all", "-i", f"file:{film}"),
        *("-map", "0:v:0"),
        *("-vf", f"scale={wide}:{high}:flags=area,format=gray", "-fps_mode", "passthrough", "-f", "rawvideo", "-"),
    ]
    done = subprocess.run(command, capture_output=True, check=False, timeout=900)  # noqa: S603
    if done.returncode != 0:
        raise EncodingFailed("The film that was just written cannot be read.")
    frames = np.frombuffer(done.stdout, np.uint8).reshape(-1, wide * high)
    if len(frames) != len(track.keyframes):
        raise EncodingFailed(f"Of {len(track.keyframes)} keyframes {len(frames)} could be read.")
    black = np.percentile(frames, 99, axis=1) < BLACK_LUMA
    return [bool(black[at]) for at in np.searchsorted(track.keyframes, track.times, "right") - 1]


def _longest_run(flags: Iterable[bool]) -> int:
    longest = run = 0
    for flag in flags:
        run = run + 1 if flag else 0
        longest = max(longest, run)
    return longest
