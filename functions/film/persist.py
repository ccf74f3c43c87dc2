"""Keep what was made: the film with its files in the catalog. The film is ready."""

from typing import Any

from soundstage.models.film import FilmResult
from soundstage.models.projects import FilmFiles
from soundstage.platform.catalog.films import Films
from soundstage.platform.runtime.steps import Step, step
from soundstage.platform.runtime.wiring import catalog


@step("persist", progress=97)
def handler(event: dict[str, Any], step: Step) -> dict[str, Any]:
    key, order = event["made"]["result_key"], event["order"]
    result = FilmResult.model_validate(step.read_json(key))
    files = FilmFiles(result_key=key, result=result)
    kept = Films(catalog()).persist(step.job, files, revision=order["revision"], title=order["title"])
    reused = sum(part.reused for part in result.parts)
    said = {"film_id": step.job.subject_id, "duration_s": result.quality.duration_s, "sha256": result.sha256}
    return said | {"kept": kept, "parts": len(result.parts), "parts_reused": reused}
