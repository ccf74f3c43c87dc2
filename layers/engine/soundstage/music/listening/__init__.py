"""Listening: from a recording to notes, key, tuning, tempo, meter and phrases.

Where a constant of this room names no other source, it was chosen on the synthetic hums of ``tests.fixtures.hums``
(five voices, known notes), whose scores ``python -m tests.bench.music_listening`` prints; no search is recorded beside
it.
"""
