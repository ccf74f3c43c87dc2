from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import boto3
import httpx
import pytest
import requests
from functions.api.services import Services
from tests.integration.api.conftest import BUCKET, Person

from soundstage.jobs.uploads import Part
from soundstage.models.assets import Asset
from soundstage.models.errors import TransientError
from soundstage.models.ids import Id
from soundstage.models.jobs import JobError
from soundstage.platform.aws.upload_credentials import session_policy

MIB = 1 << 20
HUM: dict[str, Any] = {"file_name": "Mein Gesumme – Nr. 1.wav", "content_type": "audio/wav", "size_bytes": 11}


def test_a_file_goes_up_by_signed_put(ada: Person, services: Services) -> None:
    answer = ada.post("/v1/uploads", HUM)
    upload = answer.json()
    assert answer.headers["Location"] == f"/v1/assets/{upload['asset']['asset_id']}"

    sent = requests.put(upload["request"]["url"], b"hello world", headers=upload["request"]["headers"], timeout=5)

    assert sent.status_code == 200
    asset = services.assets.get(upload["asset"]["asset_id"])
    assert asset is not None
    assert services.objects.read(asset.bucket_key) == b"hello world"
    assert asset.bucket_key == f"uploads/{ada.user_id}/{asset.asset_id}/Mein-Gesumme-Nr.-1.wav"
    assert upload["asset"]["status"] == "awaiting_upload"


def test_a_form_upload_has_a_size_and_type_that_s3_checks(ada: Person) -> None:
    upload = ada.post("/v1/uploads", {**HUM, "method": "POST"}).json()

    assert upload["request"]["method"] == "POST"
    assert upload["request"]["fields"]["Content-Type"] == "audio/wav"
    assert "policy" in upload["request"]["fields"]


def test_a_large_file_goes_up_in_parts_and_can_go_on(ada: Person, services: Services) -> None:
    size = 8 * MIB + 5
    upload = ada.post("/v1/uploads", {**HUM, "size_bytes": size, "method": "multipart"}).json()
    asset_id = upload["asset"]["asset_id"]
    assert upload["multipart"] == {"part_bytes": 8 * MIB, "part_count": 2}
    beyond = ada.post(f"/v1/uploads/{asset_id}/parts", {"numbers": [1, 3]})
    assert (beyond.status_code, beyond.json()["detail"]) == (422, {"part_count": 2, "numbers": [3]})
    first, second = ada.post(f"/v1/uploads/{asset_id}/parts", {"numbers": [1, 2]}).json()["parts"]

    requests.put(first["url"], bytes(8 * MIB), timeout=5)
    too_early = ada.post(f"/v1/uploads/{asset_id}/complete")
    assert too_early.status_code == 409
    assert too_early.json()["detail"] == {"size_bytes": size, "arrived_bytes": 8 * MIB, "parts": [1]}
    assert ada.get(f"/v1/uploads/{asset_id}/parts").json()["parts"] == [{"number": 1, "size_bytes": 8 * MIB}]

    requests.put(second["url"], bytes(5), timeout=5)
    assert ada.post(f"/v1/uploads/{asset_id}/complete").status_code == 200
    assert ada.post(f"/v1/uploads/{asset_id}/complete").status_code == 200
    asset = services.assets.get(asset_id)
    assert asset is not None
    head = services.objects.head(asset.bucket_key)
    assert head is not None
    assert head.size_bytes == size


def test_of_two_who_complete_at_once_neither_fails(
    ada: Person, services: Services, monkeypatch: pytest.MonkeyPatch
) -> None:
    upload = ada.post("/v1/uploads", {**HUM, "method": "multipart"}).json()
    complete = f"/v1/uploads/{upload['asset']['asset_id']}/complete"
    (part,) = ada.post(f"/v1/uploads/{upload['asset']['asset_id']}/parts", {"numbers": [1]}).json()["parts"]
    requests.put(part["url"], b"hello world", timeout=5)
    list_parts = services.objects.list_parts
    others: list[str] = []

    def another_one_is_faster(key: str, *, upload_id: str) -> list[Part]:
        if not others:
            others.append(upload_id)
            assert ada.post(complete).status_code == 200
        return list_parts(key, upload_id=upload_id)

    monkeypatch.setattr(services.objects, "list_parts", another_one_is_faster)
    assert ada.post(complete).status_code == 200


