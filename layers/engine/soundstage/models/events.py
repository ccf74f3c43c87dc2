"""EventBridge events that start or end work: the ``detail`` that functions receive."""

from typing import Literal

from pydantic import BaseModel, ConfigDict, Field


class ObjectCreated(BaseModel):
    """Detail of S3's ``Object Created``. Keys are raw, not URL-encoded; ``sequencer`` orders events of one key."""

    model_config = ConfigDict(extra="ignore")

    bucket: str
    key: str
    size_bytes: int = Field(ge=0)
    sequencer: str = ""
    version_id: str | None = Field(default=None, description="On AWS; MiniStack leaves it out.")


class ExecutionStatusChange(BaseModel):
    """Detail of ``Step Functions Execution Status Change``."""

    model_config = ConfigDict(extra="ignore", populate_by_name=True)

    execution_arn: str = Field(alias="executionArn")
    state_machine_arn: str = Field(alias="stateMachineArn")
    name: str
    status: Literal["RUNNING", "SUCCEEDED", "FAILED", "TIMED_OUT", "ABORTED", "PENDING_REDRIVE"]
    input: str | None = None
    output: str | None = None
    error: str | None = None
    cause: str | None = None
