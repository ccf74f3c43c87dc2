"""An album: its songs stay as loud and as bright beside each other as they were."""

import numpy as np
import pytest
from tests.fixtures.pairs import song, through_ffmpeg

from soundstage.audio.io import Audio
from soundstage.audio.loudness import measure_loudness
from soundstage.audio.streams import MemoryReader, MemoryWriter
from soundstage.match.album import album_loudness, match_album
from soundstage.match.pipeline import Match
from soundstage.match.report import verdict
from soundstage.models.errors import InvalidInput
from soundstage.models.style import Amounts, EqBand, LoudnessTarget, StyleParams

RATE_HZ = 44_100
SECONDS = 8
LEVELS_DB = (-6.0, -12.0, -9.0)


def of(samples: np.ndarray) -> Audio:
    return Audio(np.ascontiguousarray(samples, np.float32), RATE_HZ)


def lufs(audio: Audio) -> float:
    return measure_loudness(audio.samples, RATE_HZ).integrated_lufs


def matched(album: list[Audio], reference: Audio | None, **options: object) -> tuple[list[Match], list[Audio]]:
    writers = [MemoryWriter() for _ in album]
    targets = [(MemoryReader(audio), writer) for audio, writer in zip(album, writers, strict=True)]
    references = [(MemoryReader(reference), 1.0)] if reference else []
    matches = match_album(references, targets, **options)  # type: ignore[arg-type]
    made = [writer.audio for writer in writers if writer.audio is not None]
    assert [audio.frames for audio in made] == [audio.frames for audio in album]
    return matches, made


@pytest.fixture(scope="module")
def album() -> list[Audio]:
    return [of(song(k, seconds=SECONDS) * 10 ** (db / 20)) for k, db in enumerate(LEVELS_DB)]


@pytest.fixture(scope="module")
def master() -> Audio:
    return of(through_ffmpeg(song(9, seconds=SECONDS), RATE_HZ, "volume=6dB,alimiter=limit=0.9:level=0:latency=1"))


def test_all_songs_get_one_style_and_as_many_lu(album: list[Audio], master: Audio) -> None:
    matches, made = matched(album, master, strength="close")
    moved = [lufs(after) - lufs(before) for before, after in zip(album, made, strict=True)]
    np.testing.assert_allclose(moved, moved[0], atol=0.1)
    loudness = album_loudness([(lufs(audio), SECONDS) for audio in made])
    assert loudness == pytest.approx(matches[0].album_lufs, abs=0.05)
    assert loudness == pytest.approx(lufs(master), abs=0.1)
    common = {"lufs", "input_lufs", "notes"}
    assert matches[0].params.eq
    assert matches[0].params.model_dump(exclude=common) == matches[1].params.model_dump(exclude=common)
    assert all(match.metrics_after.lufs_err is not None and match.metrics_after.lufs_err < 0.1 for match in matches)
    assert f"an album of {loudness:.1f}" in verdict(
        matches[0].metrics_before, matches[0].metrics_after, matches[0].album_lufs
    )


def test_one_song_without_room_holds_all_back(album: list[Audio], master: Audio) -> None:
    spiky = album[0].samples.copy()
    spiky[:: RATE_HZ // 4] = 0.9  # peaks far above the loudness: an album that cannot become as loud
    spiky *= 0.05
    matches, made = matched([album[1], of(spiky)], of(master.samples * np.float32(3.0)))
    moved = [lufs(after) - lufs(before) for before, after in zip([album[1], of(spiky)], made, strict=True)]
    assert moved[0] == pytest.approx(moved[1], abs=0.15)
    assert matches[0].album_lufs is not None
    assert matches[0].album_lufs < lufs(master) + 8
    assert any("like all of its album" in note.sentence for note in matches[0].params.notes)


def test_a_preset_keeps_levels_too(album: list[Audio]) -> None:
    style = StyleParams(
        eq=[EqBand(type="low_shelf", f_hz=120, q=0.7, gain_db=-6)], lufs=LoudnessTarget(target_db=-20.0)
    )
    matches, made = matched(album, None, preset=style, amounts=Amounts())
    moved = [lufs(after) - lufs(before) for before, after in zip(album, made, strict=True)]
    np.testing.assert_allclose(moved, moved[0], atol=0.1)
    assert matches[0].album_lufs == pytest.approx(-20.0, abs=0.1)


def test_each_song_tells_of_itself(album: list[Audio], master: Audio) -> None:
    clipped = of(np.clip(20 * album[0].samples, -1, 1))
    matches, _ = matched([clipped, album[1]], master, amounts=Amounts.model_validate({"lufs": 0, "limiter": 0}))
    told = [[note.sentence for note in match.params.notes] for match in matches]
    assert [any("The target is clipped" in sentence for sentence in sentences) for sentences in told] == [True, False]
    for sentences in told:
        assert any(sentence.startswith("Turned off. Found: Loudness ") for sentence in sentences)


def test_what_is_no_album_is_refused(album: list[Audio], master: Audio) -> None:
    with pytest.raises(InvalidInput, match="silent"):
        matched([album[0], of(np.zeros((RATE_HZ, 2)))], master)
    with pytest.raises(InvalidInput, match="references or a preset"):
        matched(album, None)
    with pytest.raises(InvalidInput, match="its recordings"):
        matched([], master)
