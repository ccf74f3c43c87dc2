"""Animals and creatures of a picture."""

from soundstage.film.painting.animals.catalogue import draw_animal, flies_or_swims, metres_of, species_named

__all__ = ["draw_animal", "flies_or_swims", "metres_of", "species_named"]
