"""The causal chain of a story: phases in order, links from cause to effect, in the story's own words."""

import pytest
from tests.unit.story.scoring import fixture

from soundstage.story.writer import write_storyboard


@pytest.mark.parametrize("name", ["english.json", "chinese.json"])
def test_every_shot_is_in_one_phase_and_links_go_forward(name: str) -> None:
    for story in fixture(name):
        board = write_storyboard(story["text"])
        ids = [shot.id for shot in board.shots]
        assert [id_ for beat in board.chain.beats for id_ in beat.shots] == ids
        assert [beat.phase for beat in board.chain.beats] == ["opening", "development", "turn", "conclusion"]
        assert board.chain.links
        for link in board.chain.links:
            assert ids.index(link.cause) < ids.index(link.effect)
            assert link.because
        assert "".join(board.chain.conflict.split()) in "".join(story["text"].split())
        assert board.chain.first_mover in {character.id for character in board.characters}


def test_because_and_therefore_are_taken_from_the_text() -> None:
    board = write_storyboard(
        "Anna lost the key. She sat on the step because the door was locked. So she called her brother Tom. "
        "Tom discovered that the window was open. Anna climbed in."
    )
    reasons = [link.because for link in board.chain.links]
    assert "because the door was locked" in reasons
    assert [(k.fact, k.character) for k in board.chain.knowledge] == [("the window was open", "c2")]
