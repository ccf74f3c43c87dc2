"""What a deployment may replace at any time: functions, state machines, queues, events, the API."""

import json
from collections.abc import Mapping
from typing import TYPE_CHECKING, get_args

from aws_cdk import Duration, Stack, triggers
from aws_cdk import aws_events as events
from aws_cdk import aws_events_targets as targets
from aws_cdk import aws_iam as iam
from aws_cdk import aws_sqs as sqs
from constructs import Construct

from infra.administration import ACT, HasDeadLetters, may_replay, operators
from infra.change_listener import ChangeListener
from infra.code import Checkout, Packaged
from infra.functions import Functions
from infra.http_api import HttpApi
from infra.ingest import RELEASE, ingest_workflow
from infra.on_aws import OnAws
from infra.outputs import output
from infra.permissions import Permissions
from infra.product_workflow import camel_case, product_workflow
from infra.socket_api import SocketApi
from infra.sound_function import SoundFunction, Surroundings
from infra.stages import Stage
from infra.stateful import StatefulStack
from infra.undelivered import Undelivered
from infra.webhooks import Webhooks
from infra.worker_pool import WorkerPool
from infra.workflow import Workflow
from soundstage.models.providers import LanguageModelTerms, MusicProviders
from soundstage.platform.aws.film_parts import PREFIX
from soundstage.platform.aws.tunes import PREFIX as TUNES
from soundstage.products import PRODUCTS
from soundstage.products.base import LambdaStep, Pool
from soundstage.providers.submission_record import BOUGHT

if TYPE_CHECKING:
    from infra.rollout import Rollout


