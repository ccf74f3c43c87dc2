"""Drums and percussion by modal synthesis and shaped noise."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from scipy import fft

from soundstage.arrays import Samples
from soundstage.music.instruments.modal_synthesis import RATE_HZ, noise, ring

SWELL_S = 1.5  # a cymbal's crash played backwards ends so much later
# General MIDI percussion keys; it has none for the swell.
GM_DRUMS = {
    "kick": 36,
    "snare": 38,
    "rim": 37,
    "clap": 39,
    "hat": 42,
    "open_hat": 46,
    "ride": 51,
    "crash": 49,
    "tom_low": 45,
    "tom_mid": 47,
    "tom_high": 50,
    "shaker": 82,
    "tambourine": 54,
    "conga_low": 64,
    "conga_high": 63,
    "brush": 38,
    "timpani": 47,
    "taiko": 35,
    "triangle": 81,
}
# Places, −1 (left) to 1, as the audience sees the kit.
PAN = {
    "kick": 0.0,
    "snare": 0.05,
    "rim": 0.15,
    "clap": -0.1,
    "hat": 0.35,
    "open_hat": 0.35,
    "ride": -0.4,
    "crash": -0.3,
    "swell": 0.3,
    "tom_low": -0.4,
    "tom_mid": 0.0,
    "tom_high": 0.35,
    "shaker": -0.5,
    "tambourine": 0.5,
    "conga_low": -0.3,
    "conga_high": -0.15,
    "brush": 0.1,
    "timpani": -0.2,
    "taiko": 0.1,
    "triangle": 0.6,
}


@dataclass(frozen=True)
class Kit:
    """A drum kit.

    Attributes:
        kick_hz, kick_end_hz, kick_s: sweep and duration of the bass drum.
        click: level of the beater.
        snare_hz, snare_s, snare_noise, snare_top_hz: pitch and duration of the snare; level and band of its wires.
        hat_hz: lower edge of the cymbals.
        tight: factor of the durations of cymbals, brushes and shakers.
        dust_hz: cut-off of a low-pass over all.
        timpani_hz: pitch of the kettledrums.
    """

    kick_hz: float = 130.0
    kick_end_hz: float = 52.0
    kick_s: float = 0.32
    click: float = 0.3
    snare_hz: float = 190.0
    snare_s: float = 0.18
    snare_noise: float = 0.9
    snare_top_hz: float = 8000.0
    hat_hz: float = 7500.0
    tight: float = 1.0
    dust_hz: float = 16_000.0
    timpani_hz: float = 75.0


@dataclass(frozen=True)
class Membrane:
    """A drum head whose pitch falls from ``start_hz`` to ``end_hz`` with time constant ``sweep_s``; ``click``: the
    stick.
    """

    start_hz: float
    end_hz: float
    seconds: float
    sweep_s: float
    click: float


# Drum heads by name.
MEMBRANES = {
    "kick": Membrane(130.0, 52.0, 0.32, 0.03, 0.3),
    "taiko": Membrane(88.0, 52.0, 0.75, 0.05, 0.25),
    "tom_low": Membrane(132.0, 88.0, 0.4, 0.05, 0.15),
    "tom_mid": Membrane(177.0, 118.0, 0.38, 0.05, 0.15),
    "tom_high": Membrane(240.0, 160.0, 0.35, 0.05, 0.15),
    "conga_low": Membrane(207.0, 180.0, 0.22, 0.02, 0.25),
    "conga_high": Membrane(301.0, 262.0, 0.22, 0.02, 0.25),
}
# Frequency ratios of modes: an ideal circular membrane; a kettledrum; the others are inharmonic by choice.
MEMBRANE_MODES, TIMPANI_MODES = (1.0, 1.59, 2.14, 2.65), (1.0, 1.5, 1.98, 2.44)  # Fletcher & Rossing 1998, ch. 18
WOOD_MODES, RIDE_MODES, TRIANGLE_MODES = (1.0, 1.63, 2.74), (1.0, 1.34, 1.71, 2.5), (1.0, 1.9, 2.63, 3.2)
CLEAR_HZ = 12_000.0  # a kit whose ``dust_hz`` lies above has no low-pass
VELOCITY_EXPONENT = 1.4  # of amplitude
KITS = {
    "acoustic": Kit(),
    "brushes": Kit(kick_hz=95, kick_s=0.25, click=0.12, snare_noise=0.6, snare_s=0.14, hat_hz=6500, dust_hz=12_000),
    "dusty": Kit(kick_hz=110, kick_end_hz=48, click=0.15, snare_hz=170, snare_s=0.16, snare_top_hz=4500, dust_hz=6500),
    "electronic": Kit(kick_hz=210, kick_end_hz=46, kick_s=0.38, click=0.45, snare_hz=210, snare_s=0.22, hat_hz=8500),
    "gated": Kit(kick_hz=150, kick_end_hz=50, click=0.4, snare_hz=185, snare_s=0.34, snare_noise=1.2, hat_hz=8000),
    "tight": Kit(kick_hz=140, kick_end_hz=58, kick_s=0.2, click=0.45, snare_hz=225, snare_s=0.13, tight=0.7),
    "orchestral": Kit(kick_hz=75, kick_end_hz=38, kick_s=0.9, click=0.1, snare_s=0.2, hat_hz=6500),
}


def hit(kit: Kit, drum: str, velocity: float, rng: np.random.Generator) -> Samples:
    """One stroke, float32 [frames]; ``velocity`` 0 to 1: harder strokes are brighter as well as louder."""
    sound = _stroke(kit, drum, velocity, rng)
    if kit.dust_hz < CLEAR_HZ:
        size = fft.next_fast_len(len(sound), real=True)
        gain = 1 / np.sqrt(1 + (fft.rfftfreq(size, 1 / RATE_HZ) / kit.dust_hz) ** 4)
        sound = fft.irfft(fft.rfft(sound, size) * gain, size)[: len(sound)].astype(np.float32)
    sound[-64:] *= np.linspace(1, 0, 64, dtype=np.float32)
    return np.asarray(sound * velocity**VELOCITY_EXPONENT, dtype=np.float32)


def _stroke(kit: Kit, drum: str, velocity: float, rng: np.random.Generator) -> Samples:
    if drum in MEMBRANES:
        membrane = MEMBRANES[drum]
        if drum == "kick":
            membrane = Membrane(kit.kick_hz, kit.kick_end_hz, kit.kick_s, 0.03, kit.click)
        return _drum_head(membrane, velocity, rng)
    return _STROKES[drum](kit, velocity, rng)


def _brush(kit: Kit, velocity: float, rng: np.random.Generator) -> Samples:
    swish = noise(0.16, 1500, 5000 + 3000 * velocity, rng)
    time = _time(swish)
    return np.asarray(0.22 * kit.tight * swish * np.minimum(time / 0.03, 1) * np.exp(-time / 0.05))


def _shaker(kit: Kit, velocity: float, rng: np.random.Generator) -> Samples:
    shake = noise(0.09, 4500, 9000 + 3000 * velocity, rng)
    return np.asarray(0.2 * shake * np.sin(np.pi * np.clip(_time(shake) / (0.08 * kit.tight), 0, 1)) ** 2)


def _rim(kit: Kit, velocity: float, rng: np.random.Generator) -> Samples:
    wood = _modes(WOOD_MODES, 3.2 * kit.snare_hz, 0.09, rng) * 0.5
    return _layered(wood, _burst(0.09, 1500, 4000 + 3000 * velocity, 0.012, rng) * 0.25)


def _hat(kit: Kit, velocity: float, rng: np.random.Generator) -> Samples:
    return _metal(kit.hat_hz, 0.07 * kit.tight * (0.7 + 0.5 * velocity), rng) * 0.32


def _open_hat(kit: Kit, velocity: float, rng: np.random.Generator) -> Samples:
    return _metal(kit.hat_hz, 0.4 * kit.tight * (0.7 + 0.5 * velocity), rng) * 0.32


def _ride(kit: Kit, velocity: float, rng: np.random.Generator) -> Samples:
    ping = _modes(RIDE_MODES, 2900.0, 0.8, rng)
    return _layered(_metal(0.7 * kit.hat_hz, 0.9, rng) * (0.1 + 0.08 * velocity), 0.08 * ping)


def _crash(kit: Kit, velocity: float, rng: np.random.Generator) -> Samples:
    return _metal(0.55 * kit.hat_hz, 1.4 + 0.6 * velocity, rng) * 0.3


def _swell(kit: Kit, velocity: float, rng: np.random.Generator) -> Samples:
    return _crash(kit, velocity, rng)[: round(SWELL_S * RATE_HZ)][::-1].copy()


def _tambourine(kit: Kit, velocity: float, rng: np.random.Generator) -> Samples:
    jingle = _metal(1.1 * kit.hat_hz, 0.14, rng) * 0.25
    return _layered(jingle, _burst(0.14, 5000, 9000 + 3000 * velocity, 0.03, rng) * 0.1)


def _triangle(kit: Kit, velocity: float, rng: np.random.Generator) -> Samples:
    return _modes(TRIANGLE_MODES, 0.52 * kit.hat_hz, 0.9 + 0.4 * velocity, rng) * 0.2


def _timpani(kit: Kit, velocity: float, rng: np.random.Generator) -> Samples:
    head = _modes(TIMPANI_MODES, kit.timpani_hz, 1.6, rng) * 0.9
    return _layered(head, _burst(0.05, 200, 600 + 900 * velocity, 0.01, rng) * 0.15)


def _layered(*sounds: Samples) -> Samples:
    """The sum of sounds that begin together."""
    out = np.zeros(max(map(len, sounds)), dtype=np.float32)
    for sound in sounds:
        out[: len(sound)] += sound
    return out


def _time(sound: Samples) -> Samples:
    return np.asarray(np.arange(len(sound)) / RATE_HZ, dtype=np.float32)


def _burst(seconds: float, low_hz: float, high_hz: float, decay_s: float, rng: np.random.Generator) -> Samples:
    sound = noise(seconds, low_hz, high_hz, rng)
    return np.asarray(sound * np.exp(-_time(sound) / decay_s))


def _drum_head(membrane: Membrane, velocity: float, rng: np.random.Generator) -> Samples:
    """A membrane whose pitch falls with the tension of the stroke, and the click of stick or beater."""
    m = membrane
    time = np.arange(round(1.3 * m.seconds * RATE_HZ)) / RATE_HZ
    pitch = m.end_hz + (m.start_hz - m.end_hz) * np.exp(-time / m.sweep_s)
    phase = 2 * np.pi * np.cumsum(pitch) / RATE_HZ
    sound = np.sin(phase) * np.exp(-time / (0.38 * m.seconds)) * np.minimum(time / 0.0015, 1.0)
    sound = np.tanh(1.4 * sound) / np.tanh(1.4)
    tick = _burst(0.03, 1200, 6000, 0.005, rng)
    sound[: len(tick)] += m.click * velocity * tick
    return np.asarray(sound, dtype=np.float32)


def _modes(ratios: tuple[float, ...], base_hz: float, t60_s: float, rng: np.random.Generator) -> Samples:
    freqs = base_hz * np.array(ratios)
    amps = 1.0 / np.arange(1, freqs.size + 1)
    return ring(freqs, amps, t60_s / np.sqrt(ratios), 1.1 * t60_s, rng.uniform(0, 1, freqs.size))


def _snare(kit: Kit, velocity: float, rng: np.random.Generator) -> Samples:
    head = _modes(MEMBRANE_MODES, kit.snare_hz, 1.3 * kit.snare_s, rng)
    wires = _burst(2.2 * kit.snare_s, 1200, kit.snare_top_hz * (0.6 + 0.6 * velocity), 0.42 * kit.snare_s, rng)
    return _layered(0.38 * kit.snare_noise * wires, 0.45 * head)


def _clap(kit: Kit, velocity: float, rng: np.random.Generator) -> Samples:
    sound = noise(0.28, 900, 0.6 * kit.snare_top_hz + 2500 * velocity, rng)
    time = _time(sound)
    envelope = np.zeros_like(time)
    for start in (0.0, 0.011, 0.021):
        envelope = np.maximum(envelope, np.where(time >= start, np.exp(-(time - start) / 0.006), 0.0))
    envelope = np.maximum(envelope, np.where(time >= 0.03, np.exp(-(time - 0.03) / 0.07), 0.0))
    return np.asarray(0.4 * sound * envelope, dtype=np.float32)


def _metal(low_hz: float, seconds: float, rng: np.random.Generator) -> Samples:
    """Cymbal: inharmonic partials dense enough to be noise, over a high-passed hiss."""
    hiss = noise(1.4 * seconds, low_hz, 14_000, rng)
    time = _time(hiss)
    freqs = low_hz * rng.uniform(0.7, 1.9, 24)
    clang = ring(freqs, np.full(24, 0.2), 0.9 * seconds, 1.4 * seconds, rng.uniform(0, 6.28, 24))
    size = min(len(hiss), len(clang))
    sound = 0.6 * hiss[:size] * np.exp(-time[:size] / (0.3 * seconds)) + clang[:size]
    return np.asarray(sound, dtype=np.float32)


_STROKES: dict[str, Callable[[Kit, float, np.random.Generator], Samples]] = {
    "snare": _snare,
    "brush": _brush,
    "rim": _rim,
    "clap": _clap,
    "hat": _hat,
    "open_hat": _open_hat,
    "ride": _ride,
    "crash": _crash,
    "swell": _swell,
    "triangle": _triangle,
    "tambourine": _tambourine,
    "shaker": _shaker,
    "timpani": _timpani,
}
