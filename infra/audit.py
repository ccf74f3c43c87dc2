"""``make audit``: known vulnerabilities of all that the locks name, and whether each has an answer.

Answers stand in ``advisories.toml`` with a reason and a last day. Exit status 1: a finding without an answer, or an
answer that answers nothing any more. 2: no such finding, but some packages could not be looked up. 3: none could, as
offline. It never says "none found" of packages that nobody looked up.
"""

import json
import re
import subprocess
import sys
import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

from pydantic import BaseModel, ConfigDict, Field

from infra import ROOT
from infra.local.localstack import LOCK_FILES
from infra.sbom import IMAGE

ANSWERS = ROOT / "infra" / "advisories.toml"
LONGEST = timedelta(days=180)
"""From today until the last day of an answer: by then somebody looks again."""
BIN = ROOT / ".venv" / "bin"
PYTHON_LOCKS = (ROOT / "constraints.txt", IMAGE / "requirements.txt", IMAGE / "requirements-gpu.txt", LOCK_FILES[0])
NPM_LOCKS = (ROOT / "web" / "package-lock.json", ROOT / "infra" / "package-lock.json")
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


class NotAsked(Exception):
    """A source of advisories gave no answer; the message says why."""


@dataclass(frozen=True)
class Looked:
    """At one lock: ``findings`` in the packages that were looked up, of how many there are."""

    packages: int
    looked_up: int
    findings: tuple[Finding, ...] = ()
    why_not: str = ""
    """Of the rest."""

    def __str__(self) -> str:
        said = f"{self.looked_up} of {self.packages} packages looked up"
        if self.looked_up:
            said += f", {len(self.findings)} known vulnerabilities"
        return f"{said} ({self.why_not})" if self.why_not else said


def answers(text: str) -> list[Answer]:
    """Raises ``pydantic.ValidationError`` and ``tomllib.TOMLDecodeError``."""
    return [Answer.model_validate(each) for each in tomllib.loads(text).get("answer", [])]


def of_python(report: Report) -> Looked:
    """What pip-audit found; a package that its source does not know says so in ``skip_reason``."""
    packages = report["dependencies"]
    skipped = [each["skip_reason"] for each in packages if "skip_reason" in each]
    findings = tuple(
        Finding(each["name"], each["version"], frozenset([vuln["id"], *vuln["aliases"]]), vuln["description"])
        for each in packages
        for vuln in each.get("vulns", [])
    )
    return Looked(len(packages), len(packages) - len(skipped), findings, skipped[0] if skipped else "")


def of_npm(report: Report) -> Looked:
    """What npm found. Raises NotAsked: it asks for all at once."""
    if "vulnerabilities" not in report:
        raise NotAsked(str(report.get("message") or report))
    advisories = [via for each in report["vulnerabilities"].values() for via in each["via"] if isinstance(via, dict)]
    found = {(via["name"], via["url"].rpartition("/")[2]): via for via in advisories}
    total = report["metadata"]["dependencies"]["total"]
    return Looked(
        total,
        total,
        tuple(Finding(package, via["range"], frozenset([id_]), via["title"]) for (package, id_), via in found.items()),
    )


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


def _python(requirements: Path) -> Looked:
    """By the first source that knows all packages, else by the one that knows most."""
    command: list[str | Path] = [BIN / "pip-audit", "--requirement", requirements, "--disable-pip", "--format=json"]
    asked, silent = [], []
    for service in SERVICES:
        try:
            looked = of_python(_asked([*command, "--progress-spinner=off", f"--vulnerability-service={service}"]))
        except NotAsked as why:
            silent.append(f"{service}: {why}")
            continue
        asked.append(replace(looked, why_not=looked.why_not and f"{service}: {looked.why_not}"))
        if looked.looked_up == looked.packages:
            return asked[-1]
    packages = len(re.findall(r"^\S+==", requirements.read_text(), re.MULTILINE))
    best = max(asked, key=lambda looked: looked.looked_up, default=Looked(packages, 0))
    return replace(best, why_not="; ".join(filter(None, [best.why_not, *silent])))


def _npm(lock: Path) -> Looked:
    try:
        return of_npm(_asked([BIN / "npm", "audit", "--json", f"--prefix={lock.parent}"]))
    except NotAsked as why:
        packages = json.loads(lock.read_text())["packages"]
        return Looked(len(packages) - 1, 0, why_not=f"npm: {why}")  # the first is the folder itself


def _asked(command: list[str | Path]) -> Report:
    """Both programs exit with 1 when they find something, so what they print decides."""
    done = subprocess.run(command, capture_output=True, text=True, check=False)  # noqa: S603
    try:
        report: Report = json.loads(done.stdout)
    except ValueError:
        last = (done.stderr.strip().splitlines() or ["it said nothing"])[-1]
        # requests and urllib3 say within parentheses what they were in the middle of
        raise NotAsked(last.partition("(")[0].rstrip(": ") or last) from None
    return report


def verdict(looked: Mapping[str, Looked], given: Iterable[Answer], today: date) -> tuple[int, list[str]]:
    """Exit status, and what to say: a line for each lock (its name is the key), then all that is wrong or unknown."""
    lines = [f"{name}: {found}" for name, found in looked.items()]
    findings = {finding for found in looked.values() for finding in found.findings}
    packages = sum(found.packages for found in looked.values())
    known = sum(found.looked_up for found in looked.values())
    if known < packages:  # what an answer is about may be in what was not looked up
        ids = {id_ for finding in findings for id_ in finding.ids}
        given = [each for each in given if each.id in ids]
    given = list(given)
    wrong = unanswered(findings, given, today)
    lines += [f"answered until {each.until}: {each.id} of {each.package}: {each.reason}" for each in given]
    lines += wrong
    if not known:
        lines.append("Nothing was audited: no source of advisories answers here. Ask again where one can be reached.")
    elif known < packages:
        lines.append(f"Nothing is known of {packages - known} of {packages} packages. Ask again where they are known.")
    return (1 if wrong else 0 if known == packages else 2 if known else 3), lines


def main() -> int:
    looked = {path.relative_to(ROOT).as_posix(): _python(path) for path in PYTHON_LOCKS}
    looked |= {path.relative_to(ROOT).as_posix(): _npm(path) for path in NPM_LOCKS}
    status, lines = verdict(looked, answers(ANSWERS.read_text()), datetime.now(UTC).date())
    print("\n".join(lines))  # noqa: T201
    return status


if __name__ == "__main__":
    sys.exit(main())
