"""The leitmotif: invented, singable, the same for the same title."""

import itertools

import numpy as np
import pytest

from soundstage.music.scoring.leitmotif import Leitmotif, invent_motif, seeds_of


def _motifs() -> list[Leitmotif]:
    return [invent_motif(np.random.default_rng(seed)) for seed in range(40)]


def test_a_motif_has_four_to_eight_notes_in_two_bars_of_both_meters() -> None:
    for motif in _motifs():
        assert 4 <= len(motif.notes) <= 8
        assert sum(note.beats for note in motif.notes) == 8
        assert sum(note.beats_in_three for note in motif.notes) == 6
        assert all(a.beat + a.beats == b.beat for a, b in itertools.pairwise(motif.notes))


def test_a_motif_can_be_sung_and_has_one_highest_note() -> None:
    for motif in _motifs():
        degrees = [note.degree for note in motif.notes]
        assert max(degrees) - min(degrees) <= 8
        assert degrees.count(max(degrees)) == 1
        assert sum(abs(b - a) >= 3 for a, b in itertools.pairwise(degrees)) <= 2


def test_titles_have_different_motifs() -> None:
    shapes = {tuple((note.degree, note.beats) for note in motif.notes) for motif in _motifs()}
    assert len(shapes) >= 30


def test_the_title_decides_with_the_seed_and_its_case_does_not_matter() -> None:
    assert seeds_of("The Lamp", 1) == seeds_of(" the LAMP ", 1)
    assert seeds_of("The Lamp", 1) != seeds_of("The Lamp", 2)
    assert seeds_of("灯塔", 1) != seeds_of("灯", 1)


def test_inverting_twice_gives_the_motif_back() -> None:
    motif = _motifs()[0]
    assert motif.inverted().inverted() == motif
    assert motif.inverted() != motif
    assert len(motif.head(3).notes) == pytest.approx(3)
