"""Lambda's entry for API Gateway's WebSocket API: what clients send, and that they left. ``Push`` tells them."""

from functools import cache
from typing import Any

from functions.api.services import Services
from functions.api.settings import ApiSettings
from functions.api.subscribing import asked_for

from soundstage.models.push import Unheard
from soundstage.platform.push.wiring import push, settings
from soundstage.platform.runtime.functions import function


@cache
def services() -> Services:
    return Services(ApiSettings())


@function(settings)
def handler(event: dict[str, Any]) -> dict[str, Any]:
    """Everything but a subscription is refused; who leaves is forgotten. https://docs.aws.amazon.com/apigateway/latest/developerguide/
    apigateway-websocket-api-route-keys-connect-disconnect.html"""
    connection_id = event["requestContext"]["connectionId"]
    if event["requestContext"].get("routeKey") == "$disconnect":
        push().left(connection_id)
        return {"statusCode": 200}
    asked = asked_for(event.get("body") or "", services())
    if isinstance(asked, Unheard):
        push().refuse(connection_id, asked)
    else:
        push().subscribe(connection_id, asked, most=services().settings.limits.sockets_per_user)
    return {"statusCode": 200}
