"""``soundstage jobs …``: what a job went through, as the page ``/cloud`` of an embedded cloud shows it."""

import argparse
import json
import os
from pathlib import Path
from typing import TYPE_CHECKING, Any

from soundstage.cli import arguments, output

if TYPE_CHECKING:
    from soundstage.models.jobs import Job
    from soundstage.platform.aws.execution_history import StateRun
    from soundstage.platform.aws.executions import Execution

MORE = (
    "The table is SOUNDSTAGE_TABLE (an output of the stack); credentials and region are AWS's own settings. On a "
    'laptop: make soundstage DO="jobs …".'
)
MARKS = {"succeeded": "✓", "failed": "✗", "caught": "!", "running": "…", "stopped": "■"}
LONGEST_VALUE = 400  # characters of an input or output


def register(subparsers: Any) -> None:
    group = arguments.add_group(subparsers, "jobs", does="look at jobs of a stage and their executions")
    show = arguments.add_command(
        group,
        "show",
        _show,
        does="one job: its states with times and retries, and why it failed",
        example="soundstage jobs show 0193a1c7e5f07b6e8d1f2a3b4c5d6e7f --logs",
        more=MORE,
    )
    show.add_argument("job_id", metavar="JOB")
    show.add_argument("--values", action="store_true", help="input and output of every state")
    show.add_argument("--logs", action="store_true", help="what was logged about it (on a laptop)")
    listing = arguments.add_command(
        group,
        "list",
        _list,
        does="the newest jobs of an account",
        example="soundstage jobs list 0193a1c7e5f07b6e8d1f2a3b4c5d6e7f",
        more=MORE,
    )
    listing.add_argument("owner_id", metavar="ACCOUNT", help="its id: soundstage admin users show … says it")
    listing.add_argument("--limit", type=int, default=20, metavar="N", help="20 by default")


def _show(args: argparse.Namespace) -> int:
    from soundstage.models.errors import NotFound
    from soundstage.platform.aws.executions import Executions
    from soundstage.platform.aws.job_store import DynamoJobs
    from soundstage.platform.settings import TableSettings

    job = DynamoJobs(TableSettings().table).get(args.job_id)
    if job is None:
        raise NotFound("There is no such job.")
    execution = Executions().get(job.execution_arn) if job.execution_arn else None
    if args.json:
        output.print_json(_as_json(job, execution))
        return 0
    _print_job(job)
    if execution is None:
        print("  no execution" + ("" if job.execution_arn is None else " any more"))
    else:
        _print_states(execution, values=args.values)
    if args.logs:
        _print_logs(job.job_id)
    return 0


def _list(args: argparse.Namespace) -> int:
    from soundstage.platform.aws.job_store import DynamoJobs
    from soundstage.platform.settings import TableSettings

    jobs, _ = DynamoJobs(TableSettings().table).list(args.owner_id, limit=args.limit)
    if args.json:
        output.print_json([_as_json(job, None) for job in jobs])
        return 0
    for job in jobs:
        why = f"  {job.error.code}" if job.error else ""
        print(f"{job.job_id}  {job.kind:<12} {job.status:<9} {job.progress:>3} %  {_time(job.created_at)}{why}")
    return 0


def _print_job(job: "Job") -> None:
    since = _time(job.created_at)
    print(f"{job.job_id}  {job.kind}, {job.status}, {job.progress} %, attempt {job.attempt}, since {since}")
    if job.error is not None:
        print(f"  {job.error.code}{f' in {job.error.step}' if job.error.step else ''}: {job.error.message}")


def _print_states(execution: "Execution", *, values: bool) -> None:
    from datetime import UTC, datetime

    from soundstage.models.durations import duration

    now = datetime.now(UTC)
    found = execution.listed
    took = duration(((found.stopped_at or now) - found.started_at).total_seconds())
    print(f"  execution {found.name} of {found.machine}: {found.status.lower()}, {took}")
    for run in execution.runs:
        name = "  " * run.depth + run.name + (f", {run.which}" if run.which else "")
        retried = f", retried {run.retries} times" if run.retries else ""
        print(f"    {MARKS[run.status]} {name:<36} {duration(run.took_s(now)):>11}{retried}")
        if run.error is not None:
            print(f"        {run.error}: {_short(run.cause)}")
        if values:
            print(f"        in   {_short(run.input)}")
            print(f"        out  {_short(run.output)}")


def _print_logs(job_id: str) -> None:
    from soundstage.platform.redaction import redacted_text
    from soundstage.platform.telemetry.log_lines import FOLDER, lines_about

    folder = os.environ.get(FOLDER)
    if folder is None:
        output.note(f"on AWS logs are in CloudWatch: Logs Insights, filter job_id = '{job_id}'")
        return
    for line in lines_about(Path(folder), job_id):
        if line.said and not line.is_metric:
            print(f"    {line.time}  {line.service:<28} {redacted_text(line.readable)}")


def _short(value: Any) -> str:
    text = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
    return text if len(text) <= LONGEST_VALUE else f"{text[:LONGEST_VALUE]} …"


def _time(moment: Any) -> str:
    return f"{moment.astimezone():%Y-%m-%d %H:%M:%S}"


def _as_json(job: "Job", execution: "Execution | None") -> dict[str, Any]:
    from soundstage.platform.redaction import redacted

    said = {"job": redacted(job.model_dump(mode="json", exclude={"unsent"}))}
    if execution is None:
        return said
    found = execution.listed
    return said | {
        "execution": {"arn": found.arn, "machine": found.machine, "status": found.status},
        "states": [_state(run) for run in execution.runs],
    }


def _state(run: "StateRun") -> dict[str, Any]:
    return {
        "name": run.name,
        "status": run.status,
        "depth": run.depth,
        "item": run.item,
        "entered_at": run.entered_at.isoformat(),
        "exited_at": run.exited_at and run.exited_at.isoformat(),
        "retries": run.retries,
        "error": run.error,
        "cause": run.cause,
        "input": run.input,
        "output": run.output,
    }
