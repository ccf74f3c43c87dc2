"""A match step by step, as its state machine goes: what comes out is what the command line makes of the same files."""

from collections.abc import Iterator
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from functions.match import analyze, invert, plan
from numpy.typing import NDArray
from tests.fixtures.jobs import PROBE, a_job, an_asset
from tests.fixtures.pairs import make_pair
from tests.fixtures.sounds import encode, noise
from tests.integration.platform.conftest import BUCKET, TABLE

from soundstage.audio.io import Audio, read_audio, write_wav
from soundstage.audio.streams import FileReader, FileWriter
from soundstage.jobs.service import workflow_input
from soundstage.match.pipeline import match_recordings
from soundstage.match.rendering.reverb import encode_response
from soundstage.models.ids import Id
from soundstage.models.jobs import Job, JobStatus
from soundstage.models.match import MatchParams, MatchResult, Reference
from soundstage.models.style import LoudnessTarget, Preset, Reverb, StyleParams
from soundstage.platform.aws.asset_store import DynamoAssets
from soundstage.platform.aws.impulse_responses import externalise
from soundstage.platform.aws.job_store import DynamoJobs
from soundstage.platform.aws.storage import ObjectStore
from soundstage.platform.runtime import steps
from soundstage.products.match import MATCH

IMAGE = Path(__file__).parents[3] / "containers" / "gpu-render"
SECONDS = 20.0


@dataclass
class Context:
    """``soundstage.jobs.tasks.TaskContext``."""

    job_id: Id
    attempt: int
    owner_id: Id
    objects: ObjectStore
    scratch: Path

    def result_key(self, name: str) -> str:
        return f"results/{self.job_id}/{name}"

    def work_key(self, name: str) -> str:
        return f"work/{self.job_id}/{name}"

    def progress(self, done: float) -> None:
        assert 0 <= done <= 1