def test_deleting_that_stops_half_way_can_be_done_again(
    ada: Person, services: Services, monkeypatch: pytest.MonkeyPatch
) -> None:
    upload = ada.post("/v1/uploads", HUM).json()
    asset = services.assets.get(upload["asset"]["asset_id"])
    assert asset is not None
    services.objects.write(asset.bucket_key, b"hello world")

    def trouble(_: str) -> None:
        raise TransientError("S3 did not answer.")

    with monkeypatch.context() as troubled:
        troubled.setattr(services.objects, "delete", trouble)
        assert ada.delete(f"/v1/assets/{asset.asset_id}").status_code == 503
    assert ada.delete(f"/v1/assets/{asset.asset_id}").status_code == 204
    assert services.objects.head(asset.bucket_key) is None


def test_an_aborted_upload_leaves_nothing(ada: Person) -> None:
    upload = ada.post("/v1/uploads", {**HUM, "method": "multipart"}).json()
    asset_id = upload["asset"]["asset_id"]

    assert ada.delete(f"/v1/uploads/{asset_id}").status_code == 204

    assert boto3.client("s3").list_multipart_uploads(Bucket=BUCKET).get("Uploads", []) == []
    assert ada.get(f"/v1/assets/{asset_id}").status_code == 404


def test_what_does_not_fit_is_refused(ada: Person) -> None:
    too_large = ada.post("/v1/uploads", {**HUM, "size_bytes": 201 * MIB})
    assert (too_large.status_code, too_large.json()["code"]) == (422, "INVALID_INPUT")

    assert ada.post("/v1/uploads", {**HUM, "size_bytes": 200 * MIB}).status_code == 201
    over_quota = ada.post("/v1/uploads", {**HUM, "size_bytes": 150 * MIB})
    assert (over_quota.status_code, over_quota.json()["code"]) == (403, "QUOTA_EXCEEDED")


@pytest.mark.parametrize("kind", ["audio/webm;\ncodecs=opus", "audio/wav\r\nx-amz-acl: public-read", "audio/wav;"])
def test_a_type_that_is_none_is_refused(ada: Person, kind: str) -> None:
    for method in ("PUT", "POST", "multipart"):
        wanted = {"file_name": "a.wav", "content_type": kind, "size_bytes": 5, "method": method}
        assert ada.post("/v1/uploads", wanted).status_code == 422


@pytest.mark.parametrize("name", ["../../etc/passwd", "hum", "日本語.wav", "a" * 255, ".wav", "x/../y.wav"])
def test_no_file_name_leaves_its_place(ada: Person, services: Services, name: str) -> None:
    upload = ada.post("/v1/uploads", {**HUM, "file_name": name}).json()

    asset = services.assets.get(upload["asset"]["asset_id"])
    assert asset is not None
    folder, _, file = asset.bucket_key.rpartition("/")
    assert folder == f"uploads/{ada.user_id}/{asset.asset_id}"
    assert file.strip(".")
    assert asset.file_name == name


def test_an_accepted_file_can_be_downloaded_under_its_name(
    ada: Person, services: Services, accept: Callable[[Id], Asset]
) -> None:
    asset_id = ada.post("/v1/uploads", HUM).json()["asset"]["asset_id"]
    assert ada.get(f"/v1/assets/{asset_id}/download").status_code == 409
    accept(asset_id)

    url = ada.get(f"/v1/assets/{asset_id}/download").json()["url"]

    assert "Mein%2520Gesumme" in url
    part = requests.get(url, headers={"Range": "bytes=1-2"}, timeout=5)
    assert (part.status_code, part.content) == (206, b"IF")


