"""``soundstage match`` and ``soundstage preset`` as people run them."""

import json
from pathlib import Path

import numpy as np
import pytest
import soundfile
from tests.fixtures.pairs import make_pair

from soundstage.audio.io import Audio, read_audio, write_wav
from soundstage.audio.loudness import measure_loudness
from soundstage.cli.main import main
from soundstage.cli.match import STAGE_NAMES, parse_amounts
from soundstage.match.presets.operations import blend, weigh_references
from soundstage.match.presets.writing import export_preset
from soundstage.models.style import STAGES, EqBand, LoudnessTarget, StyleParams

pytestmark = pytest.mark.slow

RATE_HZ = 44_100


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("match")
    pair = make_pair("eq_gain_width", 41, seconds=8)
    write_wav(folder / "reference.wav", pair.reference)
    write_wav(folder / "target.wav", pair.target)
    return folder


def test_match_then_preset(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    out, preset, report = folder / "out.wav", folder / "style.json", folder / "report"
    files = ["--reference", str(folder / "reference.wav"), "--target", str(folder / "target.wav"), "--out", str(out)]
    assert main(["match", *files, "--save-preset", str(preset), "--report", str(report), "--json"]) == 0
    document = json.loads(capsys.readouterr().out)
    assert set(document) == {"metrics_before", "metrics_after", "params", "timings"}
    assert document["metrics_after"]["mel_dist"] < 0.25 * document["metrics_before"]["mel_dist"]
    assert document["metrics_after"]["lufs_err"] < 0.05
    assert StyleParams.model_validate(document["params"]).eq

    again = folder / "again.wav"
    assert main(["preset", "apply", str(preset), "--target", str(folder / "target.wav"), "--out", str(again)]) == 0
    np.testing.assert_allclose(read_audio(again).samples, read_audio(out).samples, atol=2e-4)

    capsys.readouterr()
    assert main(["preset", "export", str(preset), "--format", "equalizerapo"]) == 0
    exported = capsys.readouterr()
    assert exported.out.startswith("Preamp: ")
    assert "limiter" in exported.err
    assert main(["preset", "export", str(preset), "--format", "nonsense"]) == 2

    blended = folder / "half.json"
    assert main(["preset", "blend", str(preset), str(preset), "--share", "0.5", "--out", str(blended)]) == 0
    assert json.loads(blended.read_text())["params"]["lufs"] == pytest.approx(document["params"]["lufs"])


def test_the_report_stands_alone(folder: Path) -> None:
    report = folder / "alone"
    files = ["--reference", str(folder / "reference.wav"), "--target", str(folder / "target.wav")]
    assert main(["match", *files, "--out", str(folder / "o.wav"), "--report", str(report)]) == 0
    page = (report / "report.html").read_text(encoding="utf-8")
    assert "http" not in page.replace("http://www.w3.org", "")
    drawn = json.loads((report / "report.json").read_text())
    for sentence in (note["sentence"] for note in drawn["params"]["notes"]):
        assert (
            sentence.removeprefix("Loudness ").replace(" -", " −").lstrip("-").split(":")[0].split("&")[0][:20] in page
        )
    assert {"spectra", "eq_curve", "loudness", "gain_reduction"} <= set(drawn)
    assert (report / "report.png").read_bytes()[:8] == b"\x89PNG\r\n\x1a\n"


def test_a_recording_that_ends_early_is_told_of(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    whole = (folder / "target.wav").read_bytes()
    cut = folder / "cut.wav"
    cut.write_bytes(whole[: len(whole) // 2])
    for target, told in ((cut, True), (folder / "target.wav", False)):
        files = ["--reference", str(folder / "reference.wav"), "--target", str(target)]
        assert main(["match", *files, "--out", str(folder / "early.wav"), "--only", "lufs"]) == 0
        assert ("cut.wav ends early" in capsys.readouterr().err) is told
    album = ["--album", str(cut), str(folder / "target.wav"), "--out", str(folder / "early-album"), "--only", "lufs"]
    assert main(["match", "--reference", str(folder / "reference.wav"), *album]) == 0
    assert capsys.readouterr().err.count("ends early") == 1


def test_only_one_stage(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    files = ["--reference", str(folder / "reference.wav"), "--target", str(folder / "target.wav")]
    assert main(["match", *files, "--out", str(folder / "w.wav"), "--only", "stereo", "--json"]) == 0
    params = json.loads(capsys.readouterr().out)["params"]
    assert params["amounts"] == {**dict.fromkeys(params["amounts"], 0.0), "stereo": 1.0}


def test_an_original_is_not_overwritten_unless_forced(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    target = folder / "again-target.wav"
    target.write_bytes((folder / "target.wav").read_bytes())
    files = ["--reference", str(folder / "reference.wav"), "--target", str(target), "--out", str(target)]
    assert main(["match", *files]) == 2
    assert "--force" in capsys.readouterr().err
    assert target.read_bytes() == (folder / "target.wav").read_bytes()
    assert main(["match", *files, "--force"]) == 0
    assert target.read_bytes() != (folder / "target.wav").read_bytes()


def test_tags_stay_and_what_lies_beyond_full_scale_too(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    loud = folder / "tagged.flac"
    music = read_audio(folder / "target.wav").samples
    with soundfile.SoundFile(loud, "w", RATE_HZ, 2, "PCM_24") as file:
        file.title, file.artist = "Étude", "Ada"
        file.write(0.9 * music / np.abs(music).max())
    preset = folder / "loud.json"
    export = export_preset(StyleParams(lufs=LoudnessTarget(target_db=-3)), "json")
    preset.write_bytes(export.content)
    for name, clips in (("unlimited.wav", False), ("unlimited.flac", True)):
        out = folder / name
        given = ["preset", "apply", str(preset), "--target", str(loud), "--out", str(out), "--amount", "limiter=0"]
        assert main([*given, "--json"]) == 0
        said = capsys.readouterr()
        measured = measure_loudness(read_audio(out).samples, RATE_HZ)
        assert json.loads(said.out)["metrics_after"]["tp_db"] == pytest.approx(measured.true_peak_dbtp, abs=0.1)
        assert (np.abs(read_audio(out).samples).max() > 1.05) != clips
        assert ("beyond full scale" in said.err) == clips
        with soundfile.SoundFile(out) as file:
            assert (file.title, file.artist) == ("Étude", "Ada")


def test_help_names_the_stages() -> None:
    assert tuple(STAGE_NAMES.split(", ")) == STAGES


def test_only_asks_for_nothing_and_an_amount_does() -> None:
    only, named, every = (parse_amounts(*given) for given in (("", "eq,lufs"), ("eq=0.8", ""), ("0.5,eq=1", "")))
    assert only is not None
    assert named is not None
    assert every is not None
    assert [stage for stage in STAGES if only.ask_for(stage)] == []
    assert (only.eq, only.lufs, only.stereo) == (1.0, 1.0, 0.0)
    assert [stage for stage in STAGES if named.ask_for(stage)] == ["eq"]
    assert [stage for stage in STAGES if every.ask_for(stage)] == ["eq"]
    assert (every.eq, every.lufs) == (1.0, 0.5)


@pytest.mark.parametrize("amount", ["eq=2", "bass=1", "eq"])
def test_amounts_that_do_not_exist(folder: Path, amount: str, capsys: pytest.CaptureFixture[str]) -> None:
    files = ["--reference", str(folder / "reference.wav"), "--target", str(folder / "target.wav")]
    assert main(["match", *files, "--out", str(folder / "x.wav"), "--amount", amount]) == 2
    assert "Stages are" in capsys.readouterr().err
    assert not (folder / "x.wav").exists()


def test_blending_responses_of_many_bands() -> None:
    def style(gain_db: float, offset: float) -> StyleParams:
        f_hz = [60.0, 150, 400, 1000, 2500, 6000]
        return StyleParams(eq=[EqBand(type="peaking", f_hz=f * offset, q=1.0, gain_db=gain_db) for f in f_hz])

    one, other = style(4, 1.0), style(-2, 1.3)
    assert blend(one, other, 0) == one
    assert blend(one, other, 1) == other
    assert len(blend(one, other, 0.5).eq) <= 8


def test_weighted_references_lie_between(folder: Path) -> None:
    from soundstage.audio.streams import FileReader  # noqa: PLC0415
    from soundstage.match.analysis.feature_arrays import as_arrays  # noqa: PLC0415
    from soundstage.match.analysis.features import analyze_features  # noqa: PLC0415

    one, other = (as_arrays(analyze_features(FileReader(folder / name))) for name in ("reference.wav", "target.wav"))
    merged = weigh_references([(one, 3.0), (other, 1.0)])
    assert merged.integrated_lufs == pytest.approx(
        0.75 * (one.integrated_lufs or 0) + 0.25 * (other.integrated_lufs or 0)
    )
    np.testing.assert_allclose(merged.mid_db, 0.75 * one.mid_db + 0.25 * other.mid_db)


def test_an_album_goes_into_a_folder(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    songs = [folder / "one.wav", folder / "two.wav"]
    music = read_audio(folder / "target.wav").samples
    for path, gain in zip(songs, (0.5, 0.25), strict=True):
        write_wav(path, Audio(gain * music, RATE_HZ))
    out, report = folder / "album", folder / "album-report"
    files = ["--reference", str(folder / "reference.wav"), "--album", *map(str, songs), "--out", str(out)]
    assert main(["match", *files, "--report", str(report), "--json"]) == 0
    said = json.loads(capsys.readouterr().out)
    assert [Path(song["out"]).name for song in said["songs"]] == ["one.wav", "two.wav"]
    one, two = (measure_loudness(read_audio(out / path.name).samples, RATE_HZ).integrated_lufs for path in songs)
    assert one - two == pytest.approx(6.02, abs=0.1)
    assert (report / "two" / "report.html").exists()

    assert main(["match", *files, "--mode", "A"]) == 2
    assert "--target" in capsys.readouterr().err
    assert main(["match", *files[:2], "--album", str(songs[0]), str(songs[0]), "--out", str(out)]) == 2
    assert "named one" in capsys.readouterr().err
    assert main(["match", *files[:2], "--album", str(songs[0]), "--out", str(folder / "target.wav")]) == 2
    assert "into a folder" in capsys.readouterr().err
    assert main(["match", *files[:2], "--album", str(songs[0]), "--out", str(folder)]) == 2
    assert "overwritten" in capsys.readouterr().err
