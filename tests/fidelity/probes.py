"""Questions to a cloud; each answer is a few words. AWS's answers are from its documentation, not measured."""

import json
import secrets
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


def name_used_again(cloud: Clients) -> str:
    states = cloud("stepfunctions")
    wait = {"StartAt": "A", "States": {"A": {"Type": "Wait", "Seconds": 5, "End": True}}}
    role = "arn:aws:iam::000000000000:role/probe"
    arn = states.create_state_machine(name=_name(), roleArn=role, definition=json.dumps(wait))["stateMachineArn"]
    states.start_execution(stateMachineArn=arn, name="n", input="{}")
    try:
        states.start_execution(stateMachineArn=arn, name="n", input="{}")
    except ClientError as refused:
        return str(refused.response["Error"]["Code"])
    return "accepted"


PROBES = {
    failed_condition: "refused, with the item",
    transaction_token: "idempotent",
    range_of_an_object: "206 234",
    forged_signature: "200, forged 403",
    key_in_an_event: "raw key, etag",
    name_used_again: "accepted",
}
