"""Waits for a supervisor to go; if it could not stop its services and remove its folders, does.

Standard input is a pipe whose other end the supervisor holds. A line or the end of file mean that it has let go: it has
ended everything, it was killed, or it was interrupted while it stopped and lives on without its services. Its run file
tells which. A process that it forked may hold the pipe open, so its end is looked for as well.
"""

import select
import signal
import sys
from pathlib import Path

from infra.local.run_file import RunFile

LOOK_AGAIN_S = 2.0


def main() -> None:
    for ignored in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(ignored, signal.SIG_IGN)
    path, run_id = Path(sys.argv[1]), sys.argv[2]
    let_go = False
    while (run := RunFile.read(path)) is not None and run.run_id == run_id:
        if let_go or not run.supervisor.alive():
            run.clear_up(path)
        else:
            let_go = bool(select.select([sys.stdin], [], [], LOOK_AGAIN_S)[0])


if __name__ == "__main__":
    main()
