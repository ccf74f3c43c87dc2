"""A recording gets the sound of another one: uploaded, ordered, rendered in segments, joined, measured, shown."""

import json
import os
import re
from pathlib import Path
from typing import Any

import httpx
import numpy as np
import pytest
from infra.local.client import Studio
from tests.e2e.journeys import Cloud, outcome, upload
from tests.fixtures.browser import browser_page, find_browser
from tests.fixtures.pairs import make_pair
from tests.fixtures.sounds import encode

from soundstage.audio.io import Audio, read_audio, write_wav
from soundstage.audio.loudness import measure_loudness
from soundstage.cli.main import main
from soundstage.models.style import Metrics
from soundstage.products.match import MATCH

pytestmark = [pytest.mark.e2e, pytest.mark.slow]


@pytest.fixture(scope="session")
def recordings(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with ``reference.wav`` and ``target.wav``, which it was made from."""
    folder = tmp_path_factory.mktemp("match")
    pair = make_pair("eq_gain_width", 4, seconds=33.0)
    write_wav(folder / "reference.wav", pair.reference, subtype="PCM_24")
    write_wav(folder / "target.wav", pair.target, subtype="PCM_24")
    return folder


def matched(studio: Studio, job: dict[str, Any]) -> dict[str, Any]:
    ended = outcome(studio, job["job_id"])
    assert ended["status"] == "succeeded", ended["error"]
    return studio.get(f"/v1/matches/{ended['subject_id']}")


def test_from_two_uploads_to_a_report(cloud: Cloud, studio: Studio, recordings: Path, tmp_path: Path) -> None:
    announced = studio.announce_upload(recordings / "target.wav")
    wanted = {
        "title": "Demo",
        "target_asset_id": announced["asset"]["asset_id"],
        "references": [{"asset_id": upload(studio, recordings / "reference.wav")}],
        "segment_s": 15,
    }
    job = studio.match(**wanted)
    assert (job["kind"], job["status"]) == ("match", "blocked")
    assert studio.match(**wanted)["job_id"] == job["job_id"]
    studio.send_file(announced, recordings / "target.wav")

    changes = list(studio.watch_job(job["job_id"]))

    ended = changes[-1]
    assert ended["status"] == "succeeded", ended["error"]
    progress = [change["progress"] for change in changes]
    assert progress == sorted(progress)
    assert [step["step"] for step in ended["history"] if step["outcome"] == "ok"] == list(MATCH.steps)
    assert len(cloud.executions(job["job_id"], kind="match")) == 1
    match = studio.get(f"/v1/matches/{job['subject_id']}")
    assert (match["status"], ended["result"]["segments"]) == ("ready", 3)
    assert [item["match_id"] for item in studio.get("/v1/matches")["items"]] == [job["subject_id"]]
    result = studio.download(match["files"]["audio_url"], tmp_path / "result.wav")
    assert_it_sounds_like_the_reference(match, result, recordings)
    assert_the_page_shows_it(match, tmp_path)


def test_the_page_of_local_files_shows_how_long_they_are(recordings: Path, tmp_path: Path) -> None:
    """Before they are played: beside the page that costs nothing."""
    browser = find_browser()
    if browser is None:
        pytest.skip("no Chromium on this machine")
    files = ["--reference", str(recordings / "reference.wav"), "--target", str(recordings / "target.wav")]
    assert main(["match", *files, "--out", str(tmp_path / "after.wav"), "--report", str(tmp_path / "report")]) == 0
    known = """new Promise(known => {
        const lengths = () => [...document.querySelectorAll("audio")].map(it => it.duration);
        const look = () => lengths().every(Number.isFinite) ? known(lengths()) : setTimeout(look, 50);
        look();
        setTimeout(() => known(lengths()), 20000);
    })"""
    with browser_page(browser) as page:
        page.open((tmp_path / "report" / "report.html").as_uri())
        assert page.evaluate(known) == pytest.approx([33.0] * 3, abs=0.1)


def assert_it_sounds_like_the_reference(match: dict[str, Any], result: Path, recordings: Path) -> None:
    assert read_audio(result).samples.shape == read_audio(recordings / "target.wav").samples.shape
    wanted, got = lufs(recordings / "reference.wav"), lufs(result)
    assert got == pytest.approx(wanted, abs=0.1)
    before, after = (Metrics.model_validate(match[f"metrics_{moment}"]) for moment in ("before", "after"))
    assert before.mel_dist is not None
    assert after.mel_dist is not None
    assert after.mel_dist < before.mel_dist / 3
    assert after.integrated_lufs == pytest.approx(got, abs=0.02)
    preset = httpx.get(match["files"]["preset_url"]).json()
    assert preset["params"]["eq"] == match["style"]["eq"]
    curves = json.loads(httpx.get(match["files"]["viz_url"]).text)
    assert set(curves["spectra"]) == {"reference", "target", "result"}


def assert_the_page_shows_it(match: dict[str, Any], folder: Path) -> None:
    browser = find_browser()
    if browser is None:
        pytest.skip("no Chromium on this machine")
    with browser_page(browser) as page:
        page.open(match["files"]["page_url"], height=1400)
        widths = page.evaluate(
            "[...document.querySelectorAll('svg')].map(chart => chart.getBoundingClientRect().width)"
        )
        sentences = page.evaluate("document.querySelectorAll('li').length")
        page.screenshot(Path(os.environ.get("SOUNDSTAGE_SCREENSHOTS", folder)) / "match-report.png")
        said = page.evaluate("document.body.innerText")
        switch = "document.querySelector('nav [lang=zh]').click()"
        page.evaluate(f"new Promise(r => {{ addEventListener('hashchange', () => r()); {switch} }})")
        told = page.evaluate("document.body.innerText")
        page.screenshot(Path(os.environ.get("SOUNDSTAGE_SCREENSHOTS", folder)) / "match-report-zh.png")
        assert page.evaluate("document.documentElement.lang") == "zh"
        assert set(re.findall("[A-Za-z]{5,}", told)) == {"English"}
        assert sorted(re.findall(r"[-+]?\d+\.?\d*", told)) == sorted(re.findall(r"[-+]?\d+\.?\d*", said))
        assert page.errors == []
    assert len(widths) >= 3  # tone, equaliser, loudness
    assert min(widths) > 300
    assert sentences >= 3


def in_segments(studio: Studio, recordings: Path) -> dict[str, Any]:
    return studio.match(
        target_asset_id=upload(studio, recordings / "target.wav"),
        references=[{"asset_id": upload(studio, recordings / "reference.wav")}],
        segment_s=15,
    )


def test_killed_workers_lose_neither_segments_nor_the_whole(cloud: Cloud, studio: Studio, recordings: Path) -> None:
    with cloud.hold("match_join") as joining:
        with cloud.hold("match_render_segment") as rendering:
            job = in_segments(studio, recordings)
            rendering.reached(job["job_id"])
            cloud.kill_worker()
        joining.reached(job["job_id"])
        cloud.kill_worker()

    match = matched(studio, job)

    assert (match["status"], match["job"]["attempt"]) == ("ready", 1)
    assert len(cloud.executions(job["job_id"], kind="match")) == 1


def test_a_match_that_is_canceled_while_it_is_joined_has_no_result(
    cloud: Cloud, studio: Studio, recordings: Path
) -> None:
    with cloud.hold("match_join") as joining:
        job = in_segments(studio, recordings)
        joining.reached(job["job_id"])

        canceled = studio.post(f"/v1/jobs/{job['job_id']}/cancel", {})

        assert (canceled["status"], canceled["step"]) == ("canceled", "joining")
        cloud.eventually(cloud.idle)
    match = studio.get(f"/v1/matches/{job['subject_id']}")
    assert (match["status"], match["files"]) == ("canceled", None)
    after = studio.get(f"/v1/jobs/{job['job_id']}")
    assert (after["status"], after["progress"]) == ("canceled", canceled["progress"])


def test_an_mp3_gets_a_preset_and_stays_as_long(studio: Studio, recordings: Path, tmp_path: Path) -> None:
    target = encode(read_audio(recordings / "target.wav"), tmp_path / "target.mp3")
    style = {"eq": [{"type": "peaking", "f_hz": 1000, "q": 1, "gain_db": 6}], "lufs": {"target_db": -20}}

    job = studio.match(target_asset_id=upload(studio, target), preset=style, output_format="flac")

    match = matched(studio, job)
    result = studio.download(match["files"]["audio_url"], tmp_path / "result.flac")
    assert read_audio(result).frames == read_audio(target).frames
    assert lufs(result) == pytest.approx(-20, abs=0.1)
    assert match["metrics_before"]["mel_dist"] is None


def test_who_is_silent_is_named(studio: Studio, recordings: Path, tmp_path: Path) -> None:
    write_wav(tmp_path / "silence.wav", Audio(np.zeros((44_100 * 3, 2), np.float32), 44_100), subtype="PCM_16")
    silence, target = upload(studio, tmp_path / "silence.wav"), upload(studio, recordings / "target.wav")
    reference = {"asset_id": upload(studio, recordings / "reference.wav")}

    jobs = {
        "reference_2": studio.match(
            target_asset_id=target, references=[reference, {"asset_id": silence, "weight": 0.5}]
        ),
        "target": studio.match(target_asset_id=silence, references=[reference]),
    }

    for role, job in jobs.items():
        ended = outcome(studio, job["job_id"])
        assert (ended["status"], ended["error"]["code"], ended["error"]["step"]) == ("failed", "SILENT", "analyzing")
        assert ended["error"]["detail"] == {"role": role, "asset_id": silence, "file_name": "silence.wav"}
        assert studio.get(f"/v1/matches/{job['subject_id']}")["status"] == "failed"


def lufs(path: Path) -> float:
    audio = read_audio(path)
    return measure_loudness(audio.samples, audio.rate_hz).integrated_lufs
