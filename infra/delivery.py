"""Results reach listeners through CloudFront, near them and cached; the bucket itself answers nobody unsigned."""

from aws_cdk import CfnParameter, Duration
from aws_cdk import aws_cloudfront as cloudfront
from aws_cdk import aws_cloudfront_origins as origins
from aws_cdk import aws_s3 as s3
from constructs import Construct

from infra.acknowledge import acknowledge
from infra.stages import Stage


class Delivery(Construct):
    """A distribution over the bucket with origin access control; it opens only URLs signed with our key.

    The public half of that key is the parameter ``DeliveryPublicKey`` (PEM); the API holds the private half. Only
    ``results/`` is served, whatever is signed.
    """

    def __init__(self, scope: Construct, id_: str, *, stage: Stage, bucket: s3.Bucket) -> None:
        super().__init__(scope, id_)
        pem = CfnParameter(
            self, "PublicKey", description="PEM of the key that signs URLs of results (RSA 2048 or ECDSA P-256)"
        )
        pem.override_logical_id("DeliveryPublicKey")
        key = cloudfront.PublicKey(self, "Key", encoded_key=pem.value_as_string)
        signers = cloudfront.KeyGroup(self, "Signers", items=[key])
        self.distribution = cloudfront.Distribution(
            self,
            "Distribution",
            comment=f"Soundstage {stage.name}: results",
            http_version=cloudfront.HttpVersion.HTTP2_AND_3,
            default_behavior=cloudfront.BehaviorOptions(
                origin=origins.S3BucketOrigin.with_origin_access_control(
                    bucket, origin_access_levels=[cloudfront.AccessLevel.READ]
                ),
                viewer_protocol_policy=cloudfront.ViewerProtocolPolicy.HTTPS_ONLY,
                allowed_methods=cloudfront.AllowedMethods.ALLOW_GET_HEAD_OPTIONS,
                cache_policy=cloudfront.CachePolicy(
                    self,
                    "Immutable",
                    default_ttl=Duration.days(1),
                    max_ttl=Duration.days(365),
                    min_ttl=Duration.hours(1),
                ),
                response_headers_policy=cloudfront.ResponseHeadersPolicy.CORS_ALLOW_ALL_ORIGINS_AND_SECURITY_HEADERS,
                trusted_key_groups=[signers],
                function_associations=[
                    cloudfront.FunctionAssociation(
                        event_type=cloudfront.FunctionEventType.VIEWER_REQUEST, function=self._only_results()
                    )
                ],
            ),
        )
        self.domain = self.distribution.distribution_domain_name
        acknowledge(
            self.distribution,
            {
                "AwsSolutions-CFR1": "Music is for everyone: no country is shut out.",
                "AwsSolutions-CFR2": "Static files behind signed URLs; there is no application here to attack.",
                "AwsSolutions-CFR3": "Who downloads what is recorded by the API, which signs each URL.",
                "AwsSolutions-CFR4": "CloudFront's own domain fixes its oldest protocol.",
            },
        )

    def _only_results(self) -> cloudfront.Function:
        return cloudfront.Function(
            self,
            "OnlyResults",
            runtime=cloudfront.FunctionRuntime.JS_2_0,
            comment="Nothing outside results/ is served",
            code=cloudfront.FunctionCode.from_inline(
                "function handler(event) {"
                " return event.request.uri.startsWith('/results/') ? event.request : {statusCode: 404}; }"
            ),
        )
