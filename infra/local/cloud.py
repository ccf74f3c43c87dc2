"""MiniStack, and what it lacks: of a version that is asked for by id, ranges and file names (what people download is a
version: the one that was looked at when it was accepted); of a history, what ``infra.local.history`` adds; an end to
the number of processes (``infra.local.admission``); a memory that outlives a kill (``infra.local.snapshots``), and that
does not grow with all that is stored.
"""

import os
import sys
from collections.abc import Callable
from functools import lru_cache
from typing import Any

from infra.local import admission, function_host, history, snapshots
from ministack import app
from ministack.core import lambda_runtime, persistence
from ministack.services import dynamodb, s3

Answer = tuple[int, dict[str, str], Any]


def with_ranges_of_versions(get_object: Callable[..., Answer]) -> Callable[..., Answer]:
    """As S3 does it: RFC 9110 §14, and the ``response-…`` parameters of a signed URL."""

    def get(bucket: str, key: str, headers: dict[str, str], parameters: dict[str, Any] | None = None) -> Answer:
        status, answer, body = get_object(bucket, key, headers, parameters)
        if status != 200 or not s3._qp(parameters or {}, "versionId", ""):
            return status, answer, body
        s3._apply_response_overrides(answer, parameters)
        if not headers.get("range"):
            return status, answer, body
        found = s3._parse_range(headers["range"], len(body))
        if found is None:
            refused = {"Content-Type": "application/xml", "Content-Range": f"bytes */{len(body)}"}
            return 416, refused, s3._xml_body(s3._range_error_xml(bucket, key))
        begin, last = found
        part = body[begin : last + 1]
        # A checksum of the whole does not fit a part.
        answer = {name: value for name, value in answer.items() if not name.lower().startswith("x-amz-checksum")}
        answer |= {"Content-Length": str(len(part)), "Content-Range": f"bytes {begin}-{last}/{len(body)}"}
        return 206, answer, part

    return get


def forget_bodies(persist_object: Callable[[str, str, Any], None]) -> Callable[[str, str, Any], None]:
    """MiniStack forgets the body of an object that is on disk, but not that of its newest version, which is the same.
    It reads either from disk, as after a restart.
    """

    def persist(bucket: str, key: str, record: Any) -> None:
        persist_object(bucket, key, record)
        if isinstance(record, dict) and record["body"] is None:
            for version in s3._object_versions.get((bucket, key), []):
                if version["version_id"] == record.get("version_id"):
                    version["data"] = None

    return persist


def remember_expressions() -> None:
    """What an expression of DynamoDB says follows from its text; MiniStack reads it anew for each item of a partition.
    Its readers change no token.
    """
    for name in ("_tokenize", "_condition_syntax_error"):
        setattr(dynamodb, name, lru_cache(maxsize=1000)(getattr(dynamodb, name)))


if __name__ == "__main__":
    history.complete()
    admission.limit(int(os.environ["SOUNDSTAGE_FUNCTION_CONCURRENCY"]))
    if sys.platform == "linux":  # elsewhere what was imported may not survive a fork
        niceness = int(os.environ["SOUNDSTAGE_FUNCTION_NICENESS"])
        function_host.instead_of_processes(lambda_runtime, niceness=niceness)
    if persistence.PERSIST_STATE:
        snapshots.begin()
    remember_expressions()
    s3._persist_object = forget_bodies(s3._persist_object)
    s3._get_object = with_ranges_of_versions(s3._get_object)
    app.main()
