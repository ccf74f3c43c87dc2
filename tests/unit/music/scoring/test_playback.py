"""The sound of a film's parts: chords that are heard, a band left to the voice, levels by tension, no seams."""

import numpy as np
import pytest
from tests.fixtures.scores import score_film

from soundstage.arrays import Samples
from soundstage.audio.loudness import measure_loudness
from soundstage.models.film import FilmSection, ScoreRequest
from soundstage.models.story import Mood
from soundstage.music.composing.harmony import chord_tones
from soundstage.music.scoring import playback
from soundstage.music.scoring.moods import STYLES
from soundstage.music.scoring.score import compose_score
from soundstage.music.scoring.timing import Clock

RATE_HZ = 48_000


def _power(samples: Samples) -> tuple[np.ndarray, np.ndarray]:
    mono = samples.mean(axis=1)
    return np.fft.rfftfreq(len(mono), 1 / RATE_HZ), np.abs(np.fft.rfft(mono)) ** 2


@pytest.mark.parametrize("mood", sorted(STYLES))
def test_the_chords_are_heard_and_the_band_of_consonants_is_held_back(mood: Mood) -> None:
    sections = [FilmSection(0.0, 20.0, mood, 6)]
    score = compose_score(ScoreRequest(tuple(sections), None, "The Lamp", 2))
    samples = score_film(sections, seed=2, title="The Lamp")
    f_hz, power = _power(samples)
    share_db = 10 * np.log10(power[(f_hz >= 1000) & (f_hz < 4000)].sum() / power[(f_hz > 40) & (f_hz < 12_000)].sum())
    assert share_db < -10.0
    clock = Clock(score.bars)
    shares = []
    for chord in score.scenes[0].chords:
        first, last = (round(clock.seconds(beat) * RATE_HZ) for beat in (chord.beat, chord.beat + chord.beats))
        f_hz, power = _power(samples[first + RATE_HZ // 8 : last])
        heard = (f_hz > 90) & (f_hz < 700)
        classes = np.round(69 + 12 * np.log2(f_hz[heard] / 440)).astype(int) % 12
        shares.append(power[heard][np.isin(classes, chord_tones(chord))].sum() / power[heard].sum())
    assert np.mean(shares) > 0.7


def test_tension_decides_how_loud_a_section_is() -> None:
    sections = [
        FilmSection(0.0, 10.0, "calm", 2),
        FilmSection(10.0, 10.0, "tense", 9),
        FilmSection(20.0, 10.0, "sad", 5),
    ]
    samples = score_film(sections, seed=1, title="The Lamp")
    levels = [measure_loudness(samples[k * 480_000 : (k + 1) * 480_000], RATE_HZ).integrated_lufs for k in range(3)]
    assert levels[1] - levels[0] == pytest.approx(5.6, abs=1.2)
    assert levels[0] < levels[2] < levels[1]


def test_blocks_leave_no_seams(monkeypatch: pytest.MonkeyPatch) -> None:
    sections = [FilmSection(0.0, 12.0, "lonely", 3), FilmSection(12.0, 12.0, "sad", 5)]
    samples = score_film(sections, seed=4, title="The Lamp")
    monkeypatch.setattr(playback, "BLOCK_FRAMES", 30_011)
    assert np.abs(score_film(sections, seed=4, title="The Lamp") - samples).max() < 1e-5
