"""Work on projects: what is left to make, what is in the way of it, and making it."""

from collections.abc import Mapping
from typing import Any

from functions.api.services import Services

from soundstage.film.estimate import budget_problem, film_estimate, price_of, problems_of, story_estimate
from soundstage.film.settings import merged_settings
from soundstage.models.errors import BatchRefused, InvalidInput
from soundstage.models.film import FilmSettings
from soundstage.models.ids import Id
from soundstage.models.jobs import Job
from soundstage.models.profiles import ProfileKind, ProfileTerms
from soundstage.models.projects import BatchProblem, Estimate, ProjectDocument, ShotStatus
from soundstage.models.story import Storyboard
from soundstage.platform.catalog.profiles import chosen
from soundstage.platform.catalog.project_tables import Project
from soundstage.platform.catalog.projects import document_of, storyboard_job_under_way
from soundstage.platform.catalog.shots import Shots, states, storyboard_of, to_make
from soundstage.platform.own_material import OwnMaterials
from soundstage.products.shot_batch import SHOT_BATCH, ShotBatchOptions
from soundstage.speech.voices import cast_voices
from soundstage.story.reading.text import spoken_seconds


def start_batch(project: Project, services: Services) -> Job:
    """The job under way, or a new one; it waits for a storyboard that is being written.

    Raises NoStoryboard, and BatchRefused.
    """
    document = document_of(project)
    writing = _storyboard_job(project, services)
    if writing is None:
        storyboard_of(document)
    usd = estimate(project, services, preview=False, film=False).usd
    check_batch(
        document.storyboard if writing is None else None,
        document.settings,
        project.owner_id,
        services,
        usd=usd,
        spent_usd=services.spent_usd(project.id) if usd else 0.0,
    )
    return services.product_jobs.start(
        SHOT_BATCH,
        owner_id=project.owner_id,
        options=ShotBatchOptions(project_id=project.id, title=document.title),
        inputs={"storyboard": writing.job_id} if writing else {},
    )


def lacks_shots(project: Project, services: Services) -> bool:
    """Whether there is anything to make, or may be once its storyboard is written."""
    if _storyboard_job(project, services) is not None:
        return True
    document = document_of(project)
    storyboard_of(document)
    with services.catalog.transaction() as session:
        rows = services.rows(Shots).of_project(session, project.id)
    at_work = any(row.status == ShotStatus.MAKING for row in rows.values())
    return at_work or bool(to_make(document, rows))


def _storyboard_job(project: Project, services: Services) -> Job | None:
    job = services.job_store.get(project.job_id) if project.job_id else None
    return storyboard_job_under_way(project, job)


def estimate(project: Project, services: Services, *, preview: bool, film: bool = True) -> Estimate:
    """What it takes to make what is missing or stale, and a film of it. What that costs: with the ``film``, which also
    buys what we made before a provider was chosen, or without.
    """
    document = document_of(project)
    settings = merged_settings(document.settings, {"quality": "preview"} if preview else {})
    profiles = terms_of(settings, project.owner_id, services)
    if document.storyboard is None:
        return story_estimate(spoken_seconds(document.story), settings, profiles, len(document.story))
    with services.catalog.transaction() as session:
        rows = services.rows(Shots).of_project(session, project.id)
    wanted, bought = {}, {}
    for text in document.storyboard.shots:
        row = rows[text.id]
        picture, speech = states(document, text, row)
        kept = {"current", "stale"} if text.locked else {"current"}
        wanted[text.id] = (picture not in kept, speech not in kept)
        bought[text.id] = (
            picture not in kept or (not text.locked and not _by(profiles, "image", row.picture)),
            speech not in kept or not _by(profiles, "speech", row.speech),
        )
    spoken_s = {text.id: spoken_seconds(text.narration) for text in document.storyboard.shots}
    found = film_estimate(
        document.storyboard, settings, wanted, spoken_s, profiles=profiles, to_buy=bought if film else None
    )
    shots = [shot.model_copy(update={"shot_id": rows[shot.shot].id}) for shot in found.shots]
    problems = _problems(document.storyboard, settings, profiles, services.own_material(project.owner_id))
    over = budget_problem(found.usd, services.spent_usd(project.id), settings) if found.usd else None
    return found.model_copy(update={"shots": shots, "problems": [*problems, *([over] if over else [])]})


def _by(profiles: Mapping[ProfileKind, ProfileTerms], kind: ProfileKind, made: Mapping[str, Any] | None) -> bool:
    """Whether the profile made it; True where there is none to ask."""
    terms = profiles.get(kind)
    return terms is None or (made is not None and str(made["provider"]).startswith(terms.protocol))


def terms_of(settings: FilmSettings, owner_id: Id, services: Services) -> dict[ProfileKind, ProfileTerms]:
    """Of the model profiles that the settings name and their owner has."""
    if not settings.providers:
        return {}
    with services.catalog.transaction() as session:
        return {kind: profile.terms for kind, profile in chosen(session, owner_id, settings).items()}


def document_price(document: ProjectDocument, profiles: Mapping[ProfileKind, ProfileTerms]) -> float:
    """Of a project that is not there yet: all of it has to be made."""
    if document.storyboard is None:
        return story_estimate(spoken_seconds(document.story), document.settings, profiles, len(document.story)).usd
    count, characters = len(document.storyboard.shots), sum(len(shot.narration) for shot in document.storyboard.shots)
    return price_of(profiles, pictures=count, characters=characters, clips=count)


def check_batch(
    storyboard: Storyboard | None,
    settings: FilmSettings,
    owner_id: Id,
    services: Services,
    *,
    usd: float,
    spent_usd: float = 0.0,
) -> None:
    """Raises BatchRefused with everything that is in the way; without a storyboard, what is known before. Raises
    QuotaExceeded for what would cost more than the plan has left this month.

    ``usd``: what providers would cost; ``spent_usd``: what they have cost already.
    """
    problems = _problems(storyboard, settings, terms_of(settings, owner_id, services), services.own_material(owner_id))
    over = budget_problem(usd, spent_usd, settings) if usd else None
    if over is not None:
        problems.append(over)
    if problems:
        raise BatchRefused(
            "Nothing was begun: see what is in the way.",
            detail={"problems": [problem.model_dump(exclude_none=True) for problem in problems]},
        )
    services.quotas.check_spending(owner_id, usd)


def check_film(storyboard: Storyboard, settings: FilmSettings, project: Project, services: Services) -> None:
    """As ``check_batch``, for a film of a made project in another language or frame: pictures that were bought are
    shared, words are spoken anew, and clips are made anew for another frame.
    """
    another_frame = settings.aspect != document_of(project).settings.aspect
    usd = price_of(
        terms_of(settings, project.owner_id, services),
        pictures=0,
        characters=sum(len(shot.narration) for shot in storyboard.shots),
        clips=len(storyboard.shots) if another_frame else 0,
    )
    spent_usd = services.spent_usd(project.id) if usd else 0.0
    check_batch(storyboard, settings, project.owner_id, services, usd=usd, spent_usd=spent_usd)


def _problems(
    storyboard: Storyboard | None,
    settings: FilmSettings,
    profiles: Mapping[ProfileKind, ProfileTerms],
    own: OwnMaterials,
) -> list[BatchProblem]:
    found = [*problems_of(storyboard, settings, profiles), *own.problems(storyboard, settings)]
    if storyboard is None or "speech" in profiles:  # another service's voices may not be ours
        return found
    try:
        cast_voices(storyboard.characters, storyboard.language, settings.narrator)
    except InvalidInput as error:
        found.insert(0, BatchProblem(code="VOICE_UNFIT", message=error.message))
    return found
