"""Arranging: from a plan to what each player plays: parts, bass, drums, timing and velocity.

Velocities, patterns and timings of this room were written as a player would, not measured; what holds them are the bars
of ``python -m tests.bench.music_making`` and the tests of parts.
"""
