"""Where and when a sentence is."""

from dataclasses import dataclass

from soundstage.models.story import PlaceKind, Season, TimeOfDay, Weather

Spot = tuple[PlaceKind, str]
"""A kind of place and its name."""


@dataclass(frozen=True)
class Scene:
    """Where and when a sentence is; ``stated``: what its own words say of that."""

    place: PlaceKind = "plain"
    place_name: str = ""
    time: TimeOfDay = "afternoon"
    weather: Weather = "clear"
    season: Season | None = None
    stated: frozenset[str] = frozenset()
    jump: bool = False
    """A new moment begins: 'the next morning'."""
