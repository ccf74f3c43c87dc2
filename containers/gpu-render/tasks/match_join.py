"""Finish a match: join its segments, land on the loudness, measure, and say what was done. All under ``results/``."""

import time
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from soundstage.audio.streams import FileWriter
from soundstage.jobs.tasks import TaskContext
from soundstage.match.pipeline import conclude
from soundstage.match.presets.writing import export_preset
from soundstage.match.rendering.segments import join_segments
from soundstage.match.report import result_of, write_report
from soundstage.media.encode import encode_m4a_beside
from soundstage.media.types import content_type_of
from soundstage.models.match import RESULT, SUFFIXES, TARGET, MatchParams, reference_role
from soundstage.models.style import Features, StyleParams


def input_keys(arguments: dict[str, Any]) -> Iterable[str]:
    return [arguments["style_key"], *arguments["features_keys"].values(), *arguments["segment_keys"]]


def run(arguments: dict[str, Any], context: TaskContext) -> dict[str, Any]:
    """``{"title", "match_params", "style_key", "features_keys", "segment_keys", "preview_keys", "timings_s"}`` → a
    ``MatchResult``.

    ``preview_keys`` are of the recordings, by role; ``timings_s`` is how long the steps before this one were at work,
    side by side or not.
    """
    began = time.monotonic()
    params = MatchParams.model_validate(arguments["match_params"])
    style = StyleParams.model_validate(context.objects.read_json(arguments["style_key"]))
    heard = {
        role: Features.model_validate(context.objects.read_json(key))
        for role, key in arguments["features_keys"].items()
    }
    made = context.scratch / "made"
    made.mkdir()
    audio = made / f"matched{SUFFIXES[params.output_format]}"
    with FileWriter(audio, "PCM_24") as writer:
        rendered = join_segments(
            _one_by_one(arguments["segment_keys"], context),
            writer,
            style,
            progress=lambda done: context.progress(0.3 + 0.6 * done),
            with_tone=True,
        )
    # An execution that began before this was deployed sends none.
    timings_s = arguments.get("timings_s", {}) | {"joining": round(time.monotonic() - began, 3)}
    references = [(heard[reference_role(index)], reference.weight) for index, reference in enumerate(params.references)]
    with encode_m4a_beside(audio, made / "preview.m4a"):
        match = conclude(style, references, heard[TARGET], rendered, timings_s=timings_s)
        write_report(match, made)
    preset = export_preset(match.params, "json", name=arguments["title"])
    (made / "preset.json").write_bytes(preset.content)
    keys = {path.name: _publish(path, context) for path in sorted(made.iterdir())}
    previews = {
        role: context.objects.copy(key, context.result_key(Path(key).name))
        for role, key in arguments.get("preview_keys", {}).items()
    }
    if "preview.m4a" in keys:
        previews[RESULT] = keys["preview.m4a"]
    segments = len(arguments["segment_keys"])
    result = result_of(match, keys, audio=audio.name, segments=segments, preview_keys=previews)
    return result.model_dump(mode="json")


def _one_by_one(keys: list[str], context: TaskContext) -> Iterator[Path]:
    """Each segment as a file that is there until the next one is asked for: hours need room for one of them."""
    path = context.scratch / "segment.wav"
    for index, key in enumerate(keys):
        context.progress(0.6 * index / len(keys))
        yield context.objects.download(key, path)
        path.unlink()


def _publish(path: Path, context: TaskContext) -> str:
    return context.objects.upload(path, context.result_key(path.name), content_type=content_type_of(path))
