"""Tracks: the life of a piece of music, as the catalog keeps it and the API shows it, and what it was made from."""

from enum import StrEnum
from typing import Literal

from pydantic import BaseModel, Field

from soundstage.models.composition import Composition
from soundstage.models.music import Analysis, Direction, HeardMeter, Key, RenderedVariant, Score, Segment

VariantLabel = Literal["A", "B"]


class TrackStatus(StrEnum):
    """draft → generating → ready | failed → deleted (T1). A ready or failed track may be generated again."""

    DRAFT = "draft"
    GENERATING = "generating"
    READY = "ready"
    FAILED = "failed"
    DELETED = "deleted"


class Understood(BaseModel):
    """How a hum and a prompt were understood. ``heard``: warnings of the listener; ``made``: those of the composer."""

    key: Key | None = Field(description="As it was hummed.")
    tempo_bpm: float | None
    meter: HeardMeter | None
    heard: list[str] = []
    made: list[str] = []
    direction: Direction | None = Field(default=None, description="What the prompt was taken to ask for.")

    @classmethod
    def of(cls, analysis: Analysis, composition: Composition) -> "Understood":
        return cls(
            key=analysis.key,
            tempo_bpm=analysis.tempo_bpm,
            meter=analysis.meter,
            heard=analysis.warnings,
            made=composition.warnings,
            direction=composition.direction,
        )


class TrackFacts(BaseModel):
    """track_facts, schema version 1: what a job's songs are and were made from, beside them as ``track.json``.

    It outlives the intermediates of the job. A file without a version, from before there were any, is of version 1.
    """

    schema_version: Literal[1] = 1
    variants: list[RenderedVariant]
    score: Score
    segment: Segment
    analysis: Analysis
    composition: Composition
