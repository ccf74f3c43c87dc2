"""``soundstage film STORY --out film.mp4``: a story becomes a narrated picture-book film."""

import argparse
import hashlib
import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

from soundstage.cli import arguments, output, profiles
from soundstage.cli.finished_film import digest_of, find_finished, keep_finished
from soundstage.cli.text_file import read_text

if TYPE_CHECKING:
    from collections.abc import Mapping

    from soundstage.film.own_files import OwnSource, Recording
    from soundstage.models.film import FilmResult, FilmSettings
    from soundstage.models.profiles import ProfileKind
    from soundstage.models.story import Storyboard
    from soundstage.providers.film.crew import OpenProfile
    from soundstage.providers.text.chat_completions import LanguageModel

STYLES = ("dusk_gouache", "paper_cut", "ink_wash", "woodcut", "night_lantern")
ASPECTS = ("16:9", "9:16", "1:1")
STORYBOARD, SETTINGS, STORY_HASH, PARTS, RESULT = "storyboard.json", "settings.json", ".story", "parts", "result"
PREVIOUS_STORYBOARD = "storyboard.previous.json"
STEP_WORDS = {
    "speech": "Reading aloud",
    "pictures": "Painting",
    "music": "Composing",
    "segments": "Filming",
    "sound": "Mixing",
    "bundle": "Handing over to editing programs",
    "join": "Joining and checking",
}


def register(subparsers: Any) -> None:
    parser = arguments.add_command(
        subparsers,
        "film",
        run,
        does="make a narrated picture-book film of a short story",
        example="soundstage film story.txt --out film.mp4 --style ink_wash",
        more="The project folder keeps the storyboard and every part. Edit storyboard.json there, run the same\n"
        "command again, and only what you changed is made again.",
    )
    parser.add_argument(
        "story", type=Path, metavar="STORY", help="a text file in English or Chinese (5,000 characters)"
    )
    parser.add_argument("--out", type=Path, required=True, metavar="MP4", help="where the film goes")
    parser.add_argument("--project", type=Path, metavar="DIR", help="the project folder (default: beside the film)")
    parser.add_argument("--title", metavar="TEXT", help="of the film (default: found in the story)")
    parser.add_argument("--lang", dest="language", choices=("en", "zh"), help="of the story (default: found out)")
    parser.add_argument("--style", choices=STYLES, help=f"of the pictures (default: {STYLES[0]})")
    parser.add_argument("--aspect", choices=ASPECTS, help="of the frame (default: 16:9)")
    parser.add_argument("--fps", type=int, choices=(24, 25, 30), help="frames a second (default: 24)")
    parser.add_argument("--voice", metavar="NAME", help="who tells it; `soundstage say --voices` lists them")
    parser.add_argument("--speed", type=float, metavar="X", help="of speech, 0.5 to 2 (default: 1)")
    parser.add_argument(
        "--subtitles", choices=("highlight", "plain", "none"), help="in the picture (default: highlight)"
    )
    parser.add_argument("--pictures", type=Path, metavar="DIR", help="your own pictures: 1.jpg, 2.png, s3.jpg, …")
    parser.add_argument(
        "--recordings", type=Path, metavar="DIR", help="your own voice, a file a shot: 1.wav, s3.m4a, …"
    )
    parser.add_argument(
        "--narration", type=Path, metavar="FILE", help="your own voice, one recording of the whole story"
    )
    parser.add_argument(
        "--music", metavar="FILE", help="your own music, `none`, or `embedded` (default: composed for it)"
    )
    parser.add_argument("--credit", action="append", metavar="LINE", help="a line of the end card; may be repeated")
    parser.add_argument(
        "--bundle", type=Path, metavar="DIR", help="also a folder and a ZIP file for editing programs, with all media"
    )
    profiles.add_arguments(parser)
    parser.add_argument(
        "--max-usd", type=float, metavar="X", help="what your providers may cost for this project in all (default: 0)"
    )
    parser.add_argument("--preview", action="store_true", help="small and fast")
    parser.add_argument(
        "--animatic", action="store_true", help="a film for planning: held pictures with numbers and notes, voice only"
    )


