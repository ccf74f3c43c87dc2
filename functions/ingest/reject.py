"""An upload is nothing we can use: its asset is rejected with a code."""

from typing import Any

from soundstage.jobs import ingest
from soundstage.models.jobs import JobError
from soundstage.platform.aws.asset_store import DynamoAssets
from soundstage.platform.aws.storage import ObjectStore
from soundstage.platform.runtime.functions import function
from soundstage.platform.runtime.steps import settings


@function(settings)
def handler(event: dict[str, Any]) -> dict[str, Any]:
    return ingest.reject(
        event["asset_id"],
        version_id=event["claim"].get("version_id"),
        claimant=event["claimant"],
        error=JobError.model_validate(event["rejection"]),
        assets=DynamoAssets(settings().table),
        uploads=ObjectStore(settings().bucket),
    )
