"""Hears of jobs by webhook: ``python webhook_receiver.py PORT`` with the secret in ``SOUNDSTAGE_WEBHOOK_SECRET``.

Standard library only. ``is_genuine`` is what a receiver of yours needs; what is done about an event comes after it.
"""

import hashlib
import hmac
import http.server
import json
import os
import sys
import time
from collections.abc import Mapping

TOLERANCE_S = 300


def is_genuine(secret: str, headers: Mapping[str, str], body: bytes, *, now: float | None = None) -> bool:
    """Whether Soundstage sent these very bytes, within five minutes.

    Check before parsing, and over the bytes as they came: JSON that was read and written again is not the same bytes.
    While the secret is rotated there are two signatures, with a comma between them.
    """
    timestamp = headers.get("Soundstage-Timestamp", "")
    if not timestamp.isdigit() or abs((now or time.time()) - int(timestamp)) > TOLERANCE_S:
        return False
    expected = hmac.new(secret.encode(), timestamp.encode() + b"." + body, hashlib.sha256).hexdigest()
    signatures = headers.get("Soundstage-Signature", "").split(",")
    return any(hmac.compare_digest(expected, signature.strip()) for signature in signatures)


class Receiver(http.server.BaseHTTPRequestHandler):
    seen: set[str] = set()  # noqa: RUF012  (a database, in earnest)

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        if not is_genuine(os.environ["SOUNDSTAGE_WEBHOOK_SECRET"], dict(self.headers), body):
            self.send_error(401)
            return
        event = json.loads(body)
        if event["event_id"] not in self.seen:  # an event comes at least once
            self.seen.add(event["event_id"])
            print(event["type"], event["event_id"], flush=True)
        self.send_response(204)  # soon: after 10 s it counts as not delivered
        self.end_headers()


if __name__ == "__main__":
    http.server.ThreadingHTTPServer(("127.0.0.1", int(sys.argv[1])), Receiver).serve_forever()
