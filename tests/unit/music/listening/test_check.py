"""audio_check accepts what can be heard and names what cannot."""

import numpy as np
import pytest
from tests.fixtures import not_tunes
from tests.fixtures.hums import TUNES, render_hum
from tests.fixtures.jobs import PROBE

from soundstage.audio.io import Audio
from soundstage.models.errors import REJECTIONS, MediaRejected
from soundstage.music.listening.analysis import audio_analyze
from soundstage.music.listening.check import MAX_DURATION_S, MAX_SAMPLES, audio_check, check_size


@pytest.fixture(scope="module")
def hum() -> Audio:
    return render_hum(TUNES[0], tonic=57, tempo_bpm=110, rate_hz=16000, max_duration_s=8)[0]


def clicks() -> Audio:
    """Ten seconds of silence with a click every second."""
    samples = np.zeros((160_000, 1), np.float32)
    samples[8_000::16_000] = 0.9
    return Audio(samples, 16_000)


def test_a_hum_passes_with_its_measurements(hum: Audio) -> None:
    checked = audio_check(hum)

    assert (checked.outcome, checked.code, checked.warnings) == ("ok", None, [])
    assert checked.duration_s == pytest.approx(hum.duration_s)
    assert checked.integrated_lufs is not None
    assert -40 < checked.integrated_lufs < -5
    assert checked.clipped_ratio < 1e-3


@pytest.mark.parametrize(
    ("code", "audio"),
    [
        ("SILENT", not_tunes.silence()),
        ("SILENT", Audio(np.full((96000, 1), 0.25, np.float32), 16000)),  # a constant offset is silence too
        ("TOO_QUIET", not_tunes.silence(floor_dbfs=-56)),
        ("CLIPPED", not_tunes.clipped()),
        ("NO_MELODY", clicks()),
        ("DURATION_TOO_SHORT", not_tunes.noise(duration_s=1.5)),
        ("DURATION_TOO_LONG", not_tunes.silence(601, 8000, floor_dbfs=-20)),
        ("RATE_UNSUPPORTED", Audio(np.ones((40000, 1), np.float32), 4000)),
        ("CHANNELS_UNSUPPORTED", Audio(np.ones((40000, 9), np.float32), 8000)),
        ("NOT_FINITE", Audio(np.full((40000, 1), np.nan, np.float32), 8000)),
        ("DURATION_TOO_SHORT", Audio(np.zeros((0, 1), np.float32), 8000)),
    ],
)
def test_what_cannot_be_heard_is_named(code: str, audio: Audio) -> None:
    checked = audio_check(audio)

    assert (checked.outcome, checked.code) == ("rejected", code)
    assert checked.message is not None
    figures = {
        "TOO_QUIET": "-54",
        "CLIPPED": "%",
        "NO_MELODY": "Only 0.2 s of the recording sound",
        "DURATION_TOO_SHORT": f"has {audio.duration_s:.1f} s; it takes 2 s",
        "DURATION_TOO_LONG": "has 10:01 min; it may have 5:00 min",
    }
    assert figures.get(code, REJECTIONS[code]) in checked.message


def test_a_tune_is_heard_through_flat_tops(hum: Audio) -> None:
    """Its pitch survives what a listener's ear does not bear."""
    loud = Audio(np.clip(hum.samples * 12, -1, 1).astype(np.float32), hum.rate_hz)
    checked = audio_check(loud)
    assert checked.clipped_ratio > 0.3
    assert (checked.outcome, len(checked.warnings)) == ("ok", 1)
    heard, plain = ([note.midi for note in audio_analyze(audio).notes] for audio in (loud, hum))
    assert heard == plain


def test_some_clipping_is_a_warning_only(hum: Audio) -> None:
    loud = Audio(np.clip(hum.samples * 6, -1, 1).astype(np.float32), hum.rate_hz)

    checked = audio_check(loud)

    assert checked.code is None
    assert len(checked.warnings) == 1


@pytest.mark.parametrize(
    ("code", "changes"),
    [
        ("DURATION_TOO_LONG", {"duration_s": MAX_DURATION_S + 1}),
        ("FILE_TOO_LARGE", {"channels": 8, "frames": MAX_SAMPLES // 8 + 1}),
    ],
)
def test_what_would_not_fit_into_memory_is_not_decoded(code: str, changes: dict[str, float]) -> None:
    check_size(PROBE.model_copy(update={"duration_s": MAX_DURATION_S, "channels": 2, "frames": MAX_SAMPLES // 2}))
    with pytest.raises(MediaRejected) as rejection:
        check_size(PROBE.model_copy(update=changes))
    assert rejection.value.code == code
