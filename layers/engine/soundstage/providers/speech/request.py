"""The request to a provider of speech: a stretch of text in one voice; and what such a provider is besides."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal, NamedTuple, Protocol

from soundstage.models.profiles import ProfileVoice
from soundstage.models.story import Language
from soundstage.providers.protocol import Provider, fingerprint_of


@dataclass(frozen=True)
class SpeechRequest:
    """``wants``: the sound, or where the service tells them, when each word sounds."""

    text: str
    voice: str
    language: Language
    speed: float
    wants: Literal["sound", "marks"] = "sound"

    def fingerprint(self, provider: str, terms: dict[str, Any]) -> str:
        """``terms``: the provider's settings that decide the result."""
        return fingerprint_of(
            provider,
            terms=terms,
            text=self.text,
            voice=self.voice,
            language=self.language,
            speed=self.speed,
            wants=self.wants,
        )


class Mark(NamedTuple):
    """A word of the text from ``start`` to ``end`` begins to sound at ``start_s``."""

    start: int
    end: int
    start_s: float


class SpeechProvider(Provider[SpeechRequest], Protocol):
    model: str
    """For people: what speaks."""
    who: str
    """What messages call it."""
    patience_s: float
    gives_marks: bool

    @property
    def voices(self) -> Sequence[ProfileVoice]:
        """Those that the profile names."""

    def marks(self, path: Path, request: SpeechRequest) -> list[Mark]:
        """What a fetched result of ``wants="marks"`` says. Raises Failed."""
