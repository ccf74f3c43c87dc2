"""English as written, and as a person reads it aloud."""

import re

import pytest

from soundstage.speech.normalization.english import normalized
from soundstage.speech.normalization.english_numbers import fraction, number, roman

SAID = [
    ("In 1999 it cost $3.50.", "In nineteen ninety nine it cost three dollars and fifty cents."),
    ("March 5, 2025: 42.195 km.", "March fifth twenty twenty five: forty-two point one nine five kilometers."),
    ("2025-03-05 and 3/5/2025", "March fifth twenty twenty five and March fifth twenty twenty five"),
    ("25/12/2024", "December twenty-fifth twenty twenty four"),
    ("5 March 2025, the 4th of July", "the fifth of March twenty twenty five, the fourth of July"),
    ("Jan. 5th", "January fifth"),
    ("He came at 9:05 a.m. and left at 5 p.m.", "He came at nine oh five AM and left at five PM."),
    ("9 a.m. He slept.", "nine AM. He slept."),
    ("10:00, 9:30pm, 18:00", "ten o'clock, nine thirty PM, eighteen hundred"),
    ("100%, 45.5%%.", "one hundred percent, forty-five point five percent."),
    ("The 1990s and the '80s", "The nineteen nineties and the eighties"),
    ("21st, 3rd, 102nd", "twenty-first, third, one hundred and second"),
    ("Henry VIII in Chapter IV of World War II. I am.", "Henry the eighth in Chapter four of World War two. I am."),
    ("Call 555-123-4567.", "Call five five five, one two three, four five six seven."),
    ("jane.doe@example.com", "jane dot doe at example dot com"),
    ("https://www.example.com/a/b?x=1, then go", "example dot com, then go"),
    ("1/2 cup, 3/4, 2 1/2, ½, 2½", "one half cup, three quarters, two and a half, one half, two and a half"),
    ("24/7 and 3.8/4.0", "twenty-four seven and three point eight over four point zero"),
    ("5–10 kg, 10-20%", "five to ten kilograms, ten to twenty percent"),
    ("1939-1945", "nineteen thirty nine to nineteen forty five"),
    ("-5°C, 72°F, 1°", "minus five degrees Celsius, seventy-two degrees Fahrenheit, one degree"),
    ("60 mph, 1 km, 3 ft, 9 km/h", "sixty miles per hour, one kilometer, three feet, nine kilometers per hour"),
    ("$1.2 million, £5, €0.99, $1", "one point two million dollars, five pounds, ninety-nine cents, one dollar"),
    ("1,234,567 people", "one million two hundred and thirty-four thousand five hundred and sixty-seven people"),
    ("1500 ships in 1066", "one thousand five hundred ships in ten sixty six"),
    ("v3.8.1", "v three point eight point one"),
    ("MP3, 5G, B2B, COVID-19", "MP three, five G, B two B, COVID-nineteen"),
    ("Mr. Wu, Mrs. Lee vs. St. John", "Mister Wu, Missus Lee versus Saint John"),
    ("Dr. Smith lives at 12 Elm St. He paints.", "Doctor Smith lives at twelve Elm Street. He paints."),
    ("apples, pears, etc. He left", "apples, pears, et cetera. He left"),
    ("tools, e.g. hammers, i.e. this", "tools, for example hammers, that is this"),
    ("No. 5, p. 12, #1", "number five, page twelve, number one"),
    ("salt & pepper, AT&T", "salt and pepper, A T and T"),
    ("he/she", "he or she"),
    ("3×4=12", "three times four equals twelve"),
    ("007 and 0.5 and .5", "zero zero seven and zero point five and zero point five"),
    ("It's 5 o'clock, don't.", "It's five o'clock, don't."),
    ("No numbers here!", "No numbers here!"),
]  # fmt: skip


@pytest.mark.parametrize(("written", "said"), SAID)
def test_it_is_read_as_a_person_would(written: str, said: str) -> None:
    assert tidy(normalized(written, 0, len(written)).text) == said


@pytest.mark.parametrize("written", [written for written, _ in SAID])
def test_every_character_that_is_said_stands_for_some_of_the_authors(written: str) -> None:
    spoken = normalized(written, 0, len(written))
    assert len(spoken.text) == len(spoken.spans)
    assert all(0 <= start < end <= len(written) for start, end in spoken.spans)
    assert list(spoken.spans) == sorted(spoken.spans)


def test_what_an_expression_stands_for_is_the_whole_expression() -> None:
    text = "It cost $3.50."
    spoken = normalized(text, 0, len(text))
    dollars = spoken.text.index("dollars")
    assert {text[start:end] for start, end in spoken.spans[dollars : dollars + 7]} == {"$3.50"}


@pytest.mark.parametrize(("numeral", "value"), [("IV", 4), ("XIX", 19), ("MCMXC", 1990), ("IIX", None), ("", None)])
def test_roman_numerals(numeral: str, value: int | None) -> None:
    assert roman(numeral) == value


def test_fractions_and_signs() -> None:
    assert [fraction(1, 2), fraction(2, 3), fraction(3, 4), fraction(7, 4)] == [
        "one half",
        "two thirds",
        "three quarters",
        None,
    ]
    assert number("-12.05") == "minus twelve point zero five"
    assert number(str(10**16)).startswith("one zero zero")


def tidy(text: str) -> str:
    return re.sub(r" ([,.:])", r"\1", re.sub(" +", " ", text)).strip().replace("- ", "-")
