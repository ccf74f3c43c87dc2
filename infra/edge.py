"""What stands before the console and the API on CloudFront: a firewall, and the certificate of a domain of one's own.

A stack of its own, because AWS takes both for CloudFront from one region only.
"""

from typing import Any

from aws_cdk import ArnFormat, Environment, Stack
from aws_cdk import aws_certificatemanager as certificates
from aws_cdk import aws_logs as logs
from aws_cdk import aws_route53 as route53
from aws_cdk import aws_wafv2 as waf
from constructs import Construct

from infra.on_aws import Domain
from infra.outputs import output
from infra.stages import Stage

REGION = "us-east-1"
REQUESTS_PER_ADDRESS = 3000
"""Of one address in five minutes; the API's own limits are by account and far lower."""
# Bodies of ours are long (stories), hold addresses (webhooks, providers) and text that looks like markup; callbacks
# of providers come without a user agent.
COUNTED_ONLY = (
    "SizeRestrictions_BODY",
    "CrossSiteScripting_BODY",
    "GenericRFI_BODY",
    "GenericLFI_BODY",
    "NoUserAgent_HEADER",
)


def hosted_zone(scope: Construct, domain: Domain) -> route53.IHostedZone:
    return route53.HostedZone.from_hosted_zone_attributes(
        scope, "Zone", hosted_zone_id=domain.zone_id, zone_name=domain.zone
    )


class EdgeStack(Stack):
    def __init__(self, scope: Construct, id_: str, *, stage: Stage, domain: Domain | None) -> None:
        super().__init__(scope, id_, description=f"Soundstage {stage.name}: edge", env=Environment(region=REGION))
        acl = self._firewall(stage)
        log = logs.LogGroup(
            self,
            "FirewallLog",
            log_group_name=f"aws-waf-logs-{stage.named('edge')}",  # AWS takes no other prefix
            retention=stage.log_retention,
            removal_policy=stage.removal_policy,
        )
        waf.CfnLoggingConfiguration(
            self,
            "FirewallLogging",
            resource_arn=acl.attr_arn,
            # A log group's own ARN ends in ":*", which the firewall does not take.
            log_destination_configs=[
                self.format_arn(
                    service="logs",
                    resource="log-group",
                    resource_name=log.log_group_name,
                    arn_format=ArnFormat.COLON_RESOURCE_NAME,
                )
            ],
            # Tokens of shares stand in paths and, for an hour, in addresses of files; those of people in headers.
            redacted_fields=[
                waf.CfnLoggingConfiguration.FieldToMatchProperty(uri_path={}),
                waf.CfnLoggingConfiguration.FieldToMatchProperty(query_string={}),
                *(
                    waf.CfnLoggingConfiguration.FieldToMatchProperty(single_header={"Name": name})
                    for name in ("authorization", "x-api-key", "cookie", "referer")
                ),
            ],
        )
        output(self, "WebAclArn", acl.attr_arn)
        if domain:
            certificate = certificates.Certificate(
                self,
                "Certificate",
                domain_name=domain.name,
                validation=certificates.CertificateValidation.from_dns(hosted_zone(self, domain)),
            )
            output(self, "CertificateArn", certificate.certificate_arn)

    def _firewall(self, stage: Stage) -> waf.CfnWebACL:
        def seen(name: str) -> waf.CfnWebACL.VisibilityConfigProperty:
            return waf.CfnWebACL.VisibilityConfigProperty(
                cloud_watch_metrics_enabled=True, metric_name=name, sampled_requests_enabled=False
            )

        def of_amazon(priority: int, name: str, counted: tuple[str, ...] = ()) -> waf.CfnWebACL.RuleProperty:
            overrides: list[Any] = [
                waf.CfnWebACL.RuleActionOverrideProperty(
                    name=rule, action_to_use=waf.CfnWebACL.RuleActionProperty(count={})
                )
                for rule in counted
            ]
            return waf.CfnWebACL.RuleProperty(
                name=name,
                priority=priority,
                override_action=waf.CfnWebACL.OverrideActionProperty(none={}),
                statement=waf.CfnWebACL.StatementProperty(
                    managed_rule_group_statement=waf.CfnWebACL.ManagedRuleGroupStatementProperty(
                        vendor_name="AWS", name=name, rule_action_overrides=overrides or None
                    )
                ),
                visibility_config=seen(name),
            )

        too_many = waf.CfnWebACL.RuleProperty(
            name="TooManyRequests",
            priority=0,
            action=waf.CfnWebACL.RuleActionProperty(block={}),
            statement=waf.CfnWebACL.StatementProperty(
                rate_based_statement=waf.CfnWebACL.RateBasedStatementProperty(
                    aggregate_key_type="IP", limit=REQUESTS_PER_ADDRESS
                )
            ),
            visibility_config=seen("TooManyRequests"),
        )
        return waf.CfnWebACL(
            self,
            "Firewall",
            name=stage.named("edge"),
            scope="CLOUDFRONT",
            default_action=waf.CfnWebACL.DefaultActionProperty(allow={}),
            rules=[
                too_many,
                of_amazon(1, "AWSManagedRulesAmazonIpReputationList"),
                of_amazon(2, "AWSManagedRulesKnownBadInputsRuleSet"),
                of_amazon(3, "AWSManagedRulesCommonRuleSet", COUNTED_ONLY),
            ],
            visibility_config=seen(stage.named("edge")),
        )
