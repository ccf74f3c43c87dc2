"""Run the worker: ``python containers/gpu-render/worker.py``. Everything it needs to know is in ``SOUNDSTAGE_…``."""

from soundstage.platform.runtime.worker import Worker
from soundstage.platform.settings import WorkerSettings
from tasks import TASKS


def main() -> None:
    worker = Worker(WorkerSettings(), TASKS)
    worker.stop_on_signals()
    worker.run()


if __name__ == "__main__":
    main()
