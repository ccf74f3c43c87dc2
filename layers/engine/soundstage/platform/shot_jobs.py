"""Work on shots: all that a project lacks, or those that were edited, whose running work is of no use any more."""

from collections.abc import Sequence

from soundstage.models.errors import Conflict, JobCanceled
from soundstage.models.ids import Id
from soundstage.models.jobs import Job, WorkflowInput
from soundstage.models.projects import ProjectDocument
from soundstage.models.story import PartId
from soundstage.platform.catalog.database import Catalog
from soundstage.platform.catalog.project_tables import Project, Shot
from soundstage.platform.catalog.projects import Projects, document_of
from soundstage.platform.catalog.shot_batches import ShotBatches
from soundstage.platform.catalog.shots import Shots, options_for, storyboard_of, to_make
from soundstage.products.service import ProductJobs
from soundstage.products.shot import SHOT


class ShotJobs:
    def __init__(self, catalog: Catalog, product_jobs: ProductJobs) -> None:
        self._catalog = catalog
        self._product_jobs = product_jobs

    def begin_all(self, batch: WorkflowInput, project_id: Id) -> list[Id]:
        """For a batch: a job for every shot that is missing or stale, unless there is one. Returns the shots' ids.

        Raises NotFound, NoStoryboard, and JobCanceled when the batch was canceled meanwhile; its jobs end, too.
        """
        project, document, rows = self._read(batch.owner_id, project_id)
        wanted = to_make(document, rows)
        for text, row in wanted:
            try:
                job = self._start(project, document, text.id, row)
            except Conflict as refused:
                # It is being made from an older version: whoever changed the project did not ask for it anew.
                if "job_id" not in (refused.detail or {}):
                    raise
                continue
            # One that somebody asked for before has an older id, and is theirs. Again, this step finds its own.
            if job.job_id > batch.job_id and not ShotBatches(self._catalog).began(batch, [job.job_id]):
                self._product_jobs.stop([job.job_id])
                raise JobCanceled("The batch was canceled.")
        return [row.id for _, row in wanted]

    def make_again(self, *, owner_id: Id, project_id: Id, parts: Sequence[PartId]) -> list[Job]:
        """The jobs of shots that were edited. What ran for them is canceled, record, worker and all.

        Raises NotFound, and NoStoryboard.
        """
        project, document, rows = self._read(owner_id, project_id)
        known = [(part, rows[part]) for part in parts if part in rows]
        self._product_jobs.stop(row.job_id for _, row in known if row.job_id is not None)
        return [self._start(project, document, part, row) for part, row in known]

    def make(self, *, owner_id: Id, project_id: Id, part: PartId) -> Job:
        """The job that makes this shot, or the one under way. Raises NotFound, and Conflict after an edit meanwhile."""
        project, document, rows = self._read(owner_id, project_id)
        return self._start(project, document, part, rows[part])

    def _read(self, owner_id: Id, project_id: Id) -> tuple[Project, ProjectDocument, dict[PartId, Shot]]:
        with self._catalog.transaction() as session:
            project = Projects(self._catalog).get(session, owner_id=owner_id, subject_id=project_id)
            return project, document_of(project), Shots(self._catalog).of_project(session, project_id)

    def _start(self, project: Project, document: ProjectDocument, part: PartId, row: Shot) -> Job:
        text = next(shot for shot in storyboard_of(document).shots if shot.id == part)
        options = options_for(project, document, text)
        return self._product_jobs.start(SHOT, owner_id=project.owner_id, options=options, subject_id=row.id)
