"""Projects: from a story to a film, edited meanwhile by people who do not wait for each other."""

from typing import Any

import pytest
from functions.api.services import Services
from functions.film import persist as film_persist
from functions.film import prepare as film_prepare
from functions.shot import persist as shot_persist
from functions.shot import prepare as shot_prepare
from functions.shot_batch import begin as batch_begin
from functions.shot_batch import look as batch_look
from functions.shot_batch import persist as batch_persist
from functions.storyboard import persist as storyboard_persist
from functions.storyboard import prepare as storyboard_prepare
from tests.fixtures.film_projects import STORY, artefacts, film_result, storyboard
from tests.integration.api.conftest import Person, given_to_steps, succeeded

from soundstage.jobs.service import ACTIVE
from soundstage.models.errors import JobCanceled
from soundstage.models.jobs import JobError, JobStatus
from soundstage.models.projects import FilmOrder, ShotOrder, StoryOrder
from soundstage.products.service import ProductJobs

Made = dict[str, Any]


@pytest.fixture
def project(ada: Person) -> Made:
    """Ada's, with a storyboard of three shots of which none is made."""
    return a_project(ada)


def a_project(person: Person, **more: Any) -> Made:
    new = {"storyboard": storyboard().model_dump(mode="json"), "make_shots": False} | more
    answer = person.post("/v1/projects", new)
    assert answer.status_code == 201, answer.text
    made: Made = answer.json()
    return made


def shot_ids(project: Made) -> list[str]:
    return [shot["shot_id"] for shot in project["shots"]]


def job_of(person: Person, job_id: str) -> Made:
    found: Made = person.get(f"/v1/jobs/{job_id}").json()
    return found


def run_shot(services: Services, person: Person, job_id: str) -> Made:
    """The shot's steps, without a worker."""
    job = {"job": given_to_steps(services, job_of(person, job_id)).model_dump(mode="json")}
    order = ShotOrder.model_validate(services.objects.read_json(shot_prepare.handler(job, None)["order_key"]))
    digests = order.picture_made_from, order.speech_made_from
    made = artefacts(job_id, picture=digests[0], speech=digests[1], clip=digests[0])
    answer = shot_persist.handler(job | {"made": made.model_dump(mode="json")}, None)
    succeeded(services, job_of(person, job_id))
    return answer


def make_all(services: Services, person: Person, project: Made) -> Made:
    """Every shot is made, one by one."""
    for shot_id in shot_ids(project):
        run_shot(services, person, person.post(f"/v1/shots/{shot_id}/make").json()["job_id"])
    made: Made = person.get(f"/v1/projects/{project['project_id']}").json()
    return made


def test_a_story_becomes_a_project_whose_shots_wait_for_its_storyboard(
    services: Services, ada: Person, steps_run: None
) -> None:
    new = ada.post("/v1/projects", {"title": "The lamp", "style": "woodcut", "story": STORY})

    assert new.status_code == 201, new.text
    project = new.json()
    assert new.headers["Location"] == f"/v1/projects/{project['project_id']}"
    assert (project["status"], project["revision"], new.headers["ETag"]) == ("writing", 1, '"1"')
    assert (project["story"], project["settings"]["style"], project["shots"]) == (STORY, "woodcut", [])
    writing, batch = (job_of(ada, project[name]) for name in ("job_id", "batch_job_id"))
    assert (writing["kind"], batch["kind"], batch["status"]) == ("storyboard", "shot_batch", "blocked")
    assert batch["depends_on"] == [{"kind": "job", "id": writing["job_id"]}]

    event = {"job": given_to_steps(services, writing).model_dump(mode="json")}
    order = StoryOrder.model_validate(services.objects.read_json(storyboard_prepare.handler(event, None)["order_key"]))
    assert (order.title, order.story, order.settings.style) == ("The lamp", STORY, "woodcut")
    key = f"results/{writing['job_id']}/storyboard.json"
    services.objects.write_json(key, storyboard(title="Another").model_dump(mode="json"))
    answers = [storyboard_persist.handler(event | {"written": {"storyboard_key": key}}, None) for _ in range(2)]
    assert answers[0] == answers[1]
    assert (answers[0]["shots"], answers[0]["kept"]) == (3, True)
    succeeded(services, writing)

    project = ada.get(new.headers["Location"]).json()
    assert (project["status"], project["title"], project["revision"]) == ("ready", "The lamp", 2)
    assert [(shot["id"], shot["status"], shot["picture_state"]) for shot in project["shots"]] == [
        (id_, "draft", "missing") for id_ in ("s1", "s2", "s3")
    ]
    assert ada.get(f"{new.headers['Location']}/storyboard").json()["title"] == "The lamp"
    assert job_of(ada, batch["job_id"])["status"] == "running"


