"""Sounding: from played notes to sound and MIDI: rendering, sound font, voice layer, mix and mastering.

Levels and times of the mix are production choices; what holds them are the bars of ``tests.bench.music_making``
(loudness, true peak, centroid, crest factor, spectral balance, and how clearly the melody is found).
"""
