"""The mix: levels by role, places in the room, two reverbs, an echo, ducking and a glue compressor."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from scipy.signal import butter, lfilter, oaconvolve, sosfilt

from soundstage.arrays import Samples
from soundstage.music.composing.styles import Layer, StylePack
from soundstage.music.instruments.kit import PAN
from soundstage.music.instruments.modal_synthesis import RATE_HZ

# Level of each role while it plays, dBFS RMS, before mastering: the melody in front, the rest in layers behind it.
ROLE_LEVEL_DB = {
    "lead": -18.0,
    "second": -18.5,
    "double": -21.0,
    "answer": -20.5,
    "counter": -23.0,
    "bass": -19.0,
    "chords": -23.0,
    "pad": -25.0,
}
DRUM_PEAK_DB = -7.0
# What each role leaves free below, Hz.
LOW_CUT_HZ = {
    "lead": 150.0,
    "second": 150.0,
    "double": 180.0,
    "answer": 150.0,
    "counter": 120.0,
    "chords": 140.0,
    "pad": 160.0,
}
# Where the melody is understood, Hz, and how far it stands above everybody else there: engineers ride a voice so that
# it is neither drowned by a chorus nor alone in a verse.
TUNE_ROOM_HZ = (200.0, 3000.0)
ABOVE_BAND_DB, RIDDEN_SHARE, MOST_RIDDEN_DB = 3.5, 0.8, 5.0
HEARD_DB = 25.0
CONTROL_STEP = 64
# dB between silence and full energy, from which energy on it is louder, and how fast the hand is.
RIDE_DB, RIDE_FROM, RIDE_TOP_DB, RIDE_S = 5.0, 0.7, 1.0, 0.25


@dataclass
class Busses:
    """Stereo sums, float32 [2, frames]: a channel in one piece is filtered and added twice as fast."""

    dry: Samples
    room: Samples
    hall: Samples


class Mixer:
    """Takes parts one by one, so that only the sums are in memory; ``finish`` returns the mix."""

    def __init__(self, style: StylePack, frames: int, tempo_bpm: float, seed: int) -> None:
        self._style = style
        self._frames = frames
        self._tempo = tempo_bpm
        self._rng = np.random.default_rng([seed, 6])
        self._band = Busses(*(np.zeros((2, frames), dtype=np.float32) for _ in range(3)))
        self._drums = np.zeros((2, frames), dtype=np.float32)
        self._scratch = np.empty((2, frames), dtype=np.float32)
        self._kick: Samples | None = None
        self._leads: list[tuple[Layer, Samples]] = []

    def add_part(self, layer: Layer, mono: Samples) -> None:
        """Bring one player to the level of its role and put it in its place. ``mono`` is used up."""
        if layer.role in LOW_CUT_HZ:
            mono = high_pass(mono, LOW_CUT_HZ[layer.role])
        level = active_rms(mono)
        if level < 1e-7:
            return
        gain = 10 ** ((ROLE_LEVEL_DB[layer.role] + layer.gain_db) / 20) / level
        mono *= np.float32(gain)
        if layer.role in ("lead", "second"):
            self._leads.append((layer, mono))
        else:
            self._place(layer, mono)

    def _place(self, layer: Layer, mono: Samples) -> None:
        if layer.role in ("pad", "chords") and abs(layer.pan) < 0.2:
            stereo = widen(mono, self._rng)
        else:
            stereo = panned(mono, layer.pan)
        if self._style.echo and layer.role in ("lead", "second", "answer"):
            echo = np.float32(self._style.echo) * self._echo(mono)
            self._band.dry += echo
            self._band.hall += np.float32(0.5) * echo
        self._band.dry += stereo
        self._send(self._band.room, layer.room, stereo)
        self._send(self._band.hall, layer.hall, stereo)

    def _send(self, bus: Samples, gain: float, stereo: Samples) -> None:
        """Without a new array: what the system takes to hand out fresh memory exceeds the sum itself."""
        if gain:
            bus += np.multiply(stereo, np.float32(gain), out=self._scratch)

    def add_drums(self, stems: dict[str, Samples]) -> None:
        """All drums; they keep their own balance."""
        for drum, stem in stems.items():
            stereo = panned(stem, PAN[drum])
            self._drums += stereo
            if drum not in ("kick", "taiko"):
                self._send(self._band.room, 0.5 * self._style.drums_room, stereo)
            if drum in ("snare", "clap", "taiko", "timpani", "tom_low", "tom_mid", "tom_high", "triangle"):
                self._send(self._band.hall, 0.25 * self._style.drums_room, stereo)
        self._kick = stems.get("kick")
        peak = float(np.abs(self._drums).max(initial=0.0))
        if peak > 0:
            target = 10 ** ((DRUM_PEAK_DB + self._style.drums_db) / 20)
            self._drums *= np.float32(target / peak)

    def finish(self, sections: Sequence[tuple[float, float]] = ()) -> Samples:
        """Set the melody above the band, sum, duck, reverberate, compress, and ride the fader: float32 [frames, 2].

        ``sections``: (seconds, energy 0–1) at which each begins.
        """
        style = self._style
        band = self._band.dry
        starts = [seconds for seconds, _ in sections]
        others = low_pass(high_pass((band + self._drums).mean(axis=0), TUNE_ROOM_HZ[0]), TUNE_ROOM_HZ[1])
        for layer, mono in self._leads:
            self._place(layer, mono * above(mono, others, starts, ABOVE_BAND_DB + layer.gain_db))
        band += reverberate(self._band.room, room_response(0.45, 0.004, 6500.0, self._rng))
        band += reverberate(self._band.hall, room_response(style.hall_s, 0.018, 5000.0, self._rng))
        if style.pump and self._kick is not None:
            band *= ducking(self._kick, style.pump)
        band += self._drums
        glued = compress(band, ratio=style.compression, threshold_db=-16.0)
        if sections:
            glued *= fader_ride(sections, self._frames)
        return np.ascontiguousarray(glued.T)

    def _echo(self, mono: Samples) -> Samples:
        """Ping-pong at dotted eighths, each repeat darker."""
        delay = round(0.75 * 60.0 / self._tempo * RATE_HZ)
        out = np.zeros((2, self._frames), dtype=np.float32)
        repeat = mono
        for i in range(1, 4):
            if i * delay >= self._frames:
                break
            repeat = low_pass(repeat, 3800.0 / i)
            out[i % 2, i * delay :] += np.float32(0.6**i) * repeat[: self._frames - i * delay]
        return out


def fader_ride(changes: Sequence[tuple[float, float]], frames: int) -> Samples:
    """What an engineer's hand does between sections: gain [frames] from (seconds, energy 0–1) at which each begins.

    The compressor evens out what the players do; so the step from a verse to its chorus is made behind it.
    """
    levels = [min(RIDE_TOP_DB, RIDE_DB * (energy - RIDE_FROM)) for _, energy in changes]
    return ridden([seconds for seconds, _ in changes], levels, frames)


def above(mono: Samples, others: Samples, starts_s: Sequence[float], wanted_db: float) -> Samples:
    """Gain [frames] that brings a player towards ``wanted_db`` above the ``others`` (both in the melody's room) in each
    section: not in the mean, but in most of the moments in which it is heard.
    """
    room = low_pass(high_pass(mono, TUNE_ROOM_HZ[0]), TUNE_ROOM_HZ[1])
    own_db, others_db = (10 * np.log10(_tenths(x) + 1e-9) for x in (room, others))
    heard = own_db > own_db.max(initial=-90.0) - HEARD_DB
    edges = [round(10 * s) for s in starts_s] or [0]
    levels = []
    for start, end in pairwise([*edges, len(heard)]):
        here = heard[start:end]
        over = (own_db - others_db)[start:end][here]
        missing = wanted_db - float(over.mean()) if over.size else 0.0
        levels.append(float(np.clip(RIDDEN_SHARE * missing, -MOST_RIDDEN_DB, MOST_RIDDEN_DB)))
    return ridden(starts_s or [0.0], levels, len(mono))


def _tenths(mono: Samples) -> np.ndarray:
    """Mean power of each tenth of a second."""
    step = RATE_HZ // 10
    blocks = mono[: len(mono) // step * step].reshape(-1, step)
    return np.asarray(np.einsum("bs,bs->b", blocks, blocks) / step)


def ridden(starts_s: Sequence[float], levels: Sequence[float], frames: int) -> Samples:
    """Gain [frames] from the level in dB that each section has: it holds until just before the next one begins."""
    starts = [seconds * RATE_HZ for seconds in starts_s]
    turn = RIDE_S * RATE_HZ
    at = [p for start in starts[1:] for p in (start - turn, start)]
    held = [level for pair in pairwise(levels) for level in pair]
    gain_db = np.interp(np.arange(0, frames, CONTROL_STEP), at, held) if at else np.full(1, levels[0])
    gain = 10 ** (gain_db / 20)
    return _spread(np.resize(gain, -(-frames // CONTROL_STEP)), frames)


def active_rms(mono: Samples) -> float:
    """RMS over the tenths of a second in which something sounds (above −30 dB of the loudest)."""
    power = _tenths(mono)
    loud = power[power > 1e-3 * power.max(initial=0.0)]
    return float(np.sqrt(loud.mean())) if loud.size else 0.0


def panned(mono: Samples, pan: float) -> Samples:
    """Equal power, and up to .2 ms between the ears, which is hardly heard on one loudspeaker: [2, frames]."""
    angle = (pan + 1) * np.pi / 4
    out = np.zeros((2, len(mono)), dtype=np.float32)
    late = round(abs(pan) * 0.0002 * RATE_HZ)
    far = 1 if pan < 0 else 0
    for side, share in enumerate((np.cos(angle), np.sin(angle))):
        start = late if side == far else 0
        np.multiply(mono[: len(mono) - start], np.float32(share * np.sqrt(2) * 0.9), out=out[side, start:])
    return out


def widen(mono: Samples, rng: np.random.Generator) -> Samples:
    """A centre and a side that is decorrelated by a short sparse response; folds down to mono unchanged."""
    response = np.zeros(round(0.025 * RATE_HZ), dtype=np.float32)
    places = rng.choice(np.arange(120, len(response)), 24, replace=False)
    response[places] = rng.choice([-1.0, 1.0], 24) * np.exp(-places / (0.012 * RATE_HZ))
    side = oaconvolve(mono, response * np.float32(0.5 / np.sqrt((response**2).sum())))[: len(mono)]
    return np.stack([mono + side, mono - side]).astype(np.float32, copy=False)


def high_pass(mono: Samples, hz: float) -> Samples:
    return np.asarray(sosfilt(butter(2, hz, "highpass", fs=RATE_HZ, output="sos").astype(np.float32), mono))


def low_pass(mono: Samples, hz: float) -> Samples:
    return np.asarray(sosfilt(butter(1, hz, "lowpass", fs=RATE_HZ, output="sos").astype(np.float32), mono))


def room_response(t60_s: float, predelay_s: float, bright_hz: float, rng: np.random.Generator) -> Samples:
    """A stereo impulse response, [2, frames]: early reflections, then noise whose highs die sooner."""
    frames = round((predelay_s + t60_s) * RATE_HZ)
    time = np.arange(frames) / RATE_HZ
    response = np.zeros((2, frames))
    for side in (0, 1):
        white = rng.standard_normal(frames)
        dark = lfilter([0.25], [1, -0.75], white)
        tail = 0.5 * white * 10 ** (-3 * time / (0.45 * t60_s)) + 1.2 * dark * 10 ** (-3 * time / t60_s)
        tail *= np.minimum(time / (0.25 * predelay_s + 0.01), 1.0)
        for _ in range(7):
            place = int(rng.uniform(0.003, 0.045) * RATE_HZ)
            tail[place] += rng.choice([-1, 1]) * 4.0 * (1 - place / (0.06 * RATE_HZ))
        response[side, round(predelay_s * RATE_HZ) :] = tail[: frames - round(predelay_s * RATE_HZ)]
    smooth = butter(1, [250.0, bright_hz], "bandpass", fs=RATE_HZ, output="sos")
    response = sosfilt(smooth, response)
    response /= np.sqrt((response**2).sum(axis=1, keepdims=True))
    return np.asarray(response, dtype=np.float32)


def reverberate(send: Samples, response: Samples) -> Samples:
    """Convolve [2, frames] with [2, taps]; the tail past the end is dropped."""
    return np.asarray(oaconvolve(send, response, axes=1)[:, : send.shape[1]], dtype=np.float32)


def ducking(kick: Samples, depth: float) -> Samples:
    """Gain [frames] that dips with each bass drum and recovers in about a quarter of a second."""
    envelope = _blocks(np.abs(kick), np.max)
    release = float(np.exp(-CONTROL_STEP / (0.11 * RATE_HZ)))
    held = np.empty_like(envelope)
    level = 0.0
    for i, value in enumerate(envelope):
        level = max(float(value), level * release)
        held[i] = level
    gain = 1 - depth * np.minimum(held / (np.percentile(held, 98) + 1e-9), 1.0)
    return _spread(gain, len(kick))


def compress(stereo: Samples, ratio: float, threshold_db: float) -> Samples:
    """Glue: a soft-knee compressor on the RMS of both channels [2, frames], attack 15 ms, release 160 ms."""
    power = _blocks(0.5 * (stereo[0] * stereo[0] + stereo[1] * stereo[1]), np.mean)
    level_db = 10 * np.log10(power + 1e-10)
    over = level_db - threshold_db
    knee = 6.0
    reduction = np.where(over < -knee, 0.0, np.where(over > knee, over, (over + knee) ** 2 / (4 * knee))) * (
        1 - 1 / ratio
    )
    attack = float(np.exp(-CONTROL_STEP / (0.015 * RATE_HZ)))
    release = float(np.exp(-CONTROL_STEP / (0.16 * RATE_HZ)))
    smoothed = np.empty_like(reduction)
    state = 0.0
    for i, value in enumerate(reduction.tolist()):
        pole = attack if value > state else release
        state = pole * state + (1 - pole) * value
        smoothed[i] = state
    return np.asarray(stereo * _spread(10 ** (-smoothed / 20), stereo.shape[1]))


def _blocks(signal: np.ndarray, reduce: object) -> np.ndarray:
    pad = -len(signal) % CONTROL_STEP
    blocks = np.pad(signal, (0, pad)).reshape(-1, CONTROL_STEP)
    return np.asarray(reduce(blocks, axis=1))  # type: ignore[operator]


def _spread(control: np.ndarray, frames: int) -> Samples:
    """Control values to audio rate, linearly between block centres."""
    half = CONTROL_STEP // 2
    nodes = np.concatenate([control[:1], control, control[-1:]]).astype(np.float32)
    ramp = (np.arange(CONTROL_STEP, dtype=np.float32) + 0.5) / CONTROL_STEP
    between = nodes[:-1, None] + np.diff(nodes)[:, None] * ramp
    return np.asarray(between.ravel()[half : half + frames])
