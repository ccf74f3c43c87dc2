"""People of a picture."""

from soundstage.film.painting.people.body import METAL, Figure, height_of
from soundstage.film.painting.people.faces import draw_face
from soundstage.film.painting.people.person import Person

__all__ = ["METAL", "Figure", "Person", "draw_face", "height_of"]
