"""Every export is read back by other means and does what the engine does."""

import json
import re
import struct
import subprocess

import numpy as np
import pytest
import scipy.signal
import yaml  # type: ignore[import-untyped]
from numpy.typing import NDArray

from soundstage.audio.ffmpeg import find_ffmpeg
from soundstage.match.chain import Chain
from soundstage.match.exports import FORMATS, export_preset
from soundstage.models.errors import InvalidInput
from soundstage.models.style import (
    Amounts,
    Compressor,
    EqBand,
    Limiter,
    LoudnessTarget,
    Stereo,
    StyleParams,
)

RATE_HZ = 48_000
Floats = NDArray[np.float64]
PARAMS = StyleParams(
    amounts=Amounts(eq=0.8, stereo=0.5),
    eq=[
        EqBand(type="low_shelf", f_hz=110, q=0.71, gain_db=5.0),
        EqBand(type="peaking", f_hz=420, q=1.8, gain_db=-6.5),
        EqBand(type="peaking", f_hz=2900, q=0.9, gain_db=3.25),
        EqBand(type="high_shelf", f_hz=7200, q=0.6, gain_db=-4.0),
    ],
    stereo=Stereo(width=1.4),
    compressor=Compressor(threshold_db=-20, ratio=3),
    lufs=LoudnessTarget(target_db=-14, gain_db=-2.5),
    limiter=Limiter(),
)


def music() -> NDArray[np.float32]:
    rng = np.random.default_rng(3)
    return (rng.normal(0, 0.1, (RATE_HZ, 2)) + 0.1 * np.sin(np.arange(RATE_HZ) / 20)[:, None]).astype(np.float32)


def rendered(*, width: bool) -> Floats:
    """What the engine makes of the music with the linear stages alone."""
    stages = PARAMS.model_copy(update={"compressor": None, **({} if width else {"stereo": None})})
    y, _ = Chain(stages, RATE_HZ, 2).process(music(), last=True)
    return y.astype(np.float64) * 10 ** (-2.5 / 20)


def null_db(got: Floats, wanted: Floats) -> float:
    return float(10 * np.log10(np.mean((got - wanted) ** 2) / np.mean(wanted**2)))


def biquads(bands: list[tuple[str, float, float, float]]) -> Floats:
    """(kind, Hz, Q, dB) by the cookbook, through scipy."""
    y = music().astype(np.float64)
    for kind, f_hz, q, gain_db in bands:
        a, w = 10 ** (gain_db / 40), 2 * np.pi * f_hz / RATE_HZ
        c, alpha = np.cos(w), np.sin(w) / 2 / q
        if kind == "PK":
            b, d = [1 + alpha * a, -2 * c, 1 - alpha * a], [1 + alpha / a, -2 * c, 1 - alpha / a]
        else:
            s, r = (1.0 if kind == "LS" else -1.0), 2 * np.sqrt(a) * alpha
            b = [a * (a + 1 - s * (a - 1) * c + r), 2 * s * a * (a - 1 - s * (a + 1) * c)]
            b += [a * (a + 1 - s * (a - 1) * c - r)]
            d = [a + 1 + s * (a - 1) * c + r, -2 * s * (a - 1 + s * (a + 1) * c), a + 1 + s * (a - 1) * c - r]
        y = scipy.signal.lfilter(b, d, y, axis=0)
    return y


def widened(x: Floats, width: float) -> Floats:
    mid, side = x.mean(axis=1), (x[:, 0] - x[:, 1]) / 2 * width
    return np.stack([mid + side, mid - side], axis=1)


def text(format: str) -> str:
    return export_preset(PARAMS, format, name="Ünïcode & name", rate_hz=RATE_HZ).content.decode()


@pytest.mark.parametrize("format", FORMATS)
def test_every_format_says_what_it_lost(format: str) -> None:
    exported = export_preset(PARAMS, format)
    assert set(exported.carried) | set(exported.lost) == {"eq", "compressor", "stereo", "lufs", "limiter"}
    assert not set(exported.carried) & set(exported.lost)
    assert exported.lost == () if format in ("json", "vstpreset") else "limiter" in exported.lost
    assert exported.content == export_preset(PARAMS, format).content


def test_unknown_formats_are_named() -> None:
    with pytest.raises(InvalidInput, match="camilladsp"):
        export_preset(PARAMS, "winamp")


def test_equalizer_apo() -> None:
    lines = text("equalizerapo").splitlines()
    preamp = float(re.fullmatch(r"Preamp: (-?[\d.]+) dB", lines[0])[1])  # type: ignore[index]
    pattern = r"Filter \d+: ON (PK|LSC|HSC) Fc ([\d.]+) Hz Gain (-?[\d.]+) dB Q ([\d.]+)"
    found = [re.fullmatch(pattern, line) for line in lines[1:]]
    bands = [(m[1][:2], float(m[2]), float(m[4]), float(m[3])) for m in found if m]
    assert len(bands) == len(lines) - 1 == 4
    assert null_db(biquads(bands) * 10 ** (preamp / 20), rendered(width=False)) < -80


