"""A track's hum is listened to once, and what its person corrected counts from then on."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from functions.track import audio_analyze, segment_pick
from tests.fixtures.jobs import a_job
from tests.fixtures.listening import make_hum
from tests.integration.platform.conftest import BUCKET, TABLE

from soundstage.audio.io import write_wav
from soundstage.jobs.service import workflow_input
from soundstage.models.ids import new_id
from soundstage.models.jobs import JobStatus
from soundstage.models.music import Analysis, Segment, TuneCorrection
from soundstage.platform.aws.job_store import DynamoJobs
from soundstage.platform.aws.storage import ObjectStore
from soundstage.platform.aws.tunes import Tunes
from soundstage.platform.runtime import steps


@pytest.fixture(autouse=True)
def _settings(cloud: None, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setenv("SOUNDSTAGE_BUCKET", BUCKET)
    monkeypatch.setenv("SOUNDSTAGE_TABLE", TABLE)
    steps.settings.cache_clear()
    yield
    steps.settings.cache_clear()


def test_a_hum_is_heard_once_and_then_corrected(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    objects, track_id, hum_id = ObjectStore(BUCKET), new_id(), new_id()
    write_wav(tmp_path / "hum.wav", make_hum(0, "clean", max_duration_s=8).audio)
    hum_key = objects.upload(tmp_path / "hum.wav", "work/hum.wav", content_type="audio/wav")

    def run(**options: Any) -> tuple[dict[str, Any], Analysis, Segment]:
        job = a_job(status=JobStatus.RUNNING, inputs={"hum": hum_id}, options=options, subject_id=track_id)
        started = workflow_input(DynamoJobs(TABLE).create(job)).model_dump(mode="json")
        event = {"job": started, "hum_key": hum_key, "checked": {"warnings": ["It is loud."]}}
        answer = audio_analyze.handler(event, None)
        picked = segment_pick.handler(event | {"analysis_key": answer["analysis_key"]}, None)
        analysis = Analysis.model_validate(objects.read_json(answer["analysis_key"]))
        return answer, analysis, Segment.model_validate(picked["segment"])

    first, heard, _ = run()
    assert first["outcome"] == "ok"
    assert heard.warnings[0] == "It is loud."
    assert Tunes(objects, track_id).heard(hum_id) == heard
    again = objects.write(hum_key, b"no sound any more")
    assert again == hum_key

    notes = [note.model_copy(update={"midi": note.midi - 1}) for note in heard.notes]
    wanted = Segment(start_s=0, end_s=notes[4].offset_s)
    key = Tunes(objects, track_id).correct(TuneCorrection(notes=notes, tempo_bpm=77, segment=wanted))
    second, corrected, segment = run(correction_key=key)
    assert second["tempo_bpm"] == 77
    assert [note.midi for note in corrected.notes] == [note.midi - 1 for note in heard.notes]
    assert segment.end_s == pytest.approx(wanted.end_s, abs=0.1)
    with pytest.raises(Exception, match="no such correction"):
        run(correction_key=key.replace(track_id, new_id()))
