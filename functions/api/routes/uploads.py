"""Uploads: signed ways into the bucket. The file's arrival there carries the work on; nobody has to tell us."""

import re
import unicodedata
from datetime import datetime, timedelta
from pathlib import PurePosixPath
from typing import Annotated, Literal

from fastapi import Path, Response
from functions.api.middleware.errors import documented
from functions.api.middleware.idempotency import ONCE
from functions.api.middleware.routers import signed_in_router
from functions.api.routes.assets import AssetView, owned_asset, remove_asset
from functions.api.services import Caller, Services, Serving
from pydantic import BaseModel, ConfigDict, Field

from soundstage.models.assets import Asset, AssetKind, AssetStatus
from soundstage.models.errors import (
    Conflict,
    IdempotencyMismatch,
    InvalidInput,
    NotFound,
    QuotaExceeded,
)
from soundstage.models.ids import Id, new_id
from soundstage.platform.aws.storage import SignedRequest
from soundstage.platform.security import Principal

router = signed_in_router("/v1/uploads", "uploads")

MIB = 1 << 20
# S3 wants 5 MiB of every part but the last; 8 is what the AWS CLI takes.
PART_BYTES = 8 * MIB

AssetId = Annotated[Id, Path(description="The id of the asset that the upload makes.")]


class UploadRequest(BaseModel):
    """``PUT`` for most clients, ``POST`` for plain HTML forms, ``multipart`` for large files and shaky networks."""

    model_config = ConfigDict(
        json_schema_extra={"examples": [{"file_name": "my hum.m4a", "content_type": "audio/mp4", "size_bytes": 482133}]}
    )

    file_name: str = Field(min_length=1, max_length=255)
    content_type: str = Field(pattern=r"^[a-z]+/[A-Za-z0-9.+-]+(; ?codecs=[\"A-Za-z0-9.,_ -]+)?$", max_length=100)
    size_bytes: int = Field(gt=0, description="Exactly; S3 refuses anything else (PUT) or anything more (POST).")
    method: Literal["PUT", "POST", "multipart"] = "PUT"
    kind: Literal[AssetKind.AUDIO] = AssetKind.AUDIO


class SignedUpload(BaseModel):
    """Send the file with this method to this URL: with these headers (PUT), or after these form fields (POST)."""

    method: str
    url: str
    headers: dict[str, str] = {}
    fields: dict[str, str] = {}


class MultipartUpload(BaseModel):
    """Sign parts 1 … ``part_count`` with POST …/parts, send each of ``part_bytes`` (the last one less), complete."""

    part_bytes: int
    part_count: int


class Upload(BaseModel):
    asset: AssetView
    request: SignedUpload | None = Field(description="For PUT and POST.")
    multipart: MultipartUpload | None = Field(description="For multipart.")
    expires_at: datetime = Field(description="When signed URLs stop working.")


class PartNumbers(BaseModel):
    numbers: list[Annotated[int, Field(ge=1, le=10_000)]] = Field(min_length=1, max_length=100)


class SignedPart(BaseModel):
    number: int
    url: str


class SignedParts(BaseModel):
    parts: list[SignedPart]
    expires_at: datetime


class ArrivedPart(BaseModel):
    number: int
    size_bytes: int


class ArrivedParts(BaseModel):
    parts: list[ArrivedPart]


@router.post(
    "", status_code=201, dependencies=[ONCE], responses=documented(QuotaExceeded, IdempotencyMismatch, InvalidInput)
)
def create_upload(request: UploadRequest, caller: Caller, services: Serving, response: Response) -> Upload:
    """Announce a file, and get a signed way to send it."""
    _check_room(request.size_bytes, caller, services)
    now = services.clock()
    asset_id = new_id()
    asset = Asset(
        asset_id=asset_id,
        owner_id=caller.user_id,
        kind=request.kind,
        status=AssetStatus.AWAITING_UPLOAD,
        bucket_key=f"uploads/{caller.user_id}/{asset_id}/{_key_name(request.file_name)}",
        file_name=request.file_name,
        content_type=request.content_type,
        size_bytes=request.size_bytes,
        created_at=now,
        updated_at=now,
    )
    parts = MultipartUpload(part_bytes=PART_BYTES, part_count=len(_part_sizes(request.size_bytes)))
    signed = None
    if request.method == "multipart":
        upload_id = services.objects.create_multipart(asset.bucket_key, content_type=request.content_type)
        asset = asset.model_copy(update={"upload_id": upload_id})
    else:
        signed = _sign(request, asset, services)
    services.assets.create(asset)
    response.headers["Location"] = f"/v1/assets/{asset_id}"
    return Upload(
        asset=AssetView.model_validate(asset),
        request=signed and SignedUpload(**_plain(signed)),
        multipart=parts if request.method == "multipart" else None,
        expires_at=_expiry(services),
    )


