"""The job mechanism wired to AWS and the catalog, as the functions use it."""

from functools import cache

from soundstage.jobs.service import Jobs
from soundstage.platform.aws.asset_store import DynamoAssets
from soundstage.platform.aws.job_store import DynamoJobs
from soundstage.platform.aws.workflows import StepFunctions
from soundstage.platform.catalog.database import Catalog, engine_for
from soundstage.platform.catalog.listener import CatalogListener
from soundstage.platform.settings import JobsSettings


@cache
def settings() -> JobsSettings:
    return JobsSettings()


@cache
def jobs() -> Jobs:
    known = settings()
    return Jobs(
        DynamoJobs(known.table),
        DynamoAssets(known.table),
        StepFunctions(known.state_machines),
        CatalogListener(Catalog(engine_for(known))),
    )
