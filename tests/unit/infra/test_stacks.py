"""All stages synthesise, and nobody who knows better finds anything: cdk-nag, cfn-lint, or the embedded cloud."""

import ast
import json
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from functions.api.settings import ApiSettings
from infra import ROOT
from infra.access_settings import access_settings
from infra.local.synthesis import Assembly
from infra.stages import STAGES
from tests.fixtures.assemblies import ASSEMBLIES, IN_PLACE, SAID, resources

from soundstage.models.limits import Limits

pytestmark = pytest.mark.slow


def findings(assembly: Path) -> list[str]:
    report = json.loads((assembly / "validation-report.json").read_text())
    return [violation["ruleName"] for plugin in report["pluginReports"] for violation in plugin["violations"]]


@pytest.fixture(scope="module")
def assemblies() -> dict[str, Path]:
    return {stage: assembly.make() for stage, assembly in ASSEMBLIES.items()}


@pytest.fixture(params=ASSEMBLIES)
def assembly(request: pytest.FixtureRequest, assemblies: dict[str, Path]) -> Path:
    return assemblies[request.param]


def test_cdk_nag_finds_nothing(assembly: Path) -> None:
    assert findings(assembly) == []


def test_every_stage_is_looked_at() -> None:
    assert set(ASSEMBLIES) == set(STAGES)


def test_cdk_nag_would_find_something() -> None:
    careless = Assembly("careless", IN_PLACE, app="tests.fixtures.careless_app").make()
    assert findings(careless) == ["AwsSolutions-S1", "AwsSolutions-S10"]


def test_cfn_lint_finds_nothing(assemblies: dict[str, Path]) -> None:
    # W3005: the CDK writes dependencies that a reference implies already.
    # dev is prod with other numbers, and local goes to the embedded cloud alone, whose own deployment is its judge.
    lint = [
        str(Path(sys.executable).with_name("cfn-lint")),
        "--ignore-checks",
        "W3005",
        "--regions",
        "us-east-1",
        "eu-central-1",
        "--template",
    ]
    templates = [str(path) for path in assemblies["prod"].glob("*.template.json")]
    found = subprocess.run([*lint, *templates], capture_output=True, text=True, check=False)  # noqa: S603
    assert found.returncode == 0, found.stdout


