"""Shots of projects: which there are follows the project's document, what was made of them is kept here."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from soundstage.film.artefacts import artefact_state, picture_digest, shot_digest, speech_digest
from soundstage.film.editing import shot_of
from soundstage.models.errors import NoStoryboard
from soundstage.models.film import FilmSettings
from soundstage.models.ids import Id, new_id
from soundstage.models.jobs import WorkflowInput
from soundstage.models.projects import (
    Artefact,
    ArtefactState,
    KeptPicture,
    ProjectDocument,
    ShotArtefacts,
    ShotOrder,
    ShotStatus,
)
from soundstage.models.providers import EMBEDDED
from soundstage.models.story import PartId, Storyboard
from soundstage.models.story import Shot as ShotText
from soundstage.platform.catalog.product_rows import DELETED, ProductRows
from soundstage.platform.catalog.profiles import chosen
from soundstage.platform.catalog.project_tables import Project, Shot
from soundstage.products.shot import SHOT, ShotOptions

PAINTED = frozenset({"embedded", "own"})
"""Who makes a picture for every shape of the frame, from what is there."""


class Shots(ProductRows[Shot, ShotOptions]):
    """A document makes rows (``follow_document``), jobs make artefacts of them."""

    product = SHOT
    row = Shot
    making = ShotStatus.MAKING

    def with_project(self, session: Session, *, owner_id: Id, shot_id: Id, lock: bool = False) -> tuple[Shot, Project]:
        """Raises NotFound. The project's lock, not the shot's: whoever edits takes turns there."""
        shot = self.get(session, owner_id=owner_id, subject_id=shot_id)
        query = select(Project).where(Project.id == shot.project_id, Project.status != DELETED)
        project = session.scalar(query.with_for_update() if lock else query)
        if project is None:
            raise self._missing()
        return shot, project

    def of_project(self, session: Session, project_id: Id) -> dict[PartId, Shot]:
        """By part; those that the document has."""
        found = session.scalars(select(Shot).where(Shot.project_id == project_id, Shot.status != DELETED))
        return {shot.part: shot for shot in found}

    def under_way(self, shot_ids: Sequence[Id]) -> list[Shot]:
        """Those of them that are being made."""
        with self._catalog.transaction() as session:
            query = select(Shot).where(Shot.id.in_(shot_ids), Shot.status == ShotStatus.MAKING)
            return list(session.scalars(query))

    def all_of(self, shot_ids: Sequence[Id]) -> list[Shot]:
        with self._catalog.transaction() as session:
            return list(session.scalars(select(Shot).where(Shot.id.in_(shot_ids))))

    def order(self, job: WorkflowInput) -> ShotOrder:
        """What to make now, as the document reads now. Raises NotFound, also for a shot that was taken out since."""
        assert job.subject_id is not None  # noqa: S101  (the job of a shot has its shot)
        with self._catalog.transaction() as session:
            shot, project = self.with_project(session, owner_id=job.owner_id, shot_id=job.subject_id)
            document = ProjectDocument.model_validate(project.document)
            profiles = chosen(session, project.owner_id, document.settings)
        storyboard = storyboard_of(document)
        text = shot_of(storyboard, shot.part)
        return ShotOrder(
            storyboard=storyboard,
            settings=document.settings,
            shot=shot.part,
            picture_made_from=picture_digest(storyboard, text, document.settings),
            speech_made_from=speech_digest(storyboard, text, document.settings),
            project_id=project.id,
            profiles=profiles,
        )

    def persist(self, job: WorkflowInput, artefacts: ShotArtefacts) -> bool:
        """Write what a job made, and mark the shot ready. Returns whether it was kept (``ProductRows._keep``)."""

        def write(_session: Session, shot: Shot) -> None:
            shot.picture = artefacts.picture.model_dump(mode="json")
            shot.speech = artefacts.speech.model_dump(mode="json") if artefacts.speech else None
            shot.clip = artefacts.clip.model_dump(mode="json") if artefacts.clip else None

        return self._keep(job, write)

    def _status_after_cancel(self, row: Shot) -> str:
        return _at_rest(row)


def options_for(project: Project, document: ProjectDocument, text: ShotText) -> ShotOptions:
    made_from = shot_digest(storyboard_of(document), text, document.settings)
    title = text.title or document.title
    return ShotOptions(project_id=project.id, shot=text.id, title=title, made_from=made_from)


def states(document: ProjectDocument, text: ShotText, row: Shot) -> tuple[ArtefactState, ArtefactState]:
    """Of picture and speech."""
    storyboard, settings = storyboard_of(document), document.settings
    picture = artefact_state(_artefact(row.picture), picture_digest(storyboard, text, settings))
    return picture, artefact_state(_artefact(row.speech), speech_digest(storyboard, text, settings))


def to_make(document: ProjectDocument, rows: dict[PartId, Shot]) -> list[tuple[ShotText, Shot]]:
    """Shots that are missing something, or stale and not locked, in the film's order; with what is made already."""
    wanted = []
    for text in storyboard_of(document).shots:
        row = rows.get(text.id)
        found = set(states(document, text, row)) if row else {"current"}
        if row and ("missing" in found or ("stale" in found and not text.locked)):
            wanted.append((text, row))
    return wanted


