"""What players play beside the tune: bass lines, countermelodies, chords and drums of real plans in every style."""

import itertools
from collections import defaultdict

import numpy as np
import pytest
from tests.fixtures.analyses import analysis_of, whole
from tests.fixtures.tunes import TUNES, random_melody

from soundstage.models.composition import GridNote, Section, VariantPlan
from soundstage.models.music import GenParams
from soundstage.music.arranging.accompaniment import CHORD_PATTERNS, Passage
from soundstage.music.arranging.arrangement import Part, arrange
from soundstage.music.arranging.bass import BASS_SPAN, bass_chords
from soundstage.music.arranging.drums import DrumHit, play_drums
from soundstage.music.composing.composition import compose_params
from soundstage.music.composing.harmony import chord_tones, make_chord
from soundstage.music.composing.styles import STYLES

LOW_E = 28  # MIDI


def plan_in(style: str, seed: int = 0) -> VariantPlan:
    analysis = analysis_of(random_melody(seed) if seed else TUNES[0], tonic=64, quarters_per_minute=96.0)
    return compose_params(analysis, whole(analysis), GenParams(seed=seed, style_a=style)).variants["A"]


def parts_of(plan: VariantPlan, role: str) -> list[Part]:
    return [part for part in arrange(plan).parts if part.layer.role == role]


def test_a_bass_line_goes_on_by_step_past_the_end_of_the_octave() -> None:
    falling = [make_chord(4.0 * i, 4.0, root, "") for i, root in enumerate((9, 7, 5, 4, 2, 0))]  # A G F E D C
    roots = [under.root for under in bass_chords(falling, LOW_E)]
    assert [b - a for a, b in itertools.pairwise(roots)][:3] == [-2, -2, -1]
    rising = [make_chord(4.0 * i, 4.0, root, "") for i, root in enumerate((0, 2, 4, 5))]  # C D E F
    assert [b - a for a, b in itertools.pairwise(u.root for u in bass_chords(rising, LOW_E))] == [2, 2, 1]
    everything = [
        make_chord(4.0 * i, 4.0, int(r), "") for i, r in enumerate(np.random.default_rng(1).integers(0, 12, 99))
    ]
    line = [under.root for under in bass_chords(everything, LOW_E)]
    assert min(line) >= LOW_E
    assert max(line) <= LOW_E + BASS_SPAN
    assert all(root % 12 == chord.bass for root, chord in zip(line, everything, strict=True))


def test_bass_lines_of_all_styles_seldom_leap_from_chord_to_chord() -> None:
    leaps: list[bool] = []
    for style in STYLES:
        plan = plan_in(style, seed=3)
        (bass,) = parts_of(plan, "bass")
        starts = {c.beat for c in plan.chords}
        roots = [n.midi for n in bass.notes if n.beat in starts]
        leaps += [abs(b - a) > 7 for a, b in itertools.pairwise(roots)]
    assert np.mean(leaps) < 0.05


@pytest.mark.parametrize("style", ["ballad", "cinematic", "dreambox"])
def test_a_countermelody_moves_between_chords_only_while_the_tune_does_not(style: str) -> None:
    between = 0
    for seed in (0, 3, 8):
        plan = plan_in(style, seed)
        onsets = np.array([n.beat for n in plan.melody if n.voice == "lead"])
        for part in parts_of(plan, "counter"):
            starts = {c.beat for c in plan.chords}
            for note in (n for n in part.notes if n.beat not in starts):
                between += 1
                assert not np.any((onsets > note.beat - 0.25) & (onsets < note.beat + 0.75))
                sounding = [n.midi for n in plan.melody if n.beat <= note.beat < n.end]
                assert all((m - note.midi) % 12 not in {1, 11} for m in sounding)
    assert between > 5


