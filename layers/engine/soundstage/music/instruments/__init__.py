"""Instruments: synthesis of plucked, struck, bowed, blown and electronic sounds, and of drums, at 44.1 kHz.

The numbers of a patch are sound design: levels are linear amplitudes, frequencies Hz, times seconds, decays T60. Where
they follow acoustics, the source stands beside them; the others were set with their instrument and are measured only
in pitch, loudness and decay (``tests/unit/music/instruments``).
"""
