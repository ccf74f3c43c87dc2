"""Deploy the CDK app to an instance, doing only what has not been done: synthesis when its inputs changed, deployment
when the templates changed or the cloud has forgotten the stacks.
"""

import json
from contextlib import suppress
from hashlib import sha256
from pathlib import Path

from infra.local.aws import client
from infra.local.services import base_environment
from infra.local.settings import ACCOUNT, REGION, ROOT, InstanceSettings
from infra.local.supervisor import Supervisor
from infra.local.synthesis import Assembly, node

ASSEMBLY = Assembly("local")
TOOLKIT = "CDKToolkit"


def outputs(settings: InstanceSettings) -> dict[str, str]:
    """Of all stacks that an instance has, together; their names are unique by design (``infra.outputs``)."""
    stacks = json.loads(_outputs_file(settings).read_text())
    return {name: value for stack in stacks.values() for name, value in stack.items()}


def _outputs_file(settings: InstanceSettings) -> Path:
    return settings.home / "outputs.json"


class Deployer:
    def __init__(self, settings: InstanceSettings, supervisor: Supervisor) -> None:
        self._settings = settings
        self._supervisor = supervisor
        self._outputs_file = _outputs_file(settings)
        self._deployed_stamp = settings.home / "deployed"
        self._environment = base_environment(settings) | {
            "CDK_DEFAULT_ACCOUNT": ACCOUNT,
            "CDK_DEFAULT_REGION": REGION,
            "JSII_SILENCE_WARNING_UNTESTED_NODE_VERSION": "1",
            "NO_COLOR": "1",
        }

    def synthesised(self) -> bool:
        return ASSEMBLY.is_current()

    def synthesise(self) -> None:
        ASSEMBLY.make(lambda command, environment: self._supervisor.run("synth", command, environment, cwd=ROOT))

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
            self._cdk("bootstrap", "--app", ASSEMBLY.folder, f"aws://{ACCOUNT}/{REGION}")
        self._cdk(
            *("deploy", "--all", "--app", ASSEMBLY.folder, "--outputs-file", self._outputs_file),
            *("--require-approval", "never", "--method", "direct", "--progress", "events"),
        )
        self._deployed_stamp.write_text(self._assembly_hash())

    def outputs(self) -> dict[str, str]:
        return outputs(self._settings)

    def look_after_what_was_interrupted(self) -> bool:
        """Have the rescuer do it, who otherwise comes every minute and waits for leases to run out. False when
        the cloud does not take the call."""
        from botocore.exceptions import BotoCoreError, ClientError  # noqa: PLC0415  (0.2 s)

        try:
            client("lambda", self._settings).invoke(
                FunctionName="soundstage-local-jobs-rescue", InvocationType="Event", Payload=b'{"restarted": true}'
            )
        except (BotoCoreError, ClientError):
            return False
        return True

    def _assembly_hash(self) -> str:
        folder = ASSEMBLY.folder
        digest = sha256()
        for file in sorted(folder.glob("*.template.json")) + sorted(folder.glob("*.assets.json")):
            digest.update(file.read_bytes())
        return digest.hexdigest()

    def _complete(self, stack: str) -> bool:
        from botocore.exceptions import ClientError  # noqa: PLC0415  (0.2 s)

        with suppress(ClientError):
            found = client("cloudformation", self._settings).describe_stacks(StackName=stack)["Stacks"]
            return bool(found) and found[0]["StackStatus"] in ("CREATE_COMPLETE", "UPDATE_COMPLETE")
        return False

    def _cdk(self, *arguments: str | Path) -> None:
        cdk = ROOT / "infra" / "node_modules" / "aws-cdk" / "bin" / "cdk"
        self._supervisor.run("deploy", [node(), cdk, *arguments], self._environment, cwd=ROOT)


def _read(path: Path) -> str | None:
    return path.read_text() if path.exists() else None
