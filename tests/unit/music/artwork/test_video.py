"""The video of a song: it plays anywhere, lasts as long as the song, and shows what is heard when it is heard."""

from pathlib import Path

import mido
import numpy as np
import pytest
from numpy.typing import NDArray
from tests.fixtures.analyses import analysis_of, whole
from tests.fixtures.films import brightness_of, starts_at_once, streams
from tests.fixtures.music import rendered_variant
from tests.fixtures.tunes import TUNES

from soundstage.audio.io import Audio, write_wav
from soundstage.models.composition import Composition
from soundstage.models.errors import JobCanceled
from soundstage.models.music import GenParams, Key, Mode, RenderedVariant
from soundstage.music.arranging.arrangement import arrange
from soundstage.music.arranging.performance import clock_for, perform_drums, played_parts
from soundstage.music.artwork.video import (
    HEIGHT,
    MARGIN,
    ROLL_TOP,
    WAVE_HEIGHT,
    WAVE_TOP,
    WIDTH,
    caption,
    draw_visualiser,
)
from soundstage.music.artwork.video_roll import FRAMES_PER_S, NOW_X, PITCHED
from soundstage.music.composing.composition import compose_params
from soundstage.music.instruments.kit import GM_DRUMS
from soundstage.music.sounding.midi import read_midi, write_midi

RATE_HZ = 44_100
# Three notes of the tune, going up; there is sound for the first two seconds only.
PITCHES, ONSETS_S, NOTE_S = (60, 72, 84), (0.5, 1.0, 1.5), 0.4
SOUND_S, SONG_S = 2.0, 2.51


@pytest.fixture(scope="module")
def composition() -> Composition:
    analysis = analysis_of(TUNES[1], quarters_per_minute=112.0)
    return compose_params(analysis, whole(analysis), GenParams(duration_s=20, seed=3))


@pytest.fixture(scope="module")
def song(tmp_path_factory: pytest.TempPathFactory) -> RenderedVariant:
    folder = tmp_path_factory.mktemp("song")
    time = np.arange(round(SONG_S * RATE_HZ)) / RATE_HZ
    sound = 0.3 * np.sin(2 * np.pi * 330 * time) * (time < SOUND_S)
    write_wav(folder / "A.wav", Audio(np.repeat(sound[:, None], 2, axis=1).astype(np.float32), RATE_HZ))
    midi = mido.MidiFile(ticks_per_beat=480)
    midi.tracks.append(mido.MidiTrack([mido.MetaMessage("set_tempo", tempo=500_000)]))
    lead = mido.MidiTrack([mido.MetaMessage("track_name", name="lead 1: flute")])
    for pitch, gap_s in zip(PITCHES, (ONSETS_S[0], 0.1, 0.1), strict=True):
        lead.append(mido.Message("note_on", note=pitch, velocity=110, time=round(gap_s * 960)))
        lead.append(mido.Message("note_off", note=pitch, velocity=0, time=round(NOTE_S * 960)))
    midi.tracks.append(lead)
    midi.save(folder / "A.mid")
    paths = {"audio": str(folder / "A.wav"), "midi": str(folder / "A.mid")}
    return rendered_variant("A").model_copy(update=paths)


