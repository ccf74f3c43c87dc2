"""Artwork: cover, piano roll, spectrogram, transcription plot, and the video of a song's notes.

Sizes are pixels, colours OKLCH or linear sRGB, strengths 0 to 1. They are design; what the tests hold is that pictures
have tones, titles are legible and no palette is brown.
"""
