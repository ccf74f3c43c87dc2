"""What holds for every provider, whoever makes the music; and for every one that is asked over HTTP."""

import json
import logging
from pathlib import Path

import pytest
from tests.fixtures.provider_servers import KEY, Fault, Server, sound_bytes

from soundstage.media.files import sha256_of
from soundstage.models.composition import Composition
from soundstage.providers.errors import Ambiguous, Expired, NotSent, ProviderError, Refused, Unreachable, Unsupported
from soundstage.providers.music.embedded import EmbeddedMusic
from soundstage.providers.music.postprocessing import finished
from soundstage.providers.music.request import MusicProvider, MusicRequest
from soundstage.providers.protocol import Reference

SUBMIT = {"ace_step": "/release_task", "elevenlabs": "/v1/music"}


@pytest.fixture(params=["embedded", "ace_step", "elevenlabs"])
def provider(request: pytest.FixtureRequest) -> MusicProvider:
    made: MusicProvider = EmbeddedMusic() if request.param == "embedded" else request.getfixturevalue(request.param)
    return made


@pytest.fixture(params=["ace_step", "elevenlabs"])
def remote(request: pytest.FixtureRequest) -> MusicProvider:
    made: MusicProvider = request.getfixturevalue(request.param)
    return made


def test_a_fingerprint_is_of_the_plan(provider: MusicProvider, composition: Composition) -> None:
    first = provider.fingerprint(MusicRequest(composition, "A"))
    assert len(first) == 64
    assert first == provider.fingerprint(MusicRequest(composition.model_copy(deep=True), "A"))
    assert first != provider.fingerprint(MusicRequest(composition, "B"))


def test_an_estimate_sends_nothing(provider: MusicProvider, request_a: MusicRequest, server: Server) -> None:
    estimate = provider.estimate(request_a)
    assert estimate.seconds > 0
    expected = 0.30 * request_a.plan.duration_s / 60 if provider.name == "elevenlabs" else 0.0
    assert estimate.usd == pytest.approx(expected)
    assert server.seen == []


def test_a_song_comes_back_whole(provider: MusicProvider, request_a: MusicRequest, folder: Path, song: bytes) -> None:
    submitted = provider.submit(request_a, "job-A", folder)
    reference = Reference.model_validate_json(submitted.reference.model_dump_json())
    assert reference.provider == provider.name
    assert len(reference.model_dump_json()) < 300
    while provider.poll(reference) != "done":
        pass
    if submitted.result is not None:
        audio, digest = submitted.result, sha256_of(submitted.result)
    else:
        fetched = provider.fetch(reference, request_a, folder)
        audio, digest = fetched.result, fetched.sha256
    assert digest == sha256_of(audio)
    if provider.name != "embedded":
        assert audio.read_bytes() == song
        variant = finished(request_a, audio, folder, provider=provider.name)
        assert (variant.provider, variant.provider_note) == (provider.name, None)
    assert [path.name for path in folder.iterdir() if path.name.endswith(".partial")] == []


@pytest.mark.parametrize(
    ("fault", "expected"),
    [
        (401, Refused),
        (402, Refused),
        (403, Refused),
        (422, Refused),
        ("redirect", Refused),
        (429, NotSent),
        (500, Ambiguous),
        (503, Ambiguous),
        ("hang", Ambiguous),
        ("hang_up", Ambiguous),
        ("slow_drip", Ambiguous),
        ("empty", Ambiguous),
    ],
)
def test_submitting_tells_apart_what_may_have_been_billed(
    *,
    remote: MusicProvider,
    request_a: MusicRequest,
    folder: Path,
    server: Server,
    fault: int | Fault,
    expected: type[ProviderError],
) -> None:
    server.faults[SUBMIT[remote.name]] = [fault]
    with pytest.raises(expected) as raised:
        remote.submit(request_a, "job-A", folder)
    assert type(raised.value) is expected
    assert KEY not in raised.value.message
    assert len(server.seen) == 1, "a provider never repeats a submission by itself"
    if fault == 429:
        assert isinstance(raised.value, NotSent)
        assert raised.value.retry_after_s == 3.0
        assert "(status_429)" in raised.value.message
    assert list(folder.iterdir()) == []


def test_nobody_there_means_not_sent(remote: MusicProvider, request_a: MusicRequest, folder: Path) -> None:
    remote._wire._base_url = "http://127.0.0.1:9"  # type: ignore[attr-defined]
    with pytest.raises(NotSent):
        remote.submit(request_a, "job-A", folder)


