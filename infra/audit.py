"""``make audit``: known vulnerabilities of all that the locks name, and whether each has an answer.

Answers stand in ``advisories.toml`` with a reason and a last day. Exit status 1: a finding without an answer, or an
answer that answers nothing any more. 2: a source of advisories could not be asked, so that nothing is known of some
packages. It never says "none found" of packages that nobody looked up.
"""

import json
import subprocess
import sys
import tomllib
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

from pydantic import BaseModel, ConfigDict, Field

from infra import ROOT
from infra.sbom import IMAGE

ANSWERS = ROOT / "infra" / "advisories.toml"
LONGEST = timedelta(days=180)
"""From today until the last day of an answer: by then somebody looks again."""
BIN = ROOT / ".venv" / "bin"
SERVICES = ("pypi", "osv")
"""Of pip-audit, in the order in which they are asked: the second knows what the first does, and more."""

Report = Mapping[str, Any]


class Answer(BaseModel):
    """Why a finding does not matter here, or not yet, until the end of that day."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    id: str = Field(pattern=r"^(CVE|GHSA|PYSEC|OSV)-")
    package: str
    reason: str = Field(min_length=20)
    until: date


@dataclass(frozen=True)
class Finding:
    """``ids``: one vulnerability has a number in each of several lists."""

    package: str
    version: str
    ids: frozenset[str]
    title: str


class NotAudited(Exception):
    """A source could not be asked; the message says what it said."""


def answers(text: str) -> list[Answer]:
    """Raises ``pydantic.ValidationError`` and ``tomllib.TOMLDecodeError``."""
    return [Answer.model_validate(each) for each in tomllib.loads(text).get("answer", [])]


def of_python(report: Report) -> tuple[int, list[Finding]]:
    """How many packages were looked up, and what was found. Raises NotAudited when any was not looked up."""
    packages = report["dependencies"]
    skipped = [each["skip_reason"] for each in packages if "skip_reason" in each]
    if skipped:
        raise NotAudited(f"{len(skipped)} of {len(packages)} packages were not looked up: {skipped[0]}")
    return len(packages), [
        Finding(each["name"], each["version"], frozenset([vuln["id"], *vuln["aliases"]]), vuln["description"])
        for each in packages
        for vuln in each["vulns"]
    ]


def of_npm(report: Report) -> tuple[int, list[Finding]]:
    """As ``of_python``."""
    if "vulnerabilities" not in report:
        raise NotAudited(str(report.get("message") or report))
    advisories = [via for each in report["vulnerabilities"].values() for via in each["via"] if isinstance(via, dict)]
    found = {(via["name"], via["url"].rpartition("/")[2]): via for via in advisories}
    return report["metadata"]["dependencies"]["total"], [
        Finding(package, via["range"], frozenset([id_]), via["title"]) for (package, id_), via in found.items()
    ]


def unanswered(findings: Iterable[Finding], given: Iterable[Answer], today: date) -> list[str]:
    """What is wrong, a line each: findings without an answer that still holds, and answers to nothing."""
    findings, given = list(findings), list(given)
    lines = []
    for finding in findings:
        held = [each for each in given if each.id in finding.ids and each.package == finding.package]
        if not held or max(each.until for each in held) < today:
            since = f" (answered until {held[0].until})" if held else ""
            title = finding.title.partition("\n")[0][:100]
            lines.append(f"{finding.package} {finding.version}: {', '.join(sorted(finding.ids))}{since}: {title}")
    return lines + [
        f"{each.id} of {each.package} is answered, and nobody finds it any more: take the answer out"
        for each in given
        if not any(each.id in finding.ids and each.package == finding.package for finding in findings)
    ]


def _python(requirements: Path) -> tuple[int, list[Finding]]:
    command: list[str | Path] = [BIN / "pip-audit", "--requirement", requirements, "--disable-pip", "--format=json"]
    said = []
    for service in SERVICES:
        try:
            return of_python(_asked([*command, "--progress-spinner=off", f"--vulnerability-service={service}"]))
        except NotAudited as unknown:
            said.append(f"{service}: {unknown}")
    raise NotAudited("; ".join(said))


def _npm(folder: Path) -> tuple[int, list[Finding]]:
    return of_npm(_asked([BIN / "npm", "audit", "--json", f"--prefix={folder}"]))


def _asked(command: list[str | Path]) -> Report:
    """Both programs exit with 1 when they find something, so what they print decides."""
    done = subprocess.run(command, capture_output=True, text=True, check=False)  # noqa: S603
    try:
        report: Report = json.loads(done.stdout)
    except ValueError:
        last = (done.stderr.strip().splitlines() or ["it said nothing"])[-1]
        raise NotAudited(last) from None
    return report


def main() -> int:
    sources: dict[str, Callable[[], tuple[int, list[Finding]]]] = {
        path.relative_to(ROOT).as_posix(): lambda path=path: _python(path)  # type: ignore[misc]
        for path in (ROOT / "constraints.txt", IMAGE / "requirements.txt", IMAGE / "requirements-gpu.txt")
    }
    sources |= {f"{name}/package-lock.json": lambda name=name: _npm(ROOT / name) for name in ("web", "infra")}  # type: ignore[misc]
    findings, not_audited = set[Finding](), False
    for name, look in sources.items():
        try:
            count, found = look()
        except NotAudited as unknown:
            not_audited = True
            print(f"NOT AUDITED  {name}: {unknown}")  # noqa: T201
        else:
            findings |= set(found)
            print(f"audited      {name}: {count} packages, {len(found)} known vulnerabilities")  # noqa: T201
    given = answers(ANSWERS.read_text())
    if not_audited:  # what an answer is about may be in what was not looked up
        ids = {id_ for finding in findings for id_ in finding.ids}
        given = [each for each in given if each.id in ids]
    lines = unanswered(findings, given, datetime.now(UTC).date())
    print("\n".join(lines), end="\n" if lines else "")  # noqa: T201
    if not_audited:
        print("Nothing is known of the packages of a source that was not audited. Ask again where it can be reached.")  # noqa: T201
    return 2 if not_audited else int(bool(lines))


if __name__ == "__main__":
    sys.exit(main())
