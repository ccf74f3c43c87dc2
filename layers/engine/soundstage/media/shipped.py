"""Files that set-up and the worker's image put beside the packages: voices and typefaces, listed in assets.sha256."""

import sys
from pathlib import Path

from soundstage.models.errors import DependencyUnavailable

FOLDER = Path("share") / "soundstage"
"""Below the environment's prefix."""


def shipped(name: str) -> Path:
    """The file ``package@version/path``.

    Raises:
        DependencyUnavailable: it is not there.
    """
    path = Path(sys.prefix) / FOLDER / name
    if not path.is_file():
        raise DependencyUnavailable(f"The file {name} is missing in this environment: make setup brings it.")
    return path
