"""A log-in that goes on: access tokens end after a quarter of an hour, and jobs may take longer."""

import asyncio
import threading
from collections.abc import AsyncGenerator, Generator
from http import HTTPStatus

import httpx


class LogIn(httpx.Auth):
    """Refreshes when the API says that the access token has ended. A refresh token is good once, and used twice it ends
    the log-in: so one refreshes, and whoever else was refused meanwhile takes what that brought. For one client, and
    either its threads or its event loop.
    """

    def __init__(self, url: str, access_token: str, refresh_token: str) -> None:
        self._refresh_url = f"{url.rstrip('/')}/v1/auth/refresh"
        self._access_token = access_token
        self._refresh_token = refresh_token
        self._refreshing = threading.Lock()
        self._refreshing_async = asyncio.Lock()

    def sync_auth_flow(self, request: httpx.Request) -> Generator[httpx.Request, httpx.Response, None]:
        token = self._sign(request)
        answer = yield request
        if answer.status_code != HTTPStatus.UNAUTHORIZED:
            return
        with self._refreshing:
            if token == self._access_token:
                refreshed = yield self._refresh()
                refreshed.read()
                self._take(refreshed)
        self._sign(request)
        yield request

    async def async_auth_flow(self, request: httpx.Request) -> AsyncGenerator[httpx.Request, httpx.Response]:
        token = self._sign(request)
        answer = yield request
        if answer.status_code != HTTPStatus.UNAUTHORIZED:
            return
        async with self._refreshing_async:
            if token == self._access_token:
                refreshed = yield self._refresh()
                await refreshed.aread()
                self._take(refreshed)
        self._sign(request)
        yield request

    def _sign(self, request: httpx.Request) -> str:
        request.headers["Authorization"] = f"Bearer {self._access_token}"
        return self._access_token

    def _refresh(self) -> httpx.Request:
        return httpx.Request("POST", self._refresh_url, json={"refresh_token": self._refresh_token})

    def _take(self, refreshed: httpx.Response) -> None:
        """Where the log-in has ended, the request is refused again, and says why."""
        if refreshed.is_success:
            tokens = refreshed.json()
            self._access_token, self._refresh_token = tokens["access_token"], tokens["refresh_token"]
