"""Ingest of an uploaded object: claim, probe, accept or reject. The state machine then releases its dependants.

Each function is one step of the state machine ``ingest``; every one may run twice.
"""

import logging
import re
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, Protocol

from soundstage.jobs.ports import AssetStore
from soundstage.media.files import sha256_of
from soundstage.models.assets import PROBES, Asset, AssetKind, AssetStatus, Probe
from soundstage.models.errors import Conflict, MediaRejected, NotFound
from soundstage.models.events import ObjectCreated
from soundstage.models.ids import Id
from soundstage.models.jobs import JobError

log = logging.getLogger(__name__)

_UPLOAD = re.compile(r"uploads/(?P<owner>[0-9a-f]{32})/(?P<asset>[0-9a-f]{32})/[^/]+")


class Uploads(Protocol):
    """The part of ``soundstage.platform.aws.storage.ObjectStore`` that ingest uses."""

    def current_version(self, key: str) -> str | None:
        """The version id of the object as it is now. Raises ``NotFound``."""

    def download(self, key: str, path: Path, *, version_id: str | None = None) -> Path: ...

    def delete(self, key: str, *, version_id: str | None = None) -> None:
        """This version for good; without one, what is there now. A missing object is fine."""


def claim(event: ObjectCreated, *, claimant: str, assets: AssetStore, uploads: Uploads, lease_s: int) -> dict[str, Any]:
    """``{"outcome": "ok", "asset_id", "version_id", "size_bytes"}``, ``ignored`` (not ours) or ``duplicate`` (taken).

    A signed URL can be used again until it expires. What comes to an asset that is settled belongs to nothing that
    anybody can see or that counts, so it does not stay.
    """
    named = _UPLOAD.fullmatch(event.key)
    asset = assets.get(named["asset"]) if named else None
    if asset is None or asset.bucket_key != event.key:
        # Whoever has credentials can write it, and it counts for nobody.
        log.warning("an object that nobody announced", extra={"key": event.key})
        uploads.delete(event.key, version_id=event.version_id)
        return {"outcome": "ignored"}
    try:
        assets.claim(asset.asset_id, claimant=claimant, sequencer=event.sequencer, lease_s=lease_s)
    except Conflict as conflict:
        log.info("the upload is taken care of", extra={"key": event.key, "found": conflict.detail})
        if _serves_nobody(existing(assets, asset.asset_id), event):
            uploads.delete(event.key, version_id=event.version_id)
        return {"outcome": "duplicate", "asset_id": asset.asset_id}
    found = {"version_id": event.version_id, "size_bytes": event.size_bytes}
    return {"outcome": "ok", "asset_id": asset.asset_id, **found}


def probe(
    asset: Asset,
    *,
    version_id: str | None,
    size_bytes: int | None = None,
    uploads: Uploads,
    scratch: Path,
    probes: Mapping[AssetKind, Callable[[Path], Probe]],
) -> dict[str, Any]:
    """What the object is, as ``{"outcome": "ok", "version_id", "probe"}``. Raises ``MediaRejected``.

    The version that is probed is the version that is accepted, whatever is written to the key afterwards.
    """
    if asset.size_bytes is not None and size_bytes is not None and size_bytes > asset.size_bytes:
        raise MediaRejected(
            "FILE_TOO_LARGE", "The file is larger than was announced.", detail={"size_bytes": size_bytes}
        )
    pinned = version_id or uploads.current_version(asset.bucket_key)
    # The key's suffix: a person's own file name may have one that no file system takes.
    path = uploads.download(asset.bucket_key, scratch / f"upload{Path(asset.bucket_key).suffix}", version_id=pinned)
    if path.stat().st_size == 0:
        raise MediaRejected("FILE_EMPTY")
    if asset.announced_sha256 is not None and (sha256 := sha256_of(path)) != asset.announced_sha256:
        # Before the probe: a file that a part is missing of, or was swapped in, is not damaged but another.
        raise MediaRejected("CHECKSUM_MISMATCH", detail={"announced": asset.announced_sha256, "arrived": sha256})
    return {"outcome": "ok", "version_id": pinned, "probe": probes[asset.kind](path).model_dump()}


def accept(asset_id: Id, *, claimant: str, probed: dict[str, Any], assets: AssetStore) -> dict[str, Any]:
    """The asset is ready. ``superseded`` when a newer write to its key has taken the claim over."""
    asset = existing(assets, asset_id)
    found = PROBES[asset.kind].model_validate(probed["probe"])
    checked = asset.model_copy(
        update={
            "probe": found,
            "sha256": found.sha256,
            "size_bytes": found.size_bytes,
            "version_id": probed["version_id"],
        }
    )
    try:
        assets.accept(checked, claimant=claimant)
    except Conflict as conflict:
        return _superseded(asset_id, conflict)
    return {"outcome": "ok", "asset_id": asset_id}


def reject(
    asset_id: Id, *, version_id: str | None, claimant: str, error: JobError, assets: AssetStore, uploads: Uploads
) -> dict[str, Any]:
    """The asset is rejected with a code, and its object removed. ``superseded`` as for :func:`accept`."""
    try:
        asset = assets.reject(asset_id, claimant=claimant, error=error)
    except Conflict as conflict:
        return _superseded(asset_id, conflict)
    uploads.delete(asset.bucket_key, version_id=version_id)
    return {"outcome": "rejected", "asset_id": asset_id, "code": error.code}


def existing(assets: AssetStore, asset_id: Id) -> Asset:
    asset = assets.get(asset_id)
    if asset is None:
        raise NotFound("There is no such asset.")
    return asset


def _serves_nobody(asset: Asset, event: ObjectCreated) -> bool:
    if asset.status is AssetStatus.READY:
        return event.version_id not in (None, asset.version_id)
    return asset.status in (AssetStatus.REJECTED, AssetStatus.DELETED)


def _superseded(asset_id: Id, conflict: Conflict) -> dict[str, Any]:
    log.info("a newer upload has taken over", extra={"asset_id": asset_id, "found": conflict.detail})
    return {"outcome": "superseded", "asset_id": asset_id}
