"""What the routes of every product promise, the ones that ask for it and the ones that come with it."""

from typing import Any

from tests.fixtures.products import Sample
from tests.integration.api.conftest import Studio


def asked_again_it_is_the_same_job(sample: Sample, studio: Studio) -> None:
    ask = studio.ask(sample)
    first, again = ask(), ask()
    job = first.json()
    assert (first.status_code, job["kind"], job["attempt"]) == (202, sample.product.kind, 1)
    assert again.json()["job_id"] == job["job_id"]
    made = f"/v1/{sample.product.collection}/{job['subject_id']}"
    assert first.headers["Location"] in (f"/v1/jobs/{job['job_id']}", made)
    assert studio.ada.get(first.headers["Location"]).status_code == 200
    assert first.headers["Retry-After"] == "2"
    polled = studio.ada.get(f"/v1/jobs/{job['job_id']}", headers={"If-None-Match": first.headers["ETag"]})
    assert polled.status_code == 304


def a_key_replays_the_answer(sample: Sample, studio: Studio) -> None:
    ask = studio.ask(sample, headers={"Idempotency-Key": "once"})
    first, again = ask(), ask()
    assert again.headers["Idempotent-Replayed"] == "true"
    assert again.json() == first.json()
    for name in ("Location", "ETag"):
        assert again.headers[name] == first.headers[name]


def nobody_asks_with_what_is_not_theirs(sample: Sample, studio: Studio) -> None:
    path, body = sample.ask(studio.ada, lambda: studio.upload(studio.ada), studio.ready_track)
    answer = studio.eve.post(path, body)
    assert (answer.status_code, answer.json()["code"]) == (404, "NOT_FOUND")
    assert studio.eve.get("/v1/jobs").json()["items"] == []


def canceled_and_tried_again(sample: Sample, studio: Studio) -> None:
    job = studio.ask(sample)().json()
    path = f"/v1/jobs/{job['job_id']}"
    for _ in range(2):
        assert studio.ada.post(f"{path}/cancel").json()["status"] == "canceled"
    assert _status(sample, studio, job) == sample.after_cancel
    key = {"headers": {"Idempotency-Key": "again"}}
    again = studio.ada.post(f"{path}/retry", **key)
    assert (again.status_code, again.json()["attempt"]) == (202, 2)
    assert again.headers["ETag"] == studio.ada.get(path).headers["ETag"]
    assert _status(sample, studio, job) == sample.making
    assert studio.ada.post(f"{path}/retry").json()["code"] == "CONFLICT"
    assert studio.ada.post(f"{path}/retry", **key).json() == again.json()


def listed_shown_and_deleted(sample: Sample, studio: Studio) -> None:
    if sample.product.collection is None:
        return
    ask = studio.ask(sample)
    job = ask().json()
    collection = f"/v1/{sample.product.collection}"
    path = f"{collection}/{job['subject_id']}"
    listed = studio.ada.get(collection).json()["items"][0]
    shown = studio.ada.get(path).json()
    assert listed.items() <= shown.items()
    assert (shown[f"{sample.product.noun}_id"], shown["job_id"]) == (job["subject_id"], job["job_id"])
    assert (shown["status"], shown["error"]) == (sample.making, None)
    assert job["subject_id"] not in str(studio.eve.get(collection).json()["items"])
    assert [studio.eve.get(path).status_code, studio.eve.delete(path).status_code] == [404, 404]

    if sample.product.collection != "projects":
        renamed = studio.ada.patch(path, {"title": "  Evening hum "})
        assert (renamed.status_code, renamed.json()["title"]) == (200, "Evening hum")
        assert studio.ada.get(collection).json()["items"][0]["title"] == "Evening hum"
        assert studio.ada.patch(path, {"title": " "}).status_code == 422
        assert studio.eve.patch(path, {"title": "Mine"}).status_code == 404

    assert studio.ada.delete(path).status_code == 204

    assert studio.ada.get(f"/v1/jobs/{job['job_id']}").json()["status"] == "canceled"
    assert [studio.ada.get(path).status_code, studio.ada.delete(path).status_code] == [404, 404]
    assert job["subject_id"] not in str(studio.ada.get(collection).json()["items"])
    assert studio.ada.post(f"/v1/jobs/{job['job_id']}/retry").status_code == 404


def lists_come_in_pages(sample: Sample, studio: Studio) -> None:
    if sample.product.collection is None:
        return
    collection, name = f"/v1/{sample.product.collection}", f"{sample.product.noun}_id"
    made = [studio.ask(sample)().json()["subject_id"] for _ in range(3)]
    first = studio.ada.get(f"{collection}?limit=2").json()
    rest = studio.ada.get(f"{collection}?limit=2&cursor={first['next_cursor']}").json()
    listed = [item[name] for item in first["items"] + rest["items"]]
    assert [id_ for id_ in listed if id_ != studio.ready_track] == made[::-1]
    assert rest["next_cursor"] is None
    assert studio.ada.get(f"{collection}?cursor=x").json()["code"] == "INVALID_INPUT"


def _status(sample: Sample, studio: Studio, job: dict[str, Any]) -> str:
    if sample.product.collection is None:
        record = studio.services.job_store.get(job["job_id"])
        assert record is not None
        return sample.status(studio.services.catalog, record)
    return str(studio.ada.get(f"/v1/{sample.product.collection}/{job['subject_id']}").json()["status"])


ROUTE_PROMISES = [
    asked_again_it_is_the_same_job,
    a_key_replays_the_answer,
    nobody_asks_with_what_is_not_theirs,
    canceled_and_tried_again,
    listed_shown_and_deleted,
    lists_come_in_pages,
]
