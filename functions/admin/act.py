"""What an operator asks for: ``soundstage admin …`` invokes this with one of ``soundstage.models.administration``.

Answers ``{"done": …}``, or ``{"error": …}`` for what an operator can mend (``platform.aws.functions``).
"""

from functools import cache
from typing import Any

from pydantic import ValidationError

from soundstage.models.administration import ACTION
from soundstage.models.errors import InvalidInput
from soundstage.platform.administration import Administration
from soundstage.platform.aws.asset_store import DynamoAssets
from soundstage.platform.aws.functions import answering
from soundstage.platform.aws.ingest_start import IngestStart
from soundstage.platform.aws.storage import ObjectStore
from soundstage.platform.aws.traffic import Traffic
from soundstage.platform.catalog.product_rows import utc_now
from soundstage.platform.log_ins import LogIns
from soundstage.platform.quotas import Quotas
from soundstage.platform.runtime.functions import function
from soundstage.platform.runtime.wiring import catalog, job_store, jobs
from soundstage.platform.settings import AdminSettings


@cache
def settings() -> AdminSettings:
    return AdminSettings()


@cache
def administration() -> Administration:
    known = settings()
    assets = DynamoAssets(known.table)
    return Administration(
        catalog=catalog(),
        jobs=jobs(),
        job_store=job_store(),
        assets=assets,
        log_ins=LogIns(catalog(), Traffic(known.table), clock=utc_now),
        quotas=Quotas(catalog(), job_store(), assets, known.table, known.limits, clock=utc_now),
        queues=known.dead_letters,
        ingest=IngestStart(ObjectStore(known.bucket), known.ingest_state_machine).start,
        clock=utc_now,
    )


@function(settings)
@answering
def handler(event: dict[str, Any]) -> dict[str, Any]:
    try:
        action = ACTION.validate_python(event)
    except ValidationError as error:
        raise InvalidInput(f"This cannot be asked: {error.errors()[0]['msg']}.") from error
    return {"done": administration().act(action)}
