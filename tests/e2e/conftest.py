"""One instance of the embedded cloud for all end-to-end tests, and people who use it."""

import secrets
import shutil
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from infra.local.client import Studio
from infra.local.instance import Instance
from infra.local.settings import InstanceSettings
from tests.e2e.journeys import Cloud, Made, eventually, free_port, order, upload
from tests.fixtures.hums import TUNES, render_hum

from soundstage.audio.io import write_wav


@pytest.fixture(scope="session")
def cloud(request: pytest.FixtureRequest) -> Iterator[Cloud]:
    # Not pytest's temporary folder: each pytest that starts closes it to others, and root's database is someone else.
    home = Path(tempfile.mkdtemp(prefix="soundstage-tests-"))
    settings = InstanceSettings(
        instance="tests",
        port=free_port(),
        cloud_port=free_port(),
        data_dir=home,
        worker_concurrency=2,
        lock_s=4,
    )
    with Instance(settings) as instance:
        yield Cloud(instance)
    if request.session.testsfailed:
        print(f"The embedded cloud's logs are in {settings.logs}")  # noqa: T201  (for whoever looks for the reason)
    else:
        shutil.rmtree(home)


@pytest.fixture
def sign_up(cloud: Cloud) -> Iterator[Callable[[], Studio]]:
    """Makes people: each call is a new account, logged in."""
    people: list[Studio] = []

    def new() -> Studio:
        studio = Studio(cloud.url)
        studio.register(f"{secrets.token_hex(8)}@example.org", secrets.token_urlsafe(16))
        people.append(studio)
        return studio

    yield new
    for studio in people:
        studio.close()


@pytest.fixture
def studio(sign_up: Callable[[], Studio]) -> Studio:
    return sign_up()


@pytest.fixture(scope="session")
def made(cloud: Cloud, hum: Path) -> Iterator[Made]:
    """A hum that was uploaded and then became songs: for all tests that only look at them."""
    with Studio(cloud.url) as studio:
        studio.register(f"{secrets.token_hex(8)}@example.org", secrets.token_urlsafe(16))
        asset_id = upload(studio, hum)
        eventually(lambda: studio.get(f"/v1/assets/{asset_id}")["status"] == "ready")
        changes = list(studio.watch_job(order(studio, asset_id)["job_id"]))
        yield Made(studio, asset_id, changes)


@pytest.fixture(scope="session")
def hum(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Ten seconds of a hummed tune, as a WAV file."""
    audio, _ = render_hum(TUNES[0], tonic=55, tempo_bpm=110, max_duration_s=10.0, seed=3)
    path = tmp_path_factory.mktemp("hums") / "ode to joy.wav"
    write_wav(path, audio, subtype="PCM_16")
    return path
