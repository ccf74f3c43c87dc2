from datetime import timedelta

from tests.fixtures.jobs import NOW, a_job

from soundstage.jobs import transitions
from soundstage.models.jobs import JobStatus


def test_however_often_a_job_is_tried_its_record_fits_its_item() -> None:
    """DynamoDB's items hold 400 KB; a job that cannot be written any more could never end."""
    job = a_job(status=JobStatus.RUNNING)
    for attempt in range(1, 1001):
        for step in ("audio_check", "audio_analyze"):
            job = transitions.step_recorded(
                job, attempt=attempt, step=step, progress=5, now=NOW + timedelta(hours=attempt)
            )
        job = transitions.moved(job, attempt=attempt, from_=(JobStatus.RUNNING,), to=JobStatus.FAILED, now=NOW)
        job = transitions.next_attempt(job, attempt=attempt, now=NOW).model_copy(update={"status": JobStatus.RUNNING})
    assert (job.history[-1].attempt, job.history[-1].step) == (1000, "audio_analyze")
    assert len(job.model_dump_json()) < 100_000
