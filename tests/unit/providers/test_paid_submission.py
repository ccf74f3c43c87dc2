"""A song is sent for at most once, whatever dies when; and there is always a song in the end."""

from dataclasses import dataclass
from pathlib import Path

import pytest
from tests.fixtures.provider_servers import Fault, Server, sound_bytes
from tests.fixtures.submissions import FakeSubmissions, FastTime, ProcessDied, dying_at

from soundstage.models.music import RenderedVariant
from soundstage.models.providers import MusicProviders
from soundstage.providers.music.embedded import EmbeddedMusic
from soundstage.providers.music.request import MusicProvider, MusicRequest
from soundstage.providers.music.song import make_song

SUBMIT = {"ace_step": "/release_task", "elevenlabs": "/v1/music"}


@pytest.fixture
def time() -> FastTime:
    return FastTime()


@pytest.fixture(params=["ace_step", "elevenlabs"])
def remote(request: pytest.FixtureRequest) -> MusicProvider:
    made: MusicProvider = request.getfixturevalue(request.param)
    return made


@pytest.fixture
def make(request_a: MusicRequest, folder: Path, time: FastTime, monkeypatch: pytest.MonkeyPatch) -> "Make":
    # What our own engine plays is tested elsewhere, and takes seconds; who was asked to play is what matters here.
    monkeypatch.setattr(EmbeddedMusic, "render", _played)
    return Make(request_a, folder, time)


def _played(_self: EmbeddedMusic, request: MusicRequest, folder: Path) -> RenderedVariant:
    plan = request.plan
    return RenderedVariant(
        label=plan.label,
        style=plan.style,
        provider="embedded",
        audio=str(folder / "A.wav"),
        midi=str(folder / "A.mid"),
        duration_s=plan.duration_s,
        tempo_bpm=plan.tempo_bpm,
        key=plan.key,
        chords=[],
        integrated_lufs=-14.0,
        true_peak_dbtp=-1.1,
    )


@dataclass
class Make:
    request: MusicRequest
    folder: Path
    time: FastTime

    def __call__(
        self, provider: MusicProvider, store: FakeSubmissions, terms: MusicProviders | None = None
    ) -> RenderedVariant:
        return make_song(
            provider,
            self.request,
            store,
            self.folder,
            idempotency_key="job-A",
            terms=terms or MusicProviders(),
            clock=self.time.clock,
        )


def submissions(server: Server, remote: MusicProvider) -> int:
    return len(server.asked(SUBMIT[remote.name]))


def test_a_song_by_somebody_else(remote: MusicProvider, make: Make, server: Server) -> None:
    server.polls_until_done = 3
    store = FakeSubmissions()
    variant = make(remote, store)
    assert (variant.provider, variant.provider_note) == (remote.name, None)
    assert variant.integrated_lufs == pytest.approx(-14.0, abs=0.2)
    assert variant.true_peak_dbtp <= -1.0
    assert Path(variant.midi).read_bytes()[:4] == b"MThd"
    expected = ["sending", "sent", "fetched"] if remote.name == "ace_step" else ["sending", "fetched"]
    assert store.phases == expected
    assert store.record is not None
    assert store.record.idempotency_key == "job-A"


def test_our_own_needs_no_record(make: Make) -> None:
    store = FakeSubmissions()
    variant = make(EmbeddedMusic(), store)
    assert (variant.provider, variant.provider_note) == ("embedded", None)
    assert store.phases == []


# Where a worker may die → whether another one may still get the song that was paid for.
CRASHES = {
    "ace_step": {
        "before claim": True,
        "after claim": False,
        "before sent": False,
        "after sent": True,
        "before keep": True,
        "after keep": True,
        "before fetched": True,
        "after fetched": True,
    },
    "elevenlabs": {
        "before claim": True,
        "after claim": False,
        "before keep": False,
        "after keep": False,
        "before fetched": False,
        "after fetched": True,
    },
}


@pytest.mark.parametrize(
    ("name", "point", "gets_it"),
    [(name, point, gets) for name, all_ in CRASHES.items() for point, gets in all_.items()],
)
def test_whoever_comes_after_a_crash_does_not_pay_again(
    *, request: pytest.FixtureRequest, make: Make, server: Server, name: str, point: str, gets_it: bool
) -> None:
    provider: MusicProvider = request.getfixturevalue(name)
    store = FakeSubmissions(point=dying_at(point))
    with pytest.raises(ProcessDied):
        make(provider, store)
    for path in make.folder.iterdir():
        path.unlink()  # another worker, another folder
    variant = make(provider, store)
    assert variant.provider == (name if gets_it else "embedded")
    assert (variant.provider_note is None) == gets_it
    assert submissions(server, provider) <= 1
    before = submissions(server, provider)
    again = make(provider, store)
    assert (again.provider, submissions(server, provider)) == (variant.provider, before)


