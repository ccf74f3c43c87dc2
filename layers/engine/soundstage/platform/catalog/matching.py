"""Asking for a match: its job in DynamoDB and its row in Postgres, kept in step without a transaction over both.

The job comes first, under its natural key, and holds all that the row says. Whoever is first to need the row writes it
(``matches.of_job``): a crash in between leaves a job whose match turns up when it ends, or when it is asked for again.
"""

from collections.abc import Callable
from datetime import datetime

from soundstage.jobs.ports import AssetStore, natural_key
from soundstage.jobs.service import Jobs
from soundstage.models.assets import AssetKind, AssetStatus
from soundstage.models.errors import InvalidInput, NotFound
from soundstage.models.ids import Id, new_id
from soundstage.models.jobs import Dependency, Job, JobKind, JobStatus
from soundstage.models.match import MatchRequest
from soundstage.models.style import StyleParams
from soundstage.platform.aws.impulse_responses import put_aside
from soundstage.platform.aws.storage import ObjectStore
from soundstage.platform.catalog import matches, presets
from soundstage.platform.catalog.database import Catalog


class Matching:
    def __init__(
        self,
        catalog: Catalog,
        jobs: Jobs,
        *,
        assets: AssetStore,
        objects: ObjectStore,
        clock: Callable[[], datetime],
    ) -> None:
        self._catalog = catalog
        self._jobs = jobs
        self._assets = assets
        self._objects = objects
        self._clock = clock

    def start(self, *, owner_id: Id, request: MatchRequest) -> Job:
        """The job that makes the match. Asked again while it is under way, it is the same one.

        Raises:
            NotFound: no such asset or preset of this owner.
            InvalidInput: an asset that is not audio, or a preset whose impulse response nobody can read.
        """
        inputs = request.asset_ids()
        for asset_id in dict.fromkeys(inputs.values()):
            self._check_recording(owner_id, asset_id)
        params = request.params(self._preset(request, owner_id))
        options = {"title": request.title, "match_params": params.model_dump(mode="json")}
        now = self._clock()
        job = self._jobs.create(
            Job(
                job_id=new_id(),
                owner_id=owner_id,
                kind=JobKind.MATCH,
                status=JobStatus.BLOCKED,
                depends_on=[Dependency(kind="asset", id=asset_id) for asset_id in dict.fromkeys(inputs.values())],
                subject_id=new_id(),
                inputs=inputs,
                options=options,
                natural_key=natural_key(owner_id, JobKind.MATCH, inputs, options),
                created_at=now,
                updated_at=now,
            )
        )
        with self._catalog.transaction() as session:
            matches.of_job(session, job, now=now)
        return job

    def retry(self, job: Job) -> Job:
        """The next attempt of a match's job.

        Raises:
            NotFound: the match was deleted.
            Conflict: the job neither failed nor was canceled, or the same is under way already.
        """
        assert job.subject_id is not None  # noqa: S101  (a match's job has its match)
        with self._catalog.transaction() as session:
            matches.get(session, owner_id=job.owner_id, match_id=job.subject_id)
        again = self._jobs.retry(job.job_id)
        with self._catalog.transaction() as session:
            matches.resume(session, job=again, now=self._clock())
        return again

    def _preset(self, request: MatchRequest, reader_id: Id) -> StyleParams | None:
        """The style to apply, as it is now: changes of a preset do not reach matches that were asked for before.

        Its impulse response, too large for a job's record, lies in the bucket.
        """
        if request.preset_id is None:
            return put_aside(request.preset, self._objects) if request.preset else None
        with self._catalog.transaction() as session:
            return presets.style_of(presets.readable(session, reader_id=reader_id, preset_id=request.preset_id))

    def _check_recording(self, owner_id: Id, asset_id: Id) -> None:
        asset = self._assets.get(asset_id)
        if asset is None or asset.owner_id != owner_id or asset.status is AssetStatus.DELETED:
            raise NotFound("There is no such asset.")
        if asset.kind is not AssetKind.AUDIO:
            raise InvalidInput("A match is made from recordings.", detail={"kind": asset.kind})
