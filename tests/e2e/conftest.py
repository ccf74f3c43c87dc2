"""One instance of the embedded cloud for all end-to-end tests, and people who use it."""

import secrets
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from infra.local.client import Studio
from infra.local.instance import Instance
from infra.local.settings import InstanceSettings
from tests.e2e.journeys import Cloud, free_port
from tests.fixtures.hums import TUNES, render_hum

from soundstage.audio.io import write_wav


@pytest.fixture(scope="session")
def cloud(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Cloud]:
    settings = InstanceSettings(
        instance="tests",
        port=free_port(),
        cloud_port=free_port(),
        data_dir=tmp_path_factory.mktemp("cloud"),
        worker_concurrency=2,
        lock_s=4,
    )
    with Instance(settings) as instance:
        yield Cloud(instance)


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
def hum(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Ten seconds of a hummed tune, as a WAV file."""
    audio, _ = render_hum(TUNES[0], tonic=55, tempo_bpm=110, max_duration_s=10.0, seed=3)
    path = tmp_path_factory.mktemp("hums") / "ode to joy.wav"
    write_wav(path, audio, subtype="PCM_16")
    return path
