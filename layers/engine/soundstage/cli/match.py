"""``soundstage match``: one recording in the sound of another."""

import argparse
import errno
import os
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

from soundstage.cli import arguments, output

if TYPE_CHECKING:
    from collections.abc import Sequence

    from soundstage.match.pipeline import Match
    from soundstage.models.style import Amounts, StyleParams

STAGE_NAMES = "pitch, eq, compressor, exciter, reverb, stereo, lufs, limiter"
"""``models.style.STAGES``, which ``--help`` is too quick to import."""

STEP_WORDS = {"analyzing": "Listening", "inverting": "Comparing", "rendering": "Rendering"}


def register(subparsers: Any) -> None:
    parser = arguments.add_command(
        subparsers,
        "match",
        run,
        does="bring a recording to the sound of a reference",
        example="soundstage match --reference hit.wav --target demo.wav --out matched.wav --report report",
        more=f"stages:\n  {STAGE_NAMES}",
    )
    parser.add_argument(
        "--reference",
        action="append",
        default=[],
        metavar="FILE[:WEIGHT]",
        help="what it should sound like; may be given several times, with weights",
    )
    parser.add_argument("--preset", type=Path, metavar="FILE", help="a style to apply instead of a reference")
    parser.add_argument(
        "--mode",
        choices=("auto", "A", "B"),
        default="auto",
        help="A: the reference is the target after processing; B: another recording; auto finds out",
    )
    parser.add_argument(
        "--strength",
        choices=("natural", "close", "imitate"),
        default="natural",
        help="of another song: its loudness, and tone and width as far as they differ by more than songs of one album "
        "do; more than half; all that can be closed",
    )
    parser.add_argument("--save-preset", type=Path, metavar="JSON", help="where the style that was found goes")
    add_render_options(parser)


def add_render_options(parser: argparse.ArgumentParser) -> None:
    """What a match and applying a preset have in common."""
    target = parser.add_mutually_exclusive_group(required=True)
    target.add_argument("--target", type=Path, metavar="FILE", help="the recording to change")
    target.add_argument(
        "--album",
        type=Path,
        nargs="+",
        metavar="FILE",
        help="several, as one: all get the same tone and width and as many dB, so that they stay as they are beside "
        "each other",
    )
    parser.add_argument(
        "--out",
        type=Path,
        required=True,
        metavar="FILE",
        help="where the result goes (.wav or .flac); of an album, a folder of .wav files with the songs' names",
    )
    parser.add_argument(
        "--amount",
        default="",
        metavar="[STAGE=]SHARE,…",
        help="how much of a stage, or of all, from 0 to 1: 0.5, or eq=0.8,stereo=0; of a stage that is named all of "
        "the difference is meant, and pitch, reverb and compressor follow another song only so",
    )
    parser.add_argument("--only", default="", metavar="STAGE,…", help="these stages alone: stereo, or lufs,limiter")
    parser.add_argument("--force", action="store_true", help="write --out even over the target or a reference")
    parser.add_argument("--report", type=Path, metavar="DIR", help="where report.json, report.html and report.png go")


def run(args: argparse.Namespace) -> int:
    if args.album:
        from soundstage.cli.match_album import run_album

        return run_album(args)
    from soundstage.audio.streams import FileReader, FileWriter
    from soundstage.match.pipeline import match_recordings

    given = [parse_reference(reference) for reference in args.reference]
    check_output(args.out, [] if args.force else [args.target, *(path for path, _ in given)])
    note_cut_off([args.target, *(path for path, _ in given)])
    references = [(FileReader(path), weight) for path, weight in given]
    preset = read_params(args.preset) if args.preset else None
    amounts, target = parse_amounts(args.amount, args.only), FileReader(args.target)
    writer = FileWriter(args.out, subtype_of(args.out, amounts), tags=target.tags)
    with output.Progress("Matching") as bar, writer:
        match = match_recordings(
            references,
            target,
            writer,
            mode=args.mode,
            amounts=amounts,
            strength=args.strength,
            preset=preset,
            report=lambda step, share: bar.update(share, STEP_WORDS.get(step, step)),
        )
    if writer.clips and match.rendered.clipped:
        output.note(
            f"{match.rendered.clipped} samples lay beyond full scale and were cut off: "
            "without a limiter, write a .wav, which then holds floats."
        )
    if args.save_preset:
        write_params(args.save_preset, match.params, args.out.stem)
    if args.report:
        paths = [path for path, _ in given]
        write_page(match, args.report, target=args.target, out=args.out, references=paths, preset=args.preset)
    if args.json:
        output.print_json(document(match))
    else:
        print_summary(match)
    return 0


def note_cut_off(paths: "Sequence[Path]") -> None:
    """Say so where a recording ends early; what is there is matched all the same."""
    from soundstage.audio.probe import ends_early

    for path in paths:
        if ends_early(path):
            output.note(f"{path.name} ends early: its header tells of more than there is. What is there is used.")


def subtype_of(path: Path, amounts: "Amounts | None") -> str:
    """Without a limiter samples may lie beyond full scale, which only floats hold."""
    unlimited = amounts is not None and amounts.limiter == 0 and path.suffix.lower() == ".wav"
    return "FLOAT" if unlimited else "PCM_24"