def test_of_two_racing_workers_one_sends(remote: MusicProvider, make: Make, server: Server) -> None:
    store = FakeSubmissions()
    others: list[RenderedVariant] = []

    def while_claiming(what: str) -> None:
        if what == "before claim":
            store.point = lambda _what: None
            others.append(make(remote, store))

    store.point = while_claiming
    variant = make(remote, store)
    assert submissions(server, remote) == 1
    assert others[0].provider == remote.name
    assert variant.provider == remote.name, "it finds what the other one has fetched"


def test_what_was_not_sent_is_sent_again_when_they_say(remote: MusicProvider, make: Make, server: Server) -> None:
    server.faults[SUBMIT[remote.name]] = [429, 429]
    assert make(remote, FakeSubmissions()).provider == remote.name
    assert make.time.slept[:2] == [3.0, 3.0]
    assert submissions(server, remote) == 3


def test_a_provider_that_stays_busy_is_left_alone(remote: MusicProvider, make: Make, server: Server) -> None:
    server.faults[SUBMIT[remote.name]] = [429] * 9
    variant = make(remote, FakeSubmissions())
    assert variant.provider == "embedded"
    assert variant.provider_note is not None
    assert "is busy" in variant.provider_note
    assert variant.provider_note.endswith("So our own engine made this song.")
    assert submissions(server, remote) == 3


@pytest.mark.parametrize("fault", [401, 402, 500, "hang_up"])
def test_what_may_have_been_billed_or_is_refused_is_sent_once(
    remote: MusicProvider, make: Make, server: Server, fault: int | Fault
) -> None:
    server.faults[SUBMIT[remote.name]] = [fault]
    store = FakeSubmissions()
    first = make(remote, store)
    second = make(remote, store)
    assert (first.provider, second.provider) == ("embedded", "embedded")
    assert first.provider_note == second.provider_note
    assert submissions(server, remote) == 1
    assert store.phases[-1] == "gave_up"


def test_polling_survives_their_bad_moments(ace_step: MusicProvider, make: Make, server: Server) -> None:
    server.polls_until_done = 2
    server.faults["/query_result"] = [502, "hang_up", "garbage_json"]
    server.faults["/v1/audio"] = ["truncated", 500]
    assert make(ace_step, FakeSubmissions()).provider == "ace_step"
    assert submissions(server, ace_step) == 1


def test_patience_ends(ace_step: MusicProvider, make: Make, server: Server) -> None:
    server.polls_until_done = 10_000
    variant = make(ace_step, FakeSubmissions(), MusicProviders(patience_s=60))
    assert variant.provider_note == "It was not made in time. So our own engine made this song."
    assert 50 < make.time.now_s <= 60


def test_what_they_forgot_is_not_asked_for_again(ace_step: MusicProvider, make: Make, server: Server) -> None:
    server.forgotten = True
    variant = make(ace_step, FakeSubmissions())
    assert variant.provider_note is not None
    assert "no longer knows" in variant.provider_note
    assert len(server.asked("/query_result")) == 1


def test_what_is_too_dear_is_not_sent(elevenlabs: MusicProvider, make: Make, server: Server) -> None:
    variant = make(elevenlabs, FakeSubmissions(), MusicProviders(max_usd_per_song=0.05))
    assert variant.provider_note is not None
    assert "more than is allowed" in variant.provider_note
    assert server.seen == []


def test_another_version_is_not_paid_for(remote: MusicProvider, make: Make, server: Server) -> None:
    store = FakeSubmissions()
    make(remote, store)
    plan = make.request.plan.model_copy(update={"seed": make.request.plan.seed + 1})
    changed = make.request.composition.model_copy(update={"variants": {**make.request.composition.variants, "A": plan}})
    other = Make(MusicRequest(changed, "A"), make.folder, make.time)
    assert other(remote, store).provider == "embedded"
    assert submissions(server, remote) == 1


@pytest.mark.parametrize(
    ("song", "why"),
    [
        (b"<html>not found</html>" * 100, "not a sound file"),
        (sound_bytes(20.0)[:-400_000], "not a sound file"),
        (sound_bytes(20.0, kind="silence"), "silent"),
        (sound_bytes(6.0), "lasts 6 s instead of"),
    ],
    ids=["html", "cut", "silence", "short"],
)
def test_what_is_no_song_is_not_handed_on(
    elevenlabs: MusicProvider, make: Make, server: Server, song: bytes, why: str
) -> None:
    server.song = song
    variant = make(elevenlabs, FakeSubmissions())
    assert variant.provider == "embedded"
    assert variant.provider_note is not None
    assert why in variant.provider_note


def test_a_kept_sound_that_was_damaged_is_noticed(elevenlabs: MusicProvider, make: Make, server: Server) -> None:
    store = FakeSubmissions(point=dying_at("after fetched"))
    with pytest.raises(ProcessDied):
        make(elevenlabs, store)
    store.results["kept"] = store.results["kept"][:-1] + b"\x01"
    variant = make(elevenlabs, store)
    assert variant.provider_note is not None
    assert "damaged" in variant.provider_note
