"""``soundstage transcribe``: notes on stdout, a picture on request, rejections with their code and status 3."""

import json
from pathlib import Path

import numpy as np
import pytest
from tests.fixtures import not_tunes
from tests.fixtures.hums import TUNES, render_hum
from tests.fixtures.listening import note_f1

from soundstage.audio.io import Audio, write_wav
from soundstage.cli.main import main
from soundstage.models.music import Note


def test_json_has_key_tempo_meter_and_notes(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    audio, notes = render_hum(TUNES[0], tonic=57, tempo_bpm=108, rate_hz=16000, max_duration_s=18)
    write_wav(tmp_path / "hum.wav", audio)

    status = main(["transcribe", str(tmp_path / "hum.wav"), "--json", "--out", str(tmp_path / "out")])

    heard = json.loads(capsys.readouterr().out)
    assert status == 0
    assert heard["key"] == {"tonic": "A", "mode": "major", "scale": None}
    assert heard["tempo_bpm"] == pytest.approx(108, rel=0.04)
    assert heard["meter"] == "4/4"
    assert note_f1([Note(**note) for note in heard["notes"]], notes) > 0.95
    assert (tmp_path / "out" / "transcription.png").read_bytes().startswith(b"\x89PNG")


def test_text_lists_the_notes(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    audio, _ = render_hum(TUNES[0], tonic=57, tempo_bpm=108, rate_hz=16000, max_duration_s=6)
    write_wav(tmp_path / "hum.wav", audio)

    assert main(["transcribe", str(tmp_path / "hum.wav")]) == 0
    assert "C♯4" in capsys.readouterr().out  # the tune opens on its third


def test_text_says_what_is_in_doubt(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    audio, _ = render_hum(TUNES[0], tonic=56, tempo_bpm=108, rate_hz=16000, max_duration_s=3)
    write_wav(tmp_path / "hum.wav", audio)

    assert main(["transcribe", str(tmp_path / "hum.wav"), "--json"]) == 0
    warnings = json.loads(capsys.readouterr().out)["warnings"]
    assert main(["transcribe", str(tmp_path / "hum.wav")]) == 0
    told = capsys.readouterr().out

    assert warnings
    assert all(f"{warning}\n" in told for warning in warnings)
    assert "#" not in told


def test_what_the_level_does_is_told(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    audio, _ = render_hum(TUNES[0], tonic=57, tempo_bpm=108, rate_hz=16000, max_duration_s=6)
    write_wav(tmp_path / "hum.wav", Audio(np.clip(audio.samples * 12, -1, 1).astype(np.float32), audio.rate_hz))

    assert main(["transcribe", str(tmp_path / "hum.wav")]) == 0
    assert "Parts of the recording are too loud" in capsys.readouterr().out


def test_a_rejection_gives_the_numbers(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    audio, _ = render_hum(TUNES[0], tonic=57, tempo_bpm=108, rate_hz=16000, max_duration_s=1.5)
    write_wav(tmp_path / "hum.wav", audio)

    assert main(["transcribe", str(tmp_path / "hum.wav")]) == 3
    assert "it takes 2 s at least" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("code", "audio"), [("SPEECH", not_tunes.speech(6, 16000)), ("SILENT", not_tunes.silence(3, 16000))]
)
def test_rejections(code: str, audio: object, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    write_wav(tmp_path / "odd.wav", audio)  # type: ignore[arg-type]

    status = main(["transcribe", str(tmp_path / "odd.wav"), "--json"])

    printed = json.loads(capsys.readouterr().out)
    assert status == 3
    assert (printed["outcome"], printed["code"]) == ("rejected", code)
    assert printed["message"]
