"""What the API costs: ``make bench-api``. It starts an embedded cloud of its own; nothing else should run.

Printed: p50, p95 and p99 of calls over the gateway and through Mangum in this process, as Lambda runs it (the cloud
behind both is the same); CPU seconds of importing the API's function in a new process; bytes of a poll; and what
waiting for a job costs by each way there is.
"""

import asyncio
import json
import os
import secrets
import subprocess
import sys
import tempfile
import time
from collections.abc import Awaitable, Callable, Coroutine, Sequence
from functools import partial
from pathlib import Path
from typing import Any

import httpx
import numpy as np
import psutil
from infra.local.client import Studio
from infra.local.instance import Instance
from infra.local.services import base_environment, stack_environment
from infra.local.settings import ROOT, InstanceSettings
from tests.fixtures.embedded import free_port
from websockets.asyncio.client import connect

from soundstage.models.limits import FOR_ONE_MACHINE

CALLS, WARM = 300, 3
IMPORTS = 7
WAITING, WAIT_S = 10, 20.0
"""So many clients wait for so long for a job that does not change."""
ANNOUNCED = {"file_name": "hum.wav", "content_type": "audio/wav", "size_bytes": 1000}
Call = Callable[[str, str, Any], Any]
"""Method, path, body; the answer's JSON."""


def main() -> None:
    with tempfile.TemporaryDirectory() as home:
        settings = InstanceSettings(
            instance="bench", port=free_port(), cloud_port=free_port(), data_dir=Path(home), temporary=True
        )
        with Instance(settings) as instance, Studio(f"http://127.0.0.1:{settings.port}") as studio:
            measure(instance, studio)


def measure(instance: Instance, studio: Studio) -> None:
    studio.register(f"bench-{secrets.token_hex(6)}@example.org", secrets.token_urlsafe(16))
    print(f"CPU seconds of importing the function: {spread(imports())}")
    api = studio.client.get_httpx_client()
    table("gateway", partial(over_gateway, api))
    os.environ |= base_environment(instance.settings) | stack_environment(instance.outputs)
    os.environ |= {"SOUNDSTAGE_LIMITS": FOR_ONE_MACHINE.model_dump_json(), "SOUNDSTAGE_LOG_LEVEL": "WARNING"}
    table("Mangum", in_process(studio.tokens["access_token"]))
    bytes_of_a_poll(api, blocked_job(partial(over_gateway, api)))
    waiting(studio)


def table(where: str, call: Call) -> None:
    """Milliseconds of each kind of call."""
    job_id = blocked_job(call)
    asset_id = call("POST", "/v1/uploads", ANNOUNCED)["asset"]["asset_id"]
    tracks = iter([call("POST", "/v1/tracks", {"title": "Bench"})["track_id"] for _ in range(CALLS + WARM)])
    kinds: dict[str, Callable[[], Any]] = {
        "create a job": lambda: blocked_job(call, next(tracks), asset_id),
        "poll": lambda: call("GET", f"/v1/jobs/{job_id}", None),
        "list 20 jobs": lambda: call("GET", "/v1/jobs", None),
    }
    for kind, once in kinds.items():
        for _ in range(WARM):
            once()
        took_ms = []
        for _ in range(CALLS):
            began = time.perf_counter()
            once()
            took_ms.append((time.perf_counter() - began) * 1000)
        p50, p95, p99 = np.percentile(took_ms, (50, 95, 99))
        print(f"{where:<8} {kind:<13} p50 {p50:6.1f}  p95 {p95:6.1f}  p99 {p99:6.1f} ms  ({CALLS} calls)", flush=True)


def blocked_job(call: Call, track_id: str | None = None, asset_id: str | None = None) -> str:
    """One that waits for its upload."""
    track_id = track_id or call("POST", "/v1/tracks", {"title": "Bench"})["track_id"]
    asset_id = asset_id or call("POST", "/v1/uploads", ANNOUNCED)["asset"]["asset_id"]
    return str(call("POST", f"/v1/tracks/{track_id}/generate", {"hum_asset_id": asset_id})["job_id"])


def over_gateway(api: httpx.Client, method: str, path: str, body: Any) -> Any:
    return api.request(method, path, json=body).raise_for_status().json()


def in_process(token: str) -> Call:
    """Through the function's handler, with events of an HTTP API (payload format 2.0)."""
    from functions.api.main import handler  # noqa: PLC0415  (reads the environment)

    def call(method: str, path: str, body: Any) -> Any:
        http = {"method": method, "path": path, "sourceIp": "127.0.0.1", "protocol": "HTTP/1.1", "userAgent": "bench"}
        event = {
            "version": "2.0",
            "routeKey": "$default",
            "rawPath": path,
            "rawQueryString": "",
            "headers": {"authorization": f"Bearer {token}", "content-type": "application/json", "host": "localhost"},
            "requestContext": {"http": http, "stage": "$default", "requestId": "bench", "domainName": "localhost"},
            "body": None if body is None else json.dumps(body),
            "isBase64Encoded": False,
        }
        answer = handler(event, None)
        if answer["statusCode"] >= 400:
            raise SystemExit(answer["body"])
        return json.loads(answer["body"])

    return call


