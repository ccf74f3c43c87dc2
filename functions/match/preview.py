"""Render a few seconds of a finished match in a changed style, while somebody waits. Only the API calls it.

Takes a ``RegionAsked``; answers ``{"flac_base64", "integrated_lufs"}``, or an ``error``
(``platform.aws.functions``).
"""

import base64
from functools import cache
from typing import Any

from soundstage.audio.streams import StreamReader
from soundstage.match.rendering.region import Finished, render_region
from soundstage.models.match_preview import RegionAsked
from soundstage.platform.aws.functions import answering
from soundstage.platform.aws.impulse_responses import inline
from soundstage.platform.aws.storage import ObjectStore
from soundstage.platform.runtime.decoded_uploads import DecodedUploads
from soundstage.platform.runtime.functions import function
from soundstage.platform.settings import StepSettings


@cache
def settings() -> StepSettings:
    return StepSettings()


@cache
def objects() -> ObjectStore:
    return ObjectStore(settings().bucket)


@cache
def targets() -> DecodedUploads:
    return DecodedUploads(objects())


@function(settings)
@answering
def handler(event: dict[str, Any]) -> dict[str, Any]:
    asked = RegionAsked.model_validate(event)
    target = targets().reader(asked.target_key, asked.target_version_id)
    with objects().open(asked.result_key) as stream:
        finished = Finished(StreamReader(stream), asked.finished_style, asked.finished_lufs)
        style, end_s = inline(asked.style, objects()), asked.start_s + asked.duration_s
        region = render_region(target, style, asked.start_s, end_s, finished=finished)
    flac_base64 = base64.b64encode(region.flac()).decode("ascii")
    return {"flac_base64": flac_base64, "integrated_lufs": region.integrated_lufs}
