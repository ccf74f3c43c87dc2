"""A style after its trial: stages that take the recording further from the reference are reduced or left out."""

from soundstage.match.estimation.evidence import between
from soundstage.match.estimation.trial_render import Trial, render_trial
from soundstage.match.rendering.eq_response import scaled_bands
from soundstage.models.style import Stage, StageNote, StyleParams

WORSE_DB = 0.01
"""Of distance: what is no further than this from another counts as good."""

CLEARLY_BETTER = (0.85, 0.95)
"""Distance without a stage as a share of that with it, from (none of the stage is kept) to (all of it is)."""

CHANGES = ((0.5, "Halved"), (0.0, "Left out"))
"""What can be done about a stage that leads away: the share that stays, and how its note begins."""

JUDGED: tuple[Stage, ...] = ("pitch", "compressor", "exciter", "reverb", "stereo", "eq")
"""Stages that may be changed, in the order in which they are where several are as good."""

DOUBTED: tuple[Stage, ...] = ("pitch", "compressor", "exciter", "reverb")
"""Stages that are tried one by one. What an equaliser and a width do is known beforehand: these are changed only when
all together lead away."""


def adjust_by_trial(params: StyleParams, trial: Trial) -> StyleParams:
    """The style without what increases the distance, unless it was asked for; its notes say what was measured.

    First each of ``DOUBTED`` is tried by itself. While the style still leads away, the stage whose change helps most is
    halved or left out.
    """
    if not any(_may_change(params, stage) for stage in JUDGED):
        return params
    before = trial.distance(trial.part)
    params, reached = _without_doubted(params, trial)
    while reached > before + WORSE_DB and (running := [stage for stage in JUDGED if _may_change(params, stage)]):
        candidates = [(_with_share(params, stage, share), stage, word) for stage in running for share, word in CHANGES]
        results = [_distance(candidate, trial) for candidate, _, _ in candidates]
        # Of those that are as good as each other the first: half of a stage before none of it.
        (candidate, stage, word), after = next(
            pair for pair in zip(candidates, results, strict=True) if pair[1] <= min(results) + WORSE_DB
        )
        if after > reached - WORSE_DB:
            # No stage alone is to blame: without any of them the recording is as far away as it was.
            for stage in running:
                params = _with_note(_with_share(params, stage, 0.0), stage, "Left out", reached, before)
            break
        params, reached = _with_note(candidate, stage, word, reached, after), after
    return params


def _without_doubted(params: StyleParams, trial: Trial) -> tuple[StyleParams, float]:
    """The style without those of ``DOUBTED`` that do not bring the part clearly nearer, and its distance, dB."""
    reached = _distance(params, trial)
    for stage in DOUBTED:
        if not _may_change(params, stage):
            continue
        simpler = _distance(_with_share(params, stage, 0.0), trial)
        share = float(between(simpler / (reached + 1e-9), *CLEARLY_BETTER))
        if share < 1.0:
            word = "Left out" if share == 0.0 else f"{share:.0%} of it"
            params = _with_note(_with_share(params, stage, share), stage, word, reached, simpler)
            reached = _distance(params, trial)
    return params, reached


def _distance(params: StyleParams, trial: Trial) -> float:
    """The distance of the part from the reference, rendered by this style, dB."""
    return render_trial(params, trial)


def _runs(params: StyleParams, stage: Stage) -> bool:
    return bool(getattr(params, stage)) and getattr(params.amounts, stage) > 0


def _may_change(params: StyleParams, stage: Stage) -> bool:
    return _runs(params, stage) and not params.amounts.ask_for(stage)


def _with_share(params: StyleParams, stage: Stage, share: float) -> StyleParams:
    """``share`` of what the stage does, as its own parameters say it; ``amounts`` stay as they were asked for."""
    if share == 0.0:
        return params.model_copy(update={stage: [] if stage == "eq" else None})
    update: dict[str, object] = {}
    if stage == "eq":
        update["eq"] = scaled_bands(params.eq, share)
    if stage == "pitch" and params.pitch:
        update["pitch"] = params.pitch.model_copy(update={"semitones": params.pitch.semitones * share})
    if stage == "compressor" and params.compressor:
        ratio = round(1 / (1 - share * (1 - 1 / params.compressor.ratio)), 3)
        update["compressor"] = params.compressor.model_copy(update={"ratio": ratio})
    if stage == "exciter" and params.exciter:
        update["exciter"] = params.exciter.model_copy(update={"mix": params.exciter.mix * share})
    if stage == "reverb" and params.reverb:
        update["reverb"] = params.reverb.model_copy(update={"mix": params.reverb.mix * share})
    if stage == "stereo" and params.stereo:
        update["stereo"] = params.stereo.model_copy(update={"width": round(params.stereo.width**share, 4)})
    return params.model_copy(update=update)


def _with_note(params: StyleParams, stage: Stage, change: str, with_db: float, without_db: float) -> StyleParams:
    """The stage's note is now why it was changed: the distances ``with_db`` and ``without_db`` it."""
    sentence = f"{change}: tried on a part, it was {with_db:.2f} dB away with it and {without_db:.2f} dB without."
    kept = [note for note in params.notes if note.stage != stage]
    note = StageNote(stage=stage, sentence=sentence, applied=_runs(params, stage))
    return params.model_copy(update={"notes": [*kept, note]})
