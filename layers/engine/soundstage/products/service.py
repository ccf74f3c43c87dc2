"""Starting, retrying, deleting and ending, for every product alike.

Postgres and DynamoDB share no transaction, so the order is always the same: the job under its natural key, then the
row, then the job's release. A crash after the job leaves one that the rescuer releases, and whose row turns up when it
is next needed (``soundstage.products.ports.Rows``).
"""

from collections.abc import Callable, Iterable, Mapping
from contextlib import suppress
from datetime import datetime
from typing import Any

from soundstage.jobs.ports import AssetStore, JobStore, natural_key
from soundstage.jobs.service import Jobs
from soundstage.jobs.uploads import owned_asset
from soundstage.models.errors import Conflict, InvalidInput, NotFound
from soundstage.models.ids import Id, id_after, new_id
from soundstage.models.jobs import Dependency, Job, JobStatus
from soundstage.products.base import Options, Product
from soundstage.products.ports import ListedRows, Rows


def anything(_kind: str, _owner_id: Id) -> None:
    """No quotas."""


class ProductJobs:
    """``rows`` by kind of job. ``allow`` raises for what an owner may not begin now, by kind of job."""

    def __init__(
        self,
        rows: Mapping[str, Rows],
        *,
        jobs: Jobs,
        job_store: JobStore,
        assets: AssetStore,
        clock: Callable[[], datetime],
        allow: Callable[[str, Id], None] = anything,
    ) -> None:
        self._allow = allow
        self._rows = rows
        self._jobs = jobs
        self._job_store = job_store
        self._assets = assets
        self._clock = clock

    def start(
        self,
        product: Product[Options],
        *,
        owner_id: Id,
        options: Options,
        inputs: Mapping[str, Id] | None = None,
        subject_id: Id | None = None,
    ) -> Job:
        """The job that makes it, as far as it can go now. Asked again meanwhile, it is the same one.

        ``inputs`` are ids of assets and jobs by role. ``subject_id`` names the row; left out, it is a new one.

        Raises:
            NotFound: no such input or row of this owner.
            InvalidInput: an input of another kind than the product works on.
            Conflict: the row is being made from something else, or what the job would work on is not there.
            QuotaExceeded: what ``allow`` raises, unless it is under way already.
        """
        job = self._job(product, owner_id=owner_id, options=options, inputs=inputs or {}, subject_id=subject_id)
        rows = self._rows[product.kind]
        newest = rows.check(job)
        if newest is not None:
            made = self._job_store.get(newest) if product.made_once else None
            if made is not None and made.status is JobStatus.SUCCEEDED:
                return made
            # Clocks differ, and the row follows the newest job.
            job = job.model_copy(update={"job_id": id_after(newest, job.job_id)})
        if job.natural_key is None or self._job_store.holder(job.natural_key) is None:
            self._allow(product.kind, owner_id)  # what is under way already is not begun
        under_way = self._jobs.create(job, prepare=self._following(rows))
        if (under_way.inputs, product.options_of(under_way).model_dump(mode="json")) != (job.inputs, job.options):
            raise Conflict(f"The {product.noun} is being made already.", detail={"job_id": under_way.job_id})
        return under_way

    def retry(self, job: Job) -> Job:
        """The next attempt of a job that failed or was canceled.

        Raises:
            NotFound: its row was deleted.
            Conflict: it is under way or has succeeded, or its row has a newer job.
        """
        rows = self._rows[job.kind]
        newest = rows.check(job)
        if newest is not None and newest > job.job_id:
            raise Conflict(f"There is a newer job for this {job.kind}.", detail={"job_id": newest})
        if job.status.terminal:
            self._allow(job.kind, job.owner_id)
        try:
            return self._jobs.retry(job.job_id, prepare=self._following(rows))
        except Conflict:
            under_way = self._job_store.get(job.job_id)
            if under_way is not None and not under_way.status.terminal:
                rows.follow(under_way)  # whoever asked before may have died before the row knew of it
            raise

    def delete(self, rows: ListedRows, *, owner_id: Id, subject_id: Id) -> None:
        """Nobody finds the row any more, and what makes it is stopped.

        Stopping comes first: should this end half-way, the row is there to be deleted again. Then what began meanwhile.

        Raises:
            NotFound: it is missing, deleted, or someone else's.
        """
        self.stop(rows.jobs(owner_id=owner_id, subject_id=subject_id))
        self.stop(rows.delete(owner_id=owner_id, subject_id=subject_id))

    def _job(
        self,
        product: Product[Options],
        *,
        owner_id: Id,
        options: Options,
        inputs: Mapping[str, Id],
        subject_id: Id | None,
    ) -> Job:
        now, dumped, roles = self._clock(), options.model_dump(mode="json"), dict(inputs)
        depends_on = [self._dependency(product, owner_id, role, id_) for role, id_ in inputs.items()]
        subject = {"subject": subject_id} if subject_id is not None else {}
        assert subject or product.natural_key == "request"  # noqa: S101  (a new row is nobody else's)
        what = (subject, {}) if product.natural_key == "subject" else (roles | subject, dumped)
        return Job(
            job_id=new_id(),
            owner_id=owner_id,
            kind=product.kind,
            status=JobStatus.BLOCKED,
            depends_on=list(dict.fromkeys(depends_on)),
            subject_id=subject_id or new_id(),
            inputs=roles,
            options=dumped,
            natural_key=natural_key(owner_id, product.kind, *what),
            created_at=now,
            updated_at=now,
        )

    def _dependency(self, product: Product[Any], owner_id: Id, role: str, id_: Id) -> Dependency:
        kind = product.input_kind(role)
        if kind == "job":
            job = self._job_store.get(id_)
            if job is None or job.owner_id != owner_id:
                raise NotFound("There is no such job.")
            return Dependency(kind="job", id=id_)
        asset = owned_asset(self._assets, owner_id, id_)
        if asset.kind is not kind:
            raise InvalidInput(f"The {role} of a {product.kind} has to be {kind}.", detail={"kind": asset.kind})
        return Dependency(kind="asset", id=id_)

    def _following(self, rows: Rows) -> Callable[[Job], None]:
        """Brings the row to its job. A job whose row went away in between is not wanted any more."""

        def follow(job: Job) -> None:
            try:
                rows.follow(job)
            except (NotFound, Conflict):
                self.stop([job.job_id])
                raise

        return follow

    def stop(self, job_ids: Iterable[Id]) -> None:
        """Cancel those of them that are under way."""
        for job_id in job_ids:
            job = self._job_store.get(job_id)
            if job is not None and not job.status.terminal:
                with suppress(Conflict):  # it ended in between
                    self._jobs.cancel(job_id)


class ProductEnds:
    """Passes the end of jobs on to their rows (``soundstage.jobs.ports.Listener``). Idempotent.

    A job that succeeded needs nothing here: its last step has marked what it made as ready already, so that whoever
    sees the job succeed finds it so.
    """

    def __init__(self, rows: Mapping[str, Rows]) -> None:
        self._rows = rows

    def job_ended(self, job: Job) -> Iterable[Id]:
        rows = self._rows.get(job.kind) if job.subject_id is not None else None
        if rows is None or job.status is JobStatus.SUCCEEDED:
            return ()
        return rows.end(job)
