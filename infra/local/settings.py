"""What an instance of the embedded cloud is: its name, ports and folder. All from ``SOUNDSTAGE_*`` variables."""

from functools import cached_property
from pathlib import Path
from typing import Literal

from infra.local import run_file
from pydantic import Field, field_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

ROOT = Path(__file__).resolve().parents[2]
REGION = "eu-central-1"
ACCOUNT = "000000000000"


class InstanceSettings(BaseSettings):
    """Two instances with different names, ports and folders run side by side."""

    model_config = SettingsConfigDict(env_prefix="SOUNDSTAGE_", frozen=True, extra="ignore")

    instance: str = Field(default="default", pattern=r"^[a-z0-9][a-z0-9-]{0,30}$")
    cloud: Literal["ministack", "localstack", "localstack-image"] = Field(
        default="ministack", description="The program that plays AWS."
    )
    port: int = Field(default=8000, ge=1024, le=65535, description="The gateway: API and share pages.")
    cloud_port: int = Field(default=4566, ge=1024, le=65535, description="The AWS endpoint.")
    data_dir: Path | None = Field(default=None, description="Default: .local-cloud, or .local-cloud/{instance}.")
    worker_concurrency: int = Field(default=2, ge=1, le=64, description="Tasks that the worker runs at once.")
    function_concurrency: int = Field(
        default=2, ge=1, le=64, description="Calls of one function that run at once, each in a process; others wait."
    )
    temporary: bool = Field(
        default=False, description="Forget everything at the end; nothing needs to survive a crash."
    )
    lock_s: int = Field(default=60, ge=2, le=43_200, description="After so long a dead worker's tasks are taken anew.")

    @field_validator("data_dir", mode="before")
    @classmethod
    def _unset_when_empty(cls, value: object) -> object:
        return value or None

    @cached_property
    def niceness(self) -> int:
        """Of worker and functions: whoever looks, and whatever else runs on a laptop, comes first on the processor."""
        return 0 if self.temporary else 5

    @cached_property
    def home(self) -> Path:
        """Everything the instance keeps is in here."""
        if self.data_dir is not None:
            return self.data_dir.resolve()
        home = ROOT / ".local-cloud"
        # What one program keeps the other cannot read.
        home = home if self.cloud == "ministack" else home / self.cloud
        return home if self.instance == "default" else home / self.instance

    @property
    def logs(self) -> Path:
        return self.home / "logs"

    @property
    def run_file(self) -> Path:
        return self.home / run_file.NAME

    @property
    def url(self) -> str:
        return f"http://localhost:{self.port}"

    @property
    def endpoint_url(self) -> str:
        return f"http://127.0.0.1:{self.cloud_port}"  # by number: with a name, SDKs would put the bucket before it
