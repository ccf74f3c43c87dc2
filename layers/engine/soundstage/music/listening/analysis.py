"""audio_analyze: a recording as music: pitch, notes, key, tempo, meter, phrases; or a named reason why not."""

import numpy as np
from numpy.typing import NDArray

from soundstage.audio.io import Audio
from soundstage.audio.pitch import FRAME_PERIOD_S
from soundstage.models.errors import REJECTIONS
from soundstage.models.music import Analysis, Note
from soundstage.music.listening.classification import ALMOST_ONE_VOICE, judge, leave_out_talk
from soundstage.music.listening.key_and_tuning import Tonality, decode_tonality, restfulness
from soundstage.music.listening.phrases import split_phrases
from soundstage.music.listening.rhythm import find_rhythm
from soundstage.music.listening.salience import Tone, hear
from soundstage.music.listening.transcription import SungNote, sung_notes

ENERGY_HZ = 10
PITCH_HZ = 100
VELOCITY_RANGE_DB = 18.0
UNSURE = 0.5
SILENT_PEAK = 1e-3
SHORTEST_S = 0.1


def audio_analyze(audio: Audio) -> Analysis:
    """Listen to ``audio`` as to one voice.

    Returns an ``Analysis`` whose outcome is ``rejected`` with SILENT, NO_MELODY, SPEECH, NOISE or POLYPHONIC when there
    is no tune to work with; levels and pitch are filled in either way. The same audio gives the same analysis.
    """
    mono = audio.mono()
    if np.max(np.abs(mono), initial=0.0) < SILENT_PEAK or audio.duration_s < SHORTEST_S:
        nothing = "SILENT" if audio.duration_s >= SHORTEST_S else "NO_MELODY"
        return Analysis(
            outcome="rejected",
            code=nothing,
            message=REJECTIONS[nothing],
            duration_s=audio.duration_s,
            energy_db=_energy_db(mono, audio.rate_hz),
        )
    tone = hear(mono, audio.rate_hz)
    every_note = sung_notes(tone)
    sung = leave_out_talk(every_note)
    heard = Analysis(
        duration_s=audio.duration_s,
        voiced_ratio=float(np.mean(tone.pitch.voiced)) if len(tone.pitch.voiced) else 0.0,
        energy_db=_energy_db(mono, audio.rate_hz),
        pitch_midi=_pitch_midi(tone),
    )
    code = judge(every_note, sung, tone.clarity)
    if code is not None:
        return heard.model_copy(update={"outcome": "rejected", "code": code, "message": REJECTIONS[code]})
    tonality = decode_tonality(sung)
    notes = _notes(sung, tonality)
    onsets_s = np.array([note.onset_s for note in sung])
    rhythm = find_rhythm(onsets_s, np.array(tonality.midi, np.float64), restfulness(tonality))
    warnings = []
    if tone.clarity.harmonic_share < ALMOST_ONE_VOICE:
        warnings.append("Something else sounds along with the tune.")
    if len(sung) < len(every_note):
        warnings.append("Talking was left out.")
    if tonality.confidence < UNSURE:
        warnings.append("The key is a guess.")
    if rhythm is None or rhythm.confidence < UNSURE:
        warnings.append("The tempo is a guess.")
    beat_s = 60.0 / rhythm.tempo_bpm if rhythm else 0.6
    return heard.model_copy(
        update={
            "key": tonality.key,
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


def _notes(sung: list[SungNote], tonality: Tonality) -> list[Note]:
    """What was meant, with the singer's deviation from his own tuning kept as expression."""
    loudest_db = max(note.level_db for note in sung)
    return [
        Note(
            onset_s=round(note.onset_s, 4),
            offset_s=round(note.offset_s, 4),
            midi=int(np.clip(midi, 0, 127)),
            cents=round(100 * (note.pitch - midi - tuning), 1),
            velocity=round(float(np.clip(0.95 - 0.6 * (loudest_db - note.level_db) / VELOCITY_RANGE_DB, 0.25, 1.0)), 3),
        )
        for note, midi, tuning in zip(sung, tonality.midi, tonality.tuning, strict=True)
    ]


def _energy_db(mono: NDArray[np.float32], rate_hz: int) -> list[float]:
    """RMS level of each tenth of a second, dBFS, at least −100."""
    step = rate_hz // ENERGY_HZ
    whole = mono[: len(mono) // step * step].reshape(-1, step).astype(np.float64)
    return [round(float(v), 2) for v in 10 * np.log10(np.mean(whole**2, axis=1) + 1e-10)]


def _pitch_midi(tone: Tone) -> list[float | None]:
    """The pitch curve at 100 Hz; None where unvoiced."""
    track = tone.pitch
    if not len(track.times_s):
        return []
    times_s = np.arange(int(tone.duration_s * PITCH_HZ)) / PITCH_HZ
    semitones = 69.0 + 12.0 * np.log2(np.maximum(track.f0_hz, 1.0) / 440.0)
    curve = np.interp(times_s, track.times_s, semitones)
    nearest = np.clip(np.round(times_s / FRAME_PERIOD_S).astype(int), 0, len(semitones) - 1)
    return [round(float(v), 3) if track.voiced[i] else None for v, i in zip(curve, nearest, strict=True)]
