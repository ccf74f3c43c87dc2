"""``make logs REQUEST=…`` and ``JOB=…``: what all logs say about one."""

import json
import re
from pathlib import Path

import pytest
from infra.local.log_view import print_lines_about

from soundstage.platform.telemetry.log_lines import parse

JOB, OTHER = "0" * 31 + "1", "0" * 31 + "2"


def line(at: int, message: str, **ids: str) -> str:
    return json.dumps({"level": "INFO", "message": message, "timestamp": f"2026-11-27T10:00:{at:02}Z", **ids})


def test_a_jobs_lines_come_in_order_with_those_of_its_requests(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    gateway = [
        line(1, "a job is wanted", request_id="request-1", job_id=JOB),
        line(5, "request failed", request_id="request-2"),
        line(2, "request", request_id="request-1"),
        line(2, "a job changed", request_id="request-1", job_id=OTHER),
    ]
    functions = [f"soundstage-local-track-audio_check {line(3, 'the function failed', job_id=JOB)}", "no JSON at all"]
    worker = [line(4, "a delivery is over", job_id=JOB), line(4, "a delivery is over", job_id=OTHER)]
    for name, lines in {"gateway": gateway, "functions": functions, "worker": worker}.items():
        (tmp_path / f"{name}.log").write_text("\n".join(lines) + "\n")

    assert print_lines_about(tmp_path, JOB) == 4
    told = capsys.readouterr().out.splitlines()
    assert all(re.match(r"\S+ +\| \d\d:\d\d:0\d\.000 INFO ", text) for text in told)
    assert [text.partition("INFO ")[2].partition(" job_id")[0].partition(" request_id")[0] for text in told] == [
        "a job is wanted",
        "request",
        "the function failed",
        "a delivery is over",
    ]
    assert print_lines_about(tmp_path, "request-2") == 1
    assert print_lines_about(tmp_path, "nobody") == 0


def test_ids_come_after_what_a_person_reads() -> None:
    said = parse("worker", line(1, "a delivery is over", job_id=JOB, outcome="succeeded", execution="e-1"))

    assert (said.message, said.facts, said.ids) == (
        "a delivery is over",
        "outcome=succeeded",
        f"job_id={JOB} execution=e-1",
    )
    assert said.readable == f"a delivery is over outcome=succeeded job_id={JOB} execution=e-1"
    assert parse("database", "no JSON at all").readable == "no JSON at all"
