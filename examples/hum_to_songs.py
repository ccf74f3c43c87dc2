"""A hummed tune becomes two songs: ``python examples/hum_to_songs.py my-hum.wav``. Needs httpx.

``SOUNDSTAGE_URL`` says where the API is; without it, the embedded cloud of ``make up``.
"""

import os
import secrets
import sys
from pathlib import Path
from typing import Any

import httpx


def main(hum: Path) -> None:
    with httpx.Client(base_url=os.environ.get("SOUNDSTAGE_URL", "http://localhost:8000"), timeout=60) as api:
        account = {"email": f"example-{secrets.token_hex(6)}@example.org", "password": secrets.token_urlsafe()}
        api.headers["Authorization"] = f"Bearer {post(api, '/v1/auth/register', account)['access_token']}"

        announced = {"file_name": hum.name, "content_type": "audio/wav", "size_bytes": hum.stat().st_size}
        upload = post(api, "/v1/uploads", announced)
        request = upload["request"]
        httpx.put(request["url"], content=hum.read_bytes(), headers=request["headers"]).raise_for_status()

        track_id = post(api, "/v1/tracks", {"title": hum.stem})["track_id"]
        order = {"hum_asset_id": upload["asset"]["asset_id"], "gen_params": {"duration_s": 30}}
        job = post(api, f"/v1/tracks/{track_id}/generate", order)
        while job["status"] not in ("succeeded", "failed", "canceled"):
            job = api.get(f"/v1/jobs/{job['job_id']}", params={"wait": 20}).raise_for_status().json()
            print(f"{job['status']}: {job['step']}, {job['progress']} %", file=sys.stderr)
        if job["status"] != "succeeded":
            sys.exit(job["error"]["message"] if job["error"] else job["status"])

        for variant in api.get(f"/v1/tracks/{track_id}").raise_for_status().json()["variants"]:
            song = Path(f"{variant['label']}.wav")
            song.write_bytes(httpx.get(variant["audio_url"], timeout=60).raise_for_status().content)
            print(song)


def post(api: httpx.Client, path: str, body: Any) -> Any:
    """The answer's body. An error says what it is about in one sentence."""
    answer = api.post(path, json=body)
    if answer.is_error:
        sys.exit(answer.json()["message"])
    return answer.json()


if __name__ == "__main__":
    main(Path(sys.argv[1]))
