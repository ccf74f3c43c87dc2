"""One instance of the embedded cloud for all end-to-end tests, and people who use it."""

import fcntl
import os
import secrets
import shutil
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, ExitStack, contextmanager
from pathlib import Path

import pytest
from infra.local.client import Studio
from infra.local.instance import Instance
from infra.local.localstack import environment
from infra.local.settings import ROOT, InstanceSettings
from tests.e2e.journeys import Cloud, Made, holds, order, outcome, upload
from tests.fixtures.browser import Page, browser_page, find_browser
from tests.fixtures.console import Console
from tests.fixtures.embedded import throwaway
from tests.fixtures.held_worker import HOLDS
from tests.fixtures.hums import TUNES, render_hum
from tests.fixtures.pairs import make_pair
from tests.fixtures.session import session_home

from soundstage.audio.io import write_wav

LOGS = ROOT / "build" / "e2e-logs"
HELD_WORKER = ROOT / "tests" / "fixtures" / "held_worker.py"


@pytest.fixture(scope="session")
def cloud(request: pytest.FixtureRequest) -> Iterator[Cloud]:
    """One for all processes of pytest-xdist."""
    with shared(session_home() / "cloud.json", begin_cloud) as cloud:
        yield cloud
        if request.session.testsfailed:
            shutil.rmtree(LOGS, ignore_errors=True)
            shutil.copytree(cloud.settings.logs, LOGS)
            print(f"The embedded cloud's logs are in {LOGS}")  # noqa: T201  (for whoever looks for the reason)


@contextmanager
def begin_cloud() -> Iterator[Cloud]:
    settings = throwaway()
    try:
        if settings.cloud == "localstack":
            environment.bring()
    except environment.Unavailable as lacking:
        pytest.skip(str(lacking))
    os.environ[HOLDS] = str(holds(settings))
    with Instance(settings, worker=HELD_WORKER) as instance:
        yield Cloud(settings, instance.supervisor)


@contextmanager
def shared(told: Path, begin: Callable[[], AbstractContextManager[Cloud]]) -> Iterator[Cloud]:
    """Whoever comes first begins it, tells its settings in this file, and ends it when all others have left."""
    with told.with_suffix(".lock").open("w") as door, told.with_suffix(".users").open("w") as users, ExitStack() as own:
        fcntl.flock(door, fcntl.LOCK_EX)
        if told.exists():
            cloud = Cloud(InstanceSettings.model_validate_json(told.read_text()))
        else:
            cloud = own.enter_context(begin())
            told.write_text(cloud.settings.model_dump_json())
            own.callback(told.unlink)
            own.callback(fcntl.flock, users, fcntl.LOCK_EX)
            own.callback(fcntl.flock, door, fcntl.LOCK_EX)  # whoever comes now waits, and begins another one
        fcntl.flock(users, fcntl.LOCK_SH)
        fcntl.flock(door, fcntl.LOCK_UN)
        yield cloud


@pytest.fixture
def sign_up(cloud: Cloud) -> Iterator[Callable[[], Studio]]:
    """Makes people: each call is a new account, logged in."""
    people: list[Studio] = []

    def new() -> Studio:
        studio = Studio(cloud.url, check=cloud.check)
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
    with Studio(cloud.url, check=cloud.check) as studio:
        studio.register(f"{secrets.token_hex(8)}@example.org", secrets.token_urlsafe(16))
        asset_id = upload(studio, hum)
        cloud.eventually(lambda: studio.get(f"/v1/assets/{asset_id}")["status"] == "ready")
        changes = list(studio.watch_job(order(studio, asset_id)["job_id"]))
        yield Made(studio, asset_id, changes)


@pytest.fixture(scope="session")
def match_id(cloud: Cloud, made: Made, tmp_path_factory: pytest.TempPathFactory) -> str:
    """A match of theirs that is finished."""
    pair, folder, assets = make_pair("eq_gain_width", 4, seconds=16.0), tmp_path_factory.mktemp("pair"), {}
    for name, audio in (("reference", pair.reference), ("target", pair.target)):
        write_wav(folder / f"{name}.wav", audio, subtype="PCM_24")
        assets[name] = upload(made.studio, folder / f"{name}.wav")
    cloud.eventually(lambda: all(made.studio.get(f"/v1/assets/{it}")["status"] == "ready" for it in assets.values()))
    job = made.studio.match(target_asset_id=assets["target"], references=[{"asset_id": assets["reference"]}])
    return str(outcome(made.studio, job["job_id"])["subject_id"])


@pytest.fixture(scope="session")
def project_id(cloud: Cloud, made: Made) -> str:
    """A story of theirs that is written, and not filmed."""
    story = "Mara kept the lighthouse. One night a storm put the lamp out. She carried a lantern down the stairs."
    project = made.studio.post("/v1/projects", {"story": story, "settings": {"quality": "preview"}})
    path = f"/v1/projects/{project['project_id']}"
    cloud.eventually(lambda: made.studio.get(path)["status"] == "ready", timeout_s=120)
    return str(project["project_id"])


@pytest.fixture(scope="session")
def hum(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Ten seconds of a hummed tune, as a WAV file."""
    audio, _ = render_hum(TUNES[0], tonic=55, tempo_bpm=110, max_duration_s=10.0, seed=3)
    path = tmp_path_factory.mktemp("hums") / "ode to joy.wav"
    write_wav(path, audio, subtype="PCM_16")
    return path


@pytest.fixture(scope="session")
def chromium() -> str:
    if (found := find_browser()) is None:
        pytest.skip("no Chromium on this machine")
    return found


@pytest.fixture(scope="session")
def browser(chromium: str, hum: Path) -> Iterator[Page]:
    """One whose microphone hears the hum: to start one takes a second, and there are dozens of tests."""
    microphone = ("--use-fake-device-for-media-stream", "--use-fake-ui-for-media-stream")
    with browser_page(chromium, *microphone, f"--use-file-for-fake-audio-capture={hum}") as page:
        yield page


@pytest.fixture
def console(browser: Page, cloud: Cloud) -> Iterator[Console]:
    """A browser that nobody has used."""
    with browser.of_somebody_new() as page:
        yield Console(page, cloud)
