"""Settings refuse to start with what is missing, unknown or a placeholder."""

import pytest
from pydantic import SecretStr, ValidationError

from soundstage.platform.settings import JobsSettings, StepSettings, TelemetrySettings, WorkerSettings, check_secret


@pytest.fixture(autouse=True)
def _environment(monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in {"STAGE": "dev", "BUCKET": "b", "TABLE": "t"}.items():
        monkeypatch.setenv(f"SOUNDSTAGE_{name}", value)


def test_they_are_read_from_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SOUNDSTAGE_STATE_MACHINES", '{"track": "arn:track"}')
    known = JobsSettings()
    assert (known.stage, known.bucket, known.state_machines) == ("dev", "b", {"track": "arn:track"})
    with pytest.raises(ValidationError):
        known.bucket = "other"  # type: ignore[misc]


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("BUCKET", ""),
        ("STAGE", "staging"),
        ("LOG_LEVEL", "LOUD"),
        ("INGEST_LEASE_S", "0"),
        ("DATABASE_URL", "changeme"),
    ],
)
def test_missing_unknown_and_placeholder_values_refuse_to_start(
    monkeypatch: pytest.MonkeyPatch, name: str, value: str
) -> None:
    monkeypatch.setenv(f"SOUNDSTAGE_{name}", value)
    with pytest.raises(ValidationError):
        StepSettings()


def test_an_unknown_kind_of_job_refuses_to_start(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SOUNDSTAGE_STATE_MACHINES", '{"opera": "arn"}')
    with pytest.raises(ValidationError):
        JobsSettings()


def test_a_worker_needs_its_queue() -> None:
    with pytest.raises(ValidationError, match="queue_url"):
        WorkerSettings(state_machines={})


def test_a_random_secret_is_not_taken_for_a_placeholder() -> None:
    assert check_secret("signing_key", "q7xxxVtodoA9") == "q7xxxVtodoA9"


@pytest.mark.parametrize("value", [" ", "CHANGE-ME", "placeholder-key", "xxxx"])
def test_placeholder_secrets_are_refused(value: str) -> None:
    with pytest.raises(ValidationError, match="placeholder"):
        TelemetrySettings(langfuse_secret_key=SecretStr(value))
    assert "real" not in repr(TelemetrySettings(langfuse_secret_key=SecretStr("real-key")))
