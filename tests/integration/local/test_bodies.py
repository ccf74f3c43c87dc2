"""Objects of the embedded cloud lie on disk, not in its memory, and every version is as it was written."""

import os
from collections.abc import Iterator
from typing import Any

import boto3
import psutil
import pytest
from infra.local import services
from infra.local.aws import KEY, SECRET
from infra.local.settings import REGION
from tests.fixtures.embedded import running

pytestmark = pytest.mark.slow
BUCKET = "bodies"
MB = 1_000_000


@pytest.fixture(scope="module")
def s3() -> Iterator[Any]:
    with running(services.cloud, temporary=False) as settings:
        session = boto3.session.Session(KEY, SECRET, region_name=REGION)
        client: Any = session.client("s3", endpoint_url=settings.endpoint_url)
        client.create_bucket(Bucket=BUCKET, CreateBucketConfiguration={"LocationConstraint": REGION})
        client.put_bucket_versioning(Bucket=BUCKET, VersioningConfiguration={"Status": "Enabled"})
        yield client


def cloud_mb() -> float:
    clouds = [each for each in psutil.Process().children(recursive=True) if "infra.local.cloud" in each.cmdline()]
    return max(float(each.memory_info().rss) for each in clouds) / MB


def body(s3: Any, **which: str) -> bytes:
    return bytes(s3.get_object(Bucket=BUCKET, **which)["Body"].read())


def test_versions_are_read_from_disk_whatever_became_of_the_object(s3: Any) -> None:
    first, second = (
        s3.put_object(Bucket=BUCKET, Key="songs/é a.wav", Body=text)["VersionId"] for text in (b"the first", b"another")
    )
    key = {"Key": "songs/é a.wav"}
    assert (body(s3, **key), body(s3, **key, VersionId=first)) == (b"another", b"the first")
    assert body(s3, **key, VersionId=first, Range="bytes=4-8") == b"first"
    s3.copy_object(Bucket=BUCKET, Key="copy", CopySource={"Bucket": BUCKET, **key, "VersionId": first})
    assert body(s3, Key="copy") == b"the first"
    marker = s3.delete_object(Bucket=BUCKET, **key)["VersionId"]
    assert [body(s3, **key, VersionId=each) for each in (first, second)] == [b"the first", b"another"]
    s3.delete_object(Bucket=BUCKET, **key, VersionId=marker)
    assert body(s3, **key) == b"another"
    s3.delete_object(Bucket=BUCKET, **key, VersionId=second)
    assert body(s3, **key) == b"the first"


def test_an_upload_in_parts_has_its_version_too(s3: Any) -> None:
    whole = os.urandom(6 * MB)
    upload = s3.create_multipart_upload(Bucket=BUCKET, Key="parts")["UploadId"]
    parts = [
        {
            "PartNumber": number,
            "ETag": s3.upload_part(Bucket=BUCKET, Key="parts", UploadId=upload, PartNumber=number, Body=part)["ETag"],
        }
        for number, part in enumerate((whole[: 5 * 2**20], whole[5 * 2**20 :]), 1)
    ]
    done = s3.complete_multipart_upload(Bucket=BUCKET, Key="parts", UploadId=upload, MultipartUpload={"Parts": parts})
    s3.put_object(Bucket=BUCKET, Key="parts", Body=b"later")
    assert body(s3, Key="parts", VersionId=done["VersionId"]) == whole


def test_what_is_stored_takes_no_memory(s3: Any) -> None:
    s3.put_object(Bucket=BUCKET, Key="warm", Body=os.urandom(MB))
    before_mb = cloud_mb()
    for number in range(80):
        s3.put_object(Bucket=BUCKET, Key=f"song-{number}", Body=os.urandom(MB))
    assert cloud_mb() - before_mb < 40
