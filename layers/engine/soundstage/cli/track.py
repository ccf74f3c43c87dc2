"""``soundstage track FILE --out DIR``: a hum becomes two songs."""

import argparse
from pathlib import Path
from typing import TYPE_CHECKING, Any

from soundstage.cli import arguments, output

if TYPE_CHECKING:
    from soundstage.models.music import GenParams, TuneCorrection
    from soundstage.music.pipeline import TrackResult

STEP_WORDS = {
    "audio_check": "Checking",
    "audio_analyze": "Listening",
    "segment_pick": "Choosing the best part",
    "compose_params": "Composing",
    "music_generate": "Playing and mixing A and B",
    "ab_eval": "Comparing",
}


def register(subparsers: Any) -> None:
    parser = arguments.add_command(
        subparsers,
        "track",
        run,
        does="make two produced songs from a hummed tune",
        example='soundstage track hum.m4a --prompt "a slow, dreamy lullaby with harp" --out songs',
    )
    parser.add_argument("file", type=Path, metavar="FILE", help="a recording of the tune, hummed, sung or played")
    parser.add_argument("--out", type=Path, required=True, metavar="DIR", help="where songs, MIDI and pictures go")
    parser.add_argument("--seed", type=int, metavar="N", help="the same seed gives the same songs (of the recording)")
    parser.add_argument("--prompt", metavar="TEXT", help="what the songs should be like, in your own words")
    parser.add_argument("--wish", dest="prompt", help=argparse.SUPPRESS)  # its name until gen_params version 2
    parser.add_argument(
        "--params", type=Path, metavar="JSON", help="the same and more, as gen_params (schema version 2)"
    )
    parser.add_argument(
        "--notes",
        type=Path,
        metavar="MID",
        help="the tune as it should be (MIDI, from transcribe --midi and corrected)",
    )
    parser.add_argument(
        "--no-sound-font", action="store_true", help="play synthesised instruments only, which every machine has"
    )
    parser.add_argument("--video", action="store_true", help="draw a video of each song, too (MP4)")


def run(args: argparse.Namespace) -> int:
    from soundstage.music.pipeline import make_track
    from soundstage.music.sounding.sound_font import find_sound_font

    params, correction = _params(args), _correction(args.notes)
    with output.Progress("Making a track") as bar:
        result = make_track(
            args.file,
            params,
            args.out,
            lambda step, done: bar.update(done, STEP_WORDS.get(step, step)),
            None if args.no_sound_font else find_sound_font(),
            correction=correction,
        )
    (args.out / "composition.json").write_text(result.composition.model_dump_json(indent=1), encoding="utf-8")
    cover = _paint_cover(result, args.out / "cover.png", args.file.stem)
    videos = _draw_videos(result, args.file.stem) if args.video else {}
    if args.json:
        output.print_json(_document(result) | {"cover": cover, "videos": videos})
    else:
        _print_summary(result)
    return 0


def _paint_cover(result: "TrackResult", path: Path, title: str) -> str | None:
    """Where it is, or None where the libraries that paint are not installed."""
    try:
        from soundstage.music.artwork.cover import draw_cover
    except ModuleNotFoundError as missing:
        if (missing.name or "").split(".")[0] not in ("matplotlib", "PIL"):
            raise
        return None
    draw_cover(path, result.composition, title)
    return str(path)


def _draw_videos(result: "TrackResult", title: str) -> dict[str, str]:
    """Where they are, by variant: beside the songs."""
    from soundstage.models.errors import DependencyUnavailable

    try:
        from soundstage.music.artwork.video import draw_visualiser
    except ModuleNotFoundError as missing:
        raise DependencyUnavailable(f"Drawing a video needs {missing.name}, which is not installed.") from missing
    videos: dict[str, str] = {}
    for label, song in result.variants.items():
        path = Path(song.audio).with_suffix(".mp4")
        with output.Progress(f"Drawing the video of {label}") as bar:
            draw_visualiser(path, song, result.composition, title=title, progress=bar.update)
        videos[label] = str(path)
    return videos


def _correction(path: Path | None) -> "TuneCorrection | None":
    """Raises NotesRejected for a file that no tune can be read from."""
    if path is None:
        return None
    from soundstage.music.listening.note_file import read_notes

    return read_notes(path.read_bytes())


def _params(args: argparse.Namespace) -> "GenParams":
    """Raises InvalidInput for what is no gen_params, UnknownProvider for somebody else's model."""
    from pydantic import ValidationError

    from soundstage.models.errors import InvalidInput, UnknownProvider
    from soundstage.models.music import GenParams
    from soundstage.models.providers import EMBEDDED

    try:
        params = GenParams.model_validate_json(args.params.read_bytes()) if args.params else GenParams()
        if params.provider != EMBEDDED:
            raise UnknownProvider(f"provider: the command line works without a network, so there is only {EMBEDDED}.")
        overrides = {name: getattr(args, name) for name in ("seed", "prompt") if getattr(args, name) is not None}
        return GenParams.model_validate({**params.model_dump(), **overrides})
    except ValidationError as error:
        first = error.errors(include_url=False)[0]
        where = ".".join(str(part) for part in first["loc"]) or "gen_params"
        raise InvalidInput(f"{where}: {first['msg']}") from error


def _document(result: "TrackResult") -> dict[str, Any]:
    return {
        "outcome": "ok",
        "variants": [
            {
                "label": label,
                "audio": variant.audio,
                "midi": variant.midi,
                "style": variant.style,
                "sound_font": variant.sound_font,
                "duration_s": variant.duration_s,
                "scores": result.score.variants[label].model_dump(),
                "pictures": variant.pictures,
            }
            for label, variant in result.variants.items()
        ],
        "ab_diversity": result.score.ab_diversity.model_dump(),
        "recommended": result.score.recommended,
        "reason": result.score.reason,
        "direction": result.composition.direction and result.composition.direction.model_dump(mode="json"),
        "warnings": [*result.analysis.warnings, *result.composition.warnings],
        "timings": result.timings_s,
    }


def _print_summary(result: "TrackResult") -> None:
    from soundstage.music.composing.prompt import describe_direction

    if result.composition.direction:
        print(describe_direction(result.composition.direction))
    for warning in [*result.analysis.warnings, *result.composition.warnings]:
        print(warning)
    for label, variant in result.variants.items():
        scores = result.score.variants[label]
        mark = "★" if label == result.score.recommended else " "
        print(
            f"{mark} {label}  {variant.style:<10} tune {scores.input_similarity.value:.2f}  "
            f"sound {scores.audio_quality.value:.2f}  {variant.audio}"
        )
    print(result.score.reason)
