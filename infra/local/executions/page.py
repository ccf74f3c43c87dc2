"""The pages of ``/cloud`` as values for their templates."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import cache, lru_cache
from pathlib import Path
from typing import Any

from infra.local.executions.drawing import Mark, svg
from infra.local.executions.graph import graph_of
from jinja2 import Environment, FileSystemLoader

from soundstage.models.durations import duration
from soundstage.platform.aws.execution_history import CAUGHT, FAILED, RUNNING, STOPPED, SUCCEEDED, StateRun
from soundstage.platform.aws.executions import Execution, Executions, Listed
from soundstage.platform.redaction import redacted_text
from soundstage.platform.telemetry.log_lines import LogLine, lines_about

TEMPLATES = Path(__file__).parent / "templates"
EACH = 20  # executions of a machine that the list shows
LONGEST_TEXT = 20_000  # of an input or output that is shown
MOST_LINES = 400
LAST_WORDS = timedelta(seconds=5)  # a worker answers for its task before it logs that the delivery is over
WORST_FIRST = (FAILED, RUNNING, STOPPED, CAUGHT, SUCCEEDED)


def list_page(executions: Executions, *, machine: str | None, status: str | None) -> str:
    machines = executions.machines()
    chosen = [each for each in machines if machine in (None, each.name)]
    listed = [found for each in chosen for found in executions.of_machine(each, limit=EACH, status=status)]
    listed.sort(key=lambda found: found.started_at, reverse=True)
    return _render(
        "list.html",
        machines=[each.name for each in machines],
        machine=machine,
        status=status,
        rows=[_row(found, rejected=_was_rejected(executions, found)) for found in listed],
        live=any(found.status == "RUNNING" for found in listed),
    )


def execution_page(execution: Execution, *, folder: Path | None, job_id: str | None) -> str:
    """``folder`` is where the logs are."""
    now = datetime.now(UTC)
    shown = [_Shown(number, run, now) for number, run in enumerate(execution.runs)]
    lines = _lines(folder, execution, job_id)
    graph = svg(
        graph_of(execution.definition),
        _marks(shown),
        frozenset(_taken(execution.runs)),
        f"The state machine {execution.listed.machine}",
    )
    return _render(
        "execution.html",
        row=_row(execution.listed, rejected=bool(_rejection(execution.output))),
        job_id=job_id,
        comment=execution.definition.get("Comment", ""),
        graph=graph,
        states=[(state, _lines_of(state.run, execution.definition, lines)) for state in shown],
        input=pretty(execution.input),
        output=pretty(execution.output),
        rejected=_rejection(execution.output),
        error=execution.error,
        cause=readable_cause(execution.cause) if execution.error else "",
        culprit=_culprit(shown),
        lines=lines[-MOST_LINES:],
        left_out=max(0, len(lines) - MOST_LINES),
        live=execution.listed.status == "RUNNING",
    )


def missing_page(what: str) -> str:
    return _render("missing.html", what=what, live=False)


def pretty(value: Any) -> str:
    text = value if isinstance(value, str) else json.dumps(value, indent=2, ensure_ascii=False)
    return text if len(text) <= LONGEST_TEXT else f"{text[:LONGEST_TEXT]}\n… {len(text) - LONGEST_TEXT} characters more"


def readable_cause(cause: Any) -> str:
    """What a function raised, with its traceback as lines; another cause as it is."""
    if not (isinstance(cause, dict) and "errorMessage" in cause and isinstance(cause.get("stackTrace"), list)):
        return pretty(cause)
    said = f"{cause.get('errorType', 'Error')}: {cause['errorMessage']}"
    request = f"Request {cause['requestId']}" if cause.get("requestId") else ""
    trace = "".join(str(line) for line in cause["stackTrace"])
    return pretty("\n\n".join(filter(None, (said, trace.rstrip(), request))))


@dataclass(frozen=True)
class _Shown:
    """A run of a state as a section of the page."""

    number: int
    run: StateRun
    now: datetime

    @property
    def id(self) -> str:
        return f"state-{self.number}"

    @property
    def depth(self) -> int:
        return self.run.depth

    @property
    def took(self) -> str:
        return duration(self.run.took_s(self.now))

    @property
    def input(self) -> str:
        return pretty(self.run.input)

    @property
    def output(self) -> str:
        return "" if self.run.output is None else pretty(self.run.output)

    @property
    def cause(self) -> str:
        return "" if self.run.cause is None else readable_cause(self.run.cause)


def _marks(shown: list[_Shown]) -> dict[str, Mark]:
    """Of several runs of a state the worst one speaks, and the longest where they are alike."""
    marks = {}
    for name in {state.run.name for state in shown}:
        runs = [state for state in shown if state.run.name == name]
        worst = min(runs, key=lambda state: (WORST_FIRST.index(state.run.status), -state.run.took_s(state.now)))
        status, retries = worst.run.status, sum(state.run.retries for state in runs)
        if len(runs) == 1 or status == SUCCEEDED:
            words = [status if status != SUCCEEDED else "", f"{len(runs)} times" if len(runs) > 1 else "", worst.took]
        else:
            words = [f"{sum(state.run.status == status for state in runs)} of {len(runs)} {status}"]
        words.append(f"{retries} retried" if retries else "")
        marks[name] = Mark(worst.run.status, " · ".join(filter(None, words)), f"#{worst.id}")
    return marks


def _culprit(shown: list[_Shown]) -> _Shown | None:
    """The innermost state that failed and that nothing around it caught; the first of several."""
    uncaught = [state for state in shown if all(run.status == FAILED for run in _with_those_around(state.run))]
    around = {id(state.run.parent) for state in uncaught}
    return next((state for state in uncaught if id(state.run) not in around), None)


def _rejection(output: Any) -> str:
    """Of an execution that succeeded in telling that nothing can be made of what it got; else empty."""
    if not isinstance(output, dict) or output.get("outcome") != "rejected":
        return ""
    return f"{output.get('code')}: {output.get('message')}"


def _with_those_around(run: StateRun | None) -> Iterator[StateRun]:
    while run is not None:
        yield run
        run = run.parent


def _taken(runs: list[StateRun]) -> Iterator[tuple[str, str]]:
    """From each state to the one after it in the same branch."""
    last: dict[tuple[int, int | None], StateRun] = {}
    for run in runs:
        branch = (id(run.parent), run.item)
        if branch in last:
            yield last[branch].name, run.name
        last[branch] = run


def _was_rejected(executions: Executions, found: Listed) -> bool:
    return found.status == "SUCCEEDED" and bool(_rejection(_output(executions, found.arn)))


@lru_cache(maxsize=2000)
def _output(executions: Executions, arn: str) -> Any:
    """Of an execution that has ended, which a list does not tell and which never changes."""
    return executions.output(arn)


def _row(found: Listed, *, rejected: bool) -> dict[str, Any]:
    end = found.stopped_at or datetime.now(UTC)
    return {
        "arn": found.arn,
        "name": found.name,
        "machine": found.machine,
        "status": "rejected" if rejected else found.status.lower().replace("_", " "),
        "started": f"{found.started_at.astimezone():%Y-%m-%d %H:%M:%S}",
        "took": duration((end - found.started_at).total_seconds()),
    }


def _lines(folder: Path | None, execution: Execution, job_id: str | None) -> list[dict[str, Any]]:
    if folder is None:
        return []
    lines = lines_about(folder, *filter(None, (execution.listed.name, job_id, _asset_of(execution))))
    return [_line(line) for line in lines if line.said and not line.is_metric]


def _asset_of(execution: Execution) -> str | None:
    """An execution of ``ingest`` is about an upload: uploads/{owner}/{asset}/…"""
    try:
        return str(execution.input["detail"]["object"]["key"]).split("/")[2]
    except (KeyError, TypeError, IndexError):
        return None


def _line(line: LogLine) -> dict[str, Any]:
    return {
        "at": line.at,
        "time": line.time,
        "service": line.service,
        "task": line.said.get("step"),
        "item": line.item,
        "level": str(line.said.get("level", "")),
        "message": redacted_text(line.message),
        "facts": redacted_text(line.facts),
        "ids": redacted_text(line.ids),
    }


def _lines_of(run: StateRun, definition: dict[str, Any], lines: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """What the state's function logged while it ran, or the worker about its task, and in a Map only about its item."""
    arguments = _arguments_of(run.name, definition)
    function = str(arguments.get("FunctionName", "")).rsplit(":", 1)[-1]
    task = arguments.get("MessageBody", {}).get("task") if isinstance(arguments.get("MessageBody"), dict) else None
    begin, end = run.entered_at, (run.exited_at or datetime.now(UTC)) + (timedelta() if function else LAST_WORDS)
    return [
        line
        for line in lines
        if begin.isoformat() <= line["at"] <= end.isoformat()
        and (line["service"] == function if function else (line["service"], line["task"]) == ("worker", task))
        and (run.item is None or line["item"] in (run.item, None))
    ]


def _arguments_of(name: str, machine: dict[str, Any]) -> dict[str, Any]:
    for state_name, state in machine["States"].items():
        if state_name == name:
            return dict(state.get("Arguments", {}))
        inner = [state["ItemProcessor"]] if "ItemProcessor" in state else state.get("Branches", [])
        for each in inner:
            if found := _arguments_of(name, each):
                return found
    return {}


@cache
def _templates() -> Environment:
    return Environment(loader=FileSystemLoader(TEMPLATES), autoescape=True, trim_blocks=True, lstrip_blocks=True)


def _render(template: str, **values: Any) -> str:
    return _templates().get_template(template).render(**values)