@router.post("/{asset_id}/parts", responses=documented(NotFound, Conflict, InvalidInput))
def sign_parts(asset_id: AssetId, wanted: PartNumbers, caller: Caller, services: Serving) -> SignedParts:
    """Signed URLs for these parts, each for one PUT of its size. A part that is sent again replaces itself."""
    asset, upload_id = _under_way(services, caller, asset_id)
    sizes = _part_sizes(asset.size_bytes or 0)
    beyond = [number for number in wanted.numbers if number > len(sizes)]
    if beyond:
        raise InvalidInput("The file has fewer parts.", detail={"part_count": len(sizes), "numbers": beyond})

    def signed(number: int) -> SignedPart:
        request = services.objects.presign_part(
            asset.bucket_key,
            upload_id=upload_id,
            number=number,
            size_bytes=sizes[number - 1],
            expires_s=services.settings.upload_url_life_s,
        )
        return SignedPart(number=number, url=request.url)

    return SignedParts(parts=[signed(number) for number in wanted.numbers], expires_at=_expiry(services))


@router.get("/{asset_id}/parts", responses=documented(NotFound, Conflict))
def list_parts(asset_id: AssetId, caller: Caller, services: Serving) -> ArrivedParts:
    """Which parts have arrived, so that an interrupted upload can go on."""
    asset, upload_id = _under_way(services, caller, asset_id)
    parts = services.objects.list_parts(asset.bucket_key, upload_id=upload_id)
    return ArrivedParts(parts=[ArrivedPart(number=part.number, size_bytes=part.size_bytes) for part in parts])


@router.post("/{asset_id}/complete", responses=documented(NotFound, Conflict))
def complete_upload(asset_id: AssetId, caller: Caller, services: Serving) -> AssetView:
    """Put the parts together. Completing again is harmless. Conflict says how many bytes are missing."""
    asset = owned_asset(services, caller, asset_id)
    if asset.upload_id is None:
        return AssetView.model_validate(asset)
    # If it is there, we completed it, and crashed before writing that down, or another call is about to.
    if services.objects.head(asset.bucket_key) is None:
        try:
            _put_together(services, asset, asset.upload_id)
        except NotFound:
            if services.objects.head(asset.bucket_key) is None:
                raise
    services.assets.set_upload_id(asset_id, None)
    return AssetView.model_validate(owned_asset(services, caller, asset_id))


@router.delete("/{asset_id}", status_code=204, responses=documented(NotFound, Conflict))
def abort_upload(asset_id: AssetId, caller: Caller, services: Serving) -> None:
    """Stop an upload that has not arrived, and forget its asset."""
    asset = owned_asset(services, caller, asset_id)
    if asset.status is not AssetStatus.AWAITING_UPLOAD:
        raise Conflict("The file has arrived already.", detail={"status": asset.status})
    remove_asset(services, asset)


def _check_room(size_bytes: int, caller: Principal, services: Services) -> None:
    settings = services.settings
    if size_bytes > settings.max_upload_bytes:
        raise InvalidInput("The file is larger than allowed.", detail={"max_bytes": settings.max_upload_bytes})
    used = services.assets.used_bytes(caller.user_id)
    if used + size_bytes > settings.quota_bytes:
        raise QuotaExceeded(
            "Your files would take more room than your plan has.",
            detail={"quota_bytes": settings.quota_bytes, "used_bytes": used},
        )


def _sign(request: UploadRequest, asset: Asset, services: Services) -> SignedRequest:
    life_s = services.settings.upload_url_life_s
    if request.method == "POST":
        return services.objects.presign_post(
            asset.bucket_key, content_type=request.content_type, max_bytes=request.size_bytes, expires_s=life_s
        )
    return services.objects.presign_put(
        asset.bucket_key, content_type=request.content_type, expires_s=life_s, size_bytes=request.size_bytes
    )


def _plain(signed: SignedRequest) -> dict[str, object]:
    return {
        "method": signed.method,
        "url": signed.url,
        "headers": dict(signed.headers),
        "fields": dict(signed.fields),
    }


def _part_sizes(size_bytes: int) -> list[int]:
    whole, rest = divmod(size_bytes, PART_BYTES)
    return [PART_BYTES] * whole + [rest] * bool(rest)


def _under_way(services: Services, caller: Principal, asset_id: Id) -> tuple[Asset, str]:
    asset = owned_asset(services, caller, asset_id)
    if asset.upload_id is None:
        raise Conflict("No multipart upload is under way.", detail={"status": asset.status})
    return asset, asset.upload_id


def _put_together(services: Services, asset: Asset, upload_id: str) -> None:
    parts = services.objects.list_parts(asset.bucket_key, upload_id=upload_id)
    arrived = sum(part.size_bytes for part in parts)
    if arrived != asset.size_bytes:
        detail = {"size_bytes": asset.size_bytes, "arrived_bytes": arrived, "parts": [part.number for part in parts]}
        raise Conflict("The parts do not add up to the file.", detail=detail)
    services.objects.complete_multipart(asset.bucket_key, upload_id=upload_id, parts=parts)


def _expiry(services: Services) -> datetime:
    return services.clock() + timedelta(seconds=services.settings.upload_url_life_s)


def _key_name(file_name: str) -> str:
    """A file's name as the end of a key: plain characters, its suffix kept, 100 at most."""
    plain = unicodedata.normalize("NFKD", PurePosixPath(file_name).name).encode("ascii", "ignore").decode()
    name = PurePosixPath(re.sub(r"[^A-Za-z0-9._-]+", "-", plain).strip(".-") or "file")
    return f"{name.stem[:80]}{name.suffix[:20]}"
