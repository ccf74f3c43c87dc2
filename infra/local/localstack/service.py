"""LocalStack as the cloud of an instance: from packages, or as the image of an account with Docker."""

import os
import shutil
import signal
import sys

from infra.local.localstack import PLUGIN, environment
from infra.local.service import Service
from infra.local.services import answers, base_environment, socket_folder
from infra.local.settings import ROOT, InstanceSettings

# The images of 2026 need an account's token.
IMAGE = "localstack/localstack:2026.3.0"
TOKEN = "LOCALSTACK_AUTH_TOKEN"  # noqa: S105  (a variable's name)
# On both: signed URLs are checked, and what CloudFormation cannot make (the HTTP API) is left out.
STRICT = {
    "S3_SKIP_SIGNATURE_VALIDATION": "0",
    "CFN_IGNORE_UNSUPPORTED_RESOURCE_TYPES": "1",
    "LAMBDA_KEEPALIVE_MS": "3600000",
    "LAMBDA_RUNTIME_ENVIRONMENT_TIMEOUT": "60",
    "DISABLE_EVENTS": "1",
}


def from_packages(settings: InstanceSettings) -> Service:
    """Raises Unavailable. Its functions are its children and inherit its environment. It keeps nothing of a run."""
    python = environment.bring()
    address = f"127.0.0.1:{settings.cloud_port}"
    home = settings.home / "cloud" / "localstack"
    home.mkdir(parents=True, exist_ok=True)
    own = {
        # An IPv4 address is ignored, and it would listen on every interface.
        "GATEWAY_LISTEN": f"[::ffff:127.0.0.1]:{settings.cloud_port}",
        "LOCALSTACK_HOST": address,
        "LAMBDA_RUNTIME_EXECUTOR": "process",
        "PROVIDER_OVERRIDE_DYNAMODB": "moto",
        "PYTHONPATH": str(PLUGIN),
        "DOCKER_HOST": "unix:///nonexistent",  # never look for one
        "SKIP_SSL_CERT_DOWNLOAD": "1",
        "DNS_ADDRESS": "0",
        "HOME": str(home),
        "FILESYSTEM_ROOT": str(home),
    }
    return Service(
        name="cloud",
        command=[python, "-m", "localstack.runtime.main"],
        environment=base_environment(settings) | STRICT | own,
        working_directory=home,
        ready=lambda: answers(f"{settings.endpoint_url}/_localstack/health"),
        keeps_state=True,
        stop_whole_group=True,
        stop_signal=signal.SIGKILL,  # it would wait ten seconds for its threads, and has nothing to save
    )


def from_image(settings: InstanceSettings) -> Service:
    """Raises Unavailable. Functions run in containers that see this checkout, its Python and the database's socket
    under the same paths. Written by LocalStack's documentation; not run yet.
    """
    docker, token = shutil.which("docker"), os.environ.get(TOKEN)
    if docker is None or not token:
        raise environment.Unavailable(f"LocalStack's image needs Docker and an account's token in {TOKEN}.")
    seen = {str(ROOT), sys.base_prefix, sys.prefix, str(settings.home), str(socket_folder(settings))}
    ours = {name: value for name, value in base_environment(settings).items() if name.startswith("SOUNDSTAGE_")}
    flags = [*(f"-v {path}:{path}" for path in sorted(seen)), *(f"-e {name}={value}" for name, value in ours.items())]
    told = {**STRICT, "LAMBDA_DOCKER_FLAGS": " ".join(flags), "LOCALSTACK_HOST": f"127.0.0.1:{settings.cloud_port}"}
    name = f"soundstage-{settings.instance}"
    return Service(
        name="cloud",
        command=[
            *(docker, "run", "--rm", "--name", name, "-p", f"127.0.0.1:{settings.cloud_port}:4566"),
            *("-v", "/var/run/docker.sock:/var/run/docker.sock", "-e", TOKEN),  # the value is in the environment only
            *(part for variable, value in told.items() for part in ("-e", f"{variable}={value}")),
            IMAGE,
        ],
        environment=base_environment(settings) | {TOKEN: token},
        working_directory=ROOT,
        ready=lambda: answers(f"{settings.endpoint_url}/_localstack/health"),
        ready_timeout_s=600.0,  # the image may have to be fetched
        keeps_state=True,
    )
