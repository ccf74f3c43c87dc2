"""Lambda functions as warm processes of this machine, each under a Runtime API of its own.

LocalStack asks an executor to start an execution environment, to invoke it, one call at a time, and to stop it. The
function's process is AWS's runtime client: it asks ``invocation/next`` for work and posts ``response`` or ``error``
(https://docs.aws.amazon.com/lambda/latest/dg/runtimes-api.html).
"""

import json
import os
import subprocess
import threading
import time
from concurrent.futures import Future
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from queue import Empty, Queue
from typing import Any

from localstack.services.lambda_.invocation.executor_endpoint import StatusErrorException
from localstack.services.lambda_.invocation.lambda_models import FunctionVersion, InvocationResult
from localstack.services.lambda_.invocation.plugins import RuntimeExecutorPlugin
from localstack.services.lambda_.invocation.runtime_executor import RuntimeExecutor

API = "/2018-06-01/runtime/"
STARTS_WITHIN_S = 60.0  # of an environment; Lambda gives 10 s and then starts it once more
STOPS_WITHIN_S = 2.0
LOOKS_EVERY_S = 1.0  # whether the one who asked for work is still there


class ProcessExecutor(RuntimeExecutor):  # type: ignore[misc]
    def __init__(self, id: str, function_version: FunctionVersion) -> None:
        super().__init__(id, function_version)
        self.work: Queue[dict[str, str]] = Queue()
        self.started: Future[None] = Future()
        self.answer: Future[tuple[bytes, bool]] = Future()
        """The payload, and whether it tells of a failure."""
        self._lines: list[str] = []
        self._process: subprocess.Popen[str] | None = None
        self._environment: dict[str, str] = {}
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), _runtime_api(self))
        self._server.daemon_threads = True
        threading.Thread(target=self._server.serve_forever, daemon=True).start()

    @property
    def timeout_s(self) -> float:
        return float(self.function_version.config.timeout)

    def start(self, env_vars: dict[str, str]) -> None:
        config = self.function_version.config
        layers = [str(layer.code.get_unzipped_code_location()) for layer in config.layers]
        # What the embedded cloud was started with, as far as it is neither its credentials nor its Python's.
        inherited = {name: value for name, value in os.environ.items() if not name.startswith(("AWS_", "PYTHON"))}
        self._environment = {
            **inherited,
            **{name: str(value) for name, value in env_vars.items()},
            "AWS_ENDPOINT_URL": os.environ["AWS_ENDPOINT_URL"],
            "AWS_LAMBDA_RUNTIME_API": f"127.0.0.1:{self._server.server_address[1]}",
            "LAMBDA_TASK_ROOT": str(self._code()),
            "PYTHONPATH": os.pathsep.join([str(self._code()), *(f"{layer}/python" for layer in layers)]),
            "PYTHONUNBUFFERED": "1",
        }
        self._start_process()

    def invoke(self, payload: dict[str, str]) -> InvocationResult:
        if self._process is None or self._process.poll() is not None:
            self._start_process()  # the last call ended it
        self._lines.clear()
        self.answer = Future()
        self.work.put(payload)
        try:
            body, failed = self.answer.result(self.timeout_s)
        except TimeoutError:
            self._kill()
            said = f"{payload['invoke-id']} Task timed out after {self.timeout_s:.2f} seconds"
            body, failed = _error("Sandbox.Timedout", said), True
        logs = "".join(self._lines) or "-"  # LocalStack takes no lines for no logs yet
        return InvocationResult(payload["invoke-id"], body, is_error=failed, logs=logs)

    def stop(self) -> None:
        self._server.shutdown()
        self._server.server_close()
        if self._process is not None:
            self._process.terminate()
            try:
                self._process.wait(STOPS_WITHIN_S)
            except subprocess.TimeoutExpired:
                self._kill()

    def get_address(self) -> str:
        return "127.0.0.1"

    def get_endpoint_from_executor(self) -> str:
        return "127.0.0.1"

    def get_runtime_endpoint(self) -> str:
        return f"http://127.0.0.1:{self._server.server_address[1]}"

    def get_logs(self) -> str:
        return "".join(self._lines)

    @classmethod
    def prepare_version(cls, function_version: FunctionVersion) -> None:
        config = function_version.config
        for code in (config.code, *(layer.code for layer in config.layers)):
            code.prepare_for_execution()
        bootstrap = config.code.get_unzipped_code_location() / "bootstrap"
        if bootstrap.exists():  # the archive's modes are not kept
            bootstrap.chmod(0o755)

    @classmethod
    def cleanup_version(cls, function_version: FunctionVersion) -> None:
        """The code lies in LocalStack's temporary folder, which goes away with it."""

    def _code(self) -> Path:
        return Path(self.function_version.config.code.get_unzipped_code_location())

    def _command(self) -> list[str]:
        config = self.function_version.config
        if config.runtime.startswith("provided"):
            return [str(self._code() / "bootstrap")]
        return [os.environ["SOUNDSTAGE_PYTHON"], "-m", "awslambdaric", config.handler]

    def _start_process(self) -> None:
        """Raises StatusErrorException, which LocalStack tells the caller, when it does not come up."""
        self.started = Future()
        self._process = subprocess.Popen(
            self._command(),
            cwd=self._code(),
            env=self._environment,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            errors="replace",
        )
        threading.Thread(target=self._follow, args=(self._process,), daemon=True).start()
        try:
            self.started.result(STARTS_WITHIN_S)
        except TimeoutError:
            self._kill()
            late = _error("Sandbox.Timedout", f"No start within {STARTS_WITHIN_S:.0f} s")
            raise StatusErrorException("Environment startup failed", payload=late) from None

    def _follow(self, process: "subprocess.Popen[str]") -> None:
        """Keep what it says; its end ends what waits for it."""
        assert process.stdout is not None  # noqa: S101  (a pipe was asked for)
        for line in process.stdout:
            self._lines.append(line)
        died = _error("Runtime.ExitError", f"Runtime exited with {process.wait()}")
        if process is self._process:
            if not self.started.done():
                self.started.set_exception(StatusErrorException("Environment startup failed", payload=died))
            elif not self.answer.done():
                self.answer.set_result((died, True))

    def _kill(self) -> None:
        if self._process is not None:
            self._process.kill()
            self._process.wait()

    def serves(self) -> bool:
        return self._process is not None and self._process.poll() is None


