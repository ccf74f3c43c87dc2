"""The database is away for a while: who asks is told to come again, health says so, and afterwards all is there."""

from collections.abc import Callable, Iterator
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest
from functions.api.services import Services
from functions.jobs import settle
from sqlalchemy import Engine, make_url, text
from tests.fixtures.fakes import execution
from tests.integration.api.conftest import Person

from soundstage.jobs.ports import execution_name
from soundstage.models.assets import Asset
from soundstage.models.errors import TransientError
from soundstage.models.ids import Id
from soundstage.platform.catalog.database import connect

SOCKET = ".s.PGSQL.5432"


class Way:
    """A way to the database's socket that can be cut, with all connections that came by it."""

    def __init__(self, engine: Engine, folder: Path) -> None:
        self._engine, self._socket = engine, Path(str(engine.url.query["host"])) / SOCKET
        self._way = folder / SOCKET
        self.url = make_url("postgresql+psycopg://postgres@/postgres").set(
            query={"host": str(folder), "application_name": "by-this-way"}
        )

    def open(self) -> None:
        self._way.symlink_to(self._socket)

    def cut(self) -> None:
        self._way.unlink()
        with self._engine.begin() as connection:
            ended = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'by-this-way'"
            connection.execute(text(ended))


@pytest.fixture
def way(
    services: Services,
    migrated_engine: Engine,
    monkeypatch: pytest.MonkeyPatch,
) -> Iterator[Way]:
    with TemporaryDirectory() as folder:  # pytest's are too long for the path of a socket
        way = Way(migrated_engine, Path(folder))
        way.open()
        engine = connect(way.url.render_as_string(hide_password=False))
        monkeypatch.setattr(services.catalog, "engine", engine)
        yield way
        engine.dispose()


@pytest.fixture
def running_job(ada: Person, upload: Callable[[Person], Id], accept: Callable[[Id], Asset]) -> dict[str, Any]:
    hum_id = upload(ada)
    accept(hum_id)
    track_id = ada.post("/v1/tracks", {"title": "Before"}).json()["track_id"]
    job: dict[str, Any] = ada.post(f"/v1/tracks/{track_id}/generate", {"hum_asset_id": hum_id}).json()
    return job


def test_a_database_that_is_away_loses_nothing(
    way: Way, steps_run: None, services: Services, ada: Person, running_job: dict[str, Any]
) -> None:
    job_id = running_job["job_id"]
    job = services.job_store.get(job_id)
    assert job is not None
    failed = {"detail-type": "any", "detail": execution(execution_name(job), "FAILED").model_dump(by_alias=True)}

    way.cut()
    new = {"headers": {"Idempotency-Key": "meanwhile"}}
    for answer in (ada.get("/v1/tracks"), ada.get("/v1/tracks"), ada.post("/v1/tracks", {"title": "Meanwhile"}, **new)):
        assert (answer.status_code, answer.json()["code"], answer.headers["Retry-After"]) == (503, "TRANSIENT", "2")
    assert ada.get(f"/v1/jobs/{job_id}").status_code == 200
    assert [job["title"] for job in ada.get("/v1/jobs").json()["items"]] == ["Before"]
    assert ada.client.get("/health").status_code == 200
    sick = ada.client.get("/health/ready")
    assert (sick.status_code, sick.json()["checks"]["catalog"]) == (503, "failed")
    with pytest.raises(TransientError):
        settle.handler(failed, None)

    way.open()
    assert ada.client.get("/health/ready").status_code == 200
    assert [track["title"] for track in ada.get("/v1/tracks").json()["items"]] == ["Before"]
    assert ada.post("/v1/tracks", {"title": "Meanwhile"}, **new).status_code == 201
    settle.handler(failed, None)
    assert ada.get(f"/v1/jobs/{job_id}").json()["status"] == "failed"
    assert [track["status"] for track in ada.get("/v1/tracks").json()["items"]] == ["draft", "failed"]
