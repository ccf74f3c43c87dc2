"""What a deleted account had in the bucket goes, with every version of it, and nobody else's does."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import boto3
import pytest
from functions.accounts import erase
from functions.api.services import Services
from sqlalchemy import update
from tests.integration.api.conftest import BUCKET, TABLE, Clock, Person, Studio

from soundstage.jobs.tasks import Receipt
from soundstage.models.assets import Asset
from soundstage.models.ids import Id
from soundstage.platform.aws import film_parts, tunes
from soundstage.platform.aws.budget import MonthlySpending, ProjectBudget
from soundstage.platform.aws.worker_time import WorkerTimes
from soundstage.platform.catalog.database import Catalog
from soundstage.platform.catalog.tables import User
from soundstage.platform.erasure import BILLS_WITHIN, STRAGGLERS, Erasure
from soundstage.platform.quotas import Month
from soundstage.providers.submission_record import BOUGHT


@pytest.fixture(autouse=True)
def versioned(cloud: str) -> None:
    boto3.client("s3").put_bucket_versioning(Bucket=BUCKET, VersioningConfiguration={"Status": "Enabled"})


@pytest.fixture
def erasure(services: Services) -> Erasure:
    return Erasure(
        services.catalog,
        services.jobs,
        services.job_store,
        services.assets,
        services.objects,
        table=TABLE,
        clock=services.clock,
    )


def _versions_naming(*ids: Id) -> list[str]:
    pages = boto3.client("s3").get_paginator("list_object_versions").paginate(Bucket=BUCKET)
    found: list[Any] = []
    for page in pages:
        found += [*page.get("Versions", []), *page.get("DeleteMarkers", [])]
    return [item["Key"] for item in found if any(id_ in item["Key"] for id_ in ids)]


@pytest.fixture
def belongings(
    services: Services, ada: Person, ready_track: Id, upload: Callable[[Person], Id], accept: Callable[[Id], Asset]
) -> list[Id]:
    """Ids that stand in the keys of everything Ada has, some of it deleted or replaced already."""
    asset = accept(upload(ada))
    services.objects.write(asset.bucket_key, b"newer", content_type="audio/wav")
    ada.delete(f"/v1/assets/{accept(upload(ada)).asset_id}")
    for prefix in (film_parts.PREFIX, BOUGHT):
        services.objects.write(f"{prefix}{ada.user_id}/x/y.json", b"{}")
    for prefix in tunes.prefixes_of(ready_track):
        services.objects.write_json(f"{prefix}of-a-hum.json", {})
    job = ada.get(f"/v1/tracks/{ready_track}").json()["job_id"]
    services.objects.write_json(f"work/{job}/analysis.json", {})
    return [ada.user_id, job, ready_track]


def test_everything_goes_and_nothing_of_others(
    studio: Studio, erasure: Erasure, belongings: list[Id], clock: Clock, accept: Callable[[Id], Asset]
) -> None:
    services, ada, eve, upload = studio.services, studio.ada, studio.eve, studio.upload
    eves = accept(upload(eve))
    waiting = ada.post("/v1/tracks", {}).json()["track_id"]
    job = ada.post(f"/v1/tracks/{waiting}/generate", {"hum_asset_id": upload(ada)}).json()["job_id"]
    assert len(_versions_naming(*belongings)) > 10
    assert erasure.run() == 0, "nobody has gone"

    ada.post("/v1/me/delete", {"password": "ada's own tune"})
    assert erasure.run() == 0

    assert _versions_naming(*belongings) == []
    stopped = services.job_store.get(job)
    assert stopped is not None
    assert stopped.status == "canceled"
    # A worker that was at it wrote once more.
    services.objects.write_json(f"results/{belongings[1]}/late.json", {})
    clock.pass_(seconds=STRAGGLERS.total_seconds())
    assert erasure.run() == 1
    assert _versions_naming(*belongings) == []
    assert erasure.run() == 0, "it is over"
    assert services.objects.head(eves.bucket_key) is not None
    kept = services.assets.get(eves.asset_id)
    assert kept is not None
    assert kept.status == "ready"


def test_results_go_when_the_record_of_their_job_has_expired(
    services: Services, ada: Person, erasure: Erasure, belongings: list[Id], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(services.job_store, "list", lambda *_, **__: ([], None))
    ada.post("/v1/me/delete", {"password": "ada's own tune"})

    erasure.run()

    assert _versions_naming(*belongings) == []


def _expiries() -> dict[tuple[str, str], int | None]:
    """Of what was spent and worked, by its keys."""
    pages = boto3.client("dynamodb").get_paginator("scan").paginate(TableName=TABLE)
    return {
        (item["pk"]["S"], item["sk"]["S"]): int(item["expires_at"]["N"]) if "expires_at" in item else None
        for page in pages
        for item in page["Items"]
        if item["pk"]["S"].startswith(("worked#", "budget#"))
    }


def test_what_was_spent_and_worked_stays_for_the_last_bills_and_then_goes(
    ada: Person, eve: Person, erasure: Erasure, clock: Clock
) -> None:
    def use(person: Person) -> set[tuple[str, str]]:
        """Their keys."""
        before = _expiries()
        project = person.post("/v1/projects", {"title": "A walk", "story": "She went out."}).json()["project_id"]
        month = Month.of(clock.now).name
        for budget in (ProjectBudget(TABLE, project, 9.0), MonthlySpending(TABLE, person.user_id, month)):
            budget.reserve("a picture", 0.25)
        receipt = Receipt(output={}, worker_s=2.5, gpu_s=1.25, done_at=clock.now)
        WorkerTimes(TABLE, person.user_id).record("work/1/tasks/shot_make-1.json", receipt)
        return _expiries().keys() - before.keys()

    hers = use(ada)
    clock.pass_(seconds=62 * 86400)
    for person, name in ((ada, "ada"), (eve, "eve")):
        log_in = {"email": f"{name}@example.org", "password": f"{name}'s own tune"}
        person.tokens = person.client.post("/v1/auth/login", json=log_in).json()
    hers |= use(ada)
    others = use(eve)
    assert len(hers) == 10
    assert set(_expiries().values()) == {None}

    ada.post("/v1/me/delete", {"password": "ada's own tune"})
    deleted_at = clock.now
    erasure.run()
    clock.pass_(seconds=STRAGGLERS.total_seconds())
    erasure.run()

    found = _expiries()
    assert {found[key] for key in hers} == {int((deleted_at + BILLS_WITHIN).timestamp())}
    assert {found[key] for key in others} == {None}


def test_the_function_runs_as_it_is_scheduled(
    catalog: Catalog, ada: Person, belongings: list[Id], steps_run: None, clock: Clock
) -> None:
    ada.post("/v1/me/delete", {"password": "ada's own tune"})
    with catalog.transaction() as session:
        session.execute(update(User).values(deleted_at=clock.now - STRAGGLERS - timedelta(minutes=1)))

    assert erase.handler({}, None) == {"accounts_erased": 1}
    assert _versions_naming(*belongings) == []