@pytest.fixture(scope="module")
def film(song: RenderedVariant, composition: Composition, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("film")
    draw_visualiser(folder / "A.mp4", song, composition, title="Morning hum", poster=folder / "A.jpg")
    return folder / "A.mp4"


@pytest.fixture(scope="module")
def frames(film: Path) -> NDArray[np.uint8]:
    return brightness_of(film, WIDTH, HEIGHT)


def at(time_s: float) -> int:
    return int(time_s * FRAMES_PER_S)


def test_it_plays_anywhere_and_as_long_as_the_song(film: Path, frames: NDArray[np.uint8]) -> None:
    assert starts_at_once(film)
    found = {stream.codec: stream.seconds for stream in streams(film)}
    assert set(found) == {"avc1", "mp4a"}
    for seconds in (found["avc1"], found["mp4a"], len(frames) / FRAMES_PER_S):
        assert seconds == pytest.approx(SONG_S, abs=1 / FRAMES_PER_S + 1e-3)
    content = film.read_bytes()
    profile, _, level = content[content.index(b"avcC") + 5 : content.index(b"avcC") + 8]
    assert (profile, level <= 40) == (77, True)  # Main, and no more than every phone of ten years decodes
    assert (film.parent / "A.jpg").read_bytes()[:3] == b"\xff\xd8\xff"


def test_notes_light_up_when_they_sound_higher_ones_higher(frames: NDArray[np.uint8]) -> None:
    notes = frames[:, ROLL_TOP + PITCHED[0] - 6 : ROLL_TOP + PITCHED[1] + 6, NOW_X + 4 : NOW_X + 20].astype(float)
    rows = []
    for onset_s in ONSETS_S:
        before, during = (notes[at(onset_s) + later].mean(axis=1) for later in (-2, 3))
        lit = np.flatnonzero(during > 180)
        assert 5 <= len(lit) <= 16
        assert during[lit].mean() > before[lit].mean() + 30
        rows.append(float(lit.mean()))
    assert rows[0] - rows[1] == pytest.approx(rows[1] - rows[2], abs=3.0)
    assert rows[0] > rows[1] + 40


def test_what_comes_moves_to_where_it_sounds(frames: NDArray[np.uint8]) -> None:
    # The third note, still to come, over dark ground.
    row = ROLL_TOP + PITCHED[1] - 60
    ahead = frames[:, row:, NOW_X + 60 : WIDTH - 150][:, :70].astype(float)
    stands = ahead - ahead[-1]
    moved = stands[at(0.2) + 10][:, :-40] - stands[at(0.2)][:, 40:]
    assert np.abs(stands[at(0.2)]).max() > 60
    assert np.abs(moved).max() < 20


def test_the_light_follows_the_level(frames: NDArray[np.uint8]) -> None:
    beside = frames[:, ROLL_TOP + 236 : ROLL_TOP + 244, NOW_X + 30 : NOW_X + 60].mean(axis=(1, 2))
    assert beside[at(1.0)] > beside[-1] + 3


def test_each_note_of_the_tune_sends_up_a_spark(frames: NDArray[np.uint8]) -> None:
    above = frames[:, 420 : ROLL_TOP - 20, NOW_X - 20 : NOW_X + 20].astype(float)
    changed = np.abs(above - above[0]).max(axis=2)
    highest = {time_s: np.flatnonzero(changed[at(time_s)] > 25).min(initial=999) for time_s in (1.0, 1.7, 1.9)}
    assert highest[1.9] < highest[1.7] < highest[1.0] == 999  # only the high third note's comes so far


def test_the_cover_stands_still(frames: NDArray[np.uint8]) -> None:
    cover = frames[:, :400].astype(float)
    assert np.abs(cover[5] - cover[-5]).mean() < 1.0
    assert cover[5].std() > 10


def test_progress_is_seen(frames: NDArray[np.uint8]) -> None:
    bars = frames[:, WAVE_TOP + WAVE_HEIGHT // 2, MARGIN : WIDTH - MARGIN] > 150
    share = bars.mean(axis=1)
    assert share[0] < 0.05 < share[at(1.0)] < share[at(2.0)] < share[-1]
    assert share[-1] > 0.6


def test_the_same_song_is_the_same_file(
    film: Path, song: RenderedVariant, composition: Composition, tmp_path: Path
) -> None:
    told: list[float] = []
    draw_visualiser(tmp_path / "again.mp4", song, composition, title="Morning hum", progress=told.append)
    assert (tmp_path / "again.mp4").read_bytes() == film.read_bytes()
    assert told == sorted(told)
    assert len(told) >= SONG_S


def test_who_stops_it_leaves_no_file(song: RenderedVariant, composition: Composition, tmp_path: Path) -> None:
    def stop(done: float) -> None:
        if done > 0.3:
            raise JobCanceled("Enough.")

    with pytest.raises(JobCanceled):
        draw_visualiser(tmp_path / "A.mp4", song, composition, title="\x00\ud800 呼吸 " + "long " * 60, progress=stop)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    ("tonic", "mode", "said"),
    [("A#", Mode.MAJOR, "B♭ major"), ("C#", Mode.MINOR, "C♯ minor"), ("F#", Mode.MAJOR, "F♯ major")],
)
def test_keys_are_named_as_musicians_do(song: RenderedVariant, tonic: str, mode: Mode, said: str) -> None:
    key = Key.model_validate({"tonic": tonic, "mode": mode})
    assert caption(song.model_copy(update={"key": key})) == f"Lofi  ·  {said}  ·  92 bpm"


def test_what_is_drawn_is_what_was_played(composition: Composition, tmp_path: Path) -> None:
    plan = composition.variants["A"]
    arrangement = arrange(plan)
    parts = played_parts(arrangement, plan)
    hits = perform_drums(arrangement.drums, clock_for(plan, arrangement.style), plan.seed)
    write_midi(tmp_path / "A.mid", plan, parts, hits)
    read = read_midi(tmp_path / "A.mid")
    tick_s = 60 / plan.tempo_bpm / 480
    for role in {part.layer.role for part, _ in parts}:
        played = sorted((n.start_s, n.midi) for part, notes in parts if part.layer.role == role for n in notes)
        drawn = sorted((n.start_s, n.midi) for n in read if n.role == role)
        assert len(drawn) == len(played)
        assert np.abs(np.array(sorted(s for s, _ in drawn)) - [s for s, _ in played]).max() <= tick_s
        assert sorted(m for _, m in drawn) == sorted(m for _, m in played)
    assert sum(n.role == "drums" for n in read) == sum(hit.drum in GM_DRUMS for hit in hits)
