import base64
import json
import re
from collections.abc import Callable
from typing import Any, get_args

import numpy as np
import pytest
from functions.api.routes.preset_files import ExportFormat
from functions.api.services import Services
from tests.fixtures.music import match_result
from tests.fixtures.preset_readers import READERS
from tests.integration.api.conftest import Person, given_to_steps

from soundstage.match.presets.writing import FORMATS
from soundstage.match.rendering.reverb import encode_response
from soundstage.models.ids import Id
from soundstage.models.style import Preset, StyleParams
from soundstage.platform.catalog import presets
from soundstage.platform.catalog.matches import Matches

STYLE: dict[str, Any] = {
    "eq": [{"type": "peaking", "f_hz": 1000, "q": 1, "gain_db": 4}],
    "stereo": {"width": 1.2},
    "lufs": {"target_db": -14, "gain_db": -2},
    "limiter": {"tp_db": -1},
}


@pytest.fixture
def keep(ada: Person) -> Callable[..., dict[str, Any]]:
    def _keep(name: str = "Airy", person: Person = ada, **more: Any) -> dict[str, Any]:
        answer = person.post("/v1/presets", {"name": name, "params": STYLE, **more})
        assert answer.status_code == 201, answer.text
        kept: dict[str, Any] = answer.json()
        return kept

    return _keep


def response_of(seconds: float = 0.05) -> dict[str, Any]:
    rng = np.random.default_rng(1)
    return encode_response(rng.normal(0, 0.1, (int(48_000 * seconds), 2)).astype(np.float32), 48_000)


def test_a_preset_is_kept_and_found(ada: Person, keep: Callable[..., dict[str, Any]]) -> None:
    kept = keep("  Airy  ", description="for the morning")
    assert (kept["name"], kept["visibility"], kept["mine"], kept["revision"]) == ("Airy", "private", True, 1)
    assert StyleParams.model_validate(kept["params"]) == StyleParams.model_validate(STYLE)
    found = ada.get(f"/v1/presets/{kept['preset_id']}")
    assert found.json() == kept
    assert found.headers["ETag"] == '"1"'
    (listed,) = ada.get("/v1/presets").json()["items"]
    assert listed == {name: value for name, value in kept.items() if name not in ("params", "source_match_id")}


def test_creating_twice_with_one_key_creates_one(ada: Person) -> None:
    asked = {"name": "Airy", "params": STYLE}
    first, again = (ada.post("/v1/presets", asked, headers={"Idempotency-Key": "k"}) for _ in range(2))
    assert first.headers["Location"] == f"/v1/presets/{first.json()['preset_id']}"
    assert (again.status_code, again.json()) == (201, first.json())
    assert len(ada.get("/v1/presets").json()["items"]) == 1


def test_a_name_is_taken_until_its_preset_is_deleted(
    ada: Person, eve: Person, keep: Callable[..., dict[str, Any]]
) -> None:
    kept = keep("Cafe\u0301")
    for name in ("Caf\u00e9", " Cafe\u0301"):
        taken = ada.post("/v1/presets", {"name": name, "params": {}})
        assert (taken.status_code, taken.json()["code"]) == (409, "NAME_TAKEN")
    other = keep("Other")
    assert ada.patch(f"/v1/presets/{other['preset_id']}", {"name": "Caf\u00e9"}).json()["code"] == "NAME_TAKEN"
    assert keep("Caf\u00e9", person=eve)["mine"]
    assert ada.delete(f"/v1/presets/{kept['preset_id']}").status_code == 204
    assert ada.get(f"/v1/presets/{kept['preset_id']}").status_code == 404
    assert keep("Caf\u00e9")["preset_id"] != kept["preset_id"]


def test_lists_come_in_pages(ada: Person, keep: Callable[..., dict[str, Any]]) -> None:
    names = [keep(f"{n}", visibility="public" if n % 2 else "private")["name"] for n in range(5)]
    seen, cursor = [], None
    while True:
        page = ada.get("/v1/presets", params={"limit": 2} | ({"cursor": cursor} if cursor else {})).json()
        seen += [item["name"] for item in page["items"]]
        cursor = page["next_cursor"]
        if cursor is None:
            break
    assert seen == names[::-1]
    assert [item["name"] for item in ada.get("/v1/presets?visibility=private").json()["items"]] == ["4", "2", "0"]


