"""A style as an effect in JSFX, REAPER's effect language (EEL2), at any rate: all but pitch, reverb and limiter.

The compressor works in the engine's control steps, so its output is a step late; hosts compensate ``pdc_delay``.
"""

from soundstage.audio.decibels import db_to_amplitude
from soundstage.match.presets.linear_style import LinearStyle
from soundstage.models.style import Compressor, Exciter

KINDS = {"peaking": 0, "low_shelf": 1, "high_shelf": -1}
"""The effect's own numbers of them."""


def jsfx(style: LinearStyle) -> bytes:
    """The text of the effect, UTF-8."""
    params, amounts = style.params, style.params.amounts
    compressor = params.compressor if amounts.compressor else None
    exciter = params.exciter if params.exciter and params.exciter.mix * amounts.exciter else None
    bands = [f"eq({n}, {KINDS[b.type]}, {b.f_hz:.4f}, {b.q:.6f}, {b.gain_db:.6f});" for n, b in enumerate(style.bands)]
    parts = [
        _HEAD.format(name=style.name, gain_db=f"{style.gain_db:.6f}", width=f"{style.width:.9f}"),
        _init_compressor(compressor, amounts.compressor) if compressor else "",
        "\n".join(bands) + "\n",
        _init_exciter(exciter, amounts.exciter) if exciter else "",
        _SLIDERS,
        f"@sample\nl = run(spl0, 0, 0, {len(bands)}); r = run(spl1, 1, 0, {len(bands)});\n",
        "compress();\n" if compressor else "",
        "l = excite(l, 0); r = excite(r, 1);\n" if exciter else "",
        _OUT,
    ]
    return "".join(parts).encode()


def _init_compressor(compressor: Compressor, amount: float) -> str:
    """``Ballistics`` and ``static_reduction_db`` of ``rendering.compressor``: a step is measured, then played."""
    return _COMPRESSOR.format(
        threshold=f"{compressor.threshold_db:.6f}",
        slope=f"{1 - 1 / compressor.ratio:.9f}",
        knee=f"{compressor.knee_db:.6f}",
        attack=f"{max(compressor.attack_ms / 1000, 1e-6):.9f}",
        release=f"{compressor.release_ms / 1000:.9f}",
        makeup=f"{compressor.makeup_db:.6f}",
        amount=f"{amount:.9f}",
        rms=int(compressor.detector == "rms"),
    )


def _init_exciter(exciter: Exciter, amount: float) -> str:
    return _EXCITER.format(
        f_hz=f"{exciter.f_hz:.4f}", drive=f"{db_to_amplitude(exciter.drive_db):.9f}", mix=f"{exciter.mix * amount:.9f}"
    )


_HEAD = """desc:{name}
// Made by Soundstage. Biquads of the Audio EQ Cookbook.
slider1:{gain_db}<-60,60,0.01>Gain (dB)
slider2:{width}<0,2,0.001>Width
in_pin:left
in_pin:right
out_pin:left
out_pin:right
@init
coefficients = 0; states = 1024; filling = 2048; playing = 4096;
memset(states, 0, 64);
function eq(n, kind, f, q, gain) local(a w c r p d0) (
  a = 10 ^ (gain / 40); w = 2 * $pi * min(f, 0.49 * srate) / srate; p = coefficients + n * 5;
  kind == 0 ? (
    c = cos(w); r = sin(w) / (2 * q); d0 = 1 + r / a;
    p[0] = (1 + r * a) / d0; p[1] = -2 * c / d0; p[2] = (1 - r * a) / d0; p[3] = -2 * c / d0; p[4] = (1 - r / a) / d0;
  ) : (
    c = kind * cos(w); r = 2 * sqrt(a) * sin(w) / (2 * q); d0 = a + 1 + (a - 1) * c + r;
    p[0] = a * (a + 1 - (a - 1) * c + r) / d0; p[1] = kind * 2 * a * (a - 1 - (a + 1) * c) / d0;
    p[2] = a * (a + 1 - (a - 1) * c - r) / d0; p[3] = kind * -2 * (a - 1 + (a + 1) * c) / d0;
    p[4] = (a + 1 + (a - 1) * c - r) / d0;
  );
);
function run(x, channel, first, count) local(n p s y) (
  n = first;
  loop(count,
    p = coefficients + n * 5; s = states + (channel * 16 + n) * 2;
    y = p[0] * x + s[0]; s[0] = p[1] * x - p[3] * y + s[1]; s[1] = p[2] * x - p[4] * y; x = y;
    n += 1;
  );
  x;
);
"""

