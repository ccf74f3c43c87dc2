"""One project, several films: other shapes of the frame and other languages share what they have in common."""

from typing import Any

import pytest
from functions.api.services import Services
from functions.film import prepare as film_prepare
from tests.fixtures.film_projects import storyboard
from tests.integration.api.conftest import Person, given_to_steps

from soundstage.film.artefacts import picture_digest
from soundstage.models.projects import FilmOrder

Made = dict[str, Any]
CHINESE: dict[str, Any] = {
    "s1": {"narration": "黄昏时，米娅爬上灯塔。", "title": "灯塔"},
    "s2": {"narration": "灯是黑的。"},
    "s3": {"narration": "她点亮了灯，一艘船回家了。", "lines": [{"speaker": "c1", "text": "她点亮了灯"}]},
}


@pytest.fixture
def path(ada: Person) -> str:
    board = storyboard().model_dump(mode="json")
    made = ada.post("/v1/projects", {"storyboard": board, "make_shots": False, "settings": {"narrator": "bf_emma"}})
    return f"/v1/projects/{made.json()['project_id']}"


def order_of(services: Services, job: Made) -> FilmOrder:
    event = {"job": given_to_steps(services, job).model_dump(mode="json")}
    return FilmOrder.model_validate(services.objects.read_json(film_prepare.handler(event, None)["order_key"]))


def test_a_project_is_filmed_in_another_language_and_shape(
    services: Services, ada: Person, path: str, steps_run: None
) -> None:
    put = ada.request("PUT", f"{path}/translations/zh", json={"title": "灯", "shots": CHINESE})
    assert put.status_code == 200, put.text
    assert (put.json()["missing"], put.json()["outdated"], put.headers["ETag"]) == ([], [], '"2"')

    assert ada.get(path).json()["translations"] == ["zh"]

    asked = ada.post(f"{path}/films", {"language": "zh", "aspect": "9:16", "quality": "preview"})

    assert asked.status_code == 202, asked.text
    order = order_of(services, asked.json())
    board, settings = order.storyboard, order.settings
    assert (board.title, board.language, settings.aspect, settings.narrator) == ("灯", "zh", "9:16", None)
    assert [shot.narration for shot in board.shots] == [shot["narration"] for shot in CHINESE.values()]
    assert [beat.name for beat in board.chain.beats] == ["灯塔", "转折", "结局"]
    original = order_of(services, ada.post(f"{path}/films", {"quality": "preview"}).json())
    assert (original.storyboard.title, original.settings.narrator) == ("The lamp", "bf_emma")
    upright = original.settings.model_copy(update={"aspect": "9:16"})
    for told, shot in zip(board.shots, original.storyboard.shots, strict=True):
        assert picture_digest(board, told, settings) == picture_digest(original.storyboard, shot, upright)


def test_what_is_not_translated_is_not_filmed(ada: Person, path: str) -> None:
    refused = ada.post(f"{path}/films", {"language": "zh"})
    assert (refused.status_code, refused.json()["code"]) == (409, "TRANSLATION_MISSING")
    some = {name: shot for name, shot in CHINESE.items() if name != "s2"}
    assert ada.request("PUT", f"{path}/translations/zh", json={"title": "灯", "shots": some}).json()["missing"] == [
        "s2"
    ]
    refused = ada.post(f"{path}/films", {"language": "zh"}).json()
    assert (refused["code"], refused["detail"]) == ("TRANSLATION_MISSING", {"shots": ["s2"]})
    assert ada.post(f"{path}/films", {"language": "en"}).status_code == 202


def test_a_translation_knows_what_was_edited_since(ada: Person, path: str) -> None:
    ada.request("PUT", f"{path}/translations/zh", json={"title": "灯", "shots": CHINESE})
    first = ada.get(path).json()["shots"][0]["shot_id"]
    ada.patch(f"/v1/shots/{first}", {"narration": "Mia runs up.", "locked": True})
    assert ada.get(f"{path}/translations/zh").json()["outdated"] == ["s1"]
    told = ada.get(f"{path}/versions/1/compare?to=2").json()["differences"]
    assert [difference["sentence"] for difference in told] == ["The translation into Chinese was added."]
    assert ada.delete(f"{path}/translations/zh").status_code == 204
    assert ada.get(f"{path}/translations/zh").json()["code"] == "NOT_FOUND"


@pytest.mark.parametrize(
    ("language", "body"),
    [
        ("en", {"title": "The lamp"}),
        ("zh", {"title": "灯", "shots": {"s9": {"narration": "谁？"}}}),
        ("zh", {"title": "灯", "shots": {"s1": {"narration": "谁？", "lines": [{"speaker": "c9", "text": "谁？"}]}}}),
        ("zh", {"title": "灯", "narrator": "bf_emma"}),
        ("fr", {"title": "La lampe"}),
    ],
)
def test_no_translation_of_this_project_is_refused(ada: Person, path: str, language: str, body: Made) -> None:
    refused = ada.request("PUT", f"{path}/translations/{language}", json=body)
    assert (refused.status_code, refused.json()["code"]) == (422, "INVALID_INPUT")
    assert ada.get(path).json()["revision"] == 1


def test_somebody_elses_project_has_no_translations_for_others(eve: Person, path: str) -> None:
    asked = (
        eve.get(f"{path}/translations/zh"),
        eve.request("PUT", f"{path}/translations/zh", json={"title": "灯"}),
        eve.delete(f"{path}/translations/zh"),
        eve.post(f"{path}/films", {}),
    )
    assert {answer.status_code for answer in asked} == {404}
