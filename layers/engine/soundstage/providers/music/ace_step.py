"""ACE-Step 1.5 over HTTP: a cover of the guide in the plan's style.

The wire is that of its API server (github.com/ace-step/ACE-Step-1.5, docs/en/API.md): ``POST /release_task`` with the
guide as ``src_audio``, ``POST /query_result``, ``GET /v1/audio``. It keeps results for about a day, answers unknown
tasks with an empty result, and has no way to cancel.
"""

import io
import json
from pathlib import Path
from typing import Any

import soundfile
from pydantic import SecretStr

from soundstage.audio.io import Audio
from soundstage.models.providers import AceStepTerms
from soundstage.providers.errors import Ambiguous, Expired, Failed, Unreachable, Unsupported
from soundstage.providers.http import Times, Wire, bearer
from soundstage.providers.music.prompts import key_of, prompt_of
from soundstage.providers.music.request import MusicRequest
from soundstage.providers.protocol import Estimate, Fetched, Reference, Status, Submitted

WHO = "ACE-Step"
SUCCEEDED, FAILED = 1, 2
TIME_SIGNATURES = {"3/4": "3", "4/4": "4", "6/8": "6", "5/4": "", "7/8": ""}  # ours of five and seven: its own choice
SHORTEST_S, LONGEST_S = 10.0, 600.0


class AceStepMusic:
    name = "ace_step"
    repeatable = False

    def __init__(self, terms: AceStepTerms, key: SecretStr | None = None, *, times: Times | None = None) -> None:
        self._terms = terms
        self._wire = Wire(terms.url, who=WHO, headers=bearer(key), times=times)

    def fingerprint(self, request: MusicRequest) -> str:
        return request.fingerprint(self.name, self._terms.model_dump(include={"model", "cover_strength"}))

    def estimate(self, request: MusicRequest) -> Estimate:
        minutes = request.plan.duration_s / 60.0
        return Estimate(usd=minutes * self._terms.usd_per_minute, seconds=minutes * self._terms.seconds_per_minute)

    def submit(self, request: MusicRequest, idempotency_key: str, folder: Path) -> Submitted:  # noqa: ARG002
        plan = request.plan
        if not SHORTEST_S <= plan.duration_s <= LONGEST_S:
            raise Unsupported(f"{WHO} makes songs of {SHORTEST_S:.0f} to {LONGEST_S:.0f} seconds.")
        fields = {
            "task_type": "cover",
            "prompt": prompt_of(plan),
            "lyrics": "[Instrumental]",
            "audio_cover_strength": str(self._terms.cover_strength),
            "bpm": str(round(min(max(plan.tempo_bpm, 30), 300))),
            "key_scale": key_of(plan).title(),
            "time_signature": TIME_SIGNATURES[plan.meter],
            "audio_duration": f"{plan.duration_s:.2f}",
            "inference_steps": str(self._terms.inference_steps),
            "use_random_seed": "false",
            "seed": str(plan.seed % 2**31),
            "batch_size": "1",
            "audio_format": "wav",
            **({"model": self._terms.model} if self._terms.model else {}),
        }
        answer = self._wire.submit_for_json(
            "/release_task",
            idempotency_key=idempotency_key,
            data=fields,
            files={"src_audio": ("guide.wav", wav_bytes(request.guide), "audio/wav")},
        )
        task_id = _inside(answer, "task_id")
        if not isinstance(task_id, str) or not task_id:
            raise Ambiguous(f"{WHO} took the request and did not say under which number.")
        return Submitted(Reference(provider=self.name, id=task_id))

    def poll(self, reference: Reference) -> Status:
        return "done" if self._file_of(reference) else "waiting"

    def fetch(self, reference: Reference, request: MusicRequest, folder: Path) -> Fetched:  # noqa: ARG002
        file = self._file_of(reference)
        if file is None:
            raise Unreachable(f"{WHO} is not done yet.")
        download = self._wire.download(file, folder / "ace_step.audio")
        return Fetched(download.path, download.sha256)

    def cancel(self, reference: Reference) -> None:  # noqa: ARG002
        raise Unsupported(f"{WHO} cannot cancel.")

    def _file_of(self, reference: Reference) -> str | None:
        """Where the result lies, or None while it is being made."""
        answer = self._wire.ask("/query_result", json={"task_id_list": [reference.id]})
        try:
            task = next(task for task in answer["data"] if task["task_id"] == reference.id)
            results = json.loads(task["result"])
            status = int(task["status"])
            if status == FAILED:
                raise Failed(f"{WHO} could not make the song.")
            if not results:
                raise Expired(f"{WHO} no longer knows the song.")
            if status != SUCCEEDED:
                return None
            return str(results[0]["file"])
        except (KeyError, IndexError, TypeError, ValueError, StopIteration) as error:
            raise Unreachable(f"{WHO} did not answer as it should.") from error


def wav_bytes(audio: Audio) -> bytes:
    body = io.BytesIO()
    soundfile.write(body, audio.samples, audio.rate_hz, subtype="PCM_16", format="WAV")
    return body.getvalue()


def _inside(answer: Any, name: str) -> Any:
    """A field of the envelope's ``data``, or None."""
    inner = answer.get("data") if isinstance(answer, dict) else None
    return inner.get(name) if isinstance(inner, dict) else None
