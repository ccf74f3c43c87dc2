"""Questions to a cloud; each answer is a few words. AWS's answers are from its documentation, not measured."""

import json
import secrets
import time
from collections.abc import Callable
from typing import Any, Protocol

import httpx
from botocore.exceptions import ClientError


class Clients(Protocol):
    def __call__(self, service: str) -> Any: ...


def _name() -> str:
    return f"probe-{secrets.token_hex(6)}"


def _bucket(cloud: Clients) -> str:
    name = _name()
    cloud("s3").create_bucket(Bucket=name, CreateBucketConfiguration={"LocationConstraint": "eu-central-1"})
    return name


def _table(cloud: Clients) -> str:
    name = _name()
    cloud("dynamodb").create_table(
        TableName=name,
        BillingMode="PAY_PER_REQUEST",
        AttributeDefinitions=[{"AttributeName": "pk", "AttributeType": "S"}],
        KeySchema=[{"AttributeName": "pk", "KeyType": "HASH"}],
    )
    cloud("dynamodb").get_waiter("table_exists").wait(TableName=name)
    return name


def failed_condition(cloud: Clients) -> str:
    table, dynamodb = _table(cloud), cloud("dynamodb")
    dynamodb.put_item(TableName=table, Item={"pk": {"S": "a"}, "v": {"N": "1"}})
    try:
        dynamodb.put_item(
            TableName=table,
            Item={"pk": {"S": "a"}},
            ConditionExpression="attribute_not_exists(pk)",
            ReturnValuesOnConditionCheckFailure="ALL_OLD",
        )
    except ClientError as refused:
        return "refused, with the item" if "Item" in refused.response else "refused, without the item"
    return "accepted"


def transaction_token(cloud: Clients) -> str:
    table, dynamodb = _table(cloud), cloud("dynamodb")
    add = {"TableName": table, "Key": {"pk": {"S": "a"}}, "UpdateExpression": "ADD v :one"}
    add["ExpressionAttributeValues"] = {":one": {"N": "1"}}
    for _ in range(2):
        dynamodb.transact_write_items(TransactItems=[{"Update": add}], ClientRequestToken="x" * 36)
    found = dynamodb.get_item(TableName=table, Key={"pk": {"S": "a"}})["Item"]["v"]["N"]
    return "idempotent" if found == "1" else "applied twice"


def range_of_an_object(cloud: Clients) -> str:
    bucket, s3 = _bucket(cloud), cloud("s3")
    s3.put_object(Bucket=bucket, Key="k", Body=b"0123456789")
    got = s3.get_object(Bucket=bucket, Key="k", Range="bytes=2-4")
    return f"{got['ResponseMetadata']['HTTPStatusCode']} {got['Body'].read().decode()}"


def forged_signature(cloud: Clients) -> str:
    bucket, s3 = _bucket(cloud), cloud("s3")
    s3.put_object(Bucket=bucket, Key="k", Body=b"x")
    url = s3.generate_presigned_url("get_object", Params={"Bucket": bucket, "Key": "k"})
    return f"{httpx.get(url).status_code}, forged {httpx.get(url.replace('Signature=', 'Signature=0')).status_code}"


def key_in_an_event(cloud: Clients) -> str:
    bucket, s3, sqs, events = _bucket(cloud), cloud("s3"), cloud("sqs"), cloud("events")
    rule = _name()
    queue = sqs.create_queue(QueueName=rule)["QueueUrl"]
    arn = sqs.get_queue_attributes(QueueUrl=queue, AttributeNames=["QueueArn"])["Attributes"]["QueueArn"]
    s3.put_bucket_notification_configuration(Bucket=bucket, NotificationConfiguration={"EventBridgeConfiguration": {}})
    events.put_rule(Name=rule, EventPattern=json.dumps({"source": ["aws.s3"]}))
    events.put_targets(Rule=rule, Targets=[{"Id": "1", "Arn": arn}])
    s3.put_object(Bucket=bucket, Key="a b+é", Body=b"x")
    for _ in range(5):
        for message in sqs.receive_message(QueueUrl=queue, WaitTimeSeconds=1).get("Messages", []):
            thing = json.loads(message["Body"])["detail"]["object"]
            raw = "raw key" if thing["key"] == "a b+é" else f"key {thing['key']}"
            return f"{raw}, {'etag' if 'etag' in thing else 'eTag'}"
    return "no event"


