"""A style is tried on a short part of the recording before all of it is rendered: what takes it further away goes.

Features predict what an equaliser and a width do, but not quite what a compressor, a tail, made harmonics and a
limiter do. So the part is rendered, heard, and compared; stages that increase the distance are halved or left out.
"""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from soundstage.arrays import Floats, Samples
from soundstage.audio.io import Audio
from soundstage.audio.loudness import measure_loudness
from soundstage.audio.streams import MemoryReader, MemoryWriter, Reader
from soundstage.match.analysis.alignment import Aligned
from soundstage.match.analysis.features import FFT_SIZE, ToneMeter, mel_bank
from soundstage.match.analysis.level_distance import apart_db
from soundstage.match.rendering.render import render_measured
from soundstage.match.rendering.segments import Excerpt
from soundstage.models.style import Features, Stage, StageNote, StyleParams

Distance = Callable[[Samples], float]

REHEARSED_S = 12.0
SHORT_TERM_S = 3.0
SILENT_LUFS, SOUNDING_LU = -70.0, 40.0
LEAST_FRAMES = 4
WORSE_DB = 0.01
CLEARLY = 0.9
PRESSED_DB = 3.0
BENT_DB = 0.5
MOST_REDUCTION_DB = 6.0
LOUDER_TRIALS = 4
JUDGED: tuple[Stage, ...] = ("pitch", "compressor", "exciter", "reverb", "stereo", "eq")
# What an equaliser and a width do is known beforehand: these are doubted only when all together disappoint.
DOUBTED: tuple[Stage, ...] = ("pitch", "compressor", "exciter", "reverb")
FLOOR_DB = -100.0


@dataclass(frozen=True)
class Rehearsal:
    """A part of the target [frames, channels], and how far a rendering of it is from the reference, dB."""

    part: Samples
    rate_hz: int
    distance: Distance


def rehearsal_by_statistics(reference: Features, target: Features, reader: Reader) -> Rehearsal | None:
    """What the style changes in a part of the target is taken for what it changes in all of it.

    None where there is nothing to hear.
    """
    part = _part(reader, typical_start_s(target))
    if len(part) < LEAST_FRAMES * FFT_SIZE or not part.any():
        return None
    inside = np.array(target.mel.f_hz) < 0.45 * min(reference.rate_hz, target.rate_hz)
    wanted, given = (np.array(features.mel.levels_db)[:, inside] for features in (reference, target))
    before = _mel_levels(part, target.rate_hz)[:, inside]

    def distance(rendered: Samples) -> float:
        return apart_db(given + _mel_levels(rendered, target.rate_hz)[:, inside] - before, wanted)

    return Rehearsal(part, target.rate_hz, distance)


