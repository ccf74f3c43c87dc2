"""Form: how many bars of what, so that the tune is introduced, stated, varied, rested from, and brought home."""

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
    names = ORDERS.get(count) or (*("verse" if i % 4 < 2 else "chorus" for i in range(count - 1)), "chorus")
    pause = min(left, 8) if count >= 2 and left >= 2 else 0
    spare = left - pause
    longer_outro = min(spare, 2)
    intro += spare - longer_outro
    return _laid_out(style, names, statement, intro=intro, pause=pause, outro=outro + longer_outro)


def _laid_out(
    style: StylePack, names: tuple[SectionName, ...], statement: int, *, intro: int, pause: int, outro: int
) -> list[Section]:
    energies = style.energies
    plan: list[tuple[SectionName, int, float, int]] = []
    if intro:
        plan.append(("intro", intro, energies["intro"], 0))
    heard: dict[SectionName, int] = {}
    for i, name in enumerate(names):
        last = i == len(names) - 1
        if last and pause:
            plan.append(("break", pause, energies["break"], 0))
        heard[name] = heard.get(name, 0) + 1
        energy = energies[name] + 0.1 * (heard[name] - 1) + (0.05 if last and len(names) > 2 else 0.0)
        plan.append((name, statement, min(energy, 1.0), i + 1))
    plan.append(("outro", outro, energies["outro"], 0))
    sections, bar = [], 0
    for name, bars, energy, number in plan:
        sections.append(Section(name=name, start_bar=bar, bars=bars, energy=energy, statement=number))
        bar += bars
    return sections
