"""Tracks: the life of a piece of music, as the catalog keeps it and the API shows it."""

from enum import StrEnum
from typing import Literal

VIDEO_STEPS = ("video_render", "persist")

VariantLabel = Literal["A", "B"]


class TrackStatus(StrEnum):
    """draft → generating → ready | failed → deleted (T1). A ready or failed track may be generated again."""

    DRAFT = "draft"
    GENERATING = "generating"
    READY = "ready"
    FAILED = "failed"
    DELETED = "deleted"
