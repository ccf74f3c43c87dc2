"""The job mechanism wired to AWS and the catalog, as the functions use it."""

from functools import cache

from soundstage.jobs.release import Jobs
from soundstage.platform.assets import DynamoAssets
from soundstage.platform.catalog.database import Catalog, engine_for
from soundstage.platform.catalog.listener import CatalogListener
from soundstage.platform.jobs import DynamoJobs
from soundstage.platform.settings import JobsSettings
from soundstage.platform.workflows import StepFunctions


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
