"""Make a film: MP4, poster, contact sheet, storyboard, subtitles and what it says of itself, under ``results/{job}/``.

Parts are kept in the bucket as soon as they are made: a film that is begun again goes on from them.
"""

from dataclasses import replace
from pathlib import Path
from typing import Any

from soundstage.film.kept_pictures import KeptPictures
from soundstage.film.production import make_film
from soundstage.jobs.tasks import TaskContext
from soundstage.media.types import content_type_of
from soundstage.models.projects import FilmOrder
from soundstage.platform.aws.film_parts import SharedPartStore
from soundstage.platform.aws.own_files import kept_pictures, own_material
from soundstage.platform.runtime.hiring import hired
from soundstage.providers.film.crew import crew

RESULT = "film_result.json"


def run(arguments: dict[str, Any], context: TaskContext) -> dict[str, Any]:
    """``{"order_key"}`` → ``{"result_key"}``, of a ``FilmResult`` whose paths are keys."""
    order = FilmOrder.model_validate(context.objects.read_json(arguments["order_key"]))
    store = SharedPartStore(context.scratch / "parts", context.objects, context.owner_id)
    made = context.scratch / "made"
    own = context.scratch / "own"
    made_by = crew(order.settings, hired(order, context), own_material(order, context.objects, own))
    kept = KeptPictures(kept_pictures(order, context.objects, own), store, made_by.painters[0])
    result = make_film(
        order.storyboard,
        order.settings,
        replace(made_by, painters=[kept, *made_by.painters[1:]]),
        store,
        made,
        progress=lambda _step, done: context.progress(0.97 * done),
    )

    def publish(name: str) -> str:
        file = made / Path(name).name
        return context.objects.upload(file, context.result_key(file.name), content_type=content_type_of(file))

    published = result.model_copy(
        update={
            "film": publish(result.film),
            "poster": publish(result.poster),
            "contact_sheet": publish(result.contact_sheet),
            "storyboard_pdf": publish(result.storyboard_pdf),
            "subtitles": {kind: publish(name) for kind, name in result.subtitles.items()},
        }
    )
    return {"result_key": context.objects.write_json(context.result_key(RESULT), published.model_dump(mode="json"))}
