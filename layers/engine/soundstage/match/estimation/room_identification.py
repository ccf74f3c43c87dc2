"""Mode A's room: an equaliser and an impulse response from the long response between two aligned recordings."""

from dataclasses import dataclass

import numpy as np

from soundstage.arrays import BLOCK_FRAMES, Floats, Samples
from soundstage.audio.decibels import amplitude_to_db, db_to_power, power_to_db
from soundstage.audio.filters import SosFilter
from soundstage.match.analysis.alignment import Aligned
from soundstage.match.analysis.bands import band_centres_hz, frame_band_means
from soundstage.match.estimation.deconvolution import impulse_response
from soundstage.match.estimation.eq_fit import fit_bands, in_words
from soundstage.match.estimation.evidence import BELOW_LOUDEST_DB, between
from soundstage.match.estimation.expected_response import Difference, expected_response
from soundstage.match.rendering.equaliser import equaliser_sos
from soundstage.match.rendering.reverb import MAX_TAIL_S, OCTAVE_CENTRES_HZ, encode_response
from soundstage.models.style import Decay, EqBand, Reverb, Stage

LEAD = 64
"""Samples of a response before its direct sound, 1.5 ms at 44.1 kHz: resampling and linear phase ring that early."""

EARLY_S = 0.025
"""Window of the response whose spectrum is the equaliser's: most rooms' first strong reflections come later."""

EARLY_FFT_SIZE = 1 << 14
"""Of that spectrum, so that its lines lie 2.7 Hz apart at 44.1 kHz."""

WINDOW_DOUBT_DB, RIPPLE_DB, RIPPLE_OCTAVES = (1.0, 4.0), 1.0, 0.15
"""What the early spectrum is no equaliser's, as deviations: at high frequencies, and so much more where the window is
shorter than a period; and reflections, whose ripple is alike over so many octaves."""

CERTAIN_DB = 40.0
"""How far below the loudest band a response is still certain; below, its doubt grows as the power falls."""

LEAST_GAIN_DB = 0.1
"""Of a band that is kept: reflections leave no less doubt."""

NO_POWER_DB, NO_RESPONSE_DB = -200.0, -120.0
"""Floors of a recording's power in a band, unscaled, and of a response's power."""

TRIM_PERIOD_S, TAIL_ENDS_DB, SHORTEST_TAIL = 0.05, -60.0, 64
"""A tail ends with the last such period that is not noise, above so much of its energy; least length in samples."""

FADE_PARTS, SHORTEST_FADE = 20, 16
"""The last twentieth of a tail fades out, and so many samples at least."""

NOISE_PARTS = 4
"""The last quarter of a response holds hardly any room, only the estimate's error, which is everywhere as loud."""

AUDIBLE_OCTAVES_DB = 20.0
"""Octaves of the tail down to so far below the loudest tell the reverberation time in the sentence."""

RT60_RANGE_S = (0.02, 20.0)
"""Of an octave: bounds for what a fit through noise may find."""


@dataclass(frozen=True)
class IdentifiedRoom:
    """The equaliser of the direct sound, the room as a reverb, and how each showed."""

    eq: list[EqBand]
    reverb: Reverb
    sentences: dict[Stage, str]


def identify_room(aligned: Aligned, response: Floats) -> IdentifiedRoom:
    """What makes the aligned target into the reference, whose first channels have the long ``response`` between them.

    The responses' beginning tells the equaliser; what that leaves, channel by channel, is the room.

    Args:
        aligned: both recordings.
        response: of the first channel, [LEAD + taps].
    """
    x, y, rate_hz = aligned.target, aligned.reference, aligned.rate_hz
    taps = len(response) - LEAD
    responses = [response] + [impulse_response(x[:, k], y[:, k], taps, LEAD) for k in range(1, x.shape[1])]
    level_db = power_to_db(frame_band_means(x.mean(axis=1), rate_hz).mean(axis=0), NO_POWER_DB)
    eq = _early_equaliser(responses, level_db, rate_hz)
    # A response is certain only where the music has power. What is asked for is what the dry sound does not explain:
    # nothing, where nothing is certain. Channel by channel: equalised again, the excerpt need not be there twice.
    pairs = [(x[:, k], y[:, k]) for k in range(x.shape[1])]
    products = np.sum([_products(equalised(one, eq, rate_hz), other) for one, other in pairs], axis=0)
    direct = float(products[0] / (products[1] + 1e-20))
    tails = [impulse_response(equalised(one, eq, rate_hz), other, taps, less=direct) for one, other in pairs]
    tail = _trimmed(np.stack(tails, axis=1) / direct, rate_hz)
    mix = min(1.0, np.sqrt(float((tail**2).sum(axis=0).mean())))
    carried = encode_response((tail / mix).astype(np.float32), rate_hz)
    decays = _decays(tail, rate_hz)
    loudest_db = max(decay.level_db for decay in decays)
    rt60_s = np.median([decay.rt60_s for decay in decays if decay.level_db > loudest_db - AUDIBLE_OCTAVES_DB])
    sentences: dict[Stage, str] = {
        "eq": f"{aligned.words()}. In its direct sound: {in_words(eq, aligned.rate_hz)}",
        "reverb": f"A room of {rt60_s:.1f} s, {amplitude_to_db(mix):+.1f} dB against the direct sound, is copied.",
    }
    return IdentifiedRoom(eq, Reverb(decays=decays, mix=round(mix, 5), **carried), sentences)


