"""Run the unit and integration tests that a change touches, nearest first, for about as long as a person waits.

``make check`` runs this. What changed is the difference to where the branch left its upstream or ``main``, and whatever
is not committed. A test is touched when it imports what changed, directly or through other modules; the fewer steps
between, the sooner it runs. What does not fit into the budget is left to ``make test``, and said so.
"""

import ast
import json
import subprocess
import sys
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).parents[1]
ROOTS = [ROOT / "layers/engine", ROOT / "containers/gpu-render", ROOT]
"""Where ``import x`` looks for our own modules."""
DURATIONS = ROOT / ".cache/test-durations.json"
BUDGET_S = 70.0
"""Seconds of tests, on two processes: with linters and types, a check stays under a minute."""
UNKNOWN_S = 2.0
"""What a test file is taken to need before it has been timed: the mean of all."""


def main() -> int:
    files = [file for file in ROOT.glob("**/*.py") if _ours(file)]
    distances = _distances(_changed(), files)
    tests = sorted(
        (steps, file)
        for file, steps in distances.items()
        if file.name.startswith("test_") and "e2e" not in file.relative_to(ROOT).parts
    )
    if not tests:
        print("No unit test is touched by this change.")
        return 0
    chosen = list(_within_budget([file for _, file in tests]))
    print(f"{len(chosen)} of the {len(tests)} test files that this change touches; `make test` runs all.", flush=True)
    command = [
        sys.executable,
        "-m",
        "pytest",
        "-q",
        "-n",
        "2",
        "--dist",
        "loadscope",
        "-m",
        "not e2e",
        *map(str, chosen),
    ]
    status = subprocess.run(command, cwd=ROOT, check=False).returncode
    return 0 if status == 5 else status  # pytest: no test was collected


def _ours(file: Path) -> bool:
    return file.relative_to(ROOT).parts[0] in ("layers", "functions", "containers", "infra", "tests", "examples") and (
        "node_modules" not in file.parts
    )


def _changed() -> set[Path]:
    def git(*arguments: str) -> list[str]:
        done = subprocess.run(["git", *arguments], cwd=ROOT, capture_output=True, text=True, check=False)
        return done.stdout.split("\0") if done.returncode == 0 else []

    bases = (git("merge-base", "HEAD", name) for name in ("@{upstream}", "main"))
    base = next((found[0].strip() for found in bases if found), "HEAD")
    names = git("diff", "--name-only", "-z", base) + git("ls-files", "--others", "--exclude-standard", "-z")
    return {ROOT / name for name in names if name}


def _distances(changed: set[Path], files: list[Path]) -> dict[Path, int]:
    """How many imports lie between each file and what changed."""
    importers = defaultdict(set)
    texts = {file: file.read_text() for file in files}
    for file, text in texts.items():
        for imported in _imports(file, text):
            importers[imported].add(file)
    # A file that is no module (a state machine, a template) is used by whoever names it or its folder.
    for other in changed - set(files):
        importers[other] = {
            file for file, text in texts.items() if other.name in text or f'"{other.parent.name}"' in text
        }
    distances, edge = dict.fromkeys(changed, 0), changed
    while edge:
        edge = {user for file in edge for user in importers[file]} - set(distances)
        distances |= dict.fromkeys(edge, max(distances.values()) + 1)
    return distances


def _imports(file: Path, text: str) -> Iterator[Path]:
    """Our own modules that this file imports, and the conftest files that pytest loads for it."""
    if file.is_relative_to(ROOT / "tests"):
        yield from (folder / "conftest.py" for folder in file.parents if folder.is_relative_to(ROOT / "tests"))
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.Import):
            names = [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom) and node.module:
            names = [node.module, *(f"{node.module}.{alias.name}" for alias in node.names)]
        else:
            continue
        for name in names:
            for root in ROOTS:
                module = root.joinpath(*name.split("."))
                yield from (path for path in (module.with_suffix(".py"), module / "__init__.py") if path.exists())


def _within_budget(tests: list[Path]) -> Iterator[Path]:
    known = json.loads(DURATIONS.read_text()) if DURATIONS.exists() else {}
    spent_s = 0.0
    for test in tests:
        spent_s += known.get(str(test.relative_to(ROOT)), UNKNOWN_S)
        if spent_s <= BUDGET_S or test == tests[0]:
            yield test


if __name__ == "__main__":
    sys.exit(main())
