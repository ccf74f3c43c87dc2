"""JSONata by its Python port, instead of the Java 21 and the jars that LocalStack downloads."""

from typing import Any

from localstack.runtime import hooks


@hooks.on_infra_start(name="jsonata_without_java")  # type: ignore[untyped-decorator]
def jsonata_without_java() -> None:
    from jsonata import Jsonata  # noqa: PLC0415  (plugins are imported before it is known which are used)
    from localstack.services.stepfunctions.asl.jsonata import jsonata  # noqa: PLC0415

    def evaluate(expression: str) -> Any:
        try:
            return Jsonata(expression).evaluate(None)
        except Exception as error:  # the port raises its own JException, and what Python raises in between
            raise jsonata.JSONataException("UNKNOWN", str(error)) from error

    jsonata._eval_jsonata = evaluate
