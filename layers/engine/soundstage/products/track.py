"""Track: a hummed tune becomes two produced songs."""

from pydantic import BaseModel

from soundstage.models.assets import AssetKind
from soundstage.models.music import TRACK_STEPS, GenParams, Score, TrackMetadata, TuneCorrection
from soundstage.models.text import Title
from soundstage.models.tracks import TrackFacts
from soundstage.products.base import LambdaStep, Product, WorkerTask


class TrackOptions(BaseModel):
    """``correction_key``: where what the person corrected lies (``platform.aws.tunes``), by its content.
    ``listen_only``: stop once the tune is heard, and make no songs of it.
    """

    gen_params: GenParams = GenParams()
    correction_key: str | None = None
    listen_only: bool = False
    metadata: TrackMetadata = TrackMetadata()
    title: Title = "Untitled"


TRACK = Product(
    kind="track",
    options=TrackOptions,
    inputs={"hum": AssetKind.AUDIO},
    steps=TRACK_STEPS,
    rows="soundstage.platform.catalog.tracks:Tracks",
    natural_key="subject",
    collection="tracks",
    functions=(
        LambdaStep(
            "track.audio_check",
            code="image",
            memory_mib=3008,
            timeout_s=300,
            disk_mib=2048,
            reads=("uploads/",),
            writes=("work/",),
        ),
        LambdaStep(
            "track.audio_analyze",
            memory_mib=3008,
            timeout_s=300,
            disk_mib=1024,
            reads=("work/", "tunes/"),
            writes=("work/", "tunes/"),
        ),
        LambdaStep("track.segment_pick", memory_mib=1024, reads=("work/", "tunes/")),
        # A language model may be asked twice.
        LambdaStep(
            "track.compose_params",
            memory_mib=1769,
            timeout_s=300,
            reads=("work/",),
            writes=("work/",),
            uses_language_model=True,
        ),
        LambdaStep("track.ab_eval", memory_mib=3008, timeout_s=300, reads=("work/", "results/")),
        LambdaStep(
            "track.persist", code="web", timeout_s=120, reads=("work/",), writes=("results/",), uses_catalog=True
        ),
    ),
    tasks=(WorkerTask("music_generate"),),
    schemas={
        "gen_params": GenParams,
        "tune_correction": TuneCorrection,
        "score": Score,
        "metadata": TrackMetadata,
        "track_facts": TrackFacts,
    },
)
