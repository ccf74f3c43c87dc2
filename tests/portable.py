"""The unit tests, a song and matches under every processor that this one can stand in for: ``make test-portable``.

Prints a table: the setting, what numpy and BLAS really worked with, and what passed and failed. At the end a song and
matches are made under each setting; they must have the same notes, chords, form and style, and sound the same.
"""

import argparse
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from xml.etree import ElementTree

from tests.fixtures.everywhere import MATCHES, MOST_APART_DBFS, apart, make_results
from tests.fixtures.processors import ROOT, Machine, Setting, settings

ALL = ["tests/unit"]
SENSITIVE = ["tests/unit/audio", "tests/unit/match", "tests/unit/music"]


@dataclass
class Outcome:
    """Of a run of the tests."""

    passed: int = 0
    skipped: int = 0
    failed: list[str] = field(default_factory=list)
    seconds: float = 0.0

    def __str__(self) -> str:
        return f"{self.passed:>7} {len(self.failed):>7} {self.skipped:>8} {self.seconds:>7.0f} s"


def main(argv: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="make test-portable")
    parser.add_argument("--quick", action="store_true", help="only tests of what computes with sound")
    parser.add_argument("--only", action="append", default=[], metavar="SETTING", help="this setting; again for more")
    parser.add_argument("--results", action="store_true", help="no tests, only the song and the matches")
    args, for_pytest = parser.parse_known_args(argv)
    chosen = [setting for setting in settings() if not args.only or setting.name in args.only]
    machines = {setting.name: setting.machine() for setting in chosen if not setting.lacking}
    failed = False
    if not args.results:
        failed = _test(chosen, machines, SENSITIVE if args.quick else ALL, for_pytest)
    return int(_compare(chosen, machines) or failed)


def _test(chosen: list[Setting], machines: dict[str, Machine], folders: list[str], for_pytest: list[str]) -> bool:
    """Under each setting; True if any failed."""
    _print(f"{'setting':<26}{'numpy, BLAS × threads, loops':<44}{'passed':>7} {'failed':>7} {'skipped':>8}")
    failures: dict[str, list[str]] = {}
    for setting in chosen:
        if setting.lacking:
            _print(f"{setting.name:<26}skipped: {setting.lacking}")
            continue
        outcome = _run(setting, folders, for_pytest)
        failures[setting.name] = outcome.failed
        _print(f"{setting.name:<26}{machines[setting.name]!s:<44}{outcome}")
    for name, failed in failures.items():
        for test in failed:
            _print(f"FAILED under {name}: {test}")
    return any(failures.values())


def _run(setting: Setting, folders: list[str], for_pytest: list[str]) -> Outcome:
    begun = time.monotonic()
    with tempfile.TemporaryDirectory() as folder:
        report = Path(folder) / "report.xml"
        options = ["-q", "-p", "no:cacheprovider", f"--junit-xml={report}", *for_pytest]
        command = [sys.executable, "-m", "pytest", *options, *folders]
        done = subprocess.run(command, env=setting.variables(), cwd=ROOT, capture_output=True, text=True, check=False)  # noqa: S603
        if not report.exists():
            return Outcome(failed=[f"no test ran: {(done.stderr or done.stdout).strip()[-400:]}"])
        outcome = _read(report)
    outcome.seconds = time.monotonic() - begun
    if done.returncode and not outcome.failed:
        outcome.failed.append(f"pytest ended with {done.returncode}: {done.stdout.strip()[-400:]}")
    return outcome


def _read(report: Path) -> Outcome:
    outcome = Outcome()
    for case in ElementTree.parse(report).iter("testcase"):  # noqa: S314 - pytest's own
        kinds = {child.tag for child in case}
        if kinds & {"failure", "error"}:
            outcome.failed.append(f"{case.get('classname')}::{case.get('name')}")
        elif "skipped" in kinds:
            outcome.skipped += 1
        else:
            outcome.passed += 1
    return outcome


def _compare(chosen: list[Setting], machines: dict[str, Machine]) -> bool:
    """A song and matches under each setting against those of the first; True if any differ."""
    sounds = ", ".join(["song A", "song B", *MATCHES])
    _print(f"\n{'a song and matches under':<70}dBFS of the difference: {sounds}")
    differ = False
    with tempfile.TemporaryDirectory() as folder:
        first: Path | None = None
        for setting in chosen:
            if setting.lacking:
                continue
            here = Path(folder) / setting.name.replace(" ", "-").replace("'", "")
            make_results(setting, here)
            first = first or here
            found = apart(first, here)
            differ |= bool(found.differing) or max(found.nulls_dbfs.values()) > MOST_APART_DBFS
            levels = "  ".join(f"{level:8.1f}" for level in found.nulls_dbfs.values())
            words = "" if not found.differing else f"  other {', '.join(found.differing)}"
            _print(f"{setting.name:<26}{machines[setting.name]!s:<44}{levels}{words}")
    _print(f"They {'DIFFER' if differ else 'are the same'}: notes, chords, form and style; {MOST_APART_DBFS:.0f} dBFS.")
    return differ


def _print(line: str) -> None:
    print(line, flush=True)  # noqa: T201


if __name__ == "__main__":
    sys.exit(main())