def write_page(
    match: "Match", folder: Path, *, target: Path, out: Path, references: "Sequence[Path]", preset: Path | None
) -> None:
    """The report, with the files' names and the day, and players of the files where they lie."""
    from datetime import UTC, datetime

    from soundstage.match.report import Player, write_report

    names, today = [path.name for path in (references if preset is None else [preset])], datetime.now(UTC)
    title = f"{target.name} in the sound of {' and '.join(names)}, {today:%-d %B %Y}"
    title_zh = f"把 {target.name} 变成 {'、'.join(names)} 的声音，{today.year} 年 {today.month} 月 {today.day} 日"
    heard = [
        ("before", target, match.metrics_before.integrated_lufs),
        ("after", out, match.metrics_after.integrated_lufs),
    ]
    if len(references) == 1 and match.reference:
        heard.append(("reference", references[0], match.reference.integrated_lufs))
    folder.mkdir(parents=True, exist_ok=True)
    players = [
        Player(label, path.name, quote(os.path.relpath(path.resolve(), folder.resolve())), lufs)
        for label, path, lufs in heard
        if lufs is not None
    ]
    write_report(match, folder, title=title, title_zh=title_zh, players=players)


def parse_reference(given: str) -> tuple[Path, float]:
    """``FILE`` or ``FILE:WEIGHT``; a colon that no number follows belongs to the name."""
    name, _, weight = given.rpartition(":")
    try:
        return (Path(name), float(weight)) if name else (Path(given), 1.0)
    except ValueError:
        return Path(given), 1.0


def parse_amounts(amount: str, only: str) -> "Amounts | None":
    """``0.5``, or ``eq=0.8,stereo=0``. ``only`` turns off what it does not name; neither it nor a share without a stage
    asks for anything.

    Raises:
        InvalidInput: stages that do not exist, and shares outside 0 to 1.
    """
    from pydantic import ValidationError

    from soundstage.models.errors import InvalidInput
    from soundstage.models.style import STAGES, Amounts

    if not amount and not only:
        return None
    chosen: dict[str, Any] = dict.fromkeys(STAGES, 0.0) if only else {}
    for stage in filter(None, map(str.strip, only.split(","))):
        if stage in STAGES:
            chosen.pop(stage, None)
        else:
            chosen[stage] = 1.0
    named = set(chosen)
    for part in filter(None, amount.split(",")):
        stage, _, share = part.rpartition("=")
        running = [name for name in STAGES if chosen.get(name) != 0.0]
        chosen |= dict.fromkeys([stage.strip()] if stage else running, share.strip())
        named |= {stage.strip()} if stage else set()
    try:
        checked = Amounts.model_validate(chosen)
        return Amounts.model_construct(_fields_set=named, **checked.model_dump())
    except ValidationError as error:
        first = error.errors(include_url=False)[0]
        stage = str(first["loc"][0])
        says = f"{stage}: {first['msg']}" if stage in STAGES else f"There is no stage {stage}"
        raise InvalidInput(f"{says}. Stages are {', '.join(STAGES)}.") from error


def check_output(path: Path, inputs: "Sequence[Path]" = ()) -> None:
    """Before hours of work. Raises InvalidInput for a kind of file that we do not write, or one of the ``inputs``."""
    from soundstage.models.errors import InvalidInput

    if path.suffix.lower() not in (".wav", ".flac"):
        raise InvalidInput(f"{path.name}: results are written as .wav or .flac.")
    if not path.parent.is_dir():
        raise FileNotFoundError(errno.ENOENT, os.strerror(errno.ENOENT), str(path.parent))
    if path.exists() and any(each.exists() and each.samefile(path) for each in inputs):
        raise InvalidInput(f"{path.name} is one of the recordings: it would be overwritten. --force does so.")


def read_params(path: Path) -> "StyleParams":
    """The style in a file: ours, or another program's equaliser. Raises InvalidInput for anything else."""
    from soundstage.match.presets.reading import read_preset
    from soundstage.models.errors import InvalidInput

    try:
        imported = read_preset(path.read_bytes())
    except InvalidInput as error:
        raise InvalidInput(f"{path.name}: {error.message}") from error
    for remark in imported.remarks:
        output.note(f"{path.name}: {remark}")
    return imported.params


def write_params(path: Path, params: "StyleParams", name: str) -> None:
    from soundstage.match.presets.writing import export_preset

    path.write_bytes(export_preset(params, "json", name=name).content)


def document(match: "Match") -> dict[str, Any]:
    return {
        "metrics_before": match.metrics_before.model_dump(),
        "metrics_after": match.metrics_after.model_dump(),
        "params": match.params.model_dump(),
        "timings": match.timings_s,
    }


def print_summary(match: "Match") -> None:
    from soundstage.models.style import METRIC_WORDS, got_worse

    for note in match.params.notes:
        print(f"{note.stage:<11}{note.sentence}")
    for field, (label, unit) in METRIC_WORDS.items():
        before, after = getattr(match.metrics_before, field), getattr(match.metrics_after, field)
        if before is not None and after is not None:
            worse = "  further away than before" if got_worse(field, before, after) else ""
            print(f"{label:<18}{before:8.2f} → {after:7.2f} {unit}{worse}")
