"""API Gateway's end of WebSocket connections: what is posted there is sent to the client."""

from functools import cached_property
from typing import Any

from soundstage.platform.aws import clients
from soundstage.platform.aws.connections import Gone


class Sockets:
    """``endpoint_url``: ``https://{api}.execute-api.{region}.amazonaws.com/{stage}``."""

    def __init__(self, endpoint_url: str) -> None:
        self._endpoint_url = endpoint_url

    @cached_property
    def _api(self) -> Any:
        return clients.socket_management(self._endpoint_url)

    def post(self, connection_id: str, text: str) -> None:
        """Raises Gone."""
        try:
            self._api.post_to_connection(ConnectionId=connection_id, Data=text.encode())
        except self._api.exceptions.GoneException as error:
            raise Gone(connection_id) from error

    def close(self, connection_id: str) -> None:
        """One that has left is fine."""
        try:
            self._api.delete_connection(ConnectionId=connection_id)
        except self._api.exceptions.GoneException:
            return
