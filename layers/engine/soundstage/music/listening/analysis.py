"""audio_analyze: pitch, notes, key, tempo, meter and phrases of a recording; or a named reason why there are none."""

from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from soundstage.arrays import Floats
from soundstage.audio.decibels import power_to_db
from soundstage.audio.io import Audio
from soundstage.audio.pitch import FRAME_PERIOD_S, hz_to_midi
from soundstage.models.errors import REJECTIONS
from soundstage.models.music import Analysis, Note
from soundstage.music.listening.classification import (
    MIN_NOTES,
    MIN_SUNG_S,
    rejection_code,
    sounds_along,
    without_speech,
)
from soundstage.music.listening.key_and_tuning import TONIC_NAMES, Tonality, decode_tonality, tonal_stability
from soundstage.music.listening.phrases import split_phrases
from soundstage.music.listening.rhythm import Rhythm, estimate_rhythm
from soundstage.music.listening.salience import Salience, measure_salience
from soundstage.music.listening.scale import with_scale
from soundstage.music.listening.transcription import SungNote, transcribe

ENERGY_HZ, PITCH_HZ = 10, 100  # rates of the curves in an analysis
ENERGY_FLOOR_DB = -100.0  # dBFS
# Velocity of the loudest note, of one 18 dB softer than it, and the range it is kept in.
LOUDEST_VELOCITY, VELOCITY_RANGE, VELOCITY_RANGE_DB, VELOCITY_LIMITS = 0.95, 0.6, 18.0, (0.25, 1.0)
# Below, a warning: the key is wrong in one of five or more. Another key fits "nearly as well" from this share of its
# probability on.
UNSURE_CONFIDENCE, NEARLY_AS_WELL = 0.8, 0.5
# What sounds is above −30 dB of the level that a second of the recording reaches; so much is left around it.
ENERGY_FRAME_S, LOUDEST_FRAMES, SOUNDING_SHARE, SOUNDING_MARGIN_S = 0.05, 20, 1e-3, 1.0
SILENT_PEAK = 1e-3  # −60 dBFS, the level of silence in audio_check
SHORTEST_S = 0.1  # shorter than a note; and the curve of energy would have no value
USUAL_BEAT_S = 0.6  # 100 beats a minute, where no tempo is found


def audio_analyze(audio: Audio) -> Analysis:
    """Transcribe ``audio`` ([frames, channels], any rate; channels are averaged) as one voice.

    Returns an ``Analysis`` whose outcome is ``rejected`` with SILENT, NO_MELODY, SPEECH, NOISE or POLYPHONIC when there
    is no melody; levels (dBFS at 10 Hz) and pitch (MIDI at 100 Hz) are filled in either way. The same audio gives the
    same analysis.

    Raises:
        ValueError: NaN or infinity in the signal.
    """
    mono = audio.mono()
    if np.max(np.abs(mono), initial=0.0) < SILENT_PEAK or audio.duration_s < SHORTEST_S:
        code = "SILENT" if audio.duration_s >= SHORTEST_S else "NO_MELODY"
        return Analysis(
            outcome="rejected",
            code=code,
            message=REJECTIONS[code],
            duration_s=audio.duration_s,
            energy_db=_energy_db(mono, audio.rate_hz),
        )
    first, last = _sounding(mono, audio.rate_hz)
    voice = measure_salience(mono[first:last], audio.rate_hz)
    first_s = first / audio.rate_hz
    notes_and_words = [
        replace(note, onset_s=note.onset_s + first_s, offset_s=note.offset_s + first_s) for note in transcribe(voice)
    ]
    sung = without_speech(notes_and_words)
    curves = Analysis(
        duration_s=audio.duration_s,
        voiced_ratio=float(np.sum(voice.pitch.voiced)) * FRAME_PERIOD_S / audio.duration_s,
        energy_db=_energy_db(mono, audio.rate_hz),
        pitch_midi=_pitch_midi(voice, first_s, audio.duration_s),
    )
    rejection = rejection_code(notes_and_words, sung, voice.harmonicity)
    if rejection is not None:
        message = (_too_little(sung) if rejection == "NO_MELODY" else None) or REJECTIONS[rejection]
        return curves.model_copy(update={"outcome": "rejected", "code": rejection, "message": message})
    tonality = decode_tonality(sung)
    notes = _notes(sung, tonality)
    onsets_s = np.array([note.onset_s for note in sung])
    rhythm = estimate_rhythm(onsets_s, np.array(tonality.midi, np.float64), tonal_stability(tonality))
    warnings = _warnings(tonality, rhythm)
    if len(sung) < len(notes_and_words):
        warnings.insert(0, "Talking was left out.")
    if voice.dropouts:
        warnings.insert(0, "Parts of the recording are missing; the tune there is a guess.")
    if voice.followed != "leading":
        warnings.insert(0, f"Two voices sound together; the {voice.followed} one is taken for the tune.")
    elif sounds_along(voice.harmonicity):
        warnings.insert(0, "Something else sounds along with the tune.")
    beat_s = 60.0 / rhythm.tempo_bpm if rhythm else USUAL_BEAT_S
    return curves.model_copy(
        update={
            "key": with_scale(tonality.key, tonality.midi, TONIC_NAMES.index(tonality.key.tonic)),
            "key_confidence": tonality.confidence,
            "tuning_cents": 100 * float(np.median(tonality.tuning)),
            "tempo_bpm": rhythm.tempo_bpm if rhythm else None,
            "tempo_confidence": rhythm.confidence if rhythm else 0.0,
            "meter": rhythm.meter if rhythm else None,
            "beat_offset_s": rhythm.beat_offset_s if rhythm else 0.0,
            "swing": rhythm.swing if rhythm else 0.5,
            "notes": notes,
            "phrases": split_phrases(notes, beat_s, rhythm.meter if rhythm else "4/4"),
            "warnings": warnings,
        }
    )


