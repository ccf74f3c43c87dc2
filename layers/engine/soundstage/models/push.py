"""What goes over a WebSocket: a client subscribes, and is told events (``models.job_events``) in their order."""

from dataclasses import dataclass
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, SecretStr, StringConstraints

from soundstage.models.ids import Id
from soundstage.models.job_events import Event

Number = Annotated[str, StringConstraints(pattern=r"^[0-9]{1,12}$")]
"""Of an event among those of its person, as text: the ``id`` of a server-sent event."""

MESSAGE_BYTES = 8192
"""A subscription has a token and two ids."""


class Subscribe(BaseModel):
    """The first message, and any later one: it takes the place of the subscription before."""

    model_config = ConfigDict(extra="forbid")

    action: Literal["subscribe"]
    token: SecretStr = Field(max_length=4096, description="An access token or an API key.")
    job_id: Id | None = Field(default=None, description="Left out: all jobs of yours.")
    last_event_id: Number | None = Field(
        default=None, description="What was read last. Left out: a job from its beginning, all jobs from now on."
    )


class Subscribed(BaseModel):
    type: Literal["subscribed"] = "subscribed"
    last_event_id: Number = Field(description="Where the subscription begins.")


class Told(BaseModel):
    type: Literal["event"] = "event"
    id: Number
    event: Event


class Ended(BaseModel):
    """The job has ended, and all was told: the server closes."""

    type: Literal["ended"] = "ended"


class Unheard(BaseModel):
    """The subscription is over, or never began: the server closes. ``code`` as in the API's errors."""

    type: Literal["refused"] = "refused"
    code: str
    message: str


DISPLACED = Unheard(
    code="TOO_MANY_CONNECTIONS",
    message="You subscribed on more connections than are told at once; this was the oldest.",
)

Message = Subscribed | Told | Ended | Unheard


@dataclass(frozen=True, slots=True)
class Subscription:
    """``job_id`` None: all jobs of ``owner_id``. ``pass_id``: the log-in or API key behind it. ``sent``: the number
    of the last event that was told. ``good_until``: epoch seconds."""

    owner_id: Id
    pass_id: Id
    job_id: Id | None
    sent: int
    good_until: float
