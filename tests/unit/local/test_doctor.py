"""``make doctor`` is useful to a person whose environment works, is broken, or is not there."""

import os
import socket
import subprocess
import sys
from pathlib import Path

import pytest
from infra.local import doctor, environment
from infra.local.settings import InstanceSettings

ROOT = Path(__file__).parents[3]


def run(**variables: str) -> subprocess.CompletedProcess[str]:
    """With a Python that has no package of ours, as make does."""
    start = f"import sys; sys.path.insert(0, {str(ROOT)!r}); from infra.local import doctor; sys.exit(doctor.main())"
    command = [str(Path(sys.executable).resolve()), "-I", "-c", start]
    # Without credentials that other tests have set.
    own = {name: value for name, value in os.environ.items() if not name.startswith("AWS_")}
    environment = {**own, **variables}
    return subprocess.run(command, check=False, capture_output=True, text=True, env=environment, cwd="/")  # noqa: S603


@pytest.mark.slow
def test_it_tells_what_works_and_what_is_there(tmp_path: Path) -> None:
    (tmp_path / "credentials").write_text("[studio]\naws_secret_access_key = hidden\n")
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = str(taken.getsockname()[1])
        done = run(
            SOUNDSTAGE_PORT=port,
            SOUNDSTAGE_CLOUD_PORT="none",
            AWS_SHARED_CREDENTIALS_FILE=str(tmp_path / "credentials"),
        )
    assert done.returncode == 0, done.stdout + done.stderr
    assert "Everything that Soundstage needs works here." in done.stdout
    says = " ".join(done.stdout.split())
    assert f"gateway {port} is taken by process {os.getpid()} (" in says
    assert "AWS endpoint SOUNDSTAGE_CLOUD_PORT=none is not a port from 1024 to 65535" in says
    assert "credentials (studio): cdk deploy can reach" in says
    assert "hidden" not in says
    for known in (
        "libsndfile 1.",
        "kernel ",
        "GiB at ",
        "C compiler",
        "FluidSynth",
        "sound font",
        "Chromium",
        "Docker",
    ):
        assert known in says


def test_it_is_useful_without_an_environment(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(environment, "PYTHON", tmp_path / "python")
    assert doctor.main() == 1
    says = " ".join(capsys.readouterr().out.split())
    assert "does not start (No such file or directory). -> make setup builds it." in says
    assert "AWS endpoint 4566" in says
    assert says.endswith("Does not work: Python. What would mend it stands above.")


def test_the_ports_are_those_of_an_instance() -> None:
    settings = InstanceSettings.model_construct()
    assert dict(doctor.PORTS.values()) == {
        "SOUNDSTAGE_PORT": settings.port,
        "SOUNDSTAGE_CLOUD_PORT": settings.cloud_port,
    }
