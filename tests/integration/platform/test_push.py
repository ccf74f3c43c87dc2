"""Push over API Gateway: in order, nothing lost or twice, however many functions tell one connection at once.

Connections, log and (in the last test) the sockets themselves are those of the embedded cloud.
"""

import io
import json
import threading
import zipfile
from collections.abc import Iterator, Sequence
from typing import Any

import boto3
import pytest
from tests.fixtures.jobs import a_job
from tests.integration.platform.conftest import REGION, TABLE
from websockets.sync.client import connect

from soundstage.models.errors import TransientError
from soundstage.models.ids import Id, new_id
from soundstage.models.jobs import Job, JobChange, JobStatus
from soundstage.models.push import Subscription
from soundstage.platform.aws.connections import HOLD_S, Connections, Gone
from soundstage.platform.aws.event_log import EventLog
from soundstage.platform.aws.job_store import DynamoJobs
from soundstage.platform.aws.sockets import Sockets
from soundstage.platform.aws.traffic import Traffic
from soundstage.platform.push.reading import Reading
from soundstage.platform.push.service import Push


class Deaf:
    """A feed for a store of jobs whose changes the tests tell themselves."""

    def send(self, changes: Sequence[JobChange]) -> None:
        pass


class World:
    """``came``: what each client was sent. A client in ``left`` is gone."""

    def __init__(self) -> None:
        self.seconds = 1_800_000_000.0
        self.came: dict[str, list[dict[str, Any]]] = {}
        self.closed: list[str] = []
        self.left: set[str] = set()
        self.dies = False
        self.log = EventLog(TABLE, clock=lambda: self.seconds)
        self.traffic = Traffic(TABLE, clock=lambda: self.seconds)
        self.jobs = DynamoJobs(TABLE, feed=Deaf())
        self.connections = Connections(TABLE, clock=lambda: self.seconds)
        reading = Reading(self.jobs, self.log, self.traffic, clock=lambda: self.seconds)
        self.push = Push(self.connections, reading, self, sleep=self.sleep)

    def sleep(self, seconds: float) -> None:
        self.seconds += seconds

    def post(self, connection_id: str, text: str) -> None:
        if connection_id in self.left:
            raise Gone(connection_id)
        self.came.setdefault(connection_id, []).append(json.loads(text))
        if self.dies:
            raise KeyboardInterrupt

    def close(self, connection_id: str) -> None:
        self.closed.append(connection_id)

    def subscribe(self, connection_id: str, subscription: Subscription) -> None:
        self.push.subscribe(connection_id, subscription, most=20)

    def subscription(self, owner_id: Id, job_id: Id | None = None, sent: int = 0) -> Subscription:
        return Subscription(owner_id, "p" * 32, job_id, sent, self.seconds + 900)

    def change(self, job: Job, revision: int) -> JobChange:
        return JobChange.model_validate(job.model_dump() | {"event": "progressed", "revision": revision})

    def told(self, connection_id: str) -> list[int]:
        """Revisions of what it was told."""
        events = [message for message in self.came.get(connection_id, []) if message["type"] == "event"]
        numbers = [int(message["id"]) for message in events]
        assert numbers == sorted(numbers)
        return [message["event"]["job"]["revision"] for message in events]


@pytest.fixture
def world(cloud: None) -> World:
    return World()


def test_a_subscription_begins_where_it_was_left_and_hears_of_what_comes(world: World) -> None:
    job = world.jobs.create(a_job())
    world.log.record([world.change(job, 1), world.change(job, 2)])

    world.subscribe("one", world.subscription(job.owner_id, sent=1))
    world.log.record([world.change(job, 3)])
    world.push.changed(world.change(job, 3))
    world.push.changed(world.change(job, 3))  # told again, as queues do

    assert world.came["one"][0] == {"type": "subscribed", "last_event_id": "1"}
    assert world.told("one") == [2, 3]


def test_of_too_many_connections_the_oldest_are_sent_away(world: World) -> None:
    job, other = world.jobs.create(a_job()), a_job()
    world.subscribe("another's", world.subscription(other.owner_id))
    for name in ("oldest", "renewed", "third", "renewed", "newest"):
        world.seconds += 1
        world.push.subscribe(name, world.subscription(job.owner_id), most=2)
    world.log.record([world.change(job, 1)])
    world.push.changed(world.change(job, 1))

    assert world.closed == ["oldest", "third"]
    assert [world.came[name][-1].get("code") for name in world.closed] == ["TOO_MANY_CONNECTIONS"] * 2
    assert [name for name in world.came if world.told(name)] == ["renewed", "newest"]