def equalised(x: Samples, bands: list[EqBand], rate_hz: int) -> Samples:
    """[frames] or [frames, channels] through the bands, without another copy; the same array where there are none."""
    if not bands:
        return x
    sound = x[:, None] if x.ndim == 1 else x
    filtering = SosFilter(equaliser_sos(bands, rate_hz), sound.shape[1])
    out = np.empty(sound.shape, np.float32)
    for start in range(0, len(sound), BLOCK_FRAMES):
        out[start : start + BLOCK_FRAMES] = filtering.process(sound[start : start + BLOCK_FRAMES])
    return out.reshape(x.shape)


def _products(dry: Samples, wet: Samples) -> tuple[float, float]:
    """Whose ratio is the gain of the direct sound."""
    return float(dry @ wet), float(dry @ dry)


def _early_equaliser(responses: list[Floats], level_db: Floats, rate_hz: int) -> list[EqBand]:
    """The bands of what the responses of all channels begin with.

    ``level_db`` [bands], of the recording that goes through them, says in which narrow bands they are certain.
    """
    early = round(EARLY_S * rate_hz)
    window = np.concatenate([np.ones(LEAD + early // 4), np.cos(np.linspace(0, np.pi / 2, early)) ** 2])
    windowed = [response[: len(window)] * window for response in responses]
    power = np.mean([np.abs(np.fft.rfft(response, EARLY_FFT_SIZE)) ** 2 for response in windowed], axis=0)
    f_hz = band_centres_hz(rate_hz)
    gain_db = power_to_db(np.interp(f_hz, np.fft.rfftfreq(EARLY_FFT_SIZE, 1 / rate_hz), power), NO_RESPONSE_DB)
    # What is shorter than the window is seen; below that, and where reflections ripple, less so.
    high_db, low_db = WINDOW_DOUBT_DB
    deviation_db = high_db + low_db * np.exp(-f_hz / (2 / EARLY_S))
    below_db = level_db - level_db.max()
    deviation_db += db_to_power(-np.minimum(below_db + CERTAIN_DB, 0.0)) - 1
    octaves = np.log2(f_hz)
    ripple = RIPPLE_DB**2 * np.exp(-0.5 * ((octaves[:, None] - octaves) / RIPPLE_OCTAVES) ** 2)
    noise_db2 = np.diag(deviation_db**2) + ripple
    difference = Difference(f_hz, gain_db, noise_db2, between(below_db, *BELOW_LOUDEST_DB))
    bands = fit_bands(expected_response(difference, rate_hz), rate_hz)
    return [band for band in bands if abs(band.gain_db) >= LEAST_GAIN_DB]


def _trimmed(tail: Floats, rate_hz: int) -> Floats:
    """The tail [frames, channels] without what lies below the noise of the estimate, and faded out."""
    period = round(TRIM_PERIOD_S * rate_hz)
    whole = len(tail) // period * period
    energy = (tail[:whole] ** 2).reshape(-1, period * tail.shape[1]).sum(axis=1)
    noise = float(np.median(energy[-len(energy) // NOISE_PARTS :]))
    audible = (energy > 2 * noise) & (energy > energy.sum() * db_to_power(TAIL_ENDS_DB))
    end = (int(np.flatnonzero(audible)[-1]) + 1) * period if audible.any() else SHORTEST_TAIL
    kept = tail[: max(min(end, round(MAX_TAIL_S * rate_hz)), SHORTEST_TAIL)].copy()
    fade = max(SHORTEST_FADE, len(kept) // FADE_PARTS)
    kept[-fade:] *= np.cos(np.linspace(0, np.pi / 2, fade))[:, None] ** 2
    return kept


def _decays(tail: Floats, rate_hz: int) -> list[Decay]:
    """RT60 of each octave of the tail [frames, channels].

    By backward integration (M. R. Schroeder, "New method of measuring reverberation time", JASA 37, 1965), over 25 dB
    from −5 dB on; what the end still holds is the estimate's error, and is taken off everywhere (W. T. Chu, JASA 63,
    1978).
    """
    spectrum = np.fft.rfft(tail.mean(axis=1), 2 * len(tail))
    f_hz = np.fft.rfftfreq(2 * len(tail), 1 / rate_hz)
    decays = []
    for centre in OCTAVE_CENTRES_HZ:
        inside = (f_hz > centre / np.sqrt(2)) & (f_hz < centre * np.sqrt(2))
        if centre * np.sqrt(2) > rate_hz / 2:
            continue
        energy = np.fft.irfft(spectrum * inside)[: len(tail)] ** 2
        error = energy[-len(energy) // NOISE_PARTS :].mean()
        left = np.maximum(np.cumsum((energy - error)[::-1])[::-1], db_to_power(NO_POWER_DB))
        curve_db = power_to_db(left / left[0], NO_RESPONSE_DB)
        start, end = int(np.argmax(curve_db < -5)), int(np.argmax(curve_db < -30)) or len(curve_db) - 1
        seconds = max(end - start, 1) / rate_hz
        rt60_s = 60 * seconds / max(curve_db[start] - curve_db[end], 1.0)
        level_db = power_to_db(float(left[0]), NO_RESPONSE_DB)
        rt60_s = round(float(np.clip(rt60_s, *RT60_RANGE_S)), 3)
        decays.append(Decay(f_hz=centre, rt60_s=rt60_s, level_db=round(level_db, 2)))
    return decays
