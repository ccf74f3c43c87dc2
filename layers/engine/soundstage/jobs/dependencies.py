"""Whether a job may start: all of what it depends on is ready, something is still missing, or something failed."""

from collections.abc import Iterator
from dataclasses import dataclass

from soundstage.jobs.ports import AssetStore, JobStore
from soundstage.models.assets import Asset, AssetStatus
from soundstage.models.errors import DependencyFailed
from soundstage.models.jobs import Dependency, Job, JobError, JobStatus


@dataclass(frozen=True, slots=True)
class Verdict:
    """``cause`` is set when the job can never start."""

    ready: bool
    cause: JobError | None = None


UNDECIDED = (AssetStatus.AWAITING_UPLOAD, AssetStatus.CHECKING)
READY = Verdict(ready=True)
WAITING = Verdict(ready=False)


def verdict(job: Job, jobs: JobStore, assets: AssetStore) -> Verdict:
    """Reads every dependency consistently; one that does not exist yet is waited for, in whatever order things come."""
    verdicts = [
        _of_asset(dependency, assets) if dependency.kind == "asset" else _of_job(dependency, jobs)
        for dependency in job.depends_on
    ]
    failed = next((found for found in verdicts if found.cause is not None), None)
    if failed is not None:
        return failed
    return READY if all(found.ready for found in verdicts) else WAITING


def undecided_assets(job: Job, assets: AssetStore) -> Iterator[Asset]:
    """The uploads it depends on that were neither accepted nor rejected yet."""
    for dependency in job.depends_on:
        asset = assets.get(dependency.id) if dependency.kind == "asset" else None
        if asset is not None and asset.status in UNDECIDED:
            yield asset


def dependency_failed(message: str, dependency: Dependency | None = None, cause: JobError | None = None) -> JobError:
    """The error of a job that cannot start; ``detail.cause`` is the first failure of the chain."""
    detail = {
        "dependency": dependency.model_dump() if dependency else None,
        "cause": _root(cause).model_dump(exclude_none=True) if cause else None,
    }
    known = {key: value for key, value in detail.items() if value}
    return JobError(code=DependencyFailed.code, message=message, detail=known or None)


def _root(error: JobError) -> JobError:
    """A chain of failed jobs names what failed first, not each link."""
    cause = (error.detail or {}).get("cause") if error.code == DependencyFailed.code else None
    return JobError.model_validate(cause) if cause else error


def _of_asset(dependency: Dependency, assets: AssetStore) -> Verdict:
    asset = assets.get(dependency.id)
    if asset is None or asset.status in UNDECIDED:
        return WAITING
    if asset.status is AssetStatus.READY:
        return READY
    if asset.status is AssetStatus.DELETED:
        return Verdict(ready=False, cause=dependency_failed("A file it needs was deleted.", dependency))
    message = asset.error.message if asset.error else "A file it needs was rejected."
    return Verdict(ready=False, cause=dependency_failed(message, dependency, asset.error))


def _of_job(dependency: Dependency, jobs: JobStore) -> Verdict:
    job = jobs.get(dependency.id)
    if job is None or not job.status.terminal:
        return WAITING
    if job.status is JobStatus.SUCCEEDED:
        return READY
    message = f"A job it needs was {job.status}." if job.status is JobStatus.CANCELED else "A job it needs failed."
    return Verdict(ready=False, cause=dependency_failed(message, dependency, job.error))
