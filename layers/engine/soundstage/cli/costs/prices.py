"""Public on-demand prices in US dollars, without free tiers and discounts, and what peers ask for a piece.

Each was looked up in November 2026 where ``SOURCES`` says: hardly any can be read on AWS's own pages, whose tables
scripts fill in. A price changes without notice.
"""

from collections.abc import Mapping
from dataclasses import dataclass

REGION = "us-east-1"
AS_OF = "2026-11"


@dataclass(frozen=True)
class Prices:
    """Of AWS in ``REGION``. A month has 730 hours."""

    lambda_gb_s: float = 0.0000166667
    lambda_arm_gb_s: float = 0.0000133334
    lambda_requests: float = 0.20 / 1e6
    fargate_vcpu_h: float = 0.04048
    fargate_gb_h: float = 0.004445
    states_transitions: float = 0.025 / 1e3
    s3_gb_month: float = 0.023
    s3_puts: float = 0.005 / 1e3
    s3_gets: float = 0.0004 / 1e3
    egress_gb: float = 0.09
    """To the internet, first 10 TB; the first 100 GB of an account's month are free and not counted here."""
    dynamodb_writes: float = 0.625 / 1e6
    dynamodb_reads: float = 0.125 / 1e6
    sqs_requests: float = 0.40 / 1e6
    eventbridge_events: float = 1.00 / 1e6
    http_api_requests: float = 1.00 / 1e6
    cloudfront_requests: float = 0.0100 / 1e4
    firewall_requests: float = 0.60 / 1e6
    logs_gb: float = 0.50
    aurora_acu_h: float = 0.12
    nat_gateway_h: float = 0.045
    nat_instance_h: float = 0.0042
    """t4g.nano."""
    public_ipv4_h: float = 0.005
    kms_key_month: float = 1.00
    secret_month: float = 0.40
    alarm_month: float = 0.10
    firewall_month: float = 5.00 + 4 * 1.00
    """One web ACL with four rules."""


@dataclass(frozen=True)
class Source:
    """``written``: when, as far as the page says."""

    page: str
    written: str = "undated"


_API_GATEWAY = Source("awsforengineers.com/blog/aws-api-gateway-pricing-explained", "2025-05-19")
_CLOUDFRONT = Source("wring.co/blog/aws-cloudfront-pricing-guide", "2026-03-08")
_DYNAMODB = Source("airbyte.com/data-engineering-resources/dynamodb-pricing", "2025-07-21")
_LAMBDA = Source("cloudchipr.com/blog/aws-lambda-pricing", "2024")
_NAT = Source("cloudburn.io/blog/aws-nat-gateway-pricing", "2026-02-24")
_S3_REQUESTS = Source("c3x.dev/blog/s3-request-fees-explained")
_WAF = Source("awsnegotiations.com/waf-pricing-strategy.html", "2026")

SOURCES: Mapping[str, Source] = {
    "lambda_gb_s": _LAMBDA,
    "lambda_arm_gb_s": _LAMBDA,
    "lambda_requests": Source("github.com/api-evangelist/aws-lambda plans/aws-lambda-plans-pricing.yml", "2026-05-05"),
    "fargate_vcpu_h": Source("aws.amazon.com/ecs/pricing, an example: 0.000011244 a second", "2026-09-20"),
    "fargate_gb_h": Source("wring.co/blog/aws-fargate-pricing-guide", "2026-03-10"),
    "states_transitions": Source("aws.amazon.com/step-functions/pricing"),
    "s3_gb_month": Source("cloudburn.io/blog/amazon-s3-pricing", "2026-03-13"),
    "s3_puts": _S3_REQUESTS,
    "s3_gets": _S3_REQUESTS,
    "egress_gb": _CLOUDFRONT,
    "dynamodb_writes": _DYNAMODB,
    "dynamodb_reads": _DYNAMODB,
    "sqs_requests": Source("cloudburn.io/blog/amazon-sqs-pricing", "2026-03-14"),
    "eventbridge_events": Source("cloudburn.io/blog/amazon-eventbridge-pricing", "2026-03-13"),
    "http_api_requests": _API_GATEWAY,
    "cloudfront_requests": _CLOUDFRONT,
    "firewall_requests": _WAF,
    "logs_gb": Source("factualminds.com/blog/amazon-cloudwatch-pricing-metrics-logs-alarms-dashboards", "2026-06-13"),
    "aurora_acu_h": Source("awsnegotiations.com/aurora-serverless-v2-pricing.html", "2026-05"),
    "nat_gateway_h": _NAT,
    "nat_instance_h": Source("github.com/AndrewGuenther/cdk-fck-nat README.md"),
    "public_ipv4_h": _NAT,
    "kms_key_month": Source("cloudburn.io/blog/aws-kms-pricing", "2026-03-14"),
    "secret_month": Source("hivebook.wiki/wiki/aws-secrets-manager-rotated-secrets-dynamic-db-credentials-kms"),
    "alarm_month": Source("c3x.dev/resources/aws/aws_cloudwatch_metric_alarm"),
    "firewall_month": _WAF,
}


@dataclass(frozen=True)
class Peer:
    name: str
    usd: float
    per: str
    source: str


PEERS = {
    "track": (
        Peer("ElevenLabs Music, two songs of a minute", 2 * 0.75, "track", "docs.venice.ai/models/music"),
        Peer("Suno through a reseller, two songs", 2 * 0.111, "track", "evolink.ai/suno"),
    ),
    "match": (Peer("SoundCloud mastering (Dolby)", 4.99, "master", "help.soundcloud.com 360051015774"),),
    "film": (
        Peer("Runway Gen-4 Turbo, pictures alone", 0.05 * 113, "113 s", "aibizhub.io, cheapest AI video API 2026"),
        Peer("Kling 2.5 Turbo Pro, pictures alone", 0.07 * 113, "113 s", "the same"),
    ),
}
"""What a person pays a peer for about the same piece, read in November 2026. Generative clips are another product than
painted shots: they are there for the order of magnitude."""
