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
from soundstage.match.estimation.evidence import between
from soundstage.match.rendering.render import render_measured
from soundstage.match.rendering.segments import Excerpt
from soundstage.models.style import Features, Stage, StageNote, StyleParams

Distance = Callable[[Samples], float]

REHEARSED_S = 12.0
SHORT_TERM_S = 3.0
SILENT_LUFS, SOUNDING_LU = -70.0, 40.0
LEAST_FRAMES = 4
WORSE_DB = 0.01
CLEARLY_BETTER = (0.85, 0.95)  # without a stage, as a share of the distance with it: none of it, all of it
CHANGES = ((0.5, "Halved"), (0.0, "Left out"))  # what can be done about a stage that leads away
PRESSED_DB = 3.0
BENT_DB = 0.5
MOST_REDUCTION_DB, BORNE_DB = 5.5, 0.02  # on average; a part tells all of it within half a dB
LOUDER_TRIALS = 8
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
            simpler = _heard(_with_share(params, stage, 0.0), rehearsal)
            share = float(between(simpler / (heard + 1e-9), *CLEARLY_BETTER))
            if share < 1.0:
                word = "Left out" if share == 0.0 else f"{share:.0%} of it"
                params = _noted(_with_share(params, stage, share), stage, word, heard, simpler)
                heard = _heard(params, rehearsal)
    while heard > before + WORSE_DB and (running := [stage for stage in JUDGED if _judged(params, stage)]):
        trials = [(_with_share(params, stage, share), stage, word) for stage in running for share, word in CHANGES]
        results = [_heard(trial, rehearsal) for trial, _, _ in trials]
        # Of those that are as good as each other the first: half of a stage before none of it.
        (trial, stage, word), after = next(
            (trial, result) for trial, result in zip(trials, results, strict=True) if result <= min(results) + WORSE_DB
        )
        if after > heard - WORSE_DB:
            # No stage alone is to blame: without any of them the recording is as far away as it was.
            for stage in running:
                params = _noted(_with_share(params, stage, 0.0), stage, "Left out", heard, before)
            break
        params, heard = _noted(trial, stage, word, heard, after), after
    return _no_louder_than_it_bears(params, rehearsal, before)


def _presses(params: StyleParams, rehearsal: Rehearsal) -> bool:
    """The limiter would have to take more than ``PRESSED_DB`` from the highest peak."""
    if params.lufs is None or params.limiter is None or not params.amounts.lufs or not params.amounts.limiter:
        return False
    if params.amounts.ask_for("lufs"):
        return False
    return _peak_dbfs(rehearsal) + params.lufs.gain_db > params.limiter.tp_db + PRESSED_DB


def _no_louder_than_it_bears(params: StyleParams, rehearsal: Rehearsal, before: float) -> StyleParams:
    """Less gain where the limiter would hold down all of the sound, or bend it further away than it was.

    As much gain as that allows: by false position (M. Dowell, P. Jarratt 1971, the "Illinois" algorithm).
    """
    if not _presses(params, rehearsal) or params.lufs is None or params.limiter is None:
        return params

    def excess(gain_db: float) -> float:
        heard, reduction_db = _try(_with_gain(params, gain_db), rehearsal)
        return max(heard - before - BENT_DB, reduction_db - MOST_REDUCTION_DB)

    high = params.lufs.gain_db
    low = max(0.0, min(high, params.limiter.tp_db + PRESSED_DB - _peak_dbfs(rehearsal)))
    over, under = excess(high), -MOST_REDUCTION_DB  # at ``low`` hardly anything is limited
    if over <= 0.0:
        return params
    for _ in range(LOUDER_TRIALS):
        gain_db = low + (high - low) * under / (under - over)
        left = excess(gain_db)
        if abs(left) < BORNE_DB:
            break
        if left > 0.0:
            high, over, under = gain_db, left, under / 2
        else:
            low, under, over = gain_db, left, over / 2
    borne = _with_gain(params, gain_db)
    assert borne.lufs is not None  # noqa: S101 - a copy of one that is there
    sentence = (
        f"Only to {borne.lufs.target_db:.1f} LUFS instead of {params.lufs.target_db:.1f}: "
        "the limiter would have to hold down or to bend all of the sound."
    )
    notes = [note for note in params.notes if note.stage != "lufs"]
    return borne.model_copy(update={"notes": [*notes, StageNote(stage="lufs", sentence=sentence)]})


def _with_gain(params: StyleParams, gain_db: float) -> StyleParams:
    assert params.lufs is not None  # noqa: S101 - callers have looked
    target_db = params.lufs.target_db - params.lufs.gain_db + gain_db
    lufs = params.lufs.model_copy(update={"target_db": round(target_db, 3), "gain_db": round(gain_db, 3)})
    return params.model_copy(update={"lufs": lufs})


def _peak_dbfs(rehearsal: Rehearsal) -> float:
    return 20 * float(np.log10(np.abs(rehearsal.part).max()))


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
            trial.input_lufs = now
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


def _with_share(params: StyleParams, stage: Stage, share: float) -> StyleParams:
    """``share`` of what the stage does, as its own parameters say it; ``amounts`` stay as they were asked for."""
    if share == 0.0:
        return params.model_copy(update={stage: [] if stage == "eq" else None})
    part = params.model_copy(deep=True)
    if stage == "eq":
        part.eq = [band.model_copy(update={"gain_db": band.gain_db * share}) for band in params.eq]
    if stage == "pitch" and part.pitch:
        part.pitch.semitones *= share
    if stage == "compressor" and part.compressor:
        part.compressor.ratio = round(1 / (1 - share * (1 - 1 / part.compressor.ratio)), 3)
    if stage == "exciter" and part.exciter:
        part.exciter.mix *= share
    if stage == "reverb" and part.reverb:
        part.reverb.mix *= share
    if stage == "stereo" and part.stereo:
        part.stereo.width = round(part.stereo.width**share, 4)
    return part


def _noted(params: StyleParams, stage: Stage, done: str, with_db: float, without_db: float) -> StyleParams:
    """The stage's note is now why it was changed."""
    sentence = f"{done}: tried on a part, it was {with_db:.2f} dB away with it and {without_db:.2f} dB without."
    kept = [note for note in params.notes if note.stage != stage]
    note = StageNote(stage=stage, sentence=sentence, applied=_runs(params, stage))
    return params.model_copy(update={"notes": [*kept, note]})


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