def test_a_project_without_a_title_takes_its_storyboards(services: Services, ada: Person, steps_run: None) -> None:
    project = ada.post("/v1/projects", {"story": STORY}).json()
    key = f"results/{project['job_id']}/storyboard.json"
    services.objects.write_json(key, storyboard(title="Found").model_dump(mode="json"))
    event = {"job": given_to_steps(services, job_of(ada, project["job_id"])).model_dump(mode="json")}
    storyboard_persist.handler(event | {"written": {"storyboard_key": key}}, None)
    assert ada.get(f"/v1/projects/{project['project_id']}").json()["title"] == "Found"


@pytest.mark.parametrize(
    ("new", "code"),
    [
        ({"story": "长" * 5001}, "STORY_TOO_LONG"),
        ({"story": " \u0000 "}, "STORY_EMPTY"),
        ({}, "STORY_EMPTY"),
        ({"story": STORY, "settings": {"aspect": "4:3"}}, "INVALID_INPUT"),
        ({"story": STORY, "style": "oil"}, "INVALID_INPUT"),
        ({"story": STORY, "settings": {"music": {"source": "file", "file": "/etc/passwd"}}}, "INVALID_INPUT"),
    ],
)
def test_what_is_no_story_is_refused_before_anything_is_begun(ada: Person, new: Made, code: str) -> None:
    answer = ada.post("/v1/projects", new)
    assert (answer.status_code, answer.json()["code"]) == (422, code)
    assert ada.get("/v1/projects").json()["items"] == ada.get("/v1/jobs").json()["items"] == []


def test_a_project_whose_shots_cannot_be_made_is_not_begun(ada: Person) -> None:
    settings = {"providers": {"speech": "dreamer"}}
    for new in ({"story": STORY}, {"storyboard": storyboard().model_dump(mode="json")}):
        assert ada.post("/v1/projects", new | {"settings": settings}).json()["code"] == "BATCH_REFUSED"
    assert ada.get("/v1/projects").json()["items"] == []
    assert ada.post("/v1/projects", {"story": STORY, "settings": settings, "make_shots": False}).status_code == 201


def test_a_storyboard_that_refers_to_nothing_is_refused(ada: Person) -> None:
    board = storyboard().model_dump(mode="json") | {"characters": []}
    answer = ada.post("/v1/projects", {"storyboard": board})
    assert (answer.status_code, len(answer.json()["detail"]["problems"])) == (422, 2)


def test_editing_a_shot_cancels_what_runs_for_it_and_begins_anew(
    services: Services, ada: Person, project: Made, steps_run: None
) -> None:
    first, second, _ = shot_ids(project)
    running = ada.post(f"/v1/shots/{first}/make").json()
    other = ada.post(f"/v1/shots/{second}/make").json()

    edited = ada.patch(f"/v1/shots/{first}", {"narration": "Mia runs up the stairs."})

    assert edited.status_code == 200, edited.text
    shot = edited.json()
    assert (shot["status"], shot["narration"]) == ("making", "Mia runs up the stairs.")
    assert shot["job_id"] not in (running["job_id"], None)
    assert job_of(ada, running["job_id"])["status"] == "canceled"
    assert job_of(ada, other["job_id"])["status"] == "running"
    assert edited.headers["ETag"] == '"2"'
    late = {"job": given_to_steps(services, running).model_dump(mode="json")}
    made = artefacts(running["job_id"]).model_dump(mode="json")
    with pytest.raises(Exception, match="canceled"):  # the worker of the old round comes too late
        shot_persist.handler(late | {"made": made}, None)
    assert run_shot(services, ada, shot["job_id"])["kept"]
    shot = ada.get(f"/v1/shots/{first}").json()
    assert (shot["status"], shot["picture_state"], shot["speech_state"]) == ("ready", "current", "current")
    assert shot["picture_url"].startswith("http")
    assert "/clip.mp4" in shot["clip_url"]
    assert set(shot["providers"]) == {"picture", "speech", "clip"}


