"""``soundstage say``: voices are listed, texts spoken, and mistakes told in a sentence."""

import json
from pathlib import Path

import pytest

from soundstage.cli.main import main


def test_voices_are_listed(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["say", "--voices"]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert len(lines) >= 12
    assert any(line.split() == ["zm_yunxi", "zh", "Mandarin", "male", "young"] for line in lines)
    assert main(["say", "--voices", "--json"]) == 0
    assert {voice["language"] for voice in json.loads(capsys.readouterr().out)} == {"en", "zh"}


def test_a_file_is_spoken(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "line.txt").write_text("\ufeff好！", encoding="utf-8")
    out = tmp_path / "new" / "line.wav"
    assert main(["say", str(tmp_path / "line.txt"), "--out", str(out), "--json"]) == 0
    speech = json.loads(capsys.readouterr().out)
    assert out.stat().st_size > 10_000
    assert (speech["voice"], [word["text"] for word in speech["words"]]) == ("zf_xiaoxiao", ["好"])


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["灯塔亮了。", "--voice", "am_puck"], "am_puck speaks English, and the text is Chinese"),
        (["Hello.", "--voice", "nobody"], "There is no voice nobody; those for English are"),
        (["Hello.", "--speed", "9"], "The speed of speech has to be 0.5 to 2, not 9.0."),
        (["x" * 5000 + "\0", "--speed", "9"], "The speed of speech"),
        (["…"], "There is nothing in the text that can be said."),
    ],
)
def test_mistakes_are_told(arguments: list[str], said: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["say", *arguments, "--out", str(tmp_path / "out.wav")]) == 2
    assert f"soundstage: INVALID_INPUT: {said}" in capsys.readouterr().err.replace("The voice ", "")
    assert not (tmp_path / "out.wav").exists()


def test_a_text_is_needed(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["say"]) == 2
    assert "Say needs a text and --out, or --voices." in capsys.readouterr().err
