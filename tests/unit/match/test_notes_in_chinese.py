"""What matches say is known in Chinese, to their report and to the console: else a sentence stays English there."""

import ast
import json
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from tests.fixtures.pairs import KINDS, Kind, make_pair

import soundstage.match
from soundstage.audio.streams import MemoryReader, MemoryWriter
from soundstage.match.in_chinese import in_chinese
from soundstage.match.pipeline import match_recordings
from soundstage.match.report import verdict
from soundstage.models.style import Amounts, Metrics, Strength

FOLDER = Path(soundstage.match.__file__).parent
SPEAKING = (
    *(FOLDER / "estimation").glob("*.py"),
    *map(FOLDER.joinpath, ("pipeline.py", "album.py", "stage_notes.py", "analysis/alignment.py")),
)
"""Where sentences are made."""
SECONDS = 8.0


def _parts() -> Iterator[str]:
    """Of sentences, what stands between the figures; from two words on, and what is begun by a word."""
    for file in SPEAKING:
        tree = ast.parse(file.read_text(encoding="utf-8"))
        beside: set[ast.AST] = set()
        for node in ast.walk(tree):
            if isinstance(node, ast.Raise | ast.Assert):
                beside.update(ast.walk(node))
            elif isinstance(node, ast.Expr):  # a docstring
                beside.add(node.value)
        for node in ast.walk(tree):
            said = node.value if isinstance(node, ast.Constant) and node not in beside else None
            if isinstance(said, str) and re.search(r"[a-z]{2,} | [a-z]{2,}", said):
                yield said.strip(" ,.:")


def test_no_clause_lacks_a_translation() -> None:
    clauses = json.loads((FOLDER / "in_chinese.json").read_text(encoding="utf-8"))["clauses"]
    known = "\n".join(re.sub(r"\\(?=[^\w])", "", clause.replace(r"(\S+)", "")) for clause, _ in clauses)
    parts = set(_parts())
    assert len(parts) > 50
    assert {part for part in parts if part not in known} == set()


@pytest.mark.parametrize(
    ("kind", "strength"), [*((kind, "natural") for kind in KINDS), ("different_song", "imitate"), ("reverb", "imitate")]
)
def test_every_clause_is_known(kind: Kind, strength: Strength) -> None:
    pair = make_pair(kind, 3, seconds=SECONDS)
    named = Amounts.model_validate({"reverb": 0.5, "pitch": 1, "compressor": 0.5}) if strength == "imitate" else None
    match = match_recordings(
        [(MemoryReader(pair.reference), 1.0)],
        MemoryReader(pair.target),
        MemoryWriter(),
        strength=strength,
        amounts=named,
    )
    assert match.params.notes
    for note in match.params.notes:
        assert in_chinese(note.sentence), note.sentence


@pytest.mark.parametrize(
    ("before", "after", "album_lufs", "told"),
    [
        (
            {"lufs_err": 11.3, "tone_err_db": 2.0},
            {"lufs_err": 0.0, "tone_err_db": 1.0},
            None,
            "响度与参考相同（原来差 11.3 LU），音色近了 50%。",
        ),
        (
            {"tone_err_db": 2.0, "width_err_db": 1.0},
            {"lufs_err": 1.2, "tone_err_db": 2.0, "width_err_db": 1.4},
            None,
            "响度与参考还差 1.2 LU，音色与原来一样，宽度远了 0.4 dB。",
        ),
        (
            {"tone_err_db": 1.0},
            {"lufs_err": 1.0, "tone_err_db": 2.0},
            -14.3,
            "响度 -14.0 LUFS，专辑为 -14.3 LUFS，与原来在专辑中的高低一致，音色远了 1.0 dB。",
        ),
        ({}, {}, None, "响度 -14.0 LUFS。"),
    ],
)
def test_what_came_of_it_is_told_in_chinese(
    before: dict[str, float], after: dict[str, float], album_lufs: float | None, told: str
) -> None:
    was, is_now = (Metrics.model_validate({"integrated_lufs": -14.0, **of}) for of in (before, after))
    assert in_chinese(verdict(was, is_now, album_lufs)) == told


def test_a_sentence_of_which_a_part_is_unknown_is_not_told() -> None:
    assert in_chinese("The tone is left as it is. Something new.") is None
