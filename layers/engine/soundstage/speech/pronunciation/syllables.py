"""Syllables of Mandarin as Kokoro's phonemes: IPA with the tone, as an arrow, behind the vowel it lies on.

The inventory is the one the model was trained with (that of the G2P library misaki, after S. Duanmu, "The Phonology of
Standard Chinese", 2nd ed., 2007). pinyin is written with tone numbers and v for ü: ``nv3``; 5 is the neutral tone.
"""

import re

TONES = {"1": "→", "2": "↗", "3": "↓", "4": "↘", "5": ""}
INITIALS = {
    "zh": "ꭧ", "ch": "ꭧʰ", "sh": "ʂ", "b": "p", "p": "pʰ", "m": "m", "f": "f", "d": "t", "t": "tʰ", "n": "n", "l": "l",
    "g": "k", "k": "kʰ", "h": "x", "j": "ʨ", "q": "ʨʰ", "x": "ɕ", "r": "ɻ", "z": "ʦ", "c": "ʦʰ", "s": "s",
}  # fmt: skip
FINALS = {
    "a": "a0", "ai": "ai0", "an": "a0n", "ang": "a0ŋ", "ao": "au0", "e": "ɤ0", "ei": "ei0", "en": "ə0n", "eng": "ə0ŋ",
    "i": "i0", "ia": "ja0", "ian": "jɛ0n", "iang": "ja0ŋ", "iao": "jau0", "ie": "je0", "in": "i0n", "ing": "i0ŋ",
    "iong": "jʊ0ŋ", "iou": "jou0", "ong": "ʊ0ŋ", "ou": "ou0", "u": "u0", "ua": "wa0", "uai": "wai0", "uan": "wa0n",
    "uang": "wa0ŋ", "uei": "wei0", "uen": "wə0n", "ueng": "wə0ŋ", "uo": "wo0", "v": "y0", "van": "ɥɛ0n", "ve": "ɥe0",
    "vn": "y0n", "er": "ɚ0", "o": "ɔ0", "io": "jɔ0", "ê": "ɛ0", "m": "m0", "n": "n0", "ng": "ŋ0",
}  # fmt: skip
"""0 stands where the tone goes."""
BUZZED = "ɨ0"
"""The vowel of zhi, chi, shi, ri, zi, ci, si."""
_SHORTENED = {"iu": "iou", "ui": "uei", "un": "uen", "ue": "ve"}
"""What pinyin writes of the finals iou, uei, uen, and üe after l and n."""
_SYLLABLE = re.compile(r"(zh|ch|sh|[bpmfdtnlgkhjqxrzcs])?([a-zê]+)([1-5])")


def phonemes_of(syllable: str) -> str:
    """The phonemes of a syllable in pinyin with its tone.

    Raises:
        ValueError: it is none.
    """
    alone = re.fullmatch(r"(hm|hng|[mn]|ng)([1-5])", syllable)
    if alone is not None:
        initial, final, tone = ("h", alone[1][1:], alone[2]) if alone[1][0] == "h" else ("", *alone.groups())
    else:
        match = _SYLLABLE.fullmatch(syllable)
        if match is None:
            raise ValueError(f"{syllable} is no syllable")
        initial, final, tone = match[1] or "", match[2], match[3]
    if initial in ("zh", "ch", "sh", "r", "z", "c", "s") and final == "i":
        return INITIALS[initial] + BUZZED.replace("0", TONES[tone])
    final = _final(initial, final)
    if final not in FINALS:
        raise ValueError(f"{syllable} is no syllable")
    return INITIALS.get(initial, "") + FINALS[final].replace("0", TONES[tone])


def _final(initial: str, written: str) -> str:
    """The final as FINALS has it, without pinyin's spelling rules."""
    if written[0] == "y":
        rest = written[1:]
        written = {"u": "v", "ue": "ve", "uan": "van", "un": "vn", "ou": "iou", "ong": "iong"}.get(rest, rest)
        return written if written[0] in "iv" else f"i{written}"
    if written[0] == "w":
        rest = written[1:]
        written = {"ei": "uei", "en": "uen"}.get(rest, rest)
        return written if written[0] == "u" else f"u{written}"
    if initial in ("j", "q", "x") and written[0] == "u":
        written = f"v{written[1:]}"
    if initial in ("b", "p", "m", "f") and written == "o":
        return "uo"
    if initial == "l" and written == "o":
        return "uo"
    return _SHORTENED.get(written, written) if initial else written
