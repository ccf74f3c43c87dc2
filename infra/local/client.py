"""A person's way through the API over HTTP, as any client would go it."""

import mimetypes
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, Self

import httpx

LONG_POLL_S = 5
PATIENCE_S = 30.0  # so long a gateway may take to come back; each time that it is asked again, RETRY_S lie between
RETRY_S = 0.5


class Refused(Exception):
    """The API said no; ``code`` is its error code."""

    def __init__(self, status: int, code: str, message: str) -> None:
        super().__init__(message)
        self.status = status
        self.code = code


class Unreachable(Exception):
    """Nobody answers under the API's address."""


class Studio:
    """Logged in as one person. Every method is one call, unless its name says otherwise.

    ``check`` is called while we wait, and raises when there is nothing to wait for.
    """

    def __init__(self, url: str, *, check: Callable[[], None] = lambda: None) -> None:
        self._check = check
        self.tokens: dict[str, Any] = {}
        self._api = httpx.Client(base_url=url, timeout=httpx.Timeout(60))
        # Signed URLs carry their own permission; our token is none of the bucket's business.
        self._bucket = httpx.Client(timeout=httpx.Timeout(120))

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        self._api.close()
        self._bucket.close()

    def register(self, email: str, password: str) -> None:
        self.tokens = self.post("/v1/auth/register", {"email": email, "password": password})
        self._api.headers["Authorization"] = f"Bearer {self.tokens['access_token']}"

    def announce_upload(self, path: Path, *, content_type: str | None = None, method: str = "PUT") -> dict[str, Any]:
        """The answer holds ``asset`` and ``request``, a signed way to send the file."""
        guessed = content_type or mimetypes.guess_type(path.name)[0] or "application/octet-stream"
        return self.post(
            "/v1/uploads",
            {"file_name": path.name, "content_type": guessed, "size_bytes": path.stat().st_size, "method": method},
        )

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
        return self.post("/v1/tracks", {"title": title, **fields})

    def generate(self, track_id: str, asset_id: str, **gen_params: Any) -> dict[str, Any]:
        """Order both variants from this hum, uploaded already or not. Returns the job."""
        return self.post(f"/v1/tracks/{track_id}/generate", {"hum_asset_id": asset_id, "gen_params": gen_params})

    def match(self, **wanted: Any) -> dict[str, Any]:
        """Ask for a match of recordings that were uploaded already or not. Returns the job."""
        return self.post("/v1/matches", wanted)

    def watch_job(self, job_id: str) -> Iterator[dict[str, Any]]:
        """The job each time that it changes, until it has ended. Many calls."""
        etag, job = "", {"status": ""}
        while job["status"] not in ("succeeded", "failed", "canceled"):
            answer = self._ask_patiently(
                f"/v1/jobs/{job_id}", params={"wait": LONG_POLL_S}, headers={"If-None-Match": etag} if etag else {}
            )
            if answer.status_code == httpx.codes.NOT_MODIFIED:
                continue
            job = _content(answer)
            etag = answer.headers["ETag"]
            yield job

    def _ask_patiently(self, path: str, **more: Any) -> httpx.Response:
        """A gateway that is started again just now is asked again."""
        deadline = time.monotonic() + PATIENCE_S
        while True:
            self._check()
            try:
                return self._ask("GET", path, **more)
            except Unreachable:
                if time.monotonic() > deadline:
                    raise
                time.sleep(RETRY_S)

    def share(self, track_id: str) -> dict[str, Any]:
        return self.post(f"/v1/tracks/{track_id}/share", {})

    def get(self, path: str) -> dict[str, Any]:
        return _content(self._ask("GET", path))

    def post(self, path: str, body: dict[str, Any], *, idempotency_key: str | None = None) -> dict[str, Any]:
        headers = {"Idempotency-Key": idempotency_key} if idempotency_key else {}
        return _content(self._ask("POST", path, json=body, headers=headers))

    def patch(self, path: str, body: dict[str, Any]) -> dict[str, Any]:
        return _content(self._ask("PATCH", path, json=body))

    def delete(self, path: str) -> None:
        _content(self._ask("DELETE", path))

    def _ask(self, method: str, path: str, **more: Any) -> httpx.Response:
        try:
            return self._api.request(method, path, **more)
        except httpx.TransportError as error:
            self._check()
            raise Unreachable(f"{self._api.base_url} does not answer: {error}") from error

    def download(self, url: str, to: Path) -> Path:
        with self._bucket.stream("GET", url) as answer:
            answer.raise_for_status()
            with to.open("wb") as file:
                for chunk in answer.iter_bytes():
                    file.write(chunk)
        return to


def _content(answer: httpx.Response) -> dict[str, Any]:
    if answer.is_error:
        is_json = answer.headers.get("Content-Type", "").startswith("application/json")
        body = answer.json() if is_json else {}
        raise Refused(answer.status_code, body.get("code", "HTTP"), body.get("message", answer.text[:200]))
    content: dict[str, Any] = answer.json() if answer.content else {}
    return content
