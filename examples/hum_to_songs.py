"""A hummed tune becomes two songs: ``python examples/hum_to_songs.py my-hum.wav``. Needs ``soundstage[client]``.

``SOUNDSTAGE_URL`` says where the API is; without it, the embedded cloud of ``make up``.
"""

import os
import secrets
import sys
from pathlib import Path

from soundstage.client import Client, Refused, connect, fetch_file, follow_job, send_file
from soundstage.client.api.accounts import register
from soundstage.client.api.tracks import create_track, generate_track, get_track
from soundstage.client.models import Credentials, GenerateRequest, GenParams, NewTrack


def main(hum: Path) -> None:
    url = os.environ.get("SOUNDSTAGE_URL", "http://localhost:8000")
    account = Credentials(email=f"example-{secrets.token_hex(6)}@example.org", password=secrets.token_urlsafe())
    me = register.sync(client=Client(base_url=url), body=account)
    studio = connect(url, me.access_token, refresh_token=me.refresh_token)
    asset_id = send_file(studio, hum)
    track_id = create_track.sync(client=studio, body=NewTrack(title=hum.stem)).track_id
    order = GenerateRequest(hum_asset_id=asset_id, gen_params=GenParams(duration_s=30))
    for job in follow_job(studio, generate_track.sync(track_id, client=studio, body=order).job_id):
        print(f"{job.status}: {job.step}, {job.progress} %", file=sys.stderr)
    if job.status != "succeeded":
        sys.exit(job.error.message if job.error else job.status)
    for variant in get_track.sync(track_id, client=studio).variants:
        print(fetch_file(variant.audio_url, Path(f"{variant.label}.wav")))


if __name__ == "__main__":
    try:
        main(Path(sys.argv[1]))
    except Refused as refused:
        sys.exit(str(refused))
