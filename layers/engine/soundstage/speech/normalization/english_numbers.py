"""English number words."""

import re


def cardinal(number: int) -> str:
    """ "one hundred and five"; digit by digit from a quadrillion on."""
    from sanotts.nano_g2p import cardinal_words  # noqa: PLC0415  (.1 s)

    if number >= 10**15:
        return digits(str(number))
    return str(cardinal_words(number)).replace(",", "")


def ordinal(number: int) -> str:
    from sanotts.nano_g2p import ordinal_words  # noqa: PLC0415

    return str(ordinal_words(number)).replace(",", "")


def year(number: int) -> str:
    """ "nineteen ninety-nine", "nineteen oh five", "two thousand and one"."""
    from sanotts.nano_g2p import year_words  # noqa: PLC0415

    return str(year_words(number)).replace("-", " ")


def digits(text: str) -> str:
    """Each digit by itself."""
    return " ".join(cardinal(int(digit)) for digit in text if digit.isdecimal())


def number(text: str) -> str:
    """A number as it is written: sign, thousands separators and decimals. What begins with zeros is read by digits."""
    sign = "minus " if text[0] in "-−" else ""
    whole, _, decimals = text.lstrip("-−+").replace(",", "").partition(".")
    by_digits = len(whole) > 1 and whole[0] == "0"
    said = digits(whole) if by_digits else cardinal(int(whole or "0"))
    return f"{sign}{said} point {digits(decimals)}" if decimals else f"{sign}{said}"


def plural(words: str) -> str:
    """ "nineties", "sixes", "twenty-fifths"."""
    if words.endswith("y"):
        return f"{words[:-1]}ies"
    return words + ("es" if re.search(r"(s|x|ch)$", words) else "s")


def fraction(numerator: int, denominator: int) -> str | None:
    """ "three quarters"; None where nobody says it so."""
    if not 0 < numerator < denominator <= 100:
        return None
    part = {2: "half", 4: "quarter"}.get(denominator) or ordinal(denominator)
    if numerator > 1:
        part = "halves" if denominator == 2 else plural(part)
    return f"{'one' if numerator == 1 else cardinal(numerator)} {part}"


_ROMAN = re.compile(r"M{0,3}(CM|CD|D?C{0,3})(XC|XL|L?X{0,3})(IX|IV|V?I{0,3})")
_VALUES = {"I": 1, "V": 5, "X": 10, "L": 50, "C": 100, "D": 500, "M": 1000}


def roman(numeral: str) -> int | None:
    """The value of a Roman numeral in capitals."""
    if not numeral or not _ROMAN.fullmatch(numeral):
        return None
    values = [_VALUES[letter] for letter in numeral]
    return sum(-value if value < max(values[i:]) else value for i, value in enumerate(values))
