"""Meter, chords and intro that a person asks for are in the song, and where they are not, it is said."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.fixtures.analyses import analysis_of, whole
from tests.fixtures.tunes import TUNES

from soundstage.models.composition import QUARTERS_PER_BAR, Composition, Meter
from soundstage.models.errors import InvalidInput
from soundstage.models.music import GenParams, Key, Mode
from soundstage.music.arranging.arrangement import arrange
from soundstage.music.composing.chord_names import key_of_chords, read_chord
from soundstage.music.composing.composition import compose_params
from soundstage.music.composing.harmony import QUALITIES
from soundstage.music.composing.melody import Melody, melody_from_hum
from soundstage.music.composing.rebar import BEATS_OF_FOUR, in_meter
from soundstage.music.composing.styles import PLAYERS, STYLES

MAJOR = [tune for tune in TUNES if tune.mode is Mode.MAJOR]
METERS = list(QUARTERS_PER_BAR)


def composed(number: int = 0, **params: object) -> Composition:
    analysis = analysis_of(MAJOR[number])
    return compose_params(analysis, whole(analysis), GenParams.model_validate({"duration_s": 60, **params}))


def melody(number: int) -> Melody:
    analysis = analysis_of(TUNES[number % len(TUNES)])
    return melody_from_hum(analysis, whole(analysis))


@given(number=st.integers(0, len(TUNES) - 1), meter=st.sampled_from(METERS))
@settings(max_examples=60, deadline=None)
def test_a_tune_in_another_meter_has_all_its_notes_and_its_downbeats(number: int, meter: Meter) -> None:
    before = melody(number)
    after = in_meter(before, meter)
    assert [n.midi for n in after.notes] == [n.midi for n in before.notes]
    assert after.bars == before.bars
    for a, b in zip(before.notes, after.notes, strict=True):
        assert b.beats > 0
        if abs(a.beat % before.bar_beats) < 1e-6:
            assert b.beat == a.beat / before.bar_beats * after.bar_beats
    for first, then in zip(after.notes, after.notes[1:], strict=False):
        assert first.end <= then.beat + 1e-6
    assert after.notes[-1].end <= after.bars * after.bar_beats + 0.25


def test_every_meter_has_a_place_for_every_beat_of_four() -> None:
    assert BEATS_OF_FOUR.keys() == QUARTERS_PER_BAR.keys()
    for meter, places in BEATS_OF_FOUR.items():
        assert (places[0], places[-1]) == (0, QUARTERS_PER_BAR[meter])
        assert sorted(set(places)) == list(places)


@pytest.mark.parametrize("meter", METERS)
def test_the_song_is_in_the_meter_that_is_asked_for(meter: Meter) -> None:
    composition = composed(1, meter=meter)
    assert {plan.meter for plan in composition.variants.values()} == {meter}
    prompted = composed(1, prompt=f"in {meter}, please")
    assert {plan.meter for plan in prompted.variants.values()} == {meter}


def test_a_waltz_is_in_three() -> None:
    number = next(i for i, tune in enumerate(MAJOR) if tune.meter == "4/4")
    assert {plan.meter for plan in composed(number, prompt="make it a waltz").variants.values()} == {"3/4"}


@pytest.mark.parametrize("number", range(len(MAJOR)))
def test_the_chords_that_are_asked_for_stand_where_the_tune_bears_them(number: int) -> None:
    composition = composed(number, prompt="Am F C G")
    plan = composition.variants["A"]
    assert (plan.key.tonic, plan.key.mode) == ("C", "major")
    asked = [(9, 3), (5, 4), (0, 4), (7, 4)]
    kept = bars = 0
    for section in plan.sections:
        if section.name in {"outro", "intro", "break"} or section.lift_semitones or section.statement != 1:
            continue
        for bar in range(section.bars):
            begins = (section.start_bar + bar) * plan.bar_beats
            under = [c for c in plan.chords if begins - 1e-6 <= c.beat < begins + plan.bar_beats - 1e-6]
            wanted = asked[(bar + section.melody_bar) % 4]
            bars += 1
            kept += any((c.root, QUALITIES[c.quality][1]) == wanted for c in under)
    assert kept >= 0.4 * bars
    said = [warning for warning in composition.warnings if "fit the tune in" in warning]
    assert said or kept == bars
    assert plan.theory.semitone_clashes <= 2


def test_chords_from_outside_the_key_are_played_too() -> None:
    plan = composed(0, chords=["C", "Ab", "Bb", "C"]).variants["A"]
    assert {8, 10} <= {chord.root for chord in plan.chords}


def test_what_is_no_chord_is_refused() -> None:
    with pytest.raises(InvalidInput, match="H7"):
        composed(0, chords=["Am", "H7"])


@pytest.mark.parametrize(("words", "bars"), [("no intro", 0), ("4 bars intro", 4), ("two-bar intro", 2)])
def test_the_intro_is_as_long_as_is_asked_for(words: str, bars: int) -> None:
    number = next(i for i, tune in enumerate(MAJOR) if not tune.pickup_beats)
    for plan in composed(number, prompt=words).variants.values():
        assert sum(s.bars for s in plan.sections if s.name == "intro") == bars
        assert sum(s.bars for s in plan.sections) * plan.bar_beats == plan.total_beats


def test_an_upbeat_keeps_its_bar_without_an_intro_and_a_long_intro_is_not_pretended() -> None:
    number = next(i for i, tune in enumerate(MAJOR) if tune.pickup_beats)
    plan = composed(number, intro_bars=0).variants["A"]
    assert sum(s.bars for s in plan.sections if s.name == "intro") == 1
    assert 0 in {n.hummed for n in plan.melody}
    short = composed(number, intro_bars=8, duration_s=15)
    assert any("no room for an intro of 8 bars" in warning for warning in short.warnings)


@pytest.mark.parametrize(
    ("name", "chord"),
    [("Am", (9, "m")), ("F", (5, "")), ("Bb", (10, "")), ("F#m7", (6, "m")), ("G7", (7, "7")), ("Bdim", (11, "dim")),
     ("Cmaj7", (0, "")), ("Dsus4", (2, "")), ("C/E", (0, "")), ("H", None), ("amour", None)],
)  # fmt: skip
def test_chord_names_are_read(name: str, chord: tuple[int, str] | None) -> None:
    assert read_chord(name) == chord


def test_the_key_of_a_progression() -> None:
    four = [(9, "m"), (5, ""), (0, ""), (7, "")]
    assert key_of_chords(four, Mode.MAJOR) == Key(tonic="C", mode=Mode.MAJOR)
    assert key_of_chords(four, Mode.MINOR) == Key(tonic="A", mode=Mode.MINOR)


@pytest.mark.parametrize("player", sorted(PLAYERS - {"drums", "bass"}))
def test_who_is_asked_for_joins_every_style(player: str) -> None:
    plan = composed(seed=3, style_a="house", duration_s=30).variants["A"]
    for style in STYLES:
        parts = arrange(plan.model_copy(update={"style": style, "featuring": [player]})).parts
        heard = [
            part
            for part in parts
            if player in {part.layer.instrument.replace("_", " "), *part.layer.instrument.split("_")}
        ]
        notes = [note for part in heard for note in part.notes]
        assert len(notes) > 8, style
        # Not only where all play: in half of the sections at least.
        sections = {(plan.section_at(note.beat).start_bar) for note in notes}
        assert len(sections) >= len(plan.sections) / 2, style


def test_both_songs_have_the_players_that_were_asked_for() -> None:
    songs = composed(seed=5, prompt="lofi and synthwave with trumpet, piano and cello").variants
    for plan in songs.values():
        assert plan.featuring == ["trumpet", "piano", "cello"]
        players = {(part.layer.role, part.layer.instrument) for part in arrange(plan).parts}
        assert {("lead", "trumpet"), ("counter", "cello"), ("chords", "piano")} <= players
    assert {plan.style for plan in songs.values()} == {"lofi", "synthwave"}


def test_two_players_of_chords_share_a_band_and_nobody_unknown_joins() -> None:
    plan = composed(seed=5, style_a="house", featuring=["piano", "guitar", "harp"]).variants["A"]
    chords = {part.layer.instrument for part in arrange(plan).parts if part.layer.role == "chords"}
    assert chords == {"piano", "steel_guitar", "harp"}
    with pytest.raises(InvalidInput, match="theremin"):
        composed(featuring=["theremin"])
