"""``soundstage preset`` in the hands of somebody new to it: every mistake is one line with a code."""

import json
from pathlib import Path

import numpy as np
import pytest
import soundfile

from soundstage.cli.main import main

STYLE = {"eq": [{"type": "peaking", "f_hz": 100, "q": 1, "gain_db": 3}], "lufs": {"target_db": -14}, "limiter": {}}
EQUALIZER = "Preamp: -6 dB\nFilter 1: ON PK Fc 1000 Hz Gain 3 dB Q 1\n"


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("presets")
    x = np.random.default_rng(0).normal(0, 0.05, (48_000, 2))
    soundfile.write(folder / "t.wav", x, 48_000)
    soundfile.write(folder / "silent.wav", 0 * x, 48_000)
    (folder / "a.json").write_text(json.dumps({"name": "a", "params": STYLE}))
    (folder / "eq.txt").write_text(EQUALIZER)
    (folder / "nan.json").write_text('{"name": "n", "params": {"lufs": {"target_db": NaN}}}')
    (folder / "wrong.json").write_text("{")
    return folder


MISTAKES = {
    "export missing.json --format json": "FILE_NOT_FOUND",
    "export . --format json": "FILE_UNREADABLE",
    "export wrong.json --format json": "INVALID_INPUT",
    "export nan.json --format json": "INVALID_INPUT",
    "export t.wav --format json": "INVALID_INPUT",
    "export a.json --format winamp": "INVALID_INPUT",
    "export a.json --format lv2 --rate 0": "INVALID_INPUT",
    "export a.json --format lv2 --out none/x.ttl": "FILE_NOT_FOUND",
    "blend a.json eq.txt --share 2 --out b.json": "INVALID_INPUT",
    "blend a.json eq.txt --share nan --out b.json": "INVALID_INPUT",
    "blend a.json missing.json --out b.json": "FILE_NOT_FOUND",
    "apply nan.json --target t.wav --out o.wav": "INVALID_INPUT",
    "apply a.json --target missing.wav --out o.wav": "FILE_NOT_FOUND",
    "apply a.json --target silent.wav --out o.wav": "INVALID_INPUT",
    "apply a.json --target t.wav --out o.mp3": "INVALID_INPUT",
    "apply a.json --target t.wav --out none/o.wav": "FILE_NOT_FOUND",
    "apply a.json --target t.wav --out o.wav --amount eq=nan": "INVALID_INPUT",
    "apply a.json --target t.wav --out o.wav --only loud": "INVALID_INPUT",
}


@pytest.mark.parametrize("command", MISTAKES)
def test_mistakes(
    command: str, folder: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(folder)
    assert main(["preset", *command.split()]) == 2
    *notes, said = capsys.readouterr().err.splitlines()
    assert said.startswith(f"soundstage: {MISTAKES[command]}: ")
    assert len(said) < 250
    assert all(note.startswith("soundstage: eq.txt: Preamp") for note in notes)
    assert not (folder / "b.json").exists()
    assert not (folder / "o.wav").exists()


@pytest.mark.parametrize("weight", ["0", "-1", "nan", "inf"])
def test_weights_that_weigh_nothing(weight: str, folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    track, out = str(folder / "t.wav"), str(folder / "weighed.wav")
    assert main(["match", "--reference", f"{track}:{weight}", "--target", track, "--out", out]) == 2
    assert "References need positive weights" in capsys.readouterr().err


def test_an_equaliser_from_elsewhere_needs_no_reference(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    out = folder / "equalised.flac"
    assert main(["preset", "apply", str(folder / "eq.txt"), "--target", str(folder / "t.wav"), "--out", str(out)]) == 0
    assert soundfile.info(out).frames == 48_000
    assert "Preamp: -6 dB: left out" in capsys.readouterr().err


def test_export_tells_what_is_lost(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    out = folder / "a.ttl"
    export = ["preset", "export", str(folder / "a.json"), "--format", "lv2", "--name", "Warm & wide", "--out", str(out)]
    assert main(export) == 0
    assert "lv2 cannot hold limiter." in capsys.readouterr().err
    assert 'rdfs:label "Warm & wide"' in out.read_text()
    assert main([*export, "--json"]) == 0
    told = json.loads(capsys.readouterr().out)
    assert (told["carried"], told["lost"]) == (["eq", "lufs"], ["limiter"])


def test_blend_writes_a_preset(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    out = folder / "half.json"
    assert main(["preset", "blend", str(folder / "a.json"), str(folder / "eq.txt"), "--out", str(out), "--json"]) == 0
    printed = json.loads(capsys.readouterr().out)
    written = json.loads(out.read_text())
    assert written["name"] == "half"
    assert written["params"] == printed
    assert [band["gain_db"] for band in printed["eq"]] == [1.5, 1.5]
