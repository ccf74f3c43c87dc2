"""What only the stages on AWS have: firewall, copies, alarms, rollouts, what bears a flood, and what it costs idle."""

import json
import re
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from infra.console_site import TO_THE_PAGE, WHO_ASKS
from infra.on_aws import OnAws, origins_of
from infra.stages import STAGES
from tests.fixtures.assemblies import ASSEMBLIES, properties, resources

from soundstage.cli.costs.measured import WORKERS
from soundstage.cli.costs.model import IDLE_PARTS
from soundstage.models import edge_headers
from soundstage.platform.settings import WorkerSettings
from soundstage.products import PRODUCTS

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module", params=["dev", "prod"])
def stage(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture(scope="module")
def assembly(stage: str) -> Path:
    return ASSEMBLIES[stage].make()


@pytest.fixture(scope="module")
def prod() -> Path:
    return ASSEMBLIES["prod"].make()


def test_the_embedded_cloud_has_nothing_of_it() -> None:
    kinds = {resource["Type"].split("::")[1] for _, resource in resources(ASSEMBLIES["local"].make())}
    assert kinds.isdisjoint({"WAFv2", "Backup", "Budgets", "CodeDeploy", "RDS", "CloudFront"})


def test_no_region_is_written_into_a_template_but_that_of_the_firewall(assembly: Path) -> None:
    for template in assembly.glob("*.template.json"):
        made = json.dumps(json.loads(template.read_text())["Resources"])
        named = set(re.findall(r"\b(?:us|eu|ap|sa|ca|me|af)-[a-z]+-\d\b", made))
        assert named <= ({"us-east-1"} if "edge" in template.name else set()), template.name


def test_a_firewall_stands_before_console_and_api(assembly: Path) -> None:
    (acl,) = properties(assembly, "AWS::WAFv2::WebACL")
    assert acl["Scope"] == "CLOUDFRONT"
    statements = [rule["Statement"] for rule in acl["Rules"]]
    assert any("RateBasedStatement" in statement for statement in statements)
    assert sum("ManagedRuleGroupStatement" in statement for statement in statements) == 3
    distributions = properties(assembly, "AWS::CloudFront::Distribution")
    assert [each["DistributionConfig"]["WebACLId"] for each in distributions] == [{"Ref": "WebAclArn"}]
    (logging,) = properties(assembly, "AWS::WAFv2::LoggingConfiguration")
    redacted = logging["RedactedFields"]
    assert {"UriPath": {}} in redacted  # tokens of shares stand in paths
    assert {"QueryString": {}} in redacted  # and tickets of theirs behind them
    headers = {each["SingleHeader"]["Name"] for each in redacted if "SingleHeader" in each}
    assert headers >= {"authorization", "x-api-key", "cookie"}


def test_the_api_answers_only_what_came_through_cloudfront(assembly: Path) -> None:
    (site,) = properties(assembly, "AWS::CloudFront::Distribution")
    headers = [
        header
        for origin in site["DistributionConfig"]["Origins"]
        for header in origin.get("OriginCustomHeaders", [])
        if header["HeaderName"] == edge_headers.KEY
    ]
    (header,) = headers
    assert "{{resolve:secretsmanager:" in json.dumps(header["HeaderValue"])
    (api,) = [
        each["Environment"]["Variables"]
        for each in properties(assembly, "AWS::Lambda::Function")
        if "SOUNDSTAGE_CORS_ORIGINS" in each.get("Environment", {}).get("Variables", {})
    ]
    secret = json.dumps(api["SOUNDSTAGE_EDGE_SECRET"])
    assert "EdgeKey" in secret
    assert not [each for each in site["DistributionConfig"]["CacheBehaviors"] if not each.get("FunctionAssociations")]


@pytest.mark.parametrize(
    ("code", "uri", "sent"),
    [
        (TO_THE_PAGE, "/match/12", {"uri": "/index.html", "headers": {}}),
        (TO_THE_PAGE, "/assets/index-abc.js", {"uri": "/assets/index-abc.js", "headers": {}}),
        (
            WHO_ASKS,
            "/v1/me",
            {"uri": "/v1/me", "headers": {edge_headers.CLIENT: "2001:db8::1", edge_headers.HOST: "studio.example.org"}},
        ),
    ],
)
def test_what_cloudfront_makes_of_a_request(code: str, uri: str, sent: dict[str, Any]) -> None:
    """A client cannot say that it is somebody else."""
    given = {"host": {"value": "studio.example.org"}, edge_headers.CLIENT: {"value": "203.0.113.7"}}
    event = {"viewer": {"ip": "2001:db8::1"}, "request": {"uri": uri, "headers": given}}
    run = f"{code}; console.log(JSON.stringify(handler({json.dumps(event)})))"
    node = shutil.which("node", path=str(Path(sys.executable).parent))
    assert node is not None
    answer = json.loads(subprocess.run([node, "-e", run], capture_output=True, check=True).stdout)  # noqa: S603  (ours)
    assert answer["uri"] == sent["uri"]
    assert {name: answer["headers"][name]["value"] for name in sent["headers"]} == sent["headers"]


def test_a_domain_of_ones_own_is_served_with_its_certificate(prod: Path) -> None:
    (site,) = properties(prod, "AWS::CloudFront::Distribution")
    assert site["DistributionConfig"]["Aliases"] == ["studio.example.org"]
    assert {record["Type"] for record in properties(prod, "AWS::Route53::RecordSet")} == {"A", "AAAA"}
    (certificate,) = properties(prod, "AWS::CertificateManager::Certificate")
    assert certificate["ValidationMethod"] == "DNS"
    assert properties(ASSEMBLIES["dev"].make(), "AWS::Route53::RecordSet") == []


def test_what_people_made_is_copied_every_night(prod: Path) -> None:
    (plan,) = properties(prod, "AWS::Backup::BackupPlan")
    kept = {rule["RuleName"]: rule["Lifecycle"]["DeleteAfterDays"] for rule in plan["BackupPlan"]["BackupPlanRule"]}
    assert kept == {"daily": 35, "monthly": 366}
    (selection,) = properties(prod, "AWS::Backup::BackupSelection")
    copied = json.dumps(selection["BackupSelection"]["Resources"])
    stored = ("AWS::S3::Bucket", "AWS::DynamoDB::GlobalTable", "AWS::RDS::DBCluster")
    state = [
        name.rpartition("/")[2]
        for kind in stored
        for name, it in resources(prod, kind)
        if it["Type"] == kind and "state" in name
    ]
    assert len(state) == 3
    assert all(name in copied for name in state), copied


def test_the_bill_rings(assembly: Path, stage: str) -> None:
    (budget,) = properties(assembly, "AWS::Budgets::Budget")
    assert budget["Budget"]["BudgetLimit"]["Amount"] == (300 if stage == "prod" else STAGES["dev"].budget_usd_per_month)
    (topic,) = properties(assembly, "AWS::SNS::TopicPolicy")
    assert "budgets.amazonaws.com" in json.dumps(topic["PolicyDocument"])


def alarmed(assembly: Path) -> dict[str, dict[str, Any]]:
    return {name.rpartition("/")[2]: it["Properties"] for name, it in resources(assembly, "AWS::CloudWatch::Alarm")}


def test_alarms_watch_what_people_feel_and_what_it_rests_on(assembly: Path) -> None:
    text = json.dumps(alarmed(assembly))
    for name in ("5xx", "ACUUtilization", "CPUUtilization", "DatabaseConnections", "ReadThrottleEvents"):
        assert f'"{name}"' in text, name
    for name in ("SystemErrors", "Throttles", "ExecutionTime", "ExecutionsFailed", "SlotsBusy", "TaskEnded"):
        assert f'"{name}"' in text, name


def test_every_queue_is_watched(assembly: Path) -> None:
    """Where work waits, its age; where lies what nobody could do, its depth."""
    found = dict(resources(assembly, "AWS::SQS::Queue"))
    queues = {
        name.rpartition("/")[2]: it["Properties"] for name, it in found.items() if it["Type"] == "AWS::SQS::Queue"
    }
    (app,) = assembly.glob("*-app.template.json")
    outputs = json.loads(app.read_text())["Outputs"]
    by_metric: dict[str, set[str]] = {}
    for alarm in alarmed(assembly).values():
        for dimension in alarm.get("Dimensions", []):
            if dimension["Name"] == "QueueName":
                named = dimension["Value"]
                if "Fn::GetStackOutput" in named:
                    named = outputs[named["Fn::GetStackOutput"]["OutputName"]]["Value"]
                by_metric.setdefault(alarm["MetricName"], set()).add(named["Fn::GetAtt"][0])
    work = {name for name, queue in queues.items() if "RedrivePolicy" in queue}
    assert len(work) >= 5
    assert by_metric["ApproximateAgeOfOldestMessage"] == work
    assert by_metric["ApproximateNumberOfMessagesVisible"] == set(queues) - work


def test_each_task_of_workers_has_an_alarm_of_its_processes(assembly: Path) -> None:
    text = json.dumps(alarmed(assembly))
    tasks = {task.name for product in PRODUCTS.values() for task in product.tasks}
    assert {name for name in tasks if f'"Value": "{name}"' in text} == tasks


def test_one_dashboard_shows_them_all(assembly: Path) -> None:
    (board,) = properties(assembly, "AWS::CloudWatch::Dashboard")
    body = json.dumps(board["DashboardBody"])
    assert "JobFailed" in body
    assert all(name in body for name, it in alarmed(assembly).items() if "Wake" not in name and "Workers" not in name)


def test_events_that_no_target_takes_are_kept(assembly: Path) -> None:
    rules = dict(resources(assembly, "AWS::Events::Rule"))
    assert len(rules) >= 7
    lost = [name for name, r in rules.items() for t in r["Properties"]["Targets"] if "DeadLetterConfig" not in t]
    assert lost == []


def functions(assembly: Path) -> dict[str, dict[str, Any]]:
    """Ours, by logical id."""
    return {
        name.rpartition("/")[2]: it["Properties"]
        for name, it in resources(assembly, "AWS::Lambda::Function")
        if "SOUNDSTAGE_SERVICE" in json.dumps(it["Properties"].get("Environment", {}))
    }


def test_a_new_version_of_a_function_is_taken_back_when_its_alarms_ring(assembly: Path, stage: str) -> None:
    aliases = dict(resources(assembly, "AWS::Lambda::Alias"))
    assert {alias["Properties"]["FunctionName"]["Ref"] for alias in aliases.values()} == set(functions(assembly))
    groups = {name.rpartition("/")[2]: it["Properties"] for name, it in resources(assembly, "AWS::CodeDeploy::Depl")}
    known = set(alarmed(assembly))
    for name, alias in aliases.items():
        moved = alias["UpdatePolicy"]["CodeDeployLambdaAliasUpdate"]
        group = groups[moved["DeploymentGroupName"]["Ref"]]
        alarms = {each["Name"]["Ref"] for each in group["AlarmConfiguration"]["Alarms"]}
        assert alarms <= known, name
        assert len(alarms) == (2 if "ApiFunction" in name else 1), name
        assert "DEPLOYMENT_STOP_ON_ALARM" in group["AutoRollbackConfiguration"]["Events"]
        assert ("Canary" in group["DeploymentConfigName"]) == (stage == "prod")


def test_everything_calls_the_alias_and_nothing_the_newest_version(assembly: Path) -> None:
    ours = set(functions(assembly))
    callers = (
        "AWS::ApiGatewayV2::Integration",
        "AWS::Lambda::EventSourceMapping",
        "AWS::Events::Rule",
        "AWS::StepFunctions::StateMachine",
    )
    called = 0
    for kind in callers:
        for name, resource in resources(assembly, kind):
            text = json.dumps(resource["Properties"])
            direct = set(re.findall(r'"(?:Ref|Fn::GetAtt)": \[?"(\w+)"', text)) & ours
            called += "Live" in text
            assert direct <= {found for found in direct if "Migrate" in found}, name
    assert called >= 15


def test_concurrency_is_reserved_in_prod_alone(prod: Path) -> None:
    reserved = {
        f["Environment"]["Variables"]["SOUNDSTAGE_SERVICE"]: f["ReservedConcurrentExecutions"]
        for f in functions(prod).values()
        if "ReservedConcurrentExecutions" in f
    }
    assert reserved == STAGES["prod"].reserved_concurrency
    assert sum(reserved.values()) <= 900  # of an account's 1,000, Lambda keeps 100 for all others
    assert "ReservedConcurrentExecutions" not in json.dumps(functions(ASSEMBLIES["dev"].make()))


def test_what_nobody_uses_costs_little(assembly: Path, stage: str) -> None:
    (cluster,) = properties(assembly, "AWS::RDS::DBCluster")
    assert cluster["ServerlessV2ScalingConfiguration"]["MinCapacity"] == 0
    (parameters,) = properties(assembly, "AWS::RDS::DBClusterParameterGroup")
    assert int(parameters["Parameters"]["idle_session_timeout"]) <= 300_000
    assert len(properties(assembly, "AWS::EC2::NatGateway")) == (2 if stage == "prod" else 0)
    gateways = {json.dumps(each["ServiceName"]) for each in properties(assembly, "AWS::EC2::VPCEndpoint")}
    assert len(gateways) == 2
    assert all(each["MinvCpus"] == 0 for each in _computing(assembly) if "MinvCpus" in each)


def _computing(assembly: Path) -> list[dict[str, Any]]:
    return [each["ComputeResources"] for each in properties(assembly, "AWS::Batch::ComputeEnvironment")]


def test_a_machine_outside_joins_a_pool_by_what_the_stack_says(
    assembly: Path, stage: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    template = json.loads((assembly / f"soundstage-{stage}-workers.template.json").read_text())
    for pool in ("cpu", "gpu"):
        role_arn = template["Outputs"][f"{pool.title()}WorkerRole"]["Value"]
        role = template["Resources"][role_arn["Fn::GetAtt"][0]]["Properties"]
        (trust,) = role["AssumeRolePolicyDocument"]["Statement"]
        assert trust["Principal"].keys() == {"AWS", "Service"}
        assert trust["Principal"]["Service"] == "ecs-tasks.amazonaws.com"
        assert json.dumps(trust["Principal"]["AWS"]).endswith(':root"]]}')
        (environment,) = (
            each["Value"]
            for each in properties(assembly, "AWS::SSM::Parameter")
            if each["Name"] == f"/soundstage/{stage}/worker/{pool}"
        )
        # As CloudFormation joins it, with a word for whatever it knows only then.
        text = "".join(part if isinstance(part, str) else "known-later" for part in environment["Fn::Join"][1])
        with monkeypatch.context() as machine:
            for name, value in json.loads(text).items():
                machine.setenv(name, value)
            settings = WorkerSettings()
        assert (settings.stage, settings.pool, settings.idle_exit_s) == (stage, pool, None)
        assert "track" in settings.state_machines


def test_a_gpus_machine_has_room_and_encrypts_it_and_every_worker_knows_its_region(assembly: Path) -> None:
    (machine,) = properties(assembly, "AWS::EC2::LaunchTemplate")
    (disk,) = machine["LaunchTemplateData"]["BlockDeviceMappings"]
    assert disk["Ebs"]["Encrypted"]
    assert disk["Ebs"]["VolumeSize"] >= 100
    assert machine["LaunchTemplateData"]["MetadataOptions"]["HttpTokens"] == "required"
    gpu, *_ = (
        each["ComputeResources"]
        for each in properties(assembly, "AWS::Batch::ComputeEnvironment")
        if each["ComputeResources"]["Type"] == "EC2"
    )
    assert gpu["LaunchTemplate"]["LaunchTemplateId"]
    for definition in properties(assembly, "AWS::Batch::JobDefinition"):
        told = {each["Name"]: each["Value"] for each in definition["ContainerProperties"]["Environment"]}
        assert told["AWS_DEFAULT_REGION"] == {"Ref": "AWS::Region"}


def test_only_the_accounts_own_alarms_and_budget_ring(assembly: Path) -> None:
    (policy,) = properties(assembly, "AWS::SNS::TopicPolicy")
    allowed = [each for each in policy["PolicyDocument"]["Statement"] if each["Effect"] == "Allow"]
    assert len(allowed) == 2
    own = {"aws:SourceAccount": {"Ref": "AWS::AccountId"}}
    assert all(each["Condition"]["StringEquals"] == own for each in allowed)
    assert all(service in json.dumps(allowed) for service in (":cloudwatch:", ":budgets::"))


def test_no_policy_of_a_resource_lets_a_service_act_for_other_accounts(assembly: Path) -> None:
    """Whoever asks a service names a rule, an API, a distribution of this account."""
    statements = [
        (name, statement)
        for kind, of in (
            ("AWS::KMS::Key", "KeyPolicy"),
            ("AWS::SNS::TopicPolicy", "PolicyDocument"),
            ("AWS::SQS::QueuePolicy", "PolicyDocument"),
            ("AWS::S3::BucketPolicy", "PolicyDocument"),
        )
        for name, resource in resources(assembly, kind)
        for statement in resource["Properties"][of]["Statement"]
        if statement["Effect"] == "Allow" and "Service" in statement["Principal"]
    ]
    assert len(statements) > 10
    for name, statement in statements:
        assert re.search(r"source(arn|account)", json.dumps(statement.get("Condition", {})).lower()), name
    for name, permission in resources(assembly, "AWS::Lambda::Permission"):
        assert permission["Properties"].keys() & {"SourceArn", "SourceAccount"}, name


def test_the_cost_model_knows_what_an_idle_stage_has(assembly: Path, stage: str) -> None:
    assert len(properties(assembly, "AWS::CloudWatch::Alarm")) == IDLE_PARTS["alarms"]
    assert len(properties(assembly, "AWS::SecretsManager::Secret")) == IDLE_PARTS["secrets"]
    assert len(properties(assembly, "AWS::KMS::Key")) == IDLE_PARTS["keys"] - (stage == "dev")
    cpu = {most["most"] * 4 for name, most in WORKERS.items() if name == stage}
    assert cpu == {each["MaxvCpus"] for each in _computing(assembly) if each["Type"] == "FARGATE"}


def test_changes_are_told_together_where_nobody_waits_for_them(assembly: Path) -> None:
    windows = {
        json.dumps(each["EventSourceArn"]): each.get("MaximumBatchingWindowInSeconds", 0)
        for each in properties(assembly, "AWS::Lambda::EventSourceMapping")
    }
    found = {name: window for arn, window in windows.items() for name in ("JobMetrics", "Socket") if name in arn}
    assert found == {"JobMetrics": 20, "Socket": 0}


def test_prod_has_no_origin_on_somebodys_machine_and_no_secret_that_others_know(prod: Path) -> None:
    for template in prod.glob("*.template.json"):
        assert not re.search(r"localhost|127\.0\.0\.1", template.read_text()), template.name
    for secret in properties(prod, "AWS::SecretsManager::Secret"):
        assert "SecretString" not in secret
    for origin in ("http://localhost:8000", "https://localhost", "http://studio.example.org", "*"):
        with pytest.raises(ValueError, match="prod"):
            origins_of("prod", [origin])
    assert origins_of("dev", ["http://localhost:5173"]) == ["http://localhost:5173"]


def test_workers_stay_warm_where_a_deployment_says_so(prod: Path) -> None:
    told = {name: f["Environment"]["Variables"].get("SOUNDSTAGE_WARM_WORKERS") for name, f in functions(prod).items()}
    assert [warm for name, warm in told.items() if name.startswith("WakeCpu")] == ["1"]
    assert [warm for name, warm in told.items() if name.startswith("WakeGpu")] == ["0"]
    with pytest.raises(ValueError, match="tpu"):
        OnAws(warm_workers={"tpu": 1})


def test_an_architecture_that_lambda_has_not_is_refused() -> None:
    with pytest.raises(ValueError, match="sparc"):
        OnAws(architecture="sparc")  # type: ignore[arg-type]


def test_operators_may_send_on_every_event_that_reached_no_target(prod: Path) -> None:
    app = json.loads((prod / "soundstage-prod-app.template.json").read_text())["Resources"]
    rules = [each["Properties"]["Targets"] for each in app.values() if each["Type"] == "AWS::Events::Rule"]
    targets = [json.dumps(target["Arn"]) for each in rules for target in each if "DeadLetterConfig" in target]
    actions = {"lambda:InvokeFunction", "states:StartExecution", "sqs:SendMessage"}
    allowed = [
        json.dumps(statement["Resource"])
        for name, each in app.items()
        if each["Type"] == "AWS::IAM::Role" and name.startswith("Administration")
        for policy in each["Properties"]["Policies"]
        for statement in policy["PolicyDocument"]["Statement"]
        if actions & set([statement["Action"]] if isinstance(statement["Action"], str) else statement["Action"])
    ]
    assert len(targets) > 5
    assert [target for target in targets if not any(target in each for each in allowed)] == []
