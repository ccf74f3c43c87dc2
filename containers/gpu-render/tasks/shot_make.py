"""Make a shot: its parts for films, and for people a JPEG, a WAV and the clip, if any, under ``results/{job}/``."""

from pathlib import Path
from typing import Any

from soundstage.film.part_store import Part
from soundstage.film.shot_making import make_shot
from soundstage.jobs.tasks import TaskContext
from soundstage.media.types import content_type_of
from soundstage.models.film import Clip, Picture, Speech
from soundstage.models.projects import Artefact, ShotArtefacts, ShotOrder
from soundstage.platform.aws.film_parts import SharedPartStore
from soundstage.platform.aws.own_files import own_material
from soundstage.platform.runtime.hiring import hired, warm
from soundstage.providers.film.crew import crew

__all__ = ["run", "warm"]


def run(arguments: dict[str, Any], context: TaskContext) -> dict[str, Any]:
    """``{"order_key"}`` → ``ShotArtefacts``."""
    order = ShotOrder.model_validate(context.objects.read_json(arguments["order_key"]))
    store = SharedPartStore(context.scratch / "parts", context.objects, context.owner_id)
    made = make_shot(
        order.storyboard,
        order.shot,
        order.settings,
        crew(order.settings, hired(order, context), own_material(order, context.objects, context.scratch / "own")),
        store,
        out=context.scratch / "made",
        progress=context.progress,
    )
    speech = None
    if made.speech is not None and made.audio is not None and order.speech_made_from is not None:
        speech = _artefact(made.speech, order.speech_made_from, _publish(made.audio, context))
        speech = speech.model_copy(update={"duration_s": made.speech.value.duration_s})
    picture = _artefact(made.picture, order.picture_made_from, _publish(made.frame, context))
    clip = None
    if made.clip is not None and made.film is not None:
        clip = _artefact(made.clip, order.picture_made_from, _publish(made.film, context))
    return ShotArtefacts(picture=picture, speech=speech, clip=clip).model_dump(mode="json")


def _artefact(part: Part[Picture] | Part[Speech] | Part[Clip], made_from: str, key: str) -> Artefact:
    return Artefact(
        made_from=made_from,
        fingerprint=part.fingerprint,
        key=key,
        provider=part.value.provider,
        seconds=part.seconds,
        reused=part.reused,
        usd=part.value.usd,
        notes=part.value.notes,
    )


def _publish(file: Path, context: TaskContext) -> str:
    return context.objects.upload(file, context.result_key(file.name), content_type=content_type_of(file))
