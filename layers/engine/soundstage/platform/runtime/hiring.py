"""Opening the model profiles that came with an order, in the worker that uses them, and the account that pays."""

import logging
from datetime import UTC, datetime
from importlib.util import find_spec

from soundstage.jobs.tasks import Objects, TaskContext
from soundstage.models.errors import NotFound
from soundstage.models.node_tasks import TaskComplete
from soundstage.models.profiles import SealedProfile
from soundstage.models.projects import FilmOrder, ShotOrder, StoryOrder
from soundstage.platform.aws import clients
from soundstage.platform.aws.budget import BudgetOfBoth, MonthlySpending, ProjectBudget
from soundstage.platform.envelope import CannotOpen
from soundstage.platform.profile_keys import key_of
from soundstage.platform.runtime.language_model import language_model as set_up_model
from soundstage.platform.runtime.weights import weights_folder, weights_of
from soundstage.platform.settings import ProfileSettings, TableSettings
from soundstage.providers.account import Account
from soundstage.providers.diffusion import PIPELINES, has_room, loaded
from soundstage.providers.film.crew import OpenProfile, Outside
from soundstage.providers.film.text import text_model
from soundstage.providers.submission_record import ObjectSubmissions, bought_stem, callback_key
from soundstage.providers.text.chat_completions import LanguageModel

log = logging.getLogger(__name__)


def hired(order: ShotOrder | FilmOrder, context: TaskContext) -> Outside | None:
    """The order's profiles, opened. None: it has none, all is ours. One whose key cannot be read is left out."""
    if not order.profiles or order.project_id is None:
        return None
    settings = ProfileSettings()
    opened = {kind: found for kind, profile in order.profiles.items() if (found := _opened(profile, settings))}
    protocols: set[str] = {profile.terms.protocol for profile in opened.values()}
    named = {key: each for key, each in settings.diffusers_weights.items() if key in protocols}
    account = Account(
        lambda name: ObjectSubmissions(context.objects, bought_stem(context.owner_id, name)),
        BudgetOfBoth(
            ProjectBudget(TableSettings().table, order.project_id, order.settings.max_usd),
            spending(context),
        ),
        context.job_id,
        order.settings.max_usd,
    )
    return Outside(
        opened,
        account,
        public_only=settings.stage != "local",
        aws=clients.of_another,
        weights=weights_of(named, context.objects, settings.models_dir.expanduser()),
        callback_url=_callback_url(order, settings),
        heard=lambda name: _heard(context, name),
    )


def warm(objects: Objects) -> None:
    """Load the models that whoever runs this worker has named, so that no shot waits for gigabytes to arrive: as many
    as fit together.
    """
    settings = ProfileSettings()
    if find_spec("diffusers") is None:
        return
    for protocol, named in settings.diffusers_weights.items():
        try:
            folder = str(weights_folder(named, objects, settings.models_dir.expanduser()))
            if has_room(PIPELINES[protocol], folder):
                loaded(PIPELINES[protocol], folder, protocol)
        except Exception:  # the next one may be had
            log.exception("a model cannot be loaded", extra={"model": protocol})


def spending(context: TaskContext) -> MonthlySpending:
    """What providers cost the job's owner this month."""
    return MonthlySpending(TableSettings().table, context.owner_id, f"{datetime.now(UTC):%Y-%m}")


def _callback_url(order: ShotOrder | FilmOrder, settings: ProfileSettings) -> str | None:
    profile = order.profiles.get("image")
    if profile is None or settings.public_url is None:
        return None
    return f"{settings.public_url.rstrip('/')}/v1/callbacks/{profile.profile_id}/task_complete"


def _heard(context: TaskContext, name: str) -> TaskComplete | None:
    try:
        return TaskComplete.model_validate(context.objects.read_json(callback_key(context.owner_id, name)))
    except NotFound:
        return None


def language_model(order: StoryOrder) -> LanguageModel | None:
    """Of the order's profile for text; where it has none, the one that whoever runs this has set up, if any."""
    settings = ProfileSettings()
    profile = order.profiles.get("text")
    if profile is None:
        return set_up_model()
    opened = _opened(profile, settings)
    if opened is None:
        return None
    return text_model(opened, public_only=settings.stage != "local", aws=clients.of_another)


def _opened(profile: SealedProfile, settings: ProfileSettings) -> OpenProfile | None:
    try:
        return OpenProfile(profile.terms, key_of(profile, settings))
    except CannotOpen as error:
        log.warning("a profile cannot be opened", extra={"code": error.code, "profile": profile.profile_id})
        return None
