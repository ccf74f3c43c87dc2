"""The bucket: what is signed, and what is read and written."""

import base64
import io
import json
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, unquote, urlsplit

import httpx
import pytest
from tests.integration.platform.conftest import BUCKET, REGION, forget_clients

from soundstage.jobs.uploads import Part
from soundstage.models.errors import InvalidInput, NotFound
from soundstage.platform.aws import clients
from soundstage.platform.aws.storage import ObjectStore, content_disposition

KEY = "uploads/a/b/hum ä+1.wav"


@pytest.fixture
def objects(cloud: None) -> ObjectStore:
    return ObjectStore(BUCKET)


def test_a_presigned_put_is_for_one_type_and_size(objects: ObjectStore) -> None:
    signed = objects.presign_put(KEY, content_type="audio/wav", expires_s=600, size_bytes=42)
    query = parse_qs(urlsplit(signed.url).query)
    assert signed.method == "PUT"
    assert signed.headers == {"Content-Type": "audio/wav", "Content-Length": "42"}
    assert set(query["X-Amz-SignedHeaders"][0].split(";")) == {"content-length", "content-type", "host"}
    assert query["X-Amz-Expires"] == ["600"]
    assert unquote(urlsplit(signed.url).path).endswith(KEY)


def test_a_presigned_post_limits_size_and_type(objects: ObjectStore) -> None:
    signed = objects.presign_post(KEY, content_type="audio/wav", max_bytes=1000, expires_s=600)
    policy = json.loads(base64.b64decode(signed.fields["policy"]))
    assert ["content-length-range", 1, 1000] in policy["conditions"]
    assert {"Content-Type": "audio/wav"} in policy["conditions"]
    assert {"key": KEY} in policy["conditions"]
    assert signed.fields["Content-Type"] == "audio/wav"


def test_a_presigned_get_names_the_file_and_pins_the_version(objects: ObjectStore) -> None:
    url = objects.presign_get(KEY, expires_s=60, file_name="Mein Lied.wav", content_type="audio/wav", version_id="v7")
    query = parse_qs(urlsplit(url).query)
    assert query["response-content-disposition"] == [
        "attachment; filename=\"Mein Lied.wav\"; filename*=UTF-8''Mein%20Lied.wav"
    ]
    assert query["response-content-type"] == ["audio/wav"]
    assert query["versionId"] == ["v7"]


@pytest.mark.parametrize(
    ("name", "kept"),
    [
        ('a"b.wav', 'a"b.wav'),
        ("a\r\nSet-Cookie: x.wav", "a__Set-Cookie: x.wav"),
        ("a\x00\x0b\x7f.wav", "a___.wav"),
        ("歌.wav", "歌.wav"),
        ("a/b\\c.wav", "a/b\\c.wav"),
    ],
)
def test_a_file_name_cannot_break_out_of_its_header(name: str, kept: str) -> None:
    header = content_disposition(name)
    quoted = header.removeprefix('attachment; filename="').partition('";')[0]
    assert header.isascii()
    assert header.isprintable()
    assert not set(quoted) & set('"\r\n\\/')
    assert unquote(header.partition("''")[2]) == kept


def test_signed_urls_are_opened_under_the_public_endpoint(cloud: None) -> None:
    objects = ObjectStore(BUCKET, public_endpoint_url="https://media.example.com")
    for url in (
        objects.presign_get(KEY, expires_s=60),
        objects.presign_put(KEY, content_type="audio/wav", expires_s=60).url,
        objects.presign_post(KEY, content_type="audio/wav", max_bytes=9, expires_s=60).url,
        objects.presign_part(KEY, upload_id="u", number=1, size_bytes=9, expires_s=60).url,
    ):
        assert url.startswith(f"https://media.example.com/{BUCKET}")


def test_signed_urls_lead_to_the_buckets_own_region(objects: ObjectStore) -> None:
    """The endpoint without a region answers with a redirect until everybody knows where a new bucket is."""
    for url in (
        objects.presign_get(KEY, expires_s=60),
        objects.presign_put(KEY, content_type="audio/wav", expires_s=60).url,
        objects.presign_post(KEY, content_type="audio/wav", max_bytes=9, expires_s=60).url,
    ):
        assert urlsplit(url).netloc == f"{BUCKET}.s3.{REGION}.amazonaws.com"


def test_an_interrupted_multipart_goes_on(objects: ObjectStore) -> None:
    upload_id = objects.create_multipart(KEY, content_type="audio/wav")
    url = objects.presign_part(KEY, upload_id=upload_id, number=3, size_bytes=9, expires_s=60).url
    signed = parse_qs(urlsplit(url).query)
    assert signed["partNumber"] == ["3"]
    assert signed["X-Amz-SignedHeaders"] == ["content-length;host"]
    sizes = [5 << 20, 7]
    for number, size in enumerate(sizes, start=1):
        objects._s3.upload_part(Bucket=BUCKET, Key=KEY, UploadId=upload_id, PartNumber=number, Body=b"x" * size)
    parts = objects.list_parts(KEY, upload_id=upload_id)
    assert [(part.number, part.size_bytes) for part in parts] == list(enumerate(sizes, start=1))
    objects.complete_multipart(KEY, upload_id=upload_id, parts=parts[::-1])
    found = objects.head(KEY)
    assert found is not None
    assert (found.size_bytes, found.content_type) == (sum(sizes), "audio/wav")
    objects.abort_multipart(KEY, upload_id="gone-already")
    with pytest.raises(NotFound):
        objects.list_parts(KEY, upload_id="gone-already")