def _too_little(sung: list[SungNote]) -> str | None:
    """How much there was, and what it takes; None where that is not what is missing."""
    sung_s = sum(note.duration_s for note in sung)
    if not sung or (len(sung) >= MIN_NOTES and sung_s >= MIN_SUNG_S):
        return None
    notes = "1 note" if len(sung) == 1 else f"{len(sung)} notes"
    return (
        f"Only {sung_s:.1f} s of the recording are sung, in {notes}; a tune takes {MIN_NOTES} notes and "
        f"{MIN_SUNG_S:.0f} s. Sing, hum or whistle a little longer."
    )


def _warnings(tonality: Tonality, rhythm: Rhythm | None) -> list[str]:
    """What of key, tempo and meter is in doubt, and what else it might be."""
    warnings = []
    if tonality.confidence < UNSURE_CONFIDENCE:
        nearly = tonality.rival_confidence >= NEARLY_AS_WELL * tonality.confidence
        how = "fits nearly as well" if nearly else "is the next most likely"
        warnings.append(f"The key is a guess: {tonality.rival.in_words} {how}.")
    if rhythm is None:
        warnings.append("The tempo is a guess.")
        return warnings
    if rhythm.rivals:
        (tempo_bpm, meter), *more = rhythm.rivals
        others = [f"{tempo_bpm:.0f} beats a minute in {meter}", *(f"{bpm:.0f} in {other}" for bpm, other in more)]
        warnings.append(f"The tempo is a guess: {' or '.join(others)} fit nearly as well.")
    if rhythm.rival_meter:
        warnings.append(f"The meter is a guess: {rhythm.rival_meter} fits nearly as well.")
    return warnings


def _notes(sung: list[SungNote], tonality: Tonality) -> list[Note]:
    """The notes meant; ``cents`` is the singer's deviation from them after the tuning is taken off."""
    loudest_db = max(note.level_db for note in sung)
    return [
        Note(
            onset_s=round(note.onset_s, 4),
            offset_s=round(note.offset_s, 4),
            midi=int(np.clip(midi, 0, 127)),
            cents=round(100 * (note.pitch - midi - tuning), 1),
            velocity=_velocity(loudest_db - note.level_db),
        )
        for note, midi, tuning in zip(sung, tonality.midi, tonality.tuning, strict=True)
    ]


def _velocity(below_db: float) -> float:
    """MIDI velocity over 127 of a note so many dB below the loudest one."""
    velocity = LOUDEST_VELOCITY - VELOCITY_RANGE * below_db / VELOCITY_RANGE_DB
    return round(float(np.clip(velocity, *VELOCITY_LIMITS)), 3)


def _energy_db(mono: NDArray[np.float32], rate_hz: int) -> list[float]:
    """RMS level of each tenth of a second, dBFS, at least −100."""
    step = rate_hz // ENERGY_HZ
    whole = mono[: len(mono) // step * step].reshape(-1, step).astype(np.float64)
    power: Floats = np.mean(whole**2, axis=1)
    return [round(float(v), 2) for v in power_to_db(power, ENERGY_FLOOR_DB)]


def _sounding(mono: NDArray[np.float32], rate_hz: int) -> tuple[int, int]:
    """Samples [first, last) to listen to: all of them, but where somebody forgot to stop the recording (more than half
    of it is nothing before or after the tune): what is measured against the recording's own noise would be lost in it.
    """
    frame = round(ENERGY_FRAME_S * rate_hz)
    power = np.mean(mono[: len(mono) // frame * frame].reshape(-1, frame).astype(np.float64) ** 2, axis=1)
    if len(power) < LOUDEST_FRAMES or not power.any():
        return 0, len(mono)
    sounds = np.flatnonzero(power > SOUNDING_SHARE * np.sort(power)[-LOUDEST_FRAMES])
    margin = round(SOUNDING_MARGIN_S * rate_hz)
    first, last = max(0, int(sounds[0]) * frame - margin), min(len(mono), (int(sounds[-1]) + 1) * frame + margin)
    return (first, last) if last - first < len(mono) / 2 else (0, len(mono))


def _pitch_midi(voice: Salience, first_s: float, duration_s: float) -> list[float | None]:
    """The pitch curve of the recording at 100 Hz, of which ``voice`` begins at ``first_s``; None where unvoiced."""
    track = voice.pitch
    if not len(track.times_s):
        return []
    times_s = voice.start_s + np.arange(int(voice.duration_s * PITCH_HZ)) / PITCH_HZ
    semitones = hz_to_midi(track.f0_hz)
    curve = np.interp(times_s, track.times_s, semitones)
    nearest = np.clip(np.round(times_s / FRAME_PERIOD_S).astype(int), 0, len(semitones) - 1)
    heard = [round(float(v), 3) if track.voiced[i] else None for v, i in zip(curve, nearest, strict=True)]
    before: list[float | None] = [None] * int(first_s * PITCH_HZ)
    return [*before, *heard, *[None] * (int(duration_s * PITCH_HZ) - len(before) - len(heard))]
