"""The WebSocket API: clients' messages go to one function, and functions post to clients through its management."""

from aws_cdk import ArnFormat, Duration, Stack
from aws_cdk import aws_apigatewayv2 as apigateway
from aws_cdk import aws_iam as iam
from aws_cdk import aws_logs as logs
from aws_cdk import aws_sqs as sqs
from constructs import Construct

from infra.acknowledge import acknowledge
from infra.change_listener import ChangeListener
from infra.functions import Functions
from infra.sound_function import SoundFunction
from infra.stages import Stage
from soundstage.products.base import LambdaStep

STAGE_NAME = "live"
PUSH = LambdaStep("jobs.push", code="web", timeout_s=60)
# Never what a client sends: its first message has a token.
ACCESS_LOG = (
    '{"request_id":"$context.requestId","connection_id":"$context.connectionId","ip":"$context.identity.sourceIp",'
    '"time":"$context.requestTime","event":"$context.eventType","status":"$context.status"}'
)


class SocketApi(Construct):
    """A laptop has none: there the gateway takes WebSockets itself, with the same code behind them.

    ``hear`` takes what clients send; ``listener`` tells them of changes.
    """

    def __init__(
        self, scope: Construct, id_: str, *, stage: Stage, functions: Functions, undelivered: sqs.IQueue | None
    ) -> None:
        super().__init__(scope, id_)
        self._stage = stage
        self.api = apigateway.CfnApi(
            self,
            "Sockets",
            name=stage.named("sockets"),
            protocol_type="WEBSOCKET",
            route_selection_expression="$request.body.action",
            description="Soundstage: changes of jobs",
        )
        stack = Stack.of(self)
        domain = f"{self.api.ref}.execute-api.{stack.region}.{stack.url_suffix}/{STAGE_NAME}"
        self.url = f"wss://{domain}"
        self.environment = {"SOUNDSTAGE_PUSH_ENDPOINT_URL": f"https://{domain}"}
        push = functions.add(PUSH, "Push", environment=self.environment)
        self.may_post(push)
        self.listener = ChangeListener(
            self,
            "Changes",
            stage=stage,
            name="push",
            function=push,
            retry_every=Duration.seconds(90),
            retry_for=Duration.minutes(30),
            undelivered=undelivered,
            gather_s=0,
        )

    def may_post(self, function: SoundFunction) -> None:
        """To any client of this API, and close its connection."""
        connections = self._arn(f"{STAGE_NAME}/*/@connections/*")
        function.may.do_under("execute-api:ManageConnections", under=connections, because="Clients come and go.")

    def heard_by(self, hear: SoundFunction) -> None:
        integration = apigateway.CfnIntegration(
            self,
            "Function",
            api_id=self.api.ref,
            integration_type="AWS_PROXY",
            integration_uri=Stack.of(self).format_arn(
                service="apigateway",
                account="lambda",
                resource="path",
                resource_name=f"2015-03-31/functions/{hear.entry.function_arn}/invocations",
            ),
        )
        routes = [
            self._route(
                "Messages", "$default", integration, "The first message has a token, and nothing is told before."
            ),
            self._route("Leaving", "$disconnect", integration, "API Gateway itself says that a client has left."),
        ]
        log = logs.LogGroup(
            self, "Access", retention=self._stage.log_retention, removal_policy=self._stage.removal_policy
        )
        live = apigateway.CfnStage(
            self,
            "Stage",
            api_id=self.api.ref,
            stage_name=STAGE_NAME,
            auto_deploy=True,
            access_log_settings=apigateway.CfnStage.AccessLogSettingsProperty(
                destination_arn=log.log_group_arn, format=ACCESS_LOG
            ),
            default_route_settings=apigateway.CfnStage.RouteSettingsProperty(
                throttling_rate_limit=self._stage.requests_per_second,
                throttling_burst_limit=2 * self._stage.requests_per_second,
                data_trace_enabled=False,
            ),
        )
        gateway = iam.ServicePrincipal("apigateway.amazonaws.com")
        for route, name in zip(routes, ("Sockets", "SocketsLeft"), strict=True):
            live.add_dependency(route)
            hear.entry.add_permission(name, principal=gateway, source_arn=self._arn(f"*/{route.route_key}"))

    def _route(
        self, id_: str, key: str, integration: apigateway.CfnIntegration, why_without_authorizer: str
    ) -> apigateway.CfnRoute:
        route = apigateway.CfnRoute(
            self,
            id_,
            api_id=self.api.ref,
            route_key=key,
            target=f"integrations/{integration.ref}",
            authorization_type="NONE",
        )
        acknowledge(route, {"AwsSolutions-APIG4": why_without_authorizer})
        return route

    def _arn(self, resource: str) -> str:
        return Stack.of(self).format_arn(
            service="execute-api",
            resource=self.api.ref,
            resource_name=resource,
            arn_format=ArnFormat.SLASH_RESOURCE_NAME,
        )
