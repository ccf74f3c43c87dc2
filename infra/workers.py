"""The workers on AWS: Batch runs them, ``workers/wake`` starts as many as the queues need, and they leave when idle.

A stack of its own, which stage ``local`` leaves out: there the worker is a process.
"""

from typing import Any

from aws_cdk import Duration, Size, Stack
from aws_cdk import aws_batch as batch
from aws_cdk import aws_ec2 as ec2
from aws_cdk import aws_ecs as ecs
from aws_cdk import aws_events as events
from aws_cdk import aws_events_targets as targets
from aws_cdk import aws_iam as iam
from aws_cdk import aws_logs as logs
from aws_cdk import aws_ssm as ssm
from constructs import Construct

from infra.acknowledge import acknowledge, acknowledge_wildcard
from infra.code import Packaged, worker_image
from infra.on_aws import OnAws
from infra.outputs import output
from infra.permissions import Permissions
from infra.rollout import Rollout
from infra.sound_function import SoundFunction, Surroundings
from infra.stages import Stage
from infra.stateful import StatefulStack
from infra.stateless import StatelessStack
from infra.undelivered import Undelivered
from infra.worker_pool import LOCK_S, MAX_DELIVERIES, WorkerPool
from soundstage.platform.aws import film_parts
from soundstage.platform.aws.pools import LIVES_S
from soundstage.platform.runtime.weights import MODELS
from soundstage.products.base import LambdaStep
from soundstage.providers.submission_record import BOUGHT

SLOTS = {"cpu": 4, "gpu": 1}
"""Tasks that a worker has at once: a task of ours computes with one thread, and a GPU has memory for one."""
GPU_DISK_GIB = 100
IDLE_EXIT_S = 120
"""A worker without a task for so long leaves; starting one takes Fargate about a minute."""


