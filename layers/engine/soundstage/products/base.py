"""What a product states about itself, once: starting, retrying, ending, deleting, listing and deploying are generic.

A product turns inputs (uploads, or what other jobs made) into something that people keep, by one job of one state
machine. ``docs/adding-a-product.md`` goes through it.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Generic, Literal, TypeVar

from pydantic import BaseModel

from soundstage.models.assets import AssetKind
from soundstage.models.jobs import Job, WorkflowInput

Options = TypeVar("Options", bound=BaseModel)

Code = Literal["engine", "web", "image"]
"""What a function brings along: the layer with the numerics, the layer with the catalog, or the worker's image."""

Pool = Literal["cpu", "gpu"]


@dataclass(frozen=True)
class LambdaStep:
    """One function of a workflow.

    Attributes:
        handler: ``track.audio_check`` is ``handler`` of ``functions/track/audio_check.py``.
        code: ``engine``, ``web``, or ``image`` for what calls ffmpeg, which is larger than a function may be.
        memory_mib: a CPU of its own comes with 1769 (Lambda's documentation, "Memory and computing power").
        timeout_s: of one run; 900 at most.
        disk_mib: of the folder for temporary files, 512 to 10,240.
        reads: prefixes of the bucket whose objects it reads (``work/``).
        writes: prefixes of the bucket under which it writes.
        uses_catalog: it talks to Postgres.
        uses_language_model: it is told the terms of the language model, and may read its key.
        starts: kinds of jobs that it starts. Their products are registered before its own.
    """

    handler: str
    code: Code = "engine"
    memory_mib: int = 512
    timeout_s: int = 60
    disk_mib: int = 512
    reads: tuple[str, ...] = ()
    writes: tuple[str, ...] = ()
    uses_catalog: bool = False
    uses_language_model: bool = False
    starts: tuple[str, ...] = ()

    @property
    def substitution(self) -> str:
        """What stands for the function's ARN in the state machine: ``${AudioCheckFunction}``."""
        return "".join(part.title() for part in self.handler.rpartition(".")[2].split("_")) + "Function"


@dataclass(frozen=True)
class WorkerTask:
    """One task of the workers: ``containers/gpu-render/tasks/{name}.py``. It waits in the queue of its pool."""

    name: str
    pool: Pool = "cpu"

    @property
    def substitution(self) -> str:
        """What stands for the queue's URL in the state machine: ``${CpuQueueUrl}``."""
        return f"{self.pool.title()}QueueUrl"


@dataclass(frozen=True)
class Product(Generic[Options]):
    """A kind of job and all that is its own.

    Attributes:
        kind: of its jobs, and the name of its state machine, ``statemachines/{kind}.asl.json``.
        options: the model of its jobs' options. They say, with the inputs, everything that its row says.
        inputs: role → what plays it: an upload of this kind, or ``job`` for what another job made. Several of one
            role are numbered from 1: ``reference_1`` plays ``reference``.
        steps: as jobs, console and traces show them, in order.
        rows: ``module:class`` of what the catalog keeps of it (``soundstage.products.ports.Rows``).
        natural_key: what may be under way only once. ``request``: the same request of the same person; asked again it
            is the same job. ``subject``: any job that makes the same row; asking for something else is a Conflict.
        made_once: what a job has made for a row is not made again; asking for it is that job.
        collection: where its rows are in the API, ``/v1/{collection}``, and the module of its routes. None: its rows
            are shown as parts of another product's.
        functions: the Lambda steps of its state machine.
        tasks: the worker tasks of its state machine.
        makes: what people call one of its rows, in addresses, ids and messages. Left out: as the kind.
        schemas: name → versioned model (``schema_version``) whose JSON Schema is committed.
    """

    kind: str
    options: type[Options]
    inputs: Mapping[str, AssetKind | Literal["job"]]
    steps: tuple[str, ...]
    rows: str
    natural_key: Literal["request", "subject"] = "request"
    made_once: bool = False
    collection: str | None = None
    functions: tuple[LambdaStep, ...] = ()
    tasks: tuple[WorkerTask, ...] = ()
    schemas: Mapping[str, type[BaseModel]] = field(default_factory=dict)
    makes: str | None = None

    @property
    def noun(self) -> str:
        """What one of its rows is called."""
        return self.makes or self.kind

    def options_of(self, job: Job | WorkflowInput) -> Options:
        """Raises pydantic's ``ValidationError`` for a job of another product."""
        return self.options.model_validate(job.options)

    def input_kind(self, role: str) -> AssetKind | Literal["job"]:
        """What has to play this role. Raises ``KeyError`` for a role that the product does not have."""
        return self.inputs[re.sub(r"_[1-9][0-9]*$", "", role)]


class _Described(BaseModel):
    metadata: dict[str, Any] = {}


def client_metadata(job: Job | WorkflowInput) -> dict[str, Any]:
    """What people filter traces by, of any product: the asker's platform, device and browser, which job and attempt."""
    metadata = _Described.model_validate(job.options).metadata
    return {**metadata, "kind": job.kind or "job", "job_id": job.job_id, "attempt": str(job.attempt)}