def test_what_is_neither_seen_nor_heard_otherwise_begins_nothing(ada: Person, project: Made) -> None:
    first = shot_ids(project)[0]
    running = ada.post(f"/v1/shots/{first}/make").json()
    for change in ({"title": "Up"}, {"transition": "cut"}, {"locked": True}):
        assert ada.patch(f"/v1/shots/{first}", change).json()["job_id"] == running["job_id"]
    assert job_of(ada, running["job_id"])["status"] == "running"
    locked = ada.patch(f"/v1/shots/{first}", {"prompt": "New"})
    assert (locked.status_code, locked.json()["code"]) == (409, "SHOT_LOCKED")


def test_a_lock_keeps_what_is_there_and_lets_what_is_missing_be_made(
    services: Services, ada: Person, project: Made, steps_run: None
) -> None:
    first = shot_ids(project)[0]
    ada.patch(f"/v1/shots/{first}", {"locked": True})
    job = ada.post(f"/v1/shots/{first}/make")
    assert job.status_code == 202, job.text
    run_shot(services, ada, job.json()["job_id"])
    assert ada.post(f"/v1/shots/{first}/make").json()["code"] == "SHOT_LOCKED"


def test_what_changes_for_all_shots_makes_them_stale_and_begins_nothing(
    services: Services, ada: Person, project: Made, steps_run: None
) -> None:
    made = make_all(services, ada, project)
    jobs = ada.get("/v1/jobs").json()["items"]

    changed = ada.patch(f"/v1/projects/{project['project_id']}", {"settings": {"style": "ink_wash"}})

    shots = changed.json()["shots"]
    assert {(shot["status"], shot["picture_state"], shot["speech_state"]) for shot in shots} == {
        ("ready", "stale", "current")
    }
    assert all(shot["picture_url"] for shot in shots)  # stale is usable
    assert ada.get("/v1/jobs").json()["items"] == jobs
    ada.patch(f"/v1/shots/{shots[0]['shot_id']}", {"locked": True})
    film = ada.post("/v1/films", {"project_id": project["project_id"]}).json()
    order_key = film_prepare.handler({"job": given_to_steps(services, film).model_dump(mode="json")}, None)["order_key"]
    order = FilmOrder.model_validate(services.objects.read_json(order_key))
    assert {id_: kept.fingerprint for id_, kept in order.kept_pictures.items()} == {
        "s1": "f" * 64
    }  # a lock keeps it in films, too
    back = ada.post(f"/v1/projects/{project['project_id']}/versions/1/restore").json()
    assert {shot["picture_state"] for shot in back["shots"]} == {"current"}
    assert made["settings"] == back["settings"]


def test_another_title_leaves_every_picture_as_it_is(
    services: Services, ada: Person, project: Made, steps_run: None
) -> None:
    make_all(services, ada, project)
    renamed = ada.patch(f"/v1/projects/{project['project_id']}", {"title": "Light"}).json()
    assert renamed["title"] == "Light"
    assert {(shot["picture_state"], shot["speech_state"]) for shot in renamed["shots"]} == {("current", "current")}


def test_changes_from_an_older_revision_are_refused(ada: Person, project: Made) -> None:
    path, first = f"/v1/projects/{project['project_id']}", shot_ids(project)[0]
    assert ada.patch(path, {"title": "Light"}, headers={"If-Match": '"1"'}).headers["ETag"] == '"2"'
    for refused in (
        ada.patch(path, {"title": "Dark"}, headers={"If-Match": '"1"'}),
        ada.patch(f"/v1/shots/{first}", {"prompt": "x"}, headers={"If-Match": '"1"'}),
        ada.delete(f"/v1/shots/{first}", headers={"If-Match": '"1"'}),
        ada.post(f"{path}/versions/1/restore", headers={"If-Match": '"1"'}),
    ):
        assert (refused.status_code, refused.json()["code"]) == (412, "PRECONDITION_FAILED")
        assert refused.json()["detail"] == {"revision": 2}
    assert ada.get(path).json()["title"] == "Light"
    assert len(ada.get(f"{path}/versions").json()["items"]) == 2


