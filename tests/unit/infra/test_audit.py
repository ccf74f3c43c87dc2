"""What `make audit` makes of what the sources of advisories say, and that every answer to a finding still holds."""

from datetime import UTC, date, datetime
from typing import Any

import pytest
from infra import audit
from infra.audit import ANSWERS, LONGEST, Finding, Looked, NotAsked, answers, of_npm, of_python, unanswered, verdict
from pydantic import ValidationError

TODAY = date(2026, 11, 28)
FOUND = Finding("jinja2", "3.1.2", frozenset({"GHSA-h5c8-rqwp-cp95", "CVE-2024-22195"}), "Cross-site scripting\nlong")


def answer(**changes: str) -> list[audit.Answer]:
    said = {
        "id": "CVE-2024-22195",
        "package": "jinja2",
        "reason": "No template of ours takes attributes from a person.",
        "until": "2026-11-28",
    } | changes
    until = said.pop("until")
    return answers(
        "\n".join(["[[answer]]", *(f'{key} = "{value}"' for key, value in said.items()), f"until = {until}"])
    )


def test_the_answers_that_stand_hold() -> None:
    today = datetime.now(UTC).date()
    locked = "".join(f"\n{path.read_text()}" for path in (*audit.PYTHON_LOCKS, *audit.NPM_LOCKS))
    for each in answers(ANSWERS.read_text()):
        assert today <= each.until <= today + LONGEST, f"{each.id}: look again, and write down what you find"
        assert f"\n{each.package}==" in locked or f'node_modules/{each.package}"' in locked


@pytest.mark.parametrize(
    ("changes", "why"),
    [
        ({"until": "2026-11-27"}, "answered until 2026-11-27"),
        ({"id": "CVE-2024-1"}, "nobody finds it any more"),
        ({"package": "markupsafe"}, "nobody finds it any more"),
    ],
)
def test_an_answer_that_does_not_hold_is_none(changes: dict[str, str], why: str) -> None:
    lines = unanswered([FOUND], answer(**changes), TODAY)

    assert lines[0].startswith("jinja2 3.1.2: CVE-2024-22195, GHSA-h5c8-rqwp-cp95")
    assert "long" not in lines[0]
    assert any(why in line for line in lines)


def test_an_answer_holds_to_its_last_day_under_any_of_the_numbers() -> None:
    assert unanswered([FOUND], answer(), TODAY) == []
    assert unanswered([FOUND], answer(id="GHSA-h5c8-rqwp-cp95"), TODAY) == []
    assert len(unanswered([FOUND], [], TODAY)) == 1
    assert unanswered([], [], TODAY) == []


@pytest.mark.parametrize("changes", [{"reason": "no"}, {"id": "jinja2"}, {"until": '"soon"'}, {"seen": "yes"}])
def test_an_answer_says_what_it_must(changes: dict[str, str]) -> None:
    with pytest.raises(ValidationError):
        answer(**changes)


def test_packages_that_nobody_looked_up_are_not_clean() -> None:
    looked_up = {"name": "jinja2", "version": "3.1.2", "vulns": []}
    skipped = {"name": "alembic", "skip_reason": "Dependency not found on PyPI"}
    assert of_python({"dependencies": [looked_up]}) == Looked(1, 1)
    partly = of_python({"dependencies": [looked_up, skipped]})
    assert str(partly) == "1 of 2 packages looked up, 0 known vulnerabilities (Dependency not found on PyPI)"
    with pytest.raises(NotAsked, match="405 Method Not Allowed"):
        of_npm({"message": "405 Method Not Allowed", "statusCode": 405})


@pytest.mark.parametrize(
    ("looked", "given", "status", "last"),
    [
        ({"a": Looked(2, 2)}, [], 0, "a: 2 of 2 packages looked up, 0 known vulnerabilities"),
        (
            {"a": Looked(2, 2, (FOUND,))},
            answer(),
            0,
            "answered until 2026-11-28: CVE-2024-22195 of jinja2: No template",
        ),
        ({"a": Looked(2, 2)}, answer(), 1, "CVE-2024-22195 of jinja2 is answered, and nobody finds it any more"),
        ({"a": Looked(2, 2, (FOUND,))}, [], 1, "jinja2 3.1.2: CVE-2024-22195, GHSA-h5c8-rqwp-cp95: Cross-site"),
        ({"a": Looked(2, 2), "b": Looked(5, 1)}, answer(), 2, "Nothing is known of 4 of 7 packages."),
        ({"a": Looked(2, 1, (FOUND,))}, [], 1, "Nothing is known of 1 of 2 packages."),
        ({"a": Looked(2, 0), "b": Looked(5, 0)}, answer(), 3, "Nothing was audited: no source of advisories answers"),
    ],
)
def test_what_was_not_audited_is_told_apart_from_what_is_clean(
    looked: dict[str, Looked], given: list[audit.Answer], status: int, last: str
) -> None:
    found, lines = verdict(looked, given, TODAY)

    assert (found, lines[: len(looked)]) == (status, [f"{name}: {each}" for name, each in looked.items()])
    assert lines[-1].startswith(last)


def test_findings_are_read_from_both() -> None:
    vuln = {"id": "GHSA-h5c8-rqwp-cp95", "aliases": ["CVE-2024-22195"], "description": "Cross-site scripting\nlong"}
    python = {"dependencies": [{"name": "jinja2", "version": "3.1.2", "vulns": [vuln]}]}
    assert of_python(python).findings == (FOUND,)

    url = "https://github.com/advisories/GHSA-35jh-r3h4-6jhm"
    via: dict[str, Any] = {"name": "lodash", "url": url, "title": "Command injection", "range": "<4.17.21"}
    both = {"lodash": {"via": [via]}, "uses-it": {"via": ["lodash"]}, "too": {"via": [via]}}
    npm = {"vulnerabilities": both, "metadata": {"dependencies": {"total": 7}}}
    lodash = Finding("lodash", "<4.17.21", frozenset({"GHSA-35jh-r3h4-6jhm"}), "Command injection")
    assert of_npm(npm) == Looked(7, 7, (lodash,))