class StatelessStack(Stack):
    def __init__(
        self,
        scope: Construct,
        id_: str,
        *,
        stage: Stage,
        state: StatefulStack,
        allowed_origins: list[str],
        music_providers: MusicProviders,
        language_model: LanguageModelTerms | None,
        access: Mapping[str, str],
        options: OnAws,
    ) -> None:
        """``access``: see ``infra.access_settings``."""
        super().__init__(scope, id_, description=f"Soundstage {stage.name}: functions, workflows, API")
        self.stage = stage
        self.state = state
        self._music_providers = music_providers
        self._access = access
        self.add_stack_dependency(state)
        surroundings = Surroundings(
            stage=stage,
            code=Checkout() if stage.embedded else Packaged(self, options.architecture),
            catalog=state.catalog,
            environment=self._environment(),
            rollout=None if stage.embedded else _rollout(self, stage),
        )
        self.undelivered = None if stage.embedded else Undelivered(self, "Undelivered", stage=stage, name="undelivered")
        self._functions = Functions(self, surroundings, state=state, language_model=language_model)
        dead_letter = self._functions.add(LambdaStep("jobs.dead_letter", code="web"), "DeadLetter")
        self.pools: dict[Pool, WorkerPool] = {
            name: WorkerPool(self, f"{name.title()}Pool", stage=stage, name=name, dead_letter=dead_letter)
            for name in get_args(Pool)
        }
        self.jobs: dict[str, Workflow] = {}
        """The state machine of every kind of job."""
        for kind, product in PRODUCTS.items():
            self.jobs[kind] = product_workflow(self._functions, self.pools, product, self.jobs)
        dead_letter.may.do("states:SendTaskFailure", on=[workflow.arn for workflow in self.jobs.values()])
        self.ingest = ingest_workflow(
            self._functions, state, release=self._job_function(RELEASE, "Release"), undelivered=self._lost
        )
        called = [self._settle(), self._rescue(), self._erase()]
        self.listeners = [self._metrics_listener()]
        """Who hears of every change of a job, beside the webhooks."""
        self.webhooks = Webhooks(
            self, "Webhooks", stage=stage, state=state, functions=self._functions, undelivered=self._lost
        )
        self.api = self._api_function(allowed_origins)
        self.http = HttpApi(self, "Api", stage=stage, api=self.api)
        act = self._act()
        if not stage.embedded:
            self.sockets = self._sockets()
            self.listeners.append(self.sockets.listener)
            workflows = list(self.jobs.values())
            operators(self, stage, table_arn=state.table.table_arn, act=act, workflows=workflows)
            self._migrate()
            self._ring(options)
        heard = [*self.listeners, self.webhooks.listener]
        queues: dict[str, HasDeadLetters] = {"webhook-deliveries": self.webhooks}
        queues |= {pool.name: pool for pool in self.pools.values()} | {each.name: each for each in heard}
        may_replay(self, act, queues, undelivered=self.undelivered, called=called)
        self._outputs()

    @property
    def _lost(self) -> sqs.IQueue | None:
        return self.undelivered.queue if self.undelivered else None

    def _ring(self, options: OnAws) -> None:
        """What rolls a function back rings, too. All other alarms are in ``infra.monitoring``."""
        from infra import alarms  # noqa: PLC0415  (as in infra.stateful)
        from infra.alarm_topic import AlarmTopic  # noqa: PLC0415
        from infra.rollout import also_stops  # noqa: PLC0415

        self.alarm_topic = AlarmTopic(self, self.stage, options)
        self.api_broken = alarms.of_the_api(self, self.http.api_id)
        also_stops(self.api, self.api_broken)
        for alarm in (self.api_broken, *(function.alarm for function in self.functions)):
            alarm.add_alarm_action(self.alarm_topic.ring)

    def _environment(self) -> dict[str, str]:
        """What every function knows. On a laptop telemetry keys come from the shell that started the cloud."""
        known = {"SOUNDSTAGE_BUCKET": self.state.bucket.bucket_name, "SOUNDSTAGE_TABLE": self.state.table.table_name}
        if not self.stage.embedded:
            known["SOUNDSTAGE_TELEMETRY_SECRET"] = self.state.telemetry.secret_arn
        return known

    def _job_function(
        self, step: LambdaStep, id_: str, *, environment: Mapping[str, str] | None = None
    ) -> SoundFunction:
        """A function that starts or ends jobs: it knows the state machines of every kind of job, and runs them."""
        known = {"SOUNDSTAGE_STATE_MACHINES": self.state_machines, **(environment or {})}
        function = self._functions.add(step, id_, environment=known)
        for workflow in self.jobs.values():
            workflow.may_be_run_by(function)
        return function

    def _settle(self) -> SoundFunction:
        settle = self._job_function(LambdaStep("jobs.settle", code="web", uses_catalog=True), "Settle")
        events.Rule(
            self,
            "Ended",
            description="How an execution stands becomes how its job stands",
            event_pattern=events.EventPattern(
                source=["aws.states"],
                detail_type=["Step Functions Execution Status Change"],
                detail={
                    "stateMachineArn": [workflow.arn for workflow in self.jobs.values()],
                    "status": ["RUNNING", "SUCCEEDED", "FAILED", "TIMED_OUT", "ABORTED"],
                },
            ),
            targets=[targets.LambdaFunction(settle.entry, retry_attempts=10, dead_letter_queue=self._lost)],
        )
        return settle

    def _rescue(self) -> SoundFunction:
        rescue = self._job_function(
            LambdaStep("jobs.rescue", code="web", timeout_s=300, reads=("uploads/",), uses_catalog=True),
            "Rescue",
            environment={
                "SOUNDSTAGE_INGEST_STATE_MACHINE": self.ingest.arn,
                "SOUNDSTAGE_RESCUE_AFTER_S": str(self.stage.rescue_after_s),
            },
        )
        rescue.may.do("states:StartExecution", on=[self.ingest.arn])
        events.Rule(
            self,
            "LookAround",
            description="Jobs without news are looked after",
            schedule=events.Schedule.rate(Duration.minutes(self.stage.rescue_after_s // 60)),
            targets=[targets.LambdaFunction(rescue.entry, retry_attempts=0, dead_letter_queue=self._lost)],
        )
        return rescue

    def _act(self) -> SoundFunction:
        known = {"SOUNDSTAGE_INGEST_STATE_MACHINE": self.ingest.arn}
        if "SOUNDSTAGE_LIMITS" in self._access:
            known["SOUNDSTAGE_LIMITS"] = self._access["SOUNDSTAGE_LIMITS"]
        act = self._job_function(ACT, "Administration", environment=known)
        act.may.do("states:StartExecution", on=[self.ingest.arn])
        return act

    def _erase(self) -> SoundFunction:
        erase = self._job_function(
            LambdaStep("accounts.erase", code="web", timeout_s=300, uses_catalog=True), "EraseAccounts"
        )
        erase.may.delete_for_good(self.state.bucket_arn, "uploads/", "results/", "work/", BOUGHT, PREFIX, TUNES)
        erase.may.do("s3:ListBucketVersions", on=[self.state.bucket_arn])
        uploads = f"{self.state.bucket_arn}/uploads/*"
        erase.may.do_under("s3:AbortMultipartUpload", under=uploads, because="Uploads in parts that never ended.")
        events.Rule(
            self,
            "EraseDeletedAccounts",
            description="What deleted accounts have in the bucket is removed",
            schedule=events.Schedule.rate(Duration.minutes(self.stage.erase_every_minutes)),
            targets=[targets.LambdaFunction(erase.entry, retry_attempts=0, dead_letter_queue=self._lost)],
        )
        return erase

    def _metrics_listener(self) -> ChangeListener:
        measure = self._functions.add(LambdaStep("jobs.measure", code="web", timeout_s=30), "Measure")
        return ChangeListener(
            self,
            "JobMetrics",
            stage=self.stage,
            name="job-metrics",
            function=measure,
            retry_every=Duration.minutes(3),
            retry_for=Duration.hours(1),
            undelivered=self._lost,
            gather_s=20,
        )

    def _preview(self) -> SoundFunction:
        """What a person waits for; two cores' worth, since a few seconds of sound are rendered."""
        step = LambdaStep(
            "match.preview",
            code="image",
            memory_mib=3008,
            timeout_s=120,
            disk_mib=10_240,
            reads=("uploads/", "results/", "ir/"),
        )
        return self._functions.add(step, "MatchPreview")

    def _api_function(self, allowed_origins: list[str]) -> SoundFunction:
        bucket, secret = self.state.bucket_arn, self.state.signing_key
        self.preview = preview = self._preview()
        api = self._job_function(
            LambdaStep(
                "api.main",
                code="web",
                memory_mib=1769,
                timeout_s=29,
                reads=("uploads/", "results/", "ir/", TUNES, BOUGHT),
                writes=("uploads/", "ir/", TUNES, BOUGHT),
                uses_catalog=True,
            ),
            "ApiFunction",
            environment={
                "SOUNDSTAGE_SIGNING_SECRET": secret.secret_arn,
                "SOUNDSTAGE_CORS_ORIGINS": json.dumps(allowed_origins),
                "SOUNDSTAGE_PREVIEW_FUNCTION": preview.entry.function_arn,
                **self.music_providers,
                **self.profile_keys,
                **self.webhooks.environment,
                **self._access,
            },
        )
        api.may.read_secret(secret.secret_arn)
        api.may.do("lambda:InvokeFunction", on=[preview.entry.function_arn])
        if self.state.edge_key is not None:
            api.function.add_environment("SOUNDSTAGE_EDGE_SECRET", self.state.edge_key.secret_arn)
            api.may.read_secret(self.state.edge_key.secret_arn)
        self.webhooks.may_send(api)
        if self.state.profile_key is not None:
            api.may.do("kms:GenerateDataKey", "kms:Decrypt", on=[self.state.profile_key.key_arn])
        api.may.delete(bucket, "uploads/")
        self.upload_role = self._upload_role(api)
        api.function.add_environment("SOUNDSTAGE_UPLOAD_ROLE", self.upload_role.role_arn)
        api.may.do_under("s3:ListMultipartUploadParts", under=f"{bucket}/uploads/*", because="Uploads in parts.")
        return api

    def _upload_role(self, api: SoundFunction) -> iam.Role:
        """What programs upload with, for an hour; the session that the API makes narrows it to their own prefix."""
        role = iam.Role(self, "UploadRole", assumed_by=iam.ArnPrincipal(api.role.role_arn))
        may = Permissions(role)
        may.write(self.state.bucket_arn, "uploads/")
        uploads = f"{self.state.bucket_arn}/uploads/*"
        may.do_under("s3:ListMultipartUploadParts", under=uploads, because="Uploads in parts.")
        # Each of the two roles names the other, so that this cannot be within either.
        assume = iam.PolicyStatement(actions=["sts:AssumeRole"], resources=[role.role_arn])
        iam.Policy(self, "MayUpload", roles=[api.role], statements=[assume])
        return role

    def _sockets(self) -> SocketApi:
        sockets = SocketApi(self, "SocketApi", stage=self.stage, functions=self._functions, undelivered=self._lost)
        secret = self.state.signing_key
        hear = self._functions.add(
            LambdaStep("api.socket", code="web", memory_mib=1769, timeout_s=29, uses_catalog=True),
            "SocketFunction",
            environment={
                "SOUNDSTAGE_SIGNING_SECRET": secret.secret_arn,
                "SOUNDSTAGE_STATE_MACHINES": "{}",  # it starts none
                **sockets.environment,
                **self._access,
            },
        )
        hear.may.read_secret(secret.secret_arn)
        sockets.may_post(hear)
        sockets.heard_by(hear)
        output(self, "SocketUrl", sockets.url)
        return sockets

    @property
    def functions(self) -> list[SoundFunction]:
        return self._functions.all

    @property
    def state_machines(self) -> str:
        """What those who start or answer jobs are told: JSON, kind of job → ARN."""
        return self.to_json_string({kind: workflow.arn for kind, workflow in self.jobs.items()})

    @property
    def music_providers(self) -> dict[str, str]:
        """On a laptop they come from the shell that started the cloud."""
        if self.stage.embedded:
            return {}
        return {"SOUNDSTAGE_MUSIC_PROVIDERS": self._music_providers.model_dump_json(exclude_defaults=True)}

    @property
    def profile_keys(self) -> dict[str, str]:
        """What seals and opens the keys of model profiles. On a laptop its processes are told of a secret."""
        key = self.state.profile_key
        return {} if key is None else {"SOUNDSTAGE_PROFILE_KMS_KEY": key.key_arn}

    @property
    def language_model(self) -> dict[str, str]:
        """What workers have to know of it."""
        return self._functions.language_model_terms()

    def _migrate(self) -> None:
        """Migrations run before the functions that rely on them are replaced; when they fail, all is rolled back."""
        rely_on_it = [function for function in self._functions.all if function.step.uses_catalog]
        migrate = self._functions.add(
            LambdaStep("catalog.migrate", code="web", timeout_s=600, uses_catalog=True), "Migrate"
        )
        triggers.Trigger(
            self, "Migrations", handler=migrate.function, timeout=Duration.minutes(10), execute_before=[*rely_on_it]
        )

    def _outputs(self) -> None:
        output(self, "ApiId", self.http.api_id)
        output(self, "ApiUrl", self.http.url)
        for kind, workflow in self.jobs.items():
            output(self, f"{camel_case(kind)}StateMachine", workflow.arn)
        output(self, "StateMachines", self.state_machines)
        output(self, "WebhookQueue", self.webhooks.queue.queue_url)
        output(self, "UploadRole", self.upload_role.role_arn)
        output(self, "PreviewFunction", self.preview.entry.function_arn)
        output(self, "IngestStateMachine", self.ingest.arn)
        for pool in self.pools.values():
            output(self, f"{pool.name.title()}Queue", pool.queue.queue_url)
            output(self, f"{pool.name.title()}DeadLetters", pool.dead_letters.queue_url)


def _rollout(stack: Stack, stage: Stage) -> "Rollout":
    from infra.rollout import Rollout  # noqa: PLC0415  (as in infra.stateful)

    return Rollout(stack, stage)
