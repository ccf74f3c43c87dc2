"""Keep what was made: facts beside the songs in results/, variants and scores in the catalog. The track is ready.

A track that was only listened to is what it was before.
"""

from typing import Any

from soundstage.models.tracks import TrackFacts, Understood
from soundstage.platform.catalog.tracks import Tracks
from soundstage.platform.runtime.steps import Step, step
from soundstage.platform.runtime.wiring import catalog
from soundstage.products.track import TRACK


@step("persist", progress=97)
def handler(event: dict[str, Any], step: Step) -> dict[str, Any]:
    if TRACK.options_of(step.job).listen_only:
        return {"track_id": step.job.subject_id, "kept": Tracks(catalog()).listened(step.job)}
    # work/ expires; what the songs were made from stays with them.
    made_from = {name: step.read_json(event[f"{name}_key"]) for name in ("analysis", "composition")}
    facts = TrackFacts.model_validate({name: event[name] for name in ("variants", "score", "segment")} | made_from)
    step.write_json(step.result_key("track.json"), facts.model_dump(mode="json"))
    understood = Understood.of(facts.analysis, facts.composition)
    kept = Tracks(catalog()).persist(
        step.job, variants=facts.variants, score=facts.score, seed=facts.composition.seed, understood=understood
    )
    for label, scores in facts.score.variants.items():
        step.telemetry.score(step.trace_id, "input_similarity", scores.input_similarity.value, of=label)
        step.telemetry.score(step.trace_id, "audio_quality", scores.audio_quality.value, of=label)
    step.telemetry.score(step.trace_id, "ab_diversity", facts.score.ab_diversity.value)
    return {"track_id": step.job.subject_id, "recommended": facts.score.recommended, "kept": kept}
