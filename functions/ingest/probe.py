"""Find out what an upload is before anything decodes it."""

import tempfile
from pathlib import Path
from typing import Any

from soundstage.audio.probe import probe_audio
from soundstage.jobs import ingest
from soundstage.media.images import probe_image
from soundstage.models.assets import AssetKind
from soundstage.models.errors import MediaRejected
from soundstage.platform.aws.asset_store import DynamoAssets
from soundstage.platform.aws.storage import ObjectStore
from soundstage.platform.runtime.functions import function
from soundstage.platform.runtime.steps import rejected, settings


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
                probes={AssetKind.AUDIO: probe_audio, AssetKind.IMAGE: probe_image},
            )
        except MediaRejected as rejection:
            return rejected(rejection)
