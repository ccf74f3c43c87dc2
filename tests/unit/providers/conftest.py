"""One short plan, and servers that speak the providers' wires."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from pydantic import SecretStr
from tests.fixtures.analyses import analysis_of, whole
from tests.fixtures.provider_servers import KEY, Server, serving, sound_bytes
from tests.fixtures.tunes import TUNES

from soundstage.models.composition import Composition
from soundstage.models.music import GenParams
from soundstage.models.providers import AceStepTerms, ElevenLabsTerms
from soundstage.music.composing.composition import compose_params
from soundstage.providers.http import Times
from soundstage.providers.music.ace_step import AceStepMusic
from soundstage.providers.music.elevenlabs import ElevenLabsMusic
from soundstage.providers.music.request import MusicRequest

WITHOUT_END = {"hang", "slow_drip"}
"""Faults that only a limit of time ends."""


@pytest.fixture(scope="session")
def composition() -> Composition:
    analysis = analysis_of(TUNES[1], quarters_per_minute=112.0)
    return compose_params(analysis, whole(analysis), GenParams(style_a="ballad", duration_s=16.0, seed=3))


@pytest.fixture(scope="session")
def song(composition: Composition) -> bytes:
    """A result as a server may give it: 48 kHz, a second longer than planned."""
    return sound_bytes(composition.variants["A"].duration_s + 1.0)


@pytest.fixture
def request_a(composition: Composition) -> MusicRequest:
    return MusicRequest(composition, "A")


@pytest.fixture
def server(song: bytes) -> Iterator[Server]:
    with serving() as running:
        running.song = song
        yield running


@pytest.fixture
def times(request: pytest.FixtureRequest) -> Times:
    """Short where the server never ends, so that the test does; else a busy machine would decide what is heard."""
    parameters = getattr(request.node, "callspec", None)
    endless = parameters is not None and not WITHOUT_END.isdisjoint(map(str, parameters.params.values()))
    return Times(connect=10.0, read=0.6, whole=1.2) if endless else Times(connect=10.0, read=20.0, whole=20.0)


@pytest.fixture
def ace_step(server: Server, times: Times) -> AceStepMusic:
    return AceStepMusic(AceStepTerms(url=server.url), SecretStr(KEY), times=times)


@pytest.fixture
def elevenlabs(server: Server, times: Times) -> ElevenLabsMusic:
    return ElevenLabsMusic(ElevenLabsTerms(url=server.url), SecretStr(KEY), times=times)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    path = tmp_path / "variant"
    path.mkdir()
    return path