def test_public_ones_are_for_everybody_to_use_and_nobody_to_change(
    ada: Person, eve: Person, keep: Callable[..., dict[str, Any]]
) -> None:
    public, private = keep("Public", visibility="public"), keep("Private")
    (listed,) = eve.get("/v1/presets?visibility=public").json()["items"]
    assert (listed["preset_id"], listed["mine"]) == (public["preset_id"], False)
    assert eve.get("/v1/presets").json()["items"] == []
    path, hidden = f"/v1/presets/{public['preset_id']}", f"/v1/presets/{private['preset_id']}"
    assert eve.get(path).json()["params"] == public["params"]
    assert eve.get(f"{path}/export?format=ffmpeg").status_code == 200
    for answer in (eve.patch(path, {"name": "Eve's"}), eve.delete(path), eve.get(hidden), eve.get(f"{hidden}/export")):
        assert (answer.status_code, answer.json()["code"]) == (404, "NOT_FOUND")
    hers = keep("Eve's", person=eve)["preset_id"]
    mixed = eve.post("/v1/presets/blend", {"one": hers, "other": private["preset_id"]})
    assert mixed.status_code == 404
    assert ada.patch(path, {"visibility": "private"}).json()["visibility"] == "private"
    assert eve.get(path).status_code == 404


def test_changes_do_not_overwrite_one_another(ada: Person, keep: Callable[..., dict[str, Any]]) -> None:
    path = f"/v1/presets/{keep()['preset_id']}"
    changed = ada.patch(path, {"description": "first", "params": {}}, headers={"If-Match": '"1"'})
    assert (changed.status_code, changed.headers["ETag"]) == (200, '"2"')
    assert (changed.json()["name"], changed.json()["params"]["eq"]) == ("Airy", [])
    late = ada.patch(path, {"description": "second"}, headers={"If-Match": '"1"'})
    assert (late.status_code, late.json()["code"], late.json()["detail"]) == (
        412,
        "PRECONDITION_FAILED",
        {"revision": 2},
    )
    assert ada.delete(path, headers={"If-Match": '"1"'}).status_code == 412
    assert ada.get(path).json()["description"] == "first"
    assert ada.delete(path, headers={"If-Match": '"1", "2"'}).status_code == 204


@pytest.mark.parametrize(
    "wrong",
    [
        {"name": "x"},
        {"name": "x", "params": {}, "from_match_id": "0" * 32},
        {"name": "", "params": {}},
        {"name": "two\nlines", "params": {}},
        {"name": "x" * 121, "params": {}},
        {"name": "x", "params": {}, "visibility": "secret"},
        {"name": "x", "params": {"eq": [STYLE["eq"][0]] * 9}},
        {"name": "x", "params": {"eq": [STYLE["eq"][0] | {"gain_db": 1e9}]}},
        {"name": "x", "params": {"stereo": {"width": 3}}},
        {"name": "x", "params": {"reverb": {"ir_key": "uploads/someone/else.wav", "mix": 1}}},
        {"name": "x", "params": {"reverb": {"ir_key": f"ir/{'0' * 64}.flac", "mix": 1}}},
        {"name": "x", "params": {"reverb": {"ir_flac_base64": base64.b64encode(b"RIFF" * 40).decode(), "mix": 1}}},
        {"name": "x", "params": {"reverb": {**response_of(), "ir_flac_base64": "?"}}},
        {"name": "x", "params": {"schema_version": 2}},
    ],
)
def test_what_is_no_preset_is_refused(ada: Person, wrong: dict[str, Any]) -> None:
    answer = ada.post("/v1/presets", wrong)
    assert (answer.status_code, answer.json()["code"]) == (422, "INVALID_INPUT")


@pytest.mark.parametrize("number", ["NaN", "Infinity", "-Infinity", "1e999"])
def test_numbers_that_are_none_are_refused(ada: Person, number: str) -> None:
    body = json.dumps({"name": "x", "params": STYLE}).replace("-14", number)
    answer = ada.request("POST", "/v1/presets", content=body, headers={"Content-Type": "application/json"})
    assert (answer.status_code, answer.json()["code"]) == (422, "INVALID_INPUT")


def test_an_hour_of_silence_is_no_response(ada: Person) -> None:
    given = bytearray(base64.b64decode(response_of()["ir_flac_base64"]))
    given[21] |= 0x0F  # the upper bits of STREAMINFO's number of samples
    long = {"ir_flac_base64": base64.b64encode(bytes(given)).decode(), "mix": 1}
    answer = ada.post("/v1/presets", {"name": "x", "params": {"reverb": long}})
    assert (answer.status_code, "20 s" in answer.text) == (422, True)


