"""A region of a match in a changed style: what people ask for, and the event of the function ``match/preview``."""

from pydantic import BaseModel, ConfigDict, Field

from soundstage.models.style import StyleParams

MOST_S = 15.0
"""Of a region, chosen: more than anybody compares at a time. 16-bit FLAC of it fits an answer of a function (6 MB)."""


class PreviewRequest(BaseModel):
    """From ``start_s`` on, and no further than the end of the target."""

    model_config = ConfigDict(
        extra="forbid",
        json_schema_extra={
            "examples": [
                {
                    "style": {"compressor": {"threshold_db": -24, "ratio": 3}, "lufs": {"target_db": -14}},
                    "start_s": 42.0,
                    "duration_s": 12.0,
                }
            ]
        },
    )

    style: StyleParams
    start_s: float = Field(ge=0, le=86_400)
    duration_s: float = Field(default=12.0, ge=1.0, le=MOST_S)


class RegionAsked(PreviewRequest):
    """``finished_style`` and ``finished_lufs`` are of the match as it was rendered, which ``result_key`` holds."""

    target_key: str
    target_version_id: str | None
    result_key: str
    finished_style: StyleParams
    finished_lufs: float | None
