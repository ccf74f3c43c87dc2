"""The coats of animals, as the story says."""

import pytest

from soundstage.story.words.dress import COAT_COLOURS
from soundstage.story.writer import write_storyboard


@pytest.mark.parametrize(
    ("story", "species", "colour"),
    [("A white cat sat in the garden.", "cat", "white"), ("一只白猫坐在屋顶上。", "cat", "white"),
     ("A brown bear slept. It was warm.", "bear", "brown"), ("小灰兔跳过草地。", "rabbit", "grey")],
)  # fmt: skip
def test_a_coat_is_of_the_colour_that_its_words_have(story: str, species: str, colour: str) -> None:
    animal = next(one for one in write_storyboard(story).characters if one.species == species)
    assert animal.appearance.hair_colour == COAT_COLOURS[colour]
    assert any(word in animal.identity for word in (colour, "白色", "灰色"))


def test_what_an_animal_wears_or_eats_is_not_its_coat() -> None:
    characters = write_storyboard("A mouse ate red berries. The cat wore a white scarf.").characters
    assert {one.appearance.hair_colour for one in characters if one.kind == "animal"} == {"#3a2a24"}