def test_a_response_lies_in_the_bucket_and_travels_with_files(
    ada: Person, services: Services, keep: Callable[..., dict[str, Any]]
) -> None:
    given = response_of() | {"mix": 0.3}
    kept = keep("Hall", params={"reverb": given})
    reverb = kept["params"]["reverb"]
    assert reverb["ir_flac_base64"] is None
    assert re.fullmatch(r"ir/[0-9a-f]{64}\.flac", reverb["ir_key"])
    assert services.objects.read(reverb["ir_key"]) == base64.b64decode(given["ir_flac_base64"])
    again = keep("Same hall", params=kept["params"])
    assert again["params"] == kept["params"]
    file = ada.get(f"/v1/presets/{kept['preset_id']}/export").json()
    assert file["params"]["reverb"] | given == file["params"]["reverb"]
    back = ada.post("/v1/presets/import", {"content": json.dumps(file), "name": "Back"}).json()
    assert back["preset"]["params"] == kept["params"]


@pytest.mark.parametrize("format", FORMATS)
def test_exports(ada: Person, keep: Callable[..., dict[str, Any]], format: str) -> None:
    kept = keep('Ünïcode/"x"')
    answer = ada.get(f"/v1/presets/{kept['preset_id']}/export", params={"format": format, "rate_hz": 44_100})
    assert answer.status_code == 200
    assert answer.headers["Content-Type"].split(";")[0] == FORMATS[format].content_type
    assert "filename*=UTF-8''%C3%9Cn%C3%AFcode-%22x%22" in answer.headers["Content-Disposition"]
    assert answer.headers["Soundstage-Lost"] == (
        ""
        if format == "json"
        else {"equalizerapo": "stereo, lufs, limiter", "graphiceq": "stereo, lufs, limiter"}.get(format, "limiter")
    )
    if format in READERS:
        x = np.random.default_rng(0).normal(0, 0.1, (400, 2))
        assert np.abs(READERS[format](answer.content, x, 44_100) - x).max() > 0.01
    else:
        assert answer.json()["params"] == kept["params"]


def test_what_each_format_would_lose(ada: Person, keep: Callable[..., dict[str, Any]]) -> None:
    assert set(get_args(ExportFormat)) == set(FORMATS)
    kept = keep()
    told = {item["format"]: item for item in ada.get(f"/v1/presets/{kept['preset_id']}/exports").json()["items"]}
    assert set(told) == set(FORMATS)
    assert (told["json"]["lost"], told["jsfx"]["lost"]) == ([], ["limiter"])
    assert told["equalizerapo"]["file_name"] == "Airy ParametricEQ.txt"
    assert told["lv2"]["remarks"]
    wrong = ada.get(f"/v1/presets/{kept['preset_id']}/export?format=winamp")
    assert (wrong.status_code, wrong.json()["code"]) == (422, "INVALID_INPUT")


def test_blends(ada: Person, eve: Person, keep: Callable[..., dict[str, Any]]) -> None:
    one, other = keep("One"), keep("Other", person=eve, visibility="public", params={"stereo": {"width": 0.8}})
    asked = {"one": one["preset_id"], "other": other["preset_id"], "share": 0.5}
    seen = ada.post("/v1/presets/blend", asked)
    assert (seen.status_code, seen.json()["preset"]) == (200, None)
    assert seen.json()["params"]["eq"][0]["gain_db"] == 2
    saved = ada.post("/v1/presets/blend", {**asked, "save_as": {"name": "Between"}})
    assert saved.status_code == 201
    assert saved.json()["preset"]["params"] == seen.json()["params"]
    assert ada.post("/v1/presets/blend", {**asked, "save_as": {"name": "Between"}}).json()["code"] == "NAME_TAKEN"
    assert ada.post("/v1/presets/blend", {**asked, "share": 2}).status_code == 422


def test_imports(ada: Person, keep: Callable[..., dict[str, Any]]) -> None:
    text = "Preamp: -6 dB\nFilter 1: ON PK Fc 105 Hz Gain -3.2 dB Q 0.7\nFilter 2: ON HP Fc 20 Hz\n"
    came = ada.post("/v1/presets/import", {"content": text, "name": "Headphones"})
    assert came.status_code == 201
    assert came.json()["preset"]["params"]["eq"] == [{"type": "peaking", "f_hz": 105, "q": 0.7, "gain_db": -3.2}]
    assert len(came.json()["remarks"]) == 2
    kept = keep("Carried")
    vst = ada.get(f"/v1/presets/{kept['preset_id']}/export?format=vstpreset").content
    content = base64.b64encode(vst).decode()
    assert ada.post("/v1/presets/import", {"content": content, "encoding": "base64"}).json()["code"] == "NAME_TAKEN"
    back = ada.post("/v1/presets/import", {"content": content, "encoding": "base64", "name": "Back"}).json()
    assert back["preset"]["params"] == kept["params"]
    for wrong in ({"content": "hello"}, {"content": "?", "encoding": "base64"}, {"content": ""}):
        assert ada.post("/v1/presets/import", wrong).status_code == 422


