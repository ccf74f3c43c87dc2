"""Make one variant of a track: WAV, MIDI and pictures under ``results/{job}/``; with A the track's cover."""

from pathlib import Path
from typing import Any

from soundstage.audio.io import read_audio
from soundstage.jobs.tasks import TaskContext
from soundstage.models.composition import Composition
from soundstage.models.music import RenderedVariant
from soundstage.music.cover import draw_cover
from soundstage.music.generate import music_generate

CONTENT_TYPES = {".wav": "audio/wav", ".mid": "audio/midi", ".png": "image/png"}


def run(arguments: dict[str, Any], context: TaskContext) -> dict[str, Any]:
    """``{"label", "composition_key", "hum_key", "title"}`` → a ``RenderedVariant`` whose paths are keys."""
    composition = Composition.model_validate(context.objects.read_json(arguments["composition_key"]))
    hum = read_audio(context.objects.download(arguments["hum_key"], context.scratch / Path(arguments["hum_key"]).name))
    context.progress(0.1)
    out = context.scratch / "variant"
    out.mkdir()
    rendered = music_generate(composition, arguments["label"], out, hum)
    if rendered.label == "A":
        rendered = rendered.model_copy(update={"cover": str(out / "cover.png")})
        draw_cover(out / "cover.png", composition, arguments.get("title"))
    context.progress(0.9)
    return _published(rendered, context).model_dump(mode="json")


def _published(rendered: RenderedVariant, context: TaskContext) -> RenderedVariant:
    def publish(path: str) -> str:
        file = Path(path)
        return context.objects.upload(file, context.result_key(file.name), content_type=CONTENT_TYPES[file.suffix])

    return rendered.model_copy(
        update={
            "audio": publish(rendered.audio),
            "midi": publish(rendered.midi),
            "pictures": {name: publish(path) for name, path in rendered.pictures.items()},
            "cover": rendered.cover and publish(rendered.cover),
        }
    )
