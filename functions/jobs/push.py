"""A job has changed: those who subscribed to it over a WebSocket are told."""

from soundstage.models.jobs import JobChange
from soundstage.platform.push.wiring import push, settings
from soundstage.platform.runtime.listening import listening


@listening(settings)
def handler(change: JobChange) -> None:
    push().changed(change)
