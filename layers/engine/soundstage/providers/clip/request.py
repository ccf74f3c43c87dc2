"""The request to a provider of clips: a picture that shall move, and what happens in it."""

import hashlib
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any, TypeAlias

from soundstage.providers.protocol import Provider, fingerprint_of


@dataclass(frozen=True)
class ClipRequest:
    """``frame``: a PNG, the first of the clip."""

    frame: Path
    prompt: str
    seed: int

    @cached_property
    def frame_sha256(self) -> str:
        return hashlib.sha256(self.frame.read_bytes()).hexdigest()

    def fingerprint(self, provider: str, terms: dict[str, Any]) -> str:
        """``terms``: the provider's settings that decide the result."""
        return fingerprint_of(provider, terms=terms, frame=self.frame_sha256, prompt=self.prompt, seed=self.seed)


ClipProvider: TypeAlias = Provider[ClipRequest]