def test_what_is_sent_twice_gets_the_same_answer_however_much_there_is_to_say(ada: Person) -> None:
    """An answer is kept in an item of the table, which holds 400 KB."""
    content = "\n".join(["Preamp: -6 dB" + " and so on" * 9] * 9000) + "\nFilter 1: ON PK Fc 105 Hz Gain -3 dB Q 1"
    note = {"stage": "eq", "sentence": "€" * 600}
    for path, body in (
        ("/v1/presets/import", {"name": "Much", "content": content}),
        ("/v1/presets", {"name": "Many", "params": {"notes": [note] * 32}}),
    ):
        first, again = (ada.post(path, body, headers={"Idempotency-Key": path}) for _ in range(2))
        assert (first.status_code, again.status_code) == (201, 201), first.text
        assert again.json() == first.json()
        for name in ("Location", "ETag"):
            assert again.headers[name] == first.headers[name]
    too_many = ada.post("/v1/presets", {"name": "Too many", "params": {"notes": [note] * 33}})
    assert too_many.status_code == 422


@pytest.mark.parametrize(
    ("given", "kept"),
    [("two\nlines\u2028", "two lines"), (" ", "Imported"), ("\x07", "Imported"), ("x" * 120, "x" * 120)],
)
def test_a_file_may_call_itself_anything(ada: Person, given: str, kept: str) -> None:
    content = json.dumps({"name": given, "params": STYLE})
    assert ada.post("/v1/presets/import", {"content": content}).json()["preset"]["name"] == kept


def test_nobody_keeps_more_than_anybody_may(
    ada: Person, keep: Callable[..., dict[str, Any]], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(presets, "MAX_PER_OWNER", 1)
    kept = keep()
    full = ada.post("/v1/presets", {"name": "One more", "params": {}})
    assert (full.status_code, full.json()["code"]) == (403, "QUOTA_EXCEEDED")
    ada.delete(f"/v1/presets/{kept['preset_id']}")
    keep("Now")


def test_a_match_may_start_from_a_preset_that_one_may_read(
    ada: Person, eve: Person, upload: Callable[[Person], Id], keep: Callable[..., dict[str, Any]]
) -> None:
    hall = keep("Hall", visibility="public", params={"reverb": response_of() | {"mix": 0.2}})
    secret = keep("Secret")
    asked = {"target_asset_id": upload(eve)}
    assert eve.post("/v1/matches", {**asked, "preset_id": secret["preset_id"]}).status_code == 404
    job = eve.post("/v1/matches", {**asked, "preset_id": hall["preset_id"]})
    assert job.status_code == 202, job.text
    early = eve.post("/v1/presets", {"name": "x", "from_match_id": job.json()["subject_id"]})
    assert (early.status_code, early.json()["code"]) == (409, "CONFLICT")
    assert ada.post("/v1/presets", {"name": "x", "from_match_id": job.json()["subject_id"]}).status_code == 404


def test_the_style_of_a_match_becomes_a_preset(ada: Person, services: Services, upload: Callable[[Person], Id]) -> None:
    job = ada.post("/v1/matches", {"target_asset_id": upload(ada), "preset": {}}).json()
    result = match_result(job["job_id"])
    style = StyleParams.model_validate(STYLE | {"reverb": response_of() | {"mix": 0.2}})
    services.objects.write_json(result.preset_key, Preset(name="Demo", params=style).model_dump(mode="json"))
    assert services.rows(Matches).persist(given_to_steps(services, job), result=result, style=style, segments=[])

    kept = ada.post("/v1/presets", {"name": "Like that record", "from_match_id": job["subject_id"]})

    assert kept.status_code == 201, kept.text
    assert kept.json()["source_match_id"] == job["subject_id"]
    file = ada.get(f"/v1/presets/{kept.json()['preset_id']}/export").json()
    assert StyleParams.model_validate(file["params"]) == style
