"""The Protocol of outbound generative models, whatever they make, and what goes in and out.

A kind of providers (music; pictures, clips and speech alike) is a type of request, and a folder with its providers:
``Provider[MusicRequest]``. The order of calls is ``estimate`` (before anything is spent), ``submit`` (the only call
that may cost), ``poll`` until done, ``fetch``. A caller keeps the reference before it polls, and never submits twice:
``paid_submission`` does that for all kinds.
"""

import hashlib
import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal, Protocol, TypeVar

from pydantic import BaseModel, ConfigDict

from soundstage.providers.errors import Expired, Unsupported

Status = Literal["waiting", "done"]

Request_contra = TypeVar("Request_contra", contravariant=True)


class Estimate(BaseModel):
    model_config = ConfigDict(frozen=True)

    usd: float
    seconds: float


class Reference(BaseModel):
    """A provider's id of what was submitted: small, and to be kept before anything else happens."""

    model_config = ConfigDict(frozen=True)

    provider: str
    id: str


@dataclass(frozen=True)
class Submitted:
    """``result``: providers that answer at once have sent the file along."""

    reference: Reference
    result: Path | None = None


@dataclass(frozen=True)
class Fetched:
    result: Path
    sha256: str


class Provider(Protocol[Request_contra]):
    name: str
    repeatable: bool
    """Submitting again costs nothing and gives the same: true of what runs in this process."""

    def fingerprint(self, request: Request_contra) -> str:
        """Hex SHA-256 of everything that decides the result, as far as the provider lets one decide."""

    def estimate(self, request: Request_contra) -> Estimate:
        """Cost in USD and time in seconds. Sends nothing, spends nothing."""

    def submit(self, request: Request_contra, idempotency_key: str, folder: Path) -> Submitted:
        """Raises NotSent, Ambiguous, Refused, Unsupported."""

    def poll(self, reference: Reference) -> Status:
        """Raises Unreachable, Expired, Failed, Refused."""

    def fetch(self, reference: Reference, request: Request_contra, folder: Path) -> Fetched:
        """Bring the result to ``folder``, whole. Raises Unreachable, Expired, Failed, Refused."""

    def cancel(self, reference: Reference) -> None:
        """Raises Unsupported where they cannot; then the result is made, and perhaps billed, for nobody."""


class AnsweredAtOnce:
    """What ``Provider`` is of those who answer ``submit`` with the result: nothing is left to wait for or to fetch."""

    who: str

    def poll(self, reference: Reference) -> Status:  # noqa: ARG002
        return "done"

    def fetch(self, reference: Reference, request: Any, folder: Path) -> Fetched:  # noqa: ARG002
        raise Expired(f"{self.who} hands out once what it made.")

    def cancel(self, reference: Reference) -> None:  # noqa: ARG002
        raise Unsupported(f"{self.who} cannot cancel.")


def fingerprint_of(provider: str, **decides: Any) -> str:
    """Hex SHA-256 over the provider's name and what decides its result, JSON values by name."""
    text = json.dumps({"provider": provider, **decides}, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()
