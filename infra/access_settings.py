"""Who may come, and how much: what a deployment says of it to the functions that let people in."""

from collections.abc import Mapping
from typing import Any

from soundstage.models.limits import Limits


def access_settings(*, limits: Mapping[str, Any], oidc: Mapping[str, str]) -> dict[str, str]:
    """``limits``: numbers that differ from ``soundstage.models.limits``. ``oidc``: ``issuer`` and ``client_id`` of an
    OpenID issuer whose log-ins are good here.

    Raises ValueError for a number that there is not, and for half of an issuer.
    """
    known: dict[str, str] = {}
    if limits:
        known["SOUNDSTAGE_LIMITS"] = Limits.model_validate(limits).model_dump_json(exclude_unset=True)
    if oidc:
        if set(oidc) != {"issuer", "client_id"}:
            raise ValueError(f"oidc is issuer and client_id, not {', '.join(sorted(oidc))}")
        known |= {"SOUNDSTAGE_OIDC_ISSUER": oidc["issuer"], "SOUNDSTAGE_OIDC_CLIENT_ID": oidc["client_id"]}
    return known
