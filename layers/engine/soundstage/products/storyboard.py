"""Storyboard: a story becomes shots with everything that is to be seen and said in them. It is a project's."""

from pydantic import BaseModel

from soundstage.models.film import FilmSettings
from soundstage.models.projects import ProjectDocument
from soundstage.models.story import Storyboard
from soundstage.models.text import Title
from soundstage.products.base import LambdaStep, Product, WorkerTask


class StoryboardOptions(BaseModel):
    """``story_sha256`` tells two stories apart; the story itself is the project's."""

    title: Title = "Untitled"
    story_sha256: str


STORYBOARD = Product(
    kind="storyboard",
    makes="project",
    options=StoryboardOptions,
    inputs={},
    steps=("prepare", "storyboard_write", "persist"),
    rows="soundstage.platform.catalog.projects:Projects",
    natural_key="subject",
    collection="projects",
    functions=(
        LambdaStep("storyboard.prepare", code="web", writes=("work/",), uses_catalog=True),
        LambdaStep("storyboard.persist", code="web", timeout_s=120, reads=("results/",), uses_catalog=True),
    ),
    tasks=(WorkerTask("storyboard_write"),),
    schemas={"storyboard": Storyboard, "film_settings": FilmSettings, "project_document": ProjectDocument},
)
