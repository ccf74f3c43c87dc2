"""Uploads: announced with their size, sent by signed URLs, put together from parts, given up or deleted.

Everything that a person does with a file of their own before and after ``soundstage.jobs.ingest`` has looked at it.
"""

import re
import unicodedata
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import PurePosixPath
from typing import Literal, Protocol

from soundstage.jobs.ports import AssetStore
from soundstage.jobs.service import Jobs
from soundstage.models.assets import Asset, AssetKind, AssetStatus
from soundstage.models.errors import Conflict, InvalidInput, NotFound, QuotaExceeded
from soundstage.models.ids import Id, new_id
from soundstage.models.jobs import Dependency

Method = Literal["PUT", "POST", "multipart", "direct"]

PART_BYTES = 8 << 20
"""S3 wants 5 MiB of every part but the last ("Multipart upload limits"); 8 is what the AWS CLI takes."""


@dataclass(frozen=True, slots=True)
class SignedRequest:
    """What a client has to send: the method, the URL, and headers (PUT) or form fields before the file (POST)."""

    method: str
    url: str
    headers: Mapping[str, str]
    fields: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Part:
    """A part of a multipart upload. ``etag`` with its quotes, as S3 gave it."""

    number: int
    etag: str
    size_bytes: int


class UploadBucket(Protocol):
    """The part of ``soundstage.platform.aws.storage.ObjectStore`` that uploads use."""

    def presign_put(self, key: str, *, content_type: str, expires_s: int, size_bytes: int) -> SignedRequest: ...

    def presign_post(self, key: str, *, content_type: str, max_bytes: int, expires_s: int) -> SignedRequest: ...

    def create_multipart(self, key: str, *, content_type: str) -> str:
        """Returns the upload id."""

    def presign_part(
        self, key: str, *, upload_id: str, number: int, size_bytes: int, expires_s: int
    ) -> SignedRequest: ...

    def list_parts(self, key: str, *, upload_id: str) -> list[Part]:
        """Raises NotFound when the upload is over."""

    def complete_multipart(self, key: str, *, upload_id: str, parts: Sequence[Part]) -> None:
        """Raises NotFound when the upload is over."""

    def abort_multipart(self, key: str, *, upload_id: str) -> None:
        """Harmless when the upload is gone already."""

    def head(self, key: str) -> object | None:
        """None when there is no such object."""

    def delete(self, key: str) -> None:
        """A missing object is fine."""


SUM_AGAIN_AFTER = timedelta(seconds=5)
"""All files of a person are read for their sum: hundreds of uploads at once would read them hundreds of times. Nobody
is refused by an old sum; others' uploads of the same seconds may go over the quota, as those at the same time may."""
OWNERS_KNOWN = 1000


@dataclass(frozen=True, slots=True)
class UploadLimits:
    """Of one file; ``url_life_s`` of signed URLs."""

    max_bytes: int
    url_life_s: int


@dataclass(frozen=True, slots=True)
class Announced:
    """``request`` sends the file, except where it goes in ``part_count`` parts of ``PART_BYTES``, the last one less, or
    by credentials of whoever sends it."""

    asset: Asset
    request: SignedRequest | None
    part_count: int | None


