"""The tune of a track: looked at, mended, withdrawn, and what songs are made from."""

import base64
from collections.abc import Callable
from typing import Any

import pytest
from functions.api.services import Services
from tests.fixtures.analyses import analysis_of
from tests.fixtures.tunes import TUNES
from tests.integration.api.conftest import Person

from soundstage.jobs.service import workflow_input
from soundstage.models.ids import Id
from soundstage.music.listening.note_file import read_notes, write_notes
from soundstage.platform.aws.tunes import Tunes
from soundstage.platform.catalog.tracks import Tracks as Rows

NOTES = [{"onset_s": 0.5 * i, "offset_s": 0.5 * i + 0.4, "midi": midi} for i, midi in enumerate((60, 62, 64, 65, 67))]


@pytest.fixture
def track_id(ada: Person) -> Id:
    made: Id = ada.post("/v1/tracks", {"title": "Morning / hum"}).json()["track_id"]
    return made


def generate(person: Person, track_id: Id, hum_id: Id) -> Any:
    return person.post(f"/v1/tracks/{track_id}/generate", {"hum_asset_id": hum_id})


def test_nothing_was_heard_yet(ada: Person, track_id: Id) -> None:
    assert ada.get(f"/v1/tracks/{track_id}/tune").json() == {"hum_asset_id": None, "heard": None, "correction": None}
    assert ada.get(f"/v1/tracks/{track_id}/tune/midi").json()["code"] == "NOT_FOUND"


def test_what_was_heard_is_shown_without_its_curves(
    ada: Person, services: Services, track_id: Id, upload: Callable[[Person], Id]
) -> None:
    hum_id = upload(ada)
    generate(ada, track_id, hum_id)
    heard = analysis_of(TUNES[0]).model_copy(update={"energy_db": [-20.0] * 50})
    Tunes(services.objects, track_id).keep_heard(hum_id, heard)
    view = ada.get(f"/v1/tracks/{track_id}/tune").json()
    assert view["hum_asset_id"] == hum_id
    assert [note["midi"] for note in view["heard"]["notes"]] == [note.midi for note in heard.notes]
    assert view["heard"]["energy_db"] == []
    file = ada.get(f"/v1/tracks/{track_id}/tune/midi")
    assert file.headers["Content-Type"] == "audio/midi"
    assert "Morning - hum.mid" in file.headers["Content-Disposition"]
    assert len(read_notes(file.content).notes or []) == len(heard.notes)


def test_songs_are_made_from_the_correction_that_counted_when_they_were_asked_for(
    ada: Person, services: Services, track_id: Id, upload: Callable[[Person], Id]
) -> None:
    hum_id = upload(ada)
    path = f"/v1/tracks/{track_id}/tune"
    put = ada.request(
        "PUT", f"{path}/correction", json={"notes": NOTES, "tempo_bpm": 96, "segment": {"start_s": 0, "end_s": 2}}
    )
    assert put.status_code == 200
    assert put.json()["correction"]["tempo_bpm"] == 96
    job = generate(ada, track_id, hum_id).json()
    assert generate(ada, track_id, hum_id).json()["job_id"] == job["job_id"]
    tunes = Tunes(services.objects, track_id)
    assert tunes.correction_at(job["options"]["correction_key"]).notes[0].midi == 60  # type: ignore[union-attr, index]

    ada.request("PUT", f"{path}/correction", json={"tempo_bpm": 97})
    assert generate(ada, track_id, hum_id).json()["code"] == "CONFLICT"
    assert tunes.correction_at(job["options"]["correction_key"]).tempo_bpm == 96  # type: ignore[union-attr]

    ada.post(f"/v1/jobs/{job['job_id']}/cancel")
    assert ada.request("DELETE", f"{path}/correction").status_code == 204
    assert ada.get(path).json()["correction"] is None
    assert generate(ada, track_id, hum_id).json()["options"]["correction_key"] is None


def test_a_midi_file_corrects_and_odd_ones_are_refused_by_name(ada: Person, track_id: Id) -> None:
    path = f"/v1/tracks/{track_id}/tune/midi"
    file = write_notes(analysis_of(TUNES[0]))
    put = ada.request("PUT", path, json={"midi_base64": base64.b64encode(file).decode()})
    assert put.json()["correction"]["meter"] == TUNES[0].meter
    assert len(put.json()["correction"]["notes"]) == len(analysis_of(TUNES[0]).notes)
    damaged = ada.request("PUT", path, json={"midi_base64": base64.b64encode(b"RIFF").decode()})
    assert (damaged.status_code, damaged.json()["code"]) == (422, "MIDI_CORRUPT")
    assert ada.request("PUT", path, json={"midi_base64": "ä"}).json()["code"] == "INVALID_INPUT"
    assert len(ada.get(f"/v1/tracks/{track_id}/tune").json()["correction"]["notes"]) > 3


@pytest.mark.parametrize("wrong", [{"notes": NOTES[:2]}, {"notes": NOTES[::-1]}, {"tempo_bpm": 1e9}, {"nonsense": 1}])
def test_a_correction_is_validated(ada: Person, track_id: Id, wrong: dict[str, object]) -> None:
    answer = ada.request("PUT", f"/v1/tracks/{track_id}/tune/correction", json=wrong)
    assert (answer.status_code, answer.json()["code"]) == (422, "INVALID_INPUT")


def test_listening_alone_leaves_the_track_as_it_was(
    ada: Person, services: Services, track_id: Id, upload: Callable[[Person], Id]
) -> None:
    job = ada.post(f"/v1/tracks/{track_id}/listen", {"hum_asset_id": upload(ada)}).json()
    assert job["options"]["listen_only"] is True
    assert ada.get(f"/v1/tracks/{track_id}").json()["status"] == "generating"
    stored = services.job_store.get(job["job_id"])
    assert stored is not None
    for _ in range(2):
        assert services.rows(Rows).listened(workflow_input(stored))
        track = ada.get(f"/v1/tracks/{track_id}").json()
        assert (track["status"], track["gen_params"]) == ("draft", None)
