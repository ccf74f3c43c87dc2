"""Mix: level and place of each role, two reverberations, echo, ducking, bus compression and automation."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from scipy.signal import butter, lfilter, oaconvolve, sosfilt

from soundstage.arrays import Samples
from soundstage.audio import filters
from soundstage.audio.decibels import db_to_amplitude, power_to_db
from soundstage.audio.filters import SosFilter
from soundstage.music.composing.styles import Layer, StylePack
from soundstage.music.instruments.kit import PAN
from soundstage.music.instruments.modal_synthesis import RATE_HZ

# Level of each role while it plays, dBFS RMS, before mastering.
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
DRUM_PEAK_DB = -7.0  # dBFS, of the sum of all drums
KICK_DRUMS = ("kick", "taiko")  # without the room, which would blur them
HALL_DRUMS = ("snare", "clap", "taiko", "timpani", "tom_low", "tom_mid", "tom_high", "triangle")
DRUMS_TO_ROOM, DRUMS_TO_HALL = 0.5, 0.25  # sends, of the style's
# Cut-off of each role's high-pass, Hz.
LOW_CUT_HZ = {
    "lead": 150.0,
    "second": 150.0,
    "double": 180.0,
    "answer": 150.0,
    "counter": 120.0,
    "chords": 140.0,
    "pad": 160.0,
}
# The melody's level over the rest of the band, in the band of its fundamentals and first partials: automation brings it
# to 3.5 dB in each section, by .8 of what is missing and 5 dB at most.
MELODY_HZ = (200.0, 3000.0)
ABOVE_BAND_DB, AUTOMATED_SHARE, MAX_AUTOMATION_DB = 3.5, 0.8, 5.0
SOUNDING_DB = 25.0  # below its loudest tenth of a second, the melody rests
FLOOR_DB = -90.0  # dBFS, of levels
CONTROL_STEP = 64  # frames, 1.5 ms, between values of a gain
# Level of a section: 5 dB between energies 0 and 1, 0 dB at .7, +1 dB at most; a change takes .25 s.
DB_PER_ENERGY, UNITY_ENERGY, MAX_SECTION_DB, RIDE_S = 5.0, 0.7, 1.0, 0.25
# How far below the loudest section, above its bass, one with few players may be, and by how much it is raised at most:
# an intro without drums and bass is quiet, not missing.
MAX_BELOW_DB, MAX_LIFT_DB, LEVELLED_FROM_HZ = 8.5, 4.0, 150.0
CENTRED = 0.2  # |pan| below which pads and chords are widened
# Echo: dotted eighths, three repeats, each .6 of the last and darker (first-order low-pass, Hz); half of it to the
# hall.
ECHO_BEATS, ECHO_REPEATS, ECHO_DECAY, ECHO_HZ, ECHO_TO_HALL = 0.75, 3, 0.6, 3800.0, 0.5
# Room: T60 and pre-delay, seconds, and low-pass, Hz; the hall's T60 is the style's.
ROOM, HALL_PREDELAY_S, HALL_HZ = (0.45, 0.004, 6500.0), 0.018, 5000.0
COMPRESSOR_DB, KNEE_DB, ATTACK_S, RELEASE_S = -16.0, 6.0, 0.015, 0.16  # threshold, half of the knee
# Parallel saturation of the band: its middle, driven so far into tanh (RMS), returns so much below the band itself. It
# fills the octaves from 500 Hz to 4 kHz, which a few clean partials leave emptier than they are in released songs.
SATURATED_HZ, SATURATION_DRIVE, SATURATION_DB, SATURATION_LOW_CUT_HZ = (250.0, 5000.0), 1.3, -14.0, 400.0
DUCKING_RELEASE_S, DUCKING_PERCENTILE = 0.11, 98
PAN_DELAY_S, PAN_GAIN = 0.0002, 0.9  # between the channels at full pan; of both
# Widening: 24 taps between 2.7 and 25 ms, decaying with 12 ms; the side has half of the centre's power.
WIDTH_TAPS, WIDTH_FIRST, WIDTH_S, WIDTH_DECAY_S, SIDE_GAIN = 24, 120, 0.025, 0.012, 0.5
# Impulse responses: noise and darker noise (one-pole), and seven early reflections between 3 and 45 ms.
BRIGHT_LEVEL, BRIGHT_T60_SHARE, DARK_LEVEL, DARK_POLE = 0.5, 0.45, 1.2, 0.75
REFLECTIONS, REFLECTIONS_S, REFLECTION_LEVEL, REFLECTION_FADE_S, LOW_HZ = 7, (0.003, 0.045), 4.0, 0.06, 250.0


@dataclass
class Busses:
    """Stereo sums, float32 [2, frames]: filters are twice as fast on contiguous channels."""

    dry: Samples
    room: Samples
    hall: Samples


class Mixer:
    """Sums parts one by one, so that only the sums are in memory; ``finish`` returns the mix.

    ``frames`` at 44.1 kHz; ``tempo_bpm``: quarters per minute, for the echo; ``seed``: of the reverberations.
    """

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
        """Add one player ([frames] float32) at the level and place of its role; ``mono`` is overwritten."""
        if layer.role in LOW_CUT_HZ:
            mono = high_pass(mono, LOW_CUT_HZ[layer.role])
        level = active_rms(mono)
        if level < 1e-7:
            return
        gain = db_to_amplitude(ROLE_LEVEL_DB[layer.role] + layer.gain_db) / level
        mono *= np.float32(gain)
        if layer.role in ("lead", "second"):
            self._leads.append((layer, mono))
        else:
            self._place(layer, mono)

    def _place(self, layer: Layer, mono: Samples) -> None:
        if layer.role in ("pad", "chords") and abs(layer.pan) < CENTRED:
            stereo = widen(mono, self._rng)
        else:
            stereo = panned(mono, layer.pan)
        if self._style.echo and layer.role in ("lead", "second", "answer"):
            echo = np.float32(self._style.echo) * self._echo(mono)
            self._band.dry += echo
            self._band.hall += np.float32(ECHO_TO_HALL) * echo
        self._band.dry += stereo
        self._send(self._band.room, layer.room, stereo)
        self._send(self._band.hall, layer.hall, stereo)

    def _send(self, bus: Samples, gain: float, stereo: Samples) -> None:
        """Add to a bus through one scratch array: allocating memory would take longer than the sum."""
        if gain:
            bus += np.multiply(stereo, np.float32(gain), out=self._scratch)

    def add_drums(self, stems: dict[str, Samples]) -> None:
        """Add all drums ([frames] float32 each); they keep their balance."""
        for drum, stem in stems.items():
            stereo = panned(stem, PAN[drum])
            self._drums += stereo
            if drum not in KICK_DRUMS:
                self._send(self._band.room, DRUMS_TO_ROOM * self._style.drums_room, stereo)
            if drum in HALL_DRUMS:
                self._send(self._band.hall, DRUMS_TO_HALL * self._style.drums_room, stereo)
        self._kick = stems.get("kick")
        peak = float(np.abs(self._drums).max(initial=0.0))
        if peak > 0:
            target = db_to_amplitude(DRUM_PEAK_DB + self._style.drums_db)
            self._drums *= np.float32(target / peak)

    def finish(self, sections: Sequence[tuple[float, float]] = ()) -> Samples:
        """The mix, float32 [frames, 2]: melody automation, reverberation, ducking, compression, section levels.

        ``sections``: (seconds, energy 0 to 1) at which each begins.
        """
        style = self._style
        band = self._band.dry
        band += saturation(band)  # of those who accompany: the melody stays clear
        starts = [seconds for seconds, _ in sections]
        others = low_pass(high_pass((band + self._drums).mean(axis=0), MELODY_HZ[0]), MELODY_HZ[1])
        for layer, mono in self._leads:
            self._place(layer, mono * gain_above(mono, others, starts, ABOVE_BAND_DB + layer.gain_db))
        band += reverberate(self._band.room, room_response(*ROOM, self._rng))
        band += reverberate(self._band.hall, room_response(style.hall_s, HALL_PREDELAY_S, HALL_HZ, self._rng))
        if style.pump and self._kick is not None:
            band *= ducking(self._kick, style.pump)
        band += self._drums
        glued = compress(band, ratio=style.compression, threshold_db=COMPRESSOR_DB)
        if sections:
            glued *= section_gain(sections, self._frames)
            glued *= lift_of_quiet(glued, starts)
        return np.ascontiguousarray(glued.T)

    def _echo(self, mono: Samples) -> Samples:
        """Ping-pong delay, float32 [2, frames]."""
        delay = round(ECHO_BEATS * 60.0 / self._tempo * RATE_HZ)
        out = np.zeros((2, self._frames), dtype=np.float32)
        repeat = mono
        for i in range(1, ECHO_REPEATS + 1):
            if i * delay >= self._frames:
                break
            repeat = low_pass(repeat, ECHO_HZ / i)
            out[i % 2, i * delay :] += np.float32(ECHO_DECAY**i) * repeat[: self._frames - i * delay]
        return out


def section_gain(changes: Sequence[tuple[float, float]], frames: int) -> Samples:
    """Gain of the sections, float32 [frames], from (seconds, energy 0 to 1) at which each begins.

    It follows the compressor, which would even the step from a verse to its chorus out.
    """
    levels = [min(MAX_SECTION_DB, DB_PER_ENERGY * (energy - UNITY_ENERGY)) for _, energy in changes]
    return automation([seconds for seconds, _ in changes], levels, frames)


def lift_of_quiet(stereo: Samples, starts_s: Sequence[float]) -> Samples:
    """Gain, float32 [frames], that raises sections that are far below the loudest one; ``stereo``: [2, frames]."""
    frames = stereo.shape[1]
    middle = high_pass(stereo.mean(axis=0), LEVELLED_FROM_HZ)
    edges = [*(round(seconds * RATE_HZ) for seconds in starts_s), frames]
    levels_db = power_to_db(np.array([active_rms(middle[a:b]) ** 2 for a, b in pairwise(edges)]), FLOOR_DB)
    lifts = np.clip(levels_db.max() - MAX_BELOW_DB - levels_db, 0.0, MAX_LIFT_DB)
    return automation(starts_s, lifts.tolist(), frames)


def gain_above(mono: Samples, others: Samples, starts_s: Sequence[float], target_db: float) -> Samples:
    """Gain, float32 [frames], that brings a player towards ``target_db`` above the ``others`` in each section.

    The mean of the difference of levels over the tenths of a second in which the player sounds, both in ``MELODY_HZ``.
    """
    in_band = low_pass(high_pass(mono, MELODY_HZ[0]), MELODY_HZ[1])
    own_db, others_db = (power_to_db(_tenths(x), FLOOR_DB) for x in (in_band, others))
    sounding = own_db > own_db.max(initial=FLOOR_DB) - SOUNDING_DB
    edges = [round(10 * s) for s in starts_s] or [0]
    levels = []
    for start, end in pairwise([*edges, len(sounding)]):
        here = sounding[start:end]
        over = (own_db - others_db)[start:end][here]
        missing = target_db - float(over.mean()) if over.size else 0.0
        levels.append(float(np.clip(AUTOMATED_SHARE * missing, -MAX_AUTOMATION_DB, MAX_AUTOMATION_DB)))
    return automation(starts_s or [0.0], levels, len(mono))


def _tenths(mono: Samples) -> np.ndarray:
    """Mean power of each tenth of a second."""
    step = RATE_HZ // 10
    blocks = mono[: len(mono) // step * step].reshape(-1, step)
    return np.asarray(np.einsum("bs,bs->b", blocks, blocks) / step)


def automation(starts_s: Sequence[float], levels: Sequence[float], frames: int) -> Samples:
    """Gain, float32 [frames], from the level of each section, dB: constant until ``RIDE_S`` before the next."""
    starts = [seconds * RATE_HZ for seconds in starts_s]
    turn = RIDE_S * RATE_HZ
    at = [p for start in starts[1:] for p in (start - turn, start)]
    held = [level for pair in pairwise(levels) for level in pair]
    gain_db = np.interp(np.arange(0, frames, CONTROL_STEP), at, held) if at else np.full(1, levels[0])
    gain = db_to_amplitude(gain_db)
    return _spread(np.resize(gain, -(-frames // CONTROL_STEP)), frames)


def active_rms(mono: Samples) -> float:
    """RMS over the tenths of a second in which something sounds (above −30 dB of the loudest)."""
    power = _tenths(mono)
    loud = power[power > 1e-3 * power.max(initial=0.0)]
    return float(np.sqrt(loud.mean())) if loud.size else 0.0


def panned(mono: Samples, pan: float) -> Samples:
    """Constant-power panning (``pan`` −1 to 1) with up to .2 ms between the channels, float32 [2, frames]."""
    angle = (pan + 1) * np.pi / 4
    out = np.zeros((2, len(mono)), dtype=np.float32)
    late = round(abs(pan) * PAN_DELAY_S * RATE_HZ)
    far = 1 if pan < 0 else 0
    for side, share in enumerate((np.cos(angle), np.sin(angle))):
        start = late if side == far else 0
        np.multiply(mono[: len(mono) - start], np.float32(share * np.sqrt(2) * PAN_GAIN), out=out[side, start:])
    return out


def widen(mono: Samples, rng: np.random.Generator) -> Samples:
    """A centre, and a side decorrelated by a short sparse response, which cancels in mono: float32 [2, frames]."""
    response = np.zeros(round(WIDTH_S * RATE_HZ), dtype=np.float32)
    places = rng.choice(np.arange(WIDTH_FIRST, len(response)), WIDTH_TAPS, replace=False)
    response[places] = rng.choice([-1.0, 1.0], WIDTH_TAPS) * np.exp(-places / (WIDTH_DECAY_S * RATE_HZ))
    side = oaconvolve(mono, response * np.float32(SIDE_GAIN / np.sqrt((response**2).sum())))[: len(mono)]
    return np.stack([mono + side, mono - side]).astype(np.float32, copy=False)


def high_pass(mono: Samples, hz: float) -> Samples:
    """Butterworth, second order, float32 [frames]."""
    return SosFilter(filters.high_pass(RATE_HZ, hz), 1).process(mono[:, None])[:, 0]


def low_pass(mono: Samples, hz: float) -> Samples:
    """Butterworth, first order, float32 [frames]."""
    return SosFilter(filters.first_order_low_pass(RATE_HZ, hz), 1).process(mono[:, None])[:, 0]


def room_response(t60_s: float, predelay_s: float, bright_hz: float, rng: np.random.Generator) -> Samples:
    """Synthetic impulse response of unit energy, float32 [2, frames]: early reflections, then ever darker noise."""
    frames = round((predelay_s + t60_s) * RATE_HZ)
    time = np.arange(frames) / RATE_HZ
    response = np.zeros((2, frames))
    for side in (0, 1):
        white = rng.standard_normal(frames)
        dark = lfilter([1 - DARK_POLE], [1, -DARK_POLE], white)
        tail = BRIGHT_LEVEL * white * 10 ** (-3 * time / (BRIGHT_T60_SHARE * t60_s))
        tail += DARK_LEVEL * dark * 10 ** (-3 * time / t60_s)
        tail *= np.minimum(time / (0.25 * predelay_s + 0.01), 1.0)
        for _ in range(REFLECTIONS):
            place = int(rng.uniform(*REFLECTIONS_S) * RATE_HZ)
            tail[place] += rng.choice([-1, 1]) * REFLECTION_LEVEL * (1 - place / (REFLECTION_FADE_S * RATE_HZ))
        response[side, round(predelay_s * RATE_HZ) :] = tail[: frames - round(predelay_s * RATE_HZ)]
    smooth = butter(1, [LOW_HZ, bright_hz], "bandpass", fs=RATE_HZ, output="sos")
    response = sosfilt(smooth, response)
    response /= np.sqrt((response**2).sum(axis=1, keepdims=True))
    return np.asarray(response, dtype=np.float32)


def reverberate(send: Samples, response: Samples) -> Samples:
    """Convolve [2, frames] with [2, taps]; the tail past the end is dropped."""
    return np.asarray(oaconvolve(send, response, axes=1)[:, : send.shape[1]], dtype=np.float32)


def saturation(stereo: Samples) -> Samples:
    """What parallel saturation adds to [2, frames]: distortion products of the middle, above its lowest octave."""
    return np.stack([_saturation(channel) for channel in stereo])


def _saturation(channel: Samples) -> Samples:
    middle = low_pass(high_pass(channel, SATURATED_HZ[0]), SATURATED_HZ[1])
    level = active_rms(middle)
    if level < 1e-7:
        return np.zeros_like(channel)
    added = high_pass(np.tanh(middle * np.float32(SATURATION_DRIVE / level)), SATURATION_LOW_CUT_HZ)
    return np.asarray(added * np.float32(db_to_amplitude(SATURATION_DB) * active_rms(channel) / active_rms(added)))


def ducking(kick: Samples, depth: float) -> Samples:
    """Sidechain gain, float32 [frames]: down by ``depth`` (0 to 1) at each kick, back in about .25 s."""
    envelope = _blocks(np.abs(kick), np.max)
    release = float(np.exp(-CONTROL_STEP / (DUCKING_RELEASE_S * RATE_HZ)))
    held = np.empty_like(envelope)
    level = 0.0
    for i, value in enumerate(envelope):
        level = max(float(value), level * release)
        held[i] = level
    gain = 1 - depth * np.minimum(held / (np.percentile(held, DUCKING_PERCENTILE) + 1e-9), 1.0)
    return _spread(gain, len(kick))


def compress(stereo: Samples, ratio: float, threshold_db: float) -> Samples:
    """Bus compressor with a soft knee on the RMS of both channels, float32 [2, frames]."""
    power = _blocks(0.5 * (stereo[0] * stereo[0] + stereo[1] * stereo[1]), np.mean)
    level_db = power_to_db(power, FLOOR_DB)
    over = level_db - threshold_db
    reduction = np.where(
        over < -KNEE_DB, 0.0, np.where(over > KNEE_DB, over, (over + KNEE_DB) ** 2 / (4 * KNEE_DB))
    ) * (1 - 1 / ratio)
    attack = float(np.exp(-CONTROL_STEP / (ATTACK_S * RATE_HZ)))
    release = float(np.exp(-CONTROL_STEP / (RELEASE_S * RATE_HZ)))
    smoothed = np.empty_like(reduction)
    state = 0.0
    for i, value in enumerate(reduction.tolist()):
        pole = attack if value > state else release
        state = pole * state + (1 - pole) * value
        smoothed[i] = state
    return np.asarray(stereo * _spread(db_to_amplitude(-smoothed), stereo.shape[1]))


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
