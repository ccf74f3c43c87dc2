"""Form: sections and their bars: intro, statements of the melody as verses and choruses, a break, and an outro."""

import itertools
from dataclasses import dataclass, replace

from soundstage.models.composition import Section, SectionName
from soundstage.music.composing.styles import StylePack

# Sections by the number of statements.
ORDERS: dict[int, tuple[SectionName, ...]] = {
    1: ("verse",),
    2: ("verse", "chorus"),
    3: ("verse", "chorus", "chorus"),
    4: ("verse", "chorus", "verse", "chorus"),
    5: ("verse", "verse", "chorus", "verse", "chorus"),
    6: ("verse", "verse", "chorus", "verse", "chorus", "chorus"),
}


# An intro lasts no longer than this, nor than its share of the song: a person waits for their own melody.
LONGEST_INTRO_S, INTRO_SHARE = 8.0, 1 / 6
INTRO_BARS, BREAK_BARS = (4, 2, 1), (8, 4, 2)  # the first that fits
# Bars of an outro in songs of at least so many bars.
OUTRO_BARS = {28: 4, 8: 2, 0: 1}
# Energy, 0 to 1: more with each section of a name, and in the last of more than two.
ENERGY_PER_RETURN, LAST_ENERGY = 0.08, 0.05


def build_form(
    style: StylePack, total_bars: int, melody_bars: int, bar_s: float, *, intro_bars: int | None = None
) -> list[Section]:
    """Sections that add up to ``total_bars`` (at least 2).

    Args:
        melody_bars: length of one statement; the caller cuts a melody that is longer than the song.
        bar_s: length of a bar, seconds.
        intro_bars: of the intro, where the song has room for them; None: as songs of its length have it.
    """
    outro = next(bars for least, bars in OUTRO_BARS.items() if total_bars >= least)
    statement = max(1, min(melody_bars, total_bars - outro))
    longest_intro = _intro_bars(total_bars, bar_s) if intro_bars is None else intro_bars
    if longest_intro and total_bars - statement == outro == 2:
        outro = 1
    intro = min(longest_intro, total_bars - outro - statement)
    room = total_bars - intro - outro
    count = max(1, room // statement)
    left = room - count * statement
    if count >= 4 and left < 2:
        # A song without a rest is a loop: one statement becomes a break.
        count, left = count - 1, left + statement
    stretches = [part for number in range(count) for part in _stretches(number + 1, statement, count)]
    # Bars left over: the last phrases once more as a last chorus, a break before it, and a longer outro.
    reprise = _reprise_bars(statement, count, left)
    left -= reprise
    if reprise:
        stretches.append(Stretch("chorus", count + 1, statement - reprise, reprise))
    # The first statement is never interrupted.
    may_break = count > 1 or reprise > 0
    break_bars = next((bars for bars in BREAK_BARS if bars <= left), 0) if may_break else 0
    left -= break_bars
    longer_end = min(left, 2) if may_break else left
    break_bars += left - longer_end
    if len(stretches) == 1:
        stretches = _halves(stretches[0])
    return _laid_out(style, stretches, Surroundings(intro, break_bars, outro + longer_end))


def _reprise_bars(statement: int, count: int, left: int) -> int:
    """Bars of the melody's end that return where there is room for them but not for another statement."""
    if statement < 8:
        return 2 if count == 1 and statement >= 4 and left >= 2 else 0
    if left < 4 or count > 3:
        return 0
    return 8 if statement >= 12 and left >= 10 else 4


def _intro_bars(total_bars: int, bar_s: float) -> int:
    longest = min(LONGEST_INTRO_S, INTRO_SHARE * total_bars * bar_s)
    return next((bars for bars in INTRO_BARS if bars * bar_s <= longest), 0)


@dataclass(frozen=True)
class Stretch:
    """A part of the melody: ``bars`` from ``melody_bar``, in statement number ``statement``."""

    name: SectionName
    statement: int
    melody_bar: int
    bars: int


def _halves(part: Stretch) -> list[Stretch]:
    """The only statement of a short song as verse and chorus."""
    chorus = part.bars // 2
    if not chorus:
        return [part]
    verse = part.bars - chorus
    return [replace(part, bars=verse), Stretch("chorus", part.statement, part.melody_bar + verse, chorus)]


@dataclass(frozen=True)
class Surroundings:
    """Bars around the statements; the break comes before the last one."""

    intro: int
    break_bars: int
    outro: int


def _stretches(number: int, bars: int, count: int) -> list[Stretch]:
    """One statement: a section where it has 8 bars or fewer, else stretches from verse to chorus."""
    if bars <= 8:
        names = ORDERS.get(count) or (*("verse" if i % 4 < 2 else "chorus" for i in range(count - 1)), "chorus")
        return [Stretch(names[number - 1], number, 0, bars)]
    starts = list(range(0, bars, 8 if bars >= 16 else 4))
    if len(starts) > 1 and bars - starts[-1] < 4:
        starts.pop()
    lengths = [b - a for a, b in itertools.pairwise([*starts, bars])]
    half = len(starts) // 2
    return [
        Stretch("verse" if i < half or (i % 2 == 0 and i < len(starts) - 1) else "chorus", number, start, length)
        for i, (start, length) in enumerate(zip(starts, lengths, strict=True))
    ]


def _laid_out(style: StylePack, stretches: list[Stretch], around: Surroundings) -> list[Section]:
    energies = style.energies
    sections: list[Section] = []

    def add(name: SectionName, bars: int, energy: float, part: Stretch | None = None) -> None:
        start = sections[-1].start_bar + sections[-1].bars if sections else 0
        statement, melody_bar = (part.statement, part.melody_bar) if part else (0, 0)
        sections.append(
            Section(
                name=name,
                start_bar=start,
                bars=bars,
                energy=round(min(energy, 1.0), 3),
                statement=statement,
                melody_bar=melody_bar,
            )
        )

    if around.intro:
        add("intro", around.intro, energies["intro"])
    count_of: dict[SectionName, int] = {}
    for i, part in enumerate(stretches):
        last = i == len(stretches) - 1
        if last and around.break_bars:
            add("break", around.break_bars, energies["break"])
        count_of[part.name] = count_of.get(part.name, 0) + 1
        fuller = ENERGY_PER_RETURN * (count_of[part.name] - 1)
        energy = energies[part.name] + fuller + (LAST_ENERGY if last and len(stretches) > 2 else 0.0)
        add(part.name, part.bars, energy, part)
    add("outro", around.outro, energies["outro"])
    return sections
