"""Draw the video of a song that is there: MP4 and a poster under ``results/{job}/``."""

from pathlib import Path
from typing import Any

from soundstage.jobs.tasks import TaskContext
from soundstage.media.types import content_type_of
from soundstage.models.tracks import TrackFacts
from soundstage.music.artwork.video import draw_visualiser


def run(arguments: dict[str, Any], context: TaskContext) -> dict[str, Any]:
    """``{"label", "facts_key", "title"}`` → ``{"video_key", "poster_key"}``. The facts are the track's own."""
    facts = TrackFacts.model_validate(context.objects.read_json(arguments["facts_key"]))
    label = arguments["label"]
    song = next(song for song in facts.variants if song.label == label)
    here = {name: str(_fetched(getattr(song, name), context)) for name in ("audio", "midi")}
    video, poster = context.scratch / f"{label}.mp4", context.scratch / f"{label}.jpg"
    draw_visualiser(
        video,
        song.model_copy(update=here),
        facts.composition,
        title=arguments["title"],
        poster=poster,
        progress=context.progress,
    )
    return {"video_key": _publish(video, context), "poster_key": _publish(poster, context)}


def _publish(file: Path, context: TaskContext) -> str:
    return context.objects.upload(file, context.result_key(file.name), content_type=content_type_of(file))


def _fetched(key: str, context: TaskContext) -> Path:
    return context.objects.download(key, context.scratch / Path(key).name)
