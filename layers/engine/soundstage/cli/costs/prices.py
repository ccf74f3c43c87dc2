"""Public on-demand prices in US dollars, without free tiers and discounts, and what peers ask for a piece.

Read from https://aws.amazon.com/{service}/pricing/ and from those who quote it; a price changes without notice.
"""

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
    gpu_instance_h: float = 0.8048
    """g6.xlarge: one L4, 4 vCPU, 16 GiB."""
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
    logs_gb: float = 0.50
    aurora_acu_h: float = 0.12
    aurora_gb_month: float = 0.10
    nat_gateway_h: float = 0.045
    nat_instance_h: float = 0.0042
    """t4g.nano."""
    public_ipv4_h: float = 0.005
    kms_key_month: float = 1.00
    secret_month: float = 0.40
    alarm_month: float = 0.10
    metric_month: float = 0.30
    firewall_month: float = 5.00 + 4 * 1.00
    """One web ACL with four rules."""


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
