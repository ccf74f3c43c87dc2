"""A person's way through the API over HTTP: the shipped client, with answers as plain JSON."""

import mimetypes
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, Self

import httpx

from soundstage.client import Client, Refused, connect, fetch_file, follow_job
from soundstage.client.api.accounts import register
from soundstage.client.api.matches import create_match
from soundstage.client.api.shares import create_share
from soundstage.client.api.tracks import create_track, generate_track
from soundstage.client.api.uploads import create_upload
from soundstage.client.models import Credentials, GenerateRequest, MatchRequest, NewTrack, ShareRequest, UploadRequest

LONG_POLL_S = 5


class Unreachable(Exception):
    """Nobody answers under the API's address."""


class Studio:
    """Logged in as one person. Every method is one call, unless its name says otherwise.

    ``check`` is called while we wait, and raises when there is nothing to wait for.
    """

    def __init__(self, url: str, *, check: Callable[[], None] = lambda: None) -> None:
        self._check = check
        self._url = url
        self.tokens: dict[str, Any] = {}
        self.client = connect(url, "")
        # Signed URLs carry their own permission; our token is none of the bucket's business.
        self._bucket = httpx.Client(timeout=httpx.Timeout(120))

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        self.client.get_httpx_client().close()
        self._bucket.close()

    def register(self, email: str, password: str) -> None:
        visitor = Client(base_url=self._url)
        self.log_in_with(self._call(register.sync, body=Credentials(email, password), client=visitor))

    def log_in_with(self, tokens: dict[str, Any]) -> None:
        """The answer of a log-in."""
        self.tokens = tokens
        self.client = connect(self._url, tokens["access_token"], refresh_token=tokens["refresh_token"])

    def announce_upload(self, path: Path, *, content_type: str | None = None, method: str = "PUT") -> dict[str, Any]:
        """The answer holds ``asset`` and ``request``, a signed way to send the file."""
        guessed = content_type or mimetypes.guess_type(path.name)[0] or "application/octet-stream"
        announced = {"content_type": guessed, "size_bytes": path.stat().st_size, "method": method}
        return self._call(create_upload.sync, body=UploadRequest.from_dict({"file_name": path.name, **announced}))

    def send_file(self, upload: dict[str, Any], path: Path) -> None:
        request = upload["request"]
        if request["method"] == "POST":
            answer = self._bucket.post(
                request["url"], data=request["fields"], files={"file": (path.name, path.read_bytes())}
            )
        else:
            answer = self._bucket.put(request["url"], content=path.read_bytes(), headers=request["headers"])
        answer.raise_for_status()

    def create_track(self, title: str, **fields: Any) -> dict[str, Any]:
        return self._call(create_track.sync, body=NewTrack.from_dict({"title": title, **fields}))

    def generate(self, track_id: str, asset_id: str, **gen_params: Any) -> dict[str, Any]:
        """Order both variants from this hum, uploaded already or not. Returns the job."""
        wanted = GenerateRequest.from_dict({"hum_asset_id": asset_id, "gen_params": gen_params})
        return self._call(generate_track.sync, track_id, body=wanted)

    def match(self, **wanted: Any) -> dict[str, Any]:
        """Ask for a match of recordings that were uploaded already or not. Returns the job."""
        return self._call(create_match.sync, body=MatchRequest.from_dict(wanted))

    def watch_job(self, job_id: str) -> Iterator[dict[str, Any]]:
        """The job each time that it changes, until it has ended. Many calls."""
        try:
            for job in follow_job(self.client, job_id, hold_s=LONG_POLL_S, check=self._check):
                yield job.to_dict()
        except httpx.TransportError as error:
            raise self._unreachable(error) from error

    def share(self, track_id: str) -> dict[str, Any]:
        return self._call(create_share.sync, track_id, body=ShareRequest())

    def get(self, path: str) -> dict[str, Any]:
        return _content(self._ask("GET", path))

    def post(self, path: str, body: dict[str, Any], *, idempotency_key: str | None = None) -> dict[str, Any]:
        headers = {"Idempotency-Key": idempotency_key} if idempotency_key else {}
        return _content(self._ask("POST", path, json=body, headers=headers))

    def patch(self, path: str, body: dict[str, Any]) -> dict[str, Any]:
        return _content(self._ask("PATCH", path, json=body))

    def delete(self, path: str) -> None:
        _content(self._ask("DELETE", path))

    def _call(self, operation: Callable[..., Any], *which: str, **what: Any) -> dict[str, Any]:
        """One operation of the client."""
        try:
            answer: dict[str, Any] = operation(*which, **{"client": self.client, **what}).to_dict()
        except httpx.TransportError as error:
            raise self._unreachable(error) from error
        return answer

    def _ask(self, method: str, path: str, **more: Any) -> httpx.Response:
        try:
            return self.client.get_httpx_client().request(method, path, **more)
        except httpx.TransportError as error:
            raise self._unreachable(error) from error

    def _unreachable(self, error: httpx.TransportError) -> Unreachable:
        """Unless ``check`` knows more."""
        self._check()
        return Unreachable(f"{self._url} does not answer: {error}")

    def download(self, url: str, to: Path) -> Path:
        return fetch_file(url, to)


def _content(answer: httpx.Response) -> dict[str, Any]:
    if answer.is_error:
        raise Refused(answer)
    content: dict[str, Any] = answer.json() if answer.content else {}
    return content
