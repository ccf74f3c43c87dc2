"""A few seconds rendered by themselves sound like those of a render of the whole."""

import numpy as np
import pytest
from tests.fixtures.pairs import song
from tests.unit.match.rendering.test_segments import FULL, RATE_HZ

from soundstage.arrays import Samples
from soundstage.audio.io import Audio
from soundstage.audio.loudness import measure_loudness
from soundstage.audio.streams import MemoryReader, MemoryWriter
from soundstage.match.rendering.region import Finished, render_region
from soundstage.match.rendering.render import render_measured
from soundstage.models.style import StyleParams

pytestmark = pytest.mark.usefixtures("loops")

SECONDS = 20
TARGET = Audio(song(9, seconds=SECONDS).astype(np.float32), RATE_HZ)


def whole(style: StyleParams) -> tuple[Samples, float]:
    writer = MemoryWriter()
    rendered = render_measured(MemoryReader(TARGET), writer, style)
    assert writer.audio is not None
    return writer.audio.samples, rendered.loudness.integrated_lufs


def finished(style: StyleParams = FULL) -> Finished:
    samples, lufs = whole(style)
    return Finished(MemoryReader(Audio(samples, RATE_HZ)), style, lufs)


def changed(**fields: object) -> StyleParams:
    return StyleParams.model_validate(FULL.model_dump() | fields)


def difference_db(region: Samples, wanted: Samples) -> float:
    return float(10 * np.log10(np.mean((region - wanted) ** 2) / np.mean(wanted**2) + 1e-12))


@pytest.mark.parametrize("start_s", [0.0, 6.3, SECONDS - 5.0])
def test_an_unchanged_style_sounds_as_what_is_finished(start_s: float) -> None:
    made = finished()
    region = render_region(MemoryReader(TARGET), FULL, start_s, start_s + 5.0, finished=made).audio.samples
    assert len(region) == 5 * RATE_HZ
    wanted = whole(FULL)[0][round(start_s * RATE_HZ) :][: len(region)]
    assert difference_db(region, wanted) < -40


@pytest.mark.parametrize(
    "fields",
    [
        {"compressor": None},
        {"amounts": FULL.amounts.model_copy(update={"reverb": 0.0, "exciter": 0.5}).model_dump()},
        {"amounts": FULL.amounts.model_copy(update={"lufs": 0.0}).model_dump()},
        {"lufs": {"target_db": -16.0}},
        {"eq": [], "limiter": None},
    ],
)
def test_a_changed_style_sounds_as_a_render_of_the_whole_will(fields: dict[str, object]) -> None:
    style = changed(**fields)
    rendered = render_region(MemoryReader(TARGET), style, 4.0, 12.0, finished=finished())
    region, (samples, lufs) = rendered.audio.samples, whole(style)
    wanted = samples[4 * RATE_HZ : 12 * RATE_HZ]
    assert rendered.integrated_lufs == pytest.approx(lufs, abs=0.3)
    loudness = [measure_loudness(sound, RATE_HZ).integrated_lufs for sound in (region, wanted)]
    assert loudness[0] == pytest.approx(loudness[1], abs=0.3)
    scale = np.vdot(region, wanted) / np.vdot(region, region)
    assert difference_db(region * np.float32(scale), wanted) < -25


def test_no_louder_than_the_whole_has_come() -> None:
    """Where the limiter may take no more, asking for more loudness changes nothing."""
    short = changed(lufs={"target_db": -3.0, "most_limited_db": 2.0})
    made = finished(short)
    assert made.integrated_lufs is not None
    assert made.integrated_lufs < -4.0
    louder = changed(lufs={"target_db": -1.0, "most_limited_db": 2.0})
    region = render_region(MemoryReader(TARGET), louder, 4.0, 12.0, finished=made).audio.samples
    wanted = measure_loudness(whole(short)[0][4 * RATE_HZ : 12 * RATE_HZ], RATE_HZ).integrated_lufs
    assert measure_loudness(region, RATE_HZ).integrated_lufs == pytest.approx(wanted, abs=0.1)


def test_silence_stays_silence_and_beyond_the_end_is_nothing() -> None:
    silent = MemoryReader(Audio(np.zeros((5 * RATE_HZ, 2), np.float32), RATE_HZ))
    made = Finished(silent, FULL, None)
    assert not render_region(silent, FULL, 1.0, 3.0, finished=made).audio.samples.any()
    assert render_region(silent, FULL, 4.0, 9.0, finished=made).audio.frames == RATE_HZ
    assert render_region(silent, FULL, 7.0, 9.0, finished=made).audio.frames == 0
