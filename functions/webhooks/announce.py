"""A job has changed: the webhooks that want to hear of it get a delivery."""

from soundstage.models.jobs import JobChange
from soundstage.platform.runtime.listening import listening
from soundstage.platform.webhooks.wiring import settings, webhooks


@listening(settings)
def handler(change: JobChange) -> None:
    webhooks().announce(change)
