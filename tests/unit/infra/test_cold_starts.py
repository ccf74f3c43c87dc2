"""What is asked of Lambda, checked against its model, and what is read of its reports."""

import base64
import itertools
from typing import Any

import pytest
from botocore.stub import ANY
from infra import cold_starts
from tests.fixtures.aws_stubs import stubbed

NAME = "soundstage-dev-api-main"


def configuration(**more: Any) -> dict[str, Any]:
    return {"FunctionName": NAME, "State": "Active", "LastUpdateStatus": "Successful", **more}


def report(said: str) -> dict[str, Any]:
    text = f"REPORT RequestId: 1\tDuration: 3.10 ms\tBilled Duration: 4 ms\tMemory Size: 1024 MB\t{said}\n"
    return {"StatusCode": 200, "LogResult": base64.b64encode(text.encode()).decode()}


def test_both_ways_are_measured_and_the_function_is_as_before(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(cold_starts, "AT_ONCE", 1)
    reports = {
        "None": ["Init Duration: 1200.50 ms", "", "Init Duration: 1100.00 ms"],
        "PublishedVersions": [
            "Restore Duration: 310.00 ms\tBilled Restore Duration: 5 ms",
            "Restore Duration: 290.00 ms\tBilled Restore Duration: 5 ms",
            "",
        ],
    }
    with stubbed("lambda") as (make, stub):
        stub.add_response("get_function_configuration", configuration(Description="The API."), {"FunctionName": NAME})
        for version, (how, said) in zip(itertools.count(7), reports.items()):
            qualified = {"FunctionName": NAME, "Qualifier": str(version)}
            changed = {"FunctionName": NAME, "SnapStart": {"ApplyOn": how}, "Description": ANY}
            stub.add_response("update_function_configuration", configuration(), changed)
            stub.add_response("get_function", {"Configuration": configuration()}, {"FunctionName": NAME})
            stub.add_response("publish_version", configuration(Version=str(version)), {"FunctionName": NAME})
            stub.add_response("get_function_configuration", configuration(), qualified)
            for each in said:
                stub.add_response("invoke", report(each), {**qualified, "LogType": "Tail", "Payload": cold_starts.CALL})
            stub.add_response("delete_function", {"StatusCode": 204}, qualified)
        back = {"FunctionName": NAME, "SnapStart": {"ApplyOn": "None"}, "Description": "The API."}
        stub.add_response("update_function_configuration", configuration(), back)
        stub.add_response("get_function", {"Configuration": configuration()}, {"FunctionName": NAME})

        measured = cold_starts.measure(make(), NAME)

    assert [(each.snap_start, each.started_ms) for each in measured] == [
        ("None", [1200.5, 1100.0]),
        ("PublishedVersions", [310.0, 290.0]),
    ]
