"""Modes keep to their own chords and are named where they are; five and seven have bars and grooves of their own."""

from dataclasses import replace

import pytest
from tests.fixtures.analyses import analysis_of, whole
from tests.fixtures.tunes import BAR_BEATS, TUNES, Melody, written
from tests.fixtures.unheard_tunes import UNHEARD_TUNES

from soundstage.models.composition import QUARTERS_PER_BAR, Meter
from soundstage.models.music import Analysis, GenParams, Key, Mode, Scale
from soundstage.music.arranging.arrangement import arrange
from soundstage.music.composing.composition import compose_params
from soundstage.music.composing.grooves import GROOVES, LIFTS, groove_distance
from soundstage.music.composing.harmony import QUALITIES
from soundstage.music.composing.melody import PITCH_CLASSES, SCALES, in_key, melody_from_hum
from soundstage.music.listening.scale import with_scale

MODAL = {
    Scale.DORIAN: written("d", "D4m", "4/4", "D E F G A B A:2 | C5 B A G A F D:2 | F G A B C5 B A:2 | G F E C D:4"),
    Scale.PHRYGIAN: written("p", "E4m", "4/4", "E F G F E D E:2 | G A B A G F E:2 | B A G F G F E D | E F E D E:4"),
    Scale.LYDIAN: written("l", "F4", "4/4", "F G A B C5:2 A:2 | B A G A F:4 | C5 B A G A B C5:2 | A G F E F:4"),
    Scale.MIXOLYDIAN: written("m", "G4", "4/4", "G A B D5 F5 E5 D5:2 | F5 E5 D5 C5 B:2 G:2 | C5 B A F G:2 A B | G:4"),
    Scale.MAJOR_PENTATONIC: written(
        "g", "C4", "4/4", "E E:.5 G:.5 A C5 A G:2 E | G A C5 D5 C5 A G:2 | E G A G E D C:2 | D E G E D C C:2"
    ),
    Scale.MINOR_PENTATONIC: written(
        "y", "A4m", "4/4", "A C5 D5 E5 G5:2 E5:2 | D5 E5 C5 D5 A:2 G:2 | A C5 D5 E5 D5 C5 A:2 | G A C5 A G E A:2"
    ),
}


def heard(melody: Melody) -> Analysis:
    analysis = analysis_of(melody)
    assert analysis.key is not None
    return analysis.model_copy(update={"key": with_scale(analysis.key, [n.midi for n in analysis.notes], 0)})


@pytest.mark.parametrize("scale", MODAL)
def test_a_mode_is_named_and_its_chords_are_its_own(scale: Scale) -> None:
    analysis = heard(MODAL[scale])
    assert analysis.key is not None
    assert analysis.key.scale is scale
    composition = compose_params(analysis, whole(analysis), GenParams(seed=2, duration_s=40))
    # Pentatonic tunes stand over chords of the seven notes around them.
    own = set(SCALES[scale if len(SCALES[scale]) == 7 else scale.third])
    for plan in composition.variants.values():
        assert plan.theory.semitone_clashes == 0
        tones = {(chord.root + tone) % 12 for chord in plan.chords for tone in QUALITIES[chord.quality][:3]}
        assert not plan.sections[-1].lift_semitones or tones
        if not any(section.lift_semitones for section in plan.sections):
            assert tones <= own


def test_the_chord_that_tells_the_mode_is_there() -> None:
    telling = {Scale.MIXOLYDIAN: (10, 4), Scale.DORIAN: (5, 4), Scale.LYDIAN: (2, 4), Scale.PHRYGIAN: (1, 4)}
    for scale, (root, third) in telling.items():
        analysis = heard(MODAL[scale])
        composition = compose_params(analysis, whole(analysis), GenParams(seed=1, duration_s=60))
        for plan in composition.variants.values():
            assert any((c.root, QUALITIES[c.quality][1]) == (root, third) for c in plan.chords), scale


@pytest.mark.parametrize("tune", [*TUNES, *UNHEARD_TUNES], ids=lambda tune: tune.name)
def test_plain_tunes_are_in_no_mode(tune: Melody) -> None:
    """Those that are named are pentatonic, and one Mixolydian reel."""
    steps = [step for step, _ in tune.steps if step is not None]
    key = with_scale(Key(tonic="C", mode=tune.mode), steps, 0)
    named = {
        "amazing grace": Scale.MAJOR_PENTATONIC,
        "auld lang syne": Scale.MAJOR_PENTATONIC,
        "mo li hua": Scale.MAJOR_PENTATONIC,
        "old joe clark": Scale.MIXOLYDIAN,
    }
    assert key.scale == named.get(tune.name)


