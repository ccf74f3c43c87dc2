"""Evaluation: how well a song keeps the melody, how it sounds, and how two variants differ."""