def rehearsal_by_frames(aligned: Aligned) -> Rehearsal | None:
    """Of one performance every moment can be compared. None where there is nothing to hear."""
    rate_hz, frames = aligned.rate_hz, round(REHEARSED_S * aligned.rate_hz)
    start = max(0, (len(aligned.target) - frames) // 2)
    part, wanted = (sound[start : start + frames].copy() for sound in (aligned.target, aligned.reference))
    if len(part) < LEAST_FRAMES * FFT_SIZE or not part.any():
        return None
    aim = _frame_levels(wanted, rate_hz)

    def distance(rendered: Samples) -> float:
        return apart_db(_frame_levels(rendered, rate_hz), aim)

    return Rehearsal(part, rate_hz, distance)


def rehearse(params: StyleParams, rehearsal: Rehearsal) -> StyleParams:
    """The style without what increases the distance, unless it was asked for; its notes say what was heard."""
    if not any(_judged(params, stage) for stage in JUDGED) and not _presses(params, rehearsal):
        return params
    before = rehearsal.distance(rehearsal.part)
    heard = _heard(params, rehearsal)
    for stage in DOUBTED:
        if _judged(params, stage):
            without = _left_out(params, stage)
            simpler = _heard(without, rehearsal)
            if simpler < CLEARLY * heard:
                params, heard = _noted(without, stage, "Left out", heard, simpler), simpler
    while heard > before + WORSE_DB and (running := [stage for stage in JUDGED if _judged(params, stage)]):
        trials = [(change(params, stage), stage, word) for stage in running for change, word in CHANGES]
        results = [_heard(trial, rehearsal) for trial, _, _ in trials]
        after = min(results)
        trial, stage, word = trials[results.index(after)]
        if after > heard - WORSE_DB:
            # No stage alone is to blame: without any of them the recording is as far away as it was.
            for stage in running:
                params = _noted(_left_out(params, stage), stage, "Left out", heard, before)
            break
        params, heard = _noted(trial, stage, word, heard, after), after
    return _no_louder_than_it_bears(params, rehearsal, before)


def _presses(params: StyleParams, rehearsal: Rehearsal) -> bool:
    """The limiter would have to take more than ``PRESSED_DB`` from the highest peak."""
    if params.lufs is None or params.limiter is None or not params.amounts.lufs or not params.amounts.limiter:
        return False
    if params.amounts.ask_for("lufs"):
        return False
    peak_dbfs = 20 * np.log10(float(np.abs(rehearsal.part).max()))
    return bool(peak_dbfs + params.lufs.gain_db > params.limiter.tp_db + PRESSED_DB)


def _no_louder_than_it_bears(params: StyleParams, rehearsal: Rehearsal, before: float) -> StyleParams:
    """Less gain where the limiter would hold down all of the sound, or bend it further away than it was."""
    wanted = params.lufs
    for _ in range(LOUDER_TRIALS):
        if not _presses(params, rehearsal):
            break
        heard, reduction_db = _try(params, rehearsal)
        if heard <= before + BENT_DB and reduction_db <= MOST_REDUCTION_DB:
            break
        params = params.model_copy(deep=True)
        assert params.lufs is not None  # noqa: S101 - a copy of one that is there
        params.lufs.target_db = round(params.lufs.target_db - params.lufs.gain_db / 2, 3)
        params.lufs.gain_db = round(params.lufs.gain_db / 2, 3)
    if params.lufs is None or wanted is None or params.lufs == wanted:
        return params
    sentence = (
        f"Only to {params.lufs.target_db:.1f} LUFS instead of {wanted.target_db:.1f}: "
        "the limiter would have to hold down or to bend all of the sound."
    )
    notes = [note for note in params.notes if note.stage != "lufs"]
    return params.model_copy(update={"notes": [*notes, StageNote(stage="lufs", sentence=sentence)]})


def typical_start_s(target: Features) -> float:
    """Where ``REHEARSED_S`` begin whose loudness is spread most like that of the whole: no intro stands for a song."""
    levels, period_s = target.loudness.short_term_lufs, target.loudness.short_term_period_s
    heard = np.array([SILENT_LUFS if level is None else max(level, SILENT_LUFS) for level in levels])
    window = round((REHEARSED_S - SHORT_TERM_S) / period_s) + 1
    if len(heard) <= window:
        return max(0.0, target.duration_s - REHEARSED_S) / 2
    parts = np.sort(np.lib.stride_tricks.sliding_window_view(heard, window), axis=1)
    sounding = heard[heard >= heard.max() - SOUNDING_LU]
    whole = np.quantile(sounding, (np.arange(window) + 0.5) / window)
    return float(np.abs(parts - whole).mean(axis=1).argmin() * period_s)


def _part(reader: Reader, start_s: float) -> Samples:
    start = round(start_s * reader.rate_hz)
    blocks = Excerpt(reader, start, start + round(REHEARSED_S * reader.rate_hz)).blocks()
    return np.concatenate([np.zeros((0, reader.channels), np.float32), *blocks])


def _heard(params: StyleParams, rehearsal: Rehearsal) -> float:
    """The distance of the part, rendered by this style."""
    return _try(params, rehearsal)[0]


def _try(params: StyleParams, rehearsal: Rehearsal) -> tuple[float, float]:
    """Render the part, as much louder as all of the target is going to be: distance and mean reduction, dB."""
    trial = params.model_copy(deep=True)
    if trial.lufs is not None:
        now = measure_loudness(rehearsal.part, rehearsal.rate_hz).integrated_lufs
        if np.isfinite(now) and params.input_lufs is not None:
            trial.lufs.target_db += now - params.input_lufs
        else:
            trial.lufs = None
    writer = MemoryWriter()
    rendered = render_measured(MemoryReader(Audio(rehearsal.part, rehearsal.rate_hz)), writer, trial)
    assert writer.audio is not None  # noqa: S101 - the render has ended
    reduction = rendered.reduction_db
    return rehearsal.distance(writer.audio.samples), float(reduction.mean()) if len(reduction) else 0.0


def _runs(params: StyleParams, stage: Stage) -> bool:
    return bool(getattr(params, stage)) and getattr(params.amounts, stage) > 0


def _judged(params: StyleParams, stage: Stage) -> bool:
    return _runs(params, stage) and not params.amounts.ask_for(stage)


def _left_out(params: StyleParams, stage: Stage) -> StyleParams:
    return params.model_copy(update={stage: [] if stage == "eq" else None})


def _halved(params: StyleParams, stage: Stage) -> StyleParams:
    """Half of what the stage does, as its own parameters say it; ``amounts`` stay as they were asked for."""
    halves = params.model_copy(deep=True)
    halves.eq = [b.model_copy(update={"gain_db": b.gain_db / 2}) for b in params.eq] if stage == "eq" else params.eq
    if stage == "pitch" and halves.pitch:
        halves.pitch.semitones /= 2
    if stage == "compressor" and halves.compressor:
        halves.compressor.ratio = round(float(np.sqrt(halves.compressor.ratio)), 3)
    if stage == "exciter" and halves.exciter:
        halves.exciter.mix /= 2
    if stage == "reverb" and halves.reverb:
        halves.reverb.mix /= 2
    if stage == "stereo" and halves.stereo:
        halves.stereo.width = round((1 + halves.stereo.width) / 2, 4)
    return halves


def _noted(params: StyleParams, stage: Stage, done: str, with_db: float, without_db: float) -> StyleParams:
    """The stage's note is now why it was changed."""
    sentence = f"{done}: tried on a part, it was {with_db:.2f} dB away with it and {without_db:.2f} dB without."
    kept = [note for note in params.notes if note.stage != stage]
    note = StageNote(stage=stage, sentence=sentence, applied=_runs(params, stage))
    return params.model_copy(update={"notes": [*kept, note]})


# What can be done about a stage that leads away.
CHANGES = ((_halved, "Halved"), (_left_out, "Left out"))


def _mel_levels(sound: Samples, rate_hz: int) -> Floats:
    meter = ToneMeter(rate_hz, sound.shape[1])
    meter.process(sound)
    return np.array(meter.result()[1].levels_db)


def _frame_levels(sound: Samples, rate_hz: int) -> Floats:
    """Levels of the mel bands of the middle in every frame [frames, bands], dB relative to the loudest."""
    whole = sound[: len(sound) // FFT_SIZE * FFT_SIZE].mean(axis=1).reshape(-1, FFT_SIZE)
    bank = mel_bank(rate_hz)
    power = np.abs(np.fft.rfft(whole * np.hanning(FFT_SIZE), axis=1)) ** 2 @ bank[:, bank.any(axis=0)]
    return np.asarray(10 * np.log10(np.maximum(power / max(float(power.max()), 1e-30), 10 ** (FLOOR_DB / 10))))
