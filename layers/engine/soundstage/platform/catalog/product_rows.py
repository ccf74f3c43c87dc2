"""Rows of products: the columns that all of them have, and how a row follows its jobs."""

from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from enum import StrEnum
from typing import Any, ClassVar, Generic, TypeVar

from sqlalchemy import CheckConstraint, ForeignKey, Index, select, text, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Mapped, Session, mapped_column
from sqlalchemy.schema import SchemaItem

from soundstage.models.errors import Conflict, NotFound
from soundstage.models.ids import Id
from soundstage.models.jobs import Job, JobError, JobStatus, WorkflowInput
from soundstage.platform.catalog.database import Catalog
from soundstage.platform.catalog.tables import User
from soundstage.products.base import Options, Product

READY, FAILED, CANCELED, DELETED = "ready", "failed", "canceled", "deleted"
"""What every product's status is called, besides its own word for being made."""


class ProductRow:
    """``job_id`` and ``job_attempt``: the newest attempt that the row knows of. ``error``: why that one failed."""

    __tablename__: str

    id: Mapped[Id] = mapped_column(primary_key=True)
    owner_id: Mapped[Id] = mapped_column(ForeignKey(User.id, ondelete="CASCADE"))
    title: Mapped[str]
    status: Mapped[str]
    job_id: Mapped[Id | None]
    job_attempt: Mapped[int] = mapped_column(server_default="0")
    error: Mapped[dict[str, Any] | None]
    created_at: Mapped[datetime]
    updated_at: Mapped[datetime]
    deleted_at: Mapped[datetime | None]


def product_table_args(table: str, statuses: type[StrEnum], *more: SchemaItem) -> tuple[SchemaItem, ...]:
    """``__table_args__`` of a row: what its status may be, and the index that lists need."""
    allowed = ", ".join(f"'{status}'" for status in statuses)
    return (
        CheckConstraint(f"status IN ({allowed})", name="status"),
        # Lists are newest first, and ids are ordered by time.
        Index(f"ix_{table}_owner_id_id", "owner_id", "id", postgresql_where=text("status <> 'deleted'")),
        *more,
    )


Row = TypeVar("Row", bound=ProductRow)


def utc_now() -> datetime:
    return datetime.now(UTC)