class Uploads:
    def __init__(
        self,
        assets: AssetStore,
        bucket: UploadBucket,
        jobs: Jobs,
        limits: UploadLimits,
        *,
        clock: Callable[[], datetime],
    ) -> None:
        self._assets = assets
        self._bucket = bucket
        self._jobs = jobs
        self._limits = limits
        self._clock = clock
        self._used: dict[Id, tuple[datetime, int]] = {}
        """Owner → when their files were summed, and what they take with those announced here since."""

    def announce(
        self,
        owner_id: Id,
        *,
        kind: AssetKind,
        file_name: str,
        content_type: str,
        size_bytes: int,
        method: Method,
        quota_bytes: int,
        sha256: str | None = None,
    ) -> Announced:
        """A file is going to come. ``quota_bytes``: of all files of its owner together. ``sha256``: hexadecimal.

        Raises:
            InvalidInput: it is larger than a file may be.
            QuotaExceeded: there is no room for it.
        """
        self._check_room(owner_id, size_bytes, quota_bytes)
        now, asset_id = self._clock(), new_id()
        asset = Asset(
            asset_id=asset_id,
            owner_id=owner_id,
            kind=kind,
            status=AssetStatus.AWAITING_UPLOAD,
            bucket_key=f"uploads/{owner_id}/{asset_id}/{key_name(file_name)}",
            file_name=file_name,
            content_type=content_type,
            size_bytes=size_bytes,
            announced_sha256=sha256,
            created_at=now,
            updated_at=now,
        )
        if method == "direct":
            return Announced(self._assets.create(asset), None, None)
        if method != "multipart":
            return Announced(self._assets.create(asset), self._sign(asset, size_bytes, method), None)
        upload_id = self._bucket.create_multipart(asset.bucket_key, content_type=content_type)
        asset = self._assets.create(asset.model_copy(update={"upload_id": upload_id}))
        return Announced(asset, None, len(part_sizes(size_bytes)))

    def sign_parts(self, owner_id: Id, asset_id: Id, numbers: Sequence[int]) -> list[SignedRequest]:
        """One request per number, from 1. A part that is sent again replaces itself.

        Raises:
            NotFound: no such asset of this owner.
            Conflict: no multipart upload is under way.
            InvalidInput: the file has fewer parts.
        """
        asset, upload_id = self._under_way(owner_id, asset_id)
        sizes = part_sizes(asset.size_bytes or 0)
        beyond = [number for number in numbers if number > len(sizes)]
        if beyond:
            raise InvalidInput("The file has fewer parts.", detail={"part_count": len(sizes), "numbers": beyond})
        return [
            self._bucket.presign_part(
                asset.bucket_key,
                upload_id=upload_id,
                number=number,
                size_bytes=sizes[number - 1],
                expires_s=self._limits.url_life_s,
            )
            for number in numbers
        ]

    def arrived_parts(self, owner_id: Id, asset_id: Id) -> list[Part]:
        """Raises like :meth:`sign_parts`."""
        asset, upload_id = self._under_way(owner_id, asset_id)
        return self._bucket.list_parts(asset.bucket_key, upload_id=upload_id)

    def complete(self, owner_id: Id, asset_id: Id) -> Asset:
        """Put the parts together. Completing again is harmless, and so it is for a file that came in one piece.

        Raises:
            NotFound: no such asset of this owner.
            Conflict: parts are missing; ``detail`` says how many bytes have arrived.
        """
        asset = self.owned(owner_id, asset_id)
        if asset.upload_id is None:
            return asset
        # If it is there, we completed it, and crashed before writing that down, or another call is about to.
        if self._bucket.head(asset.bucket_key) is None:
            try:
                self._put_together(asset, asset.upload_id)
            except NotFound:
                if self._bucket.head(asset.bucket_key) is None:
                    raise
        self._assets.set_upload_id(asset_id, None)
        return self.owned(owner_id, asset_id)

    def abort(self, owner_id: Id, asset_id: Id) -> None:
        """Forget an asset whose file has not arrived. Raises NotFound, and Conflict when it has."""
        asset = self.owned(owner_id, asset_id)
        if asset.status is not AssetStatus.AWAITING_UPLOAD:
            raise Conflict("The file has arrived already.", detail={"status": asset.status})
        self._remove(asset)

    def delete(self, owner_id: Id, asset_id: Id) -> None:
        """Jobs that wait for it fail; what was made from it stays. Raises NotFound."""
        self._remove(self.owned(owner_id, asset_id))

    def owned(self, owner_id: Id, asset_id: Id) -> Asset:
        return owned_asset(self._assets, owner_id, asset_id)

    def accepted(self, owner_id: Id, asset_id: Id) -> Asset:
        """Raises NotFound, and Conflict for one that was not accepted, or not yet."""
        asset = self.owned(owner_id, asset_id)
        if asset.status is not AssetStatus.READY:
            raise Conflict("There is no accepted file yet.", detail={"status": asset.status})
        return asset

    def expiry(self) -> datetime:
        """When URLs that are signed now stop working."""
        return self._clock() + timedelta(seconds=self._limits.url_life_s)

    def _check_room(self, owner_id: Id, size_bytes: int, quota_bytes: int) -> None:
        most = self._limits.max_bytes
        if size_bytes > most:
            raise InvalidInput("The file is larger than allowed.", detail={"max_bytes": most})
        now = self._clock()
        summed_at, used = self._used.get(owner_id, (now, quota_bytes))
        if now - summed_at > SUM_AGAIN_AFTER or used + size_bytes > quota_bytes:
            summed_at, used = now, self._assets.used_bytes(owner_id)
        if used + size_bytes > quota_bytes:
            raise QuotaExceeded(
                "Your files would take more room than your plan has.",
                detail={"quota_bytes": quota_bytes, "used_bytes": used},
            )
        if len(self._used) >= OWNERS_KNOWN:
            self._used.clear()
        self._used[owner_id] = summed_at, used + size_bytes

    def _sign(self, asset: Asset, size_bytes: int, method: Method) -> SignedRequest:
        key, content_type, life_s = asset.bucket_key, asset.content_type, self._limits.url_life_s
        if method == "POST":
            return self._bucket.presign_post(key, content_type=content_type, max_bytes=size_bytes, expires_s=life_s)
        return self._bucket.presign_put(key, content_type=content_type, expires_s=life_s, size_bytes=size_bytes)

    def _under_way(self, owner_id: Id, asset_id: Id) -> tuple[Asset, str]:
        asset = self.owned(owner_id, asset_id)
        if asset.upload_id is None:
            raise Conflict("No multipart upload is under way.", detail={"status": asset.status})
        return asset, asset.upload_id

    def _put_together(self, asset: Asset, upload_id: str) -> None:
        parts = self._bucket.list_parts(asset.bucket_key, upload_id=upload_id)
        arrived = sum(part.size_bytes for part in parts)
        if arrived != asset.size_bytes:
            numbers = [part.number for part in parts]
            detail = {"size_bytes": asset.size_bytes, "arrived_bytes": arrived, "parts": numbers}
            raise Conflict("The parts do not add up to the file.", detail=detail)
        self._bucket.complete_multipart(asset.bucket_key, upload_id=upload_id, parts=parts)

    def _remove(self, asset: Asset) -> None:
        """The file first: should this end half-way, the asset is there to be deleted again."""
        if asset.upload_id is not None:
            self._bucket.abort_multipart(asset.bucket_key, upload_id=asset.upload_id)
        self._bucket.delete(asset.bucket_key)
        self._assets.delete(asset.asset_id)
        self._jobs.release_dependants(Dependency(kind="asset", id=asset.asset_id))


def owned_asset(assets: AssetStore, owner_id: Id, asset_id: Id) -> Asset:
    """Raises NotFound for one that is missing, deleted or someone else's."""
    asset = assets.get(asset_id)
    if asset is None or asset.owner_id != owner_id or asset.status is AssetStatus.DELETED:
        raise NotFound("There is no such asset.")
    return asset


def part_sizes(size_bytes: int) -> list[int]:
    """Bytes of each part of a file."""
    whole, rest = divmod(size_bytes, PART_BYTES)
    return [PART_BYTES] * whole + [rest] * bool(rest)


def key_name(file_name: str) -> str:
    """A file's name as the end of a key: plain characters, its suffix kept, 100 at most."""
    plain = unicodedata.normalize("NFKD", PurePosixPath(file_name).name).encode("ascii", "ignore").decode()
    name = PurePosixPath(re.sub(r"[^A-Za-z0-9._-]+", "-", plain).strip(".-") or "file")
    return f"{name.stem[:80]}{name.suffix[:20]}"
