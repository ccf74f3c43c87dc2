"""``soundstage preset apply | export | blend``: styles without a reference."""

import argparse
import sys
from pathlib import Path
from typing import Any

from soundstage.cli import arguments, match, output

PRESET_HELP = "a preset.json or .vstpreset of Soundstage, or an equaliser of Equalizer APO or AutoEq"
FORMATS = """formats:
  json          the style itself, for Soundstage
  vstpreset     LSP Parametric Equalizer x16 MidSide (VST3), with the whole style for Soundstage
  lv2           the same plug-in as LV2: manifest.ttl in a folder of its own in ~/.lv2
  jsfx          an effect for REAPER
  camilladsp    filters, mixer and pipeline for CamillaDSP 3
  ffmpeg        the argument of ffmpeg's -af
  equalizerapo  Equalizer APO, AutoEq's ParametricEQ
  graphiceq     Equalizer APO's and others' GraphicEQ

Stages that a format cannot hold are named; --json tells all that it holds."""


def register(subparsers: Any) -> None:
    actions = arguments.add_group(subparsers, "preset", does="apply, export or blend styles, without a reference")

    apply = arguments.add_command(
        actions,
        "apply",
        match.run,
        does="render a recording in a style",
        example="soundstage preset apply hit.json --target demo.wav --out matched.wav --amount reverb=0.5",
    )
    apply.add_argument("preset", type=Path, metavar="PRESET", help=PRESET_HELP)
    match.add_render_options(apply)
    apply.set_defaults(reference=[], mode="auto", strength="natural", save_preset=None)

    export = arguments.add_command(
        actions,
        "export",
        _export,
        does="write a style for another program",
        example="soundstage preset export hit.json --format lv2 --out manifest.ttl",
        more=FORMATS,
    )
    export.add_argument("preset", type=Path, metavar="PRESET", help=PRESET_HELP)
    export.add_argument("--format", required=True, metavar="FORMAT", help="one of those below")
    export.add_argument("--out", type=Path, metavar="FILE", help="where it goes; stdout when left out")
    export.add_argument("--name", metavar="NAME", help="what the other program calls it; else the file's name")
    export.add_argument(
        "--rate", type=int, default=48_000, metavar="HZ", help="the rate it will be used at; 48000 when left out"
    )

    blend = arguments.add_command(
        actions,
        "blend",
        _blend,
        does="make a style that lies between two",
        example="soundstage preset blend hit.json soft.json --share 0.25 --out mostly-hit.json",
    )
    blend.add_argument("one", type=Path, metavar="ONE", help=PRESET_HELP)
    blend.add_argument("other", type=Path, metavar="OTHER", help="another one")
    blend.add_argument(
        "--share", type=float, default=0.5, metavar="SHARE", help="how much of the other, from 0 to 1; else half"
    )
    blend.add_argument("--out", type=Path, required=True, metavar="JSON", help="where the blend goes")


def _export(args: argparse.Namespace) -> int:
    from soundstage.match.presets.writing import export_preset

    params = match.read_params(args.preset)
    exported = export_preset(params, args.format, name=args.name or args.preset.stem, rate_hz=args.rate)
    if args.out:
        args.out.write_bytes(exported.content)
    elif not args.json:
        sys.stdout.buffer.write(exported.content)
    if args.json:
        fields = ("format", "content_type", "carried", "lost", "remarks")
        output.print_json({name: getattr(exported, name) for name in fields})
        return 0
    if exported.lost:
        output.note(f"{exported.format} cannot hold {', '.join(exported.lost)}.")
    for remark in exported.remarks:
        output.note(remark)
    return 0


def _blend(args: argparse.Namespace) -> int:
    from soundstage.match.presets.operations import blend

    params = blend(match.read_params(args.one), match.read_params(args.other), args.share)
    match.write_params(args.out, params, args.out.stem)
    if args.json:
        output.print_json(params.model_dump())
    return 0
