"""Keep what was made: facts beside the songs in results/, variants and scores in the catalog. The track is ready."""

from datetime import UTC, datetime
from functools import cache
from typing import Any

from soundstage.models.music import RenderedVariant, Score
from soundstage.platform.catalog import tracks
from soundstage.platform.catalog.database import Catalog, engine_for
from soundstage.platform.runtime.steps import Step, settings, step


@step("persist", progress=95)
def handler(event: dict[str, Any], step: Step) -> dict[str, Any]:
    variants = [RenderedVariant.model_validate(variant) for variant in event["variants"]]
    score = Score.model_validate(event["score"])
    assert step.job.subject_id is not None  # noqa: S101  (a track's job has its track)
    # work/ expires; what the songs were made from stays with them.
    made_from = {name: step.read_json(event[f"{name}_key"]) for name in ("analysis", "composition")}
    facts = {"variants": event["variants"], "score": event["score"], "segment": event["segment"], **made_from}
    step.write_json(step.result_key("track.json"), facts)
    with _catalog().transaction() as session:
        kept = tracks.persist(
            session,
            track_id=step.job.subject_id,
            job_id=step.job.job_id,
            attempt=step.job.attempt,
            variants=variants,
            score=score,
            now=datetime.now(UTC),
        )
    for label, scores in score.variants.items():
        step.telemetry.score(step.trace_id, "input_similarity", scores.input_similarity.value, of=label)
        step.telemetry.score(step.trace_id, "audio_quality", scores.audio_quality.value, of=label)
    step.telemetry.score(step.trace_id, "ab_diversity", score.ab_diversity.value)
    return {"track_id": step.job.subject_id, "recommended": score.recommended, "kept": kept}


@cache
def _catalog() -> Catalog:
    return Catalog(engine_for(settings()))
