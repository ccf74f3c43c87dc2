"""The sound of a film: speech where the timeline puts it, music under it, one loudness. 48 kHz stereo, in flat memory.

The music lies at a level under the speech and is ducked by a gain on the timeline, exact to the sample (compressors
keyed by the voice duck by 8 to 14 dB where 6 are asked). Loudness (EBU R 128, ITU-R BS.1770) is measured, then set.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from soundstage.arrays import Floats, Samples
from soundstage.audio.dynamics import TruePeakLimiter
from soundstage.audio.io import AudioReader, read_audio
from soundstage.audio.loudness import Loudness, LoudnessMeter
from soundstage.audio.resample import resample
from soundstage.audio.streams import FileWriter
from soundstage.models.film import MIX_RATE_HZ, FilmSettings, ShotTiming, Speech
from soundstage.models.story import PartId

BLOCK_FRAMES = 48_000
DUCK_IN_S, DUCK_OUT_S = 0.25, 0.7
"""The music is down when the first word sounds, and comes back gently after the last. Chosen by eye on envelopes."""
PAUSE_S = 1.2
"""Shorter pauses between words do not bring the music back: it would pump. No less than both ramps together."""
NEAR_LU = 0.05
QUIET_LUFS = -60.0
"""Below this there is nothing to bring to a level."""


@dataclass(frozen=True)
class Placed:
    """Speech that begins at ``start`` (a sample of the film) and when its words sound, in seconds of the film."""

    start: int
    audio: Path
    spoken_s: tuple[tuple[float, float], ...]


@dataclass(frozen=True)
class MixReport:
    """What was measured: of the whole, and of the music under words (``None`` without music or words).

    ``gains``: what the speech and the music were made louder by, all in all, before the limiter.
    """

    loudness: Loudness
    duck_db: float | None
    speech_over_music_lu: float | None
    gains: "Gains"


@dataclass(frozen=True)
class Gains:
    """Of speech and of music where it is not ducked."""

    speech_db: float
    music_db: float


def placed_speech(timings: Sequence[ShotTiming], speeches: Mapping[PartId, Speech], folder: Path) -> list[Placed]:
    """Speech of the shots that have any, in their order. ``folder`` is where the audio files are."""
    placed = []
    for timing in timings:
        speech = speeches.get(timing.shot)
        if speech is not None and timing.speech_start_s is not None:
            start = round(timing.speech_start_s * MIX_RATE_HZ)
            at_s = start / MIX_RATE_HZ
            spoken = tuple((at_s + word.start_s, at_s + word.end_s) for word in speech.words)
            placed.append(Placed(start, folder / speech.audio, spoken or ((at_s, at_s + speech.duration_s),)))
    return placed


def mix_film(
    path: Path, speech: Sequence[Placed], music: Path | None, *, duration_s: float, settings: FilmSettings
) -> MixReport:
    """Write the film's sound as a 24-bit WAV of exactly ``duration_s``. ``music``: 48 kHz stereo, as long as the film.

    Loudness lands within .1 LU of the setting unless the true-peak limiter holds it back.
    """
    frames = round(duration_s * MIX_RATE_HZ)
    voice_lufs = _measured(_speech_blocks(speech, frames)).integrated_lufs
    music_lufs = _measured(_music_blocks(music, frames)).integrated_lufs if music else -np.inf
    voice_gain_db = settings.loudness_lufs - voice_lufs if voice_lufs > QUIET_LUFS else 0.0
    under_db = settings.music.gain_db if speech else 0.0
    music_gain_db = settings.loudness_lufs + under_db - music_lufs if music_lufs > QUIET_LUFS else 0.0
    duck = _duck_points(speech, settings.music.duck_db)

    def blocks() -> Iterator[Samples]:
        ducked = _ducked_blocks(music, duck, music_gain_db, frames) if music else _silence(frames)
        for voice, bed in zip(_speech_blocks(speech, frames), ducked, strict=True):
            yield voice * np.float32(10 ** (voice_gain_db / 20)) + bed

    measured_lufs = _measured(blocks()).integrated_lufs
    gain_db = settings.loudness_lufs - measured_lufs if measured_lufs > QUIET_LUFS else 0.0
    loudness = _written(path, blocks(), gain_db, settings)
    missing_lu = settings.loudness_lufs - loudness.integrated_lufs
    if loudness.integrated_lufs > QUIET_LUFS and abs(missing_lu) > NEAR_LU:
        # What the limiter took, once: more would only be denser.
        gain_db += missing_lu
        loudness = _written(path, blocks(), gain_db, settings)
    under_words = music_gain_db + settings.music.duck_db + music_lufs
    over = settings.loudness_lufs - under_words if speech and music_lufs > QUIET_LUFS else None
    gains = Gains(voice_gain_db + gain_db, music_gain_db + gain_db)
    return MixReport(loudness, _duck_depth_db(duck, music, frames) if speech and music else None, over, gains)


def write_stems(
    folder: Path,
    speech: Sequence[Placed],
    music: Path | None,
    gains: Gains,
    *,
    duration_s: float,
    settings: FilmSettings,
) -> list[Path]:
    """What ``mix_film`` mixed, apart, as long as the film and at its levels: ``narration.wav``, ``music-ducked.wav``
    and ``music.wav``, which is not ducked; those of them that there are.

    Each is held below the film's true peak by itself: the first two add up to the film's sound wherever the limiter
    had nothing to do.
    """
    frames = round(duration_s * MIX_RATE_HZ)
    stems: dict[str, tuple[Iterator[Samples], float]] = {}
    if speech:
        stems["narration.wav"] = (_speech_blocks(speech, frames), gains.speech_db)
    if music:
        duck = _duck_points(speech, settings.music.duck_db)
        stems["music-ducked.wav"] = (_ducked_blocks(music, duck, 0.0, frames), gains.music_db)
        stems["music.wav"] = (_music_blocks(music, frames), gains.music_db)
    for name, (blocks, gain_db) in stems.items():
        _written(folder / name, blocks, gain_db, settings)
    return [folder / name for name in stems]


def _written(path: Path, blocks: Iterator[Samples], gain_db: float, settings: FilmSettings) -> Loudness:
    limiter, meter = TruePeakLimiter(MIX_RATE_HZ, 2, settings.true_peak_dbtp), LoudnessMeter(MIX_RATE_HZ, 2)
    gain = np.float32(10 ** (gain_db / 20))
    with FileWriter(path) as writer:
        writer.begin(MIX_RATE_HZ, 2)
        previous: Samples | None = None
        for block in blocks:
            if previous is not None:
                _take(limiter.process(previous * gain), writer, meter)
            previous = block
        if previous is not None:
            _take(limiter.process(previous * gain, last=True), writer, meter)
        writer.end()
    return meter.result()


def _take(ready: Samples, writer: FileWriter, meter: LoudnessMeter) -> None:
    writer.write(ready)
    meter.process(ready)


def _measured(blocks: Iterator[Samples]) -> Loudness:
    meter = LoudnessMeter(MIX_RATE_HZ, 2)
    for block in blocks:
        meter.process(block)
    return meter.result()


def _speech_blocks(speech: Sequence[Placed], frames: int) -> Iterator[Samples]:
    """Each speech is read when its block comes and kept until it is over: one or two at a time."""
    waiting, sounding = list(speech), list[tuple[int, Samples]]()
    for first in range(0, frames, BLOCK_FRAMES):
        past = min(first + BLOCK_FRAMES, frames)
        while waiting and waiting[0].start < past:
            placed = waiting.pop(0)
            audio = read_audio(placed.audio)
            sounding.append((placed.start, resample(audio.mono(), audio.rate_hz, MIX_RATE_HZ)))
        block = np.zeros((past - first, 2), np.float32)
        for start, samples in sounding:
            begin, end = max(start, first), min(start + len(samples), past)
            block[begin - first : end - first] += samples[begin - start : end - start, None]
        sounding = [(start, samples) for start, samples in sounding if start + len(samples) > past]
        yield block


def _music_blocks(music: Path, frames: int) -> Iterator[Samples]:
    with AudioReader(music, block_frames=BLOCK_FRAMES) as reader:
        left = frames
        for block in reader.blocks():
            yield block[:left]
            left -= min(len(block), left)
            if not left:
                return
    yield from _silence(left)


def _ducked_blocks(music: Path, duck: tuple[Floats, Floats], gain_db: float, frames: int) -> Iterator[Samples]:
    first = 0
    for bed in _music_blocks(music, frames):
        envelope_db = _envelope_db(duck, first, len(bed)) + gain_db
        yield bed * (10 ** (envelope_db / 20))[:, None].astype(np.float32)
        first += len(bed)


def _silence(frames: int) -> Iterator[Samples]:
    for first in range(0, frames, BLOCK_FRAMES):
        yield np.zeros((min(BLOCK_FRAMES, frames - first), 2), np.float32)


def _duck_points(speech: Sequence[Placed], duck_db: float) -> tuple[Floats, Floats]:
    """Corners of the envelope: times in s and gains in dB, linear in dB between them."""
    runs: list[list[float]] = []
    for start_s, end_s in (word for placed in speech for word in placed.spoken_s):
        if runs and start_s - runs[-1][1] < PAUSE_S:
            runs[-1][1] = max(runs[-1][1], end_s)
        else:
            runs.append([start_s, end_s])
    corners = [
        corner
        for start_s, end_s in runs
        for corner in ((start_s - DUCK_IN_S, 0.0), (start_s, duck_db), (end_s, duck_db), (end_s + DUCK_OUT_S, 0.0))
    ] or [(0.0, 0.0)]
    times, gains = zip(*corners, strict=True)
    return np.array(times), np.array(gains)


def _envelope_db(points: tuple[Floats, Floats], first: int, count: int) -> Floats:
    return np.interp((first + np.arange(count)) / MIX_RATE_HZ, *points)


def _duck_depth_db(points: tuple[Floats, Floats], music: Path, frames: int) -> float:
    """How much quieter the music is under words than it would be, measured on its samples."""
    before = after = 1e-20
    first, depth_db = 0, float(points[1].min())
    for block in _music_blocks(music, frames):
        envelope = _envelope_db(points, first, len(block))
        under = envelope <= depth_db
        power = np.square(block, dtype=np.float64).sum(axis=1)
        before += float(power[under].sum())
        after += float((power * 10 ** (envelope / 10))[under].sum())
        first += len(block)
    return float(10 * np.log10(after / before))
