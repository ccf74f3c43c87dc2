"""Push on AWS: functions that hear of changes tell the connections that subscribed to them, through API Gateway."""

import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from typing import Protocol

from soundstage.models.errors import TransientError
from soundstage.models.jobs import JobChange
from soundstage.models.push import DISPLACED, Message, Subscribed, Subscription, Unheard
from soundstage.platform.aws.connections import HOLD_S, Connection, Connections, Gone
from soundstage.platform.aws.event_log import SETTLES_S
from soundstage.platform.push.reading import Reading

LOOK_AGAIN_S = 0.25


class Clients(Protocol):
    """Implemented by ``soundstage.platform.aws.sockets.Sockets``."""

    def post(self, connection_id: str, text: str) -> None: ...

    def close(self, connection_id: str) -> None: ...


class Push:
    def __init__(
        self,
        connections: Connections,
        reading: Reading,
        clients: Clients,
        *,
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        self._connections = connections
        self._reading = reading
        self._clients = clients
        self._sleep = sleep

    def changed(self, change: JobChange) -> None:
        """Tell everyone who subscribed. Raises TransientError: it has to come again."""
        for connection in self._connections.of_owner(change.owner_id):
            if connection.subscription.job_id in (None, change.job_id):
                with self._unless_gone(connection):
                    self._tell(connection)

    def subscribe(self, connection_id: str, subscription: Subscription, *, most: int) -> None:
        """And tell what has happened since ``subscription.sent``. Of more than ``most`` of a person the oldest go."""
        connection = self._connections.put(connection_id, subscription)
        for displaced in self._connections.beyond(subscription.owner_id, most):
            self._connections.delete(displaced)
            self.refuse(displaced.connection_id, DISPLACED)
        with self._unless_gone(connection):
            self._post(connection, [Subscribed(last_event_id=str(subscription.sent))])
            self._tell_held(connection)

    def refuse(self, connection_id: str, refusal: Unheard) -> None:
        with suppress(Gone):
            self._clients.post(connection_id, refusal.model_dump_json())
            self._clients.close(connection_id)

    def left(self, connection_id: str) -> None:
        """The client has closed the connection, or it broke off."""
        self._connections.left(connection_id)

    @contextmanager
    def _unless_gone(self, connection: Connection) -> Iterator[None]:
        try:
            yield
        except Gone:
            self._connections.delete(connection)

    def _tell(self, connection: Connection) -> None:
        """All that it was not told yet, once nobody else is telling it."""
        waited_s = 0.0
        while (held := self._connections.hold(connection)) is None:
            if waited_s > HOLD_S + 1:
                raise TransientError("Somebody else is telling this connection.")
            self._sleep(LOOK_AGAIN_S)
            waited_s += LOOK_AGAIN_S
        self._tell_held(held)

    def _tell_held(self, held: Connection) -> None:
        """Should this end half-way, it is held for a while, and what was posted is posted again."""
        waited_s = 0.0
        while True:
            found = self._reading.next(held.subscription)
            self._post(held, found.messages)
            if found.over:
                self._connections.delete(held)
                self._clients.close(held.connection_id)
                return None
            if found.messages:
                told = self._connections.told(held, found.sent)
                if told is None:  # it took us too long, and somebody else goes on, or it subscribed anew
                    return None
                held, waited_s = told, 0.0
            elif held.subscription.job_id is not None or self._is_up_to_date(held.subscription):
                return self._connections.let_go(held)
            elif waited_s > SETTLES_S + 1:
                raise TransientError("The log of events does not settle.")
            else:  # a number that is not written yet holds up those after it
                self._sleep(LOOK_AGAIN_S)
                waited_s += LOOK_AGAIN_S

    def _is_up_to_date(self, subscription: Subscription) -> bool:
        return self._reading.newest(subscription.owner_id) <= subscription.sent

    def _post(self, connection: Connection, messages: Sequence[Message]) -> None:
        for message in messages:
            self._clients.post(connection.connection_id, message.model_dump_json())
