"""State machines and their executions, for whoever operates a stage. Nothing here tells secrets."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from soundstage.platform.aws import clients
from soundstage.platform.aws.execution_history import StateRun, as_json, state_runs
from soundstage.platform.redaction import redacted

if TYPE_CHECKING:
    from mypy_boto3_stepfunctions import SFNClient

MAX_EVENTS = 10_000
"""Of a history that are read; Step Functions keeps 25,000, which is a page of several megabytes."""


@dataclass(frozen=True, slots=True)
class Machine:
    arn: str
    name: str


@dataclass(frozen=True, slots=True)
class Listed:
    arn: str
    name: str
    machine: str
    status: str
    started_at: datetime
    stopped_at: datetime | None


@dataclass(frozen=True, slots=True)
class Execution:
    listed: Listed
    definition: dict[str, Any]
    runs: list[StateRun]
    input: Any
    output: Any
    error: str | None
    cause: Any


class Executions:
    def __init__(self, *, client: "SFNClient | None" = None) -> None:
        self._client = client

    @property
    def _sfn(self) -> "SFNClient":
        return self._client or clients.stepfunctions()

    def machines(self) -> list[Machine]:
        pages = self._sfn.get_paginator("list_state_machines").paginate()
        found = [Machine(each["stateMachineArn"], each["name"]) for page in pages for each in page["stateMachines"]]
        return sorted(found, key=lambda machine: machine.name)

    def of_machine(self, machine: Machine, *, limit: int, status: str | None = None) -> list[Listed]:
        """Newest first."""
        only: Any = {"statusFilter": status} if status else {}
        found = self._sfn.list_executions(stateMachineArn=machine.arn, maxResults=limit, **only)["executions"]
        return [
            Listed(
                each["executionArn"],
                each["name"],
                machine.name,
                each["status"],
                _utc(each["startDate"]),
                _utc(each["stopDate"]) if each.get("stopDate") else None,
            )
            for each in found
        ]

    def get(self, arn: str) -> Execution | None:
        """None when there is no such execution."""
        try:
            found = self._sfn.describe_execution(executionArn=arn)
        except (self._sfn.exceptions.ExecutionDoesNotExist, self._sfn.exceptions.InvalidArn):
            return None
        machine = self._sfn.describe_state_machine(stateMachineArn=found["stateMachineArn"])
        stopped_at = _utc(found["stopDate"]) if found.get("stopDate") else None
        listed = Listed(arn, found["name"], machine["name"], found["status"], _utc(found["startDate"]), stopped_at)
        runs = state_runs(self._events(arn), status=listed.status, stopped_at=stopped_at)
        for run in runs:
            run.input, run.output, run.cause = redacted(run.input), redacted(run.output), redacted(run.cause)
        return Execution(
            listed,
            json.loads(machine["definition"]),
            runs,
            redacted(as_json(found.get("input"))),
            redacted(as_json(found.get("output"))),
            found.get("error"),
            redacted(as_json(found.get("cause"))),
        )

    def output(self, arn: str) -> Any:
        return redacted(as_json(self._sfn.describe_execution(executionArn=arn).get("output")))

    def _events(self, arn: str) -> Iterator[dict[str, Any]]:
        pages = self._sfn.get_paginator("get_execution_history").paginate(
            executionArn=arn, PaginationConfig={"PageSize": 1000, "MaxItems": MAX_EVENTS}
        )
        for page in pages:
            for event in page["events"]:
                yield {**event, "timestamp": _utc(event["timestamp"])}


def _utc(at: datetime) -> datetime:
    return at.astimezone(UTC)
