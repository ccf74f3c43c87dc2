"""What somebody wears where there is no air, and what an astronaut takes off where there is."""

import re

from soundstage.models.story import Character

_ASTRONAUT = re.compile(r"astronaut|cosmonaut|spaceman|宇航员|航天员|太空人")


def dressed(character: Character, *, airless: bool) -> Character:
    """In a pale suit below a glass helmet, their own mark on it; or without the helmet."""
    look = character.appearance
    if airless:
        suit = {"garment": "uniform", "garment_colour": "#d9dde4", "headwear": "none"}
        return character.model_copy(update={"appearance": look.model_copy(update=suit)})
    words = " ".join([character.name, *character.aliases, character.identity]).lower()
    if look.headwear == "helmet" and _ASTRONAUT.search(words):
        return character.model_copy(update={"appearance": look.model_copy(update={"headwear": "none"})})
    return character
