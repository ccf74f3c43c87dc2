"""Text prompts from a plan: only what the plan itself decides, and always instrumental."""

from soundstage.models.composition import Section, VariantPlan
from soundstage.models.music import Ending
from soundstage.music.composing.styles import pack_of

SECTION_WORDS = {
    "intro": "a short intro that hints at the tune",
    "verse": "a verse, the tune clear and close",
    "chorus": "a full chorus, the tune on top",
    "break": "a quiet break, fewer players",
    "outro": "an outro that comes to rest on the tonic",
}
ENDING_WORDS: dict[Ending, str] = {
    "held": "the last chord held",
    "slowing": "slowing down to a held last chord",
    "cold": "a short last stroke of the whole band",
    "fade": "the band plays on and fades out",
}
NOT_WANTED = ("vocals", "singing", "spoken word", "noise")


def styles_of(plan: VariantPlan) -> list[str]:
    """Genre, players, mood, tempo, key and meter, most telling first."""
    pack = pack_of(plan)
    players = dict.fromkeys(layer.instrument.replace("_", " ") for layer in pack.layers)
    return [
        plan.style.replace("_", " "),
        f"{pack.family} arrangement",
        *players,
        *pack.moods,
        "instrumental",
        f"{plan.tempo_bpm:.0f} quarter notes per minute",
        f"in {key_of(plan)}",
        f"{plan.meter} time",
    ]


def prompt_of(plan: VariantPlan) -> str:
    """One line for models that take a prompt."""
    form = ", then ".join(dict.fromkeys(SECTION_WORDS[section.name] for section in plan.sections))
    return f"{', '.join(styles_of(plan))}. Form: {form}. End: {ENDING_WORDS[plan.ending]}."


def key_of(plan: VariantPlan) -> str:
    return f"{plan.key.tonic} {plan.key.mode.value}"


def section_styles(section: Section, plan: VariantPlan) -> list[str]:
    energy = "calm" if section.energy < 0.4 else "driving" if section.energy > 0.7 else "flowing"
    ending = [ENDING_WORDS[plan.ending]] if section.name == "outro" else []
    return [SECTION_WORDS[section.name], energy, *ending]


def section_seconds(plan: VariantPlan) -> list[tuple[Section, float]]:
    """Each section and how long it lasts; together exactly the song, its ring-out included."""
    bar_s = plan.bar_beats * 60.0 / plan.tempo_bpm
    starts = [section.start_bar * bar_s for section in plan.sections]
    ends = [*starts[1:], plan.duration_s]
    return [(section, end - start) for section, start, end in zip(plan.sections, starts, ends, strict=True)]
