"""A kind of providers is a type of request, and no more: pictures, for example, are paid for once as songs are."""

import hashlib
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from tests.fixtures.submissions import FakeSubmissions, FastTime, ProcessDied

from soundstage.providers.errors import Ambiguous, Expired, Failed, NotSent, ProviderError, Refused, Unreachable
from soundstage.providers.paid_submission import Limits, PaidSubmission
from soundstage.providers.protocol import (
    Estimate,
    Fetched,
    Provider,
    Reference,
    Status,
    Submitted,
    fingerprint_of,
)

Point = Callable[[str], None]


@dataclass(frozen=True)
class ImageRequest:
    prompt: str
    width_px: int = 1024
    height_px: int = 576


@dataclass
class Studio:
    """The other side: what it was asked for, and what it has billed, survives our processes."""

    billed: list[str] = field(default_factory=list)
    pictures: dict[str, bytes] = field(default_factory=dict)
    polls_until_done: int = 2
    trouble: list[ProviderError] = field(default_factory=list)

    def paint(self, request: ImageRequest) -> str:
        if self.trouble:
            raise self.trouble.pop(0)
        number = f"picture-{len(self.billed)}"
        self.billed.append(request.prompt)
        self.pictures[number] = f"PNG {request.width_px}x{request.height_px} {request.prompt}".encode()
        return number


class Images:
    """Paints in its own time, or at once (``Provider[ImageRequest]``). Each of its calls is a point to die at."""

    name = "images"
    repeatable = False

    def __init__(self, studio: Studio, *, at_once: bool = False, point: Point = lambda _: None) -> None:
        self._studio = studio
        self._at_once = at_once
        self.point = point

    def fingerprint(self, request: ImageRequest) -> str:
        return fingerprint_of(self.name, prompt=request.prompt, size=[request.width_px, request.height_px])

    def estimate(self, request: ImageRequest) -> Estimate:
        return Estimate(usd=request.width_px * request.height_px * 1e-7, seconds=8.0)

    def submit(self, request: ImageRequest, idempotency_key: str, folder: Path) -> Submitted:
        self.point("before submit")
        number = self._studio.paint(request)
        self.point("after submit")
        reference = Reference(provider=self.name, id=number)
        return Submitted(reference, self._file(number, folder) if self._at_once else None)

    def poll(self, reference: Reference) -> Status:
        self.point("poll")
        self._studio.polls_until_done -= 1
        return "waiting" if self._studio.polls_until_done >= 0 else "done"

    def fetch(self, reference: Reference, request: ImageRequest, folder: Path) -> Fetched:
        self.point("before fetch")
        path = self._file(reference.id, folder)
        self.point("after fetch")
        return Fetched(path, hashlib.sha256(path.read_bytes()).hexdigest())

    def cancel(self, reference: Reference) -> None:
        self._studio.pictures.pop(reference.id)

    def _file(self, number: str, folder: Path) -> Path:
        path = folder / "images.png"
        path.write_bytes(self._studio.pictures[number])
        return path


REQUEST = ImageRequest("a lighthouse in the rain")


@dataclass
class Desk:
    folder: Path
    at_once: bool
    studio: Studio = field(default_factory=Studio)
    store: FakeSubmissions = field(default_factory=FakeSubmissions)
    time: FastTime = field(default_factory=FastTime)
    workers: int = 0

    def ask(self, *, point: Point = lambda _: None, request: ImageRequest = REQUEST, max_usd: float = 1.0) -> bytes:
        """A worker of its own, in a folder of its own."""
        self.workers += 1
        self.store.point = point
        provider: Provider[ImageRequest] = Images(self.studio, at_once=self.at_once, point=point)
        limits = Limits(max_usd=max_usd, patience_s=60.0)
        folder = self.folder / str(self.workers)
        submission = PaidSubmission(provider, request, self.store, folder, "job-shot-1", limits, self.time.clock)
        return submission.result().read_bytes()


@pytest.fixture(params=[False, True], ids=["later", "at_once"])
def desk(request: pytest.FixtureRequest, tmp_path: Path) -> Desk:
    return Desk(tmp_path, request.param)


PICTURE = b"PNG 1024x576 a lighthouse in the rain"


def points_of(desk: Desk) -> list[str]:
    """Every point that a worker whom nothing happens to comes by."""
    passed: list[str] = []
    desk.ask(point=passed.append)
    return passed


