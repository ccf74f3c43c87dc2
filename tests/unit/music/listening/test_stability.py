"""Nothing that is heard changes with noise at −110 dBFS, or with a millisecond less of silence before the sound.

Whatever begins with sound, and what lies next to a threshold that its estimator states, may change.
"""

from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pytest
from tests.fixtures import not_tunes
from tests.fixtures.heard_again import differences, hear
from tests.fixtures.hums import random_melody
from tests.fixtures.listening import CONDITIONS, make_hum
from tests.fixtures.nudges import TRIMMED_S, trimmed, with_noise
from tests.fixtures.tunes import TUNES
from tests.fixtures.unheard_tunes import UNHEARD_TUNES

from soundstage.audio.io import Audio
from soundstage.models.music import Analysis, Note
from soundstage.music.listening.check import audio_check
from soundstage.music.listening.key_and_tuning import decode_tonality, tonal_stability
from soundstage.music.listening.phrases import split_phrases
from soundstage.music.listening.rhythm import estimate_rhythm
from soundstage.music.listening.salience import _lead_in
from soundstage.music.listening.segment import segment_pick
from soundstage.music.listening.transcription import SungNote

MELODIES = [*TUNES, *UNHEARD_TUNES, *(random_melody(seed, meter="4/4") for seed in range(10))]
SEEDS = range(0, 48, 3)
# What a note moves by under such noise: measured, its pitch by up to .02 cents and its onset by up to .05 ms.
PITCH_NUDGE, TIME_NUDGE_S = 0.0005, 0.0001


@pytest.mark.slow
@pytest.mark.parametrize("seed", [20, 23])
@pytest.mark.parametrize("condition", CONDITIONS)
def test_a_hum_is_heard_alike(condition: str, seed: int) -> None:
    hum = make_hum(seed, condition, "unheard" if seed % 2 else "tune", max_duration_s=10.0).audio
    plain = hear(hum)

    assert plain.analysis.notes
    assert differences(plain, hear(with_noise(hum))) == []
    assert differences(plain, hear(trimmed(hum)), TRIMMED_S) == []


@pytest.mark.parametrize("rate_hz", [16_000, 22_050, 44_100])
def test_frames_follow_the_sound(rate_hz: int) -> None:
    hum = make_hum(31, "clean", rate_hz=rate_hz, max_duration_s=4.0).audio
    period = round(0.08 * rate_hz)
    lead_in = _lead_in(hum.mono(), rate_hz)

    for cut in (1, 17, 1000):
        moved = _lead_in(hum.mono()[cut:], rate_hz)
        assert (moved - lead_in - cut) % period in (0, 1, period - 1)
    assert abs(_lead_in(with_noise(hum).mono(), rate_hz) - lead_in) <= 1


@pytest.mark.parametrize(
    "audio",
    [not_tunes.speech(6, 16000, seed=2), not_tunes.noise("white", 4, 16000), not_tunes.polyphonic(duration_s=5)],
    ids=["speech", "noise", "chords"],
)
def test_what_holds_no_tune_keeps_its_name(audio: Audio) -> None:
    plain = hear(audio)

    assert plain.analysis.outcome == "rejected"
    assert differences(plain, hear(with_noise(audio))) == []
    assert differences(plain, hear(trimmed(audio)), TRIMMED_S) == []


@pytest.mark.parametrize("change", [with_noise, trimmed])
@pytest.mark.parametrize("gain_db", [0.0, -20.0, -35.0, 12.0])
def test_a_check_has_the_same_verdict(gain_db: float, change: Callable[[Audio], Audio]) -> None:
    hum = make_hum(20, "25 cents, 30 ms, 15 dB", max_duration_s=6.0).audio
    audio = Audio(np.clip(hum.samples * np.float32(10 ** (gain_db / 20)), -1, 1), hum.rate_hz)
    plain, nudged = audio_check(audio), audio_check(change(audio))

    assert (nudged.code, nudged.warnings) == (plain.code, plain.warnings)
    assert nudged.silent_ratio == pytest.approx(plain.silent_ratio, abs=0.01)
    assert nudged.clipped_ratio == pytest.approx(plain.clipped_ratio, abs=0.001)
    assert nudged.integrated_lufs == pytest.approx(plain.integrated_lufs, abs=0.05)


