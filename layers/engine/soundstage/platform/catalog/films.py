"""Films of projects. The job makes the row, and each film has one job."""

from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from soundstage.film.translation import film_of
from soundstage.models.errors import NotFound
from soundstage.models.jobs import Job, WorkflowInput
from soundstage.models.projects import UNTITLED, FilmFiles, FilmOrder, FilmStatus, ProjectDocument
from soundstage.platform.catalog import usage
from soundstage.platform.catalog.product_rows import DELETED, ProductRows
from soundstage.platform.catalog.profiles import chosen
from soundstage.platform.catalog.project_tables import Film, Project
from soundstage.platform.catalog.shots import Shots, kept_pictures
from soundstage.products.film import FILM, FilmOptions


class Films(ProductRows[Film, FilmOptions]):
    product = FILM
    row = Film
    making = FilmStatus.FILMING

    def order(self, job: WorkflowInput) -> FilmOrder:
        """What to film now, as the project is now.

        Raises:
            NotFound: the project was deleted.
            NoStoryboard: it has none.
            TranslationMissing: it is not translated into the film's language any more.
            InvalidInput: the film's settings do not fit the project's any more.
        """
        options = self.product.options_of(job)
        with self._catalog.transaction() as session:
            query = select(Project).where(
                Project.id == options.project_id, Project.owner_id == job.owner_id, Project.status != DELETED
            )
            project = session.scalar(query)
            if project is None:
                raise NotFound("There is no such project.")
            rows = Shots(self._catalog).of_project(session, project.id)
            document = ProjectDocument.model_validate(project.document)
            storyboard, settings = film_of(document, options.settings)
            profiles = chosen(session, project.owner_id, settings)
        return FilmOrder(
            storyboard=storyboard,
            settings=settings,
            revision=project.revision,
            kept_pictures=kept_pictures(document, rows, settings),
            project_id=project.id,
            profiles=profiles,
        )

    def persist(self, job: WorkflowInput, files: FilmFiles, *, revision: int, title: str) -> bool:
        """Write what a job made, and mark the film ready. Returns whether it was kept (``ProductRows._keep``).

        ``title``: of the storyboard, for a film that was asked for before there was one.
        """

        def write(session: Session, film: Film) -> None:
            film.files, film.revision = files.model_dump(mode="json"), revision
            film.title = title if film.title == UNTITLED else film.title
            media_s = files.result.quality.duration_s
            usage.record(session, job, kind=self.product.kind, media_s=media_s, now=self._clock())

        return self._keep(job, write)

    def _first(self, job: Job | WorkflowInput) -> dict[str, Any]:
        options = self.product.options_of(job)
        return {"title": options.title, "project_id": options.project_id, "settings": options.settings}
