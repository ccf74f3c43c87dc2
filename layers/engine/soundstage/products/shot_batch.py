"""Shot batch: all shots of a project that are missing or stale are made.

It waits for the storyboard where that is being written, and lasts until the work on every shot has ended, that of edits
meanwhile included.
"""

from pydantic import BaseModel

from soundstage.models.ids import Id
from soundstage.models.text import Title
from soundstage.products.base import LambdaStep, Product


class ShotBatchOptions(BaseModel):
    project_id: Id
    title: Title = "Untitled"


SHOT_BATCH = Product(
    kind="shot_batch",
    makes="batch",
    options=ShotBatchOptions,
    inputs={"storyboard": "job"},
    steps=("begin", "making", "persist"),
    rows="soundstage.platform.catalog.shot_batches:ShotBatches",
    functions=(
        LambdaStep("shot_batch.begin", code="web", timeout_s=300, uses_catalog=True, starts=("shot",)),
        LambdaStep("shot_batch.look", code="web", uses_catalog=True),
        LambdaStep("shot_batch.persist", code="web", uses_catalog=True),
    ),
)
