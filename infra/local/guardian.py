"""Waits for the supervisor to go; if it could not stop its services, stops them.

Its standard input is a pipe whose other end only the supervisor holds: end of file means that the supervisor is gone,
however it went. Works the same on Linux and macOS.
"""

import signal
import sys
from pathlib import Path

from infra.local.processes import stop_groups
from infra.local.supervisor import STOP_GRACE_S, RunFile


def main() -> None:
    run_file = Path(sys.argv[1])
    for ignored in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(ignored, signal.SIG_IGN)
    sys.stdin.buffer.read()
    left = RunFile.read(run_file)
    if left is not None and not left.supervisor.alive():
        stop_groups(reversed(left.services), grace_s=STOP_GRACE_S)
        run_file.unlink(missing_ok=True)


if __name__ == "__main__":
    main()