def run(args: argparse.Namespace) -> int:
    from soundstage.media.files import copy_file, write_text

    project = args.project or args.out.with_suffix(".project")
    hired = profiles.read_profiles(args.profile)
    writer = profiles.language_model(hired)
    storyboard, is_new = storyboard_in(project, args.story, title=args.title, language=args.language, model=writer)
    settings = _settings(args, project, hired)
    result = _found(args, project, storyboard, settings) or _made(args, project, storyboard, settings, hired)
    args.out.parent.mkdir(parents=True, exist_ok=True)
    copy_file(project / RESULT / result.film, args.out)
    # What was refused is not asked for again the next time.
    write_text(project / SETTINGS, settings.model_dump_json(indent=1, exclude={"providers"} if hired else None))
    if args.json:
        output.print_json(_document(result, args.out, project) | {"storyboard_written": is_new})
    else:
        _print_summary(result, storyboard, args.out, project)
    return 0


def _found(
    args: argparse.Namespace, project: Path, storyboard: "Storyboard", settings: "FilmSettings"
) -> "FilmResult | None":
    """The same film, if it was made before and no bundle is asked for."""
    from soundstage.models.film import FilmResult

    digest = _digest(args, storyboard, settings)
    document = None if digest is None or args.bundle else find_finished(project, project / RESULT, digest)
    return None if document is None else FilmResult.model_validate(document)


def _made(
    args: argparse.Namespace,
    project: Path,
    storyboard: "Storyboard",
    settings: "FilmSettings",
    hired: "Mapping[ProfileKind, OpenProfile]",
) -> "FilmResult":
    from soundstage.film.own_files import OwnMaterial
    from soundstage.film.own_pictures import assigned
    from soundstage.film.part_store import PartStore
    from soundstage.film.production import make_film
    from soundstage.providers.film.crew import crew

    digest = _digest(args, storyboard, settings)
    own = OwnMaterial(
        pictures=assigned(args.pictures, storyboard) if args.pictures else {},
        recordings=_recordings(args.recordings, storyboard) if args.recordings else {},
        narration=_own(args.narration) if args.narration else None,
        music=_own(Path(settings.music.file)) if settings.music.file else None,
    )
    made_by = crew(settings, profiles.outside_of(hired, project, settings.max_usd), own)
    with output.Progress("Making a film") as bar:
        result = make_film(
            storyboard,
            settings,
            made_by,
            PartStore(project / PARTS),
            project / RESULT,
            progress=lambda step, done: bar.update(done, STEP_WORDS[step]),
            bundle=args.bundle,
        )
    if digest is not None:
        keep_finished(project, project / RESULT, digest)
    return result


def _digest(args: argparse.Namespace, storyboard: "Storyboard", settings: "FilmSettings") -> str | None:
    """Of all that the film is made of; None where a file of one's own is missing, which is said where it is read."""
    folders = [folder for folder in (args.pictures, args.recordings) if folder]
    own = [path for folder in folders for path in sorted(folder.glob("*")) if path.is_file()]
    own += [Path(file) for file in (args.narration, settings.music.file) if file]
    try:
        return digest_of(storyboard.model_dump_json(), settings.model_dump_json(), own)
    except FileNotFoundError:
        return None


def storyboard_in(
    project: Path, story: Path, *, title: str | None, language: Any = None, model: "LanguageModel | None" = None
) -> tuple["Storyboard", bool]:
    """The project's storyboard as its owner left it, and whether it was written now: for a new or changed story.
    ``model``: writes it; where it is left out or fails, our own writer does.

    Raises InvalidInput for a story that cannot be told, and for a storyboard that was edited into none.
    """
    from pydantic import ValidationError

    from soundstage.models.errors import InvalidInput
    from soundstage.models.story import Storyboard

    text = read_text(story)
    project.mkdir(parents=True, exist_ok=True)
    path, seen = project / STORYBOARD, project / STORY_HASH
    digest = hashlib.sha256(json.dumps([text, language]).encode()).hexdigest()
    if path.exists() and seen.exists() and seen.read_text(encoding="ascii") == digest:
        try:
            board = Storyboard.model_validate_json(path.read_bytes())
        except ValidationError as error:
            first = error.errors(include_url=False)[0]
            where = ".".join(map(str, first["loc"])) or "document"
            raise InvalidInput(f"{path.name}: {where}: {first['msg']}") from error
        if title is not None and title != board.title:
            board = board.renamed(title)
            path.write_text(board.model_dump_json(indent=1), encoding="utf-8")
        return board, False
    written = _written(text, title, language, model)
    board = written.renamed(written.title)  # whatever its owner calls it later, it looks as it did
    if path.exists():
        path.replace(project / PREVIOUS_STORYBOARD)
        output.note(f"The story has changed: {path.name} is new, and the one before is {PREVIOUS_STORYBOARD} now.")
    path.write_text(board.model_dump_json(indent=1), encoding="utf-8")
    seen.write_text(digest, encoding="ascii")
    return board, True


