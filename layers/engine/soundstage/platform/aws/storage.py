"""Objects in the private bucket: signed ways in and out, and plain reading and writing for the steps."""

import io
import json
import unicodedata
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, BinaryIO
from urllib.parse import quote

from soundstage.jobs.uploads import Part, SignedRequest
from soundstage.models.errors import InvalidInput, NotFound
from soundstage.platform.aws import clients

if TYPE_CHECKING:
    from mypy_boto3_s3 import S3Client
    from mypy_boto3_s3.type_defs import CompletedPartTypeDef, CopySourceTypeDef

_BLOCK = 1 << 20
_READ_AHEAD = 8 << 20


@dataclass(frozen=True, slots=True)
class ObjectHead:
    key: str
    size_bytes: int
    etag: str
    content_type: str
    version_id: str | None


class ObjectStore:
    """One bucket. Keys are raw. A missing object raises ``NotFound``."""

    def __init__(
        self, bucket: str, *, public_endpoint_url: str | None = None, client: "S3Client | None" = None
    ) -> None:
        self.bucket = bucket
        self._public_endpoint_url = public_endpoint_url
        self._client = client

    @property
    def _s3(self) -> "S3Client":
        return self._client or clients.s3()

    @property
    def _signer(self) -> "S3Client":
        return clients.s3_signer(self._public_endpoint_url) if self._public_endpoint_url else self._s3

    @property
    def endpoint_url(self) -> str:
        """Where others reach it with an S3 client of their own."""
        return self._public_endpoint_url or str(self._s3.meta.endpoint_url)

    @property
    def region(self) -> str:
        return str(self._s3.meta.region_name)

    # Signed ways in

    def presign_put(
        self, key: str, *, content_type: str, expires_s: int, size_bytes: int | None = None
    ) -> SignedRequest:
        """One PUT of this type, and of exactly this size when it is given: both are part of the signature."""
        parameters: dict[str, Any] = {"Bucket": self.bucket, "Key": key, "ContentType": content_type}
        headers = {"Content-Type": content_type}
        if size_bytes is not None:
            parameters["ContentLength"] = size_bytes
            headers["Content-Length"] = str(size_bytes)
        url = self._signer.generate_presigned_url("put_object", Params=parameters, ExpiresIn=expires_s)
        return SignedRequest("PUT", url, headers, {})

    def presign_post(self, key: str, *, content_type: str, max_bytes: int, expires_s: int) -> SignedRequest:
        """A form upload (browsers) of 1 to ``max_bytes`` of this type; S3 itself refuses others."""
        post = self._signer.generate_presigned_post(
            self.bucket,
            key,
            Fields={"Content-Type": content_type},
            Conditions=[{"Content-Type": content_type}, ["content-length-range", 1, max_bytes]],
            ExpiresIn=expires_s,
        )
        return SignedRequest("POST", post["url"], {}, post["fields"])

    def create_multipart(self, key: str, *, content_type: str) -> str:
        """Returns the upload id."""
        return self._s3.create_multipart_upload(Bucket=self.bucket, Key=key, ContentType=content_type)["UploadId"]

    def presign_part(self, key: str, *, upload_id: str, number: int, size_bytes: int, expires_s: int) -> SignedRequest:
        """One PUT of exactly this size. ``number`` from 1 to 10 000; parts but the last have 5 MiB or more (S3)."""
        parameters: dict[str, Any] = {"Bucket": self.bucket, "Key": key, "UploadId": upload_id, "PartNumber": number}
        parameters["ContentLength"] = size_bytes
        url = self._signer.generate_presigned_url("upload_part", Params=parameters, ExpiresIn=expires_s)
        return SignedRequest("PUT", url, {}, {})

    def list_parts(self, key: str, *, upload_id: str) -> list[Part]:
        """Parts that have arrived, so that an interrupted upload can go on."""
        with self._missing(key):
            pages = self._s3.get_paginator("list_parts").paginate(Bucket=self.bucket, Key=key, UploadId=upload_id)
            return [
                Part(part["PartNumber"], part["ETag"], part["Size"]) for page in pages for part in page.get("Parts", [])
            ]

    def complete_multipart(self, key: str, *, upload_id: str, parts: Sequence[Part]) -> None:
        """Raises ``InvalidInput`` for parts that have not arrived so, or are too small."""
        completed: list[CompletedPartTypeDef] = [
            {"PartNumber": part.number, "ETag": part.etag} for part in sorted(parts, key=lambda part: part.number)
        ]
        try:
            with self._missing(key):
                self._s3.complete_multipart_upload(
                    Bucket=self.bucket, Key=key, UploadId=upload_id, MultipartUpload={"Parts": completed}
                )
        except self._s3.exceptions.ClientError as error:
            if clients.error_code(error) in ("InvalidPart", "InvalidPartOrder", "EntityTooSmall"):
                raise InvalidInput("These parts do not make up the file.") from error
            raise

    def abort_multipart(self, key: str, *, upload_id: str) -> None:
        """Harmless when the upload is gone already."""
        try:
            self._s3.abort_multipart_upload(Bucket=self.bucket, Key=key, UploadId=upload_id)
        except self._s3.exceptions.ClientError as error:
            if clients.error_code(error) != "NoSuchUpload":
                raise

    # Signed way out

    def presign_get(
        self,
        key: str,
        *,
        expires_s: int,
        file_name: str | None = None,
        content_type: str | None = None,
        version_id: str | None = None,
    ) -> str:
        """A URL to read the object, Range requests included; with ``file_name`` a browser saves it under that name."""
        parameters = {"Bucket": self.bucket, "Key": key}
        if file_name is not None:
            parameters["ResponseContentDisposition"] = content_disposition(file_name)
        if content_type is not None:
            parameters["ResponseContentType"] = content_type
        if version_id is not None:
            parameters["VersionId"] = version_id
        return self._signer.generate_presigned_url("get_object", Params=parameters, ExpiresIn=expires_s)

    # Reading and writing

    def head(self, key: str, *, version_id: str | None = None) -> ObjectHead | None:
        try:
            found = self._s3.head_object(Bucket=self.bucket, Key=key, **_version(version_id))
        except self._s3.exceptions.ClientError as error:
            if clients.error_code(error) in ("404", "NoSuchKey", "NoSuchVersion"):
                return None
            raise
        return ObjectHead(
            key=key,
            size_bytes=found["ContentLength"],
            etag=found["ETag"],
            content_type=found.get("ContentType", "application/octet-stream"),
            version_id=found.get("VersionId"),
        )

    def current_version(self, key: str) -> str | None:
        """The version id of the object as it is now; None in a bucket without versions. Raises ``NotFound``."""
        found = self.head(key)
        if found is None:
            raise NotFound("This object does not exist.", detail={"key": key})
        return found.version_id

    def read(self, key: str, *, version_id: str | None = None) -> bytes:
        with self._missing(key):
            return self._s3.get_object(Bucket=self.bucket, Key=key, **_version(version_id))["Body"].read()

    def read_range(self, key: str, start: int, stop: int, *, version_id: str | None = None) -> bytes:
        """Bytes [start, stop)."""
        with self._missing(key):
            asked = f"bytes={start}-{stop - 1}"
            found = self._s3.get_object(Bucket=self.bucket, Key=key, Range=asked, **_version(version_id))
            return found["Body"].read()

    def open(self, key: str) -> BinaryIO:
        """A seekable stream: what is read is asked for, and some that follows it. Raises ``NotFound``."""
        found = self.head(key)
        if found is None:
            raise NotFound("This object does not exist.", detail={"key": key})
        return io.BufferedReader(_Ranges(self, found), _READ_AHEAD)

    def copy(self, key: str, to: str, *, version_id: str | None = None) -> str:
        """Returns the key of the copy. Nothing comes this way; S3 copies up to 5 GB at once. Raises ``NotFound``."""
        source: CopySourceTypeDef = {"Bucket": self.bucket, "Key": key}
        if version_id is not None:
            source["VersionId"] = version_id
        with self._missing(key):
            self._s3.copy_object(Bucket=self.bucket, Key=to, CopySource=source)
        return to

    def download(self, key: str, path: Path, *, version_id: str | None = None) -> Path:
        """Streamed to ``path``, memory flat."""
        with self._missing(key):
            body = self._s3.get_object(Bucket=self.bucket, Key=key, **_version(version_id))["Body"]
            with path.open("wb") as file:
                for block in body.iter_chunks(_BLOCK):
                    file.write(block)
        return path

    def read_json(self, key: str) -> Any:
        return json.loads(self.read(key))

    def write(self, key: str, body: bytes, *, content_type: str = "application/octet-stream") -> str:
        """Returns the key."""
        self._s3.put_object(Bucket=self.bucket, Key=key, Body=body, ContentType=content_type)
        return key

    def write_json(self, key: str, value: Any) -> str:
        """Returns the key. Sorted and compact: the same value is the same bytes."""
        body = json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False, allow_nan=False)
        return self.write(key, body.encode(), content_type="application/json")

    def create_json(self, key: str, value: Any) -> bool:
        """Write it unless there is something already (then False): of two who try at once, one succeeds."""
        body = json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False, allow_nan=False)
        try:
            self._s3.put_object(
                Bucket=self.bucket, Key=key, Body=body.encode(), ContentType="application/json", IfNoneMatch="*"
            )
        except self._s3.exceptions.ClientError as error:
            # S3 answers the loser of a race with either (S3's documentation, "Conditional writes").
            if clients.error_code(error) in ("PreconditionFailed", "ConditionalRequestConflict"):
                return False
            raise
        return True

    def upload(self, path: Path, key: str, *, content_type: str) -> str:
        """Returns the key. Large files go up in parts, memory flat."""
        self._s3.upload_file(str(path), self.bucket, key, ExtraArgs={"ContentType": content_type})
        return key

    def keys(self, prefix: str) -> Iterator[str]:
        for page in self._s3.get_paginator("list_objects_v2").paginate(Bucket=self.bucket, Prefix=prefix):
            for found in page.get("Contents", []):
                yield found["Key"]

    def delete(self, key: str, *, version_id: str | None = None) -> None:
        """This version for good; without one the current, which leaves by the bucket's lifecycle. Missing is fine."""
        self._s3.delete_object(Bucket=self.bucket, Key=key, **_version(version_id))

    def delete_all(self, prefix: str) -> int:
        """Every object under ``prefix``, with all its versions, for good. Returns how many versions those were."""
        removed = 0
        for page in self._s3.get_paginator("list_object_versions").paginate(Bucket=self.bucket, Prefix=prefix):
            for found in [*page.get("Versions", []), *page.get("DeleteMarkers", [])]:
                self.delete(found["Key"], version_id=found["VersionId"])
                removed += 1
        return removed

    @contextmanager
    def _missing(self, key: str) -> Iterator[None]:
        try:
            yield
        except self._s3.exceptions.ClientError as error:
            if clients.error_code(error) in ("404", "NoSuchKey", "NoSuchVersion", "NoSuchUpload"):
                raise NotFound("This object does not exist.", detail={"key": key}) from error
            raise