def test_only_its_owner_and_only_its_job_are_told(world: World) -> None:
    job, other = world.jobs.create(a_job()), a_job()
    mine_too = world.jobs.create(a_job(owner_id=job.owner_id))
    world.subscribe("job", world.subscription(job.owner_id, job.job_id))
    world.subscribe("all", world.subscription(job.owner_id))
    for one in (job, other, mine_too):
        world.log.record([world.change(one, 1)])
        world.push.changed(world.change(one, 1))

    assert world.told("job") == [1]
    assert world.told("all") == [1, 1]


def test_a_job_that_has_ended_ends_its_subscription(world: World) -> None:
    job = world.jobs.create(a_job(status=JobStatus.SUCCEEDED))
    world.log.record([world.change(job, 1)])

    world.subscribe("one", world.subscription(job.owner_id, job.job_id))

    assert [message["type"] for message in world.came["one"]] == ["subscribed", "event", "ended"]
    assert world.closed == ["one"]
    assert world.connections.of_owner(job.owner_id) == []


def test_a_client_that_left_is_forgotten(world: World) -> None:
    job = world.jobs.create(a_job())
    world.subscribe("one", world.subscription(job.owner_id))
    world.left.add("one")
    world.log.record([world.change(job, 1)])

    world.push.changed(world.change(job, 1))

    assert world.connections.of_owner(job.owner_id) == []


@pytest.mark.parametrize("why", ["it is a quarter of an hour old", "its log-in ended"])
def test_a_subscription_dies_with_what_opened_it(world: World, why: str) -> None:
    job = world.jobs.create(a_job())
    subscription = world.subscription(job.owner_id)
    world.subscribe("one", subscription)
    if why == "its log-in ended":
        world.traffic.end_sessions(job.owner_id, [subscription.pass_id], token_life_s=900)
    else:
        world.seconds += 901
    world.log.record([world.change(job, 1)])
    world.push.changed(world.change(job, 1))

    assert world.told("one") == []
    assert world.came["one"][-1]["code"] == "UNAUTHENTICATED"
    assert world.closed == ["one"]


def test_whoever_dies_telling_is_waited_for_and_nothing_is_lost(world: World) -> None:
    job = world.jobs.create(a_job())
    world.subscribe("one", world.subscription(job.owner_id))
    world.log.record([world.change(job, 1)])
    world.dies = True
    with pytest.raises(KeyboardInterrupt):
        world.push.changed(world.change(job, 1))
    world.dies = False
    begun = world.seconds

    world.log.record([world.change(job, 2)])
    world.push.changed(world.change(job, 2))

    assert HOLD_S <= world.seconds - begun <= HOLD_S + 2
    assert world.told("one") == [1, 1, 2]  # at least once, with the same id


