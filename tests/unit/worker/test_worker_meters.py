import urllib.request

import pytest
from prometheus_client import CollectorRegistry, generate_latest
from prometheus_client.parser import text_string_to_metric_families

from soundstage.platform.runtime.worker_meters import WorkerMeters


class Clock:
    now_s = 100.0

    def __call__(self) -> float:
        return self.now_s


def values(page: str) -> dict[tuple[str, ...], float]:
    """Name and values of labels, by their names → value, as Prometheus reads them."""
    families = text_string_to_metric_families(page)
    return {(one.name, *one.labels.values()): one.value for family in families for one in family.samples}


def test_seconds_of_tasks_count_while_they_run_and_by_how_they_end() -> None:
    clock = Clock()
    depths = iter([(7, 1), None])
    meters = WorkerMeters(2, depth=lambda: next(depths), clock=clock)
    registry = CollectorRegistry(auto_describe=False)
    registry.register(meters)

    with meters.task("shot_make") as ended:
        clock.now_s += 5
        running = values(generate_latest(registry).decode())
        ended("succeeded")
    with meters.task("shot_make"):
        clock.now_s += 1
    meters.used_gpu(2.5)
    after = values(generate_latest(registry).decode())

    assert running["soundstage_worker_busy_slots",] == 1
    assert running["soundstage_task_seconds_total", "shot_make"] == 5
    assert running["soundstage_queue_tasks", "waiting"] == 7
    assert after["soundstage_worker_busy_slots",] == 0
    assert after["soundstage_tasks_total", "succeeded", "shot_make"] == 1
    assert after["soundstage_tasks_total", "lost", "shot_make"] == 1
    assert after["soundstage_gpu_seconds_total",] == 2.5
    assert not any(name == "soundstage_queue_tasks" for name, *_ in after)


def test_the_busy_share_is_of_all_slots_since_it_was_asked_for_last() -> None:
    clock = Clock()
    meters = WorkerMeters(2, depth=lambda: None, clock=clock)
    with meters.task("video_render"):
        clock.now_s += 30
        assert meters.busy_share() == pytest.approx(0.5)
    clock.now_s += 10
    assert meters.busy_share() == 0


def test_prometheus_finds_the_page() -> None:
    with (
        WorkerMeters(3, depth=lambda: (0, 0)).served("127.0.0.1", 0) as port,
        urllib.request.urlopen(f"http://127.0.0.1:{port}/metrics") as answer,
    ):
        assert answer.headers["Content-Type"].startswith("text/plain; version=")
        assert values(answer.read().decode())["soundstage_worker_slots",] == 3
