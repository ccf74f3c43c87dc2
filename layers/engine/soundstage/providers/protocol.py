"""Music from any model: the Protocol that the worker asks, and what goes in and out.

The order of calls is ``estimate`` (before anything is spent), ``submit`` (the only call that may cost), ``poll`` until
done, ``fetch``. A caller keeps the reference before it polls, and never submits twice: ``paid_submission`` does that.
"""

import hashlib
import json
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any, Literal, Protocol

from pydantic import BaseModel, ConfigDict

from soundstage.audio.io import Audio
from soundstage.models.composition import Composition, VariantPlan
from soundstage.models.music import RenderedVariant
from soundstage.models.tracks import VariantLabel
from soundstage.music.sounding.sound_font import SoundFont
from soundstage.providers.music.melody_guide import render_guide

Status = Literal["waiting", "done"]


@dataclass(eq=False)
class MusicRequest:
    """A variant to be made. For our own engine only: ``hum``, the recording, for the voice layer; it goes to nobody
    else; and ``sound_font``, whose recorded instruments play instead of ours.
    """

    composition: Composition
    label: VariantLabel
    hum: Audio | None = None
    sound_font: SoundFont | None = None

    @property
    def plan(self) -> VariantPlan:
        return self.composition.variants[self.label]

    @cached_property
    def guide(self) -> Audio:
        """The tune, in tune, played by our own instruments: what a model is to follow."""
        return render_guide(self.plan)


class Estimate(BaseModel):
    model_config = ConfigDict(frozen=True)

    usd: float
    seconds: float


class Reference(BaseModel):
    """How a provider knows what was submitted: small, and to be kept before anything else happens."""

    model_config = ConfigDict(frozen=True)

    provider: str
    id: str


@dataclass(frozen=True)
class Submitted:
    """``audio``: providers that answer at once have sent the result along."""

    reference: Reference
    audio: Path | None = None


@dataclass(frozen=True)
class Fetched:
    """``finished`` when our own engine made it: nothing is left to do."""

    audio: Path
    sha256: str
    finished: RenderedVariant | None = None


class MusicProvider(Protocol):
    name: str
    repeatable: bool
    """Submitting again costs nothing and gives the same: true of what runs in this process."""

    def fingerprint(self, request: MusicRequest) -> str:
        """Hex SHA-256 of everything that decides the result, as far as the provider lets one decide."""

    def estimate(self, request: MusicRequest) -> Estimate:
        """Cost in USD and time in seconds. Sends nothing, spends nothing."""

    def submit(self, request: MusicRequest, idempotency_key: str, folder: Path) -> Submitted:
        """Raises NotSent, Ambiguous, Refused, Unsupported."""

    def poll(self, reference: Reference) -> Status:
        """Raises Unreachable, Expired, Failed, Refused."""

    def fetch(self, reference: Reference, request: MusicRequest, folder: Path) -> Fetched:
        """Bring the result to ``folder``, whole. Raises Unreachable, Expired, Failed, Refused."""

    def cancel(self, reference: Reference) -> None:
        """Raises Unsupported where they cannot; then the result is made, and perhaps billed, for nobody."""


def fingerprint_of(provider: str, request: MusicRequest, terms: dict[str, Any]) -> str:
    said = {"provider": provider, "terms": terms, "plan": request.plan.model_dump(mode="json")}
    return hashlib.sha256(json.dumps(said, sort_keys=True, separators=(",", ":")).encode()).hexdigest()