def test_graphic_eq_with_minimum_phase() -> None:
    points = [tuple(map(float, p.split())) for p in text("graphiceq").removeprefix("GraphicEQ: ").split(";")]
    f_hz, level_db = np.array(points).T
    size = 1 << 17
    bins = np.fft.rfftfreq(size, 1 / RATE_HZ)
    db = np.interp(np.log(np.maximum(bins, 1e-3)), np.log(f_hz), level_db)
    cepstrum = np.fft.irfft(np.log(10 ** (db / 20)))
    cepstrum[1 : size // 2] *= 2
    cepstrum[size // 2 + 1 :] = 0
    response = np.fft.irfft(np.exp(np.fft.rfft(cepstrum)))[: size // 4]
    got = scipy.signal.oaconvolve(music().astype(np.float64), response[:, None], axes=0)[:RATE_HZ]
    assert null_db(got, rendered(width=False)) < -80


def test_camilladsp() -> None:
    config = yaml.safe_load(text("camilladsp"))
    filters, mixer = config["filters"], config["mixers"]["width"]
    names = config["pipeline"][0]["names"]
    assert config["pipeline"][1] == {"type": "Mixer", "name": "width"}
    kinds = {"Peaking": "PK", "Lowshelf": "LS", "Highshelf": "HS"}
    chosen = [filters[name]["parameters"] for name in names if filters[name]["type"] == "Biquad"]
    y = biquads([(kinds[p["type"]], p["freq"], p["q"], p["gain"]) for p in chosen])
    y *= 10 ** (filters["gain"]["parameters"]["gain"] / 20)
    mixed = np.zeros_like(y)
    for row in mixer["mapping"]:
        for source in row["sources"]:
            mixed[:, row["dest"]] += source["gain"] * y[:, source["channel"]]
    assert null_db(mixed, rendered(width=True)) < -80


def test_lv2() -> None:
    turtle = text("lv2")
    ports = {m[1]: float(m[2]) for m in re.finditer(r'lv2:symbol "(\w+)" ; pset:value ([-\d.e+]+)', turtle)}
    kinds = {1: "PK", 3: "HS", 5: "LS"}
    used = [n for n in range(8) if ports[f"ft_{n}"]]
    bands = [
        (kinds[int(ports[f"ft_{n}"])], ports[f"f_{n}"], ports[f"q_{n}"], 20 * np.log10(ports[f"g_{n}"])) for n in used
    ]
    assert null_db(biquads(bands) * ports["g_out"], rendered(width=False)) < -80
    assert 'rdfs:label "Ünïcode & name"' in turtle


def test_jsfx() -> None:
    source = text("jsfx")
    calls = re.findall(r"^eq\((\d), (-?\d), ([\d.]+), ([\d.]+), (-?[\d.]+)\);", source, re.MULTILINE)
    kinds = {"0": "PK", "1": "LS", "-1": "HS"}
    y = biquads([(kinds[kind], float(f), float(q), float(gain)) for _, kind, f, q, gain in calls])
    width = float(re.search(r"^width = ([\d.]+);", source, re.MULTILINE)[1])  # type: ignore[index]
    gain_db = float(re.search(r"^gain_db = (-?[\d.]+);", source, re.MULTILINE)[1])  # type: ignore[index]
    assert null_db(widened(y, width) * 10 ** (gain_db / 20), rendered(width=True)) < -80
    assert source.count("(") == source.count(")")


def test_ffmpeg_runs_its_filters() -> None:
    raw = ["-f", "f64le", "-ar", str(RATE_HZ), "-ac", "2"]
    command = [str(find_ffmpeg()), "-v", "error", *raw, "-i", "pipe:0", "-af", text("ffmpeg").strip(), *raw, "pipe:1"]
    done = subprocess.run(command, input=music().astype("<f8").tobytes(), capture_output=True, check=True)  # noqa: S603
    assert null_db(np.frombuffer(done.stdout, "<f8").reshape(-1, 2), rendered(width=True)) < -80


def test_vstpreset_container() -> None:
    content = export_preset(PARAMS, "vstpreset", name="x").content
    magic, version, class_id, list_at = struct.unpack_from("<4si32sq", content)
    assert (magic, version, len(class_id)) == (b"VST3", 1, 32)
    listed, count, kind, offset, size = struct.unpack_from("<4si4sqq", content, list_at)
    assert (listed, count, kind) == (b"List", 1, b"Comp")
    state = json.loads(content[offset : offset + size])
    assert StyleParams.model_validate(state["params"]) == PARAMS
