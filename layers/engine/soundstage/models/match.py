"""Matches: what a person asks of the style matcher, and what came of it. Both are versioned JSON Schemas."""

from enum import StrEnum
from typing import Literal, Self

from pydantic import BaseModel, ConfigDict, Field, field_serializer, model_validator

from soundstage.models.ids import Id
from soundstage.models.style import Amounts, Metrics, Mode, Strength, StyleParams
from soundstage.models.text import Title

MAX_REFERENCES = 8
"""Chosen: each is downloaded and analysed in a step of its own, at the same time."""

TARGET = "target"
RESULT = "result"

OutputFormat = Literal["wav24", "flac"]
SUFFIXES: dict[OutputFormat, str] = {"wav24": ".wav", "flac": ".flac"}


class MatchStatus(StrEnum):
    """matching → ready | failed | canceled → deleted. A failed or canceled match may be tried again."""

    MATCHING = "matching"
    READY = "ready"
    FAILED = "failed"
    CANCELED = "canceled"
    DELETED = "deleted"


class Reference(BaseModel):
    """A recording that has the wanted sound. Weights count relative to each other."""

    model_config = ConfigDict(extra="forbid")

    asset_id: Id
    weight: float = Field(default=1.0, gt=0, le=100)


class MatchParams(BaseModel):
    """match_params, schema version 1: what to do with a target."""

    model_config = ConfigDict(extra="forbid")

    schema_version: Literal[1] = 1
    target_asset_id: Id = Field(description="The recording to change.")
    references: list[Reference] = Field(default=[], max_length=MAX_REFERENCES)
    preset_id: Id | None = Field(default=None, description="A preset of one's own, or a public one, to apply instead.")
    preset: StyleParams | None = Field(default=None, description="A style to apply instead: given, or the preset's.")
    mode: Mode | Literal["auto"] = Field(
        default="auto",
        description="A: the reference is a processed version of the target; B: another recording.",
    )
    strength: Strength = Field(
        default="natural",
        description="How much of another song's sound is taken. natural: its loudness, two fifths of a clear "
        "difference of tone in broad strokes, and of width what goes beyond how songs of one album differ; close: more "
        "than half; imitate: all that can be closed.",
    )
    amounts: Amounts | None = Field(
        default=None,
        description="So much of the named stages, whatever the strength; pitch, rooms and compressors of another song "
        "are followed only when they are named. With a preset: instead of its own amounts.",
    )
    output_format: OutputFormat = "wav24"
    segment_s: float = Field(
        default=60.0, ge=15, le=600, description="Long recordings are rendered in parts this long."
    )

    @field_serializer("amounts")
    def _as_asked(self, amounts: Amounts | None) -> dict[str, float] | None:
        """Only the stages that were named: estimation asks which they were (``Amounts.ask_for``)."""
        return None if amounts is None else amounts.model_dump(exclude_unset=True)

    def asset_ids(self) -> dict[str, Id]:
        """The ids of all recordings by their roles in the job's inputs: ``target``, ``reference_1``, …"""
        return {TARGET: self.target_asset_id} | {
            reference_role(index): reference.asset_id for index, reference in enumerate(self.references)
        }


class MatchRequest(MatchParams):
    """References, or a preset: stored (``preset_id``) or given (``preset``)."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "title": "My demo like that record",
                    "target_asset_id": "0193a1c7e5f07b6e8d1f2a3b4c5d6e7f",
                    "references": [{"asset_id": "0193a1c7e5f17c2e9d1f2a3b4c5d6e70", "weight": 1.0}],
                    "amounts": {"reverb": 0.5},
                }
            ]
        }
    )

    title: Title = "Untitled"

    @model_validator(mode="after")
    def _one_source(self) -> Self:
        if sum((bool(self.references), self.preset_id is not None, self.preset is not None)) != 1:
            raise ValueError("a match needs references, or preset_id, or preset: exactly one of them")
        if self.mode == "A" and len(self.references) != 1:
            raise ValueError("mode A needs exactly one reference")
        return self

    def params(self, preset: StyleParams | None) -> MatchParams:
        """``preset`` is what ``preset_id`` or ``preset`` stand for."""
        return MatchParams.model_validate(self.model_dump(exclude={"title", "preset"})).model_copy(
            update={"preset": preset}
        )


class MatchResult(BaseModel):
    """match_result, schema version 1: the files (keys) and how far the recording was from the reference."""

    schema_version: Literal[1] = 1
    mode: Mode
    rate_hz: int
    channels: int
    frames: int
    duration_s: float
    segments: int
    metrics_before: Metrics
    metrics_after: Metrics
    audio_key: str
    preset_key: str
    report_key: str
    page_key: str
    picture_key: str
    viz_key: str
    preview_keys: dict[str, str] = Field(
        default={},
        description="AAC in M4A by role: of the recordings, and of the ``result``. Without those that AAC cannot hold, "
        "and empty where it was made before there were any.",
    )


def reference_role(index: int) -> str:
    """The role of a reference in a job's inputs; ``reference_1`` is number 0."""
    return f"reference_{index + 1}"
