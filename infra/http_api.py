"""The HTTP API: every route goes to the one API function."""

from aws_cdk import ArnFormat, Stack
from aws_cdk import aws_apigatewayv2 as apigateway
from aws_cdk import aws_iam as iam
from aws_cdk import aws_logs as logs
from constructs import Construct

from infra.acknowledge import acknowledge
from infra.sound_function import SoundFunction
from infra.stages import Stage

# Without the path: tokens of shares stand in paths. The application logs the route, and its time finds the line here.
ACCESS_LOG = (
    '{"request_id":"$context.requestId","ip":"$context.identity.sourceIp","time":"$context.requestTime",'
    '"method":"$context.httpMethod","status":$context.status,'
    '"bytes":$context.responseLength,"latency_ms":$context.responseLatency}'
)


class HttpApi(Construct):
    """An HTTP API with throttling and access logs. CORS, authorisation and errors are the application's own."""

    def __init__(self, scope: Construct, id_: str, *, stage: Stage, api: SoundFunction) -> None:
        super().__init__(scope, id_)
        self.http = apigateway.CfnApi(
            self, "Http", name=stage.named("api"), protocol_type="HTTP", description="Soundstage"
        )
        self.api_id = self.http.ref
        integration = apigateway.CfnIntegration(
            self,
            "Function",
            api_id=self.api_id,
            integration_type="AWS_PROXY",
            integration_uri=api.entry.function_arn,
            payload_format_version="2.0",
        )
        route = apigateway.CfnRoute(
            self,
            "Route",
            api_id=self.api_id,
            route_key="$default",
            target=f"integrations/{integration.ref}",
            authorization_type="NONE",
        )
        acknowledge(route, {"AwsSolutions-APIG4": "The application checks its own tokens, and has public routes."})
        log = logs.LogGroup(self, "Access", retention=stage.log_retention, removal_policy=stage.removal_policy)
        apigateway.CfnStage(
            self,
            "Stage",
            api_id=self.api_id,
            stage_name="$default",
            auto_deploy=True,
            access_log_settings=apigateway.CfnStage.AccessLogSettingsProperty(
                destination_arn=log.log_group_arn, format=ACCESS_LOG
            ),
            default_route_settings=apigateway.CfnStage.RouteSettingsProperty(
                throttling_rate_limit=stage.requests_per_second, throttling_burst_limit=2 * stage.requests_per_second
            ),
        )
        api.entry.add_permission(
            "Http",
            principal=iam.ServicePrincipal("apigateway.amazonaws.com"),
            source_arn=Stack.of(self).format_arn(
                service="execute-api",
                resource=self.api_id,
                resource_name="*/*",
                arn_format=ArnFormat.SLASH_RESOURCE_NAME,
            ),
        )
        self.url = self.http.attr_api_endpoint
