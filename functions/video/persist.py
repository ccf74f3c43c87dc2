"""Keep what was made: the song has its video in the catalog."""

from typing import Any

from soundstage.platform.catalog.videos import Videos
from soundstage.platform.runtime.steps import Step, step
from soundstage.platform.runtime.wiring import catalog
from soundstage.products.video import VIDEO


@step("persist", progress=97)
def handler(event: dict[str, Any], step: Step) -> dict[str, Any]:
    made = event["video"]
    kept = Videos(catalog()).persist(step.job, video_key=made["video_key"], poster_key=made["poster_key"])
    return {"track_id": step.job.subject_id, "label": VIDEO.options_of(step.job).label, "kept": kept}
