"""Our own engine as a provider: the default, and what every other provider falls back to. It costs nothing."""

from pathlib import Path

from soundstage.media.files import sha256_of
from soundstage.models.music import RenderedVariant
from soundstage.models.providers import EMBEDDED
from soundstage.music.generation import music_generate
from soundstage.providers.music.request import MusicRequest
from soundstage.providers.protocol import Estimate, Fetched, Reference, Status, Submitted

SECONDS_PER_MINUTE = 6.0
"""Of music, on one core (``make bench-music``)."""


class EmbeddedMusic:
    name = EMBEDDED
    repeatable = True

    def fingerprint(self, request: MusicRequest) -> str:
        terms = {
            "composition": request.composition.model_dump(mode="json"),
            "sound_font": request.sound_font and request.sound_font.name,
        }
        return request.fingerprint(self.name, terms)

    def estimate(self, request: MusicRequest) -> Estimate:
        return Estimate(usd=0.0, seconds=request.plan.duration_s / 60.0 * SECONDS_PER_MINUTE)

    def submit(self, request: MusicRequest, idempotency_key: str, folder: Path) -> Submitted:  # noqa: ARG002
        return Submitted(Reference(provider=self.name, id=idempotency_key))

    def poll(self, reference: Reference) -> Status:  # noqa: ARG002
        return "done"

    def fetch(self, reference: Reference, request: MusicRequest, folder: Path) -> Fetched:  # noqa: ARG002
        audio = Path(self.render(request, folder).audio)
        return Fetched(audio, sha256_of(audio))

    def cancel(self, reference: Reference) -> None:
        """Nothing has begun until it is fetched."""

    def render(self, request: MusicRequest, folder: Path) -> RenderedVariant:
        return music_generate(
            request.composition, request.label, folder, request.hum, request.sound_font, progress=request.progress
        )
