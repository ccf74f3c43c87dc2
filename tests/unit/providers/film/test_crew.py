"""A film by services of others, over HTTP: bought once, told what was bought, ours where they fail."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from pydantic import SecretStr
from tests.fixtures.film import SHOTS, ChordComposer, PlainPainter, ToneSpeaker, storyboard
from tests.fixtures.film_servers import openai_routes, picture
from tests.fixtures.provider_servers import KEY, Server, serving
from tests.fixtures.purse import Purse

from soundstage.film import parts
from soundstage.film.painting import EmbeddedPainter
from soundstage.film.part_store import PartStore
from soundstage.film.ports import Crew
from soundstage.film.production import make_film
from soundstage.models.film import FilmResult, FilmSettings, Picture
from soundstage.models.profiles import OpenAiImages, OpenAiSpeech, ProfileKind, ProfileVoice
from soundstage.models.story import Storyboard
from soundstage.providers.errors import Unsupported
from soundstage.providers.film.crew import OpenProfile, Outside, crew
from soundstage.providers.film.embedded import PainterApart
from soundstage.providers.film.pictures import ProviderPainter

pytestmark = pytest.mark.slow

NAMED = {"image": "my painter", "speech": "my voice"}
SETTINGS = FilmSettings(quality="preview", title_card=False, end_card=False, providers=NAMED)
VOICES = [ProfileVoice(id="anna", gender="female"), ProfileVoice(id="otto", gender="male", age="old")]
IDENTITY = "Mara, a girl with dark braids and a red scarf"


@pytest.fixture(scope="module")
def running() -> Iterator[Server]:
    with serving() as server:
        yield server


@pytest.fixture
def server(running: Server) -> Server:
    running.routes = openai_routes()
    running.seen.clear()
    running.faults.clear()
    return running


def board(count: int = 4) -> Storyboard:
    found = storyboard(SHOTS[:count])
    mara = found.characters[0].model_copy(update={"identity": IDENTITY})
    return found.model_copy(update={"characters": [mara, *found.characters[1:]]})


def hired(server: Server, purse: Purse, *, job: str = "job-1", reference: bool = False) -> Crew:
    """Pictures and speech by the server; where those fail, quick stand-ins for ours."""
    images = OpenAiImages(
        protocol="openai_images",
        url=f"{server.url}/v1",
        model="painter-1",
        price_usd=0.04,
        takes_seed=True,
        takes_reference=reference,
    )
    speech = OpenAiSpeech(protocol="openai_speech", url=f"{server.url}/v1", model="cosy", price_usd=0.01, voices=VOICES)
    key = SecretStr(KEY)
    profiles: dict[ProfileKind, OpenProfile] = {"image": OpenProfile(images, key), "speech": OpenProfile(speech, key)}
    outside = Outside(profiles, purse.account(job), public_only=False)
    found = crew(SETTINGS, outside)
    assert [type(painter) for painter in found.painters] == [ProviderPainter, PainterApart]
    painter = found.painters[0]
    if reference:
        assert isinstance(painter, ProviderPainter)
        assert isinstance(painter.sketcher, EmbeddedPainter)
        painter.sketcher = PlainPainter()
    return Crew([found.speakers[0], ToneSpeaker()], [painter, PlainPainter()], ChordComposer())


def picture_of(made_by: Crew, folder: Path, number: int = 0) -> Picture:
    found = parts.picture_of(board(), SHOTS[number], SETTINGS, made_by.painters, PartStore(folder))
    assert all((found.folder / layer.file).is_file() for layer in found.value.layers)
    return found.value


def _made(made_by: Crew, folder: Path) -> FilmResult:
    return make_film(board(2), SETTINGS, made_by, PartStore(folder / "parts"), folder / "out", workers=1)


def test_a_film_is_made_by_them_and_says_what_it_cost(server: Server, tmp_path: Path) -> None:
    purse, shots = Purse(), SHOTS[:2]
    result = _made(hired(server, purse), tmp_path)
    made = {part.part: part for part in result.parts}
    assert {made[f"{shot.id} picture"].provider for shot in shots} == {"openai_images painter-1"}
    assert made["s1 speech"].provider == "openai_speech cosy"
    assert "estimated from pauses" in str(made["s1 speech"].note)
    assert made["s1 picture"].usd == pytest.approx(0.04)
    bought = sum(part.usd for part in result.parts)
    assert bought == pytest.approx(sum(purse.spent.values()))
    assert result.quality.failures == []
    asked = [seen.json for seen in server.asked("/v1/images/generations")]
    assert sorted(body["seed"] for body in asked) == sorted(shot.seed for shot in shots)
    assert all(body["size"] == "1536x1024" for body in asked)
    with_mara = [body for body in asked if IDENTITY in body["prompt"]]
    assert len(with_mara) == sum(any(who.character == "c1" for who in shot.cast) for shot in shots)
    spoken = {seen.json["input"]: seen.json["voice"] for seen in server.asked("/v1/audio/speech")}
    assert spoken["One cold evening Mara climbed the stairs."] == "anna"
    # Another job on another machine: everything was paid for, nothing is asked.
    server.seen.clear()
    again = _made(hired(server, purse, job="job-2"), tmp_path / "again")
    assert (server.seen, again.sha256) == ([], result.sha256)


def test_words_are_where_the_author_wrote_them(server: Server, tmp_path: Path) -> None:
    speaker = hired(server, Purse()).speakers[0]
    text = "The storm came fast. Mara ran home, and the lamp was dark."
    said = speaker.speak(text, voice="anna", language="en", speed=1.0, out=tmp_path / "a.wav")
    assert [text[word.start : word.end] for word in said.words] == [word.text for word in said.words]
    starts = {word.text: word.start_s for word in said.words}
    # As the server spoke it: .1 s, then .07 s a letter, .03 s between words, .4 s after a mark.
    assert starts["The"] == pytest.approx(0.1, abs=0.02)
    assert starts["Mara"] == pytest.approx(0.1 + 16 * 0.07 + 3 * 0.03 + 0.4, abs=0.02)
    assert starts["and"] == pytest.approx(starts["Mara"] + 11 * 0.07 + 2 * 0.03 + 0.4, abs=0.02)


@pytest.mark.parametrize("kind", ["black", "grey", "blurred"])
def test_a_refusal_that_looks_like_a_picture_is_told(server: Server, tmp_path: Path, kind: str) -> None:
    server.routes = openai_routes([picture(kind)])
    found = picture_of(hired(server, Purse()), tmp_path)
    assert found.provider == "embedded"
    assert "PROVIDER_REFUSED" in found.notes[0]
    assert "refuses to paint" in found.notes[0]


def test_what_was_refused_for_nothing_may_be_asked_for_by_another_job(server: Server, tmp_path: Path) -> None:
    purse = Purse()
    server.faults = {"/v1/images/generations": [400]}
    assert "PROVIDER_REFUSED" in picture_of(hired(server, purse), tmp_path / "a").notes[0]
    assert purse.spent == {}
    assert picture_of(hired(server, purse), tmp_path / "b").provider == "embedded"
    assert len(server.asked("/v1/images/generations")) == 1
    assert picture_of(hired(server, purse, job="job-2"), tmp_path / "c").provider == "openai_images painter-1"


def test_what_may_have_been_billed_is_never_asked_for_again(server: Server, tmp_path: Path) -> None:
    purse = Purse()
    server.faults = {"/v1/images/generations": [502]}
    for job in ("job-1", "job-2"):
        found = picture_of(hired(server, purse, job=job), tmp_path / job)
        assert found.provider == "embedded"
    assert len(server.asked("/v1/images/generations")) == 1
    assert list(purse.spent.values()) == [0.04]


def test_the_budget_ends_before_anything_is_sent(server: Server, tmp_path: Path) -> None:
    purse = Purse(max_usd=0.05)
    made_by = hired(server, purse)
    assert picture_of(made_by, tmp_path, 0).provider == "openai_images painter-1"
    assert picture_of(made_by, tmp_path, 1).notes[0].startswith("BUDGET_EXCEEDED: ")
    assert len(server.asked("/v1/images/generations")) == 1


def test_our_own_picture_goes_along_where_the_model_follows_one(server: Server, tmp_path: Path) -> None:
    picture_of(hired(server, Purse(), reference=True), tmp_path)
    (seen,) = server.asked("/v1/images/edits")
    form = seen.form()
    assert form["image"].startswith(b"\xff\xd8")
    assert IDENTITY.encode() in form["prompt"]


def test_a_voice_service_that_is_down_leaves_no_film_half_and_half(server: Server, tmp_path: Path) -> None:
    server.faults = {"/v1/audio/speech": ["garbage_json"]}
    result = _made(hired(server, Purse()), tmp_path)
    speech = [part for part in result.parts if part.part.endswith("speech")]
    assert {part.provider for part in speech} == {"tones"}
    assert all("PROVIDER_RESULT" in str(part.note) for part in speech)


def test_a_profile_that_is_not_there_any_more_is_told(tmp_path: Path) -> None:
    found = crew(SETTINGS, None)
    made = picture_of(Crew([ToneSpeaker()], [found.painters[0], PlainPainter()], None), tmp_path)
    assert made.provider == "embedded"
    assert made.notes[0].startswith("PROVIDER_UNSUPPORTED: The model profile that was chosen is not there any more")
    with pytest.raises(Unsupported):
        found.speakers[0].voices(board(), None)
    assert crew(FilmSettings()).animators == []
