"""Projects and their versions. A person makes a project and edits it; a job writes its storyboard.

Every change is a version: a document as a whole, with a number that is also the project's revision.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from hashlib import sha256
from itertools import count

from sqlalchemy import Text, cast, select, update
from sqlalchemy.orm import Session, object_session

from soundstage.film.editing import check_storyboard
from soundstage.film.rewriting import with_ids_of
from soundstage.models.errors import AssetInUse, InvalidInput, NotFound
from soundstage.models.ids import Id, new_id
from soundstage.models.jobs import Job, WorkflowInput
from soundstage.models.projects import (
    UNTITLED,
    BatchStatus,
    FilmStatus,
    ProjectDocument,
    ProjectStatus,
    ShotStatus,
    StoryOrder,
    VersionReason,
)
from soundstage.models.story import PartId, Storyboard
from soundstage.platform.catalog.product_rows import DELETED, ProductRows
from soundstage.platform.catalog.profiles import chosen
from soundstage.platform.catalog.project_tables import Film, Project, ProjectVersion, Shot, ShotBatch
from soundstage.platform.catalog.revisions import check_unchanged
from soundstage.platform.catalog.shots import follow_document
from soundstage.products.storyboard import STORYBOARD, StoryboardOptions

TITLE_CHARACTERS = 120
"""Of a storyboard (``Storyboard.title``)."""

Change = Callable[[ProjectDocument], ProjectDocument]


@dataclass(frozen=True)
class Edited:
    """``stopped``: jobs of shots that the document no longer has."""

    project: Project
    before: ProjectDocument
    after: ProjectDocument
    stopped: list[Id] = field(default_factory=list)


class Projects(ProductRows[Project, StoryboardOptions]):
    product = STORYBOARD
    row = Project
    making = ProjectStatus.WRITING

    def create(self, *, owner_id: Id, document: ProjectDocument) -> Project:
        """A draft; ready where the document has a storyboard. Raises InvalidInput for one that refers to nothing."""
        if document.storyboard is not None:
            check_storyboard(document.storyboard)
            document = _titled(document)
        now = self._clock()
        project = Project(
            id=new_id(),
            owner_id=owner_id,
            title=document.title,
            status=ProjectStatus.DRAFT if document.storyboard is None else ProjectStatus.READY,
            job_attempt=0,
            revision=0,
            created_at=now,
        )
        with self._catalog.transaction() as session:
            session.add(project)
            self._write(session, project, document, reason="created")
        return project

    def options_for(self, project: Project) -> StoryboardOptions:
        """Raises InvalidInput for a project without a story."""
        document = document_of(project)
        if not document.story:
            raise InvalidInput("The project has no story to write a storyboard from.")
        return StoryboardOptions(title=document.title, story_sha256=sha256(document.story.encode()).hexdigest())

    def story_order(self, job: WorkflowInput) -> StoryOrder:
        """Raises NotFound."""
        assert job.subject_id is not None  # noqa: S101  (a storyboard's job has its project)
        with self._catalog.transaction() as session:
            document = document_of(self.get(session, owner_id=job.owner_id, subject_id=job.subject_id))
            profiles = chosen(session, job.owner_id, document.settings)
        return StoryOrder(
            title=document.title,
            story=document.story,
            settings=document.settings,
            profiles=profiles,
            world=document.storyboard.world if document.storyboard else [],
        )

    def persist(self, job: WorkflowInput, storyboard: Storyboard) -> bool:
        """A version with what a job wrote; the project is ready. Returns whether it was kept (``_keep``)."""

        def write(session: Session, project: Project) -> None:
            document = document_of(project)
            board = storyboard if document.storyboard is None else _following(storyboard, document.storyboard)
            new = document.model_copy(update={"storyboard": board})
            self._write(session, project, _titled(new), reason="storyboard")

        return self._keep(job, write)

    def edit(
        self,
        *,
        owner_id: Id,
        project_id: Id,
        change: Change,
        if_match: str | None,
        reason: VersionReason = "edit",
        label: str = "",
        note: str = "",
        based_on: int | None = None,
    ) -> Edited:
        """The next version; none where nothing changes.

        Raises:
            NotFound: no such project of this person.
            PreconditionFailed: it is not as ``if_match`` says.
        and what ``change`` raises.
        """
        with self._catalog.transaction() as session:
            project = self.get(session, owner_id=owner_id, subject_id=project_id, lock=True)
            check_unchanged(project, if_match, what="project")
            before = document_of(project)
            after = change(before)
            if after == before:
                return Edited(project, before, after)
            about = {"label": label, "note": note, "based_on": based_on}
            stopped = self._write(session, project, after, reason=reason, about=about)
        return Edited(project, before, after, stopped)

    def check_unused(self, *, owner_id: Id, asset_id: Id) -> None:
        """Raises AssetInUse where projects of this person name the upload as they are now."""
        with self._catalog.transaction() as session:
            named = cast(Project.document, Text).contains(asset_id)
            query = select(Project.id).where(Project.owner_id == owner_id, Project.status != DELETED, named)
            found = session.scalars(query.order_by(Project.id).limit(20)).all()
        if found:
            raise AssetInUse("Projects of yours use this file: take it out of them first.", detail={"projects": found})

    def versions(self, session: Session, project_id: Id, *, limit: int, before: int | None) -> Sequence[ProjectVersion]:
        """Newest first, those older than ``before``. The caller has seen that the project may be read."""
        query = select(ProjectVersion).where(ProjectVersion.project_id == project_id)
        if before is not None:
            query = query.where(ProjectVersion.number < before)
        return session.scalars(query.order_by(ProjectVersion.number.desc()).limit(limit)).all()

    def version(self, session: Session, project_id: Id, number: int) -> ProjectVersion:
        """Raises NotFound."""
        found = session.get(ProjectVersion, (project_id, number))
        if found is None:
            raise NotFound("There is no such version.")
        return found

    def delete(self, *, owner_id: Id, subject_id: Id) -> Sequence[Id]:
        """With its shots. Films of it stay."""
        with self._catalog.transaction() as session:
            project = self.get(session, owner_id=owner_id, subject_id=subject_id, lock=True)
            jobs = self._jobs_of(project)
            now = self._clock()
            project.status, project.deleted_at, project.updated_at = DELETED, now, now
            gone = {"status": DELETED, "deleted_at": now, "updated_at": now}
            session.execute(update(Shot).where(Shot.project_id == project.id, Shot.status != DELETED).values(gone))
        return jobs

    def _status_after_cancel(self, row: Project) -> str:
        return ProjectStatus.READY if row.document.get("storyboard") else ProjectStatus.DRAFT

    def _jobs_of(self, row: Project) -> list[Id]:
        """Of the storyboard, of shots, of batches of them, and of films that are not made yet."""
        session = object_session(row)
        assert session is not None  # noqa: S101  (callers are in a transaction)
        at_work = (
            select(table.job_id).where(table.project_id == row.id, table.status == making)
            for table, making in (
                (Film, FilmStatus.FILMING),
                (ShotBatch, BatchStatus.MAKING),
                (Shot, ShotStatus.MAKING),
            )
        )
        found = [row.job_id, *(job_id for query in at_work for job_id in session.scalars(query))]
        return [job_id for job_id in found if job_id is not None]

    def _write(
        self,
        session: Session,
        project: Project,
        document: ProjectDocument,
        *,
        reason: VersionReason,
        about: dict[str, str | int | None] | None = None,
    ) -> list[Id]:
        """Returns jobs of shots that are gone."""
        now = self._clock()
        project.document = document.model_dump(mode="json")
        project.title, project.updated_at = document.title, now
        project.revision += 1
        session.flush()
        version = ProjectVersion(
            project_id=project.id,
            number=project.revision,
            reason=reason,
            document=project.document,
            created_at=now,
            **(about or {}),
        )
        session.add(version)
        return follow_document(session, project, document, now)


NEW_PART_DIGITS = 10
"""Of a new shot's id in its storyboard: 40 bits of chance among at most 200."""


