"""Texts that people bring in files, whatever program wrote them."""

from pathlib import Path


def read_text(path: Path) -> str:
    """The text of a file in UTF-8 or UTF-16 (by its mark), or in GB 18030, as older Chinese files are.

    Raises InvalidInput for what is no text.
    """
    from soundstage.models.errors import InvalidInput

    raw = path.read_bytes()
    encodings = ("utf-16",) if raw[:2] in (b"\xff\xfe", b"\xfe\xff") else ("utf-8-sig", "gb18030")
    for encoding in encodings:
        try:
            text = raw.decode(encoding)
        except UnicodeDecodeError:
            continue
        if "\0" not in text:
            return text
    raise InvalidInput(f"{path.name}: this is not a text file.")
