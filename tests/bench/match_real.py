"""The style matcher on real songs, judged by what people match for: the ``real`` part of ``make bench-match``.

``REAL_MUSIC`` (or ``--real``) names folders of stereo recordings, at least 70 s long; those of one folder count as one
album. Nothing of them is kept. Half a minute from the middle of each is compared.
"""

import os
import statistics
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import scipy.signal
import soundfile
from numpy.typing import NDArray
from tests.fixtures.pairs import equaliser, frame_mel_distance_db

from soundstage.arrays import Floats
from soundstage.audio.io import Audio
from soundstage.audio.loudness import Loudness, measure_loudness
from soundstage.audio.streams import MemoryReader, MemoryWriter
from soundstage.audio.true_peak import true_peak_dbtp
from soundstage.match.estimation.deconvolution import impulse_response
from soundstage.match.pipeline import Match, match_recordings

SECONDS = 30.0
SUFFIXES = (".ogg", ".flac", ".wav", ".mp3")
THIRDS_HZ: Floats = np.asarray(1000.0 * 2.0 ** (np.arange(-14, 13) / 3), np.float64)
"""Third octaves from 40 Hz to 16 kHz."""

OCTAVES_HZ: Floats = np.asarray(1000.0 * 2.0 ** np.arange(-4, 5), np.float64)
LEAD = 1024
AUDIBLE_DB = 40.0
"""Below the loudest 50 ms, gains are not compared."""

Matcher = Callable[[Audio, Audio], Audio]


@dataclass(frozen=True)
class Song:
    name: str
    album: str
    audio: Audio
    other_half: Audio


def folders(given: str | None) -> list[Path]:
    named = given or os.environ.get("REAL_MUSIC", "")
    return [Path(name) for name in named.split(os.pathsep) if name and Path(name).is_dir()]


