"""Translations: what a project says in another language. Everything else of it is shared."""

from typing import Annotated

from fastapi import Path, Response
from functions.api.middleware.errors import documented
from functions.api.middleware.routers import signed_in_router
from functions.api.routes.project_views import IfMatch, ProjectId
from functions.api.services import Caller, Serving
from pydantic import Field

from soundstage.film.translation import outdated, untranslated, with_translation
from soundstage.models.errors import AssetNotReady, InvalidInput, NoStoryboard, NotFound, PreconditionFailed
from soundstage.models.projects import ProjectDocument, Translation
from soundstage.models.story import Language, PartId
from soundstage.platform.catalog.projects import Projects, document_of
from soundstage.platform.catalog.revisions import etag
from soundstage.platform.catalog.shots import storyboard_of
from soundstage.speech.voices import voice_named

router = signed_in_router("/v1/projects/{project_id}/translations/{language}", "translations")

Into = Annotated[Language, Path(description="Of the translation.")]


class TranslationView(Translation):
    """``missing``: shots that say something and are not translated; films in this language wait for them."""

    missing: list[PartId]
    outdated: list[PartId] = Field(description="Shots whose narration was edited since; films take them as they are.")


@router.get("", responses=documented(NotFound, NoStoryboard))
def get_translation(
    project_id: ProjectId, language: Into, caller: Caller, services: Serving, response: Response
) -> TranslationView:
    """The translation, with the project's ETag."""
    with services.catalog.transaction() as session:
        project = services.rows(Projects).get(session, owner_id=caller.user_id, subject_id=project_id)
    response.headers["ETag"] = etag(project)
    return _view(document_of(project), language)


@router.put("", responses=documented(NotFound, NoStoryboard, AssetNotReady, PreconditionFailed, InvalidInput))
def put_translation(
    *,
    project_id: ProjectId,
    language: Into,
    translation: Translation,
    caller: Caller,
    services: Serving,
    response: Response,
    if_match: IfMatch = None,
) -> TranslationView:
    """In place of the one there was, by the ``id`` of each shot. Makes a version of the project, and no work."""
    if translation.narrator is not None:
        voice_named(translation.narrator, language)

    def change(document: ProjectDocument) -> ProjectDocument:
        changed = with_translation(document, language, translation)
        return services.own_material(caller.user_id).settled(changed, document)

    edited = services.rows(Projects).edit(
        owner_id=caller.user_id, project_id=project_id, change=change, if_match=if_match
    )
    response.headers["ETag"] = etag(edited.project)
    return _view(edited.after, language)


@router.delete("", status_code=204, responses=documented(NotFound, PreconditionFailed))
def delete_translation(
    project_id: ProjectId, language: Into, caller: Caller, services: Serving, if_match: IfMatch = None
) -> None:
    """Films in this language stay. Makes a version of the project."""

    def change(document: ProjectDocument) -> ProjectDocument:
        left = {other: one for other, one in document.translations.items() if other != language}
        return document.model_copy(update={"translations": left})

    services.rows(Projects).edit(owner_id=caller.user_id, project_id=project_id, change=change, if_match=if_match)


def _view(document: ProjectDocument, language: Language) -> TranslationView:
    found = document.translations.get(language)
    if found is None:
        raise NotFound("There is no such translation.")
    board = storyboard_of(document)
    there = {shot.id for shot in board.shots}
    found = found.model_copy(update={"shots": {id_: one for id_, one in found.shots.items() if id_ in there}})
    return TranslationView(**found.model_dump(), missing=untranslated(board, found), outdated=outdated(board, found))
