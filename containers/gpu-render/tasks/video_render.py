"""Draw the video of a song that is there: MP4 and a poster under ``results/{job}/``."""

from pathlib import Path
from typing import Any

from soundstage.jobs.tasks import TaskContext
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
    return {
        "video_key": context.objects.upload(video, context.result_key(video.name), content_type="video/mp4"),
        "poster_key": context.objects.upload(poster, context.result_key(poster.name), content_type="image/jpeg"),
    }


def _fetched(key: str, context: TaskContext) -> Path:
    return context.objects.download(key, context.scratch / Path(key).name)
