"""Form: sections and their bars: intro, statements of the melody as verses and choruses, a break, and an outro."""

import itertools
import zlib
from dataclasses import dataclass, replace

import numpy as np

from soundstage.models.composition import Section, SectionName
from soundstage.models.music import Ending, GenParams, Opening
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
CHORUS_FIRST: dict[int, tuple[SectionName, ...]] = {
    1: ("verse",),
    2: ("chorus", "chorus"),
    3: ("chorus", "verse", "chorus"),
    4: ("chorus", "verse", "chorus", "chorus"),
    5: ("chorus", "verse", "chorus", "verse", "chorus"),
    6: ("chorus", "verse", "chorus", "verse", "chorus", "chorus"),
}
TEASER_BARS = 4  # of a long melody's end, which is its chorus, before the whole of it

# Songs that are shorter begin with the verse and end without a fade, unless it is asked for.
VARIED_FROM_S = 40.0
WITHOUT_BREAK_PROBABILITY = 0.35  # a chorus more instead
FADE_S, FADE_BARS, FADE_SHARE = 12.0, (8, 4, 2), 0.25  # the first that lasts no longer, nor than its share of the song
COLD_BARS = 2  # of an outro that ends with a stroke
ENERGY_TO_THE_END = 0.12  # below the style's chorus: of an outro in which the band plays on

# An intro lasts no longer than this, nor than its share of the song: a person waits for their own melody.
LONGEST_INTRO_S, INTRO_SHARE = 8.0, 1 / 6
INTRO_BARS, BREAK_BARS = (4, 2, 1), (8, 4, 2)  # the first that fits
# Bars of an outro in songs of at least so many bars.
OUTRO_BARS = {28: 4, 8: 2, 0: 1}
# Energy, 0 to 1: more with each section of a name, and in the last of more than two.
ENERGY_PER_RETURN, LAST_ENERGY = 0.08, 0.05


@dataclass(frozen=True)
class FormChoice:
    """What two songs of one hum may differ in; ``bridge`` None: a break where bars are left over.

    ``solo_after_first``: the break is a solo after the melody's first chorus, over a band that plays on, and not a rest
    before the last chorus.
    """

    opening: Opening = "verse"
    bridge: bool | None = None
    ending: Ending = "held"
    solo_after_first: bool = False


def choose_forms(params: GenParams, style_a: StylePack, style_b: StylePack) -> tuple[FormChoice, FormChoice]:
    """What is asked for and, where that is open, what the styles' songs have: by the seed, B's unlike A's."""
    rng = np.random.default_rng([params.seed, *(zlib.crc32(f"form {s.name}".encode()) for s in (style_a, style_b))])
    first = _chosen(params, style_a, rng)
    second = _chosen(params, style_b, rng, other=first)
    return first, second


def _chosen(
    params: GenParams, style: StylePack, rng: np.random.Generator, other: FormChoice | None = None
) -> FormChoice:
    long = params.duration_s >= VARIED_FROM_S
    endings = [e for e in style.endings if long or e != "fade"]
    unlike = [e for e in endings if other is None or e != other.ending] or endings
    chorus_first = rng.random() < style.chorus_first and long and not (other and other.opening == "chorus")
    without_break = rng.random() < WITHOUT_BREAK_PROBABILITY and long and not (other and other.bridge is False)
    ending = unlike[int(rng.integers(len(unlike)))]
    solo_after_first = rng.random() < style.solo_after_first and not (other and other.solo_after_first)
    drawn = FormChoice(
        "chorus" if chorus_first else "verse",
        False if without_break else None,
        ending,
        solo_after_first,
    )
    return FormChoice(
        drawn.opening if params.opening == "auto" else params.opening,
        drawn.bridge if params.bridge is None else params.bridge,
        drawn.ending if params.ending == "auto" else params.ending,
        drawn.solo_after_first and params.bridge is None,  # a bridge that is asked for comes before the end
    )