def test_what_is_held_for_too_long_comes_again(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    job = world.jobs.create(a_job())
    world.connections.put("one", world.subscription(job.owner_id))
    monkeypatch.setattr(world.push, "_sleep", lambda seconds: None)

    with pytest.raises(TransientError):
        world.push.changed(world.change(job, 1))


def test_a_hole_in_the_log_is_waited_for(world: World) -> None:
    """Somebody took a number and died; what comes after it is told once that is certain."""
    job = world.jobs.create(a_job())
    world.subscribe("one", world.subscription(job.owner_id))
    world.log._next(job.owner_id)
    world.log.record([world.change(job, 1)])

    world.push.changed(world.change(job, 1))

    assert world.told("one") == [1]


def test_many_tell_one_connection_in_order_and_once(world: World, embedded_table: None) -> None:
    job = world.jobs.create(a_job())
    world.subscribe("one", world.subscription(job.owner_id))
    changes = [world.change(job, revision) for revision in range(1, 25)]
    ready = threading.Barrier(4)

    def tell(mine: list[JobChange]) -> None:
        pushing = World()
        pushing.came, pushing.seconds = world.came, world.seconds
        pushing.push._sleep = lambda _: None
        ready.wait()
        for change in mine:
            pushing.log.record([change])
            for _ in range(1000):
                try:
                    pushing.push.changed(change)
                    break
                except TransientError:  # as the queue does
                    continue

    threads = [threading.Thread(target=tell, args=(changes[index::4],)) for index in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert sorted(world.told("one")) == list(range(1, 25))


ECHO = "def handler(event, context):\n    return {'statusCode': 200, 'body': event['requestContext']['connectionId']}\n"


@pytest.fixture
def socket_api(embedded_table: None, embedded_cloud_url: str) -> Iterator[tuple[str, str]]:
    """Where clients connect, and where functions post. Its one function answers with the connection's id."""
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        archive.writestr("echo.py", ECHO)
    functions, gateway = boto3.client("lambda"), boto3.client("apigatewayv2")
    role = "arn:aws:iam::000000000000:role/echo"
    name = f"echo-{new_id()}"
    arn = functions.create_function(
        FunctionName=name,
        Runtime="python3.13",
        Handler="echo.handler",
        Role=role,
        Code={"ZipFile": packed.getvalue()},
    )["FunctionArn"]
    api_id = gateway.create_api(
        Name="sockets", ProtocolType="WEBSOCKET", RouteSelectionExpression="$request.body.action"
    )["ApiId"]
    uri = f"arn:aws:apigateway:{REGION}:lambda:path/2015-03-31/functions/{arn}/invocations"
    integration = gateway.create_integration(ApiId=api_id, IntegrationType="AWS_PROXY", IntegrationUri=uri)
    route = gateway.create_route(
        ApiId=api_id, RouteKey="$default", Target=f"integrations/{integration['IntegrationId']}"
    )
    gateway.create_route_response(ApiId=api_id, RouteId=route["RouteId"], RouteResponseKey="$default")
    gateway.create_stage(ApiId=api_id, StageName="live", AutoDeploy=True)
    host = embedded_cloud_url.removeprefix("http://")
    yield f"ws://{host}/_aws/execute-api/{api_id}/live", f"{embedded_cloud_url}/_aws/execute-api/{api_id}/live"
    gateway.delete_api(ApiId=api_id)
    functions.delete_function(FunctionName=name)


def test_a_client_of_api_gateway_is_told_and_taken_up_again(socket_api: tuple[str, str]) -> None:
    clients_url, endpoint_url = socket_api
    world = World()
    job = world.jobs.create(a_job())
    push = Push(world.connections, Reading(world.jobs, world.log, world.traffic), Sockets(endpoint_url))
    with connect(clients_url) as client:
        client.send('{"action": "subscribe"}')
        connection_id = str(client.recv(timeout=20))
        push.subscribe(connection_id, Subscription(job.owner_id, "p" * 32, None, 0, 4e9), most=20)
        world.log.record([world.change(job, 1), world.change(job, 2)])
        push.changed(world.change(job, 2))
        came = [json.loads(client.recv(timeout=20)) for _ in range(3)]
    assert [message["type"] for message in came] == ["subscribed", "event", "event"]

    missed: list[int] = []
    while world.connections.of_owner(job.owner_id):  # that nobody is there shows when something is posted
        missed.append(3 + len(missed))
        assert len(missed) < 50
        world.log.record([world.change(job, missed[-1])])
        push.changed(world.change(job, missed[-1]))

    with connect(clients_url) as client:
        client.send('{"action": "subscribe"}')
        again = str(client.recv(timeout=20))
        push.subscribe(again, Subscription(job.owner_id, "p" * 32, None, int(came[-1]["id"]), 4e9), most=20)
        told = [json.loads(client.recv(timeout=20)) for _ in range(1 + len(missed))]
    assert [message["event"]["job"]["revision"] for message in told[1:]] == missed


def test_who_has_left_is_forgotten_and_others_are_not(world: World) -> None:
    owner = new_id()
    for connection_id in ("leaves=", "stays="):
        world.subscribe(connection_id, world.subscription(owner))

    for connection_id in ("leaves=", "leaves=", "never subscribed="):
        world.push.left(connection_id)

    assert [one.connection_id for one in world.connections.of_owner(owner)] == ["stays="]
