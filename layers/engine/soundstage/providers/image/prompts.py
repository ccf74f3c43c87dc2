"""Picture requests in words: the film's style, the shot, and who is in it, told the same way every time."""

from soundstage.film.artefacts import world_texts
from soundstage.models.film import FilmSettings, FilmStyle
from soundstage.models.story import Language, Shot, Storyboard

MAX_CHARACTERS = 3800
"""Under the limit of all services that state one (4,000: OpenAI's API reference, dall-e-3)."""
WITHOUT_ITS_WORDS = 0.7
"""Share of a request up to which there is room for what the project asks of all pictures."""
STYLES: dict[FilmStyle, dict[Language, str]] = {
    "dusk_gouache": {
        "en": "Picture-book illustration in gouache, visible brush strokes, warm light at dusk.",
        "zh": "水粉绘本插画，笔触可见，黄昏暖光。",
    },
    "paper_cut": {
        "en": "Picture-book illustration in layered cut paper, soft shadows between the layers.",
        "zh": "层叠剪纸风格绘本插画，纸层之间有柔和阴影。",
    },
    "ink_wash": {
        "en": "Picture-book illustration in ink wash on rice paper, sparing colour.",
        "zh": "水墨绘本插画，宣纸质感，设色清淡。",
    },
    "woodcut": {
        "en": "Picture-book illustration as a coloured woodcut, strong lines, few colours.",
        "zh": "套色木刻绘本插画，线条有力，用色简练。",
    },
    "night_lantern": {
        "en": "Picture-book illustration of a night lit by lanterns, deep blue and warm gold.",
        "zh": "夜色灯火绘本插画，深蓝与暖金。",
    },
}
NEGATIVE = "text, letters, watermark, signature, frame, border, extra fingers, deformed hands, split screen"
NO_WRITING: dict[Language, str] = {"en": "No writing in the picture.", "zh": "画面中没有文字。"}


def image_prompt(storyboard: Storyboard, shot: Shot, settings: FilmSettings, longest: int = MAX_CHARACTERS) -> str:
    """Style, shot, the identity of everybody in it, word for word, whatever the shot's own prompt says of them, what
    the project asks of all pictures, and what holds in its world here.

    What is too long loses the last of these first, then the end of the shot's own words, never an identity.
    """
    language = storyboard.language
    people = {person.id: person for person in storyboard.characters}
    who = [people[presence.character] for presence in shot.cast if presence.character in people]
    identities = [one.identity for one in who if one.identity and one.identity not in shot.prompt]
    needed = [STYLES[settings.style][language], *identities, NO_WRITING[language]]
    asked = [*filter(None, [settings.system_prompts.get("image")]), *world_texts(storyboard, shot)]
    while asked and sum(len(part) + 1 for part in [*needed, *asked]) > WITHOUT_ITS_WORDS * longest:
        asked.pop()
    around = [*needed, *asked]
    room = longest - sum(len(part) + 1 for part in around)
    told = shot.prompt.strip() or shot.narration.strip()
    if len(told) > room:
        # Identities that stood inside of what is cut off are said again.
        told = told[: max(0, room - sum(len(one.identity) + 1 for one in who))]
        identities = [one.identity for one in who if one.identity and one.identity not in told]
    separator = " " if language == "en" else ""
    return separator.join([needed[0], told, *identities, *asked, NO_WRITING[language]])
