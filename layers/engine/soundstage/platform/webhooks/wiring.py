"""Webhooks as the functions use them."""

from functools import cache

from soundstage.platform.aws.delivery_store import Deliveries
from soundstage.platform.aws.queues import Queue
from soundstage.platform.catalog.database import Catalog, engine_for
from soundstage.platform.catalog.product_rows import utc_now
from soundstage.platform.profile_keys import master_key
from soundstage.platform.settings import WebhookFunctionSettings
from soundstage.platform.webhooks.service import Webhooks


@cache
def settings() -> WebhookFunctionSettings:
    return WebhookFunctionSettings()


@cache
def webhooks() -> Webhooks:
    known = settings()
    if known.webhook_queue_url is None:
        raise ValueError("SOUNDSTAGE_WEBHOOK_QUEUE_URL is not set")
    return Webhooks(
        Catalog(engine_for(known)),
        Deliveries(known.table),
        Queue(known.webhook_queue_url),
        lambda: master_key(known),
        utc_now,
        loopback=known.webhook_loopback,
    )
