"""Batches: work on all shots of a project. The job makes the row."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy.orm import Session

from soundstage.models.ids import Id
from soundstage.models.jobs import Job, JobStatus, WorkflowInput
from soundstage.models.projects import BatchStatus
from soundstage.platform.catalog.product_rows import ProductRows
from soundstage.platform.catalog.project_tables import ShotBatch
from soundstage.products.shot_batch import SHOT_BATCH, ShotBatchOptions


class ShotBatches(ProductRows[ShotBatch, ShotBatchOptions]):
    product = SHOT_BATCH
    row = ShotBatch
    making = BatchStatus.MAKING

    def persist(self, job: WorkflowInput, result: dict[str, Any]) -> bool:
        """What became of its shots. Returns whether it was kept (``ProductRows._keep``)."""

        def write(_session: Session, batch: ShotBatch) -> None:
            batch.result = result

        return self._keep(job, write)

    def began(self, job: WorkflowInput, shot_jobs: Sequence[Id]) -> bool:
        """Remember these jobs of shots, which end when the batch is canceled. False: it was, they are not wanted."""
        with self._catalog.transaction() as session:
            batch = self._at(session, job)
            if batch is None or batch.status != self.making:
                return False
            batch.shot_jobs = list(dict.fromkeys([*batch.shot_jobs, *shot_jobs]))
            return True

    def _begun_by(self, row: ShotBatch, job: Job) -> Sequence[Id]:
        """A batch that failed leaves its shots at work: what they make is wanted."""
        return row.shot_jobs if job.status is JobStatus.CANCELED else ()

    def _begin(self, row: ShotBatch, job: Job | WorkflowInput) -> None:  # noqa: ARG002
        row.shot_jobs = []

    def _first(self, job: Job | WorkflowInput) -> dict[str, Any]:
        options = self.product.options_of(job)
        return {"title": options.title, "project_id": options.project_id, "shot_jobs": []}
