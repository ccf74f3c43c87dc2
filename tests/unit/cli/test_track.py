"""``soundstage track``: one JSON document on stdout, files where it says, and exit status 3 for a rejection."""

import json
from pathlib import Path

import numpy as np
import pytest
from tests.fixtures.hums import render_hum
from tests.fixtures.tunes import TUNES

from soundstage.audio.io import Audio, write_wav
from soundstage.cli.main import main

pytestmark = pytest.mark.slow


def test_a_hum_becomes_two_songs(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    hum, _ = render_hum(TUNES[1], tonic=57, tempo_bpm=108.0, max_duration_s=14.0, seed=3)
    write_wav(tmp_path / "hum.wav", hum)
    params = tmp_path / "params.json"
    params.write_text('{"duration_s": 20, "style_a": "bossa"}')
    out = tmp_path / "out"
    command = ["track", str(tmp_path / "hum.wav"), "--out", str(out), "--seed", "5", "--params", str(params), "--json"]
    assert main(command) == 0
    document = json.loads(capsys.readouterr().out)
    assert document["outcome"] == "ok"
    assert [v["label"] for v in document["variants"]] == ["A", "B"]
    assert document["variants"][0]["style"] == "bossa"
    for variant in document["variants"]:
        assert variant["scores"]["audio_quality"]["gates_failed"] == []
        for path in (variant["audio"], variant["midi"], *variant["pictures"].values()):
            assert Path(path).stat().st_size > 200
    assert Path(document["cover"]).parent == out
    assert Path(document["cover"]).stat().st_size > 10_000
    assert document["recommended"] in ("A", "B")
    assert document["reason"].endswith(".")
    assert json.loads((out / "composition.json").read_text())["variants"]["A"]["style"] == "bossa"


def test_silence_is_rejected_by_name(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    write_wav(tmp_path / "silence.wav", Audio(np.zeros((44_100 * 5, 1), dtype=np.float32), 44_100))
    assert main(["track", str(tmp_path / "silence.wav"), "--out", str(tmp_path / "out"), "--json"]) == 3
    document = json.loads(capsys.readouterr().out)
    assert (document["outcome"], document["code"]) == ("rejected", "SILENT")


def test_params_that_are_not_gen_params_are_named(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    params = tmp_path / "params.json"
    params.write_text('{"tempo": 120}')
    assert main(["track", "hum.wav", "--out", str(tmp_path), "--params", str(params)]) == 2
    assert "INVALID_INPUT: tempo" in capsys.readouterr().err


@pytest.mark.parametrize("option", ["--prompt", "--wish"])
def test_the_prompt_has_its_old_option(option: str, capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    command = ["track", str(tmp_path / "none.wav"), "--out", str(tmp_path), option, "x" * 501]
    assert main(command) == 2
    assert "INVALID_INPUT: prompt" in capsys.readouterr().err
    with pytest.raises(SystemExit):
        main(["track", "--help"])
    assert "--wish" not in capsys.readouterr().out


def test_nobody_else_is_asked(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    params = tmp_path / "params.json"
    params.write_text('{"provider": "elevenlabs"}')
    assert main(["track", "hum.wav", "--out", str(tmp_path), "--params", str(params)]) == 2
    assert "there is only embedded" in capsys.readouterr().err
