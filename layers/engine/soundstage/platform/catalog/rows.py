"""The rows of every product in the registry, and with them all tables."""

from collections.abc import Callable
from datetime import datetime
from pkgutil import resolve_name

from sqlalchemy import MetaData

from soundstage.platform.catalog import shares, usage  # noqa: F401  (their tables)
from soundstage.platform.catalog.database import Catalog
from soundstage.platform.catalog.product_rows import utc_now
from soundstage.platform.catalog.tables import Base
from soundstage.products import PRODUCTS
from soundstage.products.ports import Rows


def rows_of(catalog: Catalog, *, clock: Callable[[], datetime] = utc_now) -> dict[str, Rows]:
    """By kind of job."""
    return {kind: resolve_name(product.rows)(catalog, clock=clock) for kind, product in PRODUCTS.items()}


def metadata() -> MetaData:
    """What the migrations make."""
    for product in PRODUCTS.values():
        resolve_name(product.rows)
    return Base.metadata
