"""Assets: uploaded files, and what probing them found."""

from datetime import datetime
from enum import StrEnum

from pydantic import BaseModel, Field

from soundstage.models.ids import Id
from soundstage.models.jobs import JobError


class AssetKind(StrEnum):
    AUDIO = "audio"
    IMAGE = "image"
    VIDEO = "video"
    IMPULSE_RESPONSE = "ir"


class AssetStatus(StrEnum):
    AWAITING_UPLOAD = "awaiting_upload"
    CHECKING = "checking"
    READY = "ready"
    REJECTED = "rejected"
    DELETED = "deleted"


class AudioProbe(BaseModel):
    """Facts of an audio file, found without decoding it into memory.

    ``decoder`` names who can read it: ``libsndfile`` or ``ffmpeg``.
    """

    container: str
    codec: str
    decoder: str
    rate_hz: int
    channels: int
    frames: int
    duration_s: float
    size_bytes: int
    sha256: str


class ImageProbe(BaseModel):
    """Facts of a picture, found by decoding it once. ``width`` and ``height``: pixels, as it is looked at."""

    format: str
    width: int
    height: int
    size_bytes: int
    sha256: str


class VideoProbe(BaseModel):
    """Facts of a video, found by decoding it once. ``width`` and ``height``: pixels, as they are stored.

    ``audio_codec``: None where it has no sound. All facts of a picture are there, for clients that know only those.
    """

    format: str
    video_codec: str
    audio_codec: str | None
    width: int
    height: int
    frame_rate_hz: float
    video_frames: int
    duration_s: float
    size_bytes: int
    sha256: str


Probe = AudioProbe | ImageProbe | VideoProbe

PROBES: dict[AssetKind, type[AudioProbe] | type[ImageProbe] | type[VideoProbe]] = {
    AssetKind.AUDIO: AudioProbe,
    AssetKind.IMAGE: ImageProbe,
    AssetKind.VIDEO: VideoProbe,
    AssetKind.IMPULSE_RESPONSE: AudioProbe,
}
"""What is found of an asset, by its kind."""


class Asset(BaseModel):
    asset_id: Id
    owner_id: Id
    kind: AssetKind
    status: AssetStatus
    bucket_key: str
    file_name: str
    content_type: str
    size_bytes: int | None = None
    sha256: str | None = None
    announced_sha256: str | None = Field(default=None, description="What its sender says; anything else is refused.")
    version_id: str | None = Field(default=None, description="The object version that was accepted.")
    sequencer: str | None = Field(default=None, description="The newest S3 event seen for this key.")
    probe: Probe | None = None
    error: JobError | None = None
    upload_id: str | None = Field(default=None, description="The multipart upload under way, if any.")
    created_at: datetime
    updated_at: datetime
