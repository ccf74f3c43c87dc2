"""The OpenAPI document as a page that people read: what each call takes, what it answers, and how it can fail."""

from typing import Any

Json = dict[str, Any]

HEAD = """# API reference

Written from [openapi.json](openapi.json) by `make openapi`; change the code, not this page. A walk through the API is
in [api.md](api.md).

Every answer that is an error has one body: `{"code", "message", "detail", "request_id"}`; the codes are explained in
[errors.md](errors.md). All calls but those of the
share pages can also answer `INVALID_INPUT` (422) and `DEPENDENCY_UNAVAILABLE` (503); all that need a token,
`UNAUTHENTICATED` (401). Every POST that creates takes an `Idempotency-Key`. Lists take `limit` and `cursor`, and answer
`next_cursor`.
"""
_EVERYWHERE = {"422", "503", "401"}
_BOUNDS = {
    "maxLength": "at most {} characters",
    "minLength": "no fewer than {}",
    "maximum": "≤ {}",
    "minimum": "≥ {}",
    "exclusiveMinimum": "> {}",
    "exclusiveMaximum": "< {}",
    "maxItems": "at most {}",
}


def reference(openapi: Json) -> str:
    """Markdown: a section per tag, a heading per call, then the models that they name."""
    calls: dict[str, list[str]] = {}
    for path, operations in openapi["paths"].items():
        for method, operation in operations.items():
            calls.setdefault(operation["tags"][0], []).append(_call(method, path, operation))
    sections = [f"## {tag.capitalize()}\n\n" + "\n".join(texts) for tag, texts in calls.items()]
    models = [_model(name, schema) for name, schema in sorted(openapi["components"]["schemas"].items())]
    return "\n".join([HEAD, *sections, "## Models\n", *models])


def _call(method: str, path: str, operation: Json) -> str:
    lines = [f"### {method.upper()} {path}", ""]
    if operation.get("description"):
        lines += [operation["description"].replace("``", "`").strip(), ""]
    if not operation.get("security"):
        lines += ["No token needed.", ""]
    for parameter in operation.get("parameters", []):
        if parameter["in"] != "path":
            text = parameter.get("description", "").replace("``", "`")
            lines.append(f"- {parameter['in']} `{parameter['name']}`: {_type(parameter['schema'])}. {text}".rstrip())
    body = operation.get("requestBody", {}).get("content", {}).get("application/json")
    if body:
        lines.append(f"- body: {_type(body['schema'])}")
    for status, answer in operation["responses"].items():
        schema = answer.get("content", {}).get("application/json", {}).get("schema")
        if status < "400":
            lines.append(f"- {status}{': ' + _type(schema) if schema else ''}")
        elif status not in _EVERYWHERE or (status == "401" and not operation.get("security")):
            lines.append(f"- {status} {answer['description'].rstrip('.')}")
    return "\n".join([*lines, ""])


def _model(name: str, schema: Json) -> str:
    lines = [f'### <a id="{name}"></a>{name}', ""]
    if schema.get("description"):
        lines += [" ".join(schema["description"].replace("``", "`").split()), ""]
    if "enum" in schema:
        lines.append(_type(schema))
    for field, of in schema.get("properties", {}).items():
        needed = ", required" if field in schema.get("required", []) else ""
        simple = isinstance(of.get("default"), str | int | float)
        default = f", default `{of['default']}`" if simple else ""
        text = of.get("description", "").replace("``", "`")
        lines.append(f"- `{field}`: {_type(of)}{needed}{default}. {text}".rstrip())
    return "\n".join([*lines, ""])


def _type(schema: Json) -> str:
    if "$ref" in schema:
        name = schema["$ref"].rpartition("/")[2]
        return f"[{name}](#{name})"
    if "const" in schema:
        return f"`{schema['const']}`"
    if "enum" in schema:
        return " \\| ".join(f"`{value}`" for value in schema["enum"])
    for union in ("anyOf", "oneOf"):
        if union in schema:
            return " or ".join(dict.fromkeys(_type(of) for of in schema[union]))
    if "allOf" in schema:
        return _type(schema["allOf"][0])
    kind = schema.get("type", "anything")
    if kind == "array":
        kind = f"list of {_type(schema.get('items', schema.get('prefixItems', [{}])[0]))}"
    elif kind == "object" and isinstance(schema.get("additionalProperties"), dict):
        kind = f"object of {_type(schema['additionalProperties'])}"
    elif schema.get("format"):
        kind = f"{kind} ({schema['format']})"
    bounds = [words.format(f"{schema[bound]:.10g}") for bound, words in _BOUNDS.items() if bound in schema]
    return ", ".join([kind, *bounds])
