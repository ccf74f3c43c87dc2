"""One song by a provider, paid for once; by our own engine where that fails."""

from pathlib import Path

from soundstage.models.music import RenderedVariant
from soundstage.models.providers import MusicProviders
from soundstage.providers.errors import (
    ProviderError,
)
from soundstage.providers.music.embedded import EmbeddedMusic
from soundstage.providers.music.postprocessing import finished
from soundstage.providers.paid_submission import Clock, Commission, Ledger, log
from soundstage.providers.protocol import MusicProvider, MusicRequest


def make_song(
    provider: MusicProvider,
    request: MusicRequest,
    ledger: Ledger,
    folder: Path,
    *,
    idempotency_key: str,
    terms: MusicProviders,
    clock: Clock | None = None,
) -> RenderedVariant:
    """The variant by this provider; or by our own engine, with a note that says why."""
    if isinstance(provider, EmbeddedMusic):
        return provider.render(request, folder)
    try:
        commission = Commission(provider, request, ledger, folder, idempotency_key, terms, clock or Clock())
        return finished(request, commission.audio(), folder, provider=provider.name)
    except ProviderError as trouble:
        return made_by_ourselves(request, folder, trouble)


def made_by_ourselves(request: MusicRequest, folder: Path, trouble: ProviderError) -> RenderedVariant:
    log.warning("a provider did not make the song", extra={"code": trouble.code, "reason": trouble.message})
    note = f"{trouble.message} So our own engine made this song."
    return EmbeddedMusic().render(request, folder).model_copy(update={"provider_note": note})