class ProcessExecutorPlugin(RuntimeExecutorPlugin):  # type: ignore[misc]
    name = "process"

    def load(self, *_: Any, **__: Any) -> type[ProcessExecutor]:
        return ProcessExecutor


def _error(kind: str, message: str) -> bytes:
    return json.dumps({"errorType": kind, "errorMessage": message}).encode()


def _runtime_api(executor: ProcessExecutor) -> type[BaseHTTPRequestHandler]:
    class RuntimeApi(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self) -> None:
            """``invocation/next``: waits until there is work."""
            if not executor.started.done():
                executor.started.set_result(None)
            while executor.serves():
                try:
                    work = executor.work.get(timeout=LOOKS_EVERY_S)
                except Empty:
                    continue
                deadline_ms = int((time.time() + executor.timeout_s) * 1000)
                about = {
                    "Lambda-Runtime-Aws-Request-Id": work["invoke-id"],
                    "Lambda-Runtime-Invoked-Function-Arn": work["invoked-function-arn"],
                    "Lambda-Runtime-Trace-Id": work["trace-id"],
                    "Lambda-Runtime-Deadline-Ms": str(deadline_ms),
                }
                self._reply(200, work["payload"].encode(), about)
                return

        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            if self.path == f"{API}init/error":
                if not executor.started.done():
                    failure = StatusErrorException("Environment startup failed", payload=body)
                    executor.started.set_exception(failure)
            elif not executor.answer.done():
                executor.answer.set_result((body, self.path.endswith("/error")))
            self._reply(202, b"{}", {})

        def _reply(self, status: int, body: bytes, headers: dict[str, str]) -> None:
            self.send_response(status)
            about = {**headers, "Content-Type": "application/json", "Content-Length": str(len(body))}
            for name, value in about.items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: Any) -> None:
            """The functions' own lines are enough."""

    return RuntimeApi