def test_shots_are_added_moved_split_merged_copied_and_deleted(ada: Person, project: Made) -> None:
    path = f"/v1/projects/{project['project_id']}"
    first, second, third = shot_ids(project)

    added = ada.post(f"{path}/shots", {"after": first, "narration": "A gull cries."})
    assert added.status_code == 201, added.text
    gull = added.json()["shots"][1]
    assert (gull["narration"], gull["status"], added.json()["begun"]) == ("A gull cries.", "making", [gull["job_id"]])
    moved = ada.post(f"{path}/shots/order", {"order": [gull["shot_id"], first, second, third]}).json()
    assert shot_ids(moved) == [gull["shot_id"], first, second, third]
    assert moved["begun"] == []
    split = ada.post(f"/v1/shots/{third}/split", {"at": len("She lights it,")}).json()
    assert [shot["narration"] for shot in split["shots"][3:]] == ["She lights it,", "and a ship turns home."]
    assert len(split["begun"]) == 2
    merged = ada.post(f"/v1/shots/{third}/merge").json()
    assert merged["shots"][3]["narration"] == "She lights it, and a ship turns home."
    copied = ada.post(f"/v1/shots/{second}/duplicate").json()
    assert [shot["prompt"] for shot in copied["shots"]].count("The lamp is dark.") == 2
    assert ada.delete(f"/v1/shots/{gull['shot_id']}").status_code == 204
    assert job_of(ada, gull["job_id"])["status"] == "canceled"
    assert ada.get(f"/v1/shots/{gull['shot_id']}").status_code == 404

    reasons = [version["reason"] for version in ada.get(f"{path}/versions").json()["items"]]
    assert reasons == ["edit"] * 6 + ["created"]
    back = ada.post(f"{path}/versions/2/restore", {"note": "The gull was good."}).json()
    assert ada.get(f"{path}/shots").json()["shots"] == back["shots"]
    assert shot_ids(back) == [first, gull["shot_id"], second, third]  # the same shots, not others of the same words


def test_versions_are_listed_shown_and_compared_in_words(ada: Person, project: Made) -> None:
    path = f"/v1/projects/{project['project_id']}"
    first = shot_ids(project)[0]
    ada.patch(path, {"settings": {"aspect": "9:16"}, "label": "Phones"})
    ada.patch(f"/v1/shots/{first}", {"title": "Up"})

    page = ada.get(f"{path}/versions?limit=2").json()
    assert [version["number"] for version in page["items"]] == [3, 2]
    rest = ada.get(f"{path}/versions?limit=2&before={page['next_before']}").json()
    assert ([version["number"] for version in rest["items"]], rest["next_before"]) == ([1], None)
    assert page["items"][1]["label"] == "Phones"
    assert ada.get(f"{path}/versions/2").json()["document"]["settings"]["aspect"] == "9:16"
    told = ada.get(f"{path}/versions/1/compare?to=3").json()["differences"]
    assert [difference["sentence"] for difference in told] == [
        "Settings: aspect changed from “16:9” to “9:16”.",
        "Shot 1 “Up”: title changed from nothing to “Up”.",
    ]
    assert ada.get(f"{path}/versions/9").json()["code"] == "NOT_FOUND"
    assert ada.patch(path, {"settings": {"aspect": "9:16"}}).headers["ETag"] == '"3"'  # nothing changed: no version


def test_a_batch_is_begun_whole_or_not_at_all_and_says_why(ada: Person, project: Made) -> None:
    path = f"/v1/projects/{project['project_id']}"
    empty = shot_ids(project)[1]
    ada.patch(path, {"settings": {"narrator": "zf_xiaoxiao", "providers": {"image": "dreamer"}}})
    ada.patch(f"/v1/shots/{empty}", {"prompt": "", "narration": ""})
    for at_work in ada.get("/v1/jobs").json()["items"]:
        ada.post(f"/v1/jobs/{at_work['job_id']}/cancel")
    before = ada.get("/v1/jobs").json()["items"]

    refused = ada.post(f"{path}/shots/make")

    assert (refused.status_code, refused.json()["code"]) == (409, "BATCH_REFUSED")
    problems = refused.json()["detail"]["problems"]
    assert [(problem["code"], problem.get("shot")) for problem in problems] == [
        ("VOICE_UNFIT", None),
        ("PROVIDER_UNKNOWN", None),
        ("SHOT_EMPTY", "s2"),
    ]
    assert "such as af_heart" in problems[0]["message"]
    assert ada.get(f"{path}/estimate").json()["problems"] == [{"shot": None} | problem for problem in problems]
    assert ada.post("/v1/films", {"project_id": project["project_id"]}).json()["code"] == "BATCH_REFUSED"
    assert ada.get("/v1/jobs").json()["items"] == before


