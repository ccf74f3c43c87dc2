"""What a deployment may replace at any time: functions, state machines, queues, events, the API."""

import json
from collections.abc import Mapping
from functools import cached_property

from aws_cdk import Duration, Stack, triggers
from aws_cdk import aws_cloudwatch as cloudwatch
from aws_cdk import aws_cloudwatch_actions as cloudwatch_actions
from aws_cdk import aws_events as events
from aws_cdk import aws_events_targets as targets
from aws_cdk import aws_iam as iam
from aws_cdk import aws_kms as kms
from aws_cdk import aws_sns as sns
from constructs import Construct

from infra.code import Checkout, Kind, Packaged
from infra.http_api import HttpApi
from infra.outputs import output
from infra.sound_function import SoundFunction, Surroundings
from infra.stages import Stage
from infra.stateful import StatefulStack
from infra.worker_pool import WorkerPool
from infra.workflow import Workflow
from soundstage.models.providers import LanguageModelTerms, MusicProviders


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
    ) -> None:
        super().__init__(scope, id_, description=f"Soundstage {stage.name}: functions, workflows, API")
        self.stage = stage
        self.state = state
        self._music_providers = music_providers
        self._language_model = language_model
        self.add_stack_dependency(state)
        self._bucket = state.bucket_arn
        self._functions: list[SoundFunction] = []
        self._surroundings = Surroundings(
            stage=stage,
            code=Checkout() if stage.embedded else Packaged(self),
            catalog=state.catalog,
            environment=self._environment(),
        )
        self.dead_letter = self._function("DeadLetter", step="jobs.dead_letter", kind="web")
        self.pools = [
            WorkerPool(self, f"{name.title()}Pool", stage=stage, name=name, dead_letter=self.dead_letter)
            for name in ("cpu", "gpu")
        ]
        self.jobs = {"track": self._track_workflow(), "match": self._match_workflow(), "video": self._video_workflow()}
        """The state machine of every kind of job."""
        self.ingest = self._ingest_workflow()
        self._job_functions()
        self.http = HttpApi(self, "Api", stage=stage, api=self._api_function(allowed_origins))
        if not stage.embedded:
            self._migrate()
        self._watch()
        self._outputs()

    def _environment(self) -> dict[str, str]:
        """What every function knows. On a laptop telemetry keys come from the shell that started the cloud."""
        known = {"SOUNDSTAGE_BUCKET": self.state.bucket.bucket_name, "SOUNDSTAGE_TABLE": self.state.table.table_name}
        if not self.stage.embedded:
            known["SOUNDSTAGE_TELEMETRY_SECRET"] = self.state.telemetry.secret_arn
        return known

    def _function(
        self,
        id_: str,
        *,
        step: str,
        kind: Kind = "engine",
        memory_mib: int = 512,
        timeout_s: int = 60,
        disk_mib: int = 512,
        uses_catalog: bool = False,
        environment: Mapping[str, str] | None = None,
    ) -> SoundFunction:
        """A function that may use the table and, on AWS, read the telemetry keys; the rest is up to the caller."""
        function = SoundFunction(
            self,
            id_,
            self._surroundings,
            step=step,
            kind=kind,
            memory_mib=memory_mib,
            timeout_s=timeout_s,
            disk_mib=disk_mib,
            uses_catalog=uses_catalog,
            environment=environment,
        )
        function.may.use_table(self.state.table.table_arn)
        if not self.stage.embedded:
            function.may.read_secret(self.state.telemetry.secret_arn)
        self._functions.append(function)
        return function

    def _track_workflow(self) -> Workflow:
        # A CPU of its own comes with 1769 MB (Lambda's documentation, "Memory and computing power").
        check = self._function(
            "AudioCheck", step="track.audio_check", kind="image", memory_mib=3008, timeout_s=300, disk_mib=2048
        )
        analyze = self._function(
            "AudioAnalyze", step="track.audio_analyze", memory_mib=3008, timeout_s=300, disk_mib=1024
        )
        pick = self._function("SegmentPick", step="track.segment_pick", memory_mib=1024)
        # A language model may be asked twice.
        compose = self._function(
            "ComposeParams",
            step="track.compose_params",
            memory_mib=1769,
            timeout_s=300,
            environment=self._language_model_terms(),
        )
        if not self.stage.embedded:
            compose.may.read_secret(self.state.language_model_key.secret_arn)
        evaluate = self._function("AbEval", step="track.ab_eval", memory_mib=3008, timeout_s=300)
        persist = self._function("Persist", step="track.persist", kind="web", timeout_s=120, uses_catalog=True)
        check.may.read(self._bucket, "uploads/")
        check.may.write(self._bucket, "work/")
        for step in (analyze, pick, compose, evaluate, persist):
            step.may.read(self._bucket, "work/")
        for step in (analyze, compose):
            step.may.write(self._bucket, "work/")
        evaluate.may.read(self._bucket, "results/")
        persist.may.write(self._bucket, "results/")
        cpu = self.pools[0].queue
        return Workflow(
            self,
            "Track",
            stage=self.stage,
            name="track",
            functions={
                "AudioCheckFunction": check.function.function_arn,
                "AudioAnalyzeFunction": analyze.function.function_arn,
                "SegmentPickFunction": pick.function.function_arn,
                "ComposeParamsFunction": compose.function.function_arn,
                "AbEvalFunction": evaluate.function.function_arn,
                "PersistFunction": persist.function.function_arn,
            },
            queues={"CpuQueueUrl": (cpu.queue_url, cpu.queue_arn)},
        )

    def _match_workflow(self) -> Workflow:
        # An upload of 2 GiB and what it decodes to: probing lets 6 GiB pass.
        analyze = self._function(
            "MatchAnalyze", step="match.analyze", kind="image", memory_mib=3008, timeout_s=900, disk_mib=10_240
        )
        invert = self._function("MatchInvert", step="match.invert", memory_mib=3008, timeout_s=300, disk_mib=2048)
        plan = self._function("MatchPlan", step="match.plan", memory_mib=1024)
        persist = self._function("MatchPersist", step="match.persist", kind="web", timeout_s=120, uses_catalog=True)
        analyze.may.read(self._bucket, "uploads/")
        invert.may.read(self._bucket, "work/", "ir/")
        plan.may.read(self._bucket, "work/")
        for step in (analyze, invert):
            step.may.write(self._bucket, "work/")
        persist.may.read(self._bucket, "results/")
        cpu = self.pools[0].queue
        return Workflow(
            self,
            "Match",
            stage=self.stage,
            name="match",
            functions={
                "AnalyzeFunction": analyze.function.function_arn,
                "InvertFunction": invert.function.function_arn,
                "PlanFunction": plan.function.function_arn,
                "PersistFunction": persist.function.function_arn,
            },
            queues={"CpuQueueUrl": (cpu.queue_url, cpu.queue_arn)},
        )

    def _video_workflow(self) -> Workflow:
        persist = self._function("VideoPersist", step="video.persist", kind="web", timeout_s=120, uses_catalog=True)
        cpu = self.pools[0].queue
        return Workflow(
            self,
            "Video",
            stage=self.stage,
            name="video",
            functions={"PersistFunction": persist.function.function_arn},
            queues={"CpuQueueUrl": (cpu.queue_url, cpu.queue_arn)},
        )

    def _ingest_workflow(self) -> Workflow:
        claim = self._function("Claim", step="ingest.claim", kind="web")
        # Uploads have 2 GiB at most.
        probe = self._function(
            "Probe", step="ingest.probe", kind="image", memory_mib=1769, timeout_s=300, disk_mib=3072
        )
        accept = self._function("Accept", step="ingest.accept", kind="web")
        reject = self._function("Reject", step="ingest.reject", kind="web")
        release = self._job_function("Release", step="jobs.release")
        probe.may.read(self._bucket, "uploads/")
        for step in (claim, reject):
            step.may.delete_for_good(self._bucket, "uploads/")
        workflow = Workflow(
            self,
            "Ingest",
            stage=self.stage,
            name="ingest",
            functions={
                "ClaimFunction": claim.function.function_arn,
                "ProbeFunction": probe.function.function_arn,
                "AcceptFunction": accept.function.function_arn,
                "RejectFunction": reject.function.function_arn,
                "ReleaseFunction": release.function.function_arn,
            },
            queues={},
        )
        rule = events.Rule(
            self,
            "Uploaded",
            description="An object under uploads/ carries its work on",
            event_pattern=events.EventPattern(
                source=["aws.s3"],
                detail_type=["Object Created"],
                detail={
                    "bucket": {"name": [self.state.bucket.bucket_name]},
                    "object": {"key": [{"prefix": "uploads/"}]},
                },
            ),
        )
        rule.add_target(targets.SfnStateMachine(workflow.machine, retry_attempts=10))
        return workflow

    def _job_function(
        self, id_: str, *, step: str, timeout_s: int = 60, environment: Mapping[str, str] | None = None
    ) -> SoundFunction:
        """A function that starts or ends jobs: it knows the state machines and the catalog."""
        function = self._function(
            id_,
            step=step,
            kind="web",
            timeout_s=timeout_s,
            uses_catalog=True,
            environment={
                "SOUNDSTAGE_STATE_MACHINES": self.state_machines,
                **(environment or {}),
            },
        )
        for workflow in self.jobs.values():
            function.may.run(workflow)
        return function

    def _job_functions(self) -> None:
        settle = self._job_function("Settle", step="jobs.settle")
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
            targets=[targets.LambdaFunction(settle.function, retry_attempts=10)],
        )
        rescue = self._job_function(
            "Rescue",
            step="jobs.rescue",
            timeout_s=300,
            environment={"SOUNDSTAGE_INGEST_STATE_MACHINE": self.ingest.arn},
        )
        rescue.may.read(self._bucket, "uploads/")
        rescue.may.do("states:StartExecution", on=[self.ingest.arn])
        events.Rule(
            self,
            "LookAround",
            description="Jobs without news are looked after",
            schedule=events.Schedule.rate(Duration.minutes(5)),
            targets=[targets.LambdaFunction(rescue.function, retry_attempts=0)],
        )
        self.dead_letter.may.do("states:SendTaskFailure", on=[workflow.arn for workflow in self.jobs.values()])

    def _api_function(self, allowed_origins: list[str]) -> SoundFunction:
        secret = self.state.signing_key
        api = self._function(
            "ApiFunction",
            step="api.main",
            kind="web",
            memory_mib=1769,
            timeout_s=29,
            uses_catalog=True,
            environment={
                "SOUNDSTAGE_STATE_MACHINES": self.state_machines,
                "SOUNDSTAGE_SIGNING_SECRET": secret.secret_arn,
                "SOUNDSTAGE_CORS_ORIGINS": json.dumps(allowed_origins),
                **self.music_providers,
            },
        )
        for workflow in self.jobs.values():
            api.may.run(workflow)
        api.may.read_secret(secret.secret_arn)
        api.may.write(self._bucket, "uploads/", "ir/")
        api.may.read(self._bucket, "uploads/", "results/", "ir/")
        api.may.delete(self._bucket, "uploads/")
        api.may.do_under("s3:ListMultipartUploadParts", under=f"{self._bucket}/uploads/*", because="Uploads in parts.")
        return api

    @cached_property
    def ring(self) -> cloudwatch_actions.SnsAction:
        """What every alarm does. CloudWatch uses key and topic itself, and neither lets it unless it is told to."""
        key = kms.Key(self, "AlarmKey", enable_key_rotation=True, removal_policy=self.stage.removal_policy)
        topic = sns.Topic(self, "Alarms", master_key=key, enforce_ssl=True)
        cloudwatch_itself = iam.ServicePrincipal("cloudwatch.amazonaws.com")
        key.grant(cloudwatch_itself, "kms:Decrypt", "kms:GenerateDataKey*")
        topic.grant_publish(cloudwatch_itself)
        output(self, "AlarmTopic", topic.topic_arn)
        return cloudwatch_actions.SnsAction(topic)

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

    def _language_model_terms(self) -> dict[str, str]:
        """On a laptop they come from the shell that started the cloud."""
        if self.stage.embedded or self._language_model is None:
            return {}
        return {
            "SOUNDSTAGE_LANGUAGE_MODEL": self._language_model.model_dump_json(exclude_defaults=True),
            "SOUNDSTAGE_LANGUAGE_MODEL_KEY_SECRET": self.state.language_model_key.secret_arn,
        }

    def _migrate(self) -> None:
        """Migrations run before the functions that rely on them are replaced; when they fail, all is rolled back."""
        rely_on_it = [function for function in self._functions if function.uses_catalog]
        migrate = self._function("Migrate", step="catalog.migrate", kind="web", timeout_s=600, uses_catalog=True)
        triggers.Trigger(
            self, "Migrations", handler=migrate.function, timeout=Duration.minutes(10), execute_before=[*rely_on_it]
        )

    def _watch(self) -> None:
        """Alarms ring on one topic; the dashboard shows what a person looks at first."""
        alarms = [function.alarm for function in self._functions]
        alarms += [alarm for workflow in (*self.jobs.values(), self.ingest) for alarm in workflow.alarms]
        alarms += [alarm for pool in self.pools for alarm in pool.alarms]
        if self.stage.embedded:
            return
        for alarm in alarms:
            alarm.add_alarm_action(self.ring)
        board = cloudwatch.Dashboard(self, "Board", dashboard_name=self.stage.named("overview"))
        board.add_widgets(
            *(
                cloudwatch.GraphWidget(
                    title=f"Jobs: {kind}",
                    left=[
                        workflow.machine.metric_started(),
                        workflow.machine.metric_succeeded(),
                        workflow.machine.metric_failed(),
                    ],
                    right=[workflow.machine.metric_time(statistic="p90")],
                )
                for kind, workflow in self.jobs.items()
            ),
            cloudwatch.GraphWidget(
                title="Tasks waiting",
                left=[pool.queue.metric_approximate_number_of_messages_visible() for pool in self.pools],
                right=[pool.queue.metric_approximate_age_of_oldest_message() for pool in self.pools],
            ),
            cloudwatch.GraphWidget(
                title="Function errors", left=[function.function.metric_errors() for function in self._functions]
            ),
        )
        board.add_widgets(cloudwatch.AlarmStatusWidget(title="Alarms", alarms=alarms, width=24))

    def _outputs(self) -> None:
        output(self, "ApiId", self.http.api_id)
        output(self, "ApiUrl", self.http.url)
        for kind, workflow in self.jobs.items():
            output(self, f"{kind.title()}StateMachine", workflow.arn)
        output(self, "IngestStateMachine", self.ingest.arn)
        for pool in self.pools:
            output(self, f"{pool.name.title()}Queue", pool.queue.queue_url)
            output(self, f"{pool.name.title()}DeadLetters", pool.dead_letters.queue_url)
