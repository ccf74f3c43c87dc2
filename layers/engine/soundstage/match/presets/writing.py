"""Writing styles as files for other programs.

Every format carries what it can hold exactly; the rest is listed in ``lost``, never approximated silently. Amounts are
worked in, since no other program knows them.
"""

from collections.abc import Callable
from dataclasses import dataclass

from soundstage.match.presets import jsfx, lsp_plugins, text_formats
from soundstage.match.presets.linear_style import LINEAR_STAGES, LinearStyle, linear_style, stages_of
from soundstage.models.errors import InvalidInput
from soundstage.models.style import STAGES, Stage, StyleParams

RATES_HZ = (8_000, 768_000)
"""Lowest and highest rate that converters have."""

FIXED_GAIN = "The loudness target becomes the gain that it took for the recording this style was made for."
WITHHELD_GAIN = (
    "Its gain of {:+.1f} dB was found before a limiter, which this format lacks, so it has {:+.1f} dB, by which no "
    "recording clips. Put a limiter behind it before you raise it."
)
FFMPEG_LIMITER = "ffmpeg's own limiter stands in for ours, at several times the rate; what comes out has {:g} Hz."
FFMPEG_NOT_ADAPTIVE = "It does not follow the music as ours does: a bass or a chord that drives it is distorted more."
LSP_PRECISION = (
    "The plug-in computes in single precision: −65 to −84 dB from exact, farthest for low bands at high rates."
)


@dataclass(frozen=True)
class Format:
    """A kind of file. ``carried`` stages are exact in it; ``remarks`` are for the person who loads it.

    ``limits`` says whether it holds peaks, ``whole_computer`` whether its readers change everything that is played.
    """

    suffix: str
    content_type: str
    carried: tuple[Stage, ...]
    write: Callable[[LinearStyle], bytes]
    remarks: tuple[str, ...] = ()
    limits: bool = False
    whole_computer: bool = False


@dataclass(frozen=True)
class Exported:
    """A file for another program.

    Attributes:
        carried: stages that it has exactly.
        lost: stages of this style that the format cannot hold.
        remarks: what else its reader should know, a sentence each.
    """

    format: str
    suffix: str
    content_type: str
    content: bytes
    carried: tuple[Stage, ...]
    lost: tuple[Stage, ...]
    remarks: tuple[str, ...]


FORMATS: dict[str, Format] = {
    "json": Format(".json", "application/json", STAGES, text_formats.preset_json, limits=True),
    "vstpreset": Format(
        ".vstpreset",
        "application/octet-stream",
        LINEAR_STAGES,
        lsp_plugins.vst_preset,
        (
            "For the VST3 plug-in LSP Parametric Equalizer x16 MidSide, on a stereo track.",
            "The whole style is attached: importing the file into Soundstage brings all of it back.",
            LSP_PRECISION,
        ),
    ),
    "equalizerapo": Format(
        " ParametricEQ.txt",
        "text/plain",
        ("eq", "lufs"),
        text_formats.equalizer_apo,
        ("Shelves need Equalizer APO 1.3 or newer: older ones ignore their Q.",),
        whole_computer=True,
    ),
    "graphiceq": Format(
        " GraphicEQ.txt",
        "text/plain",
        ("eq", "lufs"),
        text_formats.graphic_eq,
        (
            "Made for one sample rate; its reader makes the phase minimal.",
            "Equalizer APO's own GraphicEQ stays about −50 dB from exact; its ParametricEQ does not.",
        ),
        whole_computer=True,
    ),
    "camilladsp": Format(
        ".yml",
        "application/yaml",
        LINEAR_STAGES,
        text_formats.camilla_dsp,
        ("Filters, mixer and pipeline for CamillaDSP 3 or newer; add your own devices.",),
    ),
    "lv2": Format(
        ".ttl",
        "text/turtle",
        LINEAR_STAGES,
        lsp_plugins.lv2,
        (
            "For the LV2 plug-in LSP Parametric Equalizer x16 MidSide, on a stereo track.",
            "Hosts find it as manifest.ttl in a folder of its own in ~/.lv2, such as ~/.lv2/my-style.lv2.",
            LSP_PRECISION,
        ),
    ),
    "jsfx": Format(
        ".jsfx",
        "text/plain",
        ("eq", "compressor", "exciter", "stereo", "lufs"),
        jsfx.jsfx,
        ("Goes into the Effects folder of REAPER's resource path; gain and width have sliders.",),
    ),
    "ffmpeg": Format(
        " ffmpeg.txt",
        "text/plain",
        LINEAR_STAGES,
        text_formats.ffmpeg,
        ("The argument of ffmpeg's -af; with a width it is for stereo.",),
        limits=True,
    ),
}


def export_preset(params: StyleParams, format: str, *, name: str = "Soundstage", rate_hz: int = 48_000) -> Exported:
    """Write ``params`` as one of ``FORMATS``, under a ``name`` where the format has one.

    ``rate_hz`` is the rate at which the file will be used: it matters to graphiceq, which samples the response, and to
    bands that lie near half the rate.

    Raises:
        InvalidInput: an unknown format, or a rate that no recording has.
    """
    if format not in FORMATS:
        raise InvalidInput(f"There is no such format; formats are {', '.join(sorted(FORMATS))}.")
    if not RATES_HZ[0] <= rate_hz <= RATES_HZ[1]:
        raise InvalidInput("A sample rate lies between {} and {} Hz.".format(*RATES_HZ))
    chosen, style = FORMATS[format], linear_style(params, name, rate_hz)
    written = style if chosen.limits else style.without_limiter(whole_computer=chosen.whole_computer)
    present = stages_of(params)
    held = set(chosen.carried)
    if format != "json" and params.stereo and params.stereo.side_eq:
        held -= {"stereo"}
    if written.gain_db != style.gain_db:
        held -= {"lufs"}
    carried = tuple(stage for stage in present if stage in held)
    if written.gain_db > lsp_plugins.LSP_MAX_GAIN_DB and format in ("lv2", "vstpreset"):
        raise InvalidInput("The plug-in's gain ends at 40 dB, and this style has more.")
    remarks = chosen.remarks
    if "lufs" in carried and format != "json":
        remarks = (*remarks, FIXED_GAIN)
    if written is not style:
        remarks = (*remarks, WITHHELD_GAIN.format(style.gain_db, written.gain_db))
    if format == "ffmpeg" and style.limiter:
        remarks = (*remarks, FFMPEG_LIMITER.format(rate_hz), *([FFMPEG_NOT_ADAPTIVE] if style.limiter.adaptive else []))
    return Exported(
        format,
        chosen.suffix,
        chosen.content_type,
        chosen.write(written),
        carried,
        tuple(stage for stage in present if stage not in carried),
        remarks,
    )
