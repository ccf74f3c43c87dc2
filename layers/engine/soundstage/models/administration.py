"""What an operator may ask of a stage: the events of the function ``admin/act``."""

from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, TypeAdapter

from soundstage.models.ids import Id


class _Action(BaseModel):
    """``by``: who asks, as they say themselves; who really did is in CloudTrail."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    by: str = Field(default="unknown", max_length=200)


class ListDeadLetters(_Action):
    """What lies in one queue of dead letters, or in all of them."""

    action: Literal["dead-letters list"] = "dead-letters list"
    queue: str | None = None


class ReplayDeadLetters(_Action):
    """Sends letters to where they came from: those with these ids, or all of the queue."""

    action: Literal["dead-letters replay"] = "dead-letters replay"
    queue: str
    ids: list[str] | None = Field(default=None, min_length=1)


class ListStuckJobs(_Action):
    """Jobs and uploads without news for ``for_s`` seconds."""

    action: Literal["jobs stuck"] = "jobs stuck"
    for_s: int = Field(default=600, ge=0)


class RescueJob(_Action):
    """Does for one job at once what the rescuer does every few minutes."""

    action: Literal["jobs rescue"] = "jobs rescue"
    job_id: Id


class CancelJob(_Action):
    action: Literal["jobs cancel"] = "jobs cancel"
    job_id: Id


class ShowUser(_Action):
    """``who`` is an e-mail address or an id; ``month`` is ``2026-11``, this one by default."""

    action: Literal["users show"] = "users show"
    who: str
    month: str | None = Field(default=None, pattern=r"^\d{4}-(0[1-9]|1[0-2])$")


class BlockUser(_Action):
    action: Literal["users block"] = "users block"
    who: str
    reason: str = Field(min_length=3, max_length=500)


class UnblockUser(_Action):
    action: Literal["users unblock"] = "users unblock"
    who: str


Action = (
    ListDeadLetters | ReplayDeadLetters | ListStuckJobs | RescueJob | CancelJob | ShowUser | BlockUser | UnblockUser
)
ACTION: TypeAdapter[Action] = TypeAdapter(Annotated[Action, Field(discriminator="action")])


class DeadLetterQueues(BaseModel):
    """URLs: where letters lie, and where they came from. None: each names the target that EventBridge did not reach."""

    model_config = ConfigDict(frozen=True)

    dead: str
    source: str | None