def new_part() -> PartId:
    """Random: an id that was used before, for a shot that is gone, must not come back as another's."""
    return "s" + new_id()[-NEW_PART_DIGITS:]


def _following(new: Storyboard, old: Storyboard) -> Storyboard:
    """A storyboard written anew: its places and its tune stay what they were, and so does what its author has said of
    its world. Shots that tell the same are the same; others have ids that no shot of the project has had."""
    new = with_ids_of(new, old, new_part)
    known = {entry.title for entry in new.world}
    taken = {entry.id for entry in new.world}
    said = [entry for entry in old.world if entry.content and entry.title not in known]
    free = (f"w{number}" for number in count(1) if f"w{number}" not in taken)
    world = [*new.world, *(entry.model_copy(update={"id": next(free)}) for entry in said)]
    told = {entry.title: entry.content for entry in old.world if entry.content}
    world = [
        entry if entry.content or entry.title not in told else entry.model_copy(update={"content": told[entry.title]})
        for entry in world
    ]
    return new.model_copy(update={"seed": old.stable_seed, "world": world})


def _titled(document: ProjectDocument) -> ProjectDocument:
    """Project and storyboard with one title: the project's, or where it has none the storyboard's."""
    assert document.storyboard is not None  # noqa: S101  (callers have one)
    title = document.storyboard.title if document.title == UNTITLED else document.title
    storyboard = document.storyboard.renamed(title[:TITLE_CHARACTERS])
    return document.model_copy(update={"title": title, "storyboard": storyboard})


def document_of(project: Project | ProjectVersion) -> ProjectDocument:
    return ProjectDocument.model_validate(project.document)


def storyboard_job_under_way(project: Project, job: Job | None) -> Job | None:
    """The job that writes the project's storyboard right now."""
    writing = project.status == ProjectStatus.WRITING and job is not None and not job.status.terminal
    return job if writing else None
