"""Drums: the groove of each section, which breathes: it grows, stops, swells and is filled as the song goes on."""

from dataclasses import dataclass, replace

import numpy as np

from soundstage.models.composition import Meter, Section, VariantPlan
from soundstage.music.arranging.phrasing import FULL_ENERGY, ends_phrase, entrance, rises, swell
from soundstage.music.composing.grooves import GROOVES, LIFTS, STROKES, Groove, Pattern
from soundstage.music.composing.melody import PITCH_CLASSES
from soundstage.music.instruments.kit import SWELL_S

SIXTEENTH = 0.25  # quarters
# Energies, 0 to 1, from which a section has time-keeping instruments only, the light groove, and a crash.
QUIET_ENERGY, LIGHT_ENERGY, CRASH_ENERGY = 0.28, 0.42, 0.7
TIMEKEEPERS = ("shaker", "hat", "ride", "triangle", "brush", "timpani")
# Velocities, 0 to 1: of a crash, and more per unit of energy; of the last kick and crash of the song.
CRASH, CRASH_PER_ENERGY, LAST_KICK, LAST_CRASH = 0.55, 0.3, 0.7, 0.6
LAST_DRUMS = ("kick", "taiko")  # the first that the light groove has
QUIET, LOUDER_PER_ENERGY, VARIATION, VELOCITY_RANGE = 0.8, 0.25, (0.9, 1.08), (0.08, 1.0)  # factors of a stroke's
GHOST_SKIPPED_PROBABILITY = 0.12
OFF_QUARTER = 0.94  # factor of velocity of strokes off the quarters
# Intros have no backbeat, and the first verse begins without, for so many bars, where it has twice as many.
BACKBEAT, WITHOUT_BACKBEAT_BARS = ("snare", "rim", "clap", "brush"), 4
# More soft strokes of the snare, beside its own, in grooves that have some: steps of a bar, and how often.
GHOST_STEPS, GHOST_PROBABILITY, GHOSTS_FROM_ENERGY = (3, 7, 9, 11, 15), 0.22, 0.55
STOP_PROBABILITY, STOPS = 0.35, (1.0, 2.0)  # before a much louder section drums stop now and then; quarters
HALF_FILL_PROBABILITY, HALF_FILL, HALF_FILL_GAIN = 0.45, 0.5, 0.75  # in the middle of 8 bars; quarters; of velocity
FILL_BARS, SHORT_FILL, LONG_FILL, LONG_FILL_CHANGE = 8, 1.0, 2.0, 0.25  # every 8 bars; quarters; change of energy
# Velocity at the start of a fill, and by how much it changes: it grows into a louder section, and fades into a quieter
# one. Factor at no energy of where it leads, and more per unit of it.
FILL_START, FILL_RISE, FILL_QUIET, FILL_PER_ENERGY = 0.5, 0.4, 0.6, 0.45
# Rhythms of a fill in sixteenths, of which it takes the last ones; and its drums: as the groove has them, in turn with
# the first, or the first alone.
FILL_RHYTHMS, FILL_ORDERS = ("xxxxxxxx", "x.xxx.xx", "xx.xx.xx", "x.x.xxxx"), ("along", "in turn", "alone")
SWELL = 0.6  # velocity of a cymbal that swells into a louder section
ROLL_START, ROLL_RISE, ROLL_VARIATION, DROP_CHANGE = 0.25, 0.6, (0.95, 1.05), 0.2  # of a snare roll; change of energy


@dataclass(frozen=True)
class DrumHit:
    """A stroke at ``beat`` (quarters); ``velocity`` 0 to 1; ``root``: the pitch class of a tuned drum."""

    beat: float
    drum: str
    velocity: float
    root: int = 0


