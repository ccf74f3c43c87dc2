"""Animals and creatures by their names, whole, seen from the side or from the front."""

import math

from soundstage.film.painting.animals import birds
from soundstage.film.painting.animals.creatures import CREATURES
from soundstage.film.painting.animals.front import NOT_FROM_THE_FRONT, FrontQuadruped
from soundstage.film.painting.animals.quadruped import Quadruped
from soundstage.film.painting.animals.species import BEASTS
from soundstage.film.painting.pen import Pen
from soundstage.film.painting.people import Figure
from soundstage.models.story import Character, Presence

_WORDS = {
    "dog": "puppy hound 狗",
    "cat": "kitten 猫",
    "horse": "pony mare 马",
    "donkey": "mule 驴",
    "camel": "dromedary 骆驼",
    "giraffe": "长颈鹿",
    "zebra": "斑马",
    "deer": "stag fawn",
    "rabbit": "hare bunny 兔 兔子",
    "bear": "panda badger cub 熊",
    "mouse": "rat hamster",
    "hedgehog": "porcupine 刺猬",
    "sheep": "lamb",
    "cow": "ox bull calf buffalo",
    "tiger": "leopard panther 老虎",
    "lion": "lioness",
    "turtle": "tortoise crab",
    "squirrel": "monkey",
    "gull": "seagull",
    "bird": "eagle hawk sparrow swallow parrot phoenix 鸟",
    "crow": "raven",
    "dove": "pigeon",
    "swan": "goose",
    "hen": "rooster chicken chick",
    "crane": "heron",
    "whale": "orca 鲸 鲸鱼",
    "fish": "carp koi salmon goldfish 鱼",
    "snake": "serpent",
    "robot": "android machine 机器人",
    "frog": "toad",
    "butterfly": "bee moth dragonfly",
    "spirit": "ghost fairy",
    "monster": "giant ogre troll yeti alien spider",
    "octopus": "squid",
    "fox": "狐狸",
    "dragon": "龙",
}
_ALIASES = {word: name for name, words in _WORDS.items() for word in words.split()}


def species_named(text: str) -> str | None:
    """The animal that these words name; None: we have no drawing of it."""
    words = [word.strip(".,;:!?'\"").lower() for word in text.replace("-", " ").split()]
    for word in reversed(words):
        for form in (word, word.removesuffix("s")):
            name = _ALIASES.get(form, form)
            if name in BEASTS or name in CREATURES:
                return name
    return next((name for word, name in _ALIASES.items() if not word.isascii() and word in text), None)


def metres_of(name: str) -> float:
    """Height of the whole animal as drawn."""
    if name in BEASTS:
        beast = BEASTS[name]
        return beast.height * (1 + beast.neck * math.sin(math.radians(beast.lift)) + beast.head)
    return CREATURES[name][1]


def coat_of(name: str) -> str:
    """The colour of most of its kind."""
    return BEASTS[name].colour if name in BEASTS else birds.COLOURS.get(name, "#8a8780")


def flies_or_swims(name: str) -> str:
    return {
        "whale": "sea",
        "dolphin": "sea",
        "fish": "sea",
        "shark": "sea",
        "octopus": "sea",
        "gull": "air",
        "butterfly": "air",
        "dragon": "air",
    }.get(name, "ground")


def draw_animal(
    pen: Pen,
    name: str,
    character: Character,
    presence: Presence,
    feet: tuple[float, float],
    metre: float,
    *,
    frontal: bool = False,
) -> Figure:
    """With its feet (or what is lowest of it) at ``feet``; ``metre``: pixels of one; ``frontal``: it may look at us."""
    side = -1 if presence.facing == "left" else 1
    still = presence.stance in ("standing", "sitting", "kneeling")
    if name in BEASTS and still and (frontal or presence.facing == "toward") and name not in NOT_FROM_THE_FRONT:
        return FrontQuadruped(pen, BEASTS[name], character, presence, feet, BEASTS[name].height * metre).draw()
    if name in BEASTS:
        return Quadruped(pen, BEASTS[name], character, presence, feet, BEASTS[name].height * metre, side).draw()
    drawing, metres = CREATURES[name]
    if still and frontal:
        presence = presence.model_copy(update={"facing": "toward"})
    return drawing(pen, character, presence, feet, metres * metre, side)