class _Ranges(io.RawIOBase):
    """An object as a file, by ranged reads."""

    def __init__(self, objects: ObjectStore, found: ObjectHead) -> None:
        self._objects, self._found = objects, found
        self._at = 0

    def readable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return True

    def seek(self, offset: int, whence: int = io.SEEK_SET) -> int:
        base = {io.SEEK_SET: 0, io.SEEK_CUR: self._at, io.SEEK_END: self._found.size_bytes}[whence]
        self._at = base + offset
        return self._at

    def tell(self) -> int:
        return self._at

    def readinto(self, buffer: Any) -> int:
        stop = min(self._at + len(buffer), self._found.size_bytes)
        if stop <= self._at:
            return 0
        body = self._objects.read_range(self._found.key, self._at, stop)
        memoryview(buffer).cast("B")[: len(body)] = body
        self._at += len(body)
        return len(body)


def content_disposition(file_name: str) -> str:
    """An attachment's header: an ASCII name for old clients, then the real one (RFC 6266 §4.3, RFC 8187)."""
    file_name = "".join("_" if unicodedata.category(character) == "Cc" else character for character in file_name)
    plain = file_name.encode("ascii", "replace").decode().translate(str.maketrans('"\\/?', "____"))
    return f"attachment; filename=\"{plain}\"; filename*=UTF-8''{quote(file_name, safe='')}"


def _version(version_id: str | None) -> dict[str, Any]:
    return {"VersionId": version_id} if version_id else {}
