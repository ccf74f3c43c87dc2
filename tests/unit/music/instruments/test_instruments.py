"""Instruments: in tune, band-limited, louder and brighter when played harder, seeded."""

import numpy as np
import pytest
from numpy.typing import NDArray

from soundstage.arrays import Samples
from soundstage.audio.pitch import midi_to_hz
from soundstage.models.composition import Expression
from soundstage.music.arranging.performance import PlayedHit
from soundstage.music.composing.grooves import GROOVES, STROKES
from soundstage.music.instruments.kit import GM_DRUMS, KITS, PAN, hit
from soundstage.music.instruments.modal_synthesis import RATE_HZ, ring
from soundstage.music.instruments.notes import PlayedNote
from soundstage.music.instruments.orchestra import ORCHESTRA
from soundstage.music.instruments.solo import play_line
from soundstage.music.sounding.rendering import render_drums


def note(name: str, midi: int, seconds: float = 0.8, velocity: float = 0.7, seed: int = 1) -> NDArray[np.float32]:
    instrument = ORCHESTRA[name]
    rng = np.random.default_rng(seed)
    if instrument.play is not None:
        return instrument.play(midi, seconds, velocity, rng)
    assert instrument.line is not None
    frames = round((seconds + 0.3) * RATE_HZ)
    return play_line(instrument.line, [PlayedNote(0.0, seconds, midi, velocity)], frames, rng)


def spectrum(sound: NDArray[np.float32]) -> tuple[NDArray[np.floating], NDArray[np.floating]]:
    size = 1 << 17
    power = np.abs(np.fft.rfft(sound[:size] * np.hanning(min(len(sound), size)), size)) ** 2
    return np.fft.rfftfreq(size, 1 / RATE_HZ), power


def centroid(sound: NDArray[np.float32]) -> float:
    freqs, power = spectrum(sound)
    return float((freqs * power).sum() / power.sum())