def test_an_estimate_says_what_is_left_to_do(services: Services, ada: Person, project: Made, steps_run: None) -> None:
    path = f"/v1/projects/{project['project_id']}/estimate"
    before = ada.get(path).json()
    run_shot(services, ada, ada.post(f"/v1/shots/{shot_ids(project)[0]}/make").json()["job_id"])
    after = ada.get(path).json()
    assert (before["shots_to_make"], after["shots_to_make"], before["usd"]) == (3, 2, 0)
    assert after["work_s"] < before["work_s"]
    draft = ada.post("/v1/projects", {"story": STORY, "write": False}).json()
    assert ada.get(f"/v1/projects/{draft['project_id']}/estimate").json()["basis"] == "story"


def test_a_film_waits_for_its_shots_and_is_of_the_project_as_it_is_then(
    services: Services, ada: Person, project: Made, steps_run: None
) -> None:
    asked = ada.post("/v1/films", {"project_id": project["project_id"], "quality": "preview"})
    assert asked.status_code == 202, asked.text
    job = asked.json()
    batch_id = ada.get(f"/v1/projects/{project['project_id']}").json()["batch_job_id"]
    assert (job["status"], job["depends_on"]) == ("blocked", [{"kind": "job", "id": batch_id}])

    ada.patch(f"/v1/projects/{project['project_id']}", {"title": "Light"})
    succeeded(services, job_of(ada, batch_id))
    assert job_of(ada, job["job_id"])["status"] == "running"
    event = {"job": given_to_steps(services, job).model_dump(mode="json")}
    order = film_prepare.handler(event, None)
    told = FilmOrder.model_validate(services.objects.read_json(order["order_key"]))
    assert (told.storyboard.title, told.settings.quality, told.revision) == ("Light", "preview", 2)
    assert order["title"] == "Light"
    key = f"results/{job['job_id']}/film_result.json"
    services.objects.write_json(key, film_result(job["job_id"]).model_dump(mode="json"))
    answer = film_persist.handler(event | {"order": order, "made": {"result_key": key}}, None)
    assert (answer["kept"], answer["parts"], answer["parts_reused"]) == (True, 1, 1)
    succeeded(services, job)

    film = ada.get(f"/v1/films/{job['subject_id']}").json()
    assert (film["status"], film["revision"], film["duration_s"]) == ("ready", 2, 3.0)
    assert set(film["files"]["subtitle_urls"]) == {"srt", "vtt", "ass"}
    assert "lamp.mp4" in film["files"]["film_url"]
    assert ada.get("/v1/films").json()["items"][0]["film_id"] == film["film_id"]
    assert ada.delete(f"/v1/projects/{project['project_id']}").status_code == 204
    assert ada.get(f"/v1/films/{film['film_id']}").status_code == 200  # it outlives its project


def test_a_film_asked_for_at_once_waits_for_the_storyboard_too(ada: Person) -> None:
    project = ada.post("/v1/projects", {"story": STORY}).json()
    film = ada.post("/v1/films", {"project_id": project["project_id"]}).json()
    assert film["depends_on"] == [{"kind": "job", "id": project["batch_job_id"]}]
    draft = ada.post("/v1/projects", {"story": STORY, "write": False}).json()
    assert ada.post("/v1/films", {"project_id": draft["project_id"]}).json()["code"] == "NO_STORYBOARD"


