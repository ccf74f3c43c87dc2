"""Text to spoken sound, with the time of every word: the embedded voices."""
