"""Files into the bucket and out of it, by signed URLs: these carry their own permission, so no token goes there."""

import hashlib
import mimetypes
from pathlib import Path

import httpx

from soundstage.client.api.uploads import complete_upload, create_upload, sign_parts
from soundstage.client.client import AuthenticatedClient
from soundstage.client.models import MultipartUpload, PartNumbers, SignedUpload, Upload, UploadRequest

MULTIPART_FROM_BYTES = 64 << 20
"""Larger files go in parts, of which one that fails does not cost the others."""
TIMEOUT = httpx.Timeout(120)


def send_file(client: AuthenticatedClient, path: Path, *, content_type: str | None = None) -> str:
    """The id of its asset. What waits for the file begins when it is there; nobody has to say so.

    Raises ``Refused``, and ``httpx.HTTPError`` when the bucket does not take it.
    """
    upload = create_upload.sync(client=client, body=_announcement(path, content_type))
    asset_id = upload.asset.asset_id
    with httpx.Client(timeout=TIMEOUT) as bucket, path.open("rb") as file:
        if isinstance(upload.request, SignedUpload):
            sent = bucket.put(upload.request.url, content=file.read(), headers=_headers(upload.request))
            sent.raise_for_status()
        else:
            for number, part_bytes in _parts(upload):
                signed = sign_parts.sync(asset_id, client=client, body=PartNumbers(numbers=[number]))
                bucket.put(signed.parts[0].url, content=file.read(part_bytes)).raise_for_status()
            complete_upload.sync(asset_id, client=client)
    return asset_id


async def send_file_async(client: AuthenticatedClient, path: Path, *, content_type: str | None = None) -> str:
    """As :func:`send_file`."""
    upload = await create_upload.asyncio(client=client, body=_announcement(path, content_type))
    asset_id = upload.asset.asset_id
    async with httpx.AsyncClient(timeout=TIMEOUT) as bucket:
        with path.open("rb") as file:
            if isinstance(upload.request, SignedUpload):
                sent = await bucket.put(upload.request.url, content=file.read(), headers=_headers(upload.request))
                sent.raise_for_status()
            else:
                for number, part_bytes in _parts(upload):
                    signed = await sign_parts.asyncio(asset_id, client=client, body=PartNumbers(numbers=[number]))
                    (await bucket.put(signed.parts[0].url, content=file.read(part_bytes))).raise_for_status()
                await complete_upload.asyncio(asset_id, client=client)
    return asset_id


def fetch_file(url: str, to: Path) -> Path:
    """A file of an answer (``audio_url``, ``midi_url``, …). Raises ``httpx.HTTPError``."""
    with httpx.stream("GET", url, timeout=TIMEOUT) as answer, to.open("wb") as file:
        answer.raise_for_status()
        for chunk in answer.iter_bytes():
            file.write(chunk)
    return to


async def fetch_file_async(url: str, to: Path) -> Path:
    """As :func:`fetch_file`."""
    async with httpx.AsyncClient(timeout=TIMEOUT) as bucket, bucket.stream("GET", url) as answer:
        answer.raise_for_status()
        with to.open("wb") as file:
            async for chunk in answer.aiter_bytes():
                file.write(chunk)
    return to


def _announcement(path: Path, content_type: str | None) -> UploadRequest:
    size_bytes = path.stat().st_size
    return UploadRequest(
        file_name=path.name,
        content_type=content_type or mimetypes.guess_type(path.name)[0] or "application/octet-stream",
        size_bytes=size_bytes,
        sha256=_sha256(path),
        method="multipart" if size_bytes > MULTIPART_FROM_BYTES else "PUT",
    )


def _sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _headers(request: SignedUpload) -> dict[str, str]:
    return request.headers.to_dict() if request.headers else {}


def _parts(upload: Upload) -> list[tuple[int, int]]:
    """Number and size of each part; the file ends within the last one."""
    parts = upload.multipart
    assert isinstance(parts, MultipartUpload)  # noqa: S101  (where there is no request)
    return [(number, parts.part_bytes) for number in range(1, parts.part_count + 1)]