@pytest.mark.parametrize("seed", SEEDS)
def test_key_tempo_phrases_and_segment_do_not_hang_on_a_hair(seed: int) -> None:
    rng = np.random.default_rng(seed)
    notes = sung(seed, rng)
    nudged = [
        replace(
            note,
            pitch=note.pitch + rng.uniform(-PITCH_NUDGE, PITCH_NUDGE),
            onset_s=note.onset_s + rng.uniform(-TIME_NUDGE_S, TIME_NUDGE_S),
        )
        for note in notes
    ]
    one, other = decode_tonality(notes), decode_tonality(nudged)

    assert (other.key, other.midi) == (one.key, one.midi)
    assert other.confidence == pytest.approx(one.confidence, abs=0.02)

    rhythms = [
        estimate_rhythm(np.array([n.onset_s for n in some]), np.array(one.midi, float), tonal_stability(one))
        for some in (notes, nudged)
    ]
    assert rhythms[0] is not None
    assert rhythms[1] is not None
    assert rhythms[1].tempo_bpm == pytest.approx(rhythms[0].tempo_bpm, rel=0.001)
    assert rhythms[1].meter == rhythms[0].meter
    assert np.array_equal(rhythms[1].beats, rhythms[0].beats)

    heard, again = ([_meant(n, midi) for n, midi in zip(some, one.midi, strict=True)] for some in (notes, nudged))
    phrases = split_phrases(heard, 60 / rhythms[0].tempo_bpm, rhythms[0].meter)
    assert split_phrases(again, 60 / rhythms[0].tempo_bpm, rhythms[0].meter) == phrases

    picked, picked_again = (
        segment_pick(Analysis(duration_s=99.0, notes=some, phrases=phrases), None) for some in (heard, again)
    )
    assert picked_again.start_s == pytest.approx(picked.start_s, abs=0.002)
    assert picked_again.end_s == pytest.approx(picked.end_s, abs=0.002)


@pytest.mark.parametrize("seed", range(40))
def test_phrases_of_equal_notes_are_cut_alike(seed: int) -> None:
    """Every cut between equal notes at equal distances is as good as its neighbour: the rule decides, not the hair."""
    rng = np.random.default_rng(seed)
    count, step_s = int(rng.integers(12, 40)), float(rng.uniform(0.3, 0.8))
    equal = [Note(onset_s=i * step_s + 1, offset_s=(i + 0.9) * step_s + 1, midi=60) for i in range(count)]
    nudged = [
        note.model_copy(update={"onset_s": note.onset_s + float(rng.uniform(-TIME_NUDGE_S, TIME_NUDGE_S))})
        for note in equal
    ]

    assert split_phrases(nudged, step_s, "4/4") == split_phrases(equal, step_s, "4/4")


@pytest.mark.parametrize("seed", range(20))
def test_verses_that_are_equally_good_leave_the_first(seed: int) -> None:
    rng = np.random.default_rng(seed)
    verses = [
        Note(
            onset_s=30.0 * verse + i,
            offset_s=30.0 * verse + i + 0.9,
            midi=60 + i % 8,
            cents=float(rng.uniform(9.9, 10.1)),
            velocity=float(rng.uniform(0.699, 0.701)),
        )
        for verse in range(3)
        for i in range(16)
    ]

    picked = segment_pick(Analysis(duration_s=90.0, notes=verses, phrases=[(0, 16), (16, 32), (32, 48)]), None)

    assert picked.start_s == 0.0
    assert picked.end_s < 17


def sung(seed: int, rng: np.random.Generator) -> list[SungNote]:
    """The first 40 notes of a tune: in time or not, in tune or not, in any tuning."""
    melody = MELODIES[seed % len(MELODIES)]
    cents, jitter_s = (5, 20, 35, 45)[seed % 4], (0.0, 0.0, 0.01, 0.03)[seed // 4 % 4]
    tuning, beat_s, tonic = rng.uniform(-0.4, 0.4), rng.uniform(0.45, 0.8), int(rng.integers(50, 70))
    notes, beat = [], 0.0
    for step, length in melody.steps:
        if step is not None:
            onset_s = 0.7 + beat * beat_s + float(np.clip(rng.normal(0, jitter_s), -0.05, 0.05))
            pitch = tonic + step + tuning + rng.normal(0, cents / 100)
            notes.append(SungNote(onset_s, 0.7 + (beat + 0.9 * length) * beat_s, pitch, 0.0, 0.0, -20.0, 1.0))
        beat += length
    return notes[:40]


def _meant(note: SungNote, midi: int) -> Note:
    cents = float(np.clip(100 * (note.pitch - midi), -50, 50))
    return Note(onset_s=note.onset_s, offset_s=note.offset_s, midi=midi, cents=cents)
