"""After a crash of an embedded cloud: its tables are as they were at its start, and the catalog is not."""

import logging
from collections.abc import Iterable

from soundstage.jobs.ports import JobStore
from soundstage.models.jobs import JobError
from soundstage.platform.catalog.product_rows import ProductRows
from soundstage.products.ports import Rows

log = logging.getLogger(__name__)

LOST = JobError(code="JOB_LOST", message="The studio broke down while this was made. Please start it again.")


def fail_what_is_lost(rows: Iterable[Rows], jobs: JobStore) -> int:
    """Rows that wait for a job of which nobody knows have failed, so that they can be made anew. Returns how many."""
    lost = 0
    for of_kind in rows:
        if isinstance(of_kind, ProductRows):
            wanted = of_kind.being_made()
            gone = sorted(set(wanted) - jobs.get_many(wanted).keys())
            if gone:
                log.warning("jobs are lost", extra={"kind": of_kind.product.kind, "job_ids": gone[:20]})
                of_kind.lose(gone, LOST)
            lost += len(gone)
    return lost