def songs(roots: Iterable[Path], most: int) -> list[Song]:
    """At most so many of each album, spread over it."""
    albums: dict[Path, list[Path]] = {}
    for root in roots:
        for path in sorted(root.rglob("*")):
            if path.suffix.lower() in SUFFIXES and _fits(path):
                albums.setdefault(path.parent, []).append(path)
    chosen = []
    for folder, paths in albums.items():
        kept = paths[:: max(1, len(paths) // most)][:most]
        chosen += [Song(path.stem, str(folder), _part(path, 0.25), _part(path, 0.7)) for path in kept]
    return chosen


def _fits(path: Path) -> bool:
    try:
        info = soundfile.info(path)
    except soundfile.LibsndfileError:
        return False
    return bool(info.channels == 2 and info.duration >= 70)


def _part(path: Path, where: float) -> Audio:
    with soundfile.SoundFile(path) as file:
        frames = round(SECONDS * file.samplerate)
        file.seek(round(where * max(0, file.frames - frames)))
        return Audio(file.read(frames, dtype="float32", always_2d=True), file.samplerate)


def demo(master: Audio, seed: int) -> Audio:
    """A master as it was before mastering: 8 to 12 dB quieter, and dull, boomy or thin."""
    rng = np.random.default_rng(seed)
    kind, f_hz, gain_db = (("high_shelf", 3500.0, -7.0), ("low_shelf", 160.0, 6.0), ("low_shelf", 200.0, -5.0))[
        seed % 3
    ]
    sound = scipy.signal.sosfilt(shelf(kind, f_hz, gain_db, master.rate_hz), master.samples, axis=0)
    return Audio((sound * 10 ** (-rng.uniform(8, 12) / 20)).astype(np.float32), master.rate_hz)


def shelf(kind: str, f_hz: float, gain_db: float, rate_hz: int) -> Floats:
    """First order, by the bilinear transform."""
    gain = 10 ** (gain_db / 20)
    w = 2 * np.pi * f_hz
    s = ([gain, w], [1, w]) if kind == "high_shelf" else ([1, gain * w], [1, w])
    b, a = scipy.signal.bilinear(*s, fs=rate_hz)
    return np.asarray(scipy.signal.tf2sos(b, a))


def third_octave_db(audio: Audio) -> Floats:
    """Mean level of the middle in each third octave, without the mean of all: [27]."""
    levels = _band_levels_db(audio.samples.mean(axis=1), audio.rate_hz, THIRDS_HZ, 1 / 6)
    return np.asarray(levels - levels.mean())


def side_to_mid_db(audio: Audio) -> Floats:
    mid, side = audio.samples.mean(axis=1), (audio.samples[:, 0] - audio.samples[:, 1]) / 2
    levels = [_band_levels_db(sound, audio.rate_hz, OCTAVES_HZ, 1 / 2) for sound in (side, mid)]
    return np.maximum(levels[0] - levels[1], -40.0)


def _band_levels_db(mono: NDArray[np.floating], rate_hz: int, centres_hz: Floats, half_octaves: float) -> Floats:
    f_hz, power = scipy.signal.welch(mono, rate_hz, nperseg=16384)
    edges = (centres_hz * 2**-half_octaves, centres_hz * 2**half_octaves)
    bands = [power[(f_hz >= low) & (f_hz < high)].sum() for low, high in zip(*edges, strict=True)]
    return np.asarray(10 * np.log10(np.maximum(bands, 1e-20)))


def rms(values: Floats) -> float:
    return float(np.sqrt(np.mean(values**2)))


def loudness_of(audio: Audio) -> Loudness:
    return measure_loudness(audio.samples, audio.rate_hz)


def plr_db(audio: Audio) -> float:
    found = loudness_of(audio)
    return found.true_peak_dbtp - found.integrated_lufs


def crest_db(audio: Audio) -> float:
    """Sample peak over RMS."""
    return float(20 * np.log10(np.abs(audio.samples).max() / np.sqrt(np.mean(audio.samples**2))))


def levelled_distance_db(one: Audio, truth: Audio) -> float:
    """``frame_mel_distance_db`` at the same loudness."""
    frames = min(one.frames, truth.frames)
    gain_db = loudness_of(truth).integrated_lufs - loudness_of(one).integrated_lufs
    louder = Audio(one.samples[:frames] * np.float32(10 ** (gain_db / 20)), one.rate_hz)
    return frame_mel_distance_db(louder, Audio(truth.samples[:frames], truth.rate_hz))


def gain_modulation_db(before: Audio, after: Audio) -> float:
    """Standard deviation of the gain over 50 ms between a recording, through the best linear filter, and its result."""
    frames = min(before.frames, after.frames)
    x, y = (sound.samples[:frames].mean(axis=1) for sound in (before, after))
    response = impulse_response(x, y, 4096, LEAD)
    linear = scipy.signal.oaconvolve(x, response)[LEAD : LEAD + frames]
    period = round(0.05 * before.rate_hz)
    whole = frames // period * period
    powers = [(sound[:whole].reshape(-1, period) ** 2).mean(axis=1) + 1e-12 for sound in (linear, y)]
    levels = [10 * np.log10(power) for power in powers]
    audible = levels[1] > levels[1].max() - AUDIBLE_DB
    return float(np.std((levels[1] - levels[0])[audible]))


def ours(**options: object) -> Callable[[Audio, Audio], tuple[Audio, Match]]:
    def match(reference: Audio, target: Audio) -> tuple[Audio, Match]:
        writer = MemoryWriter()
        found = match_recordings([(MemoryReader(reference), 1.0)], MemoryReader(target), writer, **options)  # type: ignore[arg-type]
        assert writer.audio is not None
        return writer.audio, found

    return match


def neighbours(given: list[Song]) -> Iterator[tuple[Song, Song]]:
    """Every song with another of its album: the one half an album further on."""
    for album in sorted({song.album for song in given}):
        those = [song for song in given if song.album == album]
        if len(those) > 1:
            step = max(1, len(those) // 2)
            yield from ((song, those[(k + step) % len(those)]) for k, song in enumerate(those))


def closed(before: float, after: float) -> float:
    """The share of a difference that is gone."""
    return 1 - after / before if before > 1e-6 else 0.0


def median(values: Iterable[float]) -> float:
    return statistics.median([value for value in values if np.isfinite(value)] or [np.nan])


def demo_rows(given: list[Song], matcher: Matcher) -> dict[str, list[float]]:
    """A demo brought to another song of its album, judged by its own master: levels aligned, and loudness."""
    rows = []
    for seed, (song, other) in enumerate(neighbours(given)):
        target = demo(song.audio, seed)
        result = matcher(other.audio, target)
        lufs, master_lufs, reference_lufs = (_lufs(sound) for sound in (result, song.audio, other.audio))
        row = {"before": levelled_distance_db(target, song.audio), "after": levelled_distance_db(result, song.audio)}
        row |= {"lu off": abs(lufs - master_lufs), "lu apart": abs(reference_lufs - master_lufs)}
        rows.append(row | {"lu short": abs(reference_lufs - lufs)})
    return _columns(rows)


def demos(given: list[Song], matcher: Matcher) -> dict[str, float]:
    rows = {name: np.array(values) for name, values in demo_rows(given, matcher).items()}
    return {
        "before dB": median(rows["before"]),
        "after dB": median(rows["after"]),
        "mean before": float(np.mean(rows["before"])),
        "mean after": float(np.mean(rows["after"])),
        "LU off": median(rows["lu off"]),
        "within 3 LU %": 100 * float(np.mean(rows["lu off"] <= 3)),
        "worse by 1 dB": float(np.sum(rows["after"] > rows["before"] + 1)),
    }


def pair_rows(given: list[Song], matcher: Matcher) -> dict[str, list[float]]:
    """One song brought to another: what is closed of their differences."""
    rows = []
    for song, other in neighbours(given):
        result = matcher(other.audio, song.audio)
        sounds = (song.audio, result, other.audio)
        tones = [rms(third_octave_db(sound) - third_octave_db(other.audio)) for sound in sounds[:2]]
        wanted = side_to_mid_db(other.audio)
        widths = [rms(side_to_mid_db(sound) - wanted) for sound in sounds[:2]]
        plrs = [plr_db(sound) for sound in sounds]
        row = {"tone before": tones[0], "tone after": tones[1], "tone closed": closed(*tones)}
        row |= {"width closed": closed(*widths), "lu off": abs(_lufs(result) - _lufs(other.audio))}
        row |= {"plr closed": _denser(plrs), "crest closed": _denser([crest_db(sound) for sound in sounds])}
        row["modulation dB"] = gain_modulation_db(song.audio, result)
        row["over −1 dBTP"] = max(0.0, true_peak_dbtp(result.samples, result.rate_hz, 8) + 1)
        row["plr"] = plrs[1]
        row["plr past"] = _past(plrs, true_peak_dbtp(other.audio.samples, other.audio.rate_hz, 8))
        rows.append(row)
    return _columns(rows)


def pairs(given: list[Song], matcher: Matcher) -> dict[str, float]:
    return {name: median(values) for name, values in pair_rows(given, matcher).items()}


def _denser(before_after_wanted: list[float]) -> float:
    """The share closed towards a denser reference; of no other."""
    before, after, wanted = before_after_wanted
    return (before - after) / (before - wanted) if before > wanted + 0.5 else np.nan


def _past(before_after_wanted: list[float], reference_dbtp: float) -> float:
    """How far beyond a denser reference, dB, but for what lies above −1 dBTP of it, which no result may have."""
    before, after, wanted = before_after_wanted
    return max(0.0, wanted - max(reference_dbtp + 1, 0.0) - after) if before > wanted + 0.5 else np.nan


def part_rows(given: list[Song], matcher: Matcher) -> dict[str, list[float]]:
    """One half of a song and the other half through an equaliser and a width; and through nothing."""
    rows = []
    for seed, song in enumerate(given):
        rng = np.random.default_rng(seed)
        sos, width = equaliser(rng, song.audio.rate_hz, depth_db=3.0), rng.uniform(0.7, 1.3)

        def chain(audio: Audio, sos: Floats = sos, width: float = width) -> Audio:
            sound = scipy.signal.sosfilt(sos, audio.samples, axis=0)
            mid, side = sound.mean(axis=1), width * (sound[:, 0] - sound[:, 1]) / 2
            both = np.stack([mid + side, mid - side], axis=1)
            return Audio((both * min(1.0, 0.98 / np.abs(both).max())).astype(np.float32), audio.rate_hz)

        truth = chain(song.audio)
        row = {"before": levelled_distance_db(song.audio, truth)}
        row["after"] = levelled_distance_db(matcher(chain(song.other_half), song.audio), truth)
        row["moved"] = levelled_distance_db(matcher(song.other_half, song.audio), song.audio)
        rows.append(row)
    return _columns(rows)


def parts(given: list[Song], matcher: Matcher) -> dict[str, float]:
    rows = {name: np.array(values) for name, values in part_rows(given, matcher).items()}
    return {
        "before dB": median(rows["before"]),
        "after dB": median(rows["after"]),
        "worse by .2": float(np.sum(rows["after"] > rows["before"] + 0.2)),
        "right moved": median(rows["moved"]),
        "most moved": float(np.max(rows["moved"], initial=0.0)),
    }


def _columns(rows: list[dict[str, float]]) -> dict[str, list[float]]:
    if not rows:
        raise SystemExit("real songs: no two of one album")
    return {name: [row[name] for row in rows] for name in rows[0]}


def _lufs(audio: Audio) -> float:
    return loudness_of(audio).integrated_lufs
