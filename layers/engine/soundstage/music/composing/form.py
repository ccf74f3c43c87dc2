"""Form: how many bars of what, so that the tune is introduced, stated, varied, rested from, and brought home."""

import itertools
from dataclasses import dataclass, replace

from soundstage.models.composition import Section, SectionName
from soundstage.music.composing.styles import StylePack

ORDERS: dict[int, tuple[SectionName, ...]] = {
    1: ("verse",),
    2: ("verse", "chorus"),
    3: ("verse", "chorus", "chorus"),
    4: ("verse", "chorus", "verse", "chorus"),
    5: ("verse", "verse", "chorus", "verse", "chorus"),
    6: ("verse", "verse", "chorus", "verse", "chorus", "chorus"),
}


# A person waits for their tune: an intro lasts no longer than this, nor than its share of the song.
LONGEST_INTRO_S, INTRO_SHARE = 8.0, 1 / 6
INTRO_BARS = (4, 2, 1)
BREAK_BARS = (8, 4, 2)


def build_form(style: StylePack, total_bars: int, melody_bars: int, bar_s: float) -> list[Section]:
    """Sections that add up to ``total_bars`` (at least 2). ``melody_bars`` is the length of one statement.

    A tune longer than the song is cut by the caller: statements never exceed the bars there are.
    """
    outro = 4 if total_bars >= 28 else 2 if total_bars >= 8 else 1
    statement = max(1, min(melody_bars, total_bars - outro))
    wanted = _intro_bars(total_bars, bar_s)
    if wanted and total_bars - statement == outro == 2:
        outro = 1
    intro = min(wanted, total_bars - outro - statement)
    room = total_bars - intro - outro
    count = max(1, room // statement)
    left = room - count * statement
    if count >= 4 and left < 2:
        # A song without a rest is a loop: one statement becomes a break.
        count, left = count - 1, left + statement
    stated = [part for number in range(count) for part in _parts(number + 1, statement, count)]
    # What is left over: the last phrases once more as a last chorus, a break before it, and a longer end.
    reprise = _reprise_bars(statement, count, left)
    left -= reprise
    if reprise:
        stated.append(Part("chorus", count + 1, statement - reprise, reprise))
    # The first hearing is never interrupted.
    may_pause = count > 1 or reprise > 0
    pause = next((bars for bars in BREAK_BARS if bars <= left), 0) if may_pause else 0
    left -= pause
    longer_end = min(left, 2) if may_pause else left
    pause += left - longer_end
    if len(stated) == 1:
        stated = _halves(stated[0])
    return _laid_out(style, stated, Frame(intro, pause, outro + longer_end))


def _reprise_bars(statement: int, count: int, left: int) -> int:
    """How much of the tune's end comes once more, where there is room for it but not for the whole."""
    if statement < 8:
        return 2 if count == 1 and statement >= 4 and left >= 2 else 0
    if left < 4 or count > 3:
        return 0
    return 8 if statement >= 12 and left >= 10 else 4


def _intro_bars(total_bars: int, bar_s: float) -> int:
    longest = min(LONGEST_INTRO_S, INTRO_SHARE * total_bars * bar_s)
    return next((bars for bars in INTRO_BARS if bars * bar_s <= longest), 0)


@dataclass(frozen=True)
class Part:
    """A stretch of the tune: ``bars`` from ``melody_bar``, in the ``statement``-th hearing."""

    name: SectionName
    statement: int
    melody_bar: int
    bars: int


def _halves(part: Part) -> list[Part]:
    """A short song has one hearing only: its second half is the chorus."""
    chorus = part.bars // 2
    if not chorus:
        return [part]
    verse = part.bars - chorus
    return [replace(part, bars=verse), Part("chorus", part.statement, part.melody_bar + verse, chorus)]


@dataclass(frozen=True)
class Frame:
    """Bars around the statements; the pause comes before the last part."""

    intro: int
    pause: int
    outro: int


def _parts(number: int, bars: int, count: int) -> list[Part]:
    """One statement: a whole section when it is short, else stretches that grow from verse to chorus."""
    if bars <= 8:
        names = ORDERS.get(count) or (*("verse" if i % 4 < 2 else "chorus" for i in range(count - 1)), "chorus")
        return [Part(names[number - 1], number, 0, bars)]
    starts = list(range(0, bars, 8 if bars >= 16 else 4))
    if len(starts) > 1 and bars - starts[-1] < 4:
        starts.pop()
    lengths = [b - a for a, b in itertools.pairwise([*starts, bars])]
    half = len(starts) // 2
    return [
        Part("verse" if i < half or (i % 2 == 0 and i < len(starts) - 1) else "chorus", number, start, length)
        for i, (start, length) in enumerate(zip(starts, lengths, strict=True))
    ]


def _laid_out(style: StylePack, stated: list[Part], frame: Frame) -> list[Section]:
    energies = style.energies
    sections: list[Section] = []

    def add(name: SectionName, bars: int, energy: float, part: Part | None = None) -> None:
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

    if frame.intro:
        add("intro", frame.intro, energies["intro"])
    heard: dict[SectionName, int] = {}
    for i, part in enumerate(stated):
        last = i == len(stated) - 1
        if last and frame.pause:
            add("break", frame.pause, energies["break"])
        heard[part.name] = heard.get(part.name, 0) + 1
        # Each return is a little fuller than the last.
        energy = energies[part.name] + 0.08 * (heard[part.name] - 1) + (0.05 if last and len(stated) > 2 else 0.0)
        add(part.name, part.bars, energy, part)
    add("outro", frame.outro, energies["outro"])
    return sections
