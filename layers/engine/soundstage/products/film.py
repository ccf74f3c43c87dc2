"""Film: a project as one MP4 with poster, contact sheet and subtitles, as the project is when filming begins."""

from typing import Any

from pydantic import BaseModel, Field

from soundstage.models.film import FilmResult
from soundstage.models.ids import Id
from soundstage.models.text import Title
from soundstage.products.base import LambdaStep, Product, WorkerTask


class FilmOptions(BaseModel):
    project_id: Id
    title: Title = "Untitled"
    settings: dict[str, Any] = Field(default={}, description="What differs from the project's settings.")


FILM = Product(
    kind="film",
    options=FilmOptions,
    inputs={"shots": "job"},
    steps=("prepare", "film_make", "persist"),
    rows="soundstage.platform.catalog.films:Films",
    collection="films",
    functions=(
        LambdaStep("film.prepare", code="web", writes=("work/",), uses_catalog=True),
        LambdaStep("film.persist", code="web", timeout_s=120, reads=("results/",), uses_catalog=True),
    ),
    tasks=(WorkerTask("film_make"),),
    schemas={"film_result": FilmResult},
)