@pytest.fixture(autouse=True)
def _settings(cloud: None, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setenv("SOUNDSTAGE_BUCKET", BUCKET)
    monkeypatch.setenv("SOUNDSTAGE_TABLE", TABLE)
    steps.settings.cache_clear()
    yield
    steps.settings.cache_clear()


@pytest.fixture(scope="module")
def recordings(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """One performance twice, and a reference of its own; the target as WAV and as MP3."""
    folder = tmp_path_factory.mktemp("recordings")
    pair = make_pair("eq_gain_width", 4, seconds=SECONDS)
    write_wav(folder / "target.wav", pair.target)
    write_wav(folder / "reference.wav", pair.reference)
    write_wav(folder / "another.wav", make_pair("different_song", 5, seconds=SECONDS).reference)
    encode(pair.target, folder / "target.mp3")
    return {path.name: path for path in folder.iterdir()}


def uploaded(path: Path) -> Id:
    """An accepted upload, whose key was written again afterwards."""
    assets, objects = DynamoAssets(TABLE), ObjectStore(BUCKET)
    asset = an_asset(file_name=path.name)
    assets.create(asset)
    objects.upload(path, asset.bucket_key, content_type="audio/wav")
    assets.claim(asset.asset_id, claimant="c", sequencer="1", lease_s=60)
    version_id = objects.current_version(asset.bucket_key)
    assets.accept(asset.model_copy(update={"probe": PROBE, "version_id": version_id}), claimant="c")
    objects.write(asset.bucket_key, b"something else")
    return asset.asset_id


def run(params: MatchParams, folder: Path) -> tuple[dict[str, Any], ObjectStore]:
    """What the state machine does. Returns what joining answers, or the first rejection."""
    objects = ObjectStore(BUCKET)
    options = {"title": "Demo", "match_params": params.model_dump(mode="json")}
    inputs = params.asset_ids()
    job = DynamoJobs(TABLE).create(a_job(kind=MATCH.kind, status=JobStatus.RUNNING, inputs=inputs, options=options))
    event = {"job": workflow_input(job).model_dump(mode="json")}
    heard = {role: analyze.handler(event | {"role": role}, None) for role in inputs}
    for answer in heard.values():
        if answer["outcome"] == "rejected":
            return answer, objects
    inverted = invert.handler(event | {"recordings": list(heard.values())}, None)
    if inverted["outcome"] == "rejected":
        return inverted, objects
    target = heard["target"]
    segments = plan.handler(event | {"style_key": inverted["style_key"], "target": target}, None)["segments"]
    assert len(segments) == -(-SECONDS // params.segment_s)
    rendered = [
        task("match_render_segment", job, folder, sound_key=target["sound_key"], segment=segment, **_style(inverted))
        for segment in segments
    ]
    joining = {
        "features_keys": {role: answer["features_key"] for role, answer in heard.items()},
        "segment_keys": [answer["segment_key"] for answer in rendered],
        "preview_keys": {role: answer["preview_key"] for role, answer in heard.items() if answer["preview_key"]},
        "timings_s": {
            "analyzing": sum(answer["took_s"] for answer in heard.values()),
            "inverting": inverted["took_s"],
            "rendering": sum(answer["took_s"] for answer in rendered),
        },
    }
    return task("match_join", job, folder, **options, **_style(inverted), **joining), objects


def _style(inverted: dict[str, Any]) -> dict[str, Any]:
    return {"style_key": inverted["style_key"]}


def task(name: str, job: Job, folder: Path, **arguments: Any) -> dict[str, Any]:
    with pytest.MonkeyPatch.context() as patch:
        patch.syspath_prepend(str(IMAGE))
        module = import_module(f"tasks.{name}")
    scratch = folder / f"{name}-{len(list(folder.iterdir()))}"
    scratch.mkdir()
    answer: dict[str, Any] = module.run(
        arguments, Context(job.job_id, job.attempt, job.owner_id, ObjectStore(BUCKET), scratch)
    )
    return answer


def test_the_steps_make_what_the_command_line_makes(recordings: dict[str, Path], tmp_path: Path) -> None:
    reference, target = recordings["reference.wav"], recordings["target.wav"]
    with FileWriter(tmp_path / "whole.wav") as writer:
        whole = match_recordings([(FileReader(reference), 1.0)], FileReader(target), writer)
    params = MatchParams(
        target_asset_id=uploaded(target), references=[Reference(asset_id=uploaded(reference))], segment_s=15
    )

    joined, objects = run(params, tmp_path)

    result = MatchResult.model_validate(joined)
    made = read_audio(objects.download(result.audio_key, tmp_path / "made.wav"))
    null = np.abs(made.samples - read_audio(tmp_path / "whole.wav").samples).max()
    assert 20 * np.log10(null + 1e-12) <= -90
    assert result.metrics_before == whole.metrics_before
    assert result.metrics_after.mel_dist == pytest.approx(whole.metrics_after.mel_dist, abs=0.01)
    kept = Preset.model_validate(objects.read_json(result.preset_key)).params
    assert kept.eq == whole.params.eq
    for key in (result.report_key, result.page_key, result.picture_key):
        assert objects.head(key) is not None
    assert any(objects.read_json(result.viz_key)["f0"]["f0_hz"])
    timings_s = objects.read_json(result.report_key)["timings_s"]
    assert list(timings_s) == ["analyzing", "inverting", "rendering", "joining"]
    assert all(seconds > 0 for seconds in timings_s.values())
    sounds = {"target": target, "reference_1": reference, "result": tmp_path / "whole.wav"}
    assert result.preview_keys.keys() == sounds.keys()
    for role, path in sounds.items():
        preview = read_audio(objects.download(result.preview_keys[role], tmp_path / f"{role}.m4a"))
        assert _level_db(preview.samples, read_audio(path).samples) < -12, f"{role} is not heard as it is, in step"


def _level_db(heard: NDArray[np.float32], given: NDArray[np.float32]) -> float:
    """Of their difference, against what was given."""
    frames = min(len(heard), len(given))
    assert abs(len(heard) - len(given)) <= 1024
    return float(20 * np.log10(np.std(heard[:frames] - given[:frames]) / np.std(given)))


def test_several_references_are_weighed_and_an_mp3_is_decoded_once(recordings: dict[str, Path], tmp_path: Path) -> None:
    names = {"reference.wav": 3.0, "another.wav": 1.0}
    target = recordings["target.mp3"]
    with FileWriter(tmp_path / "whole.wav") as writer:
        whole = match_recordings(
            [(FileReader(recordings[name]), weight) for name, weight in names.items()], FileReader(target), writer
        )
    params = MatchParams(
        target_asset_id=uploaded(target),
        references=[Reference(asset_id=uploaded(recordings[name]), weight=weight) for name, weight in names.items()],
        output_format="flac",
        segment_s=15,
    )

    joined, objects = run(params, tmp_path)

    result = MatchResult.model_validate(joined)
    made = read_audio(objects.download(result.audio_key, tmp_path / "made.flac"))
    assert made.frames == read_audio(target).frames == result.frames
    assert result.metrics_after.lufs_err == pytest.approx(whole.metrics_after.lufs_err, abs=0.02)
    assert Preset.model_validate(objects.read_json(result.preset_key)).params.eq == whole.params.eq


def test_a_preset_brings_its_impulse_response(recordings: dict[str, Path], tmp_path: Path) -> None:
    target = recordings["target.wav"]
    response = np.zeros((8_000, 2), np.float32)
    response[[2_000, 7_999]] = [[0.5, 0.3], [0.2, 0.4]]
    style = StyleParams(reverb=Reverb(mix=0.5, **encode_response(response, 44_100)), lufs=LoudnessTarget(target_db=-20))
    with FileWriter(tmp_path / "whole.wav") as writer:
        match_recordings([], FileReader(target), writer, preset=style)
    kept = externalise(style, ObjectStore(BUCKET))
    assert kept.reverb is not None
    assert kept.reverb.ir_flac_base64 is None

    joined, objects = run(MatchParams(target_asset_id=uploaded(target), preset=kept, segment_s=15), tmp_path)

    made = read_audio(objects.download(joined["audio_key"], tmp_path / "made.wav"))
    null = np.abs(made.samples - read_audio(tmp_path / "whole.wav").samples).max()
    assert 20 * np.log10(null + 1e-12) <= -90
    assert joined["metrics_after"]["mel_dist"] is None


@pytest.mark.parametrize(("seconds", "level", "code"), [(1.0, 0.0, "SILENT"), (0.3, 0.1, "DURATION_TOO_SHORT")])
def test_what_cannot_be_heard_is_rejected(
    recordings: dict[str, Path], tmp_path: Path, seconds: float, level: float, code: str
) -> None:
    write_wav(tmp_path / "odd.wav", Audio(level * noise(round(seconds * 44_100)), 44_100))
    params = MatchParams(
        target_asset_id=uploaded(tmp_path / "odd.wav"),
        references=[Reference(asset_id=uploaded(recordings["reference.wav"]))],
    )

    rejected, _ = run(params, tmp_path)

    assert (rejected["code"], rejected["step"], rejected["detail"]["role"]) == (code, "analyzing", "target")
    assert rejected["detail"]["asset_id"] == params.target_asset_id
    assert rejected["message"].startswith("odd.wav: ")


def test_two_performances_are_no_pair_for_mode_a(recordings: dict[str, Path], tmp_path: Path) -> None:
    params = MatchParams(
        target_asset_id=uploaded(recordings["target.wav"]),
        references=[Reference(asset_id=uploaded(recordings["another.wav"]))],
        mode="A",
    )

    rejected, _ = run(params, tmp_path)

    assert (rejected["code"], rejected["step"]) == ("DIFFERENT_PERFORMANCES", "inverting")
