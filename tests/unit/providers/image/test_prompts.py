"""What a model of pictures is told of a shot."""

from tests.fixtures.film_projects import storyboard

from soundstage.film.artefacts import picture_digest
from soundstage.models.film import FilmSettings
from soundstage.models.story import WorldEntry
from soundstage.providers.image.prompts import image_prompt

WORLD = [
    WorldEntry(id="w1", type="place", title="The lighthouse", content="White, with a red top."),
    WorldEntry(id="w2", type="place", title="The cellar", content="Wet and dark."),
    WorldEntry(id="w3", type="era", title="Time", content="1890.", order=1),
]


def test_it_has_the_project_s_wishes_who_is_there_and_what_holds_there() -> None:
    board = storyboard(world=[entry.model_dump() for entry in WORLD])
    shot = board.shots[0].model_copy(update={"setting": board.shots[0].setting.model_copy(update={"place_id": "w1"})})
    settings = FilmSettings(system_prompts={"image": "Watercolour, soft light."})

    told = image_prompt(board, shot, settings)

    expected = (
        "Mia climbs the lighthouse at dusk. a girl with braids and a red scarf "
        "Watercolour, soft light. The lighthouse: White, with a red top. Time: 1890."
    )
    assert expected in told
    assert "cellar" not in told
    short = image_prompt(board, shot, settings, 180)
    assert len(short) <= 180
    assert "a girl with braids and a red scarf" in short


def test_other_wishes_make_pictures_of_models_stale_and_ours_not() -> None:
    board = storyboard()
    for provider, stale in (("embedded", False), ("dreamer", True)):
        before = FilmSettings(providers={"image": provider})
        after = before.model_copy(update={"system_prompts": {"image": "In watercolour."}})
        changed = picture_digest(board, board.shots[0], before) != picture_digest(board, board.shots[0], after)
        assert changed == stale
