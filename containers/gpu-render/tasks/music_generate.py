"""Make one variant of a track: WAV, M4A, MIDI and pictures under ``results/{job}/``; with A the track's cover."""

from importlib.util import find_spec
from pathlib import Path
from typing import Any

from soundstage.audio.io import Audio, read_audio
from soundstage.jobs.tasks import Objects, TaskContext
from soundstage.media.encode import encode_m4a
from soundstage.media.types import content_type_of
from soundstage.media.typography import writable
from soundstage.models.composition import Composition
from soundstage.models.music import RenderedVariant
from soundstage.models.providers import EMBEDDED
from soundstage.music.artwork.cover import draw_cover
from soundstage.music.sounding.sound_font import DEBIAN_FONT, find_sound_font
from soundstage.platform.aws.secrets import keys_in
from soundstage.platform.runtime.hiring import spending
from soundstage.platform.settings import MusicProviderSettings
from soundstage.providers.errors import Unsupported
from soundstage.providers.music.musicgen import MusicGenMusic
from soundstage.providers.music.registry import music_provider
from soundstage.providers.music.request import MusicRequest
from soundstage.providers.music.song import made_by_ourselves, make_song
from soundstage.providers.submission_record import ObjectSubmissions


def run(arguments: dict[str, Any], context: TaskContext) -> dict[str, Any]:
    """``{"label", "composition_key", "hum_key", "title", "provider"}`` → a ``RenderedVariant`` whose paths are keys."""
    composition = Composition.model_validate(context.objects.read_json(arguments["composition_key"]))
    hum = _hum(arguments["hum_key"], context) if composition.voice else None  # only the voice layer sounds from it
    context.progress(0.1)
    out = context.scratch / "variant"
    out.mkdir()
    settings = MusicProviderSettings()
    request = MusicRequest(
        composition,
        arguments["label"],
        hum,
        find_sound_font(settings.sound_font or DEBIAN_FONT),
        progress=lambda share: context.progress(0.1 + 0.7 * share),
    )
    rendered = _song(arguments.get("provider", EMBEDDED), request, settings, context, out)
    if rendered.label == "A":
        cover, small = out / "cover.png", out / "cover.webp"
        draw_cover(cover, composition, arguments.get("title"), preview=small)
        rendered = rendered.model_copy(update={"cover": str(cover), "cover_preview": str(small)})
    rendered = rendered.model_copy(update={"preview": str(out / f"{rendered.label}.m4a")})
    encode_m4a(Path(rendered.audio), Path(str(rendered.preview)), title=writable(arguments.get("title") or ""))
    context.progress(0.9)
    return _published(rendered, context).model_dump(mode="json")


def warm(objects: Objects) -> None:  # noqa: ARG001  (its weights are a folder)
    """Load MusicGen where it is set up, so that no song waits for its gigabytes."""
    terms = MusicProviderSettings().music_providers.musicgen
    if terms is not None and find_spec("transformers") is not None:
        MusicGenMusic(terms).warm()


def _hum(key: str, context: TaskContext) -> Audio:
    return read_audio(context.objects.download(key, context.scratch / Path(key).name))


def _song(
    name: str, request: MusicRequest, settings: MusicProviderSettings, context: TaskContext, out: Path
) -> RenderedVariant:
    try:
        keys = keys_in(settings.music_provider_keys_secret) if name != EMBEDDED else {}
        provider = music_provider(name, settings.music_providers, keys)
    except Unsupported as trouble:
        return made_by_ourselves(request, out, trouble)
    return make_song(
        provider,
        request,
        ObjectSubmissions.of_job(context.objects, context.job_id, request.label),
        out,
        idempotency_key=f"{context.job_id}-{request.label}",
        terms=settings.music_providers,
        budget=spending(context) if name != EMBEDDED else None,  # ours costs nothing
    )


def _published(rendered: RenderedVariant, context: TaskContext) -> RenderedVariant:
    def publish(path: str) -> str:
        file = Path(path)
        return context.objects.upload(file, context.result_key(file.name), content_type=content_type_of(file))

    return rendered.model_copy(
        update={
            "audio": publish(rendered.audio),
            "preview": rendered.preview and publish(rendered.preview),
            "midi": publish(rendered.midi),
            "pictures": {name: publish(path) for name, path in rendered.pictures.items()},
            "cover": rendered.cover and publish(rendered.cover),
            "cover_preview": rendered.cover_preview and publish(rendered.cover_preview),
        }
    )
