"""XML that says any text: what XML 1.0 cannot hold is left out, the rest is escaped."""

import re
from xml.etree.ElementTree import Element, SubElement, indent, tostring

NOT_XML = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
"""Characters outside of the Char production of XML 1.0."""


def added(parent: Element, tag: str, text: object = None, **attributes: object) -> Element:
    """A new last child with this text and these attributes."""
    child = SubElement(parent, tag, {name: plain(value) for name, value in attributes.items()})
    if text is not None:
        child.text = plain(text)
    return child


def plain(value: object) -> str:
    return NOT_XML.sub("", str(value))


def document(root: Element, doctype: str) -> str:
    """The whole document, with its declarations."""
    indent(root, " ")
    body = tostring(root, encoding="unicode")
    return f'<?xml version="1.0" encoding="UTF-8"?>\n<!DOCTYPE {doctype}>\n{body}\n'
