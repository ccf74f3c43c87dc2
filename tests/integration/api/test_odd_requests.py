"""Whatever is sent, the answer is one of ours: a mistake of the caller is never a failure of the API."""

import json
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.integration.api.conftest import Person

from soundstage.models.error_body import ErrorBody
from soundstage.models.ids import Id

ODD_VALUES = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(2**70), 2**70)
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(max_size=300)
    | st.sampled_from(["", "\x00", "a\x00b", "’\u202e", "%00", "x" * 256]),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=10), inner, max_size=3),
    max_leaves=5,
)

BODIES: dict[str, dict[str, Any]] = {
    "/v1/auth/register": {"email": "x@example.org", "password": "long enough for us"},
    "/v1/auth/login": {"email": "x@example.org", "password": "long enough for us"},
    "/v1/auth/refresh": {"refresh_token": "x"},
    "/v1/auth/logout": {"refresh_token": "x"},
    "/v1/uploads": {"file_name": "hum.wav", "content_type": "audio/wav", "size_bytes": 10, "method": "PUT"},
    "/v1/tracks": {"title": "Hum", "metadata": {"platform": "web", "browser_family": "Firefox"}},
    "/v1/tracks/{track_id}/generate": {"hum_asset_id": "0" * 32, "gen_params": {"seed": 1, "style_a": "lofi"}},
    "/v1/tracks/{track_id}/primary": {"label": "A"},
    "/v1/tracks/{track_id}/share": {"expires_in_days": 30},
    "/v1/presets": {
        "name": "Airy",
        "visibility": "public",
        "params": {"mode": "B", "eq": [], "stereo": {"width": 1.2}, "reverb": {"ir_key": "ir/x", "mix": 0.1}},
    },
    "/v1/presets/blend": {"one": "0" * 32, "other": "0" * 32, "share": 0.5, "save_as": {"name": "x"}},
    "/v1/presets/import": {"content": "Filter 1: ON PK Fc 100 Hz Gain 3 dB Q 1", "encoding": "text", "name": "x"},
}

TROUBLEMAKERS: list[Any] = ["a\x00b", "\ud800", "\U0010ffff", 2**63, -1, 1e308, [], {}]

QUICKLY = settings(
    max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture], derandomize=True
)


def _is_ours(answer: Any) -> bool:
    if answer.status_code < 400:
        return True
    ErrorBody.model_validate(answer.json())
    return bool(answer.status_code < 500)


@pytest.mark.parametrize("path", BODIES)
@QUICKLY
@given(data=st.data())
def test_odd_bodies(ada: Person, ready_track: Id, path: str, data: st.DataObject) -> None:
    body: Any = dict(BODIES[path])
    field = data.draw(st.sampled_from([*sorted(body), None]))
    if field is None:
        body = data.draw(ODD_VALUES)
    elif isinstance(body[field], dict) and data.draw(st.booleans()):
        body[field] = {**body[field], data.draw(st.sampled_from(sorted(body[field]))): data.draw(ODD_VALUES)}
    else:
        body[field] = data.draw(ODD_VALUES)

    answer = ada.post(path.format(track_id=ready_track), body)

    assert _is_ours(answer), (body, answer.text)


@QUICKLY
@given(text=st.text(min_size=1, max_size=60))
@pytest.mark.parametrize(
    "path", ["/v1/tracks", "/v1/jobs", "/v1/assets", "/v1/tracks/{}", "/v1/jobs/{}", "/s/{}", "/s/x/picture/A/{}"]
)
def test_odd_addresses(ada: Person, path: str, text: str) -> None:
    escaped = "".join(f"%{byte:02X}" for byte in text.encode())
    url = path.format(escaped) if "{}" in path else f"{path}?cursor={escaped}"

    answer = ada.get(url, follow_redirects=False)

    assert answer.status_code < 500, answer.text


@pytest.mark.parametrize("path", BODIES)
def test_known_troublemakers_in_every_field(ada: Person, ready_track: Id, path: str) -> None:
    given = BODIES[path]
    nested = [{field: inner} for field in given if isinstance(given[field], dict) for inner in given[field]]
    for odd in TROUBLEMAKERS:
        changed = [given | {field: odd} for field in given]
        changed += [given | {f: given[f] | {inner: odd}} for names in nested for f, inner in names.items()]
        for body in changed:
            answer = ada.request(
                "POST",
                path.format(track_id=ready_track),
                content=json.dumps(body),  # half a surrogate pair travels as an escape
                headers={"Content-Type": "application/json"},
            )

            assert _is_ours(answer), (body, answer.text)


@pytest.mark.parametrize(
    ("method", "path", "allowed"),
    [
        ("PUT", "/v1/tracks", "GET, POST"),
        ("PUT", f"/v1/projects/{'0' * 32}", "DELETE, GET, PATCH"),
        ("POST", "/health", "GET"),
    ],
)
def test_a_wrong_method_is_told_all_that_are_right(ada: Person, method: str, path: str, allowed: str) -> None:
    answer = ada.request(method, path, json={})

    assert (answer.status_code, answer.headers["Allow"]) == (405, allowed)


@pytest.mark.parametrize("content_type", ["text/html", "image/svg+xml", "application/xhtml+xml", "application/json"])
def test_what_a_browser_would_run_is_no_upload(ada: Person, content_type: str) -> None:
    answer = ada.post("/v1/uploads", BODIES["/v1/uploads"] | {"content_type": content_type})

    assert (answer.status_code, answer.json()["code"]) == (422, "INVALID_INPUT")
    assert "audio/" in answer.json()["detail"][0]["msg"]


@pytest.mark.parametrize("content_type", ["audio/x-m4a", "video/webm; codecs=opus", "application/octet-stream"])
def test_what_phones_and_browsers_call_sound_is_taken(ada: Person, content_type: str) -> None:
    assert ada.post("/v1/uploads", BODIES["/v1/uploads"] | {"content_type": content_type}).status_code == 201


def test_letters_that_base64_has_not_are_the_caller_s_mistake(ada: Person) -> None:
    answer = ada.post("/v1/presets/import", {"content": "é", "encoding": "base64"})

    assert (answer.status_code, answer.json()["code"]) == (422, "INVALID_INPUT")


def test_the_front_door_leads_to_the_console_or_to_what_the_api_says_of_itself(ada: Person) -> None:
    for address, leads_to in (
        ("/", "https://soundstage.example.org/"),
        ("https://soundstage.example.org/", "/v1/openapi.json"),
    ):
        answer = ada.get(address, follow_redirects=False)
        assert (answer.status_code, answer.headers["Location"]) == (307, leads_to)
