"""Progressions: every phrase fills its bars, keys return home, cadences are where they belong."""

import itertools

import numpy as np
import pytest

from soundstage.models.composition import Chord
from soundstage.models.film import FilmSection
from soundstage.models.story import Mood
from soundstage.music.composing.harmony import chord_tones
from soundstage.music.scoring.harmony import ScenePlan, parse_numeral, phrase_lengths, plan_harmony
from soundstage.music.scoring.moods import STYLES
from soundstage.music.scoring.timing import lay_bars, scenes_of


def _plans(*rows: tuple[float, Mood, bool], seed: int = 0) -> list[ScenePlan]:
    starts = [0.0, *itertools.accumulate(row[0] for row in rows)]
    sections = [
        FilmSection(start, duration, mood, 5, turn) for start, (duration, mood, turn) in zip(starts, rows, strict=False)
    ]
    bars, beat = [], 0
    scenes = scenes_of(sections)
    for scene in scenes:
        bars.append(lay_bars(scene, STYLES[scene.mood].tempo, beat))
        beat = bars[-1][-1].beat + bars[-1][-1].beats
    return plan_harmony(scenes, bars, np.random.default_rng(seed))


@pytest.mark.parametrize(
    ("numeral", "root", "quality", "bass"),
    [
        ("I", 2, "", 2),
        ("V/3", 9, "", 1),
        ("bVImaj7", 10, "maj7", 10),
        ("ii7b5", 4, "m7b5", 4),
        ("iv6", 7, "m6", 7),
        ("imadd9", 2, "madd9", 2),
        ("#ivdim", 8, "dim", 8),
        ("bvi/3", 10, "m", 1),
        ("V7sus4", 9, "7sus4", 9),
    ],
)
def test_roman_numerals_in_d(numeral: str, root: int, quality: str, bass: int) -> None:
    assert parse_numeral(numeral, 2) == (root, quality, bass)


def test_what_is_no_numeral_is_refused() -> None:
    with pytest.raises(ValueError, match="numeral"):
        parse_numeral("H", 0)


@pytest.mark.parametrize("mood", sorted(STYLES))
def test_every_progression_of_a_mood_can_be_read_and_closes_on_its_tonic(mood: Mood) -> None:
    style = STYLES[mood]
    for template in (*style.open, *style.close):
        bars = template.split("|")
        assert len(bars) == 4
        for bar in bars:
            assert 1 <= len([parse_numeral(text, 0) for text in bar.split(",")]) <= 2
    for template in style.close:
        root, quality, bass = parse_numeral(template.split("|")[-1], 0)
        assert (root, bass) == (0, 0)
        assert quality.startswith("m") == style.minor or quality == "sus2"


@pytest.mark.parametrize("bars", range(1, 40))
def test_phrases_have_four_bars_or_a_few_more_at_the_end(bars: int) -> None:
    lengths = phrase_lengths(bars)
    assert sum(lengths) == bars
    assert all(length == 4 for length in lengths[:-1])
    assert 1 <= lengths[-1] <= 6


def _fill(chords: list[Chord], first: float, end: float) -> None:
    assert chords[0].beat == first
    assert all(a.beat + a.beats == pytest.approx(b.beat) for a, b in itertools.pairwise(chords))
    assert chords[-1].beat + chords[-1].beats == pytest.approx(end)


@pytest.mark.parametrize("seed", range(6))
def test_chords_fill_every_phrase(seed: int) -> None:
    for plan in _plans(
        (9, "calm", False), (4.5, "eerie", True), (31, "joyful", False), (8, "lonely", False), seed=seed
    ):
        for phrase in plan.phrases:
            _fill(list(phrase.chords), phrase.beat, phrase.end)


@pytest.mark.parametrize("mood", sorted(STYLES))
@pytest.mark.parametrize("seconds", [6.0, 11.0, 30.0])
def test_a_film_begins_and_ends_on_its_tonic_and_the_end_has_a_dominant(mood: Mood, seconds: float) -> None:
    plans = _plans((20, mood, False), (12, "tense", True), (seconds, mood, False))
    assert plans[0].tonic == plans[-1].tonic == plans[0].chords[0].root
    last, before = plans[-1].chords[-1], plans[-1].chords[-2]
    assert last.root == last.bass == plans[-1].tonic
    assert last.beat + last.beats == plans[-1].phrases[-1].end
    assert before.root != last.root or mood in {"eerie", "triumphant"}


def test_a_scene_leads_into_the_next_by_its_dominant() -> None:
    for seed in range(8):
        plans = _plans((20, "sad", False), (15, "joyful", False), seed=seed)
        leading = plans[0].chords[-1]
        assert leading.root == (plans[1].tonic + 7) % 12
        assert (plans[1].tonic + 7) % 12 in chord_tones(leading)


def test_a_turn_in_the_same_mode_changes_the_key() -> None:
    for seed in range(8):
        plans = _plans((12, "joyful", False), (12, "calm", True), (12, "sad", False), seed=seed)
        assert plans[0].tonic != plans[1].tonic
