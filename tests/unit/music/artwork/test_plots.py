"""Plots of songs: what stands in them can be read."""

from soundstage.media.typography import label_font


def test_labels_have_the_accidentals_of_keys() -> None:
    font = label_font(14)
    nothing = bytes(font.getmask("\uffff"))
    assert all(bytes(font.getmask(letter)) != nothing for letter in "♭♯−–é")