def test_a_redirect_takes_no_key_elsewhere(
    remote: MusicProvider, request_a: MusicRequest, folder: Path, server: Server
) -> None:
    server.elsewhere = f"{server.url}/stolen"
    server.faults[SUBMIT[remote.name]] = ["redirect"]
    with pytest.raises(Refused):
        remote.submit(request_a, "job-A", folder)
    assert server.asked("/stolen") == []


def test_the_key_is_sent_and_never_said(
    remote: MusicProvider,
    request_a: MusicRequest,
    folder: Path,
    server: Server,
    caplog: pytest.LogCaptureFixture,
) -> None:
    caplog.set_level(logging.DEBUG)
    server.faults[SUBMIT[remote.name]] = [500]
    with pytest.raises(Ambiguous) as raised:
        remote.submit(request_a, "job-A", folder)
    remote.submit(request_a, "job-A", folder)
    assert KEY in json.dumps(server.seen[-1].headers)
    assert server.seen[-1].headers["idempotency-key"] == "job-A"
    said = caplog.text + repr(remote) + repr(vars(remote)) + repr(vars(remote._wire)) + repr(raised.value)  # type: ignore[attr-defined]
    assert KEY not in said


def test_what_cannot_be_canceled_says_so(remote: MusicProvider) -> None:
    with pytest.raises(Unsupported):
        remote.cancel(Reference(provider=remote.name, id="task-1"))


class TestAceStep:
    """Polling and fetching over HTTP, which only ACE-Step has."""

    REFERENCE = Reference(provider="ace_step", id="task-1")

    @pytest.fixture
    def released(self, ace_step: MusicProvider, server: Server) -> MusicProvider:
        server.released.append("task-1")
        server.polls_until_done = 0
        return ace_step

    @pytest.mark.parametrize(
        ("path", "fault", "expected"),
        [
            ("/query_result", 401, Refused),
            ("/query_result", 404, Expired),
            ("/query_result", 429, Unreachable),
            ("/query_result", 502, Unreachable),
            ("/query_result", "hang", Unreachable),
            ("/query_result", "garbage_json", Unreachable),
            ("/query_result", "no_task_id", Unreachable),
            ("/query_result", "huge", Unreachable),
            ("/v1/audio", 404, Expired),
            ("/v1/audio", 500, Unreachable),
            ("/v1/audio", "truncated", Unreachable),
            ("/v1/audio", "empty", Unreachable),
            ("/v1/audio", "hang_up", Unreachable),
            ("/v1/audio", "slow_drip", Unreachable),
        ],
    )
    def test_asking_again_costs_nothing(
        self,
        *,
        released: MusicProvider,
        request_a: MusicRequest,
        folder: Path,
        server: Server,
        path: str,
        fault: int | Fault,
        expected: type[ProviderError],
    ) -> None:
        server.faults[path] = [fault]
        with pytest.raises(expected) as raised:
            released.fetch(self.REFERENCE, request_a, folder)
        assert type(raised.value) is expected
        assert list(folder.iterdir()) == []
        assert server.asked("/release_task") == []
        assert released.fetch(self.REFERENCE, request_a, folder).result.read_bytes() == server.song

    def test_a_song_that_is_too_large_is_not_taken(
        self, released: MusicProvider, request_a: MusicRequest, folder: Path, server: Server
    ) -> None:
        released._wire._max_file_bytes = 8 << 20  # type: ignore[attr-defined]
        server.faults["/v1/audio"] = ["huge"]
        with pytest.raises(Unreachable):
            released.fetch(self.REFERENCE, request_a, folder)
        assert list(folder.iterdir()) == []

    def test_a_result_on_another_server_is_not_fetched(
        self, released: MusicProvider, request_a: MusicRequest, folder: Path, server: Server
    ) -> None:
        server.elsewhere = "http://127.0.0.1:9/v1/audio?path=x"
        with pytest.raises(Unsupported):
            released.fetch(self.REFERENCE, request_a, folder)


def test_a_truncated_answer_to_what_was_paid_for_is_ambiguous(
    elevenlabs: MusicProvider, request_a: MusicRequest, folder: Path, server: Server
) -> None:
    server.song = sound_bytes(20.0)
    server.faults["/v1/music"] = ["truncated"]
    with pytest.raises(Ambiguous):
        elevenlabs.submit(request_a, "job-A", folder)
    assert list(folder.iterdir()) == []


@pytest.mark.parametrize("fault", ["garbage_json", "no_task_id"])
def test_a_task_without_a_number_is_ambiguous(
    ace_step: MusicProvider, request_a: MusicRequest, folder: Path, server: Server, fault: Fault
) -> None:
    server.faults["/release_task"] = [fault]
    with pytest.raises(Ambiguous):
        ace_step.submit(request_a, "job-A", folder)
