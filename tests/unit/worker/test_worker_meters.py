import urllib.error
import urllib.request

import pytest

from soundstage.platform.runtime.worker_meters import CONTENT_TYPE, WorkerMeters, served


class Clock:
    now_s = 100.0

    def __call__(self) -> float:
        return self.now_s


def values(page: str) -> dict[str, float]:
    lines = [line for line in page.splitlines() if not line.startswith("#")]
    return {name: float(value) for name, value in (line.rsplit(" ", 1) for line in lines)}


def test_seconds_of_tasks_count_while_they_run_and_by_how_they_end() -> None:
    clock = Clock()
    meters = WorkerMeters(2, gpu=True, clock=clock)

    with meters.task("shot_make") as ended:
        clock.now_s += 5
        running = values(meters.page(waiting=7, in_work=1))
        ended("succeeded")
    with meters.task("shot_make"):
        clock.now_s += 1
    after = values(meters.page(waiting=None, in_work=None))

    assert running["soundstage_worker_busy_slots"] == 1
    assert running['soundstage_task_seconds_total{task="shot_make"}'] == 5
    assert running['soundstage_queue_tasks{state="waiting"}'] == 7
    assert after["soundstage_worker_busy_slots"] == 0
    assert after['soundstage_tasks_total{task="shot_make",outcome="succeeded"}'] == 1
    assert after['soundstage_tasks_total{task="shot_make",outcome="lost"}'] == 1
    assert after["soundstage_gpu_seconds_total"] == 6
    assert not any(name.startswith("soundstage_queue_tasks") for name in after)


def test_the_busy_share_is_of_all_slots_since_it_was_asked_for_last() -> None:
    clock = Clock()
    meters = WorkerMeters(2, gpu=False, clock=clock)
    with meters.task("video_render"):
        clock.now_s += 30
        assert meters.busy_share() == pytest.approx(0.5)
    clock.now_s += 10
    assert meters.busy_share() == 0


def test_prometheus_finds_the_page_and_nothing_else() -> None:
    meters = WorkerMeters(1, gpu=False)
    with served(lambda: meters.page(waiting=0, in_work=0), "127.0.0.1", 0) as port:
        url = f"http://127.0.0.1:{port}"
        with urllib.request.urlopen(f"{url}/metrics") as answer:  # noqa: S310
            assert answer.headers["Content-Type"] == CONTENT_TYPE
            assert values(answer.read().decode())["soundstage_worker_slots"] == 1
        with pytest.raises(urllib.error.HTTPError, match="404"):
            urllib.request.urlopen(f"{url}/")  # noqa: S310
