"""Mode A: which chain made one recording of a performance from the other.

Aligned, the two are input and output of a system. Its short impulse response tells an equaliser; what that leaves is
either a room, which a long response explains, or a gain that moves, which a compressor and a limiter explain.
"""

from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from soundstage.arrays import BLOCK_FRAMES, Floats, Samples
from soundstage.audio.filters import SosFilter
from soundstage.audio.streams import Reader
from soundstage.match.analysis.alignment import Aligned, align
from soundstage.match.analysis.features import FFT_SIZE, band_centres_hz, band_means
from soundstage.match.estimation.deconvolution import impulse_response, unexplained_db
from soundstage.match.estimation.dynamics_fit import FIT_S, Found, find_squeeze
from soundstage.match.estimation.eq_fit import fit_bands, in_words
from soundstage.match.estimation.evidence import BELOW_LOUDEST_DB, between, weighted_median
from soundstage.match.estimation.expected_response import NARROW_TOO, Difference, expected_response
from soundstage.match.rendering.equaliser import equaliser_sos
from soundstage.match.rendering.reverb import MAX_TAIL_S, OCTAVE_CENTRES_HZ, encode_response
from soundstage.models.errors import MediaRejected
from soundstage.models.style import Compressor, Decay, EqBand, Reverb, Stage

LEAST_AGREEMENT, SURE_AGREEMENT = 0.15, 0.6
OTHER_MUSIC_DB = -4.5
SHORT_TAPS = 4096
LEAD = 64
ROOM_S = 2.2
LINEAR_DB = -35.0
ROOM_EXPLAINS_DB = 6.0
EARLY_S = 0.025
CERTAIN_DB = 40.0
HEARD_OCTAVES_DB = 20.0
TAIL_ENDS_DB = -60.0
TRIM_PERIOD_S = 0.05
SQUEEZED_DB = 0.3
CUT_OFF_DB = 20.0
FRAMES_AT_ONCE = 16  # so that an excerpt's spectra need no more memory than its sound
CUT_OFF_BANDS = 6  # a quarter of an octave of transition
SIDES_DB = (-33.0, -27.0)  # below the band with the most side: from here on the width is heard in a band
OFTEN_HEARD, LEAST_FRAMES = (0.05, 0.15), 4  # share of the frames in which a band tells the equaliser, and their number
LEAST_DOUBT_DB = 0.02


@dataclass
class Chained:
    """The chain that was found, and in a sentence per stage how it showed."""

    aligned: Aligned
    eq: list[EqBand] = field(default_factory=list)
    compressor: Compressor | None = None
    limiter_release_ms: float | None = None
    reverb: Reverb | None = None
    width: float | None = None
    sentences: dict[Stage, str] = field(default_factory=dict)


def identify_chain(reference: Reader, target: Reader) -> Chained:
    """Compare two recordings of one performance.

    Raises:
        MediaRejected: they do not hold the same performance (DIFFERENT_PERFORMANCES).
    """
    aligned = align(reference, target)
    if abs(aligned.agreement) < LEAST_AGREEMENT:
        raise MediaRejected("DIFFERENT_PERFORMANCES")
    chained = Chained(aligned)
    x, y = aligned.target, aligned.reference
    short_db = _unexplained_by_short_db(x, y)
    if short_db > LINEAR_DB:
        # A change of width leaves the middle explained, a room that differs from side to side a single side.
        short_db = min(short_db, _unexplained_by_short_db(x[:, 0], y[:, 0]))
    if short_db > OTHER_MUSIC_DB and aligned.agreement < SURE_AGREEMENT:
        # Parts of one song share their drums, which lie on one another; the rest is something else.
        raise MediaRejected("DIFFERENT_PERFORMANCES")
    if short_db > LINEAR_DB:
        room = impulse_response(x[:, 0], y[:, 0], round(ROOM_S * aligned.rate_hz), LEAD)
        if unexplained_db(x[:, 0], y[:, 0], room, LEAD) < short_db - ROOM_EXPLAINS_DB:
            _take_room(chained, room)
            return chained
    _take_width(chained)
    _take_tone(chained)
    if short_db > LINEAR_DB:
        _take_squeeze(chained)
    return chained


