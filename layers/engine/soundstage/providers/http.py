"""HTTP to a provider. Errors are told apart by whether the request may have been billed.

Answers are bounded in size and time, redirects are not followed (a key would travel with them), and nothing that a
server says reaches a message but its own short error code. Where only public addresses may be asked, the name is
resolved and looked at here, and the connection goes to that address (``addresses``).
"""

import hashlib
import json
import re
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urljoin, urlsplit

import httpx
from pydantic import SecretStr

from soundstage.models.providers import checked_url, is_loopback
from soundstage.providers.addresses import Resolve, bound_to_public_address, resolved
from soundstage.providers.errors import (
    Ambiguous,
    Expired,
    Failed,
    NotSent,
    ProviderError,
    Refused,
    Unreachable,
    Unsupported,
)

MAX_JSON_BYTES = 1 << 20
MAX_FILE_BYTES = 128 << 20
"""Three minutes of 32-bit stereo at 48 kHz are 69 MB."""
LONGEST_RETRY_AFTER_S = 60.0
_CODE = re.compile(r"[a-z][a-z0-9_]{2,39}")

# Nothing has left this machine when one of these is raised.
_BEFORE_SENDING = (httpx.ConnectError, httpx.ConnectTimeout, httpx.PoolTimeout, httpx.ProxyError)


@dataclass(frozen=True)
class Times:
    """Seconds: to connect, between two pieces of an answer, and for the whole of it."""

    connect: float = 10.0
    read: float = 60.0
    whole: float = 300.0


@dataclass(frozen=True)
class Download:
    path: Path
    sha256: str
    size_bytes: int
    headers: Mapping[str, str]


def bearer(key: SecretStr | None) -> dict[str, SecretStr]:
    """The header that carries a key (RFC 6750), where there is one."""
    return {"Authorization": SecretStr(f"Bearer {key.get_secret_value()}")} if key else {}


