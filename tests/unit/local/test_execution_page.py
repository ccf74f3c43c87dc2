"""What the page of an execution says to whoever looks for the state that failed."""

import json
import re
from datetime import UTC, datetime, timedelta
from pathlib import Path

from infra.local.executions.page import execution_page, readable_cause
from infra.local.settings import ROOT

from soundstage.platform.aws.execution_history import CAUGHT, FAILED, STOPPED, StateRun
from soundstage.platform.aws.executions import Execution, Listed

BEGAN = datetime(2026, 1, 1, tzinfo=UTC)
ENDED = BEGAN + timedelta(seconds=63)


def test_the_innermost_failed_state_is_named_and_open() -> None:
    page = _page(map_status=FAILED, items=(STOPPED, FAILED), error="TASK_DIED")

    assert 'in <a href="#state-2">Render variant, item 1</a>' in page
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


def test_log_lines_are_a_list_to_who_hears_them(tmp_path: Path) -> None:
    line = {"timestamp": BEGAN.isoformat(), "level": "INFO", "service": "worker", "message": "begun", "job_id": "name"}
    (tmp_path / "worker.log").write_text(json.dumps(line) + "\n")

    page = _page(map_status=FAILED, items=(STOPPED, FAILED), error="TASK_DIED", folder=tmp_path)

    assert "begun" in page
    assert set(re.findall(r"<ol[^>]*>", page)) == {"<ol>"}  # a role of its own would take its items' meaning


def _page(*, map_status: str, items: tuple[str, str], error: str | None, folder: Path | None = None) -> str:
    around = StateRun("Generate music", "Map", BEGAN, {}, exited_at=ENDED, status=map_status)
    runs = [
        StateRun("Render variant", "Task", BEGAN, {}, parent=around, item=item, exited_at=ENDED, status=status)
        for item, status in enumerate(items)
    ]
    runs[1].error, runs[1].attempts = "TASK_DIED", 3
    machine = json.loads((ROOT / "statemachines" / "track.asl.json").read_text())
    listed = Listed("arn", "name", "track", "FAILED" if map_status == FAILED else "SUCCEEDED", BEGAN, ENDED)
    execution = Execution(listed, machine, [around, *runs], {}, None, error, None)
    return execution_page(execution, folder=folder, job_id=None)