def test_assets_are_listed_newest_first_page_by_page(ada: Person) -> None:
    made = [ada.post("/v1/uploads", HUM).json()["asset"]["asset_id"] for _ in range(3)]

    first = ada.get("/v1/assets", params={"limit": 2}).json()
    rest = ada.get("/v1/assets", params={"limit": 2, "cursor": first["next_cursor"]}).json()

    assert {item["asset_id"] for item in first["items"] + rest["items"]} == set(made)
    assert rest["next_cursor"] is None
    assert ada.get("/v1/assets", params={"cursor": "made up"}).status_code == 422


@pytest.mark.parametrize("kind", ["audio", "image", "video", "ir"])
def test_every_kind_of_file_is_taken(ada: Person, services: Services, kind: str) -> None:
    announced = {**HUM, "kind": kind, "content_type": "application/octet-stream", "sha256": "0" * 64}
    asset = services.assets.get(ada.post("/v1/uploads", announced).json()["asset"]["asset_id"])
    assert asset is not None
    assert (asset.kind, asset.announced_sha256, asset.sha256) == (kind, "0" * 64, None)


def test_a_rejected_file_says_why(ada: Person, services: Services, upload: Callable[[Person], Id]) -> None:
    asset_id = upload(ada)
    services.assets.claim(asset_id, claimant="ingest", sequencer="01", lease_s=60)
    why = JobError(code="FILE_CORRUPT", message="The file is damaged and cannot be read.")
    services.assets.reject(asset_id, claimant="ingest", error=why)

    assert ada.get(f"/v1/assets/{asset_id}").json()["error"]["code"] == "FILE_CORRUPT"


def test_saying_that_an_upload_is_complete_is_harmless(ada: Person, upload: Callable[[Person], Id]) -> None:
    asset_id = upload(ada)

    answers: list[httpx.Response] = [ada.post(f"/v1/assets/{asset_id}/complete") for _ in range(2)]

    assert [answer.json()["status"] for answer in answers] == ["awaiting_upload"] * 2


def test_a_program_uploads_with_credentials_of_its_own(
    ada: Person, services: Services, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as without:
        without.setattr(services, "settings", services.settings.model_copy(update={"upload_role": None}))
        assert ada.post("/v1/uploads/credentials").json()["code"] == "DEPENDENCY_UNAVAILABLE"
    announced = ada.post("/v1/uploads", HUM | {"method": "direct"}).json()
    assert announced["request"] is announced["multipart"] is None

    made = ada.post("/v1/uploads/credentials")

    assert made.status_code == 201, made.text
    given = made.json()
    assert given["prefix"] == f"uploads/{ada.user_id}/"
    assert announced["object"]["key"].startswith(given["prefix"])
    left = datetime.fromisoformat(given["expires_at"]) - datetime.now(UTC)
    assert timedelta(minutes=59) < left <= timedelta(hours=1)
    own = boto3.client(
        "s3",
        region_name=given["region"],
        aws_access_key_id=given["access_key_id"],
        aws_secret_access_key=given["secret_access_key"],
        aws_session_token=given["session_token"],
    )
    own.put_object(Bucket=given["bucket"], Key=announced["object"]["key"], Body=b"x")


def test_credentials_are_good_for_ones_own_prefix_and_for_writing_alone() -> None:
    (allowed,) = session_policy("studio", "uploads/ada/", partition="aws-cn")["Statement"]
    assert allowed["Resource"] == "arn:aws-cn:s3:::studio/uploads/ada/*"
    assert {action.removeprefix("s3:") for action in allowed["Action"]} == {
        "PutObject",
        "AbortMultipartUpload",
        "ListMultipartUploadParts",
    }