def play_drums(plan: VariantPlan, groove_name: str, rng: np.random.Generator, *, drop: bool = False) -> list[DrumHit]:
    """Every stroke of the song, with a fill into each new section. ``drop``: a snare roll into a louder one."""
    groove = GROOVES[groove_name]
    hits: list[DrumHit] = []
    for before, section, following in zip(
        [None, *plan.sections], plan.sections, [*plan.sections[1:], None], strict=False
    ):
        root = (PITCH_CLASSES.index(plan.key.tonic) + section.lift_semitones) % 12
        if max(section.energy, before.energy if before else 0.0) >= CRASH_ENERGY:
            crash = CRASH + CRASH_PER_ENERGY * section.energy
            hits.append(DrumHit(section.start_bar * plan.bar_beats, groove.crash, crash))
        hits += [replace(h, root=root) for h in _section(groove, section, following, plan, rng, drop=drop)]
        if groove.swells and following and following.energy >= CRASH_ENERGY and rises(section, following):
            hits.append(DrumHit(following.start_bar * plan.bar_beats - SWELL_S * plan.tempo_bpm / 60, "swell", SWELL))
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
    # A fill leads into the tune even where nothing comes before it.
    for i in range(min(entrance(section, rng), section.bars - 1), section.bars):
        start = (section.start_bar + i) * bar
        last = i == section.bars - 1
        if section.name == "outro" and last and plan.ending != "fade":
            low = next((drum for drum in LAST_DRUMS if drum in groove.light), None)
            hits += [DrumHit(start, low, LAST_KICK)] if low else []
            hits.append(DrumHit(start, groove.crash, LAST_CRASH))
            break
        played = _varied(_breathing(pattern, section, i, rng), i, rng)
        if ends_phrase(i) and section.energy >= FULL_ENERGY:
            played = _opened(played)
        if last and rises(section, following) and not drop and rng.random() < STOP_PROBABILITY:
            until = bar - STOPS[int(rng.integers(len(STOPS)))]
            hits += _bar(played, start, max(1.0, until), section.energy, rng, gain=swell(i))
            continue
        fill_from = _fill_start(section, following, i, bar, rng)
        hits += _bar(played, start, fill_from, section.energy, rng, gain=swell(i))
        if fill_from < bar:
            big = following is not None and following.energy > section.energy + DROP_CHANGE
            goal = following.energy if last and following else section.energy
            soft = HALF_FILL_GAIN if bar - fill_from <= HALF_FILL else 1.0
            gain = soft * (FILL_QUIET + FILL_PER_ENERGY * goal)
            hits += (
                _build(start, bar, rng)
                if drop and big and last
                else _fill(groove, start + fill_from, bar - fill_from, rng, gain=gain, fades=goal < section.energy)
            )
    return hits


def _pattern(groove: Groove, section: Section, meter: Meter) -> Pattern:
    """The pattern of a section by its energy and treatment."""
    light, full = groove.patterns(meter)
    if section.treatment == "full":
        return {groove.lift: LIFTS[meter], **full}
    if section.energy >= FULL_ENERGY:
        return full
    if section.energy >= LIGHT_ENERGY:
        return light
    kept = {drum: p for drum, p in light.items() if drum in TIMEKEEPERS}
    return kept if section.energy >= QUIET_ENERGY else {}


def _breathing(pattern: Pattern, section: Section, bar_number: int, rng: np.random.Generator) -> Pattern:
    """The pattern as this bar has it: the backbeat joins late in the first verse, and ghost strokes come and go."""
    first_verse = section.statement == 1 and section.name == "verse" and section.melody_bar == 0
    grows = first_verse and bar_number < WITHOUT_BACKBEAT_BARS and section.bars >= 2 * WITHOUT_BACKBEAT_BARS
    if grows or section.name == "intro":
        kept = {drum: steps for drum, steps in pattern.items() if drum not in BACKBEAT}
        return kept if len(kept) > 1 else pattern
    if section.energy < GHOSTS_FROM_ENERGY or "g" not in pattern.get("snare", ""):
        return pattern
    snare = list(pattern["snare"])
    for step in GHOST_STEPS:
        if step < len(snare) and snare[step] == "." and rng.random() < GHOST_PROBABILITY:
            snare[step] = "g"
    return {**pattern, "snare": "".join(snare)}


