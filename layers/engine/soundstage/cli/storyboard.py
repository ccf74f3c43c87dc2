"""``soundstage storyboard STORY``: a story cut into shots, with its people, places and causes."""

import argparse
from pathlib import Path
from typing import TYPE_CHECKING, Any

from soundstage.cli import arguments, output
from soundstage.cli.text_file import read_text

if TYPE_CHECKING:
    from soundstage.models.story import Storyboard


def register(subparsers: Any) -> None:
    parser = arguments.add_command(
        subparsers,
        "storyboard",
        run,
        does="cut a story into shots, with its people, places, and what causes what",
        example="soundstage storyboard story.txt --out storyboard.json",
    )
    parser.add_argument("story", type=Path, metavar="STORY", help="a text file, English or Chinese")
    parser.add_argument("--out", type=Path, metavar="JSON", help="where the storyboard goes")
    parser.add_argument("--title", metavar="TEXT", help="of the film (default: found in the story)")
    parser.add_argument("--lang", dest="language", choices=("en", "zh"), help="of the story (default: found out)")


def run(args: argparse.Namespace) -> int:
    from soundstage.story.writer import write_storyboard

    board = write_storyboard(read_text(args.story), title=args.title, language=args.language)
    if args.out:
        args.out.parent.mkdir(parents=True, exist_ok=True)
        args.out.write_text(board.model_dump_json(indent=1), encoding="utf-8")
    if args.json:
        output.print_json(board.model_dump(mode="json"))
    else:
        _print_summary(board)
    return 0


def _print_summary(board: "Storyboard") -> None:
    names = {person.id: person.name for person in board.characters}
    print(f"{board.title} · {len(board.shots)} shots")
    for person in board.characters:
        what = person.species or f"{person.age} {person.kind}"
        print(f"  {person.name} ({what}){': ' if person.aliases else ''}{', '.join(person.aliases)}")
    for number, shot in enumerate(board.shots, 1):
        setting = shot.setting
        where = f"{setting.place_name or setting.place}, {setting.time_of_day}, {setting.weather}"
        who = ", ".join(names[present.character] for present in shot.cast) or "nobody"
        print(f"{number:3}  {shot.size.replace('_', ' ')} · {where} · {who}")
        print(f"     {shot.narration}")
    for link in board.chain.links:
        print(f"  {link.cause} → {link.effect}  {link.because}")
    for gap in board.chain.gaps:
        print(f"  ? {gap}")
    for sentence in board.notes:
        output.note(sentence)