def _written(text: str, title: str | None, language: Any, model: "LanguageModel | None") -> "Storyboard":
    if model is None:
        from soundstage.story.writer import write_storyboard

        return write_storyboard(text, title=title, language=language)
    from soundstage.providers.text.storyboard import write_with_model

    key = hashlib.sha256(text.encode()).hexdigest()[:32]
    return write_with_model(model, text, idempotency_key=key, title=title, language=language)


def _settings(args: argparse.Namespace, project: Path, hired: "Mapping[ProfileKind, OpenProfile]") -> "FilmSettings":
    """The project's settings with what the command line says. Raises InvalidInput."""
    from pydantic import ValidationError

    from soundstage.models.errors import InvalidInput
    from soundstage.models.film import FilmSettings

    path = project / SETTINGS
    try:
        kept = json.loads(path.read_bytes()) if path.exists() else {}
        asked = {
            "style": args.style,
            "aspect": args.aspect,
            "fps": args.fps,
            "narrator": args.voice,
            "speed": args.speed,
            "subtitles": args.subtitles,
            "credits": args.credit,
            "max_usd": args.max_usd,
            "providers": profiles.profile_ids(hired) or None,
        }
        if args.music is not None:
            named = args.music in {"none", "embedded"}
            own = {"source": args.music} if named else {"source": "file", "file": str(Path(args.music).resolve())}
            asked["music"] = {**kept.get("music", {}), "file": None, **own}
        given = {name: value for name, value in asked.items() if value is not None}
        quick = {"quality": "preview" if args.preview else "final", "animatic": args.animatic}
        return FilmSettings.model_validate({**kept, **given, **quick})
    except ValidationError as error:
        first = error.errors(include_url=False)[0]
        raise InvalidInput(f"{'.'.join(map(str, first['loc'])) or SETTINGS}: {first['msg']}") from error
    except ValueError as error:
        raise InvalidInput(f"{SETTINGS}: this is not JSON.") from error


def _recordings(folder: Path, storyboard: "Storyboard") -> "dict[str, Recording]":
    """By shot. Raises InvalidInput."""
    from soundstage.film.own_files import Recording
    from soundstage.film.own_pictures import RECORDINGS, assigned

    return {shot: Recording(source) for shot, source in assigned(folder, storyboard, RECORDINGS).items()}


def _own(path: Path) -> "OwnSource":
    """Raises InvalidInput."""
    from soundstage.film.own_files import OwnSource
    from soundstage.models.errors import InvalidInput

    if not path.is_file():
        raise InvalidInput(f"{path.name}: there is no such sound file.")
    return OwnSource.of(path)


def _document(result: "FilmResult", out: Path, project: Path) -> dict[str, Any]:
    return result.model_dump(mode="json") | {"outcome": "ok", "film": str(out), "project": str(project)}


def _print_summary(result: "FilmResult", storyboard: "Storyboard", out: Path, project: Path) -> None:
    from soundstage.models.durations import minutes_and_seconds
    from soundstage.models.profiles import KINDS

    length = minutes_and_seconds(round(result.quality.duration_s))
    made = [part for part in result.parts if not part.reused]
    print(f"{storyboard.title} · {length} · {len(storyboard.shots)} shots · {out}")
    lufs, peak = result.quality.integrated_lufs, result.quality.true_peak_dbtp
    heard = "silent" if lufs is None or peak is None else f"{lufs:.1f} LUFS, true peak {peak:.1f} dBTP"
    others = sorted({part.provider for part in result.parts if part.provider.split(" ")[0] in KINDS})
    by = f"with {', '.join(others)}" if others else "every part was made here, without a model service"
    print(f"made {len(made)} of {len(result.parts)} parts; {heard}; {by}")
    print(f"poster, contact sheet, subtitles and the storyboard to edit: {project}")
    for note in dict.fromkeys([*storyboard.notes, *(part.note for part in result.parts if part.note)]):
        output.note(note)
