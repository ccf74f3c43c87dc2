"""The console on AWS: its files in a bucket of their own, behind CloudFront, with the API on the same origin.

A stack of its own, which stage ``local`` leaves out: there the gateway serves both (``infra/local/console.py``).
"""

from aws_cdk import CfnParameter, Duration, Fn, Stack
from aws_cdk import aws_certificatemanager as certificates
from aws_cdk import aws_cloudfront as cloudfront
from aws_cdk import aws_cloudfront_origins as origins
from aws_cdk import aws_route53 as route53
from aws_cdk import aws_route53_targets as route53_targets
from aws_cdk import aws_s3 as s3
from constructs import Construct

from infra.acknowledge import acknowledge
from infra.console_policy import OF_THE_API, PERMISSIONS_POLICY, content_security_policy
from infra.edge import hosted_zone
from infra.on_aws import OnAws
from infra.outputs import output
from infra.stages import Stage
from infra.stateful import StatefulStack
from infra.stateless import StatelessStack
from soundstage.models import edge_headers

HSTS_AGE = Duration.days(730)  # https://hstspreload.org asks for at least one year

# Every screen is the same page, which reads the path itself; files have a dot in their last part.
TO_THE_PAGE = """function handler(event) {
  var request = event.request;
  if (!/\\.[^/]+$/.test(request.uri)) request.uri = '/index.html';
  return request;
}"""

# The API's event has CloudFront's address and the API's own host.
WHO_ASKS = f"""function handler(event) {{
  var request = event.request;
  request.headers['{edge_headers.CLIENT}'] = {{ value: event.viewer.ip }};
  request.headers['{edge_headers.HOST}'] = {{ value: request.headers.host.value }};
  return request;
}}"""


