"""Tracks: the life of a piece of music, as the catalog keeps it and the API shows it, and what it was made from."""

from enum import StrEnum
from typing import Literal

from pydantic import BaseModel

from soundstage.models.composition import Composition
from soundstage.models.music import Analysis, RenderedVariant, Score, Segment

VariantLabel = Literal["A", "B"]


class TrackStatus(StrEnum):
    """draft → generating → ready | failed → deleted (T1). A ready or failed track may be generated again."""

    DRAFT = "draft"
    GENERATING = "generating"
    READY = "ready"
    FAILED = "failed"
    DELETED = "deleted"


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
