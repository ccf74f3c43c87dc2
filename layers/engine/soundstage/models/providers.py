"""Which outbound models may be asked, and on what terms. Set by whoever runs the studio; keys are not in here.

``embedded`` is always there. The others exist when they are configured. The API knows them by name, the worker by
address. Keys live in the secret store, under the same names.
"""

import ipaddress
from typing import Annotated, Literal

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, HttpUrl

EMBEDDED = "embedded"
MUSICGEN_LICENCE = "CC-BY-NC-4.0"
"""Of Meta's MusicGen weights: no commercial use (their model card). The code that runs them is Apache-2.0."""


def is_loopback(host: str) -> bool:
    try:
        return ipaddress.ip_address(host.strip("[]")).is_loopback
    except ValueError:
        return host == "localhost"


def checked_url(url: str) -> str:
    """A base address without a slash at the end. Raises ``ValueError`` unless it is https, or on this machine."""
    parts = HttpUrl(url)
    if parts.username or parts.password or parts.query or parts.fragment:
        raise ValueError("an address is a scheme, a host, and perhaps a path; keys do not belong in it")
    if parts.scheme != "https" and not is_loopback(parts.host or ""):
        raise ValueError("an address outside this machine begins with https://")
    return url.rstrip("/")


Url = Annotated[str, AfterValidator(checked_url)]


class _Terms(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class AceStepTerms(_Terms):
    """A server of ACE-Step 1.5 (code and weights MIT), usually one's own: it costs nothing but its electricity."""

    url: Url
    model: str | None = Field(default=None, description="A DiT model that the server has loaded; else its default.")
    cover_strength: float = Field(default=1.0, ge=0, le=1, description="How closely the guide is followed.")
    inference_steps: int = Field(default=8, ge=1, le=200, description="8 for turbo models, 32 to 64 for base models.")
    usd_per_minute: float = Field(default=0.0, ge=0)
    seconds_per_minute: float = Field(default=20.0, gt=0, description="Its own time for a minute of music.")


class ElevenLabsTerms(_Terms):
    """ElevenLabs Music. The price is the public list price of mid-2026; put your contract's in its place."""

    url: Url = "https://api.elevenlabs.io"
    model: str = Field(default="music_v2", pattern=r"^music_v[0-9]+(_[0-9]+)?$")
    output_format: str = Field(default="auto", pattern=r"^(auto|mp3_[0-9]+_[0-9]+)$")
    usd_per_minute: float = Field(default=0.30, ge=0)
    seconds_per_minute: float = Field(default=30.0, gt=0)


class MusicGenTerms(_Terms):
    """MusicGen-melody by Transformers on the worker itself; ``weights`` is a folder that is already there."""

    weights: str = Field(min_length=1)
    accept_licence: Literal["CC-BY-NC-4.0"] = Field(
        description="Spelled out by whoever runs this: the weights are not for commercial use."
    )
    device: Literal["auto", "cpu", "cuda"] = "auto"
    seconds_per_minute: float = Field(default=60.0, gt=0)


class LanguageModelTerms(_Terms):
    """A server of the chat completions wire (OpenAI's API reference, "Chat Completions"), which most others speak.

    ``url`` ends before ``/chat/completions``, for example in ``/v1``.
    """

    url: Url
    model: str = Field(min_length=1)
    patience_s: float = Field(default=30.0, gt=0, le=90, description="For one answer; a step asks twice at most.")


class MusicProviders(_Terms):
    """``patience_s`` is for waiting in their queue and must leave the task time to make the song itself."""

    ace_step: AceStepTerms | None = None
    elevenlabs: ElevenLabsTerms | None = None
    musicgen: MusicGenTerms | None = None
    max_usd_per_song: float = Field(default=1.0, ge=0, description="What is estimated to cost more is not sent.")
    patience_s: float = Field(default=600.0, gt=0, le=800)

    @property
    def names(self) -> tuple[str, ...]:
        configured = (("ace_step", self.ace_step), ("elevenlabs", self.elevenlabs), ("musicgen", self.musicgen))
        return (EMBEDDED, *(name for name, terms in configured if terms is not None))
