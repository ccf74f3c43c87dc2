"""Rooms of a picture."""

from soundstage.film.painting.interiors.lighting import lit_room
from soundstage.film.painting.interiors.measures import bed, floor_height
from soundstage.film.painting.interiors.room import room, room_front

__all__ = ["bed", "floor_height", "lit_room", "room", "room_front"]
