"""Animals and creatures that are no quadrupeds, by name."""

from collections.abc import Callable

from soundstage.film.painting.animals import birds, crawlers, fantastic, hedgehog, swimmers
from soundstage.film.painting.people import Figure

CREATURES: dict[str, tuple[Callable[..., Figure], float]] = {
    "bird": (birds.bird("bird"), 0.3),
    "gull": (birds.bird("gull"), 0.5),
    "crow": (birds.bird("crow"), 0.42),
    "dove": (birds.bird("dove"), 0.32),
    "duck": (birds.bird("duck"), 0.42),
    "swan": (birds.bird("swan"), 0.9),
    "crane": (birds.bird("crane"), 1.2),
    "hen": (birds.bird("hen"), 0.45),
    "owl": (birds.bird("owl"), 0.5),
    "penguin": (birds.bird("penguin"), 0.75),
    "hedgehog": (hedgehog.hedgehog, 0.24),
    "whale": (swimmers.whale, 4.2),
    "dolphin": (swimmers.dolphin, 1.1),
    "shark": (swimmers.shark, 1.2),
    "fish": (swimmers.fish, 0.4),
    "dragon": (fantastic.dragon, 3.6),
    "robot": (fantastic.robot, 1.5),
    "snake": (crawlers.snake, 0.6),
    "frog": (crawlers.frog, 0.2),
    "butterfly": (crawlers.butterfly, 0.2),
    "spirit": (fantastic.spirit, 1.5),
    "monster": (fantastic.monster, 2.0),
    "snowman": (fantastic.snowman, 1.7),
    "octopus": (swimmers.octopus, 1.2),
}
