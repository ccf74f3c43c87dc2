"""What products need of the catalog. ``soundstage.platform.catalog`` implements it on Postgres, tests in memory."""

from collections.abc import Sequence
from typing import Protocol

from soundstage.models.ids import Id
from soundstage.models.jobs import Job


class Rows(Protocol):
    """What is kept of one product.

    The job comes first and holds all that its row says, so whoever needs the row first brings it there: the request,
    a retry, the last step, or news of the end. A row follows the newest attempt that it knows of, by (job id,
    attempt): ids are ordered by time. Late and repeated news change nothing.
    """

    def check(self, job: Job) -> Id | None:
        """May this job, which need not be stored yet, make its row? Returns the newest job that the row knows of.

        Raises:
            NotFound: the row is deleted or someone else's, or missing where only the person makes rows.
            Conflict: what the job would work on is not there any more, or not yet.
        """

    def follow(self, job: Job) -> None:
        """The row is being made by this attempt. Raises like :meth:`check`, and ``Conflict`` when it is further."""

    def end(self, job: Job) -> Sequence[Id]:
        """This attempt has failed or was canceled: the row says so. What was persisted stays.

        Returns the jobs that it began and that nobody wants any more.
        """


class ListedRows(Rows, Protocol):
    """Rows that people list and delete."""

    def jobs(self, *, owner_id: Id, subject_id: Id) -> Sequence[Id]:
        """The jobs that may be at work for it. Raises NotFound when it is missing, deleted or someone else's."""

    def delete(self, *, owner_id: Id, subject_id: Id) -> Sequence[Id]:
        """Nobody finds it any more. Returns and raises like :meth:`jobs`."""