def test_a_tune_is_moved_into_a_mode() -> None:
    melody = melody_from_hum(analysis_of(TUNES[0]), whole(analysis_of(TUNES[0])))
    for scale in Scale:
        moved = in_key(melody, Key(tonic="D", mode=scale.third, scale=scale))
        strange = [n for n in moved.notes if (n.midi - 2) % 12 not in SCALES[scale]]
        assert len(strange) <= 0.1 * len(moved.notes), scale
        assert len(moved.notes) == len(melody.notes)


@pytest.mark.parametrize("tune", [*TUNES, *UNHEARD_TUNES][:8], ids=lambda tune: tune.name)
def test_in_a_key_of_the_same_notes_a_tune_stays_as_it_is(tune: Melody) -> None:
    analysis = analysis_of(tune)
    melody = melody_from_hum(analysis, whole(analysis))
    steps, other = (9, Mode.MINOR) if melody.key.mode is Mode.MAJOR else (3, Mode.MAJOR)
    plain = Key(tonic=melody.key.tonic, mode=melody.key.mode)
    relative = Key(tonic=PITCH_CLASSES[(melody.tonic + steps) % 12], mode=other)

    assert in_key(replace(melody, key=plain), relative).notes == melody.notes
    params = GenParams(key=relative, duration_s=20)
    assert not any("notes are others" in said for said in compose_params(analysis, whole(analysis), params).warnings)
    parallel = compose_params(
        analysis, whole(analysis), GenParams(key=plain.model_copy(update={"mode": other}), duration_s=20)
    )
    assert any("notes are others" in said for said in parallel.warnings)


def test_a_key_says_its_scale_in_words() -> None:
    assert Key(tonic="D", mode=Mode.MINOR, scale=Scale.DORIAN).in_words == "D Dorian"
    assert Key(tonic="A#", mode=Mode.MAJOR, scale=Scale.MAJOR_PENTATONIC).in_words == "B♭ major pentatonic (gong)"
    with pytest.raises(ValueError, match="minor third"):
        Key(tonic="D", mode=Mode.MAJOR, scale=Scale.DORIAN)


ODD: dict[Meter, Melody] = {
    "5/4": Melody("five", Mode.MAJOR, "5/4", tuple((s, b) for s, b in zip([0, 2, 4, 7, 5, 4, 2, 4, 0] * 4, [1, 1, 1, 2, 1, .5, .5, 1, 2] * 4, strict=True))),  # noqa: E501
    "7/8": Melody("seven", Mode.MINOR, "7/8", tuple((s, b) for s, b in zip([0, 3, 5, 7, 5, 3, 2, 0] * 4, [1, .5, .5, 1.5, .5, .5, 1, 1.5] * 4, strict=True))),  # noqa: E501
}  # fmt: skip


@pytest.mark.parametrize("meter", ODD)
def test_a_song_in_five_or_seven_keeps_its_bars(meter: Meter) -> None:
    analysis = analysis_of(ODD[meter])
    composition = compose_params(analysis, whole(analysis), GenParams(seed=4, duration_s=40))
    for plan in composition.variants.values():
        assert plan.meter == meter
        assert plan.theory.semitone_clashes <= 1
        stated = [n for n in plan.melody if n.hummed is not None]
        downbeats = {n.hummed for n in stated if n.beat % plan.bar_beats < 1e-6}
        starts = {i for i, beat in enumerate(_starts(ODD[meter])) if beat % QUARTERS_PER_BAR[meter] < 1e-6}
        assert starts & {n.hummed for n in stated} <= downbeats
        parts = arrange(plan)
        assert all(hit.beat < plan.total_beats for hit in parts.drums)
        assert len(parts.drums) > 40


def _starts(melody: Melody) -> list[float]:
    starts, now = [], 0.0
    for _, beats in melody.steps:
        starts.append(now)
        now += beats
    return starts


@pytest.mark.parametrize("meter", LIFTS)
def test_grooves_fill_their_bars(meter: Meter) -> None:
    for groove in GROOVES.values():
        for pattern in groove.patterns(meter):
            assert {len(marks) for marks in pattern.values()} == {round(4 * QUARTERS_PER_BAR[meter])}
    assert 0 < groove_distance("campfire", "house", meter) <= 1
    assert meter in BAR_BEATS or meter in ODD
