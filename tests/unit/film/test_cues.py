"""Subtitle cards: what a reader sees, from complaints about other tools."""

import re
import unicodedata
from itertools import pairwise

import pytest

from soundstage.film.cues import breakable, cues_of_shot, sentences
from soundstage.film.subtitles import ass_document, srt_document, vtt_document
from soundstage.models.film import Cue, ShotTiming, Speech, Word
from soundstage.story.writer import write_storyboard

SPOKEN = re.compile(r"[\u4e00-\u9fff]|[^\s\u4e00-\u9fff]+")
WORD_S = 0.3


def width_of(text: str) -> float:
    """Ten pixels a Latin letter, twenty a Chinese character."""
    return sum(20.0 if unicodedata.east_asian_width(c) in "WF" else 10.0 for c in text)


def cues(text: str, width: float) -> list[Cue]:
    """The cards of this text, spoken a word (in Chinese a character) every .3 s."""
    found = [
        match for match in re.finditer(r"[\u4e00-\u9fff]|[^\s\u4e00-\u9fff]+", text) if any(map(str.isalnum, match[0]))
    ]
    words = [
        Word(text=match[0], start=match.start(), end=match.end(), start_s=i * WORD_S, end_s=i * WORD_S + 0.25)
        for i, match in enumerate(found)
    ]
    seconds = len(words) * WORD_S
    speech = Speech(audio="", audio_sha256="", rate_hz=1, duration_s=seconds, words=words, voice="", provider="")
    timing = ShotTiming(shot="s1", first_frame=48, frames=9999, speech_start_s=2.4)
    return cues_of_shot(text, speech, timing, width=width, measure=width_of, gap_s=1 / 24)


def test_chinese_words_are_not_split_and_no_line_begins_with_punctuation() -> None:
    text = "守塔人把人工智能机器人交给了新来的姑娘，自己回北京大学读书去了。"

    lines = [line for cue in cues(text, 200) for line in cue.lines]

    assert "".join(lines) == text
    for word in ("守塔人", "人工智能", "机器人", "北京大学", "姑娘"):
        assert any(word in line for line in lines)
    assert not any(line[0] in "，。！？、”》的了" or line[-1] in "“《（" or len(line) < 2 for line in lines)


def test_a_long_line_becomes_further_cards_inside_the_safe_area() -> None:
    made = cues("很" * 80, 200)

    assert all(len(cue.lines) <= 2 and all(width_of(line) <= 200 for line in cue.lines) for cue in made)
    assert "".join(line for cue in made for line in cue.lines) == "很" * 80
    assert [word.text for cue in made for word in cue.words] == ["很"] * 80


def test_a_token_longer_than_a_line_is_cut() -> None:
    text = "a" * 90 + " https://example.org/" + "x" * 60

    lines = [line for cue in cues(text, 300) for line in cue.lines]

    assert all(width_of(line) <= 300 for line in lines)
    assert "".join(lines).replace(" ", "") == text.replace(" ", "")


def test_a_card_never_holds_parts_of_two_sentences() -> None:
    made = cues("Every rider goes down. Not every rider gets up.", 1000)

    assert [cue.lines for cue in made] == [["Every rider goes down."], ["Not every rider gets up."]]


@pytest.mark.parametrize("text", ["9:30 and 3.8/4.0", "他9:30跑了42.195km，GPA是3.8/4.0"])
def test_numbers_and_times_stay_whole(text: str) -> None:
    places = breakable(text)

    for whole in ("9:30", "3.8"):
        start = text.index(whole)
        assert not any(start < place < start + len(whole) for place in places)


def test_every_character_is_in_one_sentence() -> None:
    text = ' “Wait!” she said.  Then… nothing\n\n下雨了。风停了！"好。"他说'

    spans = sentences(text)

    assert "".join(text[a:b] for a, b in spans).replace(" ", "") == "".join(text.split())
    assert len(spans) >= 6


def test_cards_follow_the_words_and_never_overlap() -> None:
    made = cues("One two three four. Five six seven, eight nine ten eleven. Twelve!", 150)

    for cue in made:
        assert cue.start_s == pytest.approx(cue.words[0].start_s)
        assert cue.end_s >= cue.words[-1].end_s
    for before, after in pairwise(made):
        assert before.end_s <= after.start_s - 1 / 24 + 1e-9


def test_whatever_a_story_holds_is_text() -> None:
    text = r'Don\'t {\an8} stop: C:\new 100%! It\'s <b>"5"</b> & more.'
    made = cues(text, 2000)

    ass = ass_document(made, size=(1280, 720), style="plain", family="Sans")
    swept = ass_document(made, size=(1280, 720), style="highlight", family="Sans")

    drawn = [line.split(",,", 2)[2].split(",", 3)[-1] for line in ass.splitlines() if line.startswith("Dialogue")]
    shown = "".join(drawn).replace("\u2060", "").replace(r"\{", "{").replace(r"\}", "}")
    assert "".join(shown.split()) == "".join(text.split())
    unswept = re.sub(r"\{\\kf\d+\}", "", swept)
    assert [line for line in unswept.splitlines() if line.startswith("Dialogue")] == [
        line for line in ass.splitlines() if line.startswith("Dialogue")
    ]
    assert all(line in srt_document(made).splitlines() for cue in made for line in cue.lines)
    assert "&lt;b&gt;" in vtt_document(made)


def test_highlighting_reaches_each_word_when_it_is_spoken() -> None:
    (cue,) = cues("One two three four five six seven", 1000)

    swept = ass_document([cue], size=(1280, 720), style="highlight", family="Sans")

    lengths = [int(found) for found in re.findall(r"\\kf(\d+)", swept)]
    at = [sum(lengths[:i]) / 100 for i in range(len(lengths))]
    assert at == pytest.approx([word.start_s - cue.start_s for word in cue.words], abs=0.011)


def test_a_story_of_320_sentences_keeps_every_card_of_every_shot() -> None:
    """Another tool failed at the seventy-fourth subtitle."""
    text = " ".join(f"Bell {number} rang." for number in range(320))
    board = write_storyboard(text)

    made = [cue for shot in board.shots for cue in cues(shot.narration, 400)]

    assert " ".join(" ".join(cue.lines) for cue in made) == text
    assert sum(line.startswith("Dialogue") for line in _plain(made).splitlines()) == len(made)


def _plain(made: list[Cue]) -> str:
    return ass_document(made, size=(1280, 720), style="plain", family="Sans")