def test_a_film_of_shots_that_are_made_begins_at_once(
    services: Services, ada: Person, project: Made, steps_run: None
) -> None:
    make_all(services, ada, project)
    film = ada.post("/v1/films", {"project_id": project["project_id"], "settings": {"aspect": "1:1"}}).json()
    assert (film["status"], film["depends_on"]) == ("running", [])
    wrong = ada.post("/v1/films", {"project_id": project["project_id"], "settings": {"aspect": "2:1"}})
    assert wrong.json()["code"] == "INVALID_INPUT"


def test_a_storyboard_written_anew_keeps_what_the_author_said_of_the_world(
    services: Services, ada: Person, steps_run: None
) -> None:
    project = a_project(ada, story=STORY, settings={"system_prompts": {"text": "As a fairy tale."}})
    path = f"/v1/projects/{project['project_id']}"
    world = [
        {"id": "w1", "type": "place", "title": "The lighthouse", "place": "lighthouse", "content": "White."},
        {"id": "w2", "type": "magic", "title": "The lamp", "content": "It burns without oil."},
    ]
    ada.patch(path, {"world": world})
    job = ada.post(f"{path}/storyboard", {"make_shots": False}).json()
    event = {"job": given_to_steps(services, job).model_dump(mode="json")}
    order = StoryOrder.model_validate(services.objects.read_json(storyboard_prepare.handler(event, None)["order_key"]))
    assert order.settings.system_prompts == {"text": "As a fairy tale."}
    assert [entry.title for entry in order.world] == ["The lighthouse", "The lamp"]
    key = f"results/{job['job_id']}/storyboard.json"
    services.objects.write_json(key, storyboard(title="Another").model_dump(mode="json"))
    storyboard_persist.handler(event | {"written": {"storyboard_key": key}}, None)
    kept = ada.get(path).json()["world"]
    assert [(entry["id"], entry["content"]) for entry in kept] == [("w1", "White."), ("w2", "It burns without oil.")]


def test_a_storyboard_written_anew_stops_work_on_the_old_one(ada: Person) -> None:
    project = a_project(ada, story=STORY)
    path, first = f"/v1/projects/{project['project_id']}", shot_ids(project)[0]
    running = ada.post(f"/v1/shots/{first}/make").json()
    job = ada.post(f"{path}/storyboard", {"make_shots": False}).json()
    assert (job["kind"], job["subject_id"]) == ("storyboard", project["project_id"])
    assert job_of(ada, running["job_id"])["status"] == "canceled"
    ada.post(f"/v1/jobs/{job['job_id']}/cancel")
    assert ada.get(path).json()["status"] == "ready"  # as it was
    ada.patch(f"/v1/shots/{first}", {"locked": True})
    assert ada.post(f"{path}/storyboard").json()["code"] == "SHOT_LOCKED"


def test_deleting_a_project_stops_all_that_makes_it(ada: Person, project: Made) -> None:
    shot_job = ada.post(f"/v1/shots/{shot_ids(project)[0]}/make").json()
    film_job = ada.post("/v1/films", {"project_id": project["project_id"]}).json()
    batch_id = ada.get(f"/v1/projects/{project['project_id']}").json()["batch_job_id"]

    assert ada.delete(f"/v1/projects/{project['project_id']}").status_code == 204

    for job_id in (shot_job["job_id"], film_job["job_id"], batch_id):
        assert job_of(ada, job_id)["status"] == JobStatus.CANCELED
    assert ada.get(f"/v1/shots/{shot_ids(project)[0]}").status_code == 404
    assert ada.post(f"/v1/jobs/{shot_job['job_id']}/retry").status_code == 404


def test_somebody_elses_project_and_shots_do_not_exist(ada: Person, eve: Person, project: Made) -> None:
    first = shot_ids(project)[0]
    own = a_project(eve)
    refused = [
        eve.post("/v1/films", {"project_id": project["project_id"]}),
        eve.post(f"/v1/projects/{own['project_id']}/shots", {"after": first}),
        eve.post(f"/v1/projects/{own['project_id']}/shots/order", {"order": shot_ids(project)}),
    ]
    assert [answer.status_code for answer in refused] == [404, 404, 422]


