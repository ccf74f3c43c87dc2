"""Every code that anybody can meet is explained, and nothing else is."""

import json
import re
from pathlib import Path

from functions.api.middleware.errors import _CODES, _EXAMPLES

from soundstage.models.error_codes import GROUPS
from soundstage.models.errors import NOTES_REJECTIONS, REJECTIONS

ROOT = Path(__file__).parents[3]
_CODE = re.compile(r"""(?:\bcode(?:: ClassVar\[str\])? = |\bcode=|_error\(job, |"code", |"code": )"([A-Z][A-Z_]+)\"""")
_EITHER = re.compile(r"""code = "([A-Z_]+)" if .* else "([A-Z_]+)\"""")


def test_every_code_is_explained_and_no_other() -> None:
    explained = [code for codes in GROUPS.values() for code in codes]
    assert len(explained) == len(set(explained))
    sources = [
        path.read_text() for room in ("layers", "functions", "containers") for path in (ROOT / room).rglob("*.py")
    ]
    sources += [path.read_text() for path in (ROOT / "statemachines").glob("*.json")]
    found = {code for text in sources for code in _CODE.findall(text)}
    found |= {code for text in sources for pair in _EITHER.findall(text) for code in pair}
    found |= {code for code, _ in _CODES.values()} | _EXAMPLES.keys() | REJECTIONS.keys() | NOTES_REJECTIONS.keys()
    found |= {"HTTP_ERROR", "REJECTED"}
    assert found - set(explained) == set()
    assert set(explained) - found == set()


def test_each_code_of_the_documented_answers_is_among_them() -> None:
    document = json.loads((ROOT / "docs/openapi.json").read_text())
    shown = {
        code
        for operations in document["paths"].values()
        for operation in operations.values()
        for answer in operation["responses"].values()
        for code in answer.get("content", {}).get("application/json", {}).get("examples", {})
    }
    assert shown <= GROUPS["Answers of the API"].keys() | GROUPS["Jobs"].keys() | GROUPS["Models of others"].keys()
