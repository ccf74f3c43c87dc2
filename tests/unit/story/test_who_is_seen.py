"""Who a viewer has to see: named things, whom a letter is written to, people years later, and nobody by mistake."""

from soundstage.models.story import Shot, Storyboard
from soundstage.story.continuity import check
from soundstage.story.people.growing import SAME
from soundstage.story.writer import write_storyboard


def names(board: Storyboard, shot: Shot) -> list[str]:
    known = {character.id: character.name for character in board.characters}
    return [known[who.character] for who in shot.cast]


def test_a_thing_with_a_name_is_drawn_as_that_thing() -> None:
    english = write_storyboard("A teapot named Polly lived on a shelf. Polly sang all day.").characters
    chinese = write_storyboard("大海里住着一滴小水珠，名叫点点。点点笑了。风伯伯说：“来吧！”").characters
    assert [(c.name, c.kind, c.species) for c in english] == [("Polly", "thing", "cup")]
    assert [(c.name, c.kind, c.species) for c in chinese] == [("点点", "thing", "drop"), ("风伯伯", "thing", "cloud")]


def test_whoever_is_met_again_years_later_is_older_and_the_same() -> None:
    text = (
        "I was nine the summer my father bought a bicycle. I ran behind him every morning. "
        "Forty years later, I stood in front of the same house. I rang the bell."
    )
    board = write_storyboard(text)
    child, adult = (c for c in board.characters if c.name.startswith("I"))
    assert (child.age, adult.age) == ("child", "adult")
    assert [(r.to, r.label) for r in adult.relationships] == [(child.id, SAME)]
    assert child.appearance.accent_colour == adult.appearance.accent_colour
    assert adult.id in {who.character for who in board.shots[-1].cast}
    assert child.id in {who.character for who in board.shots[0].cast}
    assert check(board, text) == []
    assert board.chain.gaps == []


def test_you_of_a_letter_is_whom_it_calls_and_is_there_in_what_it_remembers() -> None:
    board = write_storyboard(
        "阿宁，今天是我们分开的第一百天。那天你走在雨里，我站在月台上。我回到家，坐在灯下。昨天收到你的信，你说春天就回来。"
    )
    seen = {shot.narration[:2]: names(board, shot) for shot in board.shots}
    assert {"阿宁", "我"} == {character.name for character in board.characters}
    assert "阿宁" in seen["那天"]
    assert all("阿宁" not in people for start, people in seen.items() if start != "那天")


def test_a_dead_frequency_kills_nobody_and_the_stranger_is_who_he_turns_out_to_be() -> None:
    board = write_storyboard(
        "Lena hears a voice on a dead frequency. She waits. Through the window she sees a man in a red parka. "
        "It is Mikkel, her partner, who went out an hour ago. Lena looks up. She runs to the door."
    )
    assert [character.name for character in board.characters] == ["Lena", "Mikkel"]
    assert names(board, board.shots[-1]) == ["Lena"]


def test_what_is_only_likened_is_not_done() -> None:
    board = write_storyboard("Tom saw his father lifting loaves out of the oven as if they were sleeping children.")
    assert {who.stance for shot in board.shots for who in shot.cast} == {"standing"}
    assert "crowd" not in board.shots[0].setting.things


def test_villagers_are_a_crowd_and_nobody_else_is_shown_for_them() -> None:
    board = write_storyboard("杏儿走在村子里。过了很久，村民们坐在大树下。")
    assert "crowd" in board.shots[-1].setting.things
    assert names(board, board.shots[-1]) == []


def test_she_in_a_story_without_names_is_somebody_and_always_the_same() -> None:
    board = write_storyboard("She walked along the beach. Then she found a shell.")
    assert [(c.name, c.gender) for c in board.characters] == [("she", "female")]
    assert all(len(shot.cast) == 1 for shot in board.shots)


def test_what_is_carved_is_no_live_animal_later_either() -> None:
    board = write_storyboard("A wooden horse stood on the shelf. Ash took the horse home. The horse stood by his bed.")
    assert [character.name for character in board.characters] == ["Ash"]


def test_a_dog_that_comes_when_it_is_called_has_that_name() -> None:
    board = write_storyboard("A dog ran along the street. 'Captain!' cried Pieter. The dog jumped up. Captain barked.")
    assert {(c.name, c.species) for c in board.characters} == {("Captain", "dog"), ("Pieter", None)}


def test_what_somebody_is_said_to_be_is_nobody_else() -> None:
    english = write_storyboard("Mia came home. Her father was a shoemaker. He mended a boot.")
    chinese = write_storyboard("小雨回到家。她的爸爸是修鞋匠。爸爸放下锤子。")
    assert [c.kind for c in english.characters] == ["person"] * 2 == [c.kind for c in chinese.characters]


