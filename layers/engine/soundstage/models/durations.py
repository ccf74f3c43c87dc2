"""Durations as people read them."""


def minutes_and_seconds(seconds: float) -> str:
    """``9:05``, cut to whole seconds."""
    return f"{int(seconds) // 60}:{int(seconds) % 60:02d}"
