"""Sentences: none lost, none twice, and none cut where no sentence ends."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from soundstage.models.errors import StoryEmpty
from soundstage.models.story import Language
from soundstage.story.reading.sentences import LONGEST_S, split_sentences
from soundstage.story.reading.text import clean, count_characters, detect_language, spoken_seconds

PARTS = st.sampled_from(
    ["Mara ran", "Mr. Finch", "3.5 km", "www.example.com", "她哭了", "“你好", "”", '"', "！", "。", ". ", "... ",
     "……", "?", " ", "\n", "\n\n", ", ", "，", "he said", "他说", "：", "'", "—", "U.S.", "e.g. this", "「好」", "1999"]
)  # fmt: skip


@settings(max_examples=300, deadline=None)
@given(st.lists(PARTS, min_size=1, max_size=60).map("".join), st.sampled_from(["en", "zh"]))
def test_sentences_are_the_text_without_gaps(text: str, language: Language) -> None:
    try:
        cleaned = clean(text, language).text
    except StoryEmpty:
        return
    sentences = split_sentences(cleaned, language)
    assert "".join("".join(s.text for s in sentences).split()) == "".join(cleaned.split())
    at = 0
    for sentence in sentences:
        assert cleaned[at : sentence.start].strip() == ""
        assert sentence.text == cleaned[sentence.start : sentence.end]
        at = sentence.end


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("Mr. Finch paid $3.50. Dr. Who left.", ["Mr. Finch paid $3.50.", "Dr. Who left."]),
        ("See www.example.com for more. Go!", ["See www.example.com for more.", "Go!"]),
        ('"Who is there?" asked Mara. "It is me."', ['"Who is there?" asked Mara.', '"It is me."']),
        ("“Stop!” He ran.", ["“Stop!”", "He ran."]),
        ("He waited... and waited. Then he left.", ["He waited... and waited.", "Then he left."]),
        ("J. R. Reed came at 5 p.m. and sat.", ["J. R. Reed came at 5 p.m. and sat."]),
        ("“你好。”他说。她笑了。", ["“你好。”他说。", "她笑了。"]),
        ("他说：“你好。再见！”她走了。", ["他说：“你好。再见！”", "她走了。"]),
        ("下雨了。风停了……灯亮了！", ["下雨了。", "风停了……灯亮了！"]),
        ("他跑了42.195km，GPA是3.8。In 1999 it cost $3.50.", ["他跑了42.195km，GPA是3.8。", "In 1999 it cost $3.50."]),
    ],
)
def test_sentences_end_where_a_reader_pauses(text: str, wanted: list[str]) -> None:
    assert [s.text for s in split_sentences(text, detect_language(text))] == wanted


def test_what_has_no_end_is_cut_where_it_can_be() -> None:
    sentences = split_sentences("and so it went, " * 100, "en")
    assert all(spoken_seconds(s.text) <= LONGEST_S for s in sentences)
    assert all(s.text.endswith(",") for s in sentences)


def test_wrapped_lines_are_joined_and_verse_is_not() -> None:
    wrapped = "The old keeper climbed the long and winding stairs\nto light the lamp. Then he slept."
    assert "\n" not in clean(wrapped).text
    verse = "The sea is wide\nThe sea is deep\nThe stars go home\nThe children sleep"
    assert len(split_sentences(clean(verse).text, "en")) == 4


def test_letters_with_accents_and_lines_are_counted_as_people_count() -> None:
    assert count_characters("e\u0301a\nb") == 4


@pytest.mark.parametrize(
    ("text", "language"),
    [("Hello", "en"), ("你好", "zh"), ("小满 met Tom in the park today.", "en"), ("他喜欢SUV和iPhone。", "zh")],
)
def test_language_is_that_of_most_words(text: str, language: str) -> None:
    assert detect_language(text) == language