def test_who_does_not_come_is_not_there_and_nobody_carries_a_kite_to_bed() -> None:
    board = write_storyboard("阿木住在山里。雪儿在教室里等他。阿木没有来上学。")
    assert names(board, board.shots[-1]) == []
    board = write_storyboard("Omar held a kite on the beach. He laughed. At night Omar lay in bed.")
    assert board.shots[-1].cast[0].holding == []


def test_a_kite_that_flies_takes_nobody_along_and_a_girl_called_rain_leaves_the_rain_alone() -> None:
    board = write_storyboard(
        "小雨住在小镇上。她和爷爷老周在院子里做了一只风筝。第二天早上下起了小雨，她们只好在屋里等。"
        "中午雨停了，小雨抱着风筝跑到石桥上。风很大，风筝飞过了寺庙的屋顶。"
    )
    english = write_storyboard("Mia stood in the garden. Her balloon flew over the trees and she laughed.")
    flown = write_storyboard("小鸟站在树上。风很大，它飞过了屋顶。")
    assert {who.stance for b in (board, english) for shot in b.shots for who in shot.cast} == {"standing", "running"}
    assert [who.stance for who in flown.shots[-1].cast] == ["flying"]
    assert [shot.setting.weather for shot in board.shots if "下起" in shot.narration or "雨停" in shot.narration] == [
        "rain",
        "clear",
    ]


def test_who_is_out_with_a_grandfather_of_theirs_is_a_child_unless_grown() -> None:
    texts = {
        "Peter and his grandma baked a pie. Peter stirred the apples.": "child",
        "豆豆拉着爷爷的手，走过石桥。": "child",
        "李明下班后开车去看奶奶。": "adult",
        "Clara remembered her grandfather. Clara closed the shop.": "adult",
    }
    assert {text: write_storyboard(text).characters[0].age for text in texts} == texts


def test_a_dog_told_to_have_run_away_is_not_in_the_picture() -> None:
    english = write_storyboard("A boy came to the door. His name was Tom, and his dog had run away in the forest.")
    chinese = write_storyboard("小红很难过，她的猫昨天走丢了。")
    seen = write_storyboard("The dog ran away from the boy and hid in the barn.")
    assert [names(english, shot) for shot in english.shots] == [["Tom"], ["Tom"]]
    assert names(chinese, chinese.shots[-1]) == ["小红"]
    assert "the dog" in names(seen, seen.shots[0])
    assert all(shot.setting.place != "forest" for shot in english.shots)


def test_bread_is_baked_indoors_and_who_is_carried_home_is_at_home() -> None:
    board = write_storyboard(
        "Rose lived in a village. Before dawn she lit the oven and kneaded the dough. "
        "Rose and Tom went into the forest. They carried the dog home and ate warm bread by the fire."
    )
    chinese = write_storyboard("王师傅住在村里。他每天天不亮就揉面，把馒头放进蒸笼。")
    outside = write_storyboard("Ben lived in the village. He carried bread from the oven to the market.")
    assert [shot.setting.place for shot in board.shots] == ["village", "kitchen", "forest", "home"]
    assert chinese.shots[-1].setting.place == "kitchen"
    assert outside.shots[-1].setting.place == "market"


def test_a_hat_that_somebody_wears_walks_with_them() -> None:
    board = write_storyboard("老王出了门，戴着草帽走向田里。")
    boat = write_storyboard("A boy came to the harbour. On the boat slept an old man.")
    assert [who.stance for who in board.shots[-1].cast] == ["walking"]
    assert [who.stance for who in boat.shots[-1].cast] == ["lying"]


def test_they_who_carry_the_dog_are_neither_the_dog_nor_the_fox_that_ran_off() -> None:
    board = write_storyboard(
        "Rose and Tom walked into the forest. A dog sat under a fir, and beside it stood a fox. "
        "The fox looked at Rose and ran off. They carried the dog home."
    )
    met = write_storyboard("A fox met a crow. The crow sang. They became friends.")
    assert set(names(board, board.shots[-1])) == {"Rose", "Tom", "the dog"}
    assert set(names(met, met.shots[-1])) == {"the fox", "the crow"}


def test_who_comes_to_the_door_another_day_is_seen_from_outside_with_the_sled() -> None:
    board = write_storyboard(
        "Rose lived in a village. She kneaded the dough. One day a boy with a wooden sled came to the door."
    )
    assert [shot.setting.place for shot in board.shots] == ["village", "kitchen", "village"]
    assert "sled" in board.shots[-1].setting.things
