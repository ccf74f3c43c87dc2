"""Findings of cdk-nag that we accept, one by one, each with its reason."""

from typing import Any

from aws_cdk import Acknowledgment, Stack, Validations
from constructs import IConstruct


def acknowledge(construct: IConstruct, reasons: dict[str, str]) -> None:
    """``reasons`` maps a rule, or one finding of it (``Rule[Finding]``), to why it does not apply here."""
    for rule, reason in reasons.items():
        Validations.of(construct).acknowledge(Acknowledgment(id=rule, reason=reason))


def acknowledge_wildcard(construct: IConstruct, arn: str, reason: str) -> None:
    """One wildcard resource in the policies of ``construct``: the rule names it as the template will spell it."""
    spelled = _flat(Stack.of(construct).resolve(arn))
    acknowledge(construct, {f"AwsSolutions-IAM5[Resource::{spelled}]": reason})


def _flat(value: Any) -> str:
    """A CloudFormation expression as cdk-nag writes it (its ``flattenCfnReference``)."""
    match value:
        case str():
            return value.replace("${", "<").replace("}", ">")
        case {"Fn::Join": [str(delimiter), list(items)]}:
            return delimiter.join(_flat(item) for item in items)
        case {"Fn::GetAtt": [resource, attribute]}:
            return f"<{_flat(resource)}.{_flat(attribute)}>"
        case {"Fn::ImportValue": name}:
            return _flat(name)
        case {"Ref": name}:
            return f"<{_flat(name)}>"
        case _:
            raise ValueError(f"no spelling known for {value!r}")
