"""Chinese number words."""

_DIGITS = "零一二三四五六七八九"
_PLACES = ("", "十", "百", "千")
_GROUPS = ("", "万", "亿", "万亿")


def cardinal(number: int) -> str:
    """一百零五, 十二, 两千; digit by digit from 10¹⁶ on."""
    if number >= 10**16:
        return digits(str(number))
    if number == 0:
        return _DIGITS[0]
    said, gap = "", False
    for place in range(3, -1, -1):
        group = number // 10 ** (4 * place) % 10_000
        if group == 0:
            gap = bool(said)
            continue
        if said and (gap or group < 1000):
            said += _DIGITS[0]
        two = group == 2 and place > 0
        said += ("两" if two else _under_ten_thousand(group, first=not said)) + _GROUPS[place]
        gap = False
    return said


def _under_ten_thousand(number: int, *, first: bool) -> str:
    if first and 10 <= number < 20:
        return _PLACES[1] + (_DIGITS[number - 10] if number > 10 else "")
    said, gap = "", False
    for place in range(3, -1, -1):
        digit = number // 10**place % 10
        if digit == 0:
            gap = bool(said)
            continue
        if gap:
            said += _DIGITS[0]
        said += ("两" if digit == 2 and place == 3 else _DIGITS[digit]) + _PLACES[place]
        gap = False
    return said


def digits(text: str, *, telephone: bool = False) -> str:
    """Each digit by itself; 1 is 幺 in telephone numbers."""
    said = "".join(_DIGITS[int(digit)] for digit in text if digit.isdecimal())
    return said.replace("一", "幺") if telephone else said


def number(text: str) -> str:
    """A number as it is written: sign, thousands separators and decimals. What begins with zeros is read by digits."""
    sign = "负" if text[0] in "-−" else ""
    whole, _, decimals = text.lstrip("-−+").replace(",", "").partition(".")
    by_digits = len(whole) > 1 and whole[0] == "0"
    said = digits(whole) if by_digits else cardinal(int(whole or "0"))
    return f"{sign}{said}点{digits(decimals)}" if decimals else f"{sign}{said}"
