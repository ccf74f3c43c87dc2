"""Soundstage's API for Python programs: typed, for threads (``sync``) and for event loops (``asyncio``).

``soundstage.client.api`` has a module for every operation of the OpenAPI document and ``soundstage.client.models`` what
goes in and comes out; both are generated (``infra/client``). docs/client.md walks from nothing to a finished song.
"""

import httpx

from soundstage.client.client import AuthenticatedClient, Client
from soundstage.client.errors import Refused
from soundstage.client.files import fetch_file, fetch_file_async, send_file, send_file_async
from soundstage.client.log_in import LogIn
from soundstage.client.types import UNSET, Unset
from soundstage.client.waiting import follow_job, follow_job_async, wait_for_job, wait_for_job_async

__all__ = [
    "UNSET",
    "AuthenticatedClient",
    "Client",
    "Refused",
    "Unset",
    "connect",
    "fetch_file",
    "fetch_file_async",
    "follow_job",
    "follow_job_async",
    "send_file",
    "send_file_async",
    "wait_for_job",
    "wait_for_job_async",
]

TIMEOUT_S = 60.0
"""Of a call. One that waits for a job is held for 20 s."""


def connect(url: str, token: str, *, refresh_token: str | None = None) -> AuthenticatedClient:
    """``token``: an API key (``sk_…``), which programs use, or an access token. That is good for a quarter of an hour;
    with the ``refresh_token`` that came with it, the client gets the next one by itself.
    """
    auth = {"auth": LogIn(url, token, refresh_token)} if refresh_token else {}
    return AuthenticatedClient(base_url=url, token=token, timeout=httpx.Timeout(TIMEOUT_S), httpx_args=auth)
