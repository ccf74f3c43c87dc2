"""Render one segment of a match: the style's chain over its part of the target, as floats under ``work/{job}/``."""

import time
from typing import Any

from soundstage.audio.streams import StreamReader
from soundstage.jobs.tasks import TaskContext
from soundstage.match.rendering.segments import Segment, render_segment
from soundstage.models.style import StyleParams


def run(arguments: dict[str, Any], context: TaskContext) -> dict[str, Any]:
    """``{"sound_key", "style_key", "segment"}`` → ``{"segment_key", "took_s"}``."""
    began = time.monotonic()
    style = StyleParams.model_validate(context.objects.read_json(arguments["style_key"]))
    segment = Segment.model_validate(arguments["segment"])
    rendered = context.scratch / "segment.wav"
    with context.objects.open(arguments["sound_key"]) as stream:
        render_segment(StreamReader(stream), style, segment, rendered, progress=context.progress)
    key = context.work_key(f"segments/{segment.index:05}.wav")
    context.objects.upload(rendered, key, content_type="audio/wav")
    return {"segment_key": key, "took_s": round(time.monotonic() - began, 3)}
