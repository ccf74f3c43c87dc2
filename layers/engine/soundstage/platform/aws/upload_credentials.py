"""Temporary credentials with which a person's program sends many files by itself, and nothing but that."""

import json
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from soundstage.models.ids import Id
from soundstage.platform.aws import clients

LIFE_S = 3600
"""The most that a role may give which was itself assumed (STS, "role chaining")."""


@dataclass(frozen=True, slots=True)
class Credentials:
    access_key_id: str
    secret_access_key: str
    session_token: str
    prefix: str
    expires_at: datetime


def credentials_for(owner_id: Id, *, role_arn: str, bucket: str) -> Credentials:
    """Good for writing under one prefix: what the role may, and of that only what the policy of the session says."""
    prefix = f"uploads/{owner_id}/"
    made = clients.sts().assume_role(
        RoleArn=role_arn,
        RoleSessionName=owner_id,
        DurationSeconds=LIFE_S,
        Policy=json.dumps(session_policy(bucket, prefix, partition=role_arn.split(":")[1])),
    )["Credentials"]
    return Credentials(made["AccessKeyId"], made["SecretAccessKey"], made["SessionToken"], prefix, made["Expiration"])


def session_policy(bucket: str, prefix: str, *, partition: str) -> dict[str, Any]:
    """``partition`` is ``aws``, ``aws-cn`` or ``aws-us-gov``, as ARNs begin."""
    actions = ["s3:PutObject", "s3:AbortMultipartUpload", "s3:ListMultipartUploadParts"]
    allowed = {"Effect": "Allow", "Action": actions, "Resource": f"arn:{partition}:s3:::{bucket}/{prefix}*"}
    return {"Version": "2012-10-17", "Statement": [allowed]}
