"""``soundstage match --album``: several recordings of one album in the sound of a reference, together."""

import argparse
from contextlib import ExitStack
from pathlib import Path
from typing import TYPE_CHECKING

from soundstage.cli import match as single
from soundstage.cli import output

if TYPE_CHECKING:
    from collections.abc import Sequence


def run_album(args: argparse.Namespace) -> int:
    """As ``match.run``, for every recording of ``args.album``; results and reports bear the songs' names."""
    from soundstage.audio.streams import FileReader, FileWriter
    from soundstage.match.album import match_album
    from soundstage.models.errors import InvalidInput

    given = [single.parse_reference(reference) for reference in args.reference]
    if args.mode == "A":
        raise InvalidInput("An album is matched by statistics: --mode A takes one --target.")
    outs = _outputs(args.out, args.album)
    args.out.mkdir(parents=True, exist_ok=True)
    inputs = [] if args.force else [*args.album, *(path for path, _ in given)]
    for out in outs:
        single.check_output(out, inputs)
    single.note_cut_off([*args.album, *(path for path, _ in given)])
    references = [(FileReader(path), weight) for path, weight in given]
    preset = single.read_params(args.preset) if args.preset else None
    amounts = single.parse_amounts(args.amount, args.only)
    with output.Progress("Matching") as bar, ExitStack() as stack:
        targets = []
        for path, out in zip(args.album, outs, strict=True):
            reader = FileReader(path)
            writer = FileWriter(out, single.subtype_of(out, amounts), tags=reader.tags)
            targets.append((reader, stack.enter_context(writer)))
        matches = match_album(
            references,
            targets,
            amounts=amounts,
            strength=args.strength,
            preset=preset,
            report=lambda step, share: bar.update(share, single.STEP_WORDS.get(step, step)),
        )
    if args.save_preset:
        single.write_params(args.save_preset, matches[0].params, args.out.name)
    songs = list(zip(args.album, outs, matches, strict=True))
    for path, out, matched in songs if args.report else ():
        heard = [each for each, _ in given]
        single.write_page(matched, args.report / out.stem, target=path, out=out, references=heard, preset=args.preset)
    if args.json:
        album = [{"target": str(path), "out": str(out)} | single.document(matched) for path, out, matched in songs]
        output.print_json({"album_lufs": matches[0].album_lufs, "songs": album})
        return 0
    for path, out, matched in songs:
        print(f"{path} → {out}")
        single.print_summary(matched)
    print(f"Album: {matches[0].album_lufs:.1f} LUFS")
    return 0


def _outputs(folder: Path, songs: "Sequence[Path]") -> list[Path]:
    """Where each song goes. Raises InvalidInput for a file in place of the folder, and for songs of one name."""
    from soundstage.models.errors import InvalidInput

    if folder.exists() and not folder.is_dir():
        raise InvalidInput(f"{folder.name} is a file: the songs of an album go into a folder.")
    outs = [folder / f"{path.stem}.wav" for path in songs]
    names = [out.name.casefold() for out in outs]
    twice = next((path for path, name in zip(songs, names, strict=True) if names.count(name) > 1), None)
    if twice:
        raise InvalidInput(f"Two songs of the album are named {twice.stem}: their results would have one name.")
    return outs
