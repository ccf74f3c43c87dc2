"""Programs that were written against the released API go on as they are."""

import copy
import json
from collections.abc import Callable
from typing import Any

import pytest
from functions.api.compatibility import breaking_changes, promised
from functions.api.openapi import RELEASED, ROOT, released

NOW = json.loads((ROOT / "docs/openapi.json").read_text())
PROMISED = promised(NOW)
Change = Callable[[dict[str, Any]], object]


def changed(change: Change) -> list[str]:
    """What a change of today's document breaks."""
    after = copy.deepcopy(PROMISED)
    change(after)
    assert after != PROMISED
    return breaking_changes(PROMISED, after)


def test_nothing_that_was_released_is_broken() -> None:
    broken = breaking_changes(json.loads(RELEASED.read_text()), PROMISED)
    assert broken == [], "find a way that breaks nobody; before the first release, `make release-contract`"


def test_what_a_release_writes_is_what_is_compared() -> None:
    assert json.loads(released(NOW)) == PROMISED


def operation(document: dict[str, Any], method: str, path: str) -> dict[str, Any]:
    found: dict[str, Any] = document["paths"][path][method]
    return found


def parameter(document: dict[str, Any], name: str) -> dict[str, Any]:
    listed: list[dict[str, Any]] = operation(document, "get", "/v1/tracks")["parameters"]
    return next(one for one in listed if one["name"] == name)


BREAKS: dict[str, tuple[Change, str]] = {
    "a path": (lambda d: d["paths"].pop("/v1/voices"), "GET /v1/voices: is gone"),
    "a method": (lambda d: d["paths"]["/v1/tracks"].pop("post"), "POST /v1/tracks: is gone"),
    "a name": (
        lambda d: operation(d, "get", "/v1/tracks").update(operationId="tracks"),
        "GET /v1/tracks: is called tracks, and was list_tracks",
    ),
    "a parameter": (
        lambda d: operation(d, "get", "/v1/tracks")["parameters"].remove(parameter(d, "cursor")),
        "GET /v1/tracks, query cursor: is gone",
    ),
    "a parameter that is required": (
        lambda d: parameter(d, "limit").update(required=True),
        "GET /v1/tracks, query limit: is required now",
    ),
    "a smaller number": (
        lambda d: parameter(d, "limit")["schema"].update(maximum=50),
        "GET /v1/tracks, query limit: maximum is 50, and was 100",
    ),
    "a field of a body": (
        lambda d: d["schemas"]["NewTrack"]["properties"].pop("title"),
        "POST /v1/tracks, body.title: is gone",
    ),
    "a field that is required": (
        lambda d: d["schemas"]["NewTrack"].update(required=["title"]),
        "POST /v1/tracks, body.title: is required now",
    ),
    "a value of what is sent": (
        lambda d: d["schemas"]["UploadRequest"]["properties"]["method"]["enum"].remove("multipart"),
        "POST /v1/uploads, body.method: does not take multipart any more",
    ),
    "another type": (
        lambda d: d["schemas"]["UploadRequest"]["properties"]["size_bytes"].update(type="string"),
        "POST /v1/uploads, body.size_bytes: sent to us, may not be integer",
    ),
    "a field of an answer": (
        lambda d: d["schemas"]["JobView"]["properties"].pop("progress"),
        "POST /v1/tracks/{track_id}/generate, 202.progress: is gone",
    ),
    "a field of an answer that may be missing": (
        lambda d: d["schemas"]["JobView"]["required"].remove("progress"),
        "POST /v1/tracks/{track_id}/generate, 202.progress: may be missing now",
    ),
    "an answer that may be null": (
        lambda d: d["schemas"]["JobView"]["properties"].update(progress={"type": ["integer", "null"]}),
        "POST /v1/tracks/{track_id}/generate, 202.progress: sent by us, may now be null",
    ),
    "an answer that may be null, by alternatives": (
        lambda d: d["schemas"]["JobView"]["properties"].update(
            progress={"anyOf": [{"type": "integer"}, {"type": "null"}]}
        ),
        "POST /v1/tracks/{track_id}/generate, 202.progress: sent by us, may now be null",
    ),
    "a null that is not taken": (
        lambda d: d["schemas"]["GenerateRequest"]["properties"].update(hum_asset_id={"type": "null"}),
        "POST /v1/tracks/{track_id}/generate, body.hum_asset_id: sent to us, may not be string",
    ),
    "a status": (
        lambda d: operation(d, "post", "/v1/tracks")["responses"].update(
            {"200": operation(d, "post", "/v1/tracks")["responses"].pop("201")}
        ),
        "POST /v1/tracks: does not answer 201 any more",
    ),
    "a type of content": (
        lambda d: operation(d, "get", "/v1/usage/export")["responses"]["200"].update(content={}),
        "GET /v1/usage/export: answers 200 without text/csv",
    ),
}


@pytest.mark.parametrize("what", BREAKS)
def test_what_breaks_is_found(what: str) -> None:
    change, expected = BREAKS[what]
    assert expected in changed(change)


HARMLESS: dict[str, Change] = {
    "a path": lambda d: d["paths"].update({"/v1/new": d["paths"]["/v1/voices"]}),
    "an optional parameter": lambda d: (
        operation(d, "get", "/v1/voices")
        .setdefault("parameters", [])
        .append({"in": "query", "name": "new", "schema": {"type": "string"}})
    ),
    "an optional field": lambda d: d["schemas"]["NewTrack"]["properties"].update(new={"type": "string"}),
    "a larger number": lambda d: parameter(d, "limit")["schema"].update(maximum=500),
    "a field of an answer": lambda d: d["schemas"]["JobView"]["properties"].update(new={"type": "string"}),
    "a value of an answer": lambda d: d["schemas"]["JobStatus"]["enum"].append("asleep"),
    "an error": lambda d: operation(d, "get", "/v1/voices")["responses"].update({"410": {"description": ""}}),
    "a null that is taken": lambda d: d["schemas"]["UploadRequest"]["properties"].update(
        file_name={"anyOf": [d["schemas"]["UploadRequest"]["properties"]["file_name"], {"type": "null"}]}
    ),
}


@pytest.mark.parametrize("what", HARMLESS)
def test_what_breaks_nobody_is_no_finding(what: str) -> None:
    assert changed(HARMLESS[what]) == []
