"""A song made by somebody else: sent at most once, whatever dies when, and made by ourselves when it does not come.

The record is written before the request leaves (``sending``), when the reference is known (``sent``), when the sound is
safely ours (``fetched``), or when we have given up. Whoever finds ``sending`` cannot know whether the request left: it
may have been billed, and is not sent again. One job thus pays at most once for each variant.
"""

import logging
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Literal, Protocol

from pydantic import BaseModel

from soundstage.audio.probe import sha256_of
from soundstage.models.providers import MusicProviders
from soundstage.providers.errors import (
    Ambiguous,
    Expired,
    Failed,
    NotSent,
    ProviderError,
    Refused,
    Unreachable,
)
from soundstage.providers.protocol import Fetched, MusicProvider, MusicRequest, Reference

log = logging.getLogger(__name__)

SUBMIT_TRIES = 3
FETCH_TRIES = 4
FIRST_POLL_S, LONGEST_POLL_S = 2.0, 10.0


class Record(BaseModel):
    """What is known of one variant's commission. Small; no keys, no prompts."""

    schema_version: Literal[1] = 1
    provider: str
    fingerprint: str
    idempotency_key: str
    usd: float
    phase: Literal["sending", "sent", "fetched", "gave_up"] = "sending"
    reference: Reference | None = None
    audio: str | None = None
    sha256: str | None = None
    note: str | None = None


class Ledger(Protocol):
    """Where the record and the sound outlive this process."""

    def read(self) -> Record | None: ...

    def claim(self, record: Record) -> bool:
        """Write the first record. False when there is one already: only one of two racing workers may send."""

    def write(self, record: Record) -> None: ...

    def keep(self, path: Path) -> str:
        """Store a sound; returns its key."""

    def bring(self, key: str, path: Path) -> Path: ...


@dataclass(frozen=True)
class Clock:
    now: Callable[[], float] = time.monotonic
    sleep: Callable[[float], None] = time.sleep


@dataclass(frozen=True)
class Commission:
    """One variant from one provider, from the estimate to the sound."""

    provider: MusicProvider
    request: MusicRequest
    ledger: Ledger
    folder: Path
    idempotency_key: str
    terms: MusicProviders
    clock: Clock

    def audio(self) -> Path:
        """The raw sound as it came, in ``folder``. Raises ``ProviderError`` when there will be none."""
        self.folder.mkdir(parents=True, exist_ok=True)
        record = self.ledger.read() or self._begin()
        if (record.provider, record.fingerprint) != (self.provider.name, self.provider.fingerprint(self.request)):
            raise Refused("This job has asked for another version of this song before, and asks only once.")
        try:
            return self._go_on(record)
        except ProviderError as trouble:
            # The next one who comes this way shall not wait and fail all over again.
            said = record.note if record.phase == "gave_up" and record.note else trouble.message
            self.ledger.write(record.model_copy(update={"phase": "gave_up", "note": said}))
            raise

    def _begin(self) -> Record:
        """Look at the price, put down that we are about to send, send, and put down what we got."""
        estimate = self.provider.estimate(self.request)
        if estimate.usd > self.terms.max_usd_per_song:
            raise Refused(f"It would have cost about ${estimate.usd:.2f}, which is more than is allowed here.")
        if estimate.seconds > self.terms.patience_s:
            raise Refused(f"It would have taken about {estimate.seconds:.0f} s, which is longer than we wait.")
        record = Record(
            provider=self.provider.name,
            fingerprint=self.provider.fingerprint(self.request),
            idempotency_key=self.idempotency_key,
            usd=round(estimate.usd, 4),
        )
        if not self.ledger.claim(record):
            there = self.ledger.read()
            assert there is not None  # noqa: S101  (it was in our way a moment ago, and nobody deletes it)
            return there
        return self._send(record)

    def _send(self, record: Record) -> Record:
        for left in reversed(range(SUBMIT_TRIES)):
            try:
                submitted = self.provider.submit(self.request, record.idempotency_key, self.folder)
                break
            except NotSent as trouble:
                if not left:
                    self.ledger.write(record.model_copy(update={"phase": "gave_up", "note": trouble.message}))
                    raise
                self.clock.sleep(trouble.retry_after_s or 2.0 ** (SUBMIT_TRIES - left))
            except ProviderError as trouble:
                self.ledger.write(record.model_copy(update={"phase": "gave_up", "note": trouble.message}))
                raise
        log.info("a song is commissioned", extra={"provider": record.provider, "usd": record.usd})
        record = record.model_copy(update={"phase": "sent", "reference": submitted.reference})
        if submitted.audio is not None:
            return self._safe(record, submitted.audio, sha256_of(submitted.audio))
        self.ledger.write(record)
        return record

    def _go_on(self, record: Record) -> Path:
        match record.phase:
            case "sending" if self.provider.repeatable:
                record = self._send(record)
            case "sending":
                raise Ambiguous("We cannot tell whether the request for this song was sent, and do not pay twice.")
            case "gave_up":
                raise Failed(record.note or "It did not work the first time.")
        if record.phase == "sent":
            fetched = self._fetched(record)
            record = self._safe(record, fetched.audio, fetched.sha256)
            return fetched.audio
        return self._kept(record)

    def _fetched(self, record: Record) -> Fetched:
        assert record.reference is not None  # noqa: S101  (what was sent has one)
        self._wait_for(record.reference)
        for left in reversed(range(FETCH_TRIES)):
            try:
                return self.provider.fetch(record.reference, self.request, self.folder)
            except Unreachable:
                if not left:
                    raise
                self.clock.sleep(2.0 ** (FETCH_TRIES - left))
        raise AssertionError  # pragma: no cover  (the last try returns or raises)

    def _wait_for(self, reference: Reference) -> None:
        """Until it is done, or until our patience is at its end: then it is canceled, where that can be."""
        deadline = self.clock.now() + self.terms.patience_s
        pause, trouble = FIRST_POLL_S, None
        while True:
            try:
                if self.provider.poll(reference) == "done":
                    return
                trouble = None
            except Unreachable as error:
                trouble = error
            if self.clock.now() + pause > deadline:
                break
            self.clock.sleep(pause)
            pause = min(1.5 * pause, LONGEST_POLL_S)
        try:
            self.provider.cancel(reference)
        except ProviderError as error:
            log.info("it could not be canceled", extra={"code": error.code})
        raise trouble or Expired("The song was not made in time.")

    def _safe(self, record: Record, audio: Path, sha256: str) -> Record:
        record = record.model_copy(update={"phase": "fetched", "audio": self.ledger.keep(audio), "sha256": sha256})
        self.ledger.write(record)
        return record

    def _kept(self, record: Record) -> Path:
        assert record.audio is not None  # noqa: S101  (what was fetched was kept)
        path = self.ledger.bring(record.audio, self.folder / f"{record.provider}.audio")
        if sha256_of(path) != record.sha256:
            raise Failed("The song that came back is damaged.")
        return path
