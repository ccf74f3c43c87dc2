"""DynamoDB by the moto that LocalStack carries, instead of the jar that it downloads."""

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

    return Service.for_provider(DynamodbByMoto(), dispatch_table_factory=MotoFallbackDispatcher)
