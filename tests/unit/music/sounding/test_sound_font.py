"""The sound font: what FluidSynth is told, what it gives back, and who plays where it is missing.

FluidSynth and FluidR3 may or may not be on the machine; what needs both is skipped where they are not.
"""

import itertools
import stat
from collections.abc import Callable
from pathlib import Path
from typing import Any

import mido
import numpy as np
import pytest
from tests.fixtures.analyses import analysis_of, whole
from tests.fixtures.tunes import TUNES

from soundstage.audio.pitch import midi_to_hz
from soundstage.models.composition import Composition, Expression, VariantPlan
from soundstage.models.music import GenParams
from soundstage.music.arranging.arrangement import Part
from soundstage.music.arranging.performance import PlayedHit, slurs_resolved
from soundstage.music.composing.composition import compose_params
from soundstage.music.composing.styles import Layer
from soundstage.music.generation import music_generate, play
from soundstage.music.instruments.kit import KITS
from soundstage.music.instruments.modal_synthesis import RATE_HZ
from soundstage.music.instruments.notes import PlayedNote
from soundstage.music.instruments.orchestra import ORCHESTRA
from soundstage.music.sounding.midi import BEND_SEMITONES, write_midi
from soundstage.music.sounding.sound_font import (
    INSTRUMENTS,
    SAMPLED_KITS,
    SoundFont,
    SoundFontFailed,
    find_sound_font,
    slur,
)

FOUND = find_sound_font()
needs_font = pytest.mark.skipif(FOUND is None, reason="FluidSynth or FluidR3 is not on this machine")


def composed(style: str = "campfire") -> Composition:
    analysis = analysis_of(TUNES[1], quarters_per_minute=112.0)
    return compose_params(analysis, whole(analysis), GenParams(style_a=style, duration_s=16.0, seed=3))


@pytest.fixture(scope="module")
def plan() -> VariantPlan:
    return composed().variants["A"]


def player(instrument: str) -> Part:
    return Part(instrument, Layer("lead", instrument))


def note(midi: int, *, start_s: float = 0.2, seconds: float = 1.0, **expression: Any) -> PlayedNote:
    return PlayedNote(start_s, seconds, midi, 0.7, Expression(**expression))


@pytest.fixture
def stand_in(tmp_path: Path) -> Callable[[str], SoundFont]:
    """A program in FluidSynth's place, which keeps the MIDI that it is given."""

    def write(script: str) -> SoundFont:
        program = tmp_path / "fluidsynth"
        program.write_text(f'#!/bin/sh\nfor last; do :; done\ncp "$last" {tmp_path}/heard.mid\n{script}\n')
        program.chmod(program.stat().st_mode | stat.S_IXUSR)
        return SoundFont(program, tmp_path / "Some Font.sf2")

    return write


def test_what_it_plays_is_ours_too() -> None:
    assert set(ORCHESTRA) > INSTRUMENTS
    assert SAMPLED_KITS.keys() < KITS.keys()


def test_it_is_asked_for_dry_sound_and_nothing_else() -> None:
    command = SoundFont(Path("/usr/bin/fluidsynth"), Path("/fonts/f.sf2")).command(Path("in.mid"), Path("out.raw"))
    told = dict(itertools.pairwise(command))
    assert command[-2:] == ["/fonts/f.sf2", "in.mid"]
    assert (told["-R"], told["-C"], told["-T"], told["-O"], told["-F"]) == ("0", "0", "raw", "float", "out.raw")
    assert told["-r"] == str(RATE_HZ)


def test_the_voice_s_expression_becomes_bend_and_expression(plan: VariantPlan, tmp_path: Path) -> None:
    sung = note(69, scoop_cents=-80.0, vibrato_cents=25.0, swell_db=(-6.0, 0.0, 4.0, -6.0))
    write_midi(tmp_path / "m.mid", plan, [(player("violin"), [sung])], [])
    track = mido.MidiFile(tmp_path / "m.mid").tracks[1]
    controls = [(m.control, m.value) for m in track if m.type == "control_change"]
    assert [c for c in controls if c[0] in (101, 100, 6)] == [(101, 0), (100, 0), (6, BEND_SEMITONES)]
    bends = [100 * BEND_SEMITONES * m.pitch / 8192 for m in track if m.type == "pitchwheel"]
    assert bends[0] == pytest.approx(-80.0, abs=0.1)
    assert max(bends) == pytest.approx(25.0, abs=2.0)
    loudness_db = [40 * np.log10(value / 127) for number, value in controls if number == 11]
    assert max(loudness_db) - loudness_db[0] == pytest.approx(10.0, abs=0.8)


def test_a_key_is_let_go_before_it_is_struck_again(plan: VariantPlan, tmp_path: Path) -> None:
    played = [note(60, start_s=0.0, seconds=2.0), note(60, start_s=0.5, seconds=2.0)]
    write_midi(tmp_path / "m.mid", plan, [(player("piano"), played)], [])
    keys = [m.type for m in mido.MidiFile(tmp_path / "m.mid").tracks[1] if m.type.startswith("note")]
    assert keys == ["note_on", "note_off", "note_on", "note_off"]


