"""Animals and creatures of a picture."""

from soundstage.film.painting.animals.catalogue import coat_of, draw_animal, flies_or_swims, metres_of, species_named

__all__ = ["coat_of", "draw_animal", "flies_or_swims", "metres_of", "species_named"]
