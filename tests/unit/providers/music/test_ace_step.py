"""ACE-Step 1.5: what is asked of it is what docs/en/API.md of its repository says."""

import io
from pathlib import Path

import numpy as np
import pytest
import soundfile
from tests.fixtures.provider_servers import Server

from soundstage.models.providers import AceStepTerms
from soundstage.providers.errors import Expired, Failed
from soundstage.providers.music.ace_step import AceStepMusic
from soundstage.providers.music.request import MusicRequest
from soundstage.providers.protocol import Reference


def test_it_is_asked_for_a_cover_of_the_guide(
    ace_step: AceStepMusic, request_a: MusicRequest, folder: Path, server: Server
) -> None:
    submitted = ace_step.submit(request_a, "job-A", folder)
    (seen,) = server.asked("/release_task")
    form = seen.form()
    plan = request_a.plan
    assert seen.headers["authorization"].startswith("Bearer ")
    assert form["task_type"] == b"cover"
    assert form["lyrics"] == b"[Instrumental]"
    assert form["bpm"] == str(round(plan.tempo_bpm)).encode()
    assert form["key_scale"].decode().split()[0] == plan.key.tonic
    assert form["time_signature"] in (b"3", b"4", b"6")
    assert float(form["audio_duration"]) == pytest.approx(plan.duration_s, abs=0.01)
    assert (form["use_random_seed"], form["batch_size"], form["audio_format"]) == (b"false", b"1", b"wav")
    assert int(form["seed"]) == plan.seed
    assert plan.style.encode() in form["prompt"]
    assert "model" not in form
    samples, rate_hz = soundfile.read(io.BytesIO(form["src_audio"]), dtype="float32")
    assert (rate_hz, len(samples)) == (44_100, request_a.guide.frames)
    assert np.abs(samples - request_a.guide.mono()).max() < 1e-3
    assert submitted.reference.id == "task-1"


def test_a_model_of_the_settings_is_named(server: Server, request_a: MusicRequest, folder: Path) -> None:
    AceStepMusic(AceStepTerms(url=server.url, model="acestep-v15-turbo")).fingerprint(request_a)
    wanted = AceStepMusic(AceStepTerms(url=server.url, model="acestep-v15-turbo"))
    assert wanted.fingerprint(request_a) != AceStepMusic(AceStepTerms(url=server.url)).fingerprint(request_a)


def test_it_is_waited_for(ace_step: AceStepMusic, request_a: MusicRequest, folder: Path, server: Server) -> None:
    server.polls_until_done = 3
    reference = ace_step.submit(request_a, "job-A", folder).reference
    assert [ace_step.poll(reference) for _ in range(3)] == ["waiting", "waiting", "done"]
    assert server.asked("/query_result")[0].json == {"task_id_list": ["task-1"]}
    ace_step.fetch(reference, request_a, folder)
    assert server.asked("/v1/audio")[0].query == {"path": ["/srv/api_audio/task-1.wav"]}


def test_failure_and_forgetting_are_told_apart(ace_step: AceStepMusic, server: Server) -> None:
    server.released.append("task-1")
    server.polls_until_done, server.ace_status = 0, 2
    with pytest.raises(Failed):
        ace_step.poll(Reference(provider="ace_step", id="task-1"))
    server.forgotten = True
    with pytest.raises(Expired):
        ace_step.poll(Reference(provider="ace_step", id="task-1"))
