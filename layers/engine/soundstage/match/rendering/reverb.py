"""Reverberation: a tail of noise with given decay times, or a given impulse response, and its convolution."""

import base64
import io
from typing import Any

import numpy as np
import soundfile
from numpy.typing import NDArray

from soundstage.arrays import Samples
from soundstage.audio.convolution import Convolver
from soundstage.audio.decibels import db_to_amplitude
from soundstage.audio.resample import resample
from soundstage.match.rendering.processors import Processor, State
from soundstage.models.errors import InvalidInput
from soundstage.models.style import Decay, Reverb

MAX_TAIL_S = 6.0
"""Of a synthesised tail, chosen: large churches ring as long."""

STORED_PEAK = 0.999
"""Of an impulse response in FLAC: below full scale, where rounding would clip."""

TAIL_HEARD = 1.6e-5
"""Amplitude before the gain, −96 dBFS, where 16 bits end: what rings on below it is left off."""

FADE_S = 0.05
"""Of the end of what rings on, which is no step then."""

OCTAVE_CENTRES_HZ = (63.0, 125.0, 250.0, 500.0, 1000.0, 2000.0, 4000.0, 8000.0, 16_000.0)
"""Nominal octave bands, IEC 61260-1."""


def tail_response(params: Reverb, rate_hz: int, channels: int) -> Samples:
    """The impulse response of what is added to the dry sound, ``mix`` and pre-delay included: [frames, channels].

    Raises:
        InvalidInput: ``ir_key`` names a response that has not been loaded into ``ir_flac_base64``, or that is no FLAC.
    """
    if params.ir_flac_base64:
        response = decode_response(params, rate_hz)
        response = response[:, np.arange(channels) % response.shape[1]]
    elif params.ir_key:
        raise InvalidInput("The impulse response has to be loaded before the reverb can run.")
    else:
        response = synthesised_tail(params.decays, rate_hz, channels, params.seed)
    delay = np.zeros((round(params.pre_delay_ms / 1000 * rate_hz), channels), np.float32)
    return np.concatenate([delay, response * np.float32(params.mix)])


def synthesised_tail(decays: list[Decay], rate_hz: int, channels: int, seed: int) -> Samples:
    """Gaussian noise whose octaves decay at their own rates, of unit energy per channel: [frames, channels].

    Exponentially decaying noise is what rooms sound like (J. A. Moorer, "About this reverberation business", Computer
    Music Journal 3(2), 1979). Octaves are cut out of the spectrum of the whole noise. As long as the longest of
    ``decays``, at most ``MAX_TAIL_S``; the same ``seed`` gives the same noise.
    """
    longest_s = min(max((decay.rt60_s for decay in decays), default=0.1), MAX_TAIL_S)
    frames = max(64, round(longest_s * rate_hz))
    noise = np.random.default_rng(seed).standard_normal((channels, frames))
    spectrum = np.fft.rfft(noise, axis=1)
    f_hz = np.fft.rfftfreq(frames, 1 / rate_hz)
    time_s = np.arange(frames) / rate_hz
    tail = np.zeros((channels, frames))
    for share, decay in zip(_octave_shares(f_hz, decays), decays, strict=True):
        octave = np.fft.irfft(spectrum * share, frames, axis=1)
        octave *= db_to_amplitude(-60 * time_s / decay.rt60_s)
        octave *= db_to_amplitude(decay.level_db) / np.sqrt((octave**2).sum(axis=1, keepdims=True) + 1e-20)
        tail += octave
    tail /= np.sqrt((tail**2).sum(axis=1, keepdims=True) + 1e-20)
    return np.ascontiguousarray(tail.T, np.float32)


def _octave_shares(f_hz: NDArray[np.floating], decays: list[Decay]) -> list[NDArray[np.float64]]:
    """Gain factors of each octave at frequencies [n]: triangles on a logarithmic axis that add up to one."""
    centres = np.log2([decay.f_hz for decay in decays])
    position = np.log2(np.maximum(f_hz, 1.0))
    return [np.interp(position, centres, row) for row in np.eye(len(decays))]


def encode_response(response: Samples, rate_hz: int) -> dict[str, Any]:
    """An impulse response [frames, channels] as the fields of ``Reverb`` that carry it: 24-bit FLAC, and its peak."""
    peak = float(np.abs(response).max()) or 1.0
    buffer = io.BytesIO()
    soundfile.write(buffer, response / peak * STORED_PEAK, rate_hz, format="FLAC", subtype="PCM_24")
    return {"ir_flac_base64": base64.b64encode(buffer.getvalue()).decode("ascii"), "ir_peak": peak / STORED_PEAK}


def decode_response(params: Reverb, rate_hz: int) -> Samples:
    """The response that ``params`` carry, at ``rate_hz``: [frames, channels].

    Raises:
        InvalidInput: what is carried is not a FLAC file.
    """
    try:
        stored, stored_hz = soundfile.read(
            io.BytesIO(base64.b64decode(params.ir_flac_base64 or "")), dtype="float32", always_2d=True
        )
    except (soundfile.LibsndfileError, ValueError) as error:
        raise InvalidInput("The impulse response in this preset cannot be read.") from error
    # Per second of sound a response at a higher rate has more samples: each has to be smaller by as much.
    converted: Samples = resample(stored, stored_hz, rate_hz) * np.float32(params.ir_peak * stored_hz / rate_hz)
    return converted


class ReverbProcessor(Processor[Reverb]):
    """x + x ∗ response, by partitioned convolution. State: the convolver's.

    After the last frame the room rings out, as far as it is heard: so many more frames come out than went in.
    """

    def _prepare(self) -> None:
        self._response = tail_response(self.params, self.rate_hz, self.channels)
        self._convolver = Convolver(self._response, self.channels)
        self._silent = self._convolver.state
        self.block_frames = self._convolver.step_frames

    def _first_state(self) -> State:
        return self._silent

    def _block(self, x: Samples, state: State) -> tuple[Samples, State]:
        self._convolver.state = state
        wet = self._convolver.process(x)
        wet += x
        return wet, self._convolver.state

    def _rest(self, state: State) -> tuple[Samples, State]:
        self._convolver.state = state
        silence = np.zeros((len(self._response), self.channels), np.float32)
        ringing = np.concatenate(
            [
                self._convolver.process(silence[at : at + self.block_frames])
                for at in range(0, len(silence), self.block_frames)
            ]
        )
        heard = np.flatnonzero(np.abs(ringing).max(axis=1) > TAIL_HEARD)
        ringing = ringing[: heard[-1] + 1 if len(heard) else 0]
        fade = min(len(ringing), round(FADE_S * self.rate_hz))
        ringing[len(ringing) - fade :] *= np.cos(np.linspace(0, np.pi / 2, fade, dtype=np.float32))[:, None] ** 2
        return ringing, self._convolver.state

    def tail_s(self) -> float:
        return len(self._response) / self.rate_hz
