"""Whether a song keeps the tune and is well made; which of two to recommend."""
