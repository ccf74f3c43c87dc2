"""Which program plays AWS in an instance: MiniStack, LocalStack from packages, or LocalStack's image."""

from infra.local import services
from infra.local.localstack import service as localstack
from infra.local.service import Service
from infra.local.settings import InstanceSettings

CLOUDS = {
    "ministack": services.cloud,
    "localstack": localstack.from_packages,
    "localstack-image": localstack.from_image,
}


def cloud(settings: InstanceSettings) -> Service:
    """Raises ``infra.local.localstack.environment.Unavailable`` where this machine cannot run it."""
    return CLOUDS[settings.cloud](settings)
