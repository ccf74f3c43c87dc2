"""What people bring to their films: pictures and music of their own, from the upload to the finished film."""

import io
from collections.abc import Callable
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from functions.api.services import Services
from functions.film import persist as film_persist
from functions.film import prepare as film_prepare
from functions.ingest import accept as ingest_accept
from functions.ingest import claim as ingest_claim
from functions.ingest import probe as ingest_probe
from functions.shot import persist as shot_persist
from functions.shot import prepare as shot_prepare
from PIL import Image
from tests.fixtures.film_projects import storyboard
from tests.fixtures.sounds import sine_audio
from tests.integration.api.conftest import Person, given_to_steps, succeeded

from soundstage.audio.io import write_wav
from soundstage.models.ids import Id, new_id
from soundstage.models.projects import FilmOrder, ShotOrder
from soundstage.platform.aws.own_files import own_material
from soundstage.platform.aws.storage import ObjectStore

IMAGE = Path(__file__).parents[3] / "containers" / "gpu-render"
Made = dict[str, Any]
QUIET = {
    "quality": "preview",
    "title_card": False,
    "end_card": False,
    "transition": "cut",
    "motion": "still",
    "music": {"source": "none"},
}
"""A film that is made in no time."""
RED, BLUE, GREEN = (200, 30, 30), (30, 30, 200), (30, 200, 30)


def picture(colour: tuple[int, int, int] = RED, size: tuple[int, int] = (320, 180)) -> bytes:
    file = io.BytesIO()
    Image.new("RGB", size, colour).save(file, "PNG")
    return file.getvalue()


def sound(folder: Path, seconds: float = 3.0) -> bytes:
    write_wav(folder / "sound.wav", sine_audio(seconds))
    return (folder / "sound.wav").read_bytes()


class Context:
    """``soundstage.jobs.tasks.TaskContext``."""

    attempt = 1

    def __init__(self, job: Made, objects: ObjectStore, owner_id: Id, scratch: Path) -> None:
        self.job_id, self.objects, self.owner_id, self.scratch = job["job_id"], objects, owner_id, scratch
        scratch.mkdir()

    def result_key(self, name: str) -> str:
        return f"results/{self.job_id}/{name}"

    def work_key(self, name: str) -> str:
        return f"work/{self.job_id}/{name}"

    def progress(self, done: float) -> None: ...


@dataclass
class Desk:
    """Ada's, with a project of two silent shots of half a second, without anybody to be painted."""

    services: Services
    ada: Person
    project: Made
    folder: Path

    @property
    def path(self) -> str:
        return f"/v1/projects/{self.project['project_id']}"

    @property
    def shots(self) -> list[Id]:
        return [shot["shot_id"] for shot in self.project["shots"]]

    def send(self, content: bytes, *, name: str = "mine.png", person: Person | None = None) -> Id:
        """A file of Ada's (or of whom it says) arrives, and ingest looks at it. Returns its asset."""
        content_type = {"png": "image/png", "wav": "audio/wav"}[name.rpartition(".")[2]]
        told = {"file_name": name, "content_type": content_type, "size_bytes": len(content)}
        asset_id: Id = (person or self.ada).post("/v1/uploads", told).json()["asset"]["asset_id"]
        held = self.services.assets.get(asset_id)
        assert held is not None
        self.services.objects.write(held.bucket_key, content, content_type=content_type)
        event = {"bucket": "b", "key": held.bucket_key, "size_bytes": len(content), "sequencer": "01"}
        claimant = {"claimant": new_id()}
        seen = {"asset_id": asset_id, "claim": ingest_claim.handler(event | claimant, None), **claimant}
        probed = ingest_probe.handler(seen, None)
        assert probed["outcome"] == "ok", probed
        ingest_accept.handler(seen | {"probe": probed}, None)
        return asset_id

    def edit(self, shot_id: Id, **change: Any) -> Made:
        answer = self.ada.patch(f"/v1/shots/{shot_id}", change)
        assert answer.status_code == 200, answer.text
        shot: Made = answer.json()
        return shot

    def made(self, shot_id: Id, **change: Any) -> Made:
        """The shot after this edit, and after the work that came of it."""
        self.work(self.ada.get(f"/v1/jobs/{self.edit(shot_id, **change)['job_id']}").json())
        shot: Made = self.ada.get(f"/v1/shots/{shot_id}").json()
        return shot

    def filmed(self, **wanted: Any) -> Made:
        job = self.ada.post("/v1/films", {"project_id": self.project["project_id"], **wanted}).json()
        assert (job["status"], job["depends_on"]) == ("running", [])
        self.work(job)
        film: Made = self.ada.get(f"/v1/films/{job['subject_id']}").json()
        return film

    def work(self, job: Made) -> None:
        """All of a job: its steps and its worker."""
        event = {"job": given_to_steps(self.services, job).model_dump(mode="json")}
        kind = job["kind"]
        prepare, persist = {"shot": (shot_prepare, shot_persist), "film": (film_prepare, film_persist)}[kind]
        make = import_module(f"tasks.{kind}_make")
        order = prepare.handler(event, None)
        context = Context(job, self.services.objects, self.ada.user_id, self.folder / job["job_id"])
        made = make.run({"order_key": order["order_key"]}, context)
        assert persist.handler(event | {"order": order, "made": made}, None)["kept"]
        succeeded(self.services, job)


