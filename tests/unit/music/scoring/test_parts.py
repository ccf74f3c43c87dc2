"""What the players of a film do: voices that fit, room for a narrator, turning points and the end."""

import itertools

import numpy as np
import pytest

from soundstage.models.composition import GridNote
from soundstage.models.film import FilmSection, ScoreRequest
from soundstage.models.story import Mood
from soundstage.music.composing.harmony import chord_at, chord_tones
from soundstage.music.instruments.orchestra import ORCHESTRA
from soundstage.music.scoring.melody import is_strong
from soundstage.music.scoring.moods import STYLES
from soundstage.music.scoring.score import FilmScore, compose_score
from soundstage.music.scoring.timing import Clock

MOODS = sorted(STYLES)


def _score(*rows: tuple[float, Mood, float, bool], seed: int = 0, spoken: bool = True) -> FilmScore:
    starts = [0.0, *itertools.accumulate(row[0] for row in rows)]
    sections = [
        FilmSection(start, duration, mood, tension, turn)
        for start, (duration, mood, tension, turn) in zip(starts, rows, strict=False)
    ]
    return compose_score(ScoreRequest(tuple(sections), None if spoken else (), "The Lamp", seed))


def _lead(score: FilmScore) -> list[GridNote]:
    notes = (n for player, own in score.parts.notes.items() if player.part == "lead" for n in own)
    return sorted(notes, key=lambda n: n.beat)


def _others(score: FilmScore) -> list[GridNote]:
    return [n for player, own in score.parts.notes.items() if player.part != "lead" for n in own]


@pytest.mark.parametrize("mood", MOODS)
def test_the_melody_stands_on_its_chords_where_it_is_heard(mood: Mood) -> None:
    for seed in range(4):
        score = _score((40, mood, 5, False), seed=seed)
        phrases = [phrase for plan in score.scenes for phrase in plan.phrases]
        chords = [chord for phrase in phrases for chord in phrase.chords]
        for note in _lead(score):
            phrase = next(p for p in phrases if p.beat <= note.beat < p.end)
            if is_strong(note.beat, note.beats, phrase):
                assert note.midi % 12 in chord_tones(chord_at(chords, note.beat))


@pytest.mark.parametrize("mood", MOODS)
def test_the_melody_rarely_rubs_against_what_others_hold(mood: Mood) -> None:
    rubbing = total = 0
    for seed in range(6):
        score = _score((40, mood, 6, False), seed=seed)
        others = _others(score)
        for note in _lead(score):
            over = (o for o in others if min(note.end, o.end) - max(note.beat, o.beat) >= 0.5)
            rubbing += any(abs(note.midi - o.midi) in {1, 13} for o in over)
            total += 1
    assert rubbing / total < 0.12


@pytest.mark.parametrize("mood", MOODS)
def test_under_a_voice_the_melody_has_at_most_about_one_note_a_second(mood: Mood) -> None:
    for tension in (2, 9):
        told = _score((60, mood, tension, False))
        free = _score((60, mood, tension, False), spoken=False)
        assert len(_lead(told)) / 60 <= 1.1
        assert len(_lead(told)) <= len(_lead(free))
        assert max(n.velocity for n in _lead(told)) < max(n.velocity for n in _lead(free))


@pytest.mark.parametrize("mood", MOODS)
def test_tension_brings_players_in_and_makes_them_louder(mood: Mood) -> None:
    calm, tense = (_score((40, mood, tension, False)) for tension in (1, 10))
    assert len(_playing(tense)) > len(_playing(calm))
    loud = [np.mean([n.velocity for n in _others(score)]) for score in (calm, tense)]
    assert loud[1] > loud[0] + 0.1


def _playing(score: FilmScore) -> set[str]:
    played = [(player, own) for player, own in score.parts.notes.items()]
    struck = [(player, own) for player, own in score.parts.hits.items()]
    return {player.instrument for player, own in [*played, *struck] if own}


@pytest.mark.parametrize("mood", ["calm", "tender", "sad", "lonely"])
def test_calm_moods_have_no_drums(mood: Mood) -> None:
    score = _score((40, mood, 10, False))
    assert not any(score.parts.hits.values())


@pytest.mark.parametrize("mood", MOODS)
def test_every_player_stays_inside_the_range_of_the_instrument(mood: Mood) -> None:
    score = _score((30, mood, 6, False), (12, mood, 8, True))
    for player, notes in score.parts.notes.items():
        instrument = ORCHESTRA[player.instrument]
        assert all(instrument.low <= n.midi <= instrument.high for n in notes)


@pytest.mark.parametrize("mood", MOODS)
def test_chords_move_by_small_steps(mood: Mood) -> None:
    score = _score((60, mood, 6, False))
    for player, notes in score.parts.notes.items():
        if player.part != "pad":
            continue
        by_beat: dict[float, list[int]] = {}
        for note in notes:
            by_beat.setdefault(note.beat, []).append(note.midi)
        tops = [max(midis) for midis in by_beat.values() if len(midis) >= 3]
        moves = [abs(b - a) for a, b in itertools.pairwise(tops)]
        assert np.mean(moves or [0]) <= 4.0


def test_before_a_quiet_turn_there_is_a_breath() -> None:
    score = _score((14, "lonely", 3, False), (14, "tender", 5, True))
    clock = Clock(score.bars)
    sounding = [n for n in (*_lead(score), *_others(score)) if clock.seconds(n.beat) < 14 - 1e-3]
    silence_s = 14 - max(clock.seconds(n.end) for n in sounding)
    assert 0.3 < silence_s < 1.2
    starts = [clock.seconds(n.beat) for n in _others(score)]
    assert min(abs(at_s - 14) for at_s in starts) < 1e-6


def test_into_a_triumph_kettledrums_swell() -> None:
    score = _score((14, "tense", 6, False), (14, "triumphant", 8, True))
    clock = Clock(score.bars)
    hits = [h for own in score.parts.hits.values() for h in own if h.drum == "timpani"]
    roll = [h.velocity for h in sorted(hits, key=lambda h: h.beat) if 11 < clock.seconds(h.beat) < 14 - 1e-6]
    assert len(roll) >= 8
    assert roll[-1] > 3 * roll[0]
    assert any(abs(clock.seconds(h.beat) - 14) < 1e-6 for h in hits)


@pytest.mark.parametrize("mood", MOODS)
def test_the_film_ends_with_a_held_tonic_chord(mood: Mood) -> None:
    score = _score((24, "joyful", 6, False), (26, mood, 4, False))
    last = score.scenes[-1].chords[-1]
    clock = Clock(score.bars)
    assert clock.seconds(last.beat + last.beats) == pytest.approx(50.0)
    ending = [n for n in (*_lead(score), *_others(score)) if n.end > last.beat + last.beats - 0.01]
    assert {n.midi % 12 for n in ending} <= set(chord_tones(last))
    assert _lead(score)[-1].midi % 12 == last.root


def test_a_quarter_of_an_hour_of_one_mood_is_more_than_a_loop() -> None:
    score = _score((900, "calm", 4, False))
    lead = _lead(score)
    shapes = []
    for phrase in (phrase for plan in score.scenes for phrase in plan.phrases):
        sung = tuple((n.beat - phrase.beat, n.midi) for n in lead if phrase.beat <= n.beat < phrase.end)
        shapes.append((sung, tuple(c.symbol for c in phrase.chords)))
    assert all(a != b for a, b in itertools.pairwise(shapes))
    with_melody = [shape for shape in shapes if shape[0]]
    assert len(set(with_melody)) > 0.5 * len(with_melody)
    assert len(with_melody) < len(shapes)
