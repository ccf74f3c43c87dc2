"""The request to a provider of pictures: one shot, in words."""

import hashlib
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any, TypeAlias

from soundstage.models.film import Aspect
from soundstage.providers.protocol import Provider, fingerprint_of


@dataclass(frozen=True)
class ImageRequest:
    """``reference``: a PNG of our own of the same shot, for models that follow one."""

    prompt: str
    negative: str
    aspect: Aspect
    seed: int
    reference: Path | None = None

    @cached_property
    def reference_sha256(self) -> str | None:
        return None if self.reference is None else hashlib.sha256(self.reference.read_bytes()).hexdigest()

    def fingerprint(self, provider: str, terms: dict[str, Any]) -> str:
        """``terms``: the provider's settings that decide the result."""
        return fingerprint_of(
            provider,
            terms=terms,
            prompt=self.prompt,
            negative=self.negative,
            aspect=self.aspect,
            seed=self.seed,
            reference=self.reference_sha256,
        )


ImageProvider: TypeAlias = Provider[ImageRequest]


def pixels(size: str) -> tuple[int, int]:
    """Width and height of ``1024x576``."""
    wide, _, high = size.partition("x")
    return int(wide), int(high)
