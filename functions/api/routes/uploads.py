"""Uploads: signed ways into the bucket. The file's arrival there carries the work on; nobody has to tell us."""

import re
from dataclasses import asdict
from datetime import datetime
from typing import Annotated

from fastapi import Path, Response
from functions.api.middleware.errors import documented
from functions.api.middleware.idempotency import ONCE
from functions.api.middleware.routers import signed_in_router
from functions.api.routes.assets import AssetView
from functions.api.services import Caller, Serving
from pydantic import AfterValidator, BaseModel, ConfigDict, Field

from soundstage.jobs.uploads import PART_BYTES, Method
from soundstage.models.assets import AssetKind
from soundstage.models.errors import (
    Conflict,
    DependencyUnavailable,
    IdempotencyMismatch,
    InvalidInput,
    NotFound,
    QuotaExceeded,
)
from soundstage.models.ids import Id
from soundstage.platform.aws.upload_credentials import credentials_for

router = signed_in_router("/v1/uploads", "uploads")

MEDIA = r'^(audio|video|image|application)/[A-Za-z0-9.+-]+(; ?codecs=["A-Za-z0-9.,_ -]+)?$'
UNNAMED_MEDIA = {"application/octet-stream", "application/ogg", "application/mp4"}

AssetId = Annotated[Id, Path(description="The id of the asset that the upload makes.")]


def _media(content_type: str) -> str:
    """What browsers call sound, video and pictures. A page or a drawing that runs scripts would run them where the file
    is fetched from."""
    kind, _, name = content_type.partition("/")
    known = kind in {"audio", "video"} or (kind == "image" and name != "svg+xml") or content_type in UNNAMED_MEDIA
    if not known or re.search(MEDIA, content_type) is None:
        raise ValueError("we take audio/…, video/…, image/… (no SVG), application/ogg and application/octet-stream")
    return content_type


class UploadRequest(BaseModel):
    """``PUT`` for most clients, ``POST`` for plain HTML forms, ``multipart`` for large files and shaky networks,
    ``direct`` for programs that send many files with an S3 client of their own (POST …/credentials)."""

    model_config = ConfigDict(
        extra="forbid",
        json_schema_extra={
            "examples": [{"file_name": "my hum.m4a", "content_type": "audio/mp4", "size_bytes": 482133}]
        },
    )

    file_name: str = Field(min_length=1, max_length=255)
    content_type: Annotated[str, AfterValidator(_media)] = Field(max_length=100, json_schema_extra={"pattern": MEDIA})
    size_bytes: int = Field(gt=0, description="Exactly; S3 refuses anything else (PUT) or anything more (POST).")
    sha256: str | None = Field(
        default=None,
        pattern=r"^[0-9a-f]{64}$",
        description="Of the whole file, however it is sent: one that arrives otherwise is rejected, CHECKSUM_MISMATCH.",
        examples=["e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"],
    )
    method: Method = "PUT"
    kind: AssetKind | None = Field(
        default=None,
        description="Left out: image where ``content_type`` says so, else audio, also from a video's sound. ``video``"
        " keeps a video's pictures (MP4, WebM); ``ir`` is an impulse response (WAV).",
    )


class SignedUpload(BaseModel):
    """Send the file with this method to this URL: with these headers (PUT), or after these form fields (POST)."""

    model_config = ConfigDict(from_attributes=True)

    method: str
    url: str
    headers: dict[str, str] = {}
    fields: dict[str, str] = {}


class MultipartUpload(BaseModel):
    """Sign parts 1 … ``part_count`` with POST …/parts, send each of ``part_bytes`` (the last one less), complete."""

    part_bytes: int
    part_count: int


class BucketObject(BaseModel):
    bucket: str
    key: str


class Upload(BaseModel):
    asset: AssetView
    object: BucketObject | None = Field(description="For direct: where to put it with credentials of an hour.")
    request: SignedUpload | None = Field(description="For PUT and POST.")
    multipart: MultipartUpload | None = Field(description="For multipart.")
    expires_at: datetime = Field(description="When signed URLs stop working.")


class UploadCredentials(BaseModel):
    access_key_id: str
    secret_access_key: str
    session_token: str
    bucket: str
    prefix: str = Field(description="Keys begin with it.")
    region: str
    endpoint_url: str
    expires_at: datetime