class ConsoleStack(Stack):
    def __init__(
        self,
        scope: Construct,
        id_: str,
        *,
        stage: Stage,
        state: StatefulStack,
        app: StatelessStack,
        options: OnAws,
    ) -> None:
        super().__init__(scope, id_, description=f"Soundstage {stage.name}: the console")
        domain = options.domain
        site = self._bucket(stage)
        assert state.edge_key is not None  # noqa: S101
        api = origins.HttpOrigin(
            Fn.select(2, Fn.split("/", app.http.url)),  # https://HOST
            # CloudFormation puts the text in its place, so that it stands in no template.
            custom_headers={edge_headers.KEY: state.edge_key.secret_value_from_json("current").unsafe_unwrap()},
        )
        who_asks = self._on_request("WhoAsks", "Who asked, and for which host", WHO_ASKS)
        self.distribution = cloudfront.Distribution(
            self,
            "Distribution",
            web_acl_id=self._of_edge("WebAclArn", "The firewall").value_as_string,
            domain_names=[domain.name] if domain else None,
            certificate=self._certificate() if domain else None,
            # CloudFormation reads the secret again only where something else of this has changed.
            comment=f"Soundstage {stage.name}: the console and its API, key {self._key_turn()}",
            http_version=cloudfront.HttpVersion.HTTP2_AND_3,
            default_behavior=cloudfront.BehaviorOptions(
                origin=origins.S3BucketOrigin.with_origin_access_control(site),
                viewer_protocol_policy=cloudfront.ViewerProtocolPolicy.REDIRECT_TO_HTTPS,
                cache_policy=cloudfront.CachePolicy.CACHING_OPTIMIZED,
                response_headers_policy=self._headers(stage, state.bucket, options.console_sentry_dsn),
                function_associations=[self._on_request("ToThePage", "Every screen is the same page", TO_THE_PAGE)],
            ),
            additional_behaviors={
                f"{path}*": cloudfront.BehaviorOptions(
                    origin=api,
                    viewer_protocol_policy=cloudfront.ViewerProtocolPolicy.REDIRECT_TO_HTTPS,
                    allowed_methods=cloudfront.AllowedMethods.ALLOW_ALL,
                    cache_policy=cloudfront.CachePolicy.CACHING_DISABLED,
                    origin_request_policy=cloudfront.OriginRequestPolicy.ALL_VIEWER_EXCEPT_HOST_HEADER,
                    function_associations=[who_asks],
                )
                for path in OF_THE_API
            },
        )
        acknowledge(
            self.distribution,
            {
                "AwsSolutions-CFR1": "The console is for everyone: no country is shut out.",
                "AwsSolutions-CFR3": "The API writes down who calls it, without the tokens of shares in paths.",
                "AwsSolutions-CFR4": "CloudFront's own domain fixes its oldest protocol.",
            },
        )
        output(self, "ConsoleBucket", site.bucket_name)
        output(self, "ConsoleDistribution", self.distribution.distribution_id)
        if domain:
            zone = hosted_zone(self, domain)
            target = route53.RecordTarget.from_alias(route53_targets.CloudFrontTarget(self.distribution))
            for record in (route53.ARecord, route53.AaaaRecord):
                record(self, record.__name__, zone=zone, record_name=domain.name, target=target)
        self.url = f"https://{domain.name if domain else self.distribution.distribution_domain_name}"
        output(self, "ConsoleUrl", self.url)

    def _of_edge(self, name: str, what: str) -> CfnParameter:
        parameter = CfnParameter(self, name, description=f"{what}: the output {name} of the edge's stack")
        parameter.override_logical_id(name)
        return parameter

    def _certificate(self) -> certificates.ICertificate:
        arn = self._of_edge("CertificateArn", "The domain's certificate").value_as_string
        return certificates.Certificate.from_certificate_arn(self, "Certificate", arn)

    def _bucket(self, stage: Stage) -> s3.Bucket:
        bucket = s3.Bucket(
            self,
            "Files",
            encryption=s3.BucketEncryption.S3_MANAGED,
            enforce_ssl=True,
            block_public_access=s3.BlockPublicAccess.BLOCK_ALL,
            removal_policy=stage.removal_policy,
        )
        acknowledge(bucket, {"AwsSolutions-S1": "Only CloudFront reads it, and only files that everybody may see."})
        return bucket

    def _headers(self, stage: Stage, uploads: s3.IBucket, sentry_dsn: str | None) -> cloudfront.ResponseHeadersPolicy:
        origin = f"https://{uploads.bucket_regional_domain_name}"
        policy = content_security_policy(origin, sentry_dsn=sentry_dsn)
        return cloudfront.ResponseHeadersPolicy(
            self,
            "Headers",
            comment=f"Soundstage {stage.name}: the console",
            security_headers_behavior=cloudfront.ResponseSecurityHeadersBehavior(
                content_security_policy=cloudfront.ResponseHeadersContentSecurityPolicy(
                    content_security_policy=policy, override=True
                ),
                content_type_options=cloudfront.ResponseHeadersContentTypeOptions(override=True),
                referrer_policy=cloudfront.ResponseHeadersReferrerPolicy(
                    referrer_policy=cloudfront.HeadersReferrerPolicy.NO_REFERRER, override=True
                ),
                strict_transport_security=cloudfront.ResponseHeadersStrictTransportSecurity(
                    access_control_max_age=HSTS_AGE, include_subdomains=True, override=True
                ),
            ),
            custom_headers_behavior=cloudfront.ResponseCustomHeadersBehavior(
                custom_headers=[
                    cloudfront.ResponseCustomHeader(
                        header="Permissions-Policy", value=PERMISSIONS_POLICY, override=True
                    )
                ]
            ),
        )

    def _on_request(self, id_: str, comment: str, code: str) -> cloudfront.FunctionAssociation:
        function = cloudfront.Function(
            self,
            id_,
            runtime=cloudfront.FunctionRuntime.JS_2_0,
            comment=comment,
            code=cloudfront.FunctionCode.from_inline(code),
        )
        return cloudfront.FunctionAssociation(event_type=cloudfront.FunctionEventType.VIEWER_REQUEST, function=function)

    def _key_turn(self) -> str:
        turn = CfnParameter(self, "EdgeKeyTurn", default="1", description="Raise it when the edge's key was rolled")
        turn.override_logical_id("EdgeKeyTurn")
        return turn.value_as_string