class ProductRows(Generic[Row, Options]):
    """The rows of one product (``soundstage.products.ports.ListedRows``).

    A subclass names ``product``, ``row`` and ``making``, its word for being made, and says what is its own: the
    columns that a job decides (``_begin``), and whether a job makes the row itself (``_first``).
    """

    product: Product[Options]
    row: type[Row]
    making: ClassVar[str]

    def __init__(self, catalog: Catalog, *, clock: Callable[[], datetime] = utc_now) -> None:
        self._catalog = catalog
        self._clock = clock

    # Reading, in the caller's transaction

    def get(self, session: Session, *, owner_id: Id, subject_id: Id, lock: bool = False) -> Row:
        """Raises NotFound when it is missing, deleted or someone else's. ``lock`` lasts as long as the transaction."""
        query = select(self.row).where(
            self.row.id == subject_id, self.row.owner_id == owner_id, self.row.status != DELETED
        )
        found = session.scalar(query.with_for_update() if lock else query)
        if found is None:
            raise self._missing()
        return found

    def list_page(self, session: Session, *, owner_id: Id, limit: int, before: Id | None) -> Sequence[Row]:
        """Newest first, those older than ``before``."""
        query = select(self.row).where(self.row.owner_id == owner_id, self.row.status != DELETED)
        if before is not None:
            query = query.where(self.row.id < before)
        return session.scalars(query.order_by(self.row.id.desc()).limit(limit)).all()

    # Following jobs

    def check(self, job: Job) -> Id | None:
        with self._catalog.transaction() as session:
            row = session.get(self.row, job.subject_id)
        if row is None and self._first(job) is not None:
            return None
        if row is None or row.status == DELETED or row.owner_id != job.owner_id:
            raise self._missing()
        return row.job_id

    def follow(self, job: Job) -> None:
        with self._catalog.transaction() as session:
            if self._at(session, job) is None:
                row = session.get(self.row, job.subject_id)
                if row is None or row.status == DELETED:
                    raise self._missing()
                raise Conflict(f"There is a newer job for this {self.product.noun}.", detail={"job_id": row.job_id})

    def end(self, job: Job) -> Sequence[Id]:
        with self._catalog.transaction() as session:
            row = self._at(session, job)
            if row is None:
                return ()
            if row.status != self.making:
                return self._begun_by(row, job)
            if job.status is JobStatus.FAILED:
                error = job.error or JobError(code="INTERNAL", message="Something went wrong on our side.")
                row.status, row.error = FAILED, error.model_dump(mode="json")
            else:
                row.status = self._status_after_cancel(row)
            row.updated_at = self._clock()
            return self._begun_by(row, job)

    def jobs(self, *, owner_id: Id, subject_id: Id) -> Sequence[Id]:
        with self._catalog.transaction() as session:
            return self._jobs_of(self.get(session, owner_id=owner_id, subject_id=subject_id))

    def delete(self, *, owner_id: Id, subject_id: Id) -> Sequence[Id]:
        """Soft: the row stays."""
        with self._catalog.transaction() as session:
            row = self.get(session, owner_id=owner_id, subject_id=subject_id, lock=True)
            row.status = DELETED
            row.deleted_at = row.updated_at = self._clock()
            return self._jobs_of(row)

    def being_made(self) -> Sequence[Id]:
        """The jobs that rows wait for."""
        query = select(self.row.job_id).where(self.row.status == self.making, self.row.job_id.is_not(None))
        with self._catalog.transaction() as session:
            return [job_id for job_id in session.scalars(query) if job_id is not None]

    def lose(self, job_ids: Sequence[Id], error: JobError) -> None:
        """Rows that wait for these jobs, which there are no records of any more, have failed."""
        lost = update(self.row).where(self.row.status == self.making, self.row.job_id.in_(job_ids))
        changes = {"status": FAILED, "error": error.model_dump(mode="json"), "updated_at": self._clock()}
        with self._catalog.transaction() as session:
            session.execute(lost.values(changes))

    def _keep(self, job: WorkflowInput, write: Callable[[Session, Row], None]) -> bool:
        """``write`` what this attempt has made into its row, which is ready then. Again, it changes nothing.

        Returns False, and writes nothing, when the row was deleted, this attempt has ended, or a newer one has begun.
        """
        with self._catalog.transaction() as session:
            row = self._at(session, job)
            if row is not None and row.status == self.making:
                write(session, row)
                row.status, row.error, row.updated_at = READY, None, self._clock()
            return row is not None and row.status == READY

    def _at(self, session: Session, job: Job | WorkflowInput) -> Row | None:
        """The row, locked, at this attempt or brought there. None when it is missing, deleted, or further."""
        first = self._first(job)
        if first is not None:
            now = self._clock()
            common = {"id": job.subject_id, "owner_id": job.owner_id, "status": self.making, "job_attempt": 0}
            values = common | {"created_at": now, "updated_at": now} | first
            session.execute(insert(self.row).values(values).on_conflict_do_nothing())
        row = session.scalar(
            select(self.row).where(self.row.id == job.subject_id, self.row.status != DELETED).with_for_update()
        )
        if row is None or (row.job_id or "", row.job_attempt) > (job.job_id, job.attempt):
            return None
        if (row.job_id, row.job_attempt) != (job.job_id, job.attempt):
            self._begin(row, job)
            row.job_id, row.job_attempt = job.job_id, job.attempt
            row.status, row.error, row.updated_at = self.making, None, self._clock()
        return row

    def _missing(self) -> NotFound:
        return NotFound(f"There is no such {self.product.noun}.")

    # What is a product's own

    def _first(self, job: Job | WorkflowInput) -> dict[str, Any] | None:  # noqa: ARG002
        """The columns of its own of a row that this job makes. None where people make rows, before there are jobs."""
        return None

    def _begin(self, row: Row, job: Job | WorkflowInput) -> None:
        """Write what this job makes it from into the row."""

    def _status_after_cancel(self, row: Row) -> str:  # noqa: ARG002
        return CANCELED

    def _begun_by(self, row: Row, job: Job) -> Sequence[Id]:  # noqa: ARG002
        """Jobs that this one began, and that end with it."""
        return ()

    def _jobs_of(self, row: Row) -> list[Id]:
        """All that may be at work for it."""
        return [row.job_id] if row.job_id is not None else []
