"""Form: how many bars of what, so that the tune is introduced, stated, varied, rested from, and brought home."""

import itertools
from dataclasses import dataclass

from soundstage.models.composition import Section, SectionName
from soundstage.music.styles import StylePack

ORDERS: dict[int, tuple[SectionName, ...]] = {
    1: ("verse",),
    2: ("verse", "chorus"),
    3: ("verse", "chorus", "chorus"),
    4: ("verse", "chorus", "verse", "chorus"),
    5: ("verse", "verse", "chorus", "verse", "chorus"),
    6: ("verse", "verse", "chorus", "verse", "chorus", "chorus"),
}


def build_form(style: StylePack, total_bars: int, tune_bars: int) -> list[Section]:
    """Sections that add up to ``total_bars`` (at least 2). ``tune_bars`` is the length of one statement.

    A tune longer than the song is cut by the caller: statements never exceed the bars there are.
    """
    intro = style.intro_bars if total_bars >= 20 else 2 if total_bars >= 9 else 1 if total_bars > tune_bars + 1 else 0
    outro = 4 if total_bars >= 28 else 2 if total_bars >= 8 else 1
    statement = max(1, min(tune_bars, total_bars - outro))
    intro = max(0, min(intro, total_bars - outro - statement))
    room = total_bars - intro - outro
    count = max(1, room // statement)
    left = room - count * statement
    if count >= 4 and left < 2:
        # A song without a rest is a loop: one statement becomes a break.
        count, left = count - 1, left + statement
    stated = [part for number in range(count) for part in _parts(number + 1, statement, count)]
    # What is left over: the last phrase once more after a long tune, a break in a longer song, or a longer frame.
    reprise = 4 if count <= 2 and statement >= 12 and left >= 4 else 0
    left -= reprise
    pause = min(left, 8) if (count >= 2 or reprise) and left >= 2 else 0
    left -= pause
    frame = Frame(intro + left - min(left, 2), pause, outro + min(left, 2))
    if reprise:
        stated.append(Part("chorus", count + 1, statement - reprise, reprise))
    return _laid_out(style, stated, frame)


@dataclass(frozen=True)
class Part:
    """A stretch of the tune: ``bars`` from ``tune_bar``, in the ``statement``-th hearing."""

    name: SectionName
    statement: int
    tune_bar: int
    bars: int


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
        statement, tune_bar = (part.statement, part.tune_bar) if part else (0, 0)
        sections.append(
            Section(
                name=name,
                start_bar=start,
                bars=bars,
                energy=round(min(energy, 1.0), 3),
                statement=statement,
                tune_bar=tune_bar,
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
