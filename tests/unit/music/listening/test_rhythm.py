"""Tempo, meter, swing and downbeat from onsets that are known."""

import numpy as np
import pytest
from tests.fixtures.tunes import TUNES, Melody
from tests.fixtures.unheard_tunes import UNHEARD_TUNES

from soundstage.music.listening.rhythm import estimate_rhythm

BY_NAME = {tune.name: tune for tune in TUNES}


def onsets(melody: Melody, tempo_bpm: float, *, jitter_s: float = 0.0, start_s: float = 0.7) -> tuple[np.ndarray, ...]:
    quarter_s = 60 / tempo_bpm / (1.5 if melody.meter == "6/8" else 1)
    beat, times, pitch = 0.0, [], []
    for step, length in melody.steps:
        if step is not None:
            times.append(start_s + beat * quarter_s)
            pitch.append(60.0 + step)
        beat += length
    rng = np.random.default_rng(5)
    return np.array(times) + rng.normal(0, jitter_s, len(times)), np.array(pitch)


@pytest.mark.parametrize("name", ["ode to joy", "god save", "auld lang syne", "scarborough fair", "silent night"])
@pytest.mark.parametrize("jitter_s", [0.0, 0.025])
def test_tempo_and_meter(name: str, jitter_s: float) -> None:
    melody = BY_NAME[name]
    tempo_bpm = 63.0 if melody.meter == "6/8" else 104.0

    rhythm = estimate_rhythm(*onsets(melody, tempo_bpm, jitter_s=jitter_s))

    assert rhythm is not None
    assert rhythm.tempo_bpm == pytest.approx(tempo_bpm, rel=0.02)
    assert rhythm.meter == melody.meter


def test_the_downbeat_comes_after_the_pickup() -> None:
    rhythm = estimate_rhythm(*onsets(BY_NAME["auld lang syne"], 100.0, start_s=0.5))

    assert rhythm is not None
    assert rhythm.beat_offset_s == pytest.approx(0.5 + 0.6, abs=0.05)


@pytest.mark.parametrize("name", ["the first noel", "away in a manger", "guten abend", "my bonnie", "clementine"])
def test_notes_at_rest_tell_a_pickup_from_a_downbeat(name: str) -> None:
    melody = next(tune for tune in UNHEARD_TUNES if tune.name == name)
    times, pitch = onsets(melody, 100.0, jitter_s=0.015, start_s=0.5)
    rest = np.array([{0: 1.0, 7: 0.7, 4: 0.6}.get(int(step - 60) % 12, 0.0) for step in pitch])

    rhythm = estimate_rhythm(times, pitch, rest)

    assert rhythm is not None
    assert rhythm.meter == "3/4"
    assert rhythm.beat_offset_s == pytest.approx(0.5 + 0.6, abs=0.08)


def test_a_dotted_rhythm_is_not_swing() -> None:
    melody = next(tune for tune in UNHEARD_TUNES if tune.name == "clementine")

    rhythm = estimate_rhythm(*onsets(melody, 100.0))

    assert rhythm is not None
    assert rhythm.swing == 0.5


def test_swung_eighths() -> None:
    times, pitch = onsets(BY_NAME["korobeiniki"], 110.0, start_s=0.0)
    beats = times / (60 / 110)
    swung = np.floor(beats) + np.where(np.abs(beats % 1 - 0.5) < 0.01, 0.64, beats % 1)

    rhythm = estimate_rhythm(swung * 60 / 110 + 0.3, pitch)

    assert rhythm is not None
    assert rhythm.tempo_bpm == pytest.approx(110, rel=0.02)
    assert rhythm.swing == pytest.approx(0.64, abs=0.03)


@pytest.mark.parametrize(
    ("bars", "quarter_s", "meter"),
    [
        ([(1, 1, 1, 2), (1, 0.5, 0.5, 1, 2)], 0.55, "5/4"),
        ([(1, 0.5, 0.5, 1.5), (0.5, 0.5, 1, 0.5, 1)], 0.55, "7/8"),
        ([(1, 1, 2), (1, 0.5, 0.5, 2)], 0.55, "4/4"),
        ([(1, 1, 1), (2, 1)], 0.55, "3/4"),
    ],
)
def test_five_and_seven_are_heard_and_nowhere_else(bars: list[tuple[float, ...]], quarter_s: float, meter: str) -> None:
    lengths = np.array([length for _ in range(4) for bar in bars for length in bar])
    onsets_s = 0.3 + quarter_s * (np.cumsum(lengths) - lengths)
    pitch = np.concatenate([60 + np.array([0, 4, 2, 7, 5, 3, 9][: len(bar)]) for _ in range(4) for bar in bars])

    rhythm = estimate_rhythm(onsets_s, pitch.astype(np.float64))

    assert rhythm is not None
    assert rhythm.meter == meter
    assert rhythm.tempo_bpm == pytest.approx(60 / quarter_s, rel=0.02)


def test_half_of_a_fast_tempo_is_said() -> None:
    fast = estimate_rhythm(*onsets(BY_NAME["ode to joy"], 150.0))
    walking = estimate_rhythm(*onsets(BY_NAME["ode to joy"], 104.0))

    assert fast is not None
    assert walking is not None
    assert fast.tempo_bpm == pytest.approx(150.0, rel=0.02)
    assert [meter for bpm, meter in fast.rivals if bpm == pytest.approx(75.0, rel=0.03)] == ["4/4"]
    assert not [bpm for bpm, _ in walking.rivals if bpm == pytest.approx(52.0, rel=0.06)]


@pytest.mark.parametrize("tempo_bpm", [176.0, 200.0])
def test_notes_too_fast_to_be_beats_are_halves_of_them(tempo_bpm: float) -> None:
    rhythm = estimate_rhythm(*onsets(BY_NAME["ode to joy"], tempo_bpm))

    assert rhythm is not None
    assert rhythm.meter == "4/4"
    assert rhythm.tempo_bpm == pytest.approx(tempo_bpm / 2, rel=0.02)
    assert [meter for bpm, meter in rhythm.rivals if bpm == pytest.approx(tempo_bpm, rel=0.03)] == ["4/4"]


def test_two_notes_have_no_rhythm() -> None:
    assert estimate_rhythm(np.array([0.0, 0.5]), np.array([60.0, 62.0])) is None
