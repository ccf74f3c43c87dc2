"""What is told of a stage that was asked to do less than was found, or nothing."""

from collections.abc import Sequence

from soundstage.models.style import Amounts, StageNote


def as_asked(notes: Sequence[StageNote], amounts: Amounts) -> list[StageNote]:
    """The notes; those of stages that do less than what they tell say so."""

    def told(note: StageNote) -> StageNote:
        share = getattr(amounts, note.stage)
        if not note.applied or share == 1 or (note.stage == "limiter" and share > 0):
            return note
        if share > 0:
            return note.model_copy(update={"sentence": f"{share:.0%} of this: {note.sentence}"})
        found = "" if note.stage == "limiter" else f" Found: {note.sentence}"
        return note.model_copy(update={"sentence": f"Turned off.{found}", "applied": False})

    return list(map(told, notes))
