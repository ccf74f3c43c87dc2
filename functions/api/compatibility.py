"""What a change of the OpenAPI document breaks for programs that were written against an older one.

What is sent to us may only become wider (a new optional field, a larger number), what we send only narrower, or larger
by fields. A new value of an enumeration in answers breaks nothing: clients are told to expect it (docs/api.md).
"""

from collections.abc import Iterator
from typing import Any, Literal

Document = dict[str, Any]
Direction = Literal["sent to us", "sent by us"]

_LEAST = ("minimum", "exclusiveMinimum", "minLength", "minItems")
_MOST = ("maximum", "exclusiveMaximum", "maxLength", "maxItems")
_SAID = ("description", "summary", "title", "example", "examples")


def breaking_changes(before: Document, after: Document) -> list[str]:
    """One sentence each, with where; empty where every program goes on as it is. Both as :func:`promised` has them."""
    return list(dict.fromkeys(_Comparison(before, after).operations()))


def promised(document: Document) -> Document:
    """``paths`` and ``schemas`` without what is only said of them: what an older document has to be kept for."""
    return {"paths": _promised(document["paths"]), "schemas": _promised(document["components"]["schemas"], names=True)}


def _promised(value: Any, *, names: bool = False) -> Any:
    """``names``: keys of this object are names of somebody's choosing, such as a property ``title``."""
    if isinstance(value, list):
        return [_promised(item) for item in value]
    if not isinstance(value, dict):
        return value
    kept = {key: part for key, part in value.items() if names or key not in _SAID}
    return {key: _promised(part, names=key in ("properties", "schemas")) for key, part in kept.items()}


class _Comparison:
    def __init__(self, before: Document, after: Document) -> None:
        self._before, self._after = before, after
        self._under_way: set[tuple[str, str, str]] = set()

    def operations(self) -> Iterator[str]:
        for path, methods in self._before["paths"].items():
            for method, old in methods.items():
                where = f"{method.upper()} {path}"
                new = self._after["paths"].get(path, {}).get(method)
                if new is None:
                    yield f"{where}: is gone"
                    continue
                if old.get("operationId") != new.get("operationId"):
                    yield f"{where}: is called {new.get('operationId')}, and was {old.get('operationId')}"
                yield from self._parameters(where, old, new)
                yield from self._body(where, old, new)
                yield from self._answers(where, old, new)

    def _parameters(self, where: str, old: Document, new: Document) -> Iterator[str]:
        known = {(p["in"], p["name"]): p for p in old.get("parameters", ())}
        asked = {(p["in"], p["name"]): p for p in new.get("parameters", ())}
        for key, parameter in asked.items():
            at = f"{where}, {key[0]} {key[1]}"
            if parameter.get("required") and not known.get(key, {}).get("required"):
                yield f"{at}: is required now"
            if key in known:
                yield from self._schema(at, known[key].get("schema", {}), parameter.get("schema", {}), "sent to us")
        yield from (f"{where}, {kind} {name}: is gone" for kind, name in known.keys() - asked.keys())

    def _body(self, where: str, old: Document, new: Document) -> Iterator[str]:
        before, after = old.get("requestBody", {}), new.get("requestBody", {})
        if after.get("required") and not before.get("required"):
            yield f"{where}: its body is required now"
        for kind, content in before.get("content", {}).items():
            if kind not in after.get("content", {}):
                yield f"{where}: takes no {kind} any more"
            else:
                schemas = content.get("schema", {}), after["content"][kind].get("schema", {})
                yield from self._schema(f"{where}, body", *schemas, "sent to us")

    def _answers(self, where: str, old: Document, new: Document) -> Iterator[str]:
        for status, answer in old["responses"].items():
            good, now = status < "4", new["responses"].get(status)
            if now is None:
                if good:
                    yield f"{where}: does not answer {status} any more"
                continue
            for kind, content in answer.get("content", {}).items():
                if kind not in now.get("content", {}):
                    yield f"{where}: answers {status} without {kind}"
                else:
                    schemas = content.get("schema", {}), now["content"][kind].get("schema", {})
                    yield from self._schema(f"{where}, {status}", *schemas, "sent by us")

    def _schema(self, where: str, old: Document, new: Document, way: Direction) -> Iterator[str]:
        pair = (old.get("$ref", ""), new.get("$ref", ""), way)
        if all(pair[:2]):
            if pair in self._under_way:
                return
            self._under_way.add(pair)  # also afterwards: what is wrong with a schema is said once
        old, new = _resolved(self._before, old), _resolved(self._after, new)
        if (choices := _choices(old, new)) is not None:
            yield from self._alternatives(where, *choices, way)
            return
        wider, narrower = (old, new) if way == "sent to us" else (new, old)
        if missing := _types(wider) - _types(narrower):
            yield f"{where}: {way}, may {'not' if way == 'sent to us' else 'now'} be {' or '.join(sorted(missing))}"
            return
        if way == "sent to us":
            yield from _tightened(where, old, new)
        yield from self._fields(where, old, new, way)
        if "items" in old and "items" in new:
            yield from self._schema(f"{where}[]", old["items"], new["items"], way)
        both = (old.get("additionalProperties"), new.get("additionalProperties"))
        if isinstance(both[0], dict) and isinstance(both[1], dict):
            yield from self._schema(f"{where}.*", both[0], both[1], way)

    def _alternatives(self, where: str, old: list[Document], new: list[Document], way: Direction) -> Iterator[str]:
        """Each that was taken has to fit one that is taken now; each that is answered now, one that was answered."""
        have, into = (old, new) if way == "sent to us" else (new, old)
        for one in have:
            found = [
                list(self._fresh(where, *((one, other) if way == "sent to us" else (other, one)), way))
                for other in into
            ]
            if found and all(found):
                yield from min(found, key=len)

    def _fresh(self, where: str, old: Document, new: Document, way: Direction) -> Iterator[str]:
        """A trial: what it finds in schemas may not count as said."""
        trial = _Comparison(self._before, self._after)
        trial._under_way = set(self._under_way)
        yield from trial._schema(where, old, new, way)

    def _fields(self, where: str, old: Document, new: Document, way: Direction) -> Iterator[str]:
        before, after = old.get("properties", {}), new.get("properties", {})
        needed, needs = set(old.get("required", ())), set(new.get("required", ()))
        yield from (f"{where}.{name}: is gone" for name in before if name not in after and "properties" in new)
        if way == "sent to us":
            yield from (f"{where}.{name}: is required now" for name in sorted(needs - needed))
        else:
            yield from (f"{where}.{name}: may be missing now" for name in sorted((needed - needs) & after.keys()))
        for name in before.keys() & after.keys():
            yield from self._schema(f"{where}.{name}", before[name], after[name], way)


