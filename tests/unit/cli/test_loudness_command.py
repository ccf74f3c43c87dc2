import json
import shlex
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
import soundfile
from tests.fixtures.sounds import encode, sine_audio

from soundstage.audio.io import Audio, write_wav
from soundstage.cli.main import _parser, main

PRESET_COMMANDS = ("preset apply", "preset export", "preset blend")
FIELDS = [
    "integrated_lufs",
    "loudness_range_lu",
    "momentary_max_lufs",
    "short_term_max_lufs",
    "true_peak_dbtp",
    "sample_peak_dbfs",
    "duration_s",
    "rate_hz",
    "channels",
]


def test_json(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    tone = 10 ** (-23 / 20) * np.sin(2 * np.pi * 1000 * np.arange(4 * 48_000) / 48_000)
    write_wav(tmp_path / "a.wav", Audio(np.stack([tone, tone], axis=1).astype(np.float32), 48_000))
    assert main(["loudness", str(tmp_path / "a.wav"), "--json"]) == 0
    printed = capsys.readouterr()
    measured = json.loads(printed.out)
    assert list(measured) == FIELDS
    assert measured["integrated_lufs"] == pytest.approx(-23.0, abs=0.1)
    assert measured["true_peak_dbtp"] == pytest.approx(-23.0, abs=0.1)
    assert (measured["duration_s"], measured["rate_hz"], measured["channels"]) == (4.0, 48_000, 2)
    assert not printed.err


def test_silence_is_null(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    write_wav(tmp_path / "a.wav", Audio(np.zeros(48_000, np.float32), 48_000))
    assert main(["loudness", str(tmp_path / "a.wav"), "--json"]) == 0
    measured = json.loads(capsys.readouterr().out)
    assert measured["integrated_lufs"] is None
    assert measured["true_peak_dbtp"] is None
    assert measured["loudness_range_lu"] == 0.0


def test_table(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = encode(sine_audio(seconds=5.0, channels=2), tmp_path / "memo.m4a")
    assert main(["loudness", str(path)]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert lines[0].split()[0::2] == ["Integrated", "LUFS"]
    assert lines[-1].endswith("s, 2 ch, 48000 Hz")


@pytest.mark.parametrize(
    ("content", "code"),
    [(b"", "FILE_EMPTY"), (b"Dear diary", "FORMAT_UNSUPPORTED"), (b"OggS" + bytes(99), "FILE_CORRUPT")],
)
def test_what_cannot_be_read(tmp_path: Path, capsys: pytest.CaptureFixture[str], content: bytes, code: str) -> None:
    (tmp_path / "a.wav").write_bytes(content)
    assert main(["loudness", str(tmp_path / "a.wav"), "--json"]) == 3
    printed = capsys.readouterr()
    rejection = json.loads(printed.out)
    assert (rejection["outcome"], rejection["code"]) == ("rejected", code)
    assert rejection["message"]
    assert printed.err.startswith(f"soundstage: {code}: ")
    assert printed.err.count("\n") == 1
    assert main(["loudness", str(tmp_path / "a.wav")]) == 3
    assert not capsys.readouterr().out


def test_samples_that_are_not_numbers(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    soundfile.write(tmp_path / "a.wav", np.full(9_000, np.nan), 48_000, subtype="FLOAT")
    assert main(["loudness", str(tmp_path / "a.wav"), "--json"]) == 3
    assert json.loads(capsys.readouterr().out)["code"] == "NOT_FINITE"


@pytest.mark.parametrize(
    ("shape", "rate_hz", "code"),
    [
        ((9_000, 12), 48_000, "CHANNELS_UNSUPPORTED"),
        ((9_000, 1), 50, "RATE_UNSUPPORTED"),
        ((0, 1), 48_000, "DURATION_TOO_SHORT"),
    ],
)
def test_what_cannot_be_measured(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], shape: tuple[int, int], rate_hz: int, code: str
) -> None:
    soundfile.write(tmp_path / "a.wav", np.zeros(shape), rate_hz)
    assert main(["loudness", str(tmp_path / "a.wav"), "--json"]) == 3
    assert json.loads(capsys.readouterr().out)["code"] == code


def test_no_such_file(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["loudness", str(tmp_path / "nothing.wav"), "--json"]) == 2
    printed = capsys.readouterr()
    assert printed.out == ""
    assert printed.err.startswith("soundstage: FILE_NOT_FOUND: ")
    assert printed.err.count("\n") == 1


def test_bad_usage(capsys: pytest.CaptureFixture[str]) -> None:
    for arguments in ([], ["loudness"], ["sing"]):
        with pytest.raises(SystemExit) as left:
            main(arguments)
        assert left.value.code == 2
    assert "usage: soundstage" in capsys.readouterr().err


@pytest.mark.parametrize("command", ["loudness", "transcribe", "track", "match", *PRESET_COMMANDS])
def test_help_has_an_example_that_parses(command: str, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as left:
        main([*command.split(), "--help"])
    assert left.value.code == 0
    printed = capsys.readouterr().out
    example = shlex.split(printed.split("example:\n")[1].splitlines()[0])
    assert " ".join(example).startswith(f"soundstage {command} ")
    assert _parser().parse_args(example[1:]).json is False
    assert all(len(line) <= 100 for line in printed.splitlines() if not line.startswith("  soundstage"))


def test_help_imports_no_numpy() -> None:
    program = (
        "import sys, soundstage.cli.main as m\n"
        "try: m.main(['--help'])\n"
        "except SystemExit: pass\n"
        "print([name for name in ('numpy', 'pydantic', 'soundfile') if name in sys.modules])"
    )
    ran = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)  # noqa: S603
    assert ran.stdout.splitlines()[-1] == "[]"


def test_loudness_needs_no_scipy(tmp_path: Path) -> None:
    write_wav(tmp_path / "a.wav", sine_audio())
    program = "import sys, soundstage.cli.main as m; m.main(sys.argv[1:]); print('scipy' in sys.modules)"
    arguments = [sys.executable, "-c", program, "loudness", str(tmp_path / "a.wav")]
    ran = subprocess.run(arguments, capture_output=True, text=True, check=True)  # noqa: S603
    assert ran.stdout.splitlines()[-1] == "False"