def imports() -> list[float]:
    program = "import time, functions.api.main; print(time.process_time())"
    environment = os.environ | {"OPENBLAS_NUM_THREADS": "1", "PYTHONPATH": str(ROOT)}
    command = [sys.executable, "-c", program]
    return [
        float(subprocess.run(command, env=environment, capture_output=True, text=True, check=True, cwd=ROOT).stdout)
        for _ in range(IMPORTS)
    ]


def spread(values: Sequence[float]) -> str:
    return f"{min(values):.2f} least, {np.median(values):.2f} median of {len(values)}"


def bytes_of_a_poll(api: httpx.Client, job_id: str) -> None:
    """Of the answer: status line, headers, body."""
    whole = api.get(f"/v1/jobs/{job_id}")
    unchanged = api.get(f"/v1/jobs/{job_id}", headers={"If-None-Match": whole.headers["ETag"]})
    for name, answer in (("whole", whole), ("unchanged", unchanged)):
        head = sum(len(key) + len(value) + 4 for key, value in answer.headers.raw) + len("HTTP/1.1 200 OK\r\n\r\n")
        print(f"poll, {name}: {head} bytes of headers, {len(answer.content)} of body")


def waiting(studio: Studio) -> None:
    """CPU seconds of gateway and cloud for an hour of one client that waits, beside those of nobody waiting."""
    token, url = studio.tokens["access_token"], str(studio.client.get_httpx_client().base_url).rstrip("/")
    job_id = blocked_job(partial(over_gateway, studio.client.get_httpx_client()))
    ways: dict[str, Callable[[], Awaitable[int]]] = {
        "poll, every 2 s": partial(polls, url, token, job_id, etag=False),
        "poll, ETag": partial(polls, url, token, job_id, etag=True),
        "wait=20": partial(holds, url, token, job_id),
        "SSE": partial(streams, url, token, job_id),
        "WebSocket": partial(sockets, url, token, job_id),
    }
    nobody = cpu_of(nothing)[0]
    for name, way in ways.items():
        cpu_s, read = cpu_of(partial(crowd, way))
        an_hour = 3600 / WAIT_S / WAITING
        print(f"{name:<16} {max(0.0, cpu_s - nobody) * an_hour:6.1f} CPU s, {read * an_hour / 1024:8.0f} KiB an hour")


async def nothing() -> int:
    await asyncio.sleep(WAIT_S)
    return 0


async def crowd(way: Callable[[], Awaitable[int]]) -> int:
    """Bytes that all of them read until the time is up."""
    return sum(await asyncio.gather(*(way() for _ in range(WAITING))))


def cpu_of(run: Callable[[], Coroutine[Any, Any, int]]) -> tuple[float, int]:
    before = cpu_s()
    read = asyncio.run(run())
    return cpu_s() - before, read


def cpu_s() -> float:
    """Of the gateway and the cloud, which are our children."""
    ours = [
        process
        for process in psutil.Process().children(recursive=True)
        if {"infra.local.gateway", "infra.local.cloud"} & set(process.cmdline())
    ]
    return sum(sum(process.cpu_times()[:2]) for process in ours)


async def polls(url: str, token: str, job_id: str, *, etag: bool) -> int:
    known, read, until = "", 0, time.monotonic() + WAIT_S
    async with client(url, token) as api:
        while time.monotonic() < until:
            answer = await api.get(f"/v1/jobs/{job_id}", headers={"If-None-Match": known} if etag else {})
            read += size(answer)
            known = answer.headers["ETag"]
            await asyncio.sleep(2)
    return read


async def holds(url: str, token: str, job_id: str) -> int:
    read, until, known = 0, time.monotonic() + WAIT_S, ""
    async with client(url, token) as api:
        while (left := until - time.monotonic()) > 0.5:
            wait = {"wait": str(min(20, int(left)))}
            answer = await api.get(f"/v1/jobs/{job_id}", params=wait, headers={"If-None-Match": known} if known else {})
            read += size(answer)
            known = answer.headers["ETag"]
    return read


async def streams(url: str, token: str, job_id: str) -> int:
    read = 0
    async with client(url, token) as api, api.stream("GET", f"/v1/jobs/{job_id}/events") as answer:
        read += sum(len(key) + len(value) + 4 for key, value in answer.headers.raw)
        try:
            async with asyncio.timeout(WAIT_S):
                async for chunk in answer.aiter_bytes():
                    read += len(chunk)
        except TimeoutError:
            return read
    return read


async def sockets(url: str, token: str, job_id: str) -> int:
    read = 0
    async with connect(url.replace("http", "ws") + "/v1/socket") as socket:
        await socket.send(json.dumps({"action": "subscribe", "token": token, "job_id": job_id}))
        try:
            async with asyncio.timeout(WAIT_S):
                async for message in socket:
                    read += len(message)
        except TimeoutError:
            return read
    return read


def client(url: str, token: str) -> httpx.AsyncClient:
    return httpx.AsyncClient(base_url=url, headers={"Authorization": f"Bearer {token}"}, timeout=60)


def size(answer: httpx.Response) -> int:
    return sum(len(key) + len(value) + 4 for key, value in answer.headers.raw) + len(answer.content)


if __name__ == "__main__":
    main()
