"""Whether a job may start: everything it depends on is ready, something is undecided, or something has failed."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from soundstage.jobs.ports import AssetStore, JobStore
from soundstage.models.assets import Asset, AssetStatus
from soundstage.models.errors import DependencyFailed
from soundstage.models.ids import Id
from soundstage.models.jobs import Dependency, Job, JobError, JobStatus


@dataclass(frozen=True, slots=True)
class Verdict:
    """``cause`` is set when the job can never start."""

    ready: bool
    cause: JobError | None = None


UNDECIDED = (AssetStatus.AWAITING_UPLOAD, AssetStatus.CHECKING)
READY = Verdict(ready=True)
WAITING = Verdict(ready=False)

MAX_DEPENDENCIES = 1000
"""Enough for a film of 300 shots, each with picture, clip and speech. They are 55 KB of a record that may have 400 KB
(DynamoDB's limit of an item), and a read each when the job is judged."""

_AT_ONCE = 100
"""Dependencies that are read together: keys in a BatchGetItem (DynamoDB's limit)."""


def verdict(job: Job, jobs: JobStore, assets: AssetStore, *, news_of: Dependency | None = None) -> Verdict:
    """Reads dependencies consistently; one that does not exist yet is waited for, in whatever order things come.

    ``news_of`` is the dependency that has just been decided, if that is why we ask. Then no more are read than it takes
    to find one that is waited for: its own news will come, and a failure among the others has had, or will have, its
    own news as well. The last ones come first, because they are usually the last to be ready: so a job that waits for n
    dependencies costs about n reads of a batch in all, not n²/100.
    """
    if news_of is not None:
        own = _of(news_of, *_read([news_of], jobs, assets))
        if own.cause is not None:
            return own
    waiting = False
    for end in range(len(job.depends_on), 0, -_AT_ONCE):
        batch = job.depends_on[max(0, end - _AT_ONCE) : end]
        read = _read(batch, jobs, assets)
        verdicts = [_of(dependency, *read) for dependency in batch]
        failed = next((found for found in verdicts if found.cause is not None), None)
        if failed is not None:
            return failed
        waiting = waiting or not all(found.ready for found in verdicts)
        if waiting and news_of is not None:
            break
    return WAITING if waiting else READY


def undecided_assets(job: Job, assets: AssetStore) -> Iterator[Asset]:
    """The uploads it depends on that were neither accepted nor rejected yet."""
    ids = [dependency.id for dependency in job.depends_on if dependency.kind == "asset"]
    yield from (asset for asset in assets.get_many(ids).values() if asset.status in UNDECIDED)


def dependency_failed(
    message: str, dependency: Dependency | None = None, cause: JobError | None = None, *, name: str | None = None
) -> JobError:
    """The error of a job that cannot start; ``detail.cause`` is the first failure of the chain, ``name`` the file's."""
    detail = {
        "file_name": name,
        "dependency": dependency.model_dump() if dependency else None,
        "cause": _root(cause).model_dump(exclude_none=True) if cause else None,
    }
    known = {key: value for key, value in detail.items() if value}
    return JobError(code=DependencyFailed.code, message=message, detail=known or None)


def _root(error: JobError) -> JobError:
    """The first failure of a chain of failed jobs."""
    cause = (error.detail or {}).get("cause") if error.code == DependencyFailed.code else None
    return JobError.model_validate(cause) if cause else error


Read = tuple[Mapping[Id, Job], Mapping[Id, Asset]]


def _read(dependencies: Sequence[Dependency], jobs: JobStore, assets: AssetStore) -> Read:
    ids: dict[str, list[Id]] = {"asset": [], "job": []}
    for dependency in dependencies:
        ids[dependency.kind].append(dependency.id)
    return jobs.get_many(ids["job"]), assets.get_many(ids["asset"])


def _of(dependency: Dependency, jobs: Mapping[Id, Job], assets: Mapping[Id, Asset]) -> Verdict:
    if dependency.kind == "asset":
        return _of_asset(dependency, assets.get(dependency.id))
    return _of_job(dependency, jobs.get(dependency.id))


def _of_asset(dependency: Dependency, asset: Asset | None) -> Verdict:
    if asset is None or asset.status in UNDECIDED:
        return WAITING
    if asset.status is AssetStatus.READY:
        return READY
    name = asset.file_name
    if asset.status is AssetStatus.DELETED:
        return Verdict(ready=False, cause=dependency_failed(f"{name}: the file was deleted.", dependency, name=name))
    why = asset.error.message if asset.error else "The file was rejected."
    return Verdict(ready=False, cause=dependency_failed(f"{name}: {why}", dependency, asset.error, name=name))


def _of_job(dependency: Dependency, job: Job | None) -> Verdict:
    if job is None or not job.status.terminal:
        return WAITING
    if job.status is JobStatus.SUCCEEDED:
        return READY
    message = f"A job it needs was {job.status}." if job.status is JobStatus.CANCELED else "A job it needs failed."
    return Verdict(ready=False, cause=dependency_failed(message, dependency, job.error))