def test_both_sides_are_summed_and_cut_to_length(
    plan: VariantPlan, stand_in: Callable[[str], SoundFont], tmp_path: Path
) -> None:
    np.tile(np.array([0.25, 0.5], "<f4"), 900).tofile(tmp_path / "said.raw")
    font = stand_in(f'while [ "$1" != -F ]; do shift; done; cp {tmp_path}/said.raw "$2"')
    assert font.name == "Some Font"
    for frames in (500, 1200):
        sound = font.part(player("piano"), [note(60)], plan, frames)
        assert sound.dtype == np.float32
        assert sound.tolist() == [0.75] * min(frames, 900) + [0.0] * (frames - min(frames, 900))
    assert any(m.type == "note_on" for m in mido.MidiFile(tmp_path / "heard.mid").tracks[1])


@pytest.mark.parametrize("script", ["exit 1", "true", 'while [ "$1" != -F ]; do shift; done; echo no > "$2"'])
def test_where_it_fails_our_own_instruments_play(
    plan: VariantPlan, stand_in: Callable[[str], SoundFont], script: str
) -> None:
    font = stand_in(script)
    with pytest.raises(SoundFontFailed):
        font.part(player("piano"), [note(60)], plan, 1000)
    composition = composed("musette")
    performance = play(composition, composition.variants["A"], None, font)
    own = play(composition, composition.variants["A"])
    assert performance.sound_font is None
    assert np.array_equal(performance.samples, own.samples)


def test_without_program_or_font_there_is_none(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert find_sound_font(tmp_path / "missing.sf2") is None
    (tmp_path / "there.sf2").touch()
    monkeypatch.setenv("PATH", str(tmp_path))
    assert find_sound_font(tmp_path / "there.sf2") is None


def test_slurred_notes_are_played_by_two_hands_that_hand_over_without_a_gap() -> None:
    tongued, first = note(60, start_s=0.5, seconds=0.5), note(64, start_s=1.0, seconds=0.5)
    slurred = note(65, start_s=1.5, seconds=0.5, slurred=True, scoop_cents=-80.0)
    hands = slur([tongued, first, slurred], 0.0)
    assert [[n.midi for n in hand.notes] for hand in hands] == [[60, 64], [65]]
    assert hands[1].notes[0].start_s < 1.4
    assert hands[1].notes[0].expression.scoop_cents == 0.0
    gains = np.stack([hand.gain(3 * RATE_HZ) for hand in hands])
    assert gains[:, RATE_HZ].tolist() == [1.0, 0.0]
    assert gains[:, 2 * RATE_HZ].tolist() == [0.0, 1.0]
    assert np.square(gains[:, RATE_HZ : 2 * RATE_HZ]).sum(axis=0) == pytest.approx(1.0)


def test_the_same_pitch_again_is_struck() -> None:
    again = [note(60, start_s=0.5, seconds=0.5), note(60, start_s=1.0, seconds=0.5, slurred=True)]
    assert [len(hand.notes) for hand in slur(slurs_resolved(again), 0.0)] == [2]


@needs_font
@pytest.mark.parametrize("instrument", ["clarinet", "flute", "saxophone", "violin"])
def test_a_slur_has_no_hole(plan: VariantPlan, instrument: str) -> None:
    assert FOUND is not None
    played = [note(67, start_s=0.3, seconds=0.7), note(69, start_s=1.0, seconds=0.7, slurred=True)]
    sound = FOUND.part(player(instrument), played, plan, 2 * RATE_HZ)
    steps = np.square(sound[: 2 * RATE_HZ // 882 * 882].reshape(-1, 882)).mean(axis=1)
    assert steps[46:55].min() > 0.2 * np.median(steps[35:70])


@needs_font
@pytest.mark.parametrize("instrument", sorted(INSTRUMENTS))
def test_it_plays_in_tune(plan: VariantPlan, instrument: str) -> None:
    assert FOUND is not None
    midi = min(max(60, ORCHESTRA[instrument].low), ORCHESTRA[instrument].high)
    sound = FOUND.part(player(instrument), [note(midi, start_s=0.1, seconds=1.5)], plan, 2 * RATE_HZ)
    power = np.abs(np.fft.rfft(sound[RATE_HZ // 4 : 5 * RATE_HZ // 4] * np.hanning(RATE_HZ))) ** 2
    near = [round(midi_to_hz(midi) * 2 ** (cents / 1200) * k) for k in (1, 2) for cents in range(-45, 50, 5)]
    off = [round(midi_to_hz(midi) * 2 ** (semitones / 12)) for semitones in (-2, -1, 1, 2)]
    assert power[near].max() > 20 * power[off].max()


@needs_font
def test_drums_keep_the_balance_of_our_own_kit(plan: VariantPlan) -> None:
    assert FOUND is not None
    played = [PlayedHit(0.0, "kick", 0.8), PlayedHit(1.0, "snare", 0.8), PlayedHit(2.0, "kick", 0.4)]
    stems = FOUND.drums("acoustic", played, plan, 3 * RATE_HZ)
    assert stems.keys() == {"kick", "snare"}
    assert not stems["snare"][: RATE_HZ - 1].any()
    loud, soft = (np.square(stems["kick"][s * RATE_HZ : (s + 1) * RATE_HZ]).sum() for s in (0, 2))
    assert loud > 2 * soft > 0


@needs_font
def test_same_seed_same_bytes_and_the_result_says_who_played(tmp_path: Path) -> None:
    composition = composed()
    songs = [music_generate(composition, "A", tmp_path / name, None, FOUND) for name in ("one", "two")]
    assert Path(songs[0].audio).read_bytes() == Path(songs[1].audio).read_bytes()
    assert songs[0].sound_font == "FluidR3_GM"
    assert songs[0].integrated_lufs == pytest.approx(-14.0, abs=0.15)
    assert songs[0].true_peak_dbtp <= -1.0
