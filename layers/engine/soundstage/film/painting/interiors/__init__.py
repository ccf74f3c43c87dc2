"""Rooms of a picture."""

from soundstage.film.painting.interiors.measures import bed, floor_height, window_box
from soundstage.film.painting.interiors.room import INTERIORS, room, room_front

__all__ = ["INTERIORS", "bed", "floor_height", "room", "room_front", "window_box"]
