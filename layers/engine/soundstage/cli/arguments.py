"""How every command describes itself. The engine is not imported here: ``--help`` takes less than a tenth of a second.

argparse and not typer: typer imports pydantic and rich, .14 s at each start, and would not make this package shorter.
"""

import argparse
from collections.abc import Callable
from typing import Any


class _HelpFormatter(argparse.RawDescriptionHelpFormatter):
    """Descriptions and examples as they are written, options and what they do side by side."""

    def __init__(self, prog: str) -> None:
        super().__init__(prog, max_help_position=30)

    def add_argument(self, action: argparse.Action) -> None:
        super().add_argument(action)
        if action.nargs == argparse.PARSER:  # argparse forgets that it indents commands
            self._action_max_length += self._indent_increment


def new_parser(description: str) -> argparse.ArgumentParser:
    return argparse.ArgumentParser(prog="soundstage", description=description, formatter_class=_HelpFormatter)


def add_group(subparsers: Any, name: str, *, does: str) -> Any:
    """A command that has commands of its own; they are added to what is returned."""
    parser: argparse.ArgumentParser = subparsers.add_parser(
        name, help=does, description=_sentence(does), formatter_class=_HelpFormatter
    )
    return parser.add_subparsers(title="commands", metavar="COMMAND", required=True)


def add_command(
    subparsers: Any, name: str, run: Callable[[argparse.Namespace], int], *, does: str, example: str, more: str = ""
) -> argparse.ArgumentParser:
    """The parser of a command, with ``--json``; ``run`` takes what was parsed and returns the exit status.

    ``does`` completes "soundstage NAME: …" without a full stop, ``example`` is a whole command line.
    """
    parser: argparse.ArgumentParser = subparsers.add_parser(
        name,
        help=does,
        description=_sentence(does),
        epilog="\n\n".join(filter(None, (f"example:\n  {example}", more))),
        formatter_class=_HelpFormatter,
    )
    parser.add_argument("--json", action="store_true", help="print one JSON document instead of text")
    parser.set_defaults(run=run)
    return parser


def _sentence(does: str) -> str:
    return f"{does[:1].upper()}{does[1:]}."