@pytest.fixture
def desk(services: Services, ada: Person, steps_run: None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Desk:
    monkeypatch.syspath_prepend(str(IMAGE))
    board = storyboard().model_dump(mode="json")
    shots = [shot | {"narration": "", "cast": [], "duration_s": 0.5} for shot in board["shots"][:2]]
    board |= {"shots": shots, "chain": {}}
    answer = ada.post("/v1/projects", {"storyboard": board, "settings": QUIET, "make_shots": False})
    assert answer.status_code == 201, answer.text
    return Desk(services, ada, answer.json(), tmp_path)


def mean_colour(services: Services, key: str) -> np.ndarray:
    image = Image.open(io.BytesIO(services.objects.read(key))).convert("RGB")
    return np.asarray(np.asarray(image, float).mean(axis=(0, 1)))


def remade(film: Made) -> set[str]:
    return {part["part"] for part in film["parts"] if not part["reused"]}


def test_own_pictures_and_own_music_become_a_film(desk: Desk) -> None:
    ada, (first, second) = desk.ada, desk.shots
    asset_id = desk.send(picture(RED), name="a drawing.png")

    shot = desk.made(first, own_picture={"asset_id": asset_id, "sha256": "f" * 64})
    sha256 = ada.get(f"/v1/assets/{asset_id}").json()["sha256"]
    assert (shot["own_picture"]["file_name"], shot["own_picture"]["sha256"]) == ("a drawing.png", sha256)
    assert (shot["picture_state"], shot["providers"]["picture"]) == ("current", "own")
    same = desk.edit(first, prompt="Something else.")
    assert (same["job_id"], same["picture_state"]) == (shot["job_id"], "current")  # no word changes a photograph
    desk.made(second, own_picture={"asset_id": desk.send(picture(BLUE))})
    tune = {"source": "file", "upload": {"asset_id": desk.send(sound(desk.folder), name="tune.wav")}}
    assert ada.patch(desk.path, {"settings": {"music": tune}}).status_code == 200

    film = desk.filmed()

    assert film["quality"]["failures"] == []
    providers = {part["part"]: part["provider"] for part in film["parts"]}
    assert (providers["s1 picture"], providers["s2 picture"], providers["music"]) == ("own", "own", "file")
    assert film["quality"]["integrated_lufs"] is not None  # it sounds
    poster = mean_colour(desk.services, f"results/{film['job_id']}/poster.jpg")
    assert poster[0] > 2 * poster[2]  # red
    desk.made(first, own_picture={"asset_id": desk.send(picture(GREEN))})
    changed = remade(desk.filmed())
    assert any("segment" in part for part in changed)
    assert not {"music", "sound", "s2 picture"} & changed


def test_a_song_of_a_track_is_the_music(desk: Desk, eve: Person, ready_track: Id) -> None:
    services, ada = desk.services, desk.ada
    song = {"source": "track", "track": {"track_id": ready_track, "variant": "B"}}
    url = ada.get(f"/v1/tracks/{ready_track}").json()["variants"][1]["audio_url"].partition("?")[0]

    job = ada.post("/v1/films", {"project_id": desk.project["project_id"], "settings": {"music": song}}).json()

    event = {"job": given_to_steps(services, job).model_dump(mode="json")}
    order = services.objects.read_json(film_prepare.handler(event, None)["order_key"])
    assert url.endswith(order["own_files"]["music"]["key"])
    board = storyboard().model_dump(mode="json")
    theirs = eve.post("/v1/projects", {"storyboard": board, "make_shots": False}).json()
    refused = eve.patch(f"/v1/projects/{theirs['project_id']}", {"settings": {"music": song}})
    assert (refused.status_code, refused.json()["code"]) == (404, "NOT_FOUND")
    assert ada.patch(desk.path, {"settings": {"music": song}}).status_code == 200
    assert ada.delete(f"/v1/tracks/{ready_track}").status_code == 204
    gone = ada.post(f"{desk.path}/shots/make").json()
    assert [problem["code"] for problem in gone["detail"]["problems"]] == ["MATERIAL_GONE"]


def test_what_is_not_fit_is_refused_in_one_sentence(desk: Desk, eve: Person, upload: Callable[[Person], Id]) -> None:
    ada = desk.ada
    tune = desk.send(sound(desk.folder), name="tune.wav")
    drawing, theirs = desk.send(picture()), desk.send(picture(), person=eve)

    def shot(**change: Any) -> tuple[int, str | None]:
        answer = ada.patch(f"/v1/shots/{desk.shots[0]}", change)
        return answer.status_code, answer.json().get("code")

    def music(**change: Any) -> tuple[int, str | None]:
        answer = ada.patch(desk.path, {"settings": {"music": change}})
        return answer.status_code, answer.json().get("code")

    assert shot(own_picture={"asset_id": tune}) == (422, "INVALID_INPUT")
    assert shot(own_picture={"asset_id": theirs}) == (404, "NOT_FOUND")
    assert shot(own_picture={"asset_id": new_id()}) == (404, "NOT_FOUND")
    assert shot(own_recording={"asset_id": upload(ada)}) == (409, "ASSET_NOT_READY")
    assert shot(own_recording={"asset_id": tune, "start_s": 3.5}) == (422, "INVALID_INPUT")
    assert music(source="file") == (422, "INVALID_INPUT")
    assert music(source="file", file="/etc/hosts") == (422, "INVALID_INPUT")
    assert music(source="file", upload={"asset_id": drawing}) == (422, "INVALID_INPUT")
    assert music(source="track", track={"track_id": new_id()}) == (404, "NOT_FOUND")
    board = ada.get(f"{desk.path}/storyboard").json()
    board["shots"][0]["own_picture"] = {"asset_id": theirs}
    assert ada.post("/v1/projects", {"storyboard": board}).json()["code"] == "NOT_FOUND"
    assert ada.get(desk.path).json()["revision"] == 1
    # What the project has in one place is looked at again in another.
    assert shot(own_picture={"asset_id": drawing}, own_recording={"asset_id": tune}) == (200, None)
    assert shot(own_recording={"asset_id": drawing}) == (422, "INVALID_INPUT")
    assert shot(own_recording={"asset_id": tune, "start_s": 3.5}) == (422, "INVALID_INPUT")
    assert shot(own_picture={"asset_id": tune}) == (422, "INVALID_INPUT")


def test_a_file_that_a_project_uses_is_let_go_before_it_is_deleted(desk: Desk) -> None:
    ada, first = desk.ada, desk.shots[0]
    asset_id = desk.send(picture())
    desk.edit(first, own_picture={"asset_id": asset_id})

    refused = ada.delete(f"/v1/assets/{asset_id}")

    assert (refused.status_code, refused.json()["code"]) == (409, "ASSET_IN_USE")
    assert refused.json()["detail"] == {"projects": [desk.project["project_id"]]}
    desk.edit(first, own_picture=None)
    assert ada.delete(f"/v1/assets/{asset_id}").status_code == 204
    back = ada.post(f"{desk.path}/versions/2/restore").json()
    assert back["shots"][0]["own_picture"] is None  # it cannot come back
    lost = desk.send(picture())
    desk.edit(first, own_picture={"asset_id": lost})
    desk.services.assets.delete(lost)  # as if somebody deleted it just when it was named
    problems = ada.get(f"{desk.path}/estimate").json()["problems"]
    assert [(problem["code"], problem["shot"]) for problem in problems] == [("MATERIAL_GONE", "s1")]


def test_recordings_come_to_the_worker_with_the_part_that_tells_the_shot(desk: Desk) -> None:
    ada, services, first = desk.ada, desk.services, desk.shots[0]
    content = sound(desk.folder)
    asset_id = desk.send(content, name="story.wav")
    told = {"asset_id": asset_id, "start_s": 0.5, "end_s": 2.0}

    shot = desk.edit(first, narration="Hello.", own_recording=told)

    assert shot["own_recording"]["file_name"] == "story.wav"
    event = {"job": given_to_steps(services, {"job_id": shot["job_id"]}).model_dump(mode="json")}
    order = ShotOrder.model_validate(services.objects.read_json(shot_prepare.handler(event, None)["order_key"]))
    own = own_material(order, services.objects, desk.folder / "own").recordings["s1"]
    assert (own.start_s, own.end_s) == (0.5, 2.0)
    assert own.source.fetch().read_bytes() == content
    assert own.source.fetch() == own.source.fetch()
    assert ada.delete(f"/v1/assets/{asset_id}").json()["code"] == "ASSET_IN_USE"


def test_one_recording_of_the_whole_story_comes_to_the_worker(desk: Desk, eve: Person) -> None:
    ada, services = desk.ada, desk.services
    desk.edit(desk.shots[0], narration="Hello.")
    content = sound(desk.folder)
    mine, theirs, drawing = (
        desk.send(content, name="story.wav"),
        desk.send(content, name="x.wav", person=eve),
        desk.send(picture()),
    )

    def told(asset_id: Id | None) -> Any:
        return ada.patch(desk.path, {"settings": {"own_narration": asset_id and {"asset_id": asset_id}}})

    assert told(theirs).json()["code"] == "NOT_FOUND"
    assert told(drawing).json()["code"] == "INVALID_INPUT"
    assert told(mine).json()["settings"]["own_narration"]["file_name"] == "story.wav"
    job = ada.post("/v1/films", {"project_id": desk.project["project_id"]}).json()
    event = {"job": given_to_steps(services, job).model_dump(mode="json")}
    order = FilmOrder.model_validate(services.objects.read_json(film_prepare.handler(event, None)["order_key"]))
    narration = own_material(order, services.objects, desk.folder / "own").narration
    assert narration is not None
    assert narration.fetch().read_bytes() == content
    assert ada.delete(f"/v1/assets/{mine}").json()["code"] == "ASSET_IN_USE"
    assert told(None).json()["settings"]["own_narration"] is None


def test_a_translation_may_be_told_in_one_s_own_voice(desk: Desk, eve: Person) -> None:
    desk.edit(desk.shots[0], narration="Hello.")
    mine, theirs = (desk.send(sound(desk.folder), name="zh.wav", person=person) for person in (None, eve))
    path = f"{desk.path}/translations/zh"

    def put(asset_id: Id) -> Any:
        shot = {"narration": "你好。", "own_recording": {"asset_id": asset_id}}
        return desk.ada.request("PUT", path, json={"title": "灯", "shots": {"s1": shot}})

    assert put(theirs).json()["code"] == "NOT_FOUND"
    assert put(mine).status_code == 200
    job = desk.ada.post(f"{desk.path}/films", {"language": "zh"}).json()
    event = {"job": given_to_steps(desk.services, job).model_dump(mode="json")}
    order = FilmOrder.model_validate(desk.services.objects.read_json(film_prepare.handler(event, None)["order_key"]))
    recording = order.storyboard.shots[0].own_recording
    assert recording is not None
    assert [*order.own_files.uploads] == [recording.sha256]
