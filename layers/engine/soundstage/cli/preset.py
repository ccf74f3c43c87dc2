"""``soundstage preset apply | export | blend``: styles without a reference."""

import argparse
import sys
from pathlib import Path
from typing import Any

from soundstage.cli import match, output


def register(subparsers: Any) -> None:
    parser: argparse.ArgumentParser = subparsers.add_parser("preset", help="apply, export or blend styles")
    actions = parser.add_subparsers(title="actions", dest="action", metavar="ACTION", required=True)
    apply = actions.add_parser("apply", help="render a recording in a style")
    apply.add_argument("preset", type=Path, metavar="PRESET")
    apply.add_argument("--target", type=Path, required=True, metavar="FILE")
    apply.add_argument("--out", type=Path, required=True, metavar="FILE")
    apply.add_argument("--amount", default="", metavar="STAGE=SHARE,…")
    apply.add_argument("--only", default="", metavar="STAGE,…")
    apply.add_argument("--report", type=Path, metavar="DIR")
    apply.add_argument("--json", action="store_true")
    apply.set_defaults(reference=[], mode="auto", save_preset=None)
    export = actions.add_parser("export", help="write a style for another program")
    export.add_argument("preset", type=Path, metavar="PRESET")
    export.add_argument("--format", required=True, metavar="FORMAT")
    export.add_argument("--out", type=Path, metavar="FILE", help="stdout when left out")
    export.add_argument("--rate", type=int, default=48_000, metavar="HZ")
    export.add_argument("--json", action="store_true", help="print what was carried and what was lost")
    blend = actions.add_parser("blend", help="a style between two")
    blend.add_argument("one", type=Path, metavar="PRESET")
    blend.add_argument("other", type=Path, metavar="PRESET")
    blend.add_argument("--share", type=float, default=0.5, metavar="SHARE", help="of the other, 0 to 1")
    blend.add_argument("--out", type=Path, required=True, metavar="JSON")
    blend.add_argument("--json", action="store_true")


def run(args: argparse.Namespace) -> int:
    return {"apply": match.run, "export": _export, "blend": _blend}[args.action](args)


def _export(args: argparse.Namespace) -> int:
    from soundstage.match.exports import export_preset  # noqa: PLC0415  (numpy: slow to import)

    params = match.read_params(args.preset)
    exported = export_preset(params, args.format, name=args.preset.stem, rate_hz=args.rate)
    if args.out:
        args.out.write_bytes(exported.content)
    elif not args.json:
        sys.stdout.buffer.write(exported.content)
    if args.json:
        output.print_json({"format": exported.format, "carried": exported.carried, "lost": exported.lost})
    elif exported.lost:
        sys.stderr.write(f"soundstage: {exported.format} has no words for {', '.join(exported.lost)}\n")
    return 0


def _blend(args: argparse.Namespace) -> int:
    from soundstage.match.presets import blend  # noqa: PLC0415

    params = blend(match.read_params(args.one), match.read_params(args.other), args.share)
    match.write_params(args.out, params, args.out.stem)
    if args.json:
        output.print_json(params.model_dump())
    return 0
