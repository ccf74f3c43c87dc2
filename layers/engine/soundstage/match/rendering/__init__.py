"""Apply parameters to a recording, in blocks or in segments."""