def passage_of(plan: VariantPlan, section: Section, seed: int = 0) -> Passage:
    start = section.start_bar * plan.bar_beats
    chords = [c for c in plan.chords if start <= c.beat < start + section.bars * plan.bar_beats]
    voicings = [tuple(60 + tone for tone in chord_tones(c)[:3]) for c in chords]
    return Passage(chords, voicings, plan, section, np.random.default_rng(seed), [79] * len(chords))


def by_onset(notes: list[GridNote]) -> dict[float, set[int]]:
    onsets: dict[float, set[int]] = defaultdict(set)
    for note in notes:
        onsets[round(note.beat * 4) / 4].add(note.midi)
    return onsets


def test_the_last_stroke_off_the_beat_has_the_next_chord_unless_the_tune_clashes() -> None:
    plan = plan_in("bossa")
    quiet = plan.model_copy(update={"melody": []})
    section = next(s for s in plan.sections if s.name == "chorus")
    passage = passage_of(quiet, section)
    struck = by_onset(CHORD_PATTERNS["bossa"](passage))
    ahead = 0
    for (chord, here), (_, following) in itertools.pairwise(zip(passage.chords, passage.voicings, strict=True)):
        last = struck.get(chord.beat + chord.beats - 0.5)
        if last and here != following:
            assert last <= set(following)
            ahead += 1
    assert ahead > 2
    one = passage.chords[1].beat - 0.5
    beside = GridNote(one, 0.5, passage.voicings[1][0] + 13, 0.7)
    clashing = passage_of(plan.model_copy(update={"melody": [beside]}), section)
    assert by_onset(CHORD_PATTERNS["bossa"](clashing))[one] <= set(passage.voicings[0])


def test_players_of_chords_leave_off_at_the_end_of_some_phrases_and_grow_through_them() -> None:
    plan = plan_in("campfire")
    section = next(s for s in plan.sections if s.name == "chorus" and s.bars >= 8)
    bar = plan.bar_beats
    strokes: list[int] = []
    loudness: dict[int, list[float]] = defaultdict(list)
    for seed in range(30):
        notes = CHORD_PATTERNS["strum"](passage_of(plan, section, seed))
        for number in range(0, section.bars - 3, 4):
            start = (section.start_bar + number) * bar
            late = by_onset([n for n in notes if start + 3.5 * bar <= n.beat < start + 4 * bar - 1e-6])
            strokes.append(len(late))
            for i in range(4):
                loudness[i] += [n.velocity for n in notes if abs(n.beat - start - i * bar) < 1e-6]
    assert 0.1 < np.mean(np.array(strokes) <= 1) < 0.7
    assert np.mean(loudness[0]) < np.mean(loudness[3])


def hits_of(plan: VariantPlan, groove: str, seed: int = 5) -> list[DrumHit]:
    return play_drums(plan, groove, np.random.default_rng(seed))


def test_the_last_stroke_of_a_song_is_one_of_its_own_drums() -> None:
    for style in STYLES.values():
        plan = plan_in(style.name)
        hits = hits_of(plan, style.groove)
        before = {h.drum for h in hits if h.beat < plan.total_beats - plan.bar_beats}
        last = {h.drum for h in hits if h.beat >= plan.total_beats - plan.bar_beats}
        assert last & {"kick", "taiko"} <= before


def test_hats_open_into_the_next_phrase_of_a_chorus_unless_there_is_a_fill() -> None:
    plan = plan_in("synthwave")
    chorus = next(s for s in plan.sections if s.name == "chorus" and s.bars >= 8)
    into = (chorus.start_bar + 4) * plan.bar_beats
    opened = 0
    for seed in range(8):
        hits = [h for h in hits_of(plan, "synthwave", seed) if h.beat == into - 0.5]
        filled = any(h.drum.startswith("tom") for h in hits)
        opened += any(h.drum == "open_hat" for h in hits)
        assert filled or [h.drum for h in hits if "hat" in h.drum] == ["open_hat"]
    assert opened > 2
