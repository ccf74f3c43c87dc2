"""The catalog's database on AWS: Aurora Serverless v2 for PostgreSQL, reachable only from inside its network."""

from aws_cdk import Duration
from aws_cdk import aws_ec2 as ec2
from aws_cdk import aws_logs as logs
from aws_cdk import aws_rds as rds
from constructs import Construct

from infra.acknowledge import acknowledge
from infra.stages import Stage

PORT = 5432


class Catalog(Construct):
    """A network with public, private and isolated subnets, and the database in the isolated ones.

    Functions that use the catalog run in the private subnets with the security group ``clients``; they reach S3 and
    DynamoDB through gateway endpoints and everything else through NAT. Workers use the same network.
    """

    def __init__(self, scope: Construct, id_: str, *, stage: Stage) -> None:
        super().__init__(scope, id_)
        self.vpc = self._network(stage)
        self.clients = ec2.SecurityGroup(self, "Clients", vpc=self.vpc, description="Functions that use the catalog")
        self.cluster = self._cluster(stage)
        self.cluster.connections.allow_from(self.clients, ec2.Port.tcp(PORT), "the catalog's functions")
        secret = self.cluster.secret
        assert secret is not None  # noqa: S101
        self.secret = secret

    def _network(self, stage: Stage) -> ec2.Vpc:
        vpc = ec2.Vpc(
            self,
            "Network",
            max_azs=2,
            nat_gateways=stage.nat_gateways,
            restrict_default_security_group=False,
            subnet_configuration=[
                ec2.SubnetConfiguration(
                    name="public", subnet_type=ec2.SubnetType.PUBLIC, map_public_ip_on_launch=False
                ),
                ec2.SubnetConfiguration(name="private", subnet_type=ec2.SubnetType.PRIVATE_WITH_EGRESS),
                ec2.SubnetConfiguration(name="isolated", subnet_type=ec2.SubnetType.PRIVATE_ISOLATED),
            ],
            gateway_endpoints={
                "S3": ec2.GatewayVpcEndpointOptions(service=ec2.GatewayVpcEndpointAwsService.S3),
                "DynamoDb": ec2.GatewayVpcEndpointOptions(service=ec2.GatewayVpcEndpointAwsService.DYNAMODB),
            },
        )
        flow = logs.LogGroup(self, "FlowLog", retention=stage.log_retention, removal_policy=stage.removal_policy)
        vpc.add_flow_log("Flow", destination=ec2.FlowLogDestination.to_cloud_watch_logs(flow))
        return vpc

    def _cluster(self, stage: Stage) -> rds.DatabaseCluster:
        least, most = stage.database_capacity
        name = stage.named("catalog")
        log = logs.LogGroup(
            self,
            "Log",
            log_group_name=f"/aws/rds/cluster/{name}/postgresql",
            retention=stage.log_retention,
            removal_policy=stage.removal_policy,
        )
        password = rds.DatabaseSecret(self, "Password", username="soundstage", dbname="soundstage")
        password.apply_removal_policy(stage.removal_policy)
        engine = rds.DatabaseClusterEngine.aurora_postgres(version=rds.AuroraPostgresEngineVersion.VER_17_9)
        cluster = rds.DatabaseCluster(
            self,
            "Database",
            cluster_identifier=name,
            engine=engine,
            vpc=self.vpc,
            vpc_subnets=ec2.SubnetSelection(subnet_type=ec2.SubnetType.PRIVATE_ISOLATED),
            credentials=rds.Credentials.from_secret(password),
            default_database_name="soundstage",
            writer=rds.ClusterInstance.serverless_v2("Writer"),
            readers=[
                rds.ClusterInstance.serverless_v2(f"Reader{number}", scale_with_writer=True)
                for number in range(1, stage.database_readers + 1)
            ],
            serverless_v2_min_capacity=least,
            serverless_v2_max_capacity=most,
            storage_encrypted=True,
            parameters={"rds.force_ssl": "1"},
            backup=rds.BackupProps(retention=Duration.days(14 if stage.keep else 1)),
            cloudwatch_logs_exports=["postgresql"],
            deletion_protection=stage.keep,
            removal_policy=stage.removal_policy,
        )
        # Made first: a group that Aurora makes itself keeps its logs forever.
        cluster.node.add_dependency(log)
        if stage.keep:
            cluster.add_rotation_single_user(automatically_after=Duration.days(30))
        reasons = {
            "AwsSolutions-RDS6": "Functions log in with the secret's password: one way in, the same as on a laptop.",
            "AwsSolutions-RDS11": "The port is no secret; only one security group of this network reaches it.",
        }
        if not stage.keep:
            reasons["AwsSolutions-RDS10"] = "Stage dev is thrown away as a whole."
            acknowledge(password, {"AwsSolutions-SMG4": "Stage dev is thrown away as a whole; prod rotates monthly."})
        acknowledge(cluster, reasons)
        return cluster
