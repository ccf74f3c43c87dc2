"""The products, by the kind of their jobs. A new one is registered here, and nowhere else."""

from typing import Any

from soundstage.products.base import Product
from soundstage.products.film import FILM
from soundstage.products.match import MATCH
from soundstage.products.shot import SHOT
from soundstage.products.shot_batch import SHOT_BATCH
from soundstage.products.storyboard import STORYBOARD
from soundstage.products.track import TRACK
from soundstage.products.video import VIDEO

PRODUCTS: dict[str, Product[Any]] = {
    product.kind: product for product in (TRACK, MATCH, VIDEO, STORYBOARD, SHOT, SHOT_BATCH, FILM)
}
