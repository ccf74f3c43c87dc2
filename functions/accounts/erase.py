"""Every few minutes: remove what deleted accounts have in the bucket."""

from datetime import UTC, datetime
from typing import Any

from soundstage.platform.aws.asset_store import DynamoAssets
from soundstage.platform.aws.storage import ObjectStore
from soundstage.platform.erasure import Erasure
from soundstage.platform.runtime.functions import function
from soundstage.platform.runtime.wiring import catalog, job_store, jobs, settings


@function(settings)
def handler(_event: dict[str, Any]) -> dict[str, int]:
    known = settings()
    erasure = Erasure(
        catalog(),
        jobs(),
        job_store(),
        DynamoAssets(known.table),
        ObjectStore(known.bucket),
        table=known.table,
        clock=lambda: datetime.now(UTC),
    )
    return {"accounts_erased": erasure.run()}
