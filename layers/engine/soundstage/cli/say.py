"""``soundstage say TEXT``: text spoken into a WAV file, with the time of every word."""

import argparse
from pathlib import Path
from typing import TYPE_CHECKING, Any

from soundstage.cli import arguments, output
from soundstage.cli.text_file import read_text

if TYPE_CHECKING:
    from soundstage.models.film import Speech


def register(subparsers: Any) -> None:
    parser = arguments.add_command(
        subparsers,
        "say",
        run,
        does="speak a text, English or Chinese, and say when each word sounds",
        example='soundstage say "The lamp turned slowly." --voice bm_george --out lamp.wav',
    )
    parser.add_argument("text", nargs="?", metavar="TEXT|FILE", help="what is said, or a text file that has it")
    parser.add_argument("--out", type=Path, metavar="WAV", help="where the sound goes: mono, 24 kHz")
    parser.add_argument("--voice", metavar="NAME", help="a voice of --voices (default: one for the text's language)")
    parser.add_argument("--speed", type=float, default=1.0, metavar="N", help="0.5 to 2 (default 1)")
    parser.add_argument("--voices", action="store_true", help="list the voices")


def run(args: argparse.Namespace) -> int:
    from soundstage.models.errors import InvalidInput

    if args.voices:
        return _list_voices(as_json=args.json)
    if args.text is None or args.out is None:
        raise InvalidInput("Say needs a text and --out, or --voices.")
    from soundstage.speech.reading import language_of
    from soundstage.speech.speaker import EmbeddedSpeaker
    from soundstage.speech.voices import NARRATORS

    text = _text(args.text)
    language = language_of(text)
    args.out.parent.mkdir(parents=True, exist_ok=True)
    with output.Progress("Speaking") as progress:
        speech = EmbeddedSpeaker().speak(
            text,
            voice=args.voice or NARRATORS[language],
            language=language,
            speed=args.speed,
            out=args.out,
            progress=progress.update,
        )
    if args.json:
        output.print_json(speech.model_dump(mode="json"))
    else:
        _print(speech, args.out)
    return 0


def _text(given: str) -> str:
    """What a file of that name holds, else the words themselves."""
    try:
        is_file = Path(given).is_file()
    except (OSError, ValueError):  # too long for a name, or with a NUL
        is_file = False
    return read_text(Path(given)) if is_file else given


def _list_voices(*, as_json: bool) -> int:
    from dataclasses import asdict

    from soundstage.speech.voices import list_voices

    if as_json:
        output.print_json([asdict(voice) for voice in list_voices()])
        return 0
    for voice in list_voices():
        print(f"{voice.id:<13}{voice.language}  {voice.accent:<9} {voice.gender:<7} {voice.age}")
    return 0


def _print(speech: "Speech", out: Path) -> None:
    for word in speech.words:
        print(f"{word.start_s:8.3f} {word.end_s:8.3f} s  {word.text}")
    print(f"{out}: {speech.duration_s:.1f} s, {len(speech.words)} words, {speech.voice}")
    for sentence in speech.notes:
        output.note(sentence)
