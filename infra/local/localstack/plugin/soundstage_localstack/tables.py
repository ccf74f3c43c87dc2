"""DynamoDB by the moto that LocalStack carries, instead of the jar that it downloads."""

import threading
from collections.abc import Callable
from typing import Any

from localstack.services.plugins import Service, aws_provider


@aws_provider(api="dynamodb", name="moto")  # type: ignore[untyped-decorator]
def dynamodb_by_moto() -> Service:
    from localstack.aws.api import RequestContext, handler  # noqa: PLC0415  (when the service is first used)
    from localstack.aws.api.dynamodb import DynamodbApi  # noqa: PLC0415
    from localstack.services.moto import MotoFallbackDispatcher, call_moto  # noqa: PLC0415

    class DynamodbByMoto(DynamodbApi):  # type: ignore[misc]
        @handler("CreateTable", expand=False)  # type: ignore[untyped-decorator]
        def create_table(self, context: RequestContext, create_table_input: dict[str, Any]) -> Any:
            """With an id, which CloudFormation's resource asks for and moto does not give."""
            answer = call_moto(context)
            answer["TableDescription"].setdefault("TableId", create_table_input["TableName"])
            return answer

    def one_at_a_time(provider: object) -> dict[str, Callable[..., Any]]:
        """moto undoes a transaction that fails by putting whole tables back: what others wrote meanwhile was lost."""
        lock = threading.RLock()

        def locked(handle: Callable[..., Any]) -> Callable[..., Any]:
            def handle_alone(*given: Any, **named: Any) -> Any:
                with lock:
                    return handle(*given, **named)

            return handle_alone

        return {operation: locked(handle) for operation, handle in MotoFallbackDispatcher(provider).items()}

    return Service.for_provider(DynamodbByMoto(), dispatch_table_factory=one_at_a_time)