@pytest.mark.parametrize("at_once", [False, True], ids=["later", "at_once"])
def test_wherever_a_worker_dies_nothing_is_paid_for_twice(tmp_path: Path, *, at_once: bool) -> None:
    points = points_of(Desk(tmp_path / "whole", at_once))
    assert len(points) >= 8
    outcomes = {}
    for number in range(len(points)):
        desk = Desk(tmp_path / str(number), at_once)
        left = [number]

        def dying(_what: str, left: list[int] = left) -> None:
            left[0] -= 1
            if left[0] < 0:
                raise ProcessDied

        with pytest.raises(ProcessDied):
            desk.ask(point=dying)
        try:
            assert desk.ask() == PICTURE
            assert desk.ask() == PICTURE
            outcomes[number] = "got it"
        except Ambiguous:
            with pytest.raises(Ambiguous):
                desk.ask()
            outcomes[number] = "fell back"
        assert len(desk.studio.billed) <= 1
        if outcomes[number] == "got it":
            assert len(desk.studio.billed) == 1
    written = points.index("after fetched" if at_once else "after sent")
    # Nothing has left before the claim; once the answer is written down, nothing is lost. In between nobody can know.
    expected = ["got it", *["fell back"] * (written - 1), *["got it"] * (len(points) - written)]
    assert list(outcomes.values()) == expected


def test_of_two_workers_at_once_one_sends(desk: Desk) -> None:
    others: list[bytes] = []

    def while_claiming(what: str) -> None:
        if what == "before claim":
            others.append(desk.ask())

    assert desk.ask(point=while_claiming) == PICTURE
    assert others == [PICTURE]
    assert len(desk.studio.billed) == 1


def test_who_finds_another_at_work_leaves_its_record_alone(desk: Desk) -> None:
    def while_sending(what: str) -> None:
        if what == "after submit":
            desk.store.point = lambda _: None
            with pytest.raises(Ambiguous):
                desk.ask()

    assert desk.ask(point=while_sending) == PICTURE
    assert "gave_up" not in desk.store.phases
    assert desk.ask() == PICTURE


def test_what_was_not_sent_is_sent_again(desk: Desk) -> None:
    desk.studio.trouble = [NotSent("busy", retry_after_s=3.0), NotSent("busy")]
    assert desk.ask() == PICTURE
    assert desk.time.slept[:2] == [3.0, 4.0]


@pytest.mark.parametrize("trouble", [Refused("no money"), Ambiguous("broken connection")])
def test_what_was_refused_or_perhaps_billed_is_not(desk: Desk, trouble: ProviderError) -> None:
    desk.studio.trouble = [trouble]
    with pytest.raises(type(trouble)):
        desk.ask()
    with pytest.raises(Failed, match=trouble.message):
        desk.ask()
    assert desk.studio.billed == []


def test_what_is_too_dear_is_not_sent_and_may_be_asked_for_again(desk: Desk) -> None:
    with pytest.raises(Refused, match=r"about \$0.06, which is more than is allowed"):
        desk.ask(max_usd=0.05)
    assert desk.store.record is None
    assert desk.ask() == PICTURE


def test_patience_ends_and_the_other_side_hears_of_it(tmp_path: Path) -> None:
    desk = Desk(tmp_path, at_once=False, studio=Studio(polls_until_done=1000))
    with pytest.raises(Expired, match="not made in time"):
        desk.ask()
    assert 50 < desk.time.now_s <= 60
    assert desk.studio.pictures == {}


def test_fetching_is_tried_again(tmp_path: Path) -> None:
    desk = Desk(tmp_path, at_once=False)
    left = [3]

    def away(what: str) -> None:
        if what == "before fetch" and left[0]:
            left[0] -= 1
            raise Unreachable("They did not answer.")

    assert desk.ask(point=away) == PICTURE
    assert desk.time.slept[-3:] == [2.0, 4.0, 8.0]


def test_another_picture_under_the_same_name_is_not_paid_for(desk: Desk) -> None:
    desk.ask()
    with pytest.raises(Refused, match="asks only once"):
        desk.ask(request=ImageRequest("a lighthouse in the sun"))
    assert len(desk.studio.billed) == 1


def test_a_damaged_result_is_noticed(desk: Desk) -> None:
    desk.ask()
    desk.store.results["kept"] = b"PNG"
    with pytest.raises(Failed, match="damaged"):
        desk.ask()
