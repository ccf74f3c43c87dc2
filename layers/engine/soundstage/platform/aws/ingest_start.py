"""Starting the ingest of an upload without its event, for the rescuer: the event's execution has died."""

import json
from typing import TYPE_CHECKING

from soundstage.models.assets import Asset
from soundstage.platform.aws import clients
from soundstage.platform.aws.storage import ObjectStore

if TYPE_CHECKING:
    from mypy_boto3_stepfunctions import SFNClient


class IngestStart:
    """Starts the state machine ``ingest`` as S3's event does. Its claim keeps two of them from one asset."""

    def __init__(self, objects: ObjectStore, state_machine_arn: str, *, client: "SFNClient | None" = None) -> None:
        self._objects = objects
        self._state_machine_arn = state_machine_arn
        self._client = client

    def start(self, asset: Asset) -> bool:
        """False, and nothing is started, while there is no object under the asset's key."""
        found = self._objects.head(asset.bucket_key)
        if found is None:
            return False
        uploaded = {"key": asset.bucket_key, "size": found.size_bytes}
        if found.version_id is not None:
            uploaded["version-id"] = found.version_id
        event = {"detail": {"bucket": {"name": self._objects.bucket}, "object": uploaded}}
        client = self._client or clients.stepfunctions()
        client.start_execution(stateMachineArn=self._state_machine_arn, input=json.dumps(event))
        return True