def test_the_embedded_cloud_knows_every_resource(
    assemblies: dict[str, Path], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("STATE_DIR", str(tmp_path))  # it makes a folder and a key there when it is imported
    from ministack.services.cloudformation.provisioners import _RESOURCE_HANDLERS  # noqa: PLC0415

    kinds = {resource["Type"] for _, resource in resources(assemblies["local"])}
    assert kinds - set(_RESOURCE_HANDLERS) == set()


def handlers(assembly: Path) -> Iterator[tuple[str, str]]:
    """Name and handler of our own functions (the CDK brings some of its own for deployments)."""
    for name, function in resources(assembly, "AWS::Lambda::Function"):
        properties = function["Properties"]
        handler = properties.get("Handler") or properties.get("ImageConfig", {}).get("Command", [""])[0]
        if handler.startswith("functions."):
            yield name, handler


def test_every_function_has_its_handler(assembly: Path) -> None:
    found = dict(handlers(assembly))
    assert len(found) >= 15
    for name, handler in found.items():
        module, _, function = handler.rpartition(".")
        tree = ast.parse((ROOT / module.replace(".", "/")).with_suffix(".py").read_text())
        assert function in {getattr(node, "name", None) for node in tree.body}, name


def environments(assembly: Path, handler: str) -> list[dict[str, Any]]:
    """Of the functions with this handler."""
    return [
        function["Properties"]["Environment"]["Variables"]
        for _, function in resources(assembly, "AWS::Lambda::Function")
        if function["Properties"].get("Handler") == f"functions.{handler}.handler"
    ]


def test_what_a_deployment_says_reaches_the_api(assemblies: dict[str, Path]) -> None:
    (known,) = environments(assemblies["prod"], "api.main")
    assert known["SOUNDSTAGE_CORS_ORIGINS"] == SAID["origins"]


@pytest.mark.parametrize("entry", ["api.main", "api.socket"])
def test_who_may_come_and_how_much_is_told_to_whoever_lets_people_in(
    assemblies: dict[str, Path], entry: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    (variables,) = environments(assemblies["prod"], entry)
    for name, value in variables.items():
        monkeypatch.setenv(name, value if isinstance(value, str) else "https://made.at.deployment.example.org")
    monkeypatch.setenv("SOUNDSTAGE_STATE_MACHINES", "{}")  # made at deployment

    settings = ApiSettings()

    assert (settings.limits.user.requests, settings.limits.plans.of("free").jobs_at_once) == (900, 5)
    assert settings.limits.plans.of("studio") == Limits().plans.studio
    assert (settings.oidc_issuer, settings.oidc_client_id) == ("https://id.example.org", "soundstage")


def test_a_limit_that_there_is_not_or_half_an_issuer_is_refused() -> None:
    with pytest.raises(ValueError, match="Extra inputs"):
        access_settings(limits={"usr": {"requests": 9}}, oidc={})
    with pytest.raises(ValueError, match="issuer"):
        access_settings(limits={}, oidc={"issuer": "https://id.example.org"})


def test_every_handler_is_a_function(assemblies: dict[str, Path]) -> None:
    steps = {
        f"functions.{path.parent.name}.{path.stem}.handler"
        for path in (ROOT / "functions").glob("*/*.py")
        if any(getattr(node, "name", None) == "handler" for node in ast.parse(path.read_text()).body)
    }
    assert steps <= {handler for _, handler in handlers(assemblies["prod"])}


def test_every_function_has_a_role_a_log_and_an_alarm_of_its_own(assembly: Path) -> None:
    ours = dict(handlers(assembly))
    functions = {name: f["Properties"] for name, f in resources(assembly, "AWS::Lambda::Function") if name in ours}
    roles = [json.dumps(function["Role"]) for function in functions.values()]
    assert len(set(roles)) == len(roles)
    logs = [json.dumps(function["LoggingConfig"]["LogGroup"]) for function in functions.values()]
    assert len(set(logs)) == len(logs)
    alarmed = {
        json.dumps(alarm["Properties"]["Dimensions"][0]["Value"]["Ref"])
        for _, alarm in resources(assembly, "AWS::CloudWatch::Alarm")
        if alarm["Properties"].get("MetricName") == "Errors"
    }
    assert {json.dumps(name.split("/")[1]) for name in functions} <= alarmed


def test_every_alarm_is_heard(assemblies: dict[str, Path]) -> None:
    """CloudWatch rings a topic only when its policy and its key's name it; otherwise it fails without a sound."""
    prod = assemblies["prod"]
    alarms = dict(resources(prod, "AWS::CloudWatch::Alarm"))
    assert [name for name, alarm in alarms.items() if not alarm["Properties"].get("AlarmActions")] == []
    (topic,) = [r for _, r in resources(prod, "AWS::SNS::TopicPolicy")]
    rung = [r["Properties"] for _, r in resources(prod) if r["Type"] == "AWS::SNS::Topic"]
    (key,) = [properties["KmsMasterKeyId"]["Fn::GetAtt"][0] for properties in rung]
    assert _allowed(topic["Properties"]["PolicyDocument"], "cloudwatch.amazonaws.com") == {"sns:Publish"}
    to_use = {"kms:Decrypt", "kms:GenerateDataKey*"}
    (policy,) = [
        r["Properties"]["KeyPolicy"] for name, r in resources(prod, "AWS::KMS::Key") if name.rpartition("/")[2] == key
    ]
    assert to_use <= _allowed(policy, "cloudwatch.amazonaws.com")


def _allowed(policy: dict[str, Any], service: str) -> set[str]:
    statements = [
        statement
        for statement in policy["Statement"]
        if statement["Effect"] == "Allow" and f'"{service}"' in json.dumps(statement["Principal"].get("Service"))
    ]
    actions = [s["Action"] for s in statements]
    return {action for given in actions for action in ([given] if isinstance(given, str) else given)}


def test_tokens_of_shares_are_in_no_access_log(assembly: Path) -> None:
    stages = [r["Properties"] for _, r in resources(assembly, "AWS::ApiGatewayV2::Stage")]
    assert stages
    for stage in stages:
        logged = stage["AccessLogSettings"]["Format"]
        assert "$context.status" in logged
        assert not re.search(r"\$context\.(path|routeKey|authorizer|error)", logged)
        assert not stage["DefaultRouteSettings"].get("DataTraceEnabled")  # it logs what clients send: tokens


def test_only_who_pushes_may_reach_clients_of_sockets(assemblies: dict[str, Path]) -> None:
    allowed = {
        name: statement["Resource"]
        for name, role in resources(assemblies["prod"], "AWS::IAM::Role")
        for policy in role["Properties"].get("Policies", [])
        for statement in policy["PolicyDocument"]["Statement"]
        if "execute-api:ManageConnections" in statement["Action"]
    }
    assert len(allowed) == 2, sorted(allowed)
    assert all("/live/*/@connections/*" in json.dumps(resource) for resource in allowed.values())


def test_the_function_of_sockets_hears_messages_and_that_clients_left(assemblies: dict[str, Path]) -> None:
    routes = {route["Properties"]["RouteKey"] for _, route in resources(assemblies["prod"], "AWS::ApiGatewayV2::Route")}
    permitted = json.dumps([one["Properties"] for _, one in resources(assemblies["prod"], "AWS::Lambda::Permission")])

    assert {"$default", "$disconnect"} <= routes
    assert "*/$default" in permitted
    assert "*/$disconnect" in permitted


def test_no_stack_comes_near_what_cloudformation_takes(assembly: Path) -> None:
    """It takes 500 resources and 200 outputs in a stack, and templates of 1 MB."""
    for path in assembly.glob("*.template.json"):
        template = json.loads(path.read_text())
        assert len(template["Resources"]) < 400, path.name
        assert len(template.get("Outputs", {})) < 150, path.name
        assert path.stat().st_size < 800_000, path.name


def test_a_function_in_the_databases_network_may_attach_itself(assemblies: dict[str, Path]) -> None:
    """The CDK sees to it only for roles that it makes itself."""
    functions = dict(resources(assemblies["prod"], "AWS::Lambda::Function"))
    within = {f["Properties"]["Role"]["Fn::GetAtt"][0] for f in functions.values() if "VpcConfig" in f["Properties"]}
    may = {
        name.rpartition("/")[2]
        for name, role in resources(assemblies["prod"], "AWS::IAM::Role")
        if "AWSLambdaVPCAccessExecutionRole" in json.dumps(role["Properties"].get("ManagedPolicyArns"))
    }
    assert within
    assert within == may


def test_logs_do_not_stay_forever(assembly: Path) -> None:
    groups = dict(resources(assembly, "AWS::Logs::LogGroup"))
    assert groups
    assert [name for name, group in groups.items() if "RetentionInDays" not in group["Properties"]] == []


def test_what_people_made_outlives_production(assemblies: dict[str, Path]) -> None:
    kept = ("AWS::S3::Bucket", "AWS::DynamoDB::GlobalTable", "AWS::RDS::DBCluster", "AWS::SecretsManager::Secret")
    for kind in kept:
        found = [resource for _, resource in resources(assemblies["prod"], kind) if resource["Type"] == kind]
        assert found, kind
        assert {resource["DeletionPolicy"] for resource in found} <= {"Retain", "Snapshot"}, kind


def test_the_bucket_is_private_versioned_and_speaks(assembly: Path) -> None:
    buckets = [r["Properties"] for _, r in resources(assembly, "AWS::S3::Bucket") if r["Type"] == "AWS::S3::Bucket"]
    assert all(all(bucket["PublicAccessBlockConfiguration"].values()) for bucket in buckets)
    (bucket,) = [bucket for bucket in buckets if "CorsConfiguration" in bucket]  # the other one holds the console
    assert bucket["VersioningConfiguration"]["Status"] == "Enabled"
    assert bucket["NotificationConfiguration"]["EventBridgeConfiguration"]["EventBridgeEnabled"] is True
    assert any(rule.get("Prefix") == "work/" for rule in bucket["LifecycleConfiguration"]["Rules"])
    # Whoever deploys without a word about origins has a console, which uploads.
    assert bucket["CorsConfiguration"]["CorsRules"][0]["AllowedOrigins"] == ["*"]


def test_workers_and_queues_agree(assemblies: dict[str, Path]) -> None:
    """A worker must give a task up when the queue does."""
    prod = assemblies["prod"]
    queues = [queue["Properties"] for _, queue in resources(prod, "AWS::SQS::Queue")]
    queues = [queue for queue in queues if queue.get("QueueName", "").endswith(("-cpu", "-gpu"))]
    jobs = [j["Properties"] for _, j in resources(prod, "AWS::Batch::JobDefinition")]
    assert len(queues) == len(jobs) == 2
    concurrent = {
        variable["Value"]
        for job in jobs
        for variable in job["ContainerProperties"]["Environment"]
        if variable["Name"] == "SOUNDSTAGE_WORKER_CONCURRENCY"
    }
    woken = {variables["SOUNDSTAGE_WORKER_CONCURRENCY"] for variables in environments(prod, "workers.wake")}
    assert concurrent == woken == {"4", "1"}  # or too many workers would be started, or too few
    deliveries = {queue["RedrivePolicy"]["maxReceiveCount"] for queue in queues}
    told = {
        variable["Value"]
        for job in jobs
        for variable in job["ContainerProperties"]["Environment"]
        if variable["Name"] == "SOUNDSTAGE_MAX_DELIVERIES"
    }
    assert {str(number) for number in deliveries} == told


@pytest.mark.parametrize("stage", ["dev", "prod"])
def test_the_console_and_the_api_are_one_origin(assemblies: dict[str, Path], stage: str) -> None:
    found = {name.split("/")[0]: it for name, it in resources(assemblies[stage], "AWS::CloudFront::Distribution")}
    config = next(it for name, it in found.items() if "console" in name)["Properties"]["DistributionConfig"]
    api = {behavior["PathPattern"]: behavior["TargetOriginId"] for behavior in config["CacheBehaviors"]}
    assert {"/v1/*", "/s/*", "/health*", "/.well-known/*"} <= set(api)
    assert config["DefaultCacheBehavior"]["TargetOriginId"] not in api.values()
    headers = [it for name, it in resources(assemblies[stage], "AWS::CloudFront::ResponseHeadersPolicy")]
    policy = json.dumps(headers[0]["Properties"]["ResponseHeadersPolicyConfig"]["SecurityHeadersConfig"])
    assert "script-src 'self';" in policy
    assert "unsafe" not in policy
