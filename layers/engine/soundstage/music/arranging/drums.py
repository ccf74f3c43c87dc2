"""What a drummer plays: the groove of the section, small variations, fills, and a crash where something begins."""

from dataclasses import dataclass, replace

import numpy as np

from soundstage.models.composition import Meter, Section, VariantPlan
from soundstage.music.composing.grooves import GROOVES, LIFTS, STROKES, Groove, Pattern
from soundstage.music.composing.melody import PITCH_CLASSES


@dataclass(frozen=True)
class DrumHit:
    """``root``: the pitch class that a tuned drum is tuned to."""

    beat: float
    drum: str
    velocity: float
    root: int = 0


def play_drums(plan: VariantPlan, groove_name: str, rng: np.random.Generator, *, drop: bool = False) -> list[DrumHit]:
    """Every stroke of the song. A section below energy .28 has no drums; a fill leads into each new section."""
    groove = GROOVES[groove_name]
    hits: list[DrumHit] = []
    for index, section in enumerate(plan.sections):
        following = plan.sections[index + 1] if index + 1 < len(plan.sections) else None
        root = (PITCH_CLASSES.index(plan.key.tonic) + section.lift_semitones) % 12
        hits += [replace(h, root=root) for h in _section(groove, section, following, plan, rng, drop=drop)]
    return hits


def _section(
    groove: Groove,
    section: Section,
    following: Section | None,
    plan: VariantPlan,
    rng: np.random.Generator,
    *,
    drop: bool,
) -> list[DrumHit]:
    bar = plan.bar_beats
    hits = []
    pattern = _pattern(groove, section, plan.meter)
    if section.energy >= 0.7 or section.statement == 1:
        hits.append(DrumHit(section.start_bar * bar, groove.crash, 0.55 + 0.3 * section.energy))
    for i in range(section.bars):
        start = (section.start_bar + i) * bar
        last = i == section.bars - 1
        if section.name == "outro" and last:
            hits += [DrumHit(start, "kick" if "kick" in pattern else "taiko", 0.7), DrumHit(start, groove.crash, 0.6)]
            break
        fill_from = _fill_start(section, following, i, bar) if last or i % 8 == 7 else bar
        hits += _bar(_varied(pattern, i, rng), start, fill_from, section.energy, rng)
        if fill_from < bar:
            big = following is not None and following.energy > section.energy + 0.2
            hits += _build(start, bar, rng) if drop and big else _fill(groove, start, fill_from, bar, rng)
    return hits


def _pattern(groove: Groove, section: Section, meter: Meter) -> Pattern:
    light, full = groove.patterns(meter)
    if section.treatment == "full":
        return {groove.lift: LIFTS[meter], **full}
    if section.energy >= 0.65:
        return full
    if section.energy >= 0.42:
        return light
    # Something always keeps time, so that an intro has a pulse: the lightest instruments of the groove.
    quiet = ("shaker", "hat", "ride", "triangle", "brush", "timpani")
    kept = {drum: p for drum, p in light.items() if drum in quiet}
    return kept if section.energy >= 0.28 else {}


def _varied(pattern: Pattern, bar_number: int, rng: np.random.Generator) -> Pattern:
    """Every second bar the bass drum changes a little, as a drummer's foot does."""
    if bar_number % 2 == 0 or "kick" not in pattern:
        return pattern
    kick = list(pattern["kick"])
    place = int(
        rng.choice([p for p in range(6, len(kick)) if kick[p] == "." and p % 2 == 0 and p % 4 == 2] or [len(kick) - 2])
    )
    kick[place] = "o"
    return {**pattern, "kick": "".join(kick)}


def _bar(pattern: Pattern, start: float, until: float, energy: float, rng: np.random.Generator) -> list[DrumHit]:
    hits = []
    for drum, steps in pattern.items():
        for step, mark in enumerate(steps):
            if mark == "." or step * 0.25 >= until:
                continue
            if mark == "g" and rng.random() < 0.12:
                continue
            velocity = STROKES[mark] * (0.8 + 0.25 * energy) * rng.uniform(0.9, 1.08)
            hits.append(DrumHit(start + step * 0.25, drum, float(np.clip(velocity, 0.08, 1.0))))
    return hits


def _fill_start(section: Section, following: Section | None, bar_number: int, bar: float) -> float:
    """Where in the bar the fill begins; the bigger the change that it announces, the longer it is."""
    if section.energy < 0.28 or following is None:
        return bar
    if bar_number < section.bars - 1:
        return bar - 1.0
    return bar - (2.0 if abs(following.energy - section.energy) > 0.25 else 1.0)


def _fill(groove: Groove, start: float, fill_from: float, bar: float, rng: np.random.Generator) -> list[DrumHit]:
    steps = np.arange(fill_from, bar - 1e-6, 0.25)
    hits = []
    for i, step in enumerate(steps):
        if rng.random() < 0.22 and i:
            continue
        drum = groove.fill[min(len(groove.fill) - 1, i * len(groove.fill) // len(steps))]
        hits.append(DrumHit(start + float(step), drum, float(0.5 + 0.4 * i / len(steps))))
    return hits


def _build(start: float, bar: float, rng: np.random.Generator) -> list[DrumHit]:
    """A snare roll that rises into a drop."""
    steps = np.arange(0.0, bar - 1e-6, 0.25)
    return [DrumHit(start + float(s), "snare", float(0.25 + 0.6 * s / bar) * rng.uniform(0.95, 1.05)) for s in steps]
