"""music_generate: files that hold what they promise."""

from pathlib import Path

import mido
import numpy as np
import pytest
import soundfile as sf
from tests.fixtures.analyses import analysis_of, whole
from tests.fixtures.tunes import TUNES

from soundstage.audio.loudness import measure_loudness
from soundstage.audio.true_peak import true_peak_dbtp
from soundstage.models.composition import Composition
from soundstage.models.music import GenParams, Key, Mode, RenderedVariant
from soundstage.music.arranging.arrangement import arrange
from soundstage.music.composing.composition import compose_params
from soundstage.music.composing.styles import STYLES
from soundstage.music.composing.tilt import BANDS_HZ, reference_curve
from soundstage.music.generation import music_generate, play
from soundstage.music.instruments.orchestra import ORCHESTRA
from soundstage.music.sounding.mastering import band_levels_db

RATE_HZ = 44_100


def composition_of(style: str, *, duration_s: float = 22.0, seed: int = 3) -> Composition:
    analysis = analysis_of(TUNES[1], quarters_per_minute=112.0)
    return compose_params(analysis, whole(analysis), GenParams(style_a=style, duration_s=duration_s, seed=seed))


@pytest.fixture(scope="module")
def song(tmp_path_factory: pytest.TempPathFactory) -> tuple[Composition, RenderedVariant]:
    composition = composition_of("ballad")
    return composition, music_generate(composition, "A", tmp_path_factory.mktemp("song"))


def test_the_wav_is_mastered(song: tuple[Composition, RenderedVariant]) -> None:
    composition, variant = song
    meta = sf.info(variant.audio)
    assert (meta.subtype, meta.samplerate, meta.channels) == ("PCM_24", RATE_HZ, 2)
    samples, rate_hz = sf.read(variant.audio, dtype="float32")
    assert measure_loudness(samples, rate_hz).integrated_lufs == pytest.approx(-14.0, abs=0.15)
    assert true_peak_dbtp(samples, rate_hz, 8) <= -1.0
    assert len(samples) / rate_hz == pytest.approx(composition.variants["A"].duration_s, abs=0.01)
    assert np.abs(samples[-400:]).max() < 1e-2


def test_midi_has_no_track_without_notes(tmp_path: Path) -> None:
    params = GenParams(style_a="campfire", without=["drums"], duration_s=20.0)
    analysis = analysis_of(TUNES[2])
    variant = music_generate(compose_params(analysis, whole(analysis), params), "A", tmp_path)
    for track in mido.MidiFile(variant.midi).tracks[1:]:
        assert any(message.type == "note_on" for message in track), track.name


def test_midi_names_its_players_and_says_tempo_and_key(song: tuple[Composition, RenderedVariant]) -> None:
    composition, variant = song
    plan = composition.variants["A"]
    midi = mido.MidiFile(variant.midi)
    names = [m.name for track in midi.tracks for m in track if m.type == "track_name"]
    assert any(name.startswith("lead") for name in names)
    assert "drums" in names
    conductor = {m.type: m for m in midi.tracks[0]}
    assert mido.tempo2bpm(conductor["set_tempo"].tempo) == pytest.approx(plan.tempo_bpm, abs=0.01)
    assert conductor["key_signature"].key == plan.key.tonic
    # The last chord rings on, after a ritardando.
    assert plan.total_beats * 60 / plan.tempo_bpm <= midi.length <= plan.duration_s
    lead = next(t for t in midi.tracks if t.name.startswith("lead"))
    struck = [m.note for m in lead if m.type == "note_on"]
    assert struck == [n.midi for n in plan.melody if n.voice == "lead"]


def test_pictures_are_drawn(song: tuple[Composition, RenderedVariant]) -> None:
    for name in ("piano_roll", "spectrogram"):
        assert Path(song[1].pictures[name]).read_bytes().startswith(b"\x89PNG")


def test_same_plan_same_bytes(song: tuple[Composition, RenderedVariant], tmp_path: Path) -> None:
    shares: list[float] = []
    again = music_generate(song[0], "A", tmp_path, progress=shares.append)
    assert len(shares) > 5  # after every player
    assert shares == sorted(shares)
    assert 0 <= shares[0] <= shares[-1] < 1
    for name in ("audio", "midi"):
        assert Path(getattr(again, name)).read_bytes() == Path(getattr(song[1], name)).read_bytes()


@pytest.mark.slow
def test_a_song_without_its_tune_is_made_again(song: tuple[Composition, RenderedVariant], tmp_path: Path) -> None:
    composition = song[0].model_copy(deep=True)
    plan = composition.variants["A"]
    composition.variants["A"] = plan.model_copy(update={"lead_gain_db": -60.0, "key": Key(tonic="C", mode=Mode.MINOR)})
    again = music_generate(composition, "A", tmp_path)
    assert again.key == composition.alternatives["A"].key


@pytest.mark.slow
@pytest.mark.parametrize("style", STYLES)
def test_every_pack_masters_well(style: str) -> None:
    composition = composition_of(style)
    performance = play(composition, composition.variants["A"])
    assert performance.loudness.integrated_lufs == pytest.approx(-14.0, abs=0.3)
    assert true_peak_dbtp(performance.samples, RATE_HZ, 8) <= -1.0
    error = band_levels_db(performance.samples) - reference_curve(BANDS_HZ)
    assert np.abs(error - np.median(error)).max() < 12.0


@pytest.mark.slow
def test_every_part_stays_in_its_range() -> None:

    for style in STYLES:
        arrangement = arrange(composition_of(style, duration_s=40.0).variants["A"])
        for part in arrangement.parts:
            instrument = ORCHESTRA[part.layer.instrument]
            assert all(instrument.low <= n.midi <= instrument.high for n in part.notes)
            assert all(0 < n.velocity <= 1 and n.beats > 0 and n.beat >= 0 for n in part.notes)
