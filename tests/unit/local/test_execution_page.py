"""What the page of an execution says to whoever looks for the state that failed."""

import json
import re
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from infra.local.executions.page import execution_page, list_page, readable_cause
from infra.local.settings import ROOT

from soundstage.platform.aws.execution_history import CAUGHT, FAILED, STOPPED, SUCCEEDED, StateRun
from soundstage.platform.aws.executions import Execution, Executions, Listed, Machine

BEGAN = datetime(2026, 1, 1, tzinfo=UTC)
ENDED = BEGAN + timedelta(seconds=63)


def test_the_innermost_failed_state_is_named_and_open() -> None:
    page = _page(map_status=FAILED, items=(STOPPED, FAILED), error="TASK_DIED")

    assert 'in <a href="#state-2">Render variant, item 2</a>' in page
    assert re.findall(r'id="(state-\d+)" open', page) == ["state-2"]


def test_a_failure_that_was_caught_is_not_what_ended_it() -> None:
    page = _page(map_status=CAUGHT, items=(STOPPED, FAILED), error=None)

    assert " open>" not in page
    assert "<strong>None" not in page


def test_a_timeout_names_its_state_although_the_execution_tells_no_error() -> None:
    page = _page(map_status=FAILED, items=(STOPPED, FAILED), error=None)

    assert re.search(r"<strong>TASK_DIED</strong>\s+in <a", page)


def test_a_box_says_how_many_of_its_runs_failed() -> None:
    page = _page(map_status=FAILED, items=(STOPPED, FAILED), error="TASK_DIED")

    assert '<text class="words" x="12" y="35">1 of 2 failed · 2 retried</text>' in page


def test_a_traceback_is_shown_as_lines_after_what_was_raised() -> None:
    raised = {
        "errorType": "ValueError",
        "errorMessage": "no tempo",
        "requestId": "r-1",
        "stackTrace": ['  File "a.py", line 1, in run\n    tempo()\n', '  File "b.py", line 2, in tempo\n'],
    }

    assert readable_cause(raised).splitlines() == [
        "ValueError: no tempo",
        "",
        '  File "a.py", line 1, in run',
        "    tempo()",
        '  File "b.py", line 2, in tempo',
        "",
        "Request r-1",
    ]
    assert readable_cause("it ended") == "it ended"
    assert json.loads(readable_cause({"code": "X"})) == {"code": "X"}


class Told(Executions):
    """Two that succeeded, one of them in rejecting a recording, and one that runs."""

    def __init__(self) -> None:
        super().__init__()
        self.asked: list[str] = []

    def machines(self) -> list[Machine]:
        return [Machine("m", "soundstage-local-ingest")]

    def of_machine(self, machine: Machine, *, limit: int, status: str | None = None) -> list[Listed]:
        states = {"made": "SUCCEEDED", "silent": "SUCCEEDED", "running": "RUNNING"}
        return [Listed(name, name, machine.name, is_, BEGAN, None) for name, is_ in states.items()]

    def output(self, arn: str) -> Any:
        self.asked.append(arn)
        return {"outcome": "rejected", "code": "SILENT"} if arn == "silent" else {"outcome": "ok"}


def test_the_list_tells_a_rejection_and_asks_once_for_what_has_ended() -> None:
    executions = Told()
    pages = [list_page(executions, machine=None, status=None) for _ in range(3)]

    assert re.findall(r'class="status [\w-]+">(\w+)<', pages[-1]) == ["succeeded", "rejected", "running"]
    assert executions.asked == ["made", "silent"]


def test_log_lines_are_a_list_to_who_hears_them(tmp_path: Path) -> None:
    line = {"timestamp": BEGAN.isoformat(), "level": "INFO", "service": "worker", "message": "begun", "job_id": "name"}
    (tmp_path / "worker.log").write_text(json.dumps(line) + "\n")

    page = _page(map_status=FAILED, items=(STOPPED, FAILED), error="TASK_DIED", folder=tmp_path)

    assert "begun" in page
    assert set(re.findall(r"<ol[^>]*>", page)) == {"<ol>"}  # a role of its own would take its items' meaning


def test_a_log_section_holds_the_lines_of_its_own_item_and_the_labels_say_which(tmp_path: Path) -> None:
    lines = [
        {"message": f"rendered {label}", "item": item, "step": "music_generate", "timestamp": _at(item + 1)}
        for item, label in enumerate("AB")
    ]
    lines.append({"message": "another task", "step": "film_make", "timestamp": _at(3)})
    texts = [json.dumps({"level": "INFO", "job_id": "name", **line}) for line in lines]
    (tmp_path / "worker.log").write_text("\n".join(texts) + "\n")

    page = _page(map_status=SUCCEEDED, items=(SUCCEEDED, SUCCEEDED), error=None, folder=tmp_path)

    sections = re.findall(r"<details.*?</details>", page, re.DOTALL)
    assert [re.findall(r"item \d of \d|rendered \w|another task", section) for section in sections] == [
        [],
        ["item 1 of 2", "rendered A"],
        ["item 2 of 2", "rendered B"],
    ]
    assert "[item 2] rendered B" in page


def test_times_of_log_lines_are_of_the_same_clock_as_when_it_started(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    line = {"timestamp": BEGAN.isoformat(), "message": "begun", "job_id": "name"}
    (tmp_path / "worker.log").write_text(json.dumps(line) + "\n")
    monkeypatch.setenv("TZ", "Asia/Kolkata")
    time.tzset()
    try:
        page = _page(map_status=SUCCEEDED, items=(SUCCEEDED, SUCCEEDED), error=None, folder=tmp_path)
    finally:
        monkeypatch.undo()
        time.tzset()

    assert "<dd>2026-01-01 05:30:00</dd>" in page
    assert "<time>05:30:00<" in page


def test_of_runs_that_are_alike_the_graph_tells_the_longest() -> None:
    page = _page(map_status=SUCCEEDED, items=(SUCCEEDED, SUCCEEDED), error=None, longer_s=7)

    assert "2 times · 1 min 10 s" in page


def test_a_rejection_is_told_although_the_execution_succeeded() -> None:
    said = {"outcome": "rejected", "code": "SILENT", "message": "We hear nothing in this recording."}

    assert "SILENT: We hear nothing" in _page(
        map_status=SUCCEEDED, items=(SUCCEEDED, SUCCEEDED), error=None, output=said
    )
    assert "Rejected" not in _page(map_status=SUCCEEDED, items=(SUCCEEDED, SUCCEEDED), error=None)


def _at(second: int) -> str:
    return (BEGAN + timedelta(seconds=second)).isoformat()


def _page(
    *,
    map_status: str,
    items: tuple[str, str],
    error: str | None,
    folder: Path | None = None,
    longer_s: int = 0,
    output: Any = None,
) -> str:
    """``longer_s``: the first item took so much longer."""
    around = StateRun("Generate music", "Map", BEGAN, {}, items=len(items), exited_at=ENDED, status=map_status)
    runs = [
        StateRun("Render variant", "Task", BEGAN, {}, parent=around, item=item, exited_at=ENDED, status=status)
        for item, status in enumerate(items)
    ]
    runs[0].exited_at = ENDED + timedelta(seconds=longer_s)
    runs[1].error, runs[1].attempts = "TASK_DIED", 3
    machine = json.loads((ROOT / "statemachines" / "track.asl.json").read_text())
    listed = Listed("arn", "name", "track", "FAILED" if map_status == FAILED else "SUCCEEDED", BEGAN, ENDED)
    execution = Execution(listed, machine, [around, *runs], {}, output, error, None)
    return execution_page(execution, folder=folder, job_id=None)
