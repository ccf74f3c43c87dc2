"""``make audit`` where sources of advisories answer: pip-audit and npm themselves, on a server that speaks OSV's query
(https://google.github.io/osv.dev/post-v1-query/) and npm's bulk advisories.
"""

import gzip
import json
import threading
from collections.abc import Iterator
from datetime import date
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest
from infra import audit

TODAY = date(2026, 11, 28)
PINNED = "".join(f"{name} \\\n    --hash=sha256:{64 * '0'}\n" for name in ("jinja2==3.1.2", "idna==3.20"))
LODASH = {
    "name": "lodash",
    "dist-tags": {"latest": "4.17.21"},
    "versions": {
        version: {"name": "lodash", "version": version, "dist": {"tarball": "", "shasum": ""}}
        for version in ("4.17.20", "4.17.21")
    },
}


class Source(BaseHTTPRequestHandler):
    knows = True
    """Whether it has anything about jinja2 3.1.2 and lodash 4.17.20."""

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        asked = json.loads(gzip.decompress(body) if self.headers.get("Content-Encoding") == "gzip" else body)
        if self.path == "/v1/query":
            self._answer(self._of_python(asked))
        elif self.path == "/-/npm/v1/security/advisories/bulk":
            self._answer(self._of_npm(asked))
        else:
            self.send_error(404)

    def do_GET(self) -> None:
        self._answer(LODASH if self.path == "/lodash" else None)

    def _of_python(self, asked: dict[str, Any]) -> dict[str, Any]:
        if not self.knows or asked != {"package": {"name": "jinja2", "ecosystem": "PyPI"}, "version": "3.1.2"}:
            return {}
        events = [{"introduced": "0"}, {"fixed": "3.1.3"}]
        affected = {
            "package": {"name": "jinja2", "ecosystem": "PyPI"},
            "ranges": [{"type": "ECOSYSTEM", "events": events}],
        }
        found = {"id": "GHSA-h5c8-rqwp-cp95", "aliases": ["CVE-2024-22195"], "summary": "Cross-site scripting"}
        return {"vulns": [{**found, "schema_version": "1.6.0", "affected": [affected]}]}

    def _of_npm(self, asked: dict[str, list[str]]) -> dict[str, Any]:
        if not self.knows or "4.17.20" not in asked.get("lodash", ()):
            return {}
        url = "https://github.com/advisories/GHSA-35jh-r3h4-6jhm"
        found = {"id": 1106913, "url": url, "title": "Command injection", "severity": "high"}
        return {"lodash": [{**found, "vulnerable_versions": "<4.17.21", "cwe": ["CWE-94"]}]}

    def _answer(self, answer: Any) -> None:
        body = json.dumps(answer).encode()
        self.send_response(200 if answer is not None else 404)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None: ...


@pytest.fixture
def source(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[type[Source]]:
    kind = type("OfThisTest", (Source,), {})
    with ThreadingHTTPServer(("127.0.0.1", 0), kind) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        url = f"http://127.0.0.1:{server.server_port}"
        monkeypatch.setattr(audit, "SERVICES", ("osv",))
        monkeypatch.setenv("PIP_AUDIT_OSV_URL", f"{url}/v1/query")
        monkeypatch.setenv("npm_config_registry", url)
        monkeypatch.setenv("npm_config_cache", str(tmp_path / "npm"))
        monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "pip-audit"))
        yield kind
        server.shutdown()


@pytest.fixture
def locks(tmp_path: Path) -> tuple[Path, Path]:
    pins, folder = tmp_path / "constraints.txt", tmp_path / "web"
    pins.write_text(PINNED)
    folder.mkdir()
    root = {"name": "web", "version": "1.0.0", "dependencies": {"lodash": "4.17.20"}}
    (folder / "package.json").write_text(json.dumps(root))
    packages = {"": root, "node_modules/lodash": {"version": "4.17.20"}}
    lock = folder / "package-lock.json"
    lock.write_text(json.dumps({**root, "lockfileVersion": 3, "packages": packages}))
    return pins, lock


@pytest.mark.slow
def test_what_is_known_is_found_and_wants_an_answer(source: type[Source], locks: tuple[Path, Path]) -> None:
    looked = {"python": audit._python(locks[0]), "npm": audit._npm(locks[1])}

    status, lines = audit.verdict(looked, [], TODAY)
    assert status == 1
    assert lines[0] == "python: 2 of 2 packages looked up, 1 known vulnerabilities"
    assert lines[1] == "npm: 1 of 1 packages looked up, 1 known vulnerabilities"
    assert "jinja2 3.1.2: CVE-2024-22195, GHSA-h5c8-rqwp-cp95: Cross-site scripting" in lines
    assert "lodash <4.17.21: GHSA-35jh-r3h4-6jhm: Command injection" in lines


@pytest.mark.slow
def test_where_nothing_is_known_all_was_looked_up_and_is_clean(source: type[Source], locks: tuple[Path, Path]) -> None:
    source.knows = False
    looked = {"python": audit._python(locks[0]), "npm": audit._npm(locks[1])}

    assert audit.verdict(looked, [], TODAY) == (
        0,
        [f"python: {audit.Looked(2, 2)}", f"npm: {audit.Looked(1, 1)}"],
    )
