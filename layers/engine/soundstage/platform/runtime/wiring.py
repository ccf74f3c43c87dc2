"""The job mechanism and the catalog, as the functions use them."""

from functools import cache

from soundstage.jobs.service import Jobs
from soundstage.platform.aws.asset_store import DynamoAssets
from soundstage.platform.aws.change_feed import JobFeed
from soundstage.platform.aws.job_store import DynamoJobs
from soundstage.platform.aws.workflows import StepFunctions
from soundstage.platform.catalog.database import Catalog, engine_for
from soundstage.platform.catalog.product_rows import utc_now
from soundstage.platform.catalog.rows import rows_of
from soundstage.platform.runtime import steps
from soundstage.platform.settings import JobsSettings
from soundstage.products.service import ProductEnds, ProductJobs


@cache
def settings() -> JobsSettings:
    return JobsSettings()


@cache
def catalog() -> Catalog:
    """Opened on first use, and kept as long as the process lives. A step that persists knows no more than steps do."""
    return Catalog(engine_for(steps.settings()))


@cache
def job_store() -> DynamoJobs:
    known = settings()
    return DynamoJobs(known.table, feed=JobFeed(known.table, known.stage))


@cache
def jobs() -> Jobs:
    known = settings()
    return Jobs(
        job_store(),
        DynamoAssets(known.table),
        StepFunctions(known.state_machines),
        ProductEnds(rows_of(catalog())),
    )


@cache
def product_jobs() -> ProductJobs:
    """For a step that starts jobs of another kind."""
    return ProductJobs(
        rows_of(catalog()), jobs=jobs(), job_store=job_store(), assets=DynamoAssets(settings().table), clock=utc_now
    )
