"""What a deleted account had in the bucket is removed for good, with all its versions; what works for it is stopped.

What providers and workers did for it stays for its last bills and goes by itself after ``BILLS_WITHIN``.

Not removed: impulse responses under ``ir/``, which are named by what they are and may be others', too.
"""

from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress
from datetime import datetime, timedelta

from sqlalchemy import select

from soundstage.jobs.service import Jobs
from soundstage.models.assets import AssetStatus
from soundstage.models.errors import Conflict
from soundstage.models.ids import Id
from soundstage.models.jobs import Dependency, Job
from soundstage.platform.aws import film_parts, tunes
from soundstage.platform.aws.asset_store import DynamoAssets
from soundstage.platform.aws.budget import MonthlySpending, ProjectBudget
from soundstage.platform.aws.job_store import DynamoJobs
from soundstage.platform.aws.storage import ObjectStore
from soundstage.platform.aws.worker_time import WorkerTimes
from soundstage.platform.catalog import accounts, audit
from soundstage.platform.catalog.database import Catalog
from soundstage.platform.catalog.project_tables import Project
from soundstage.platform.catalog.tables import User
from soundstage.platform.catalog.tracks import Track, TrackVariant
from soundstage.platform.quotas import Month
from soundstage.providers.submission_record import BOUGHT

STRAGGLERS = timedelta(minutes=20)
"""A worker that was at it when the account went may still write; its task ends by then."""
BILLS_WITHIN = timedelta(days=90)
"""After an account has gone: until then whoever runs the stage can draw its last bills from the table."""
AT_ONCE = 20
_PAGE = 100


class Erasure:
    def __init__(
        self,
        catalog: Catalog,
        jobs: Jobs,
        job_store: DynamoJobs,
        assets: DynamoAssets,
        objects: ObjectStore,
        *,
        table: str,
        clock: Callable[[], datetime],
    ) -> None:
        self._catalog = catalog
        self._jobs = jobs
        self._job_store = job_store
        self._assets = assets
        self._objects = objects
        self._table = table
        self._clock = clock

    def run(self) -> int:
        """Go over the deleted accounts that wait longest. Returns for how many nothing is left to do."""
        with self._catalog.transaction() as session:
            waiting = accounts.to_erase(session, limit=AT_ONCE)
        return sum(self.erase(user_id) for user_id in waiting)

    def erase(self, user_id: Id) -> bool:
        """Again, it finds less to do. Whether that was all: not before ``STRAGGLERS`` have ended."""
        jobs = list(self._all_jobs(user_id))
        for job in jobs:
            if not job.status.terminal:
                with suppress(Conflict):  # it ended in between
                    self._jobs.cancel(job.job_id)
        self._forget_assets(user_id)
        made_by = {job.job_id for job in jobs} | self._jobs_of_rows(user_id)
        prefixes = [f"uploads/{user_id}/", f"{BOUGHT}{user_id}/", f"{film_parts.PREFIX}{user_id}/"]
        prefixes += [f"{kind}/{job_id}/" for kind in ("results", "work") for job_id in sorted(made_by)]
        prefixes += [
            prefix for track_id in sorted(self._tracks(user_id, jobs)) for prefix in tunes.prefixes_of(track_id)
        ]
        for prefix in prefixes:
            self._objects.delete_all(prefix)
        now = self._clock()
        with self._catalog.transaction() as session:
            user = session.get_one(User, user_id)
            created_at, deleted_at = user.created_at, user.deleted_at
        if deleted_at is None or now - deleted_at < STRAGGLERS:
            return False
        self._forget_bills(user_id, months=_months(created_at, now), at=deleted_at + BILLS_WITHIN)
        with self._catalog.transaction() as session:
            accounts.erased(session, user_id, now=now)
            audit.record(session, user_id=user_id, action="account.erased", now=now)
        return True

    def _forget_bills(self, user_id: Id, *, months: Iterable[Month], at: datetime) -> None:
        WorkerTimes(self._table, user_id).forget(at)
        for month in months:
            MonthlySpending(self._table, user_id, month.name).forget(at)
        with self._catalog.transaction() as session:
            projects = session.scalars(select(Project.id).where(Project.owner_id == user_id)).all()
        for project_id in projects:
            ProjectBudget(self._table, project_id, max_usd=0.0).forget(at)

    def _all_jobs(self, user_id: Id) -> Iterator[Job]:
        cursor: str | None = None
        while True:
            found, cursor = self._job_store.list(user_id, limit=_PAGE, cursor=cursor)
            yield from found
            if cursor is None:
                return

    def _forget_assets(self, user_id: Id) -> None:
        cursor: str | None = None
        while True:
            found, cursor = self._assets.list(user_id, limit=_PAGE, cursor=cursor)
            for asset in found:
                if asset.status is AssetStatus.DELETED:
                    continue
                if asset.upload_id is not None:
                    self._objects.abort_multipart(asset.bucket_key, upload_id=asset.upload_id)
                self._assets.delete(asset.asset_id)
                self._jobs.release_dependants(Dependency(kind="asset", id=asset.asset_id))
            if cursor is None:
                return

    def _tracks(self, user_id: Id, jobs: list[Job]) -> set[Id]:
        """Also those that were deleted before: their jobs knew them."""
        found = {job.subject_id for job in jobs if job.kind == "track" and job.subject_id is not None}
        with self._catalog.transaction() as session:
            return found | set(session.scalars(select(Track.id).where(Track.owner_id == user_id)))

    def _jobs_of_rows(self, user_id: Id) -> set[Id]:
        """Records of jobs expire; what they made stays under their ids."""
        found: set[Id | None] = set()
        with self._catalog.transaction() as session:
            for table in accounts.owned_tables():
                found.update(session.scalars(select(table.job_id).where(table.owner_id == user_id)))
            mine = select(TrackVariant).join(Track, Track.id == TrackVariant.track_id).where(Track.owner_id == user_id)
            for variant in session.scalars(mine):
                found.update((variant.job_id, variant.video_job_id))
        return {job_id for job_id in found if job_id is not None}


def _months(first: datetime, last: datetime) -> Iterator[Month]:
    month = Month.of(first)
    while month.begins <= last:
        yield month
        month = Month(month.ends)
