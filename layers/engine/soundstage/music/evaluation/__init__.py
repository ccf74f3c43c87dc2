"""Whether a song keeps the melody and is well made; which of two to recommend."""
