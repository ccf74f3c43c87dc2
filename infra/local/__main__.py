"""``python -m infra.local up | down | reset | logs | status | demo | soundstage``: what the Makefile calls."""

import argparse
import os
import shlex
import signal
import sys
import time
from collections.abc import Callable
from pathlib import Path
from types import FrameType

from infra.local import instance, services
from infra.local.deployer import outputs
from infra.local.instance import CannotStart, Instance
from infra.local.localstack.environment import Unavailable
from infra.local.log_view import follow_logs, print_lines_about
from infra.local.service import ServiceDown
from infra.local.settings import InstanceSettings
from pydantic import ValidationError


class Stopped(BaseException):
    """Somebody asked us to end: Ctrl-C, ``make down``, a closed terminal."""


def main() -> int:
    commands: dict[str, Callable[[InstanceSettings, argparse.Namespace], int]] = {
        "up": up,
        "down": down,
        "reset": reset,
        "logs": logs,
        "status": status,
        "demo": demo,
        "soundstage": soundstage,
    }
    parser = argparse.ArgumentParser(prog="infra.local", description=__doc__)
    parser.add_argument("command", choices=commands)
    parser.add_argument("--request", help="logs: lines of this request (X-Request-Id) only")
    parser.add_argument("--job", help="logs: lines of this job only")
    parser.add_argument("--file", type=Path, help="demo: a recording of yours")
    parser.add_argument("--do", default="--help", help="soundstage: its arguments, as a shell would read them")
    arguments = parser.parse_args()
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, _stop)
    try:
        return commands[arguments.command](InstanceSettings(), arguments)
    except (CannotStart, ServiceDown, Unavailable) as error:
        print(error, file=sys.stderr)
        return 1
    except ValidationError as error:
        for problem in error.errors():
            print(f"SOUNDSTAGE_{str(problem['loc'][0]).upper()}: {problem['msg']}", file=sys.stderr)
        return 2
    except Stopped:
        return 130


def up(settings: InstanceSettings, _: argparse.Namespace) -> int:
    started = time.monotonic()
    print(f"Starting the embedded cloud, instance '{settings.instance}' in {settings.home}")
    try:
        with Instance(settings, reload=True) as cloud:
            print(f"Ready in {time.monotonic() - started:.1f} s; Ctrl-C stops it and keeps its data.")
            print(f"  console and API      {settings.url}  (reference: {settings.url}/v1/openapi.json)")
            print(f"  executions           {settings.url}/cloud")
            print(f"  AWS endpoint         {settings.endpoint_url}")
            print(f"  logs                 {settings.logs}  (`make logs` follows them)", flush=True)
            while True:
                cloud.expect_to_run()
                time.sleep(0.3)
    except Stopped:
        print("\nStopped.")
        return 0


def down(settings: InstanceSettings, _: argparse.Namespace) -> int:
    stopped = instance.stop(settings)
    print("Stopped." if stopped else f"Instance '{settings.instance}' is not running.")
    return 0


def reset(settings: InstanceSettings, _: argparse.Namespace) -> int:
    instance.stop(settings)
    instance.forget(settings)
    print(f"Instance '{settings.instance}' has forgotten everything.")
    return 0


def logs(settings: InstanceSettings, arguments: argparse.Namespace) -> int:
    wanted = arguments.request or arguments.job
    if wanted:
        found = print_lines_about(settings.logs, wanted)
        if not found:
            print(f"No log in {settings.logs} names {wanted}.", file=sys.stderr)
        return 0 if found else 1
    try:
        follow_logs(settings.logs)
    except Stopped:
        return 0


def status(settings: InstanceSettings, _: argparse.Namespace) -> int:
    found = instance.running(settings)
    if found is None:
        print(f"Instance '{settings.instance}' is not running. `make up` starts it.")
        return 1
    print(f"Instance '{settings.instance}' runs since {found.facts['since']}: {found.facts['url']}")
    for group in [found.supervisor, *found.services]:
        print(f"  {group.name:<12} {'runs' if group.alive() else 'is down':<8} process {group.pid}")
    for trouble in found.troubles.values():
        print(f"  {trouble}")
    print(f"  executions   {found.facts['url']}/cloud")
    print(f"  AWS endpoint {found.facts['cloud']}, data in {settings.home}")
    return 0


def demo(settings: InstanceSettings, arguments: argparse.Namespace) -> int:
    from infra.local.demo import run_demo  # noqa: PLC0415  (rich and the engine)

    return run_demo(settings, arguments.file)


def soundstage(settings: InstanceSettings, arguments: argparse.Namespace) -> int:
    """The command line, with this instance in place of AWS."""
    if instance.running(settings) is None:
        print(f"Instance '{settings.instance}' is not running. `make up` starts it.", file=sys.stderr)
        return 1
    from soundstage.cli.main import main as command_line  # noqa: PLC0415

    os.environ.update(services.base_environment(settings))
    os.environ.update(services.stack_environment(outputs(settings)))
    return command_line(shlex.split(arguments.do))


def _stop(_number: int, _frame: FrameType | None) -> None:
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):  # stopping takes a moment; once is enough
        signal.signal(number, signal.SIG_IGN)
    raise Stopped


if __name__ == "__main__":
    sys.exit(main())
