"""docs/errors.md: every code with its cause and mend, and the HTTP status where an answer has it."""

from soundstage.models.error_codes import GROUPS
from soundstage.models.errors import SoundstageError

HEAD = """# Error codes

Written from `soundstage/models/error_codes.py` by `make openapi`; change that, not this page. An error's `code` is
stable, its `message` is one sentence for a person, `detail` is described below, and `request_id` finds the log line:
`make logs REQUEST=…`. What a job went through is found by `make logs JOB=…`.
"""
_OF_HTTP = {
    "METHOD_NOT_ALLOWED": 405,
    "BODY_TOO_LARGE": 413,
    "UNSUPPORTED_MEDIA_TYPE": 415,
    "FORBIDDEN": 403,
    "INTERNAL": 500,
}


def error_page() -> str:
    statuses = _statuses(SoundstageError) | _OF_HTTP
    lines = [HEAD]
    for title, codes in GROUPS.items():
        lines += [f"## {title}\n", "| code | HTTP | cause | what to do |", "|---|---|---|---|"]
        for code, (cause, mend) in codes.items():
            shown = statuses.get(code, "") if title == "Answers of the API" else ""
            lines.append(f'| <a id="{code}"></a>`{code}` | {shown} | {cause} | {mend} |')
        lines.append("")
    return "\n".join(lines)


def _statuses(kind: type[SoundstageError]) -> dict[str, int]:
    found = {} if "code" not in vars(kind) else {kind.code: kind.http_status}
    for child in kind.__subclasses__():
        found = _statuses(child) | found
    return found
