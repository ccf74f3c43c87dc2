"""``soundstage preset apply | export | blend``: styles without a reference."""

import argparse
import sys
from pathlib import Path
from typing import Any

from soundstage.cli import match, output

PRESET_HELP = "a preset.json or .vstpreset of Soundstage, or an equaliser of Equalizer APO or AutoEq"
FORMATS = """formats:
  json          the style itself, for Soundstage
  vstpreset     LSP Parametric Equalizer x16 MidSide (VST3); Soundstage reads the whole style back from it
  lv2           the same plug-in as LV2: put it into a folder of its own in ~/.lv2, as manifest.ttl
  jsfx          an effect for REAPER
  camilladsp    filters, mixer and pipeline for CamillaDSP 3
  ffmpeg        the argument of ffmpeg's -af
  equalizerapo  Equalizer APO, AutoEq's ParametricEQ
  graphiceq     Equalizer APO's and others' GraphicEQ

What a format has no words for is listed; --json tells the rest."""


def register(subparsers: Any) -> None:
    parser: argparse.ArgumentParser = subparsers.add_parser(
        "preset", help="apply, export or blend styles", description="Styles without a reference."
    )
    actions = parser.add_subparsers(title="actions", dest="action", metavar="ACTION", required=True)

    apply = actions.add_parser("apply", help="render a recording in a style", description="No reference is needed.")
    apply.add_argument("preset", type=Path, metavar="PRESET", help=PRESET_HELP)
    apply.add_argument("--target", type=Path, required=True, metavar="FILE", help="the recording to change")
    apply.add_argument("--out", type=Path, required=True, metavar="FILE", help="where the result goes (.wav or .flac)")
    apply.add_argument(
        "--amount", default="", metavar="STAGE=SHARE,…", help="how much of a stage, 0 to 1, e.g. eq=0.8,stereo=0"
    )
    apply.add_argument("--only", default="", metavar="STAGE,…", help="these stages alone, e.g. eq or lufs,limiter")
    apply.add_argument("--report", type=Path, metavar="DIR", help="report.json, report.html and report.png go here")
    apply.add_argument("--json", action="store_true", help="print one JSON document")
    apply.set_defaults(reference=[], mode="auto", save_preset=None)

    export = actions.add_parser(
        "export",
        help="write a style for another program",
        epilog=FORMATS,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    export.add_argument("preset", type=Path, metavar="PRESET", help=PRESET_HELP)
    export.add_argument("--format", required=True, metavar="FORMAT", help="one of those below")
    export.add_argument("--out", type=Path, metavar="FILE", help="stdout when left out")
    export.add_argument("--name", metavar="NAME", help="what the other program calls it; else the file's name")
    export.add_argument(
        "--rate", type=int, default=48_000, metavar="HZ", help="where it will be used (graphiceq), 48000 if left out"
    )
    export.add_argument("--json", action="store_true", help="print what is carried and what is lost, as JSON")

    blend = actions.add_parser("blend", help="a style between two", description="A style between two.")
    blend.add_argument("one", type=Path, metavar="PRESET", help=PRESET_HELP)
    blend.add_argument("other", type=Path, metavar="PRESET", help="the other one")
    blend.add_argument(
        "--share", type=float, default=0.5, metavar="SHARE", help="of the other, 0 to 1; half if left out"
    )
    blend.add_argument("--out", type=Path, required=True, metavar="JSON", help="where the blend goes")
    blend.add_argument("--json", action="store_true", help="print the blend's parameters")


def run(args: argparse.Namespace) -> int:
    return {"apply": match.run, "export": _export, "blend": _blend}[args.action](args)


def _export(args: argparse.Namespace) -> int:
    from soundstage.match.presets.writing import export_preset  # noqa: PLC0415  (numpy: slow to import)

    params = match.read_params(args.preset)
    exported = export_preset(params, args.format, name=args.name or args.preset.stem, rate_hz=args.rate)
    if args.out:
        args.out.write_bytes(exported.content)
    elif not args.json:
        sys.stdout.buffer.write(exported.content)
    if args.json:
        told = ("format", "content_type", "carried", "lost", "remarks")
        output.print_json({name: getattr(exported, name) for name in told})
        return 0
    if exported.lost:
        output.note(f"{exported.format} has no words for {', '.join(exported.lost)}.")
    for remark in exported.remarks:
        output.note(remark)
    return 0


def _blend(args: argparse.Namespace) -> int:
    from soundstage.match.presets.operations import blend  # noqa: PLC0415

    params = blend(match.read_params(args.one), match.read_params(args.other), args.share)
    match.write_params(args.out, params, args.out.stem)
    if args.json:
        output.print_json(params.model_dump())
    return 0
