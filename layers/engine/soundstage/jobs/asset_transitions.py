"""State transitions of asset records, as pure functions that every store applies to the record it holds.

S3's events arrive at least once, late and out of order. Whoever handles one claims the asset first; the claim is a
lease, so one who died does not hold it for ever, and news of a later write to the same key takes it over.
"""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from soundstage.models.assets import Asset, AssetStatus
from soundstage.models.errors import Conflict
from soundstage.models.jobs import JobError


@dataclass(frozen=True, slots=True)
class Claimed:
    """An asset with the claim on it, which stays after the end so that a repeated accept or reject is recognised."""

    asset: Asset
    claimant: str | None = None
    lease_until: datetime | None = None
    claims: int = 0
    """How many have claimed it."""


def claimed(held: Claimed, *, claimant: str, sequencer: str, lease_s: int, now: datetime) -> Claimed:
    """awaiting_upload | checking → checking for ``claimant``. Raises ``Conflict``."""
    asset = held.asset
    if asset.status is AssetStatus.CHECKING:
        mine = held.claimant == claimant
        lapsed = held.lease_until is None or held.lease_until <= now
        if not (mine or lapsed or later(sequencer, asset.sequencer)):
            raise _lost(held)
    elif asset.status is not AssetStatus.AWAITING_UPLOAD:
        raise _lost(held)
    newest = sequencer if asset.sequencer is None or later(sequencer, asset.sequencer) else asset.sequencer
    changes = {"status": AssetStatus.CHECKING, "sequencer": newest, "updated_at": now}
    again = held.claimant == claimant
    lease_until = now + timedelta(seconds=lease_s)
    return Claimed(asset.model_copy(update=changes), claimant, lease_until, held.claims + (0 if again else 1))


def accepted(held: Claimed, *, checked: Asset, claimant: str, now: datetime) -> Claimed:
    """checking → ready, with what was found out. Again by the same claimant is fine. Raises ``Conflict``."""
    if held.asset.status is AssetStatus.READY and held.claimant == claimant:
        return held
    _must_hold(held, claimant)
    changes = {
        "status": AssetStatus.READY,
        "probe": checked.probe,
        "sha256": checked.sha256,
        "size_bytes": checked.size_bytes,
        "version_id": checked.version_id,
        "upload_id": None,
        "updated_at": now,
    }
    return _with(held, changes)


def rejected(held: Claimed, *, claimant: str, error: JobError, now: datetime) -> Claimed:
    """checking → rejected. Again by the same claimant is fine. Raises ``Conflict``."""
    if held.asset.status is AssetStatus.REJECTED and held.claimant == claimant:
        return held
    _must_hold(held, claimant)
    return _with(held, {"status": AssetStatus.REJECTED, "error": error, "upload_id": None, "updated_at": now})


def interrupted(held: Claimed, *, now: datetime) -> Claimed:
    """checking, and whoever had claimed it is known to be dead: the lease is over."""
    if held.asset.status is not AssetStatus.CHECKING or held.lease_until is None or held.lease_until <= now:
        return held
    return replace(held, lease_until=now)


def given_up(held: Claimed, *, error: JobError, now: datetime) -> Claimed:
    """checking → rejected, once the lease is over. Raises ``Conflict``."""
    if held.asset.status is not AssetStatus.CHECKING or (held.lease_until is not None and held.lease_until > now):
        raise _lost(held)
    return _with(held, {"status": AssetStatus.REJECTED, "error": error, "upload_id": None, "updated_at": now})


def deleted(held: Claimed, *, now: datetime) -> Claimed:
    if held.asset.status is AssetStatus.DELETED:
        return held
    return _with(held, {"status": AssetStatus.DELETED, "upload_id": None, "updated_at": now})


def uploading(held: Claimed, *, upload_id: str | None, now: datetime) -> Claimed:
    """Note the multipart upload that is under way."""
    return _with(held, {"upload_id": upload_id, "updated_at": now})


def later(sequencer: str, than: str | None) -> bool:
    """Whether a sequencer of S3 is later: the shorter one padded with zeros on the right, then compared as text.

    https://docs.aws.amazon.com/AmazonS3/latest/userguide/ev-events.html
    """
    if than is None:
        return True
    width = max(len(sequencer), len(than))
    return sequencer.ljust(width, "0").upper() > than.ljust(width, "0").upper()


def _must_hold(held: Claimed, claimant: str) -> None:
    if held.asset.status is not AssetStatus.CHECKING or held.claimant != claimant:
        raise _lost(held)


def _with(held: Claimed, changes: dict[str, Any]) -> Claimed:
    return replace(held, asset=held.asset.model_copy(update=changes))


def _lost(held: Claimed) -> Conflict:
    detail = {"status": held.asset.status, "claimant": held.claimant}
    return Conflict(f"The asset is {held.asset.status} already.", detail=detail)
