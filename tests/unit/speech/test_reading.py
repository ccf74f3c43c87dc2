"""What is said of a text, in which language, and where it stands in the text."""

from itertools import pairwise

from hypothesis import given, settings
from hypothesis import strategies as st

from soundstage.speech.kokoro import TOKENS
from soundstage.speech.phrases import LONGEST, phrases
from soundstage.speech.reading import language_of, passages, read
from soundstage.speech.spoken import Sound

MIXED = "今天是2025年3月5日，他跑了42.195km，GPA是3.8/4.0，喜欢SUV和iPhone。In 1999 it cost $3.50."


def words(text: str, language: str = "zh") -> list[str]:
    return [text[slice(*sound.span)] for sound in read(text, language) if sound.is_word]  # type: ignore[arg-type]


def test_words_are_what_the_author_wrote() -> None:
    assert words(MIXED) == [
        "今天", "是", "2025年", "3月", "5日", "他", "跑", "了", "42.195", "km", "GPA", "是", "3.8/4.0", "喜欢", "SUV",
        "和", "iPhone", "In", "1999", "it", "cost", "$3.50",
    ]  # fmt: skip


def test_a_clause_decides_how_its_numbers_are_read() -> None:
    said = {MIXED[slice(*sound.span)]: sound.phonemes for sound in read(MIXED, "zh")}
    assert said["1999"] == "nˌIntˈin nˈIndi nˈIn"
    assert said["2025年"].startswith("ɚ↘li↗ŋɚ↘")
    assert said["iPhone"] == "ˈIfˌOn"
    assert [MIXED[start] + said_in for start, _, said_in in passages(MIXED, "zh")] == ["今zh", "Ien"]


def test_a_chinese_voice_spells_as_chinese_speakers_do() -> None:
    text = "GPA, NASA。"
    assert [sound.phonemes for sound in read(text, "zh")] == ["ʨi↘ pʰi↘ ei→", ",", "nˈæsə", "."]
    assert [sound.phonemes for sound in read(text, "en")] == ["ʤˌipˌiˈA", ",", "nˈæsə", "."]


def test_an_english_story_with_a_chinese_word_stays_english() -> None:
    text = "She said 你好 3 times."
    assert words(text, "en") == ["She", "said", "你好", "3", "times"]
    assert {sound.phonemes for sound in read(text, "en")} >= {"θɹˈi", "ni↗xau↓"}


def test_emoji_are_not_said() -> None:
    text = "今天真开心😅👨‍👩‍👧🇨🇳❤️‍🔥！"
    assert words(text) == ["今天", "真", "开心"]
    assert read(text, "zh")[-1].phonemes == "!"


def test_marks_that_say_the_same_are_one() -> None:
    assert marks("好！！！") == "!"
    assert marks("好……") == "…"
    assert marks("Wait... what?!") == "…?!"
    assert marks("灯塔\n\n夜里，下雨了") == ".,"


def marks(text: str) -> str:
    return "".join(sound.phonemes for sound in read(text, language_of(text)) if not sound.is_word)


def test_sentences_are_spoken_apart() -> None:
    text = 'Mara said: "Don\'t stop!" It rained... 下雨了。风停了！'
    spoken = [text[phrase.sounds[0].span[0] : phrase.sounds[-1].span[1]] for phrase in phrases(read(text, "en"))]
    assert spoken == ['Mara said: "Don\'t stop!"', "It rained...", "下雨了。", "风停了！"]
    assert all(0.2 <= phrase.pause_s <= 0.6 for phrase in phrases(read(text, "en")))


def test_what_is_too_long_is_cut_after_a_comma() -> None:
    text = ", ".join(["the old keeper climbed the winding stairs again"] * 30) + "."
    parts = list(phrases(read(text, "en")))
    assert len(parts) > 2
    assert all(len(part.phonemes) <= LONGEST for part in parts)
    assert all(part.sounds[-1].phonemes in ",." for part in parts)
    assert [sound for part in parts for sound in part.sounds] == read(text, "en")


def test_language_of_a_text() -> None:
    assert [language_of(text) for text in ("灯塔 lamp", "The lamp 灯", "123", "")] == ["zh", "en", "en", "en"]


@settings(max_examples=150, deadline=None)
@given(
    st.text(st.sampled_from("ab I三五灯塔了12.5,:/-%$°€&，。！“”'\"…—()kmst\n😅é½²Ⅳ "), max_size=40),
    st.sampled_from(["en", "zh"]),
)
def test_words_lie_in_order_in_the_authors_text(text: str, language: str) -> None:
    sounds: list[Sound] = read(text, language)  # type: ignore[arg-type]
    spans = [sound.span for sound in sounds if sound.is_word]
    assert all(0 <= start < end <= len(text) for start, end in spans)
    assert all(before[1] <= after[0] for before, after in pairwise(spans))
    for phrase in phrases(sounds):
        assert 0 < len(phrase.phonemes) == len(phrase.owners) <= LONGEST
        assert set(phrase.phonemes) <= set(TOKENS)
