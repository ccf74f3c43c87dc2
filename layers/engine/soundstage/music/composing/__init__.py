"""Composing: from an analysis to plans of two songs: melody on a grid, form, harmony, style and variation.

Where a constant of this room names no other source, it was set when its module was written and is held by the bars of
``python -m tests.bench.music_making`` (chord tones on beats, clashes, endings, A against B); no search is recorded.
"""
