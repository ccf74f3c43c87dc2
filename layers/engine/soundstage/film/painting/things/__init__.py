"""Things of a picture."""

from soundstage.film.painting.things.catalogue import THINGS, draw_held, draw_thing, thing_named

__all__ = ["THINGS", "draw_held", "draw_thing", "thing_named"]
