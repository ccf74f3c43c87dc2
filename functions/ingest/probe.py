"""Find out what an upload is before anything decodes it."""

import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

from soundstage.audio.impulse_response import probe_impulse_response
from soundstage.audio.probe import probe_audio
from soundstage.jobs import ingest
from soundstage.media.images import probe_image
from soundstage.media.videos import probe_video
from soundstage.models.assets import AssetKind, Probe
from soundstage.models.errors import MediaRejected
from soundstage.platform.aws.asset_store import DynamoAssets
from soundstage.platform.aws.storage import ObjectStore
from soundstage.platform.runtime.functions import function
from soundstage.platform.runtime.steps import rejected, settings

PROBES: dict[AssetKind, Callable[[Path], Probe]] = {
    AssetKind.AUDIO: probe_audio,
    AssetKind.IMAGE: probe_image,
    AssetKind.VIDEO: probe_video,
    AssetKind.IMPULSE_RESPONSE: probe_impulse_response,
}


@function(settings)
def handler(event: dict[str, Any]) -> dict[str, Any]:
    with tempfile.TemporaryDirectory() as scratch:
        try:
            return ingest.probe(
                ingest.existing(DynamoAssets(settings().table), event["asset_id"]),
                version_id=event["claim"].get("version_id"),
                size_bytes=event["claim"].get("size_bytes"),
                uploads=ObjectStore(settings().bucket),
                scratch=Path(scratch),
                probes=PROBES,
            )
        except MediaRejected as rejection:
            return rejected(rejection)
