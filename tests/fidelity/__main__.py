"""Ask every cloud that this machine can run, and print a table; exits 1 when an answer is not one that is known."""

import sys
import tempfile
from collections.abc import Callable, Container
from functools import partial
from pathlib import Path
from typing import Any

import boto3
from infra.local.aws import KEY, SECRET, client
from infra.local.emulator import CLOUDS
from infra.local.localstack.environment import Unavailable
from infra.local.settings import REGION, InstanceSettings
from infra.local.supervisor import Supervisor
from moto import mock_aws
from tests.fidelity.probes import (
    PROBES,
    Clients,
    expression,
    expression_that_fails,
    expression_without_a_value,
    forged_signature,
    task_token,
)
from tests.fixtures.embedded import free_port

# Where a cloud is known to differ from AWS. Anything else is news, and wants a look before a version is raised.
KNOWN = {
    ("moto", "transaction_token"): "applied twice",
    ("moto", "key_in_an_event"): "raw key, eTag",
    ("ministack", "name_used_again"): "ExecutionAlreadyExists",
    ("ministack", "task_token"): "SUCCEEDED, again TaskDoesNotExist",
    ("localstack", "transaction_token"): "applied twice",
    ("localstack", "expression_that_fails"): "States.Runtime",
    ("localstack", "task_token"): "SUCCEEDED, again InvalidToken",
    ("localstack", "key_in_an_event"): "key a%20b%2B%C3%A9, etag",
}


def answers(clients: Clients, *, without: Container[object] = ()) -> dict[str, str]:
    said = {}
    for probe in PROBES:
        if probe in without:
            continue
        try:
            said[probe.__name__] = probe(clients)
        except Exception as error:  # a cloud may fail in any way, and that is an answer
            said[probe.__name__] = f"{type(error).__name__}: {error}"[:60]
    return said


def on_moto() -> dict[str, str]:
    """In this process, as our tests use it: signed URLs lead nowhere, and nothing runs executions."""

    def inside(service: str) -> Any:
        return boto3.client(
            service,  # type: ignore[call-overload]
            region_name=REGION,
            aws_access_key_id=KEY,
            aws_secret_access_key=SECRET,
        )

    with mock_aws():
        return answers(
            inside,
            without=(forged_signature, expression, expression_without_a_value, expression_that_fails, task_token),
        )


def on(name: str) -> dict[str, str]:
    with tempfile.TemporaryDirectory() as folder:
        home = Path(folder) / "cloud"
        settings = InstanceSettings(instance="fidelity", cloud_port=free_port(), data_dir=home, temporary=True)
        with Supervisor(home, temporary=[home]) as supervisor:
            supervisor.start(CLOUDS[name](settings))
            supervisor.wait_ready("cloud")
            return answers(partial(client, settings=settings))


def main() -> int:
    clouds: dict[str, Callable[[], dict[str, str]]] = {
        "moto": on_moto,
        "ministack": partial(on, "ministack"),
        "localstack": partial(on, "localstack"),
    }
    news = 0
    for name, ask in clouds.items():
        try:
            said = ask()
        except Unavailable as lacking:
            print(f"{name}: {lacking}")
            continue
        for probe, aws in PROBES.items():
            if (answer := said.get(probe.__name__)) is None:
                continue
            known = KNOWN.get((name, probe.__name__), aws)
            mark = "as AWS" if answer == aws else "known" if answer == known else "NEW"
            news += mark == "NEW" or (mark == "as AWS" and known != aws)
            print(f"{name:<11} {probe.__name__:<27} {mark:<7} {answer}", flush=True)
    return 1 if news else 0


if __name__ == "__main__":
    sys.exit(main())
