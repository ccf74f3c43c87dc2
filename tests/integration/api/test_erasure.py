"""What a deleted account had in the bucket goes, with every version of it, and nobody else's does."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import boto3
import pytest
from functions.accounts import erase
from functions.api.services import Services
from sqlalchemy import update
from tests.integration.api.conftest import BUCKET, Clock, Person, Studio

from soundstage.models.assets import Asset
from soundstage.models.ids import Id
from soundstage.platform.aws import film_parts, tunes
from soundstage.platform.catalog.database import Catalog
from soundstage.platform.catalog.tables import User
from soundstage.platform.erasure import STRAGGLERS, Erasure
from soundstage.providers.submission_record import BOUGHT


@pytest.fixture(autouse=True)
def versioned(cloud: str) -> None:
    boto3.client("s3").put_bucket_versioning(Bucket=BUCKET, VersioningConfiguration={"Status": "Enabled"})


@pytest.fixture
def erasure(services: Services) -> Erasure:
    return Erasure(
        services.catalog, services.jobs, services.job_store, services.assets, services.objects, clock=services.clock
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


def test_the_function_runs_as_it_is_scheduled(
    catalog: Catalog, ada: Person, belongings: list[Id], steps_run: None, clock: Clock
) -> None:
    ada.post("/v1/me/delete", {"password": "ada's own tune"})
    with catalog.transaction() as session:
        session.execute(update(User).values(deleted_at=clock.now - STRAGGLERS - timedelta(minutes=1)))

    assert erase.handler({}, None) == {"accounts_erased": 1}
    assert _versions_naming(*belongings) == []
