"""A WebSocket's first message, wherever the socket ends: whose token it has, and what is to be told."""

from functions.api.middleware import access
from functions.api.middleware.errors import as_ours
from functions.api.services import Services
from pydantic import ValidationError

from soundstage.models.errors import InvalidInput, NotFound, SoundstageError
from soundstage.models.push import MESSAGE_BYTES, Subscribe, Subscription, Unheard
from soundstage.platform.push.reading import subscription


def asked_for(text: str, services: Services) -> Subscription | Unheard:
    """Reads the token only here, and says nothing of the message anywhere."""
    try:
        return _subscription(text, services)
    except SoundstageError as error:
        return Unheard(code=error.code, message=error.message)
    except Exception as error:
        transient = as_ours(error)
        if transient is None:
            raise
        return Unheard(code=transient.code, message=transient.message)


def _subscription(text: str, services: Services) -> Subscription:
    if len(text.encode()) > MESSAGE_BYTES:
        raise InvalidInput(f"A message has {MESSAGE_BYTES} bytes at most.")
    try:
        wanted = Subscribe.model_validate_json(text)
    except ValidationError:
        raise InvalidInput('Send {"action": "subscribe", "token": …}; see docs/events.md.') from None
    principal = access.subscriber(wanted.token.get_secret_value(), services)
    if wanted.job_id is not None:
        job = services.job_store.get(wanted.job_id)
        if job is None or job.owner_id != principal.user_id:
            raise NotFound("There is no such job.")
    if wanted.last_event_id is not None:
        sent = int(wanted.last_event_id)
    else:
        sent = 0 if wanted.job_id else services.reading.newest(principal.user_id)
    return subscription(principal, wanted.job_id, sent, services.clock().timestamp())