class PartNumbers(BaseModel):
    model_config = ConfigDict(extra="forbid")

    numbers: list[Annotated[int, Field(ge=1, le=10_000)]] = Field(min_length=1, max_length=100)


class SignedPart(BaseModel):
    number: int
    url: str


class SignedParts(BaseModel):
    parts: list[SignedPart]
    expires_at: datetime


class ArrivedPart(BaseModel):
    model_config = ConfigDict(from_attributes=True)

    number: int
    size_bytes: int


class ArrivedParts(BaseModel):
    parts: list[ArrivedPart]


@router.post(
    "", status_code=201, dependencies=[ONCE], responses=documented(QuotaExceeded, IdempotencyMismatch, InvalidInput)
)
def create_upload(request: UploadRequest, caller: Caller, services: Serving, response: Response) -> Upload:
    """Announce a file, and get a signed way to send it."""
    is_image = request.content_type.startswith("image/")
    kind = request.kind or (AssetKind.IMAGE if is_image else AssetKind.AUDIO)
    quota_bytes = services.quotas.plan(caller.user_id).storage_bytes
    made = services.uploads.announce(
        caller.user_id, **request.model_dump() | {"kind": kind, "quota_bytes": quota_bytes}
    )
    response.headers["Location"] = f"/v1/assets/{made.asset.asset_id}"
    return Upload(
        asset=AssetView.model_validate(made.asset),
        object=BucketObject(bucket=services.settings.bucket, key=made.asset.bucket_key)
        if request.method == "direct"
        else None,
        request=SignedUpload.model_validate(made.request) if made.request else None,
        multipart=MultipartUpload(part_bytes=PART_BYTES, part_count=made.part_count) if made.part_count else None,
        expires_at=services.uploads.expiry(),
    )


@router.post("/credentials", status_code=201, responses=documented(DependencyUnavailable))
def create_credentials(caller: Caller, services: Serving) -> UploadCredentials:
    """Temporary credentials for any S3 client, good for an hour and for writing below your own prefix, nothing else.

    Announce each file with the method ``direct``, and put it under the key of the answer. What was not announced, or is
    larger, does not stay.
    """
    settings = services.settings
    if settings.upload_role is None:
        raise DependencyUnavailable("Credentials cannot be made here: no role is set up.")
    made = credentials_for(caller.user_id, role_arn=settings.upload_role, bucket=settings.bucket)
    objects = services.objects
    return UploadCredentials(
        **asdict(made), bucket=objects.bucket, region=objects.region, endpoint_url=objects.endpoint_url
    )


@router.post("/{asset_id}/parts", responses=documented(NotFound, Conflict, InvalidInput))
def sign_parts(asset_id: AssetId, wanted: PartNumbers, caller: Caller, services: Serving) -> SignedParts:
    """Signed URLs for these parts, each for one PUT of its size. A part that is sent again replaces itself."""
    signed = services.uploads.sign_parts(caller.user_id, asset_id, wanted.numbers)
    parts = [SignedPart(number=number, url=one.url) for number, one in zip(wanted.numbers, signed, strict=True)]
    return SignedParts(parts=parts, expires_at=services.uploads.expiry())


@router.get("/{asset_id}/parts", responses=documented(NotFound, Conflict))
def list_parts(asset_id: AssetId, caller: Caller, services: Serving) -> ArrivedParts:
    """Which parts have arrived, so that an interrupted upload can go on."""
    parts = services.uploads.arrived_parts(caller.user_id, asset_id)
    return ArrivedParts(parts=[ArrivedPart.model_validate(part) for part in parts])


@router.post("/{asset_id}/complete", responses=documented(NotFound, Conflict))
def complete_upload(asset_id: AssetId, caller: Caller, services: Serving) -> AssetView:
    """Put the parts together. Completing again is harmless. Conflict says how many bytes are missing."""
    return AssetView.model_validate(services.uploads.complete(caller.user_id, asset_id))


@router.delete("/{asset_id:no_verb}", status_code=204, responses=documented(NotFound, Conflict))
def abort_upload(asset_id: AssetId, caller: Caller, services: Serving) -> None:
    """Stop an upload that has not arrived, and forget its asset."""
    services.uploads.abort(caller.user_id, asset_id)