def kept_pictures(
    document: ProjectDocument, rows: dict[PartId, Shot], settings: FilmSettings
) -> dict[PartId, KeptPicture]:
    """Pictures that a film with these settings takes as they are, although another would be made for it now.

    Those of locked shots that are stale, or that somebody else would make now; and in another shape of the frame those
    that neither our painter made, who composes for every shape, nor the person: whoever did would have to be asked, and
    paid, again.
    """
    others = settings.providers.get("image", EMBEDDED) != EMBEDDED
    found = {}
    for text in storyboard_of(document).shots:
        row = rows.get(text.id)
        made = _artefact(row.picture) if row else None
        if row is None or made is None:
            continue
        state = states(document, text, row)[0]
        shared = settings.aspect != document.settings.aspect and made.provider not in PAINTED and state == "current"
        if shared or (text.locked and (others or state == "stale")):
            found[text.id] = KeptPicture(fingerprint=made.fingerprint, key=made.key)
    return found


def storyboard_of(document: ProjectDocument) -> Storyboard:
    """Raises NoStoryboard."""
    if document.storyboard is None:
        raise NoStoryboard("The project has no storyboard yet.")
    return document.storyboard


def follow_document(session: Session, project: Project, document: ProjectDocument, now: datetime) -> list[Id]:
    """Rows for the shots that the document has, those that it had before included. Returns jobs of those gone."""
    rows = {shot.part: shot for shot in session.scalars(select(Shot).where(Shot.project_id == project.id))}
    texts = {text.id: text for text in document.storyboard.shots} if document.storyboard else {}
    for part, text in texts.items():
        row = rows.get(part)
        if row is None:
            row = Shot(id=new_id(), owner_id=project.owner_id, project_id=project.id, part=part, job_attempt=0)
            row.status, row.created_at, row.updated_at = ShotStatus.DRAFT, now, now
            session.add(row)
        elif row.status == DELETED:
            row.status, row.deleted_at, row.updated_at = _at_rest(row), None, now
        row.title = text.title or document.title
    gone = [row for part, row in rows.items() if part not in texts and row.status != DELETED]
    jobs = [row.job_id for row in gone if row.status == ShotStatus.MAKING and row.job_id is not None]
    for row in gone:
        row.status, row.deleted_at, row.updated_at = DELETED, now, now
    return jobs


def _at_rest(row: Shot) -> str:
    return ShotStatus.READY if row.picture else ShotStatus.DRAFT


def _artefact(stored: dict[str, object] | None) -> Artefact | None:
    return None if stored is None else Artefact.model_validate(stored)