def _machine(cloud: Clients, state: dict[str, Any]) -> str:
    definition = {"QueryLanguage": "JSONata", "StartAt": "A", "States": {"A": {**state, "End": True}}}
    role = "arn:aws:iam::000000000000:role/probe"
    made = cloud("stepfunctions").create_state_machine(name=_name(), roleArn=role, definition=json.dumps(definition))
    return str(made["stateMachineArn"])


def _ended(cloud: Clients, machine: str) -> dict[str, Any]:
    """Of a new execution, as soon as it has ended."""
    states = cloud("stepfunctions")
    arn = states.start_execution(stateMachineArn=machine, input='{"numbers": [1, 2, 39]}')["executionArn"]
    for _ in range(100):
        if (found := states.describe_execution(executionArn=arn))["status"] != "RUNNING":
            break
        time.sleep(0.1)
    return dict(found)


def name_used_again(cloud: Clients) -> str:
    states = cloud("stepfunctions")
    arn = _machine(cloud, {"Type": "Wait", "Seconds": 5})
    states.start_execution(stateMachineArn=arn, name="n", input="{}")
    try:
        states.start_execution(stateMachineArn=arn, name="n", input="{}")
    except ClientError as refused:
        return str(refused.response["Error"]["Code"])
    return "accepted"


def expression(cloud: Clients) -> str:
    words = "{% {'sum': $sum($states.input.numbers), 'names': $states.input.numbers.('n' & $string($))} %}"
    return str(json.loads(_ended(cloud, _machine(cloud, {"Type": "Pass", "Output": words}))["output"]))


def expression_without_a_value(cloud: Clients) -> str:
    return str(_ended(cloud, _machine(cloud, {"Type": "Pass", "Output": {"it": "{% $states.input.none %}"}}))["error"])


def expression_that_fails(cloud: Clients) -> str:
    return str(_ended(cloud, _machine(cloud, {"Type": "Pass", "Output": "{% $number('x') %}"}))["error"])


def task_token(cloud: Clients) -> str:
    """A task that waits for its token is answered by it, once."""
    sqs, states = cloud("sqs"), cloud("stepfunctions")
    queue = sqs.create_queue(QueueName=_name())["QueueUrl"]
    task: dict[str, Any] = {"Type": "Task", "Resource": "arn:aws:states:::sqs:sendMessage.waitForTaskToken"}
    task["Arguments"] = {"QueueUrl": queue, "MessageBody": {"token": "{% $states.context.Task.Token %}"}}
    execution = states.start_execution(stateMachineArn=_machine(cloud, task))["executionArn"]
    (message,) = sqs.receive_message(QueueUrl=queue, WaitTimeSeconds=10)["Messages"]
    token = json.loads(message["Body"])["token"]
    states.send_task_success(taskToken=token, output='{"done": true}')
    for _ in range(100):
        if (found := states.describe_execution(executionArn=execution))["status"] != "RUNNING":
            break
        time.sleep(0.1)
    return f"{found['status']}, again {_refusal(states.send_task_success, taskToken=token, output='{}')}"


def _refusal(call: Callable[..., Any], **parameters: Any) -> str:
    try:
        call(**parameters)
    except ClientError as refused:
        return str(refused.response["Error"]["Code"]).rpartition(".")[2]
    return "accepted"


def error_names(cloud: Clients) -> str:
    """Those that code of ours tells apart."""
    return ", ".join(
        (
            _refusal(cloud("s3").get_object, Bucket=_bucket(cloud), Key="none"),
            _refusal(cloud("s3").head_object, Bucket=_bucket(cloud), Key="none"),
            _refusal(cloud("dynamodb").get_item, TableName=_name(), Key={"pk": {"S": "a"}}),
            _refusal(cloud("secretsmanager").get_secret_value, SecretId=_name()),
            _refusal(
                cloud("stepfunctions").describe_execution,
                executionArn=f"arn:aws:states:eu-central-1:000000000000:execution:{_name()}:none",
            ),
        )
    )


PROBES = {
    failed_condition: "refused, with the item",
    transaction_token: "idempotent",
    range_of_an_object: "206 234",
    forged_signature: "200, forged 403",
    key_in_an_event: "raw key, etag",
    name_used_again: "accepted",
    expression: "{'sum': 42, 'names': ['n1', 'n2', 'n39']}",
    expression_without_a_value: "States.QueryEvaluationError",
    expression_that_fails: "States.QueryEvaluationError",
    task_token: "SUCCEEDED, again TaskTimedOut",
    error_names: "NoSuchKey, 404, ResourceNotFoundException, ResourceNotFoundException, ExecutionDoesNotExist",
}