def build_form(
    style: StylePack,
    total_bars: int,
    melody_bars: int,
    bar_s: float,
    *,
    intro_bars: int | None = None,
    choice: FormChoice = FormChoice(),
    pickup: bool = False,
) -> list[Section]:
    """Sections that add up to ``total_bars`` (at least 2).

    Args:
        melody_bars: length of one statement; the caller cuts a melody that is longer than the song.
        bar_s: length of a bar, seconds.
        intro_bars: of the intro, where the song has room for them; None: as songs of its length have it.
        choice: as far as the song has room for it.
        pickup: the melody begins before its first bar, which needs one before it.
    """
    outro = _outro_bars(total_bars, bar_s, choice.ending)
    statement = max(1, min(melody_bars, total_bars - outro))
    # A song that begins with its chorus has no intro, unless one is asked for.
    at_once = choice.opening == "chorus"
    teaser = TEASER_BARS if at_once and _teases(statement, total_bars - outro - (intro_bars or 0)) else 0
    if intro_bars is None:
        longest_intro = int(pickup and not teaser) if at_once else _intro_bars(total_bars, bar_s)
    else:
        longest_intro = intro_bars
    if longest_intro and total_bars - statement == outro == 2:
        outro = 1
    intro = min(longest_intro, total_bars - outro - statement - teaser)
    room = total_bars - intro - outro - teaser
    count = max(1, room // statement)
    left = room - count * statement
    if choice.bridge is not False and left < 2 and (count >= 4 or (choice.bridge and count > 1)):
        # A song without a rest is a loop: one statement becomes a break.
        count, left = count - 1, left + statement
    order = CHORUS_FIRST if at_once and not teaser else ORDERS
    stretches = [part for number in range(count) for part in _stretches(number + 1, statement, count, order)]
    # Bars left over: the last phrases once more as a last chorus, a break before it, and a longer outro.
    kept = 2 if choice.bridge and (count > 1 or left >= 6) else 0
    reprises = [_reprise_bars(statement, count, left - kept, once_more=choice.bridge is False)]
    if choice.bridge is False and left - reprises[0] >= TEASER_BARS:
        reprises.append(min(statement, TEASER_BARS))
    for number, bars in enumerate((bars for bars in reprises if bars), count + 1):
        left -= bars
        stretches.append(Stretch("chorus", number, statement - bars, bars))
    # The first statement is never interrupted.
    may_break = len({part.statement for part in stretches}) > 1 and choice.bridge is not False
    break_bars = next((bars for bars in BREAK_BARS if bars <= left), 0) if may_break else 0
    left -= break_bars
    longer_end = min(left, 2) if may_break else left
    break_bars += left - longer_end
    if len(stretches) == 1 and not teaser:
        stretches = _halves(stretches[0])
    if teaser:
        stretches.insert(0, Stretch("chorus", stretches[-1].statement + 1, statement - teaser, teaser))
    return _laid_out(style, stretches, Surroundings(intro, break_bars, outro + longer_end, choice))


def _outro_bars(total_bars: int, bar_s: float, ending: Ending) -> int:
    bars = next(bars for least, bars in OUTRO_BARS.items() if total_bars >= least)
    if ending == "cold":  # it comes soon after the melody
        return min(bars, COLD_BARS)
    longest = min(FADE_S, FADE_SHARE * total_bars * bar_s)
    fading = next((bars for bars in FADE_BARS if bars * bar_s <= longest), 0) if ending == "fade" else 0
    return max(bars, fading)


def _teases(statement: int, room: int) -> bool:
    """Whether a song begins with the end of the melody, its chorus: a short melody that returns is one as a whole."""
    fits = statement >= 2 * TEASER_BARS and room >= statement + TEASER_BARS
    return fits and (statement > 8 or room // statement < 3)


def _reprise_bars(statement: int, count: int, left: int, *, once_more: bool) -> int:
    """Bars of the melody's end that return where there is room for them but not for another statement.

    ``once_more``: they take the place of a break.
    """
    if statement < 8:
        if once_more and count > 1 and left >= 4:
            return 4
        return 2 if count == 1 and statement >= 4 and left >= 2 else 0
    if left < 4 or (count > 3 and not once_more):
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
    """Bars around the statements, and how they are laid out."""

    intro: int
    break_bars: int
    outro: int
    choice: FormChoice


def _stretches(number: int, bars: int, count: int, order: dict[int, tuple[SectionName, ...]]) -> list[Stretch]:
    """One statement: a section where it has 8 bars or fewer, else stretches from verse to chorus."""
    if bars <= 8:
        names = order.get(count) or _long_order(count, chorus_first=order is CHORUS_FIRST)
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


def _long_order(count: int, *, chorus_first: bool) -> tuple[SectionName, ...]:
    names: list[SectionName] = ["verse" if i % 4 < 2 else "chorus" for i in range(count)]
    if chorus_first:
        names = ["chorus", *names[1:]]
    return (*names[:-1], "chorus")


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
    rests_before = _break_place(stretches, solo_after_first=around.choice.solo_after_first)
    is_last = rests_before == len(stretches) - 1
    for i, part in enumerate(stretches):
        last = i == len(stretches) - 1
        if i == rests_before and around.break_bars:
            add("break", around.break_bars, energies["break" if is_last else "verse"])
        count_of[part.name] = count_of.get(part.name, 0) + 1
        fuller = ENERGY_PER_RETURN * (count_of[part.name] - 1)
        energy = energies[part.name] + fuller + (LAST_ENERGY if last and len(stretches) > 2 else 0.0)
        add(part.name, part.bars, energy, part)
    plays_on = energies["chorus"] - ENERGY_TO_THE_END if around.choice.ending in {"cold", "fade"} else 0.0
    add("outro", around.outro, max(plays_on, energies["outro"]))
    return sections


def _break_place(stretches: list[Stretch], *, solo_after_first: bool) -> int:
    """The stretch before which the melody rests: the last one, or the first of its second statement after a chorus."""
    last = len(stretches) - 1
    if not solo_after_first:
        return last
    returns = (
        i
        for i in range(1, last)
        if stretches[i - 1].name == "chorus" and stretches[i].statement > max(1, stretches[i - 1].statement)
    )
    return next(returns, last)
