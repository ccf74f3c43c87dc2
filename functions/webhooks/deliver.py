"""An attempt of a delivery is due."""

from typing import Any

from soundstage.models.webhooks import DeliveryMessage
from soundstage.platform.runtime.functions import function
from soundstage.platform.webhooks.wiring import settings, webhooks


@function(settings)
def handler(event: dict[str, Any]) -> None:
    for record in event["Records"]:  # one: the event source's batch size
        webhooks().deliver(DeliveryMessage.model_validate_json(record["body"]))
