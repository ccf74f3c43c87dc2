"""An object was created: claim its asset, so that of several events for it one goes on."""

from typing import Any

from soundstage.jobs import ingest
from soundstage.models.events import ObjectCreated
from soundstage.platform.aws.asset_store import DynamoAssets
from soundstage.platform.aws.storage import ObjectStore
from soundstage.platform.runtime.functions import function
from soundstage.platform.runtime.steps import settings


@function(settings)
def handler(event: dict[str, Any]) -> dict[str, Any]:
    return ingest.claim(
        ObjectCreated.model_validate(event),
        claimant=event["claimant"],
        assets=DynamoAssets(settings().table),
        uploads=ObjectStore(settings().bucket),
        lease_s=settings().ingest_lease_s,
    )
