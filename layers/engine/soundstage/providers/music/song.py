"""One song by a provider, paid for once; by our own engine where that fails."""

import logging
from pathlib import Path

from soundstage.models.music import RenderedVariant
from soundstage.models.providers import MusicProviders
from soundstage.providers.errors import ProviderError
from soundstage.providers.music.embedded import EmbeddedMusic
from soundstage.providers.music.postprocessing import finished
from soundstage.providers.music.request import MusicProvider, MusicRequest
from soundstage.providers.paid_submission import Budget, Clock, Limits, NoBudget, PaidSubmission
from soundstage.providers.submission_record import SubmissionStore

log = logging.getLogger(__name__)


def make_song(
    provider: MusicProvider,
    request: MusicRequest,
    store: SubmissionStore,
    folder: Path,
    *,
    idempotency_key: str,
    terms: MusicProviders,
    clock: Clock | None = None,
    budget: Budget | None = None,
) -> RenderedVariant:
    """The variant by this provider; or by our own engine, with a note that says why."""
    if isinstance(provider, EmbeddedMusic):
        return provider.render(request, folder)
    limits = Limits(max_usd=terms.max_usd_per_song, patience_s=terms.patience_s)
    submission = PaidSubmission(
        provider, request, store, folder, idempotency_key, limits, clock or Clock(), budget or NoBudget()
    )
    try:
        return finished(request, submission.result(), folder, provider=provider.name)
    except ProviderError as trouble:
        return made_by_ourselves(request, folder, trouble)


def made_by_ourselves(request: MusicRequest, folder: Path, trouble: ProviderError) -> RenderedVariant:
    log.warning("a provider did not make the song", extra={"code": trouble.code, "reason": trouble.message})
    note = f"{trouble.message} So our own engine made this song."
    return EmbeddedMusic().render(request, folder).model_copy(update={"provider_note": note})