def _unexplained_by_short_db(given: Samples, wanted: Samples) -> float:
    return unexplained_db(given, wanted, impulse_response(given, wanted, SHORT_TAPS, LEAD), LEAD)


def _take_width(chained: Chained) -> None:
    """Side over mid in every narrow band, reference against target; its median is the width."""
    x, y = chained.aligned.target, chained.aligned.reference
    if x.shape[1] != 2:
        return
    rate_hz = chained.aligned.rate_hz
    given, wanted = (_band_levels((z[:, 0] - z[:, 1]) / 2, rate_hz).mean(axis=0) for z in (x, y))
    given_mid, wanted_mid = (_band_levels(z.mean(axis=1), rate_hz).mean(axis=0) for z in (x, y))
    ratios = (wanted / (wanted_mid + 1e-20) + 1e-20) / (given / (given_mid + 1e-20) + 1e-20)
    if given.max() < 1e-12:
        return
    weights = between(10 * np.log10(given / given.max() + 1e-20), *SIDES_DB)
    chained.width = round(10 ** (weighted_median(10 * np.log10(ratios), weights) / 20), 4)
    chained.sentences["stereo"] = f"The sides are {20 * np.log10(chained.width + 1e-9):+.1f} dB against the middle."


def _band_levels(mono: NDArray[np.floating], rate_hz: int) -> Floats:
    """Power [frames, bands] of Hann-windowed frames that overlap by half."""
    frames = np.lib.stride_tricks.sliding_window_view(mono, FFT_SIZE)[:: FFT_SIZE // 2]
    window = np.hanning(FFT_SIZE + 1)[:-1].astype(np.float32)
    levels = []
    for start in range(0, len(frames), FRAMES_AT_ONCE):
        bins = np.fft.rfft(frames[start : start + FRAMES_AT_ONCE] * window, axis=1)
        levels.append(band_means(bins.real**2 + bins.imag**2, rate_hz))
    return np.concatenate(levels)


def _take_tone(chained: Chained) -> None:
    """The equaliser: the median over time of each band's ratio, without the gain that all bands share."""
    x, y, rate_hz = chained.aligned.target, chained.aligned.reference, chained.aligned.rate_hz
    given, wanted = _band_levels(x.mean(axis=1), rate_hz), _band_levels(y.mean(axis=1), rate_hz)
    ratio = 10 * np.log10((wanted + 1e-16) / (given + 1e-16))
    level = 10 * np.log10(given + 1e-16)
    heard = (level > np.percentile(level, 40, axis=0)) & (level > level.max() - 90)
    ratio[~heard] = np.nan
    share = heard.mean(axis=0)
    ratio[:, heard.sum(axis=0) <= LEAST_FRAMES] = 0.0
    evidence = between(share, *OFTEN_HEARD) * (heard.sum(axis=0) > LEAST_FRAMES) * _carried(np.nanmedian(ratio, axis=0))
    usable = evidence > 0.5
    hearing = heard[:, usable].any(axis=1)
    ratio[hearing] -= np.nanmedian(ratio[hearing][:, usable], axis=1, keepdims=True)
    apart_db = np.nanmedian(ratio, axis=0)
    deviation = LEAST_DOUBT_DB + np.nanmedian(np.abs(ratio - apart_db), axis=0) / np.sqrt(len(heard))
    difference = Difference(band_centres_hz(rate_hz), apart_db, (2 * deviation) ** 2, evidence)
    bands = fit_bands(expected_response(difference, rate_hz, NARROW_TOO), rate_hz)
    chained.eq = [band for band in bands if abs(band.gain_db) >= 0.05]
    chained.sentences["eq"] = f"{chained.aligned.words()}. {in_words(chained.eq)}"


def _carried(ratio_db: Floats) -> Floats:
    """Does the reference hold something there, 0 to 1: coding cuts off the top, and no equaliser is meant by that."""
    held = between(ratio_db - np.median(ratio_db), -CUT_OFF_DB - 2.0, -CUT_OFF_DB + 2.0)
    at_or_above = np.maximum.accumulate(held[::-1])[::-1]
    reach = np.minimum(np.arange(len(held)) + CUT_OFF_BANDS, len(held) - 1)
    return np.asarray(at_or_above[reach])


def _take_squeeze(chained: Chained) -> None:
    x, y, rate_hz = chained.aligned.target, chained.aligned.reference, chained.aligned.rate_hz
    ceiling_db = 20 * np.log10(max(float(y.max()), -float(y.min())) + 1e-9)
    x, y = (sound[: round(FIT_S * rate_hz)] for sound in (x, y))
    found: Found = find_squeeze(_equalised(x, chained.eq, rate_hz), y, rate_hz, ceiling_db)
    chained.limiter_release_ms = round(found.squeeze.limiter_release_ms, 1)
    if found.steady_db < SQUEEZED_DB or found.error_db > 0.9 * found.steady_db:
        return
    chained.compressor = found.squeeze.compressor()
    squeeze = chained.compressor
    times = f"{squeeze.attack_ms:.0f}/{squeeze.release_ms:.0f} ms"
    chained.sentences["compressor"] = (
        f"Ratio {squeeze.ratio:.1f} above {squeeze.threshold_db:.1f} dBFS, {times}: of "
        f"{found.steady_db:.1f} dB of moving gain {found.error_db:.1f} dB stay unexplained."
    )


def _take_room(chained: Chained, first: Floats) -> None:
    """The ``first`` response's beginning tells the equaliser; what that leaves, channel by channel, is the room."""
    x, y, rate_hz = chained.aligned.target, chained.aligned.reference, chained.aligned.rate_hz
    responses = [first] + [impulse_response(x[:, k], y[:, k], len(first) - LEAD, LEAD) for k in range(1, x.shape[1])]
    chained.eq = _early_tone(responses, _level_db(x, rate_hz), rate_hz)
    # A response is certain only where the music has power. What is asked for is what the dry sound does not explain:
    # nothing, where nothing is certain. Channel by channel: equalised again, the excerpt need not be there twice.
    pairs = [(x[:, k], y[:, k]) for k in range(x.shape[1])]
    products = np.sum([_products(_equalised(one, chained.eq, rate_hz), other) for one, other in pairs], axis=0)
    direct = float(products[0] / (products[1] + 1e-20))
    tails = [
        impulse_response(_equalised(one, chained.eq, rate_hz), other, len(first) - LEAD, less=direct)
        for one, other in pairs
    ]
    tail = _trimmed(np.stack(tails, axis=1) / direct, rate_hz)
    energy = float((tail**2).sum(axis=0).mean())
    mix = min(1.0, np.sqrt(energy))
    carried = encode_response((tail / mix).astype(np.float32), rate_hz)
    chained.reverb = Reverb(decays=_decays(tail, rate_hz), mix=round(mix, 5), **carried)
    loudest_db = max(decay.level_db for decay in chained.reverb.decays)
    rt60_s = np.median([d.rt60_s for d in chained.reverb.decays if d.level_db > loudest_db - HEARD_OCTAVES_DB])
    chained.sentences["eq"] = f"{chained.aligned.words()}. In its direct sound: {in_words(chained.eq)}"
    level_db = 20 * np.log10(mix)
    chained.sentences["reverb"] = f"A room of {rt60_s:.1f} s, {level_db:+.1f} dB against the direct sound, is copied."


def _products(dry: Samples, heard: Samples) -> tuple[float, float]:
    return float(dry @ heard), float(dry @ dry)


def _equalised(x: Samples, bands: list[EqBand], rate_hz: int) -> Samples:
    """[frames] or [frames, channels] through the bands, without another copy."""
    if not bands:
        return x
    sound = x[:, None] if x.ndim == 1 else x
    filtering = SosFilter(equaliser_sos(bands, rate_hz), sound.shape[1])
    out = np.empty(sound.shape, np.float32)
    for start in range(0, len(sound), BLOCK_FRAMES):
        out[start : start + BLOCK_FRAMES] = filtering.process(sound[start : start + BLOCK_FRAMES])
    return out.reshape(x.shape)


def _level_db(x: Samples, rate_hz: int) -> Floats:
    """Mean level of the middle in every narrow band, dB."""
    return np.asarray(10 * np.log10(_band_levels(x.mean(axis=1), rate_hz).mean(axis=0) + 1e-20))


def _early_tone(responses: list[Floats], level_db: Floats, rate_hz: int) -> list[EqBand]:
    """``level_db`` of the recording that they start from says in which bands they are certain."""
    early = round(EARLY_S * rate_hz)
    window = np.concatenate([np.ones(LEAD + early // 4), np.cos(np.linspace(0, np.pi / 2, early)) ** 2])
    size = 1 << 14
    power = np.mean([np.abs(np.fft.rfft(h[: len(window)] * window, size)) ** 2 for h in responses], axis=0)
    f_hz = band_centres_hz(rate_hz)
    wanted = 10 * np.log10(np.interp(f_hz, np.fft.rfftfreq(size, 1 / rate_hz), power) + 1e-12)
    # What is shorter than the window is seen; below that, and where reflections ripple, less so.
    deviation = 1.0 + 4.0 * np.exp(-f_hz / (2 / EARLY_S))
    below_db = level_db - level_db.max()
    deviation += 10 ** (-np.minimum(below_db + CERTAIN_DB, 0.0) / 10) - 1
    position = np.log2(f_hz)
    ripple = np.exp(-0.5 * ((position[:, None] - position) / 0.15) ** 2)
    difference = Difference(f_hz, wanted, np.diag(deviation**2) + ripple, between(below_db, *BELOW_LOUDEST_DB))
    bands = fit_bands(expected_response(difference, rate_hz), rate_hz)
    return [band for band in bands if abs(band.gain_db) >= 0.1]


def _trimmed(tail: Floats, rate_hz: int) -> Floats:
    """Without what lies below the noise of the estimate, and faded out."""
    period = round(TRIM_PERIOD_S * rate_hz)
    whole = len(tail) // period * period
    energy = (tail[:whole] ** 2).reshape(-1, period * tail.shape[1]).sum(axis=1)
    # The end holds hardly any room, only the error of the estimate: it is that loud everywhere.
    noise = float(np.median(energy[-len(energy) // 4 :]))
    heard = (energy > 2 * noise) & (energy > energy.sum() * 10 ** (TAIL_ENDS_DB / 10))
    end = min((int(np.flatnonzero(heard)[-1]) + 1) * period if heard.any() else 64, round(MAX_TAIL_S * rate_hz))
    kept = tail[: max(end, 64)].copy()
    fade = max(16, len(kept) // 20)
    kept[-fade:] *= np.cos(np.linspace(0, np.pi / 2, fade))[:, None] ** 2
    return kept


def _decays(tail: Floats, rate_hz: int) -> list[Decay]:
    """RT60 per octave by backward integration (M. Schroeder 1965), over the first 25 dB after the first 5.

    What the end still holds is the estimate's error, and is everywhere (W. T. Chu, JASA 63, 1978).
    """
    spectrum = np.fft.rfft(tail.mean(axis=1), 2 * len(tail))
    f_hz = np.fft.rfftfreq(2 * len(tail), 1 / rate_hz)
    decays = []
    for centre in OCTAVE_CENTRES_HZ:
        inside = (f_hz > centre / np.sqrt(2)) & (f_hz < centre * np.sqrt(2))
        if centre * np.sqrt(2) > rate_hz / 2:
            continue
        energy = np.fft.irfft(spectrum * inside)[: len(tail)] ** 2
        left = np.maximum(np.cumsum((energy - energy[-len(energy) // 4 :].mean())[::-1])[::-1], 1e-20)
        curve = 10 * np.log10(left / left[0] + 1e-12)
        start, end = int(np.argmax(curve < -5)), int(np.argmax(curve < -30)) or len(curve) - 1
        seconds = max(end - start, 1) / rate_hz
        rt60 = 60 * seconds / max(curve[start] - curve[end], 1.0)
        level = 10 * np.log10(left[0] + 1e-12)
        rt60_s = round(float(np.clip(rt60, 0.02, 20)), 3)
        decays.append(Decay(f_hz=centre, rt60_s=rt60_s, level_db=round(float(level), 2)))
    return decays
