"""What the rest rests on: Lambda behind the HTTP API, error names under the real runtime client, and the rescuer."""

import io
import json
import sys
import zipfile
from pathlib import Path
from typing import Any

import boto3
import httpx
import pytest
from infra.local.client import Studio
from infra.local.service import ServiceDown
from infra.local.settings import ROOT
from tests.e2e.journeys import Cloud, Made
from tests.fixtures.held_worker import CRASH
from tests.fixtures.jobs import a_job, an_asset, on

from soundstage.platform.aws.asset_store import DynamoAssets
from soundstage.platform.aws.job_store import DynamoJobs

pytestmark = [pytest.mark.e2e, pytest.mark.slow]

FLAKY = """
from soundstage.models.errors import TransientError

calls = 0


def handler(event, context):
    global calls
    calls += 1
    if event["fail"] == "for good":
        raise KeyError("nobody retries this")
    if calls < 3:
        raise TransientError("come back later")
    return {"calls": calls}
"""

RETRIES_BY_NAME = {
    "QueryLanguage": "JSONata",
    "StartAt": "Call",
    "States": {
        "Call": {
            "Type": "Task",
            "Resource": "arn:aws:states:::lambda:invoke",
            "Arguments": {"FunctionName": "flaky", "Payload": "{% $states.input %}"},
            "Output": "{% $states.result.Payload %}",
            "Retry": [{"ErrorEquals": ["TransientError"], "IntervalSeconds": 1, "MaxAttempts": 3, "BackoffRate": 1}],
            "Catch": [
                {"ErrorEquals": ["KeyError"], "Output": {"caught": "{% $states.errorOutput.Error %}"}, "Next": "Caught"}
            ],
            "End": True,
        },
        "Caught": {"Type": "Succeed"},
    },
}


def test_the_api_answers_through_lambda_and_the_http_api(cloud: Cloud) -> None:
    if cloud.settings.cloud != "ministack":
        pytest.skip("LocalStack's open edition has no HTTP API; the gateway serves the API there")
    api = f"{cloud.settings.endpoint_url}/_aws/execute-api/{cloud.outputs['ApiId']}/$default"

    ready = httpx.get(f"{api}/health/ready", timeout=60)
    assert (ready.status_code, ready.json()["status"]) == (200, "ok"), ready.text
    refused = httpx.get(f"{api}/v1/jobs", timeout=60)
    assert (refused.status_code, refused.json()["code"]) == (401, "UNAUTHENTICATED")
    account = {"email": "lambda@example.org", "password": "long enough for this"}
    registered = httpx.post(f"{api}/v1/auth/register", json=account, timeout=60)
    assert registered.status_code == 201, registered.text
    # The gateway's API trusts what the function signed: both have the key from the secret store.
    token = {"Authorization": f"Bearer {registered.json()['access_token']}"}
    assert httpx.get(f"{cloud.url}/v1/me", headers=token).json()["email"] == account["email"]


def test_each_change_of_a_job_reaches_its_listener(cloud: Cloud, made: Made) -> None:
    """Through EventBridge, a queue, and a function that logs it."""
    if cloud.settings.cloud != "ministack":
        pytest.skip("LocalStack loses log lines of functions")
    pages = cloud.client("logs").get_paginator("filter_log_events")

    def heard() -> dict[int, str]:
        found = pages.paginate(logGroupName="/aws/lambda/soundstage-local-jobs-measure")
        lines = [json.loads(event["message"]) for page in found for event in page["events"] if "{" in event["message"]]
        mine = [line for line in lines if line.get("job_id") == made.job["job_id"] and "revision" in line]
        return {line["revision"]: line["event"] for line in mine}

    cloud.eventually(lambda: "succeeded" in heard().values())
    events = heard()
    assert sorted(events) == list(range(1, len(events) + 1))
    told = [events[revision] for revision in sorted(events)]
    assert (told[:3], told[-1]) == (["created", "queued", "running"], "succeeded")
    assert set(told[3:-1]) == {"progressed"}


def test_errors_keep_their_names_so_retry_and_catch_work(cloud: Cloud, tmp_path: Path) -> None:
    (tmp_path / "flaky.py").write_text(FLAKY)
    machine = deploy_flaky(cloud, tmp_path)

    assert run(cloud, machine, {"fail": "sometimes"}) == {"calls": 3}
    assert run(cloud, machine, {"fail": "for good"}) == {"caught": "KeyError"}