def _varied(pattern: Pattern, bar_number: int, rng: np.random.Generator) -> Pattern:
    """The pattern with one more soft kick in every second bar."""
    if bar_number % 2 == 0 or "kick" not in pattern:
        return pattern
    kick = list(pattern["kick"])
    free = [p for p in range(6, len(kick)) if kick[p] == "." and p % 4 == 2] or [len(kick) - 2]
    place = int(rng.choice(free))
    kick[place] = "o"
    return {**pattern, "kick": "".join(kick)}


def _opened(pattern: Pattern) -> Pattern:
    """The pattern with its last stroke of the closed hat on an eighth opened, into the next phrase."""
    hat = pattern.get("hat", "")
    places = [step for step in range(0, len(hat), 2) if hat[step] != "."]
    if not places or "open_hat" in pattern:
        return pattern
    last = places[-1]
    open_hat = "." * last + "x" + "." * (len(hat) - last - 1)
    return {**pattern, "hat": hat[:last] + "." * (len(hat) - last), "open_hat": open_hat}


def _bar(
    pattern: Pattern, start: float, until: float, energy: float, rng: np.random.Generator, *, gain: float
) -> list[DrumHit]:
    hits = []
    for drum, steps in pattern.items():
        for step, mark in enumerate(steps):
            if mark == "." or step * SIXTEENTH >= until:
                continue
            if mark == "g" and rng.random() < GHOST_SKIPPED_PROBABILITY:
                continue
            velocity = STROKES[mark] * (QUIET + LOUDER_PER_ENERGY * energy) * rng.uniform(*VARIATION) * gain
            if step % 4 and mark != "X":
                velocity *= OFF_QUARTER
            hits.append(DrumHit(start + step * SIXTEENTH, drum, float(np.clip(velocity, *VELOCITY_RANGE))))
    return hits


def _fill_start(
    section: Section, following: Section | None, bar_number: int, bar: float, rng: np.random.Generator
) -> float:
    """Where in the bar a fill begins, quarters: the bar's end for none; longest before a much louder section."""
    if section.energy < QUIET_ENERGY or following is None:
        return bar
    if bar_number == section.bars - 1:
        change = following.energy - section.energy
        return bar - (LONG_FILL if change > LONG_FILL_CHANGE else SHORT_FILL if change >= 0 else HALF_FILL)
    if bar_number % FILL_BARS == FILL_BARS - 1:
        return bar - SHORT_FILL
    middle = bar_number % FILL_BARS == FILL_BARS // 2 - 1
    return bar - HALF_FILL if middle and rng.random() < HALF_FILL_PROBABILITY else bar


def _fill(
    groove: Groove, start: float, beats: float, rng: np.random.Generator, *, gain: float, fades: bool
) -> list[DrumHit]:
    """A fill through the groove's drums, with a crescendo, or as it ``fades``."""
    count = round(beats / SIXTEENTH)
    rhythm = FILL_RHYTHMS[int(rng.integers(len(FILL_RHYTHMS)))][-count:]
    order = FILL_ORDERS[int(rng.integers(len(FILL_ORDERS)))]
    hits = []
    for i in (i for i, mark in enumerate(rhythm) if mark != "."):
        drum = groove.fill[i * len(groove.fill) // count]
        if order == "alone" or (order == "in turn" and i % 2):
            drum = groove.fill[0]
        grown = 1.0 - i / count if fades else i / count
        hits.append(DrumHit(start + SIXTEENTH * i, drum, gain * (FILL_START + FILL_RISE * grown)))
    return hits


def _build(start: float, bar: float, rng: np.random.Generator) -> list[DrumHit]:
    """A snare roll in sixteenths through a bar, with a crescendo."""
    return [
        DrumHit(start + float(s), "snare", float(ROLL_START + ROLL_RISE * s / bar) * rng.uniform(*ROLL_VARIATION))
        for s in np.arange(0.0, bar - 1e-6, SIXTEENTH)
    ]