class Wire:
    """One server. ``who`` is what messages call it; ``headers`` hold the key. ``public_only``: it has to be in the
    internet, not in a network of ours.
    """

    def __init__(
        self,
        base_url: str,
        *,
        who: str,
        headers: Mapping[str, SecretStr] | None = None,
        times: Times | None = None,
        max_file_bytes: int = MAX_FILE_BYTES,
        max_json_bytes: int = MAX_JSON_BYTES,
        public_only: bool = False,
        resolve: Resolve = resolved,
    ) -> None:
        self._base_url = checked_url(base_url)
        self._who = who
        self._headers = dict(headers or {})
        self._times = times or Times()
        self._max_file_bytes = max_file_bytes
        self._max_json_bytes = max_json_bytes
        self._public_only = public_only
        self._resolve = resolve

    def submit(self, path: str, *, idempotency_key: str, signed: Mapping[str, str], **content: Any) -> None:
        """POST what may cost and whose answer says no more than that it was taken. ``signed``: headers of its own."""
        with self._answer("POST", path, self._of_submitting, idempotency_key=idempotency_key, more=signed, **content):
            pass

    def submit_for_json(self, path: str, *, idempotency_key: str, **content: Any) -> Any:
        """POST what may cost. Raises NotSent, Ambiguous or Refused; a 2xx that makes no sense is Ambiguous."""
        with self._answer("POST", path, self._of_submitting, idempotency_key=idempotency_key, **content) as answer:
            return self._json(answer, self._of_submitting)

    def submit_for_file(self, path: str, to: Path, *, idempotency_key: str, **content: Any) -> Download:
        """POST what may cost and is answered with the result itself."""
        with self._answer("POST", path, self._of_submitting, idempotency_key=idempotency_key, **content) as answer:
            return self._file(answer, to, self._of_submitting)

    def ask(self, path: str, **content: Any) -> Any:
        """POST a question that costs nothing. Raises Unreachable, Expired or Refused."""
        with self._answer("POST", path, self._of_asking, **content) as answer:
            return self._json(answer, self._of_asking)

    def look(self, path: str, **content: Any) -> Any:
        """GET what costs nothing. Raises Unreachable, Expired or Refused."""
        with self._answer("GET", path, self._of_asking, **content) as answer:
            return self._json(answer, self._of_asking)

    def tell(self, path: str, **content: Any) -> None:
        """POST what costs nothing and whose answer does not matter. Raises Unreachable, Expired or Refused."""
        with self._answer("POST", path, self._of_asking, **content):
            pass

    def download_elsewhere(self, url: str, to: Path) -> Download:
        """GET a file that the server keeps on another one, which does not get the key. Raises as ``download``."""
        try:
            there = checked_url(url.partition("?")[0])
        except ValueError as error:
            raise Failed(f"{self._who} put the result at an address that is none.") from error
        with self._answer("GET", url, self._of_asking, base_url=there, with_key=False) as answer:
            return self._file(answer, to, self._of_asking)

    def download(self, url: str, to: Path) -> Download:
        """GET a file from this very server. Raises Unreachable, Expired, Refused; Unsupported for another server's."""
        absolute = urljoin(self._base_url + "/", url)
        if urlsplit(absolute)[:2] != urlsplit(self._base_url)[:2]:
            raise Unsupported(f"{self._who} put the result on another server.")
        with self._answer("GET", absolute, self._of_asking) as answer:
            return self._file(answer, to, self._of_asking)

    @contextmanager
    def _answer(
        self,
        method: str,
        path: str,
        trouble: Callable[[httpx.Response | Exception], ProviderError],
        *,
        idempotency_key: str | None = None,
        base_url: str | None = None,
        with_key: bool = True,
        more: Mapping[str, str] | None = None,
        **content: Any,
    ) -> Iterator["_Answer"]:
        secrets = self._headers if with_key else {}
        headers = {name: secret.get_secret_value() for name, secret in secrets.items()} | dict(more or {})
        if idempotency_key is not None:
            headers["Idempotency-Key"] = idempotency_key
        url = path if urlsplit(path).scheme else f"{self._base_url}{path}"
        timeout = httpx.Timeout(self._times.read, connect=self._times.connect)
        # A proxy of the environment is for the world outside, never for this machine; and it would resolve names anew.
        outside = not is_loopback(urlsplit(base_url or self._base_url).hostname or "") and not self._public_only
        deadline = time.monotonic() + self._times.whole
        try:
            if self._public_only:
                url, content = self._at_public_address(url, headers, content)
            with (
                httpx.Client(timeout=timeout, trust_env=outside, follow_redirects=False) as client,
                client.stream(method, url, headers=headers, **content) as response,
            ):
                if not response.is_success:
                    raise trouble(response)
                yield _Answer(response, deadline)
        except (httpx.TransportError, httpx.DecodingError, _TooMuch) as error:
            raise trouble(error) from error

    def _at_public_address(
        self, url: str, headers: dict[str, str], content: dict[str, Any]
    ) -> tuple[str, dict[str, Any]]:
        """The request to an address instead of a name; ``Host`` and the certificate are the name's all the same."""
        try:
            bound = bound_to_public_address(url, self._resolve)
        except NotSent as error:
            raise httpx.ConnectError(error.message) from error
        headers["Host"] = bound.host
        return bound.url, {**content, "extensions": {"sni_hostname": bound.server_name}}

    def _json(self, answer: "_Answer", trouble: Callable[[Exception], ProviderError]) -> Any:
        body = b"".join(answer.blocks(self._max_json_bytes))
        try:
            return json.loads(body)
        except ValueError as error:
            raise trouble(error) from error

    def _file(self, answer: "_Answer", to: Path, trouble: Callable[[Exception], ProviderError]) -> Download:
        """The file appears whole or not at all."""
        partial = to.with_name(f".{to.name}.partial")
        digest, size = hashlib.sha256(), 0
        try:
            with partial.open("wb") as file:
                for block in answer.blocks(self._max_file_bytes):
                    digest.update(block)
                    size += len(block)
                    file.write(block)
            if not size:
                raise trouble(ValueError("an empty answer"))
            partial.replace(to)
        finally:
            partial.unlink(missing_ok=True)
        return Download(to, digest.hexdigest(), size, answer.response.headers)

    def _of_submitting(self, problem: httpx.Response | Exception) -> ProviderError:
        if isinstance(problem, httpx.Response):
            status = problem.status_code
            if status == httpx.codes.TOO_MANY_REQUESTS:
                return NotSent(f"{self._who} is busy{_code_in(problem)}.", retry_after_s=_retry_after(problem))
            if status >= 500 or status == httpx.codes.REQUEST_TIMEOUT:
                return Ambiguous(f"{self._who} broke down while it was asked (HTTP {status}).")
            return self._refusal(problem)
        if isinstance(problem, _BEFORE_SENDING):
            return NotSent(f"{self._who} could not be reached.")
        return Ambiguous(f"{self._who} did not answer as it should; it may be at work on the request all the same.")

    def _of_asking(self, problem: httpx.Response | Exception) -> ProviderError:
        if isinstance(problem, httpx.Response):
            status = problem.status_code
            if status in (httpx.codes.NOT_FOUND, httpx.codes.GONE):
                return Expired(f"{self._who} no longer has the result.")
            if status >= 500 or status in (httpx.codes.TOO_MANY_REQUESTS, httpx.codes.REQUEST_TIMEOUT):
                return Unreachable(f"{self._who} did not answer (HTTP {status}).")
            return self._refusal(problem)
        return Unreachable(f"{self._who} did not answer as it should.")

    def _refusal(self, response: httpx.Response) -> Refused:
        why = {
            401: "does not accept our key",
            402: "wants to be paid first",
            403: "does not allow this",
            422: "does not accept the request",
        }.get(response.status_code, f"refused (HTTP {response.status_code})")
        return Refused(f"{self._who} {why}{_code_in(response)}.")


class _TooMuch(Exception):
    """More bytes, or more time, than an honest answer takes."""


@dataclass(frozen=True)
class _Answer:
    response: httpx.Response
    deadline: float

    def blocks(self, most_bytes: int) -> Iterator[bytes]:
        size = 0
        for block in self.response.iter_bytes():
            size += len(block)
            if size > most_bytes or time.monotonic() > self.deadline:
                raise _TooMuch
            yield block


def _code_in(response: httpx.Response) -> str:
    """Their own short error code, such as ``quota_exceeded``, in brackets; nothing else that they say."""
    try:
        body = b""
        for block in response.iter_bytes():
            body += block
            if len(body) > MAX_JSON_BYTES:
                return ""
        answer = json.loads(body)
        detail = answer.get("detail", answer.get("error", answer))
        code = detail.get("status") or detail.get("code")
    except (httpx.TransportError, httpx.DecodingError, ValueError, AttributeError):
        return ""
    return f" ({code})" if isinstance(code, str) and _CODE.fullmatch(code) else ""


def _retry_after(response: httpx.Response) -> float | None:
    """Seconds (RFC 9110 §10.2.3); a date is not worth the trouble."""
    seconds = response.headers.get("Retry-After", "")
    return min(float(seconds), LONGEST_RETRY_AFTER_S) if seconds.isascii() and seconds.isdigit() else None
