"""The examples do what they say, on the embedded cloud."""

import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
import soundfile
from tests.e2e.journeys import Cloud

pytestmark = pytest.mark.e2e
EXAMPLES = Path(__file__).parents[2] / "examples"


@pytest.mark.parametrize(
    "command", [["bash", "hum-to-songs.sh"], [sys.executable, "hum_to_songs.py"]], ids=lambda c: c[1]
)
def test_a_hum_becomes_two_songs(command: list[str], cloud: Cloud, hum: Path, tmp_path: Path) -> None:
    program, script = command

    done = subprocess.run(
        [program, str(EXAMPLES / script), str(hum)],
        cwd=tmp_path,
        env={**os.environ, "SOUNDSTAGE_URL": cloud.url},
        capture_output=True,
        text=True,
        check=False,
    )

    assert done.returncode == 0, done.stderr
    assert done.stdout.split() == ["A.wav", "B.wav"]
    assert [soundfile.info(tmp_path / f"{label}.wav").samplerate for label in "AB"] == [44_100, 44_100]


@pytest.mark.skipif(not (shutil.which("jq") and shutil.which("curl")), reason="needs curl and jq")
def test_the_lines_of_the_page_do_what_it_says(cloud: Cloud, hum: Path, tmp_path: Path) -> None:
    lines = re.findall(
        r"^```sh\n(.*?)^```", (EXAMPLES.parent / "docs" / "api.md").read_text(), re.DOTALL | re.MULTILINE
    )
    walk = lines[0].replace("http://localhost:8000", cloud.url).replace("me@example.org", "page@example.org")
    shutil.copy(hum, tmp_path / "hum.wav")

    done = subprocess.run(["bash", "-euc", walk], cwd=tmp_path, capture_output=True, text=True, check=False)  # noqa: S607

    assert done.returncode == 0, done.stderr
    decoder, text, answers = json.JSONDecoder(), done.stdout.strip(), []
    while text:
        answer, end = decoder.raw_decode(text)
        answers.append(answer)
        text = text[end:].lstrip()
    job, track = answers
    assert (job["subject_id"], track["title"]) == (track["track_id"], "My tune")
    assert job["status"] in ("queued", "running", "succeeded")


def test_a_recording_takes_on_the_sound_of_a_reference(hum: Path, tmp_path: Path) -> None:
    out = tmp_path / "out.wav"

    done = subprocess.run(
        [sys.executable, str(EXAMPLES / "match_recordings.py"), str(hum), str(hum), str(out)],
        capture_output=True,
        text=True,
        check=False,
    )

    assert done.returncode == 0, done.stderr
    assert soundfile.info(out).frames == soundfile.info(hum).frames
