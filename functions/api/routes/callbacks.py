"""Callbacks of model nodes: a task of a shot is done. Signed by the node, not by a person who has logged in."""

from typing import Annotated, Any

from fastapi import APIRouter, Depends, Header, Path, Request
from functions.api.middleware.errors import documented
from functions.api.services import Services, Serving
from pydantic import SecretStr, ValidationError

from soundstage.models.errors import Conflict, InvalidInput, NotFound, Unauthenticated
from soundstage.models.ids import Id
from soundstage.models.node_tasks import TaskComplete
from soundstage.models.profiles import SealedProfile
from soundstage.platform.catalog import profiles
from soundstage.platform.envelope import CannotOpen
from soundstage.platform.profile_keys import key_of
from soundstage.providers.signatures import SIGNATURE, TIMESTAMP, is_signed
from soundstage.providers.submission_record import ObjectSubmissions, bought_stem, callback_key

router = APIRouter(prefix="/v1/callbacks", tags=["callbacks"])

NOBODYS = SecretStr("nobody signs with this")
"""Checked against where there is no such node, so that it takes as long."""


async def _raw_body(request: Request) -> bytes:
    """As it was sent: that is what is signed."""
    return await request.body()


def _schema() -> dict[str, Any]:
    """Of the body, which no parameter of the route is: it is read after its signature was checked."""
    schema = TaskComplete.model_json_schema()
    schema["properties"]["result"] = {"anyOf": [schema.pop("$defs")["TaskResult"], {"type": "null"}]}
    return schema


@router.post(
    "/{node_id}/task_complete",
    status_code=204,
    responses=documented(Conflict, InvalidInput, NotFound, Unauthenticated),
    openapi_extra={"requestBody": {"required": True, "content": {"application/json": {"schema": _schema()}}}},
)
def task_complete(
    node_id: Annotated[Id, Path(description="The model profile of the node.")],
    body: Annotated[bytes, Depends(_raw_body)],
    services: Serving,
    timestamp: Annotated[str, Header(alias=TIMESTAMP, max_length=20, description="Seconds since 1970.")],
    signature: Annotated[
        str, Header(alias=SIGNATURE, max_length=128, description="HMAC-SHA-256 of `timestamp.body` in hex.")
    ],
) -> None:
    """The task of a shot that waits for this node goes on. Said again, or more than 5 minutes late, it is refused."""
    profile = _profile(node_id, services)
    secret = _secret(profile, services) if profile else None
    now_s = services.clock().timestamp()
    if not is_signed(secret or NOBODYS, timestamp, signature, body, now_s=now_s) or profile is None or secret is None:
        raise Unauthenticated("The signature does not fit, or it is too old.")
    try:
        said = TaskComplete.model_validate_json(body)
    except ValidationError as error:
        raise InvalidInput("This is not what a node says when it is done.") from error
    record = ObjectSubmissions(services.objects, bought_stem(profile.owner_id, said.task_id)).read()
    if record is None or record.provider != profile.terms.protocol:
        raise NotFound("There is no such task.")
    told = said.model_dump(mode="json")
    if not services.objects.create_json(callback_key(profile.owner_id, said.task_id), told):
        raise Conflict("This was said before.")


def _profile(node_id: Id, services: Services) -> SealedProfile | None:
    with services.catalog.transaction() as session:
        return profiles.node(session, node_id)


def _secret(profile: SealedProfile, services: Services) -> SecretStr | None:
    try:
        return key_of(profile, services.settings)
    except CannotOpen:
        return None