def test_parts_that_are_not_there_are_refused(objects: ObjectStore) -> None:
    upload_id = objects.create_multipart(KEY, content_type="audio/wav")
    with pytest.raises(InvalidInput):
        objects.complete_multipart(KEY, upload_id=upload_id, parts=[Part(1, '"none"', 5)])


def test_an_overwritten_version_can_still_be_read(objects: ObjectStore, tmp_path: Path) -> None:
    objects.write(KEY, b"first")
    pinned = objects.current_version(KEY)
    objects.write(KEY, b"second")
    assert objects.current_version(KEY) != pinned
    assert objects.download(KEY, tmp_path / "file", version_id=pinned).read_bytes() == b"first"
    assert objects.read(KEY) == b"second"
    assert objects.read_range(KEY, 1, 4) == b"eco"
    assert objects.read_range(KEY, 1, 4, version_id=pinned) == b"irs"


def test_a_stream_reads_what_it_is_asked_for(objects: ObjectStore) -> None:
    objects.write(KEY, bytes(range(256)) * 16_384)
    with objects.open(KEY) as stream:
        assert stream.seek(-2, io.SEEK_END) == (4 << 20) - 2
        assert stream.read() == b"\xfe\xff"
        stream.seek(3_000_001)
        assert stream.read(3) == bytes([193, 194, 195])
        assert stream.read(2 << 20) == (bytes(range(256)) * 16_384)[3_000_004:]
    with pytest.raises(NotFound):
        objects.open("none")


def test_a_copy_is_of_the_version_that_was_accepted(objects: ObjectStore) -> None:
    objects.write(KEY, b"first")
    pinned = objects.current_version(KEY)
    objects.write(KEY, b"second")
    assert objects.copy(KEY, "work/j/target.wav", version_id=pinned) == "work/j/target.wav"
    assert objects.read("work/j/target.wav") == b"first"
    with pytest.raises(NotFound):
        objects.copy("none", "work/j/target.wav")


def test_json_is_the_same_bytes_for_the_same_value(objects: ObjectStore) -> None:
    assert objects.write_json("work/j/a.json", {"b": 1, "a": "ä"}) == "work/j/a.json"
    assert objects.read("work/j/a.json") == '{"a":"ä","b":1}'.encode()
    assert objects.read_json("work/j/a.json") == {"a": "ä", "b": 1}
    with pytest.raises(ValueError, match="not JSON compliant"):
        objects.write_json("work/j/a.json", float("nan"))


def test_what_is_missing(objects: ObjectStore, tmp_path: Path) -> None:
    assert objects.head("none") is None
    objects.delete("none")
    for read in (objects.read, objects.current_version, lambda key: objects.download(key, tmp_path / "file")):
        with pytest.raises(NotFound):
            read("none")


def test_files_and_listing(objects: ObjectStore, tmp_path: Path) -> None:
    path = tmp_path / "song.wav"
    path.write_bytes(b"RIFF")
    assert objects.upload(path, "results/j/A.wav", content_type="audio/wav") == "results/j/A.wav"
    objects.write("results/k/A.wav", b"")
    assert list(objects.keys("results/j/")) == ["results/j/A.wav"]
    found = objects.head("results/j/A.wav")
    assert found is not None
    assert found.content_type == "audio/wav"


def test_an_accepted_version_is_downloaded_in_ranges_under_its_name(
    embedded_cloud: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    """On the embedded cloud, whose S3 alone does neither: a player seeks in a file, and a browser saves it."""
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
        monkeypatch.setenv(name, "test")  # signatures are checked
    forget_clients()
    location: Any = {"LocationConstraint": REGION}
    clients.s3().create_bucket(Bucket="versions", CreateBucketConfiguration=location)
    clients.s3().put_bucket_versioning(Bucket="versions", VersioningConfiguration={"Status": "Enabled"})
    store = ObjectStore("versions")
    store.write("uploads/hum.wav", b"0123456789")
    version = store.current_version("uploads/hum.wav")
    store.write("uploads/hum.wav", b"another")
    url = store.presign_get("uploads/hum.wav", expires_s=60, file_name="mein Lied.wav", version_id=version)

    part = httpx.get(url, headers={"Range": "bytes=2-5"})

    assert (part.status_code, part.content, part.headers["Content-Range"]) == (206, b"2345", "bytes 2-5/10")
    assert "filename*=UTF-8''mein%20Lied.wav" in part.headers["Content-Disposition"]
    assert httpx.get(url, headers={"Range": "bytes=-3"}).content == b"789"
    assert httpx.get(url, headers={"Range": "bytes=10-"}).status_code == 416
    assert httpx.get(url).content == b"0123456789"
    assert store.read_range("uploads/hum.wav", 2, 4, version_id=version) == b"23"