def _resolved(document: Document, schema: Document) -> Document:
    while "$ref" in schema:
        schema = document["schemas"][schema["$ref"].rpartition("/")[2]]
    if len(schema.get("allOf", ())) == 1:
        return _resolved(document, schema["allOf"][0])
    return schema


def _choices(old: Document, new: Document) -> tuple[list[Document], list[Document]] | None:
    """The alternatives of both, where either has any."""
    found = [schema.get("anyOf") or schema.get("oneOf") for schema in (old, new)]
    return None if found == [None, None] else (found[0] or [old], found[1] or [new])


_ALL = frozenset({"null", "boolean", "integer", "number", "string", "array", "object"})


def _types(schema: Document) -> frozenset[str]:
    if "type" not in schema:
        known = schema.get("enum") or ([schema["const"]] if "const" in schema else [])
        return frozenset("string" for value in known if isinstance(value, str)) or _ALL
    given = schema["type"]
    types = frozenset([given] if isinstance(given, str) else given)
    return types | {"integer"} if "number" in types else types


def _tightened(where: str, old: Document, new: Document) -> Iterator[str]:
    allowed, allows = _values(old), _values(new)
    if allows is not None and (allowed is None or not allowed <= allows):
        gone = "anything else" if allowed is None else ", ".join(sorted(map(str, allowed - allows)))
        yield f"{where}: does not take {gone} any more"
    for name in (*_LEAST, *_MOST):
        if name in new and (name not in old or (new[name] > old[name] if name in _LEAST else new[name] < old[name])):
            yield f"{where}: {name} is {new[name]}, and was {old.get(name, 'not there')}"
    if new.get("pattern") not in (None, old.get("pattern")):
        yield f"{where}: has another pattern"
    if new.get("additionalProperties") is False and old.get("additionalProperties", True) is not False:
        yield f"{where}: takes no other fields any more"


def _values(schema: Document) -> frozenset[Any] | None:
    if "const" in schema:
        return frozenset([schema["const"]])
    return frozenset(schema["enum"]) if "enum" in schema else None
