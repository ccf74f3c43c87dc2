"""Keep what was made: the song has its video in the catalog."""

from functools import cache
from typing import Any

from soundstage.platform.catalog import tracks
from soundstage.platform.catalog.database import Catalog, engine_for
from soundstage.platform.runtime.steps import Step, settings, step


@step("persist", progress=95)
def handler(event: dict[str, Any], step: Step) -> dict[str, Any]:
    made, options = event["video"], step.job.options
    assert step.job.subject_id is not None  # noqa: S101  (a video's job has its track)
    with _catalog().transaction() as session:
        kept = tracks.keep_video(
            session,
            track_id=step.job.subject_id,
            label=options["label"],
            song_job_id=options["song_job_id"],
            job_id=step.job.job_id,
            video_key=made["video_key"],
            poster_key=made["poster_key"],
        )
    return {"track_id": step.job.subject_id, "label": options["label"], "kept": kept}


@cache
def _catalog() -> Catalog:
    return Catalog(engine_for(settings()))
