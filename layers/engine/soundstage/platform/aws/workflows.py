"""Step Functions: one state machine per kind of job, one execution per attempt, task tokens for the workers."""

import json
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from soundstage.models.errors import InvalidInput
from soundstage.models.events import ExecutionStatusChange
from soundstage.models.jobs import JobKind, WorkflowInput
from soundstage.platform.aws import clients

if TYPE_CHECKING:
    from mypy_boto3_stepfunctions import SFNClient

# Step Functions' limit of an execution's or a state's input and output, and of a cause.
# https://docs.aws.amazon.com/step-functions/latest/dg/service-quotas.html
_MAX_PAYLOAD_BYTES = 262_144
_MAX_CAUSE = 32_768
_MAX_ERROR = 256


class StepFunctions:
    """Implements the port ``Workflows``."""

    def __init__(self, state_machines: Mapping[JobKind, str], *, client: "SFNClient | None" = None) -> None:
        self._state_machines = state_machines
        self._client = client

    @property
    def _sfn(self) -> "SFNClient":
        return self._client or clients.stepfunctions()

    def start(self, kind: JobKind, name: str, input_: WorkflowInput) -> str:
        body = input_.model_dump_json()
        if len(body.encode()) > _MAX_PAYLOAD_BYTES:
            raise InvalidInput("The job's inputs and options are too large.")
        machine = self._machine(kind)
        try:
            return self._sfn.start_execution(stateMachineArn=machine, name=name, input=body)["executionArn"]
        except self._sfn.exceptions.ExecutionAlreadyExists:
            # AWS accepts the same name and input again while the execution runs; ended executions and emulators
            # answer so. Either way this attempt has been started.
            return self._execution(kind, name)
        except self._sfn.exceptions.StateMachineDoesNotExist as error:
            raise InvalidInput(f"There is no state machine for {kind} jobs.") from error

    def stop(self, kind: JobKind, name: str, *, cause: str) -> None:
        try:
            self._sfn.stop_execution(executionArn=self._execution(kind, name), error="CANCELED", cause=cause)
        except self._sfn.exceptions.ExecutionDoesNotExist:
            return
        except self._sfn.exceptions.ValidationException:
            # It has ended meanwhile: then nobody is told again, and whoever asks for the job would be refused for good.
            found = self.find(kind, name)
            if found is None or found.status == "RUNNING":
                raise

    def find(self, kind: JobKind, name: str) -> ExecutionStatusChange | None:
        try:
            found = self._sfn.describe_execution(executionArn=self._execution(kind, name))
        except self._sfn.exceptions.ExecutionDoesNotExist:
            return None
        return ExecutionStatusChange.model_validate(found)

    def task_succeeded(self, task_token: str, output: dict[str, Any]) -> bool:
        try:
            self._sfn.send_task_success(taskToken=task_token, output=json.dumps(output))
        except self._not_waiting:
            return False
        return True

    def task_failed(self, task_token: str, *, code: str, message: str) -> bool:
        try:
            self._sfn.send_task_failure(taskToken=task_token, error=code[:_MAX_ERROR], cause=message[:_MAX_CAUSE])
        except self._not_waiting:
            return False
        return True

    def task_heartbeat(self, task_token: str) -> bool:
        try:
            self._sfn.send_task_heartbeat(taskToken=task_token)
        except self._not_waiting:
            return False
        return True

    @property
    def _not_waiting(self) -> tuple[type[Exception], ...]:
        return (
            self._sfn.exceptions.TaskTimedOut,
            self._sfn.exceptions.TaskDoesNotExist,
            self._sfn.exceptions.InvalidToken,
        )

    def _machine(self, kind: JobKind) -> str:
        machine = self._state_machines.get(kind)
        if machine is None:
            raise InvalidInput(f"There is no state machine for {kind} jobs.")
        return machine

    def _execution(self, kind: JobKind, name: str) -> str:
        return f"{self._machine(kind).replace(':stateMachine:', ':execution:', 1)}:{name}"
