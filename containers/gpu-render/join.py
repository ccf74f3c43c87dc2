"""Run the worker on a machine outside AWS: ``python containers/gpu-render/join.py prod gpu``.

The machine's own key, in the environment or wherever else boto3 looks for one, may do nothing but take the pool's role.
What the role says of the pool is read with it, and its credentials are renewed for as long as the worker runs.
"""

import argparse
import json
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

import boto3

OWN = ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_SESSION_TOKEN")


@contextmanager
def joined(stage: str, pool: str) -> Iterator[None]:
    """Within the block this process and those that it starts are of the pool, by their environment."""
    session = boto3.Session()
    own = session.get_credentials()
    if own is None or session.region_name is None:
        raise SystemExit(
            "AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY and AWS_DEFAULT_REGION say who this machine is, and where."
        )
    key = own.get_frozen_credentials()
    _, partition, _, _, account, _ = session.client("sts").get_caller_identity()["Arn"].split(":", 5)
    role = f"arn:{partition}:iam::{account}:role/soundstage-{stage}-worker-{pool}-{session.region_name}"
    with TemporaryDirectory() as folder:  # which nobody else may read
        config, credentials = Path(folder) / "config", Path(folder) / "credentials"
        # boto3 renews what a profile of this kind gets, and takes keys in the environment before it.
        config.write_text(
            f"[profile worker]\nrole_arn = {role}\nsource_profile = own\nregion = {session.region_name}\n"
        )
        token = f"aws_session_token = {key.token}\n" if key.token else ""
        credentials.write_text(
            f"[own]\naws_access_key_id = {key.access_key}\naws_secret_access_key = {key.secret_key}\n{token}"
        )
        for name in OWN:
            os.environ.pop(name, None)
        os.environ |= {
            "AWS_CONFIG_FILE": str(config),
            "AWS_SHARED_CREDENTIALS_FILE": str(credentials),
            "AWS_PROFILE": "worker",
        }
        boto3.DEFAULT_SESSION = None
        told = boto3.client("ssm").get_parameter(Name=f"/soundstage/{stage}/worker/{pool}")
        os.environ |= json.loads(told["Parameter"]["Value"])
        yield


def main() -> None:
    parser = argparse.ArgumentParser(description="A machine outside AWS takes tasks of a pool.")
    parser.add_argument("stage", choices=("dev", "prod"))
    parser.add_argument("pool", choices=("cpu", "gpu"))
    args = parser.parse_args()
    with joined(args.stage, args.pool):
        from worker import main as work  # noqa: PLC0415  (it reads the environment)

        work()


if __name__ == "__main__":
    main()
