"""The report's page: a chart for each stage that did something, and what got worse marked."""

import html
import json
import re
from pathlib import Path

import numpy as np
import pytest
from tests.fixtures.pairs import song, widen

from soundstage.audio.io import Audio
from soundstage.audio.streams import MemoryReader, MemoryWriter
from soundstage.match.pipeline import Match, match_recordings
from soundstage.match.report import WIDTH_CHART, Player, report_of, write_report
from soundstage.models.style import Amounts, Decay, Metrics, Reverb, Stereo, StyleParams

RATE_HZ = 44_100


def of(samples: np.ndarray) -> Audio:
    return Audio(np.ascontiguousarray(samples, np.float32), RATE_HZ)


def styled(params: StyleParams, amounts: Amounts | None = None) -> Match:
    target = MemoryReader(of(song(3, seconds=4)))
    return match_recordings([], target, MemoryWriter(), preset=params, amounts=amounts)


@pytest.fixture(scope="module")
def style() -> StyleParams:
    room = Reverb(decays=[Decay(f_hz=250, rt60_s=0.9), Decay(f_hz=4000, rt60_s=0.5)], mix=0.25)
    return StyleParams(stereo=Stereo(width=1.3), reverb=room)


def test_width_and_room_are_drawn_where_they_did_something(tmp_path: Path, style: StyleParams) -> None:
    write_report(styled(style), tmp_path)
    page = (tmp_path / "report.html").read_text(encoding="utf-8")
    assert ">Width: sides against the middle" in page
    assert "time to fall by 60 dB</text>" in page
    assert "until its room has rung out" in page

    write_report(styled(style, Amounts(stereo=0, reverb=0)), tmp_path)
    page = (tmp_path / "report.html").read_text(encoding="utf-8")
    assert ">Width: sides" not in page
    assert "fall by 60 dB</text>" not in page


def test_all_words_of_the_page_are_known_in_chinese(tmp_path: Path, style: StyleParams) -> None:
    music = song(3, seconds=6)
    reference = of(widen(np.clip(20 * music, -0.9, 0.9), 1.0))
    asked = Amounts.model_validate({"lufs": 1.0})
    matched = match_recordings([(MemoryReader(reference), 1.0)], MemoryReader(of(music)), MemoryWriter(), amounts=asked)
    for number, match in enumerate((styled(style), matched)):
        heard = [Player("before", "a.wav", "a.wav", -14.0)]
        write_report(match, tmp_path / str(number), players=heard)
        page = (tmp_path / str(number) / "report.html").read_text(encoding="utf-8")
        known = json.loads(page.split("const known = ")[1].split(";\n")[0])
        body = re.sub(r"<(script|style|nav)\b.*?</\1>|<!--.*?-->", "", page, flags=re.DOTALL)
        texts = re.findall(r">([^<>]+)<", body) + re.findall(r'<figure aria-label="([^"]+)"', body)
        unknown = {said for text in texts if (said := html.unescape(text)) not in known}
        units = r"a\.wav|LUFS|dBTP|LU|dB|Hz|Q|k|s|[\W\d]"
        assert {said for said in unknown if re.sub(units, "", said)} == set()


def test_what_got_worse_is_marked_at_its_chart(tmp_path: Path) -> None:
    music = song(3, seconds=4)
    writer = MemoryWriter()
    # Of a reference that is no wider, twice the width leads away.
    match = match_recordings([(MemoryReader(of(music)), 1.0)], MemoryReader(of(music)), writer)
    wider = StyleParams(stereo=Stereo(width=1.5))
    away = match.metrics_after.model_copy(update={"width_err_db": 3.5})
    worse = Match(
        params=wider,
        metrics_before=match.metrics_before,
        metrics_after=away,
        timings_s={},
        reference=match.reference,
        target=match.target,
        result=match.result,
        f0=None,
        rendered=match.rendered,
    )
    write_report(worse, tmp_path)
    page = (tmp_path / "report.html").read_text(encoding="utf-8")
    figure = page.split(f'aria-label="{WIDTH_CHART}"')[1].split("</figure>")[0]
    assert "Further away from the reference than before" in figure
    assert page.count("<figcaption") == 1
    # Beside what it says, where a phone has room, and no row of nothing but dashes.
    assert "<small>further away than before</small></th>" in page
    assert "<td>–</td><td>–</td>" not in page


def test_the_page_writes_numbers_as_its_charts_do(tmp_path: Path) -> None:
    music = song(3, seconds=4)
    quiet = of(0.1 * music)
    match = match_recordings([(MemoryReader(of(music)), 1.0)], MemoryReader(quiet), MemoryWriter())
    write_report(match, tmp_path)
    page = (tmp_path / "report.html").read_text(encoding="utf-8")
    shown = re.sub(r"<(script|style|svg)\b.*?</\1>", "", page, flags=re.DOTALL)
    before = match.metrics_before.integrated_lufs or 0.0
    assert f"<b>Loudness</b> <span>−{-before:.1f} → " in shown  # and not "Loudness Loudness"
    assert re.search(r"[>\s]-\d", shown) is None


def test_the_report_measures_what_the_limiter_left() -> None:
    music = song(3, seconds=6)
    reference = of(np.clip(20 * widen(music, 1.0), -0.9, 0.9))  # no peaks, so that the limiter has much to do
    writer = MemoryWriter()
    asked = Amounts.model_validate({"lufs": 1.0})
    match = match_recordings([(MemoryReader(reference), 1.0)], MemoryReader(of(music)), writer, amounts=asked)
    assert writer.audio is not None
    again = match_recordings([(MemoryReader(reference), 1.0)], MemoryReader(writer.audio), MemoryWriter())
    assert match.metrics_after.max_gain_reduction_db > 3
    for name in ("tone_err_db", "width_err_db", "lufs_err"):
        said, measured = getattr(match.metrics_after, name), getattr(again.metrics_before, name)
        assert said == pytest.approx(measured, abs=0.02)
    assert Metrics.model_validate(report_of(match)["metrics_after"]) == match.metrics_after
