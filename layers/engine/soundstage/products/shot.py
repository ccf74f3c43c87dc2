"""Shot: one shot of a project gets its picture and its speech."""

from pydantic import BaseModel

from soundstage.models.ids import Id
from soundstage.models.story import PartId
from soundstage.models.text import Title
from soundstage.products.base import LambdaStep, Product, WorkerTask


class ShotOptions(BaseModel):
    """``made_from`` is a digest of what the shot said when this was asked for: after an edit it is another request."""

    project_id: Id
    shot: PartId
    title: Title = "Untitled"
    made_from: str


SHOT = Product(
    kind="shot",
    options=ShotOptions,
    inputs={},
    steps=("prepare", "shot_make", "persist"),
    rows="soundstage.platform.catalog.shots:Shots",
    natural_key="subject",
    functions=(
        LambdaStep("shot.prepare", code="web", writes=("work/",), uses_catalog=True),
        LambdaStep("shot.persist", code="web", timeout_s=120, uses_catalog=True),
    ),
    tasks=(WorkerTask("shot_make"),),
)
