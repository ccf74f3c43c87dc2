"""The catalog's database on AWS: Aurora Serverless v2 for PostgreSQL, reachable only from inside its network."""

from aws_cdk import Duration
from aws_cdk import aws_ec2 as ec2
from aws_cdk import aws_logs as logs
from aws_cdk import aws_rds as rds
from constructs import Construct

from infra.acknowledge import acknowledge
from infra.stages import Stage

PORT = 5432
NETWORK = "10.0.0.0/16"
IDLE_SESSION_S = 120
CONNECTIONS_PER_GIB = 112
"""Aurora's default: LEAST(memory / 9,531,392 bytes, 5000); a capacity unit has about 2 GiB."""
MOST_CONNECTIONS = 2000
"""Of a cluster whose least capacity is 0 or 0.5, however large it grows (Aurora's documentation)."""


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
        self.most_connections = min(MOST_CONNECTIONS, CONNECTIONS_PER_GIB * 2 * stage.database_capacity[1])

    def _network(self, stage: Stage) -> ec2.Vpc:
        instance = _nat_instance() if stage.nat == "instance" else None
        vpc = ec2.Vpc(
            self,
            "Network",
            ip_addresses=ec2.IpAddresses.cidr(NETWORK),
            max_azs=2,
            nat_gateways=2 if stage.nat == "gateways" else 1,
            nat_gateway_provider=instance,
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
        if instance:
            inside = ec2.Peer.ipv4(NETWORK)
            instance.connections.allow_from(inside, ec2.Port.all_traffic(), "what has no address of its own")
            for gateway in instance.gateway_instances:
                acknowledge(gateway, _NAT_REASONS)
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
            # Frozen functions keep connections, and the database pauses only when there is none.
            parameters={"rds.force_ssl": "1", "idle_session_timeout": str(1000 * IDLE_SESSION_S)},
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


_NAT_REASONS = {
    "AwsSolutions-EC26": "It holds nothing: what goes through it is encrypted by those who talk.",
    "AwsSolutions-EC28": "Stage dev; the alarms of functions say when nothing gets out.",
    "AwsSolutions-EC29": "Stage dev is thrown away as a whole.",
}


def _nat_instance() -> ec2.NatInstanceProviderV2:
    """A tenth of what a gateway costs, and no second one when it fails: for stage dev."""
    return ec2.NatProvider.instance_v2(
        instance_type=ec2.InstanceType("t4g.nano"),
        machine_image=ec2.MachineImage.latest_amazon_linux2023(cpu_type=ec2.AmazonLinuxCpuType.ARM_64),
        default_allowed_traffic=ec2.NatTrafficDirection.OUTBOUND_ONLY,
    )
