"""``soundstage COMMAND …``.

A command is a module of this package with ``register(subparsers)``. It imports the engine where it runs, not where it
is registered, so that ``--help`` stays instant.

Exit status: 0 done; 2 bad usage, unreadable file or any other named error; 3 the input is rejected; 130 interrupted;
141 whoever read the output has left.
"""

import argparse
import importlib
import importlib.metadata
import os
import sys
from collections.abc import Sequence
from typing import Any

from soundstage.cli import arguments, output

COMMANDS = (
    "loudness",
    "transcribe",
    "track",
    "match",
    "preset",
    "film",
    "storyboard",
    "say",
    "audit",
    "admin",
    "jobs",
    "cost",
)


def main(argv: Sequence[str] | None = None) -> int:
    """Parse, run one command, and turn what went wrong into one line and an exit status."""
    # OpenBLAS would start a thread per core for matrices this small; the threads cost more than they bring.
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
    output.keep_stderr()
    args = _parser().parse_args(argv)
    try:
        status: int = args.run(args)
        sys.stdout.flush()
    except KeyboardInterrupt:
        return 130
    except BrokenPipeError:
        # Whoever read our output has left (`| head`): nothing to say, and nothing to flush at exit.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 141
    except Exception as error:
        return output.report_error(error, as_json=args.json)
    return status


def _parser() -> argparse.ArgumentParser:
    parser = arguments.new_parser("A media studio on local files.")
    parser.add_argument("--version", action=_Version, help="which Soundstage, and whether its loops are compiled")
    subparsers = parser.add_subparsers(title="commands", metavar="COMMAND", required=True)
    for name in COMMANDS:
        importlib.import_module(f"soundstage.cli.{name}").register(subparsers)
    return parser


class _Version(argparse.Action):
    """argparse's own takes a text that is there already: asking for it means loading numpy."""

    def __init__(self, option_strings: Sequence[str], dest: str, **options: Any) -> None:
        super().__init__(option_strings, dest, nargs=0, **options)

    def __call__(self, parser: argparse.ArgumentParser, *_: object) -> None:
        from soundstage import compiled

        loops = "compiled loops" if compiled.loops() else "numpy only: no C compiler was there at set-up"
        print(f"soundstage {importlib.metadata.version('soundstage')} ({loops})")
        parser.exit()


if __name__ == "__main__":
    sys.exit(main())
