"""Styles without a reference: applying and blending them, and files of other programs, read and written."""
