"""Video: the notes of a song as they sound, below its cover. Asked for song by song, and shown with the track."""

from pydantic import BaseModel

from soundstage.models.ids import Id
from soundstage.models.music import TrackMetadata
from soundstage.models.text import Title
from soundstage.models.tracks import VariantLabel
from soundstage.products.base import LambdaStep, Product, WorkerTask


class VideoOptions(BaseModel):
    """``song_job_id`` made the song: a track that is made again has other songs, and this is no video of those."""

    label: VariantLabel
    song_job_id: Id
    title: Title = "Untitled"
    metadata: TrackMetadata = TrackMetadata()


VIDEO = Product(
    kind="video",
    options=VideoOptions,
    inputs={},
    steps=("video_render", "persist"),
    rows="soundstage.platform.catalog.videos:Videos",
    made_once=True,
    functions=(LambdaStep("video.persist", code="web", timeout_s=120, uses_catalog=True),),
    tasks=(WorkerTask("video_render"),),
)
