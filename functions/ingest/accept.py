"""An upload is sound: its asset is ready."""

from typing import Any

from soundstage.jobs import ingest
from soundstage.platform.aws.asset_store import DynamoAssets
from soundstage.platform.runtime.functions import function
from soundstage.platform.runtime.steps import settings


@function(settings)
def handler(event: dict[str, Any]) -> dict[str, Any]:
    return ingest.accept(
        event["asset_id"],
        claimant=event["claimant"],
        probed=event["probe"],
        assets=DynamoAssets(settings().table),
    )