class WorkersStack(Stack):
    def __init__(
        self,
        scope: Construct,
        id_: str,
        *,
        stage: Stage,
        state: StatefulStack,
        app: StatelessStack,
        options: OnAws,
        public_url: str,
    ) -> None:
        """``public_url``: where providers call us back, with the firewall before it."""
        super().__init__(scope, id_, description=f"Soundstage {stage.name}: workers")
        self.add_stack_dependency(app)
        self.stage = stage
        self.state = state
        self.app = app
        assert state.catalog is not None  # noqa: S101
        self._vpc = state.catalog.vpc
        self._code = Packaged(self, options.architecture)
        self._rollout = Rollout(self, stage)
        self._undelivered = Undelivered(self, "Undelivered", stage=stage, name="undelivered-workers")
        for alarm in self._undelivered.alarms(self):
            alarm.add_alarm_action(app.alarm_topic.ring)
        self._public_url = public_url
        self._warm_workers = options.warm_workers
        for pool in app.pools.values():
            self._pool(pool)

    def _pool(self, pool: WorkerPool) -> None:
        environment = self._fargate() if pool.name == "cpu" else self._gpu_instances()
        queue = batch.JobQueue(
            self,
            f"{pool.name.title()}Queue",
            compute_environments=[batch.OrderedComputeEnvironment(compute_environment=environment, order=1)],
        )
        role, environment_of_all = self._job_role(pool), self._worker_environment(pool)
        only_there = {"AWS_DEFAULT_REGION": self.region, "SOUNDSTAGE_IDLE_EXIT_S": str(IDLE_EXIT_S)}
        definition = self._definition(pool, role, environment_of_all | only_there)
        self._wake(pool, queue, definition)
        # For machines outside AWS (docs/worker.md).
        output(self, f"{pool.name.title()}WorkerRole", role.role_arn)
        parameter = ssm.StringParameter(
            self,
            f"{pool.name.title()}Settings",
            parameter_name=f"/soundstage/{self.stage.name}/worker/{pool.name}",
            description=f"A worker's settings, for machines outside AWS that join the pool {pool.name}",
            string_value=self.to_json_string(environment_of_all),
            tier=ssm.ParameterTier.INTELLIGENT_TIERING,  # providers' settings may be longer than 4 KB
        )
        Permissions(role).do("ssm:GetParameter", on=[parameter.parameter_arn])

    def _fargate(self) -> batch.FargateComputeEnvironment:
        return batch.FargateComputeEnvironment(
            self,
            "Fargate",
            vpc=self._vpc,
            vpc_subnets=ec2.SubnetSelection(subnet_type=ec2.SubnetType.PRIVATE_WITH_EGRESS),
            maxv_cpus=4 * self.stage.max_workers["cpu"],
        )

    def _gpu_instances(self) -> batch.ManagedEc2EcsComputeEnvironment:
        environment = batch.ManagedEc2EcsComputeEnvironment(
            self,
            "GpuInstances",
            vpc=self._vpc,
            vpc_subnets=ec2.SubnetSelection(subnet_type=ec2.SubnetType.PRIVATE_WITH_EGRESS),
            instance_types=[ec2.InstanceType("g6.xlarge"), ec2.InstanceType("g5.xlarge")],
            use_optimal_instance_classes=False,
            images=[batch.EcsMachineImage(image_type=batch.EcsMachineImageType.ECS_AL2023_NVIDIA)],
            launch_template=self._gpu_machine(),
            minv_cpus=0,
            maxv_cpus=4 * self.stage.max_workers["gpu"],
        )
        acknowledge(
            environment,
            {
                "AwsSolutions-IAM4[Policy::arn:<AWS::Partition>:iam::aws:policy/service-role/"
                "AmazonEC2ContainerServiceforEC2Role]": "What registers an instance with ECS; AWS keeps it current."
            },
        )
        return environment

    def _gpu_machine(self) -> ec2.LaunchTemplate:
        """Room for the image and several models (Batch's own are 30 GB), and people's files in it encrypted."""
        disk = ec2.BlockDeviceVolume.ebs(GPU_DISK_GIB, encrypted=True, volume_type=ec2.EbsDeviceVolumeType.GP3)
        return ec2.LaunchTemplate(
            self,
            "GpuMachine",
            block_devices=[ec2.BlockDevice(device_name="/dev/xvda", volume=disk)],  # the root of ECS's images
            http_tokens=ec2.LaunchTemplateHttpTokens.REQUIRED,
        )

    def _definition(self, pool: WorkerPool, role: iam.Role, environment: dict[str, str]) -> batch.EcsJobDefinition:
        name = pool.name.title()
        image = ecs.ContainerImage.from_asset(**worker_image("cpu" if pool.name == "cpu" else "gpu"))
        common: dict[str, Any] = {
            "image": image,
            "environment": environment,
            "job_role": role,
            "logging": ecs.LogDriver.aws_logs(
                stream_prefix=f"worker-{pool.name}",
                log_group=logs.LogGroup(
                    self,
                    f"{name}Log",
                    retention=self.stage.log_retention,
                    removal_policy=self.stage.removal_policy,
                ),
            ),
        }
        container: batch.EcsFargateContainerDefinition | batch.EcsEc2ContainerDefinition
        if pool.name == "cpu":
            container = batch.EcsFargateContainerDefinition(
                self, f"{name}Container", cpu=4, memory=Size.gibibytes(8), **common
            )
        else:
            container = batch.EcsEc2ContainerDefinition(
                self, f"{name}Container", cpu=4, memory=Size.gibibytes(14), gpu=1, **common
            )
        acknowledge_wildcard(container, "*", "ECR hands out tokens for the account, not for a repository.")
        return batch.EcsJobDefinition(
            self, f"{name}Worker", container=container, retry_attempts=1, timeout=Duration.seconds(LIVES_S)
        )

    def _worker_environment(self, pool: WorkerPool) -> dict[str, str]:
        return {
            "SOUNDSTAGE_STAGE": self.stage.name,
            "SOUNDSTAGE_SERVICE": f"worker-{pool.name}",
            "SOUNDSTAGE_POOL": pool.name,
            "SOUNDSTAGE_QUEUE_URL": pool.queue.queue_url,
            "SOUNDSTAGE_BUCKET": self.state.bucket.bucket_name,
            "SOUNDSTAGE_TABLE": self.state.table.table_name,
            "SOUNDSTAGE_STATE_MACHINES": self.app.state_machines,
            "SOUNDSTAGE_TELEMETRY_SECRET": self.state.telemetry.secret_arn,
            **self.app.music_providers,
            **self.app.profile_keys,
            **self.app.language_model,
            "SOUNDSTAGE_PUBLIC_URL": self._public_url,
            "SOUNDSTAGE_MUSIC_PROVIDER_KEYS_SECRET": self.state.music_provider_keys.secret_arn,
            "SOUNDSTAGE_LOCK_S": str(LOCK_S),
            "SOUNDSTAGE_MAX_DELIVERIES": str(MAX_DELIVERIES),
            "SOUNDSTAGE_WORKER_CONCURRENCY": str(SLOTS[pool.name]),
        }

    def _job_role(self, pool: WorkerPool) -> iam.Role:
        """Of Batch's workers, and of whom the account allows to take it: a machine outside that joins the pool."""
        role = iam.Role(
            self,
            f"{pool.name.title()}Role",
            # As containers/gpu-render/join.py finds it. Names of roles are the account's, which may have two regions.
            role_name=f"{self.stage.named(f'worker-{pool.name}')}-{self.region}",
            assumed_by=iam.CompositePrincipal(
                iam.ServicePrincipal("ecs-tasks.amazonaws.com"), iam.AccountRootPrincipal()
            ),
            max_session_duration=Duration.hours(12),
        )
        may = Permissions(role)
        may.use_table(self.state.table.table_arn)
        may.tell_of_jobs(self.stage)
        may.read_secret(self.state.telemetry.secret_arn)
        may.read_secret(self.state.music_provider_keys.secret_arn)
        may.read_secret(self.state.language_model_key.secret_arn)
        may.read(self.state.bucket_arn, "uploads/", "work/", "results/", film_parts.PREFIX, BOUGHT, MODELS)
        may.write(self.state.bucket_arn, "work/", "results/", film_parts.PREFIX, BOUGHT)
        if self.state.profile_key is not None:
            may.do("kms:Decrypt", on=[self.state.profile_key.key_arn])
        may.do(
            "sqs:ReceiveMessage",
            "sqs:DeleteMessage",
            "sqs:ChangeMessageVisibility",
            "sqs:GetQueueAttributes",
            on=[pool.queue.queue_arn],
        )
        answers = ("states:SendTaskSuccess", "states:SendTaskFailure", "states:SendTaskHeartbeat")
        may.do(*answers, on=[workflow.arn for workflow in self.app.jobs.values()])
        return role

    def _wake(self, pool: WorkerPool, queue: batch.JobQueue, definition: batch.EcsJobDefinition) -> None:
        wake = SoundFunction(
            self,
            f"Wake{pool.name.title()}",
            Surroundings(stage=self.stage, code=self._code, catalog=None, environment={}, rollout=self._rollout),
            LambdaStep("workers.wake", code="web"),
            name=f"workers-wake-{pool.name}",
            environment={
                "SOUNDSTAGE_QUEUE_URL": pool.queue.queue_url,
                "SOUNDSTAGE_BATCH_JOB_QUEUE": queue.job_queue_arn,
                "SOUNDSTAGE_BATCH_JOB_DEFINITION": definition.job_definition_arn,
                "SOUNDSTAGE_WORKER_CONCURRENCY": str(SLOTS[pool.name]),
                "SOUNDSTAGE_MAX_WORKERS": str(self.stage.max_workers[pool.name]),
                "SOUNDSTAGE_WARM_WORKERS": str(self._warm_workers.get(pool.name, 0)),
                "SOUNDSTAGE_TELEMETRY_SECRET": self.state.telemetry.secret_arn,
            },
        )
        wake.alarm.add_alarm_action(self.app.alarm_topic.ring)
        wake.may.read_secret(self.state.telemetry.secret_arn)
        wake.may.do("sqs:GetQueueAttributes", on=[pool.queue.queue_arn])
        wake.may.do("batch:SubmitJob", on=[queue.job_queue_arn, definition.job_definition_arn])
        wake.may.do_under("batch:ListJobs", under="*", because="Batch lists jobs for the account only.")
        events.Rule(
            self,
            f"Look{pool.name.title()}",
            description=f"Are there enough workers for {pool.name}?",
            schedule=events.Schedule.rate(Duration.minutes(1)),
            targets=[targets.LambdaFunction(wake.entry, retry_attempts=0, dead_letter_queue=self._undelivered.queue)],
        )