_COMPRESSOR = """step = 16384 / 512;
srate > 67882 ? (step *= 2);
srate > 135764 ? (step *= 2);
srate > 271529 ? (step *= 2);
srate > 543058 ? (step *= 2);
pdc_delay = step; pdc_bot_ch = 0; pdc_top_ch = 2;
memset(filling, 0, 2 * step); memset(playing, 0, 2 * step);
position = 0; power = 0; released = 0; attacked = 0; power_l = 0; power_r = 0; peak = 0;
gain_from = gain_to = 10 ^ ({amount} * {makeup} / 20);
function reduction(level) local(over) (
  over = level - {threshold};
  {slope} * ({knee} > 0 && abs(over) <= {knee} / 2 ? (over + {knee} / 2) ^ 2 / (2 * {knee}) : max(over, 0));
);
function pole(before, towards, rate) local(a) (
  a = rate > 30 ? 0 : exp(-rate);
  a * before + (1 - a) * towards;
);
function measure() local(level swapped) (
  {rms} ? (
    power = pole(power, max(max(power_l, power_r) / step, 0.000000000001), step / srate / 0.005);
    level = 10 * log10(max(power, 0.000000000001));
  ) : (
    level = 10 * log10(max(peak * peak, 0.000000000001));
  );
  released = max(reduction(level), released * exp(-step / srate / {release}));
  attacked = pole(attacked, released, step / srate / {attack});
  gain_from = gain_to; gain_to = 10 ^ ({amount} * ({makeup} - attacked) / 20);
  swapped = filling; filling = playing; playing = swapped;
  position = 0; power_l = 0; power_r = 0; peak = 0;
);
function compress() local(at now) (
  at = position * 2;
  filling[at] = l; filling[at + 1] = r;
  power_l += l * l; power_r += r * r; peak = max(peak, max(abs(l), abs(r)));
  now = gain_from + (gain_to - gain_from) * (position + 1) / step;
  l = playing[at] * now; r = playing[at + 1] * now;
  position += 1;
  position >= step ? (measure());
);
"""

_EXCITER = """function pass(n, high, f, q) local(w c r p d0) (
  w = 2 * $pi * f / srate; c = cos(w); r = sin(w) / (2 * q); d0 = 1 + r; p = coefficients + n * 5;
  p[0] = (high ? 1 + c : 1 - c) / 2 / d0; p[1] = (high ? -1 - c : 1 - c) / d0; p[2] = p[0];
  p[3] = -2 * c / d0; p[4] = (1 - r) / d0;
);
pass(8, 1, min({f_hz}, 0.15 * srate), 1 / (2 * cos($pi / 8)));
pass(9, 1, min({f_hz}, 0.15 * srate), 1 / (2 * cos(3 * $pi / 8)));
pass(10, 0, srate / 6, 1 / (2 * cos($pi / 8)));
pass(11, 0, srate / 6, 1 / (2 * cos(3 * $pi / 8)));
function excite(x, channel) local(band) (
  band = run(x, channel, 8, 4);
  x + {mix} * ((1 - 2 / (exp(2 * {drive} * band) + 1)) / {drive} - band);
);
"""

_SLIDERS = """@slider
gain = 10 ^ (slider1 / 20);
width = slider2;
"""

_OUT = """m = (l + r) / 2; s = (l - r) / 2 * width;
spl0 = (m + s) * gain; spl1 = (m - s) * gain;
"""