def test_the_rescuer_takes_in_an_upload_that_nobody_looked_at(cloud: Cloud, studio: Studio, hum: Path) -> None:
    owner_id = studio.get("/v1/me")["user_id"]
    asset = an_asset(owner_id=owner_id)
    asset = asset.model_copy(update={"bucket_key": f"uploads/{owner_id}/{asset.asset_id}/hum.wav"})
    # Its event is lost.
    s3, bucket = cloud.client("s3"), cloud.outputs["Bucket"]
    told = s3.get_bucket_notification_configuration(Bucket=bucket)
    told.pop("ResponseMetadata")
    s3.put_bucket_notification_configuration(Bucket=bucket, NotificationConfiguration={})
    s3.upload_file(str(hum), bucket, asset.bucket_key)
    s3.put_bucket_notification_configuration(Bucket=bucket, NotificationConfiguration=told)
    table, client = cloud.outputs["Table"], cloud.client("dynamodb")
    DynamoAssets(table, client=client).create(asset)
    DynamoJobs(table, client=client).create(a_job(on(asset), on(an_asset()), owner_id=owner_id))

    functions = cloud.client("lambda").list_functions()["Functions"]
    (rescue,) = [found["FunctionName"] for found in functions if found["FunctionName"].endswith("rescue")]
    cloud.client("lambda").invoke(FunctionName=rescue, Payload=b"{}")

    cloud.eventually(lambda: studio.get(f"/v1/assets/{asset.asset_id}")["status"] == "ready")


def test_who_waits_for_a_worker_that_does_not_come_up_learns_why(cloud: Cloud, studio: Studio, hum: Path) -> None:
    waiting = studio.create_track(title="Later")
    job = studio.generate(waiting["track_id"], studio.announce_upload(hum)["asset"]["asset_id"])
    why = r"worker ended with exit status 1, \d+ times in a row[\s\S]*because a test wants it to"
    with cloud.hold(CRASH):
        cloud.kill_worker()
        with pytest.raises(ServiceDown, match=why):
            list(studio.watch_job(job["job_id"]))
        with pytest.raises(ServiceDown, match=why):
            cloud.eventually(lambda: False)
    cloud.kill_worker()
    cloud.check()


def deploy_flaky(cloud: Cloud, checkout: Path) -> str:
    role = "arn:aws:iam::000000000000:role/any"
    cloud.client("lambda").create_function(
        FunctionName="flaky",
        Runtime="provided.al2023",
        Role=role,
        Handler="flaky.handler",
        Code={"ZipFile": bootstrap_zip()},
        Environment={"Variables": {"SOUNDSTAGE_CHECKOUT": str(checkout), "SOUNDSTAGE_PYTHON": sys.executable}},
    )
    made = cloud.client("stepfunctions").create_state_machine(
        name="retries-by-name", roleArn=role, definition=json.dumps(RETRIES_BY_NAME)
    )
    return str(made["stateMachineArn"])


def bootstrap_zip() -> bytes:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        archive.write(ROOT / "infra" / "bootstrap" / "bootstrap", "bootstrap")
    return packed.getvalue()


def run(cloud: Cloud, machine: str, input_: dict[str, Any]) -> Any:
    states = cloud.client("stepfunctions")
    arn = states.start_execution(stateMachineArn=machine, input=json.dumps(input_))["executionArn"]

    def ended() -> dict[str, Any] | None:
        found = dict(states.describe_execution(executionArn=arn))
        return found if found["status"] != "RUNNING" else None

    execution = cloud.eventually(ended)
    assert execution["status"] == "SUCCEEDED", execution
    return json.loads(execution["output"])


def test_a_program_uploads_with_credentials_and_the_files_are_taken(cloud: Cloud, studio: Studio, hum: Path) -> None:
    given = studio.post("/v1/uploads/credentials", {})
    bucket = boto3.client(
        "s3",
        endpoint_url=given["endpoint_url"],
        region_name=given["region"],
        aws_access_key_id=given["access_key_id"],
        aws_secret_access_key=given["secret_access_key"],
        aws_session_token=given["session_token"],
    )
    announced = studio.announce_upload(hum, method="direct")
    nobodys = f"{given['prefix']}{'0' * 32}/not-announced.wav"
    for key in (announced["object"]["key"], nobodys):
        bucket.upload_file(str(hum), given["bucket"], key)

    cloud.eventually(lambda: studio.get(f"/v1/assets/{announced['asset']['asset_id']}")["status"] == "ready")
    cloud.eventually(lambda: nobodys not in cloud.keys(given["prefix"]))