@pytest.mark.parametrize("name", ORCHESTRA)
def test_instruments_are_in_tune_and_band_limited(name: str) -> None:
    instrument = ORCHESTRA[name]
    for midi in (instrument.low, (instrument.low + instrument.high) // 2, instrument.high):
        sound = note(name, midi)
        assert sound.dtype == np.float32
        assert np.isfinite(sound).all()
        assert 0.01 < np.abs(sound).max() < 8.0
        freqs, power = spectrum(sound)
        # Energy sits on the note's own partials or, for bells, on its lowest one.
        # Low notes are weighed by their third partial: a second of sound resolves a semitone there.
        f0 = midi_to_hz(midi) * (3 if midi < 44 else 1)
        near = np.abs(freqs / f0 - 1) < 0.02
        neighbours = (np.abs(freqs / f0 - 2 ** (1 / 12)) < 0.02) | (np.abs(freqs / f0 - 2 ** (-1 / 12)) < 0.02)
        assert power[near].max() > 20 * power[neighbours].max()
        assert power[freqs > 17_000].sum() < 1e-4 * power.sum()


@pytest.mark.parametrize("name", ORCHESTRA)
def test_harder_is_louder_and_brighter(name: str) -> None:
    midi = (ORCHESTRA[name].low + ORCHESTRA[name].high) // 2
    soft, hard = note(name, midi, velocity=0.3), note(name, midi, velocity=0.95)
    assert np.sqrt((hard**2).mean()) > 1.6 * np.sqrt((soft**2).mean())
    assert centroid(hard) > 0.98 * centroid(soft)


@pytest.mark.parametrize("name", ["piano", "violin", "strings"])
def test_equal_seed_equal_sound(name: str) -> None:
    assert np.array_equal(note(name, 64), note(name, 64))
    assert not np.array_equal(note(name, 64), note(name, 64, seed=2))


def test_ring_is_the_sum_that_it_says() -> None:
    time = np.arange(round(0.3 * RATE_HZ)) / RATE_HZ
    freqs, amps, t60, phases = [220.0, 1313.0], [1.0, 0.4], [0.5, 0.2], [0.3, 1.2]
    expected = sum(
        a * np.sin(2 * np.pi * f * time + p) * 10 ** (-3 * time / t)
        for f, a, t, p in zip(freqs, amps, t60, phases, strict=True)
    )
    assert np.abs(ring(freqs, amps, t60, 0.3, phases) - expected).max() < 2e-4


def _level_db(sound: Samples, start_s: float, end_s: float) -> float:
    return float(10 * np.log10(np.square(sound[round(start_s * RATE_HZ) : round(end_s * RATE_HZ)]).mean() + 1e-12))


# The reeds of a musette beat against each other on every note.
BLOWN_OR_BOWED = [name for name, instrument in ORCHESTRA.items() if instrument.line and name != "solo_accordion"]


@pytest.mark.parametrize("name", BLOWN_OR_BOWED)
def test_a_slur_has_neither_hole_nor_click(name: str) -> None:
    patch = ORCHESTRA[name].line
    assert patch is not None
    middle = (ORCHESTRA[name].low + ORCHESTRA[name].high) // 2
    line = [PlayedNote(0.0, 0.5, middle, 0.7), PlayedNote(0.5, 0.5, middle + 2, 0.7, Expression(slurred=True))]
    sound = play_line(patch, line, 2 * RATE_HZ, np.random.default_rng(0))
    joint = [_level_db(sound, 0.48 + 0.01 * i, 0.495 + 0.01 * i) for i in range(5)]
    assert min(joint) > _level_db(sound, 0.35, 0.45) - 4.0
    assert np.abs(np.diff(sound)).max() < 0.25


def test_a_line_follows_the_loudness_of_the_voice() -> None:
    patch = ORCHESTRA["clarinet"].line
    assert patch is not None
    growing = PlayedNote(0.0, 1.2, 67, 0.7, Expression(swell_db=(-8.0, -4.0, 0.0, 4.0)))
    sound = play_line(patch, [growing], 2 * RATE_HZ, np.random.default_rng(0))
    early, late = (np.square(sound[round(t * RATE_HZ) :][: RATE_HZ // 10]).mean() for t in (0.15, 1.0))
    # 12 dB of the voice, and a louder tone is a brighter one as well.
    assert 7.0 < 10 * np.log10(late / early) < 15.0


@pytest.mark.parametrize("kit", KITS)
def test_drums_sound_and_end(kit: str) -> None:
    for drum in GM_DRUMS:
        sound = hit(KITS[kit], drum, 0.8, np.random.default_rng(3))
        assert np.isfinite(sound).all()
        assert 0.02 < np.abs(sound).max() < 4.0
        assert abs(float(sound[-1])) < 1e-6


def test_grooves_fill_their_bars_with_drums_that_exist() -> None:
    for groove in GROOVES.values():
        for patterns, steps in (((groove.light, groove.full), 16), (groove.waltz, 12), (groove.compound, 12)):
            for pattern in patterns:
                for drum, marks in pattern.items():
                    assert drum in PAN
                    assert len(marks) == steps, (drum, marks)
                    assert set(marks) <= {*STROKES, "."}


def test_kettledrums_are_tuned_to_the_key() -> None:
    hits = [PlayedHit(0.0, "timpani", 0.8, root) for root in (0, 7)]
    for hit_, midi in zip(hits, (48, 43), strict=True):
        sound = render_drums("orchestral", [hit_], 2 * RATE_HZ, 1)["timpani"]
        power = np.abs(np.fft.rfft(sound * np.hanning(len(sound)))) ** 2
        assert np.argmax(power) / 2 == pytest.approx(midi_to_hz(midi), rel=0.02)


def test_a_held_sound_is_repeated_without_a_seam() -> None:
    instrument = ORCHESTRA["strings"]
    assert instrument.play is not None
    sound = instrument.play(60, 7.0, 0.75, np.random.default_rng(2))[RATE_HZ : 7 * RATE_HZ]
    steps = np.abs(np.diff(sound)).reshape(-1)
    assert steps.max() < 6 * np.sqrt(np.square(steps).mean())
    # Every voice is in tune with the note.
    power = np.abs(np.fft.rfft(sound * np.hanning(len(sound))))
    strongest = np.argmax(power[: 6 * 300]) / 6
    assert 1200 * np.log2(strongest / midi_to_hz(60)) == pytest.approx(0.0, abs=15.0)
