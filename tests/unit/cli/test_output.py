"""stderr is for what the commands say, and for nothing that a library has to say."""

import subprocess
import sys
from pathlib import Path

import numpy as np
import soundfile


def test_a_damaged_mp3_is_no_reason_to_talk(tmp_path: Path) -> None:
    file = tmp_path / "damaged.mp3"
    soundfile.write(file, 0.1 * np.sin(0.1 * np.arange(160_000)), 16_000, format="MP3")
    content = file.read_bytes()
    file.write_bytes(content[: len(content) // 2] + bytes(300) + content[len(content) // 2 + 900 :])
    program = "import sys, soundfile; soundfile.read(sys.argv[1])"
    library = subprocess.run([sys.executable, "-c", program, file], capture_output=True, text=True, check=False)  # noqa: S603
    command = [sys.executable, "-m", "soundstage.cli.main", "loudness", str(file), "--json"]

    ours = subprocess.run(command, capture_output=True, text=True, check=False)  # noqa: S603

    assert library.stderr  # libmpg123 does talk
    assert not ours.stderr
    assert ours.stdout


def test_errors_are_still_heard(tmp_path: Path) -> None:
    command = [sys.executable, "-m", "soundstage.cli.main", "loudness", str(tmp_path / "none.wav")]

    ours = subprocess.run(command, capture_output=True, text=True, check=False)  # noqa: S603

    assert ours.returncode == 2
    assert ours.stderr.startswith("soundstage: FILE_NOT_FOUND")
    assert ours.stderr.count("\n") == 1
