"""Where functions get their code from: layers and an image on AWS, this checkout in stage ``local``."""

import sys
from typing import Any, Literal, Protocol

from aws_cdk import aws_ecr_assets as ecr_assets
from aws_cdk import aws_lambda as lambda_
from constructs import Construct

from infra import ROOT
from infra.acknowledge import acknowledge
from infra.on_aws import Architecture
from soundstage.products.base import Code


class CodeSource(Protocol):
    def function(
        self, scope: Construct, *, handler: str, code: Code, environment: dict[str, str], **properties: Any
    ) -> lambda_.Function:
        """A function with id ``Function`` that runs ``handler``; ``properties`` are Lambda's own."""


class Checkout:
    """Stage ``local``: a bootstrap that runs the handler from the working tree, so that edits need no deployment."""

    def __init__(self) -> None:
        self._bootstrap = lambda_.Code.from_asset(str(ROOT / "infra" / "bootstrap"))

    def function(
        self,
        scope: Construct,
        *,
        handler: str,
        code: Code,  # noqa: ARG002  (the environment of the checkout has everything)
        environment: dict[str, str],
        **properties: Any,
    ) -> lambda_.Function:
        where = {"SOUNDSTAGE_CHECKOUT": str(ROOT), "SOUNDSTAGE_PYTHON": sys.executable}
        return lambda_.Function(
            scope,
            "Function",
            runtime=lambda_.Runtime.PROVIDED_AL2023,
            handler=handler,
            code=self._bootstrap,
            environment={**environment, **where},
            **properties,
        )


class Packaged:
    """AWS: Python 3.13 with a layer, or the worker's image for the steps that call ffmpeg."""

    def __init__(self, scope: Construct, architecture: Architecture) -> None:
        """The image is always built for x86-64, as workers are."""
        self._scope = scope
        self._wanted = architecture
        self._architecture = lambda_.Architecture.ARM_64 if architecture == "arm64" else lambda_.Architecture.X86_64
        self._functions = lambda_.Code.from_asset(
            str(ROOT), exclude=["*", "!functions", "!functions/**", "**/__pycache__"]
        )
        self._layers: dict[str, lambda_.LayerVersion] = {}

    def _layer(self, name: str) -> lambda_.LayerVersion:
        """Built when the first function of this stack asks for it."""
        from infra import layer  # noqa: PLC0415  (numpy; stage local has no layers)

        if name not in self._layers:
            wanted = next(known for known in layer.layers() if known.name == name)
            self._layers[name] = lambda_.LayerVersion(
                self._scope,
                f"{name.title()}Layer",
                code=lambda_.Code.from_asset(str(layer.build(wanted, self._wanted))),
                compatible_runtimes=[lambda_.Runtime.PYTHON_3_13],
                compatible_architectures=[self._architecture],
                description=f"soundstage: {name}",
            )
        return self._layers[name]

    def function(
        self, scope: Construct, *, handler: str, code: Code, environment: dict[str, str], **properties: Any
    ) -> lambda_.Function:
        if code == "image":
            return lambda_.DockerImageFunction(
                scope,
                "Function",
                code=lambda_.DockerImageCode.from_image_asset(
                    **worker_image("cpu"), entrypoint=["python", "-m", "awslambdaric"], cmd=[handler]
                ),
                architecture=lambda_.Architecture.X86_64,
                environment=environment,
                **properties,
            )
        function = lambda_.Function(
            scope,
            "Function",
            runtime=lambda_.Runtime.PYTHON_3_13,
            architecture=self._architecture,
            handler=handler,
            code=self._functions,
            layers=[self._layer(code)],
            environment=environment,
            **properties,
        )
        acknowledge(function, {"AwsSolutions-L1": "The layers' wheels are locked and measured for Python 3.13."})
        return function


def worker_image(target: Literal["cpu", "gpu"]) -> dict[str, Any]:
    """The arguments of an image asset: the one Dockerfile with its own ignore file, built when a stack is deployed.

    Docker reads that file, and the CDK does not: it would hash all that lies in the checkout, and follow its changes.
    """
    dockerfile = "containers/gpu-render/Dockerfile"
    return {
        "directory": str(ROOT),
        "file": dockerfile,
        "exclude": (ROOT / f"{dockerfile}.dockerignore").read_text(encoding="utf-8").split(),
        "target": target,
        "platform": ecr_assets.Platform.LINUX_AMD64,
    }
