"""Names that people and ``infra/local`` read from a deployed stack."""

from aws_cdk import CfnOutput
from constructs import Construct


def output(scope: Construct, name: str, value: str) -> None:
    """An output whose name is the same in every stage."""
    CfnOutput(scope, f"{name}Output", value=value).override_logical_id(name)
