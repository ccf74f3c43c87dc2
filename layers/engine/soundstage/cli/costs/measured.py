"""What one piece uses, as ``make bench-usage`` counted it on the embedded cloud: warm functions, one task at a time.

Two shared cores of a 2.5 GHz Xeon class, load average 2 to 4, 27 November 2026: seconds are what a function or a task
took by the clock there. Requests and bytes are exact. A track is 30 s hummed and two songs of 60 s; a match has a
reference and a target of five minutes (24 bit, stereo); a film is a story of 300 words, 25 painted shots, 120 s at
1280 × 720. Of each one person fetches what they would: previews and one song, the match with the three sounds that its
page plays, the film.

The match's bytes and its requests of S3 are of 28 November 2026, since when its sounds are encoded, too. That machine
was busy (load average 10), so that its seconds and what follows from them (progress told, polls) are those of the day
before, with ``ENCODING_CPU_S`` where a whole processor is paid for.
"""

from collections.abc import Mapping
from typing import Any

from soundstage.cli.costs.capacity import Step
from soundstage.cli.costs.model import Calls, Usage

AS_OF = "2026-11-28"
ENCODING_CPU_S = 6.4
"""Of five minutes to AAC, measured thrice (6.2 to 6.6). Beside the analysis it costs a function nothing: with 3,008 MiB
come 1.7 processors, and the analysis waits for files most of the time."""

_UPLOAD = {
    "ingest.claim": Calls(1, 512, 0.106),
    "ingest.probe": Calls(1, 1769, 0.115),
    "ingest.accept": Calls(1, 512, 0.104),
    "jobs.release": Calls(1, 512, 0.100),
    "api.main": Calls(6, 1769, 0.13),
}
"""The API's share is what ``make bench-api`` found of a call, 22 ms."""

USAGES: Mapping[str, Usage] = {
    "upload": Usage(
        functions=_UPLOAD,
        worker_task_s={},
        transitions=6,
        s3_puts=1,
        s3_gets=3,
        dynamodb_writes=6,
        dynamodb_reads=9,
        dynamodb_transactions=0,
        sqs_requests=0,
        events=1,
        api_requests=6,
        log_bytes=1_033,
        kept_bytes=2_575_660,
        work_bytes=0,
        fetched_bytes=0,
    ),
    "track": Usage(
        functions=_UPLOAD
        | {
            "api.main": Calls(25, 1769, 0.55),
            "track.audio_check": Calls(1, 3008, 0.184),
            "track.audio_analyze": Calls(1, 3008, 0.740),
            "track.segment_pick": Calls(1, 1024, 0.089),
            "track.compose_params": Calls(1, 1769, 0.174),
            "track.ab_eval": Calls(1, 3008, 1.184),
            "track.persist": Calls(1, 512, 0.107),
            "jobs.settle": Calls(2, 512, 0.221),
            "jobs.measure": Calls(20, 512, 1.027),
            "webhooks.announce": Calls(20, 512, 2.007),
        },
        worker_task_s={"music_generate": 9.658},
        transitions=17,
        s3_puts=25,
        s3_gets=26,
        dynamodb_writes=79,
        dynamodb_reads=49,
        dynamodb_transactions=23,
        sqs_requests=60,
        events=21,
        api_requests=25,
        log_bytes=26_426,
        kept_bytes=35_703_894 + 2_575_660,
        work_bytes=5_251_757,
        fetched_bytes=19_127_273,
    ),
    "match": Usage(
        functions=_UPLOAD
        | {
            "api.main": Calls(30, 1769, 0.66),
            "ingest.probe": Calls(2, 1769, 0.974),
            "match.analyze": Calls(2, 3008, 15.274),
            "match.invert": Calls(1, 3008, 0.214),
            "match.plan": Calls(1, 1024, 0.093),
            "match.persist": Calls(1, 512, 0.117),
            "jobs.settle": Calls(2, 512, 0.226),
            "jobs.measure": Calls(25, 512, 1.389),
            "webhooks.announce": Calls(25, 512, 2.532),
        },
        worker_task_s={"match_render_segment": 1.720, "match_join": 2.023 + ENCODING_CPU_S},
        transitions=29,
        s3_puts=62,
        s3_gets=85,
        dynamodb_writes=104,
        dynamodb_reads=67,
        dynamodb_transactions=30,
        sqs_requests=80,
        events=28,
        api_requests=30,
        log_bytes=32_277,
        kept_bytes=99_055_167 + 158_760_088,
        work_bytes=277_514_066,
        fetched_bytes=98_593_101,
    ),
    "film": Usage(
        functions={
            "api.main": Calls(60, 1769, 1.32),
            "film.prepare": Calls(1, 512, 0.108),
            "film.persist": Calls(1, 512, 0.117),
            "storyboard.prepare": Calls(1, 512, 0.092),
            "storyboard.persist": Calls(1, 512, 0.099),
            "shot_batch.begin": Calls(1, 512, 3.001),
            "shot_batch.look": Calls(13, 512, 1.590),
            "shot_batch.persist": Calls(1, 512, 0.097),
            "shot.prepare": Calls(25, 512, 4.127),
            "shot.persist": Calls(25, 512, 2.692),
            "jobs.settle": Calls(56, 512, 7.217),
            "jobs.measure": Calls(241, 512, 13.212),
            "webhooks.announce": Calls(212, 512, 22.571),
        },
        worker_task_s={"storyboard_write": 0.076, "shot_make": 44.668, "film_make": 29.684},
        transitions=121,
        s3_puts=862,
        s3_gets=288,
        dynamodb_writes=1_010,
        dynamodb_reads=571,
        dynamodb_transactions=386,
        sqs_requests=800,
        events=329,
        api_requests=60,
        log_bytes=364_892,
        kept_bytes=29_392_246,
        work_bytes=260_765_385 + 619_451,
        fetched_bytes=18_031_525,
    ),
}

_TO_BE_READY = (Step("functions", 0.4), Step("probe", 0.12), Step("functions", 0.7))
"""Claim, probe, accept and release, with less than a CPU as they have it."""
STEPS: Mapping[str, tuple[Step, ...]] = {
    "upload": _TO_BE_READY,
    "track": (*_TO_BE_READY, Step("functions", 1.3), Step("workers", 4.83, times=2), Step("functions", 1.6)),
    "match": (
        *_TO_BE_READY,
        Step("functions", 7.64, times=2),
        Step("functions", 0.4),
        Step("workers", 0.287, times=6),
        Step("workers", ENCODING_CPU_S),  # beside the rest of joining
        Step("functions", 0.4),
    ),
    "film": (
        Step("workers", 0.076),
        Step("functions", 10.4),
        Step("workers", 1.787, times=25),
        Step("workers", 29.684),
        Step("functions", 0.4),
    ),
}

LIMITS: Mapping[str, Mapping[str, int]] = {
    "dev": {"functions": 10, "probe": 10},
    "prod": {"functions": 600, "probe": 100},
}
"""At once. prod: an account's 1,000 less what is reserved (``infra/stages.py``); dev: a new account."""
WORKERS: Mapping[str, Mapping[str, Any]] = {"dev": {"most": 4, "slots": 4}, "prod": {"most": 40, "slots": 4}}
