"""The composition as JSON: what is written is read, and so is what version 1 wrote."""

import json
from pathlib import Path

import pytest
from pydantic import ValidationError
from tests.fixtures.analyses import analysis_of, whole
from tests.fixtures.tunes import TUNES

from soundstage.models.composition import Composition, Expression, GridNote
from soundstage.models.music import GenParams
from soundstage.music.composing.composition import compose_params

VERSION_1 = Path(__file__).parents[2] / "fixtures/composition.v1.json"


def test_what_is_written_is_read() -> None:
    analysis = analysis_of(TUNES[2])
    composition = compose_params(analysis, whole(analysis), GenParams(duration_s=20))
    assert Composition.model_validate_json(composition.model_dump_json()) == composition


def test_version_1_is_read() -> None:
    written = json.loads(VERSION_1.read_text())
    composition = Composition.model_validate(written)
    old, plan = written["variants"]["A"], composition.variants["A"]

    assert (composition.schema_version, composition.melody_bars) == (2, written["tune_bars"])
    for before, note in zip(old["tune"], plan.melody, strict=True):
        assert note.expression == Expression(
            before["scoop_cents"], before["vibrato_cents"], tuple(before["swell_db"]), before["slurred"]
        )
        assert (note.beat, note.midi, note.hummed, note.pickup) == tuple(
            before[name] for name in ("beat", "midi", "hummed", "pickup")
        )
    assert {n.expression.slurred for n in plan.melody} == {True, False}
    assert [s.treatment == "second" for s in plan.sections] == [s["treatment"] == "handed" for s in old["sections"]]
    assert [(s.melody_bar, s.lift_semitones) for s in plan.sections] == [
        (s["tune_bar"], s["lift"]) for s in old["sections"]
    ]
    assert any(s.treatment == "second" for s in plan.sections)
    assert plan.sections[-1].lift_semitones == 2
    assert Composition.model_validate(composition.model_dump(mode="json")) == composition


@pytest.mark.parametrize(
    "note",
    [
        GridNote(0.0, 0.0, 60),
        GridNote(0.0, 1.0, 128),
        GridNote(0.0, 1.0, 60, 1.2),
        GridNote(0.0, 1.0, 60, expression=Expression(vibrato_cents=-1.0)),
    ],
)
def test_a_plan_refuses_a_note_that_is_none(note: GridNote) -> None:
    analysis = analysis_of(TUNES[2])
    plan = compose_params(analysis, whole(analysis), GenParams(duration_s=20)).variants["A"]
    with pytest.raises(ValidationError):
        type(plan)(**{**dict(plan), "melody": [note]})