def test_a_batch_makes_what_is_missing_and_lasts_until_all_have_ended(
    services: Services, ada: Person, project: Made, steps_run: None
) -> None:
    first, second, third = shot_ids(project)
    run_shot(services, ada, ada.post(f"/v1/shots/{first}/make").json()["job_id"])
    batch = ada.post(f"/v1/projects/{project['project_id']}/shots/make").json()
    event = {"job": given_to_steps(services, batch).model_dump(mode="json")}

    begun = [batch_begin.handler(event, None)["shot_ids"] for _ in range(2)]

    assert begun[0] == begun[1] == [second, third]
    shots = {shot["shot_id"]: shot for shot in ada.get(f"/v1/projects/{project['project_id']}").json()["shots"]}
    looking = event | {"shot_ids": begun[0]}
    assert batch_look.handler(looking, None)["at_work"] == 2
    run_shot(services, ada, shots[second]["job_id"])
    again = ada.patch(f"/v1/shots/{third}", {"narration": "She lights it."}).json()  # another job, which counts
    look = batch_look.handler(looking | {"looks": 24}, None)
    assert (look["at_work"], look["looks"], look["wait_s"]) == (1, 25, 7)
    assert job_of(ada, batch["job_id"])["progress"] == 50
    services.job_store.transition(
        again["job_id"],
        attempt=1,
        from_=ACTIVE,
        to=JobStatus.FAILED,
        error=JobError(code="STEP_FAILED", message="A step failed."),
    )
    services.jobs.release(again["job_id"])
    assert batch_look.handler(looking, None)["at_work"] == 0
    told = batch_persist.handler(looking, None)
    assert (told["made"], told["left"], list(told["failed"])) == (["s2"], [], ["s3"])
    assert told["failed"]["s3"]["code"] == "STEP_FAILED"
    nothing = {"job": event["job"], "shot_ids": []}
    assert batch_look.handler(nothing, None)["at_work"] == 0


def test_a_canceled_batch_takes_along_what_it_began_and_nothing_else(
    services: Services, ada: Person, project: Made, steps_run: None
) -> None:
    first, second, third = shot_ids(project)
    asked_before = ada.post(f"/v1/shots/{first}/make").json()
    batch = ada.post(f"/v1/projects/{project['project_id']}/shots/make").json()
    event = {"job": given_to_steps(services, batch).model_dump(mode="json")}
    for _ in range(2):
        batch_begin.handler(event, None)
    edited = ada.patch(f"/v1/shots/{third}", {"narration": "She lights it."}).json()
    begun = ada.get(f"/v1/shots/{second}").json()["job_id"]

    assert ada.post(f"/v1/jobs/{batch['job_id']}/cancel").json()["status"] == "canceled"

    statuses = [job_of(ada, job_id)["status"] for job_id in (asked_before["job_id"], begun, edited["job_id"])]
    assert statuses == ["running", "canceled", "running"]
    assert [shot["status"] for shot in ada.get(f"/v1/projects/{project['project_id']}").json()["shots"]] == [
        "making",
        "draft",
        "making",
    ]


def test_a_batch_that_is_canceled_while_it_begins_leaves_nothing_at_work(
    services: Services, ada: Person, project: Made, steps_run: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    batch = ada.post(f"/v1/projects/{project['project_id']}/shots/make").json()
    event = {"job": given_to_steps(services, batch).model_dump(mode="json")}
    start = ProductJobs.start

    def canceled_meanwhile(*given: Any, **more: Any) -> Any:
        job = start(*given, **more)
        ada.post(f"/v1/jobs/{batch['job_id']}/cancel")
        return job

    monkeypatch.setattr(ProductJobs, "start", canceled_meanwhile)
    with pytest.raises(JobCanceled):
        batch_begin.handler(event, None)

    shots = ada.get(f"/v1/projects/{project['project_id']}").json()["shots"]
    assert {shot["status"] for shot in shots} == {"draft"}
    assert not [job for job in ada.get("/v1/jobs").json()["items"] if job["status"] == "running"]


def test_voices_are_listed_by_language(ada: Person) -> None:
    voices = ada.get("/v1/voices?language=zh").json()
    assert {voice["language"] for voice in voices["items"]} == {"zh"}
    assert len(voices["items"]) >= 4
    assert voices["narrators"]["en"] in {voice["id"] for voice in ada.get("/v1/voices").json()["items"]}
    assert ada.get("/v1/voices?language=xx").status_code == 422
