"""What a match says of its stages is what it did: turned off, halved, or applied to something else."""

import json

import numpy as np
import pytest
from tests.fixtures.pairs import Pair, make_pair

from soundstage.audio.io import Audio
from soundstage.audio.streams import MemoryReader, MemoryWriter
from soundstage.match.in_chinese import in_chinese
from soundstage.match.pipeline import Match, match_recordings
from soundstage.models.style import Amounts, StyleParams

SECONDS = 5.0


@pytest.fixture(scope="module")
def pair() -> Pair:
    return make_pair("different_song", 5, seconds=SECONDS)


def run(
    reference: Audio | None, target: Audio, amounts: Amounts | None = None, preset: StyleParams | None = None
) -> tuple[Match, dict[str, list[str]]]:
    references = [(MemoryReader(reference), 1.0)] if reference else []
    match = match_recordings(
        references, MemoryReader(target), MemoryWriter(), mode="B", strength="imitate", amounts=amounts, preset=preset
    )
    told: dict[str, list[str]] = {}
    for note in match.params.notes:
        told.setdefault(note.stage, []).append(note.sentence)
        assert in_chinese(note.sentence), note.sentence
    return match, told


def louder(audio: Audio, gain_db: float) -> Audio:
    return Audio((audio.samples * 10 ** (gain_db / 20)).astype(np.float32), audio.rate_hz)


def test_a_stage_that_is_turned_off_says_so(pair: Pair) -> None:
    amounts = Amounts.model_validate({"eq": 0, "lufs": 0.5, "limiter": 0})
    whole, all_of_it = run(pair.reference, pair.target)
    match, told = run(pair.reference, pair.target, amounts)
    assert told["eq"] == [f"Turned off. Found: {all_of_it['eq'][0]}"]
    assert told["lufs"][0].startswith("50% of this: Loudness ")
    assert told["limiter"][0] == "Turned off."
    assert all_of_it["limiter"][0].startswith("Peaks ")
    assert not next(note for note in match.params.notes if note.stage == "eq").applied
    assert next(note for note in whole.params.notes if note.stage == "eq").applied


def test_peaks_beyond_full_scale_are_told_of(pair: Pair) -> None:
    amounts = Amounts.model_validate({"lufs": 1, "limiter": 0})
    match, told = run(louder(pair.reference, 14), pair.target, amounts)
    peak_dbtp = match.metrics_after.tp_db
    assert peak_dbtp is not None
    assert peak_dbtp > 0
    assert told["limiter"][-1].startswith(f"Peaks reach {peak_dbtp:+.1f} dBTP, above full scale")


def test_half_a_limiter_takes_half_of_the_most_that_it_may(pair: Pair) -> None:
    """And the loudness stops where it would take more, also where all of the loudness is asked for."""
    loud = louder(pair.reference, 16)
    whole = run(loud, pair.target, Amounts.model_validate({"lufs": 1, "limiter": 1}))[0].metrics_after
    half, told = run(loud, pair.target, Amounts.model_validate({"lufs": 1, "limiter": 0.5}))
    assert whole.integrated_lufs is not None
    assert half.metrics_after.integrated_lufs is not None
    assert half.metrics_after.integrated_lufs < whole.integrated_lufs - 1
    assert "more would make the limiter take over 3 dB on average" in told["lufs"][0]


def test_a_result_that_is_quieter_says_so(pair: Pair) -> None:
    _, told = run(louder(pair.reference, -12), pair.target)
    assert ": quieter, as the reference is." in told["lufs"][0]
    _, told = run(pair.reference, louder(pair.target, -12))
    assert "quieter" not in told["lufs"][0]


def test_one_channel_is_said_to_be_heard_louder_than_it_measures(pair: Pair) -> None:
    mono = Audio(pair.reference.samples.mean(axis=1, keepdims=True).astype(np.float32), pair.reference.rate_hz)
    _, told = run(mono, pair.target)
    assert "The reference has one channel: two loudspeakers play it 3 LU louder" in told["lufs"][0]
    _, told = run(pair.target, mono)
    assert "The target has one channel" in told["lufs"][0]
    assert "channel" not in json.dumps(run(pair.reference, pair.target)[1])


def test_a_preset_tells_of_the_recording_that_it_is_applied_to(pair: Pair) -> None:
    clipped = Audio(np.clip(pair.target.samples * 20, -1, 1).astype(np.float32), pair.target.rate_hz)
    made, told = run(pair.reference, clipped)
    assert any("The target is clipped" in sentence for sentence in told["limiter"])
    applied, told = run(None, pair.target, preset=made.params)
    assert told["limiter"] == [told["limiter"][0]]
    assert "clipped" not in told["limiter"][0]
    before = applied.metrics_before.integrated_lufs
    assert told["lufs"] == [f"Loudness {before:.1f} → {applied.params.lufs.target_db:.1f} LUFS."]  # type: ignore[union-attr]
