"""Settings of films: changing some of them, and those of an animatic."""

from typing import Any

from pydantic import ValidationError

from soundstage.models.errors import InvalidInput
from soundstage.models.film import FilmSettings, Music


def merged_settings(settings: FilmSettings, changes: dict[str, Any]) -> FilmSettings:
    """The settings with these changes, a JSON Merge Patch (RFC 7396): null puts a setting back to its default.

    Raises:
        InvalidInput: what comes out are no settings.
    """
    try:
        return FilmSettings.model_validate(_patched(settings.model_dump(mode="json"), changes))
    except ValidationError as error:
        found = [{"loc": ["settings", *e["loc"]], "msg": e["msg"], "type": e["type"]} for e in error.errors()]
        raise InvalidInput("These are no settings of a film.", detail={"errors": found}) from error


def _patched(value: Any, patch: Any) -> Any:
    if not isinstance(patch, dict):
        return patch
    patched = dict(value) if isinstance(value, dict) else {}
    for name, change in patch.items():
        if change is None:
            patched.pop(name, None)
        else:
            patched[name] = _patched(patched.get(name), change)
    return patched


def planning_settings(settings: FilmSettings) -> FilmSettings:
    """The settings of an animatic: small, held pictures, cuts, the voice alone. Others unchanged."""
    if not settings.animatic:
        return settings
    return settings.model_copy(
        update={
            "quality": "preview",
            "motion": "still",
            "transition": "cut",
            "title_card": False,
            "end_card": False,
            "music": Music(source="none"),
            "subtitles": "none" if settings.subtitles == "none" else "plain",
        }
    )
