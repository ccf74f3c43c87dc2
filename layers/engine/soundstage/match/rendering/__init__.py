"""Applying a style to a recording: the stages as streaming processors, and a render by blocks or by segments."""
