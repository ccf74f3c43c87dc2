"""Somebody on an animal's back."""

from collections.abc import Sequence
from dataclasses import dataclass

from soundstage.film.painting.animals import draw_animal, species_named
from soundstage.film.painting.animals.species import BEASTS
from soundstage.film.painting.pen import Pen
from soundstage.film.painting.people import Person, height_of
from soundstage.models.story import Appearance, Character, Presence, Shot
from soundstage.models.told import told


@dataclass(frozen=True)
class Ride:
    rider: Character
    mount: Character
    species: str
    known: bool
    """Whether what is ridden is of the cast."""


def ride_of(shot: Shot, cast: Sequence[tuple[Character, Presence]]) -> Ride | None:
    """Who rides what by the shot's words; None: nobody, or on nothing that has a back."""
    noun = next((fact.removeprefix("riding ") for fact in told(shot.prompt) if fact.startswith("riding ")), None)
    species = species_named(noun) if noun else None
    people = [(character, who) for character, who in cast if character.kind == "person"]
    if noun is None or species not in BEASTS or not people:
        return None
    rider = next((character for character, who in people if who.stance == "sitting"), people[0][0])
    for character, _ in cast:
        if character.kind != "person" and species_named(f"{character.species or ''} {character.name}") == species:
            return Ride(rider, character, species, known=True)
    look = Appearance(hair_colour="#efebe4") if noun.startswith("white ") else Appearance()
    colour = look.hair_colour if noun.startswith("white ") else BEASTS[species].colour
    unnamed = Character(id="x2", name=noun, kind="animal", species=species,
                        appearance=look.model_copy(update={"accent_colour": colour, "accent": "belt"}))  # fmt: skip
    return Ride(rider, unnamed, species, known=False)


def mounted(pen: Pen, ride: Ride, who: Presence, feet: tuple[float, float], metre: float, adult: float) -> None:
    """The rider first, then what carries them, then the leg on our side. ``metre``: pixels of one."""
    beast = BEASTS[ride.species]
    side = -1 if who.facing == "left" else 1
    s = beast.height * metre
    back = feet[1] - (beast.leg + 0.9 * beast.deep + (0.24 if beast.mane == "hump" else 0.0)) * s
    # A small animal carries nobody larger than itself in a picture.
    adult = min(adult, 1.5 * s / height_of(ride.rider))
    facing = who.facing if who.facing in ("left", "right") else "right"
    sits = who.model_copy(update={"stance": "sitting", "facing": facing})
    person = Person(pen, ride.rider, sits, (feet[0] - side * 0.06 * s, 0.0), adult)
    person.pose_as("riding")
    hips = person.hip[1] * adult
    person.feet = (person.feet[0], back + hips - 0.03 * adult)
    person.seated = True
    person.draw()
    moving = "walking" if who.stance in ("sitting", "standing") else who.stance
    carries = Presence(character=ride.mount.id, stance=moving, facing=facing)
    draw_animal(pen, ride.species, ride.mount, carries, feet, metre)
    person.near_leg()
