#!/usr/bin/env bash
# A hummed tune becomes two songs, with curl alone: examples/hum-to-songs.sh my-hum.wav
# SOUNDSTAGE_URL says where the API is; without it, the embedded cloud of `make up`.
set -euo pipefail
api=${SOUNDSTAGE_URL:-http://localhost:8000}
hum=${1:?"Which recording? examples/hum-to-songs.sh my-hum.wav"}
field() { python3 -c 'import json,sys; value = json.load(sys.stdin)
for name in sys.argv[1].split("."): value = value[int(name) if name.isdigit() else name]
print(value)' "$1"; }
call() { curl --silent --show-error --fail-with-body --header "Authorization: Bearer ${token:-}" --json "${@:2}" "$api$1"; }

# 1. An account, and its token.
account='{"email": "example-'$RANDOM$RANDOM'@example.org", "password": "'$(head -c 18 /dev/urandom | base64)'"}'
token=$(call /v1/auth/register "$account" | field access_token)

# 2. Announce the file and send it to the signed address.
size=$(wc -c <"$hum" | tr -d ' ')
upload=$(call /v1/uploads '{"file_name": "'"$(basename "$hum")"'", "content_type": "audio/wav", "size_bytes": '"$size"'}')
asset=$(field asset.asset_id <<<"$upload")
curl --silent --show-error --fail --header "Content-Type: audio/wav" --upload-file "$hum" "$(field request.url <<<"$upload")"

# 3. A track, and its songs. The order of 2 and 3 does not matter: the job waits for the file.
track=$(call /v1/tracks '{"title": "From the shell"}' | field track_id)
job=$(call "/v1/tracks/$track/generate" '{"hum_asset_id": "'"$asset"'", "gen_params": {"duration_s": 30}}' | field job_id)

# 4. Wait: each call is held until something changes, for 20 seconds at most.
status=queued
until [[ $status =~ ^(succeeded|failed|canceled)$ ]]; do
  state=$(curl --silent --show-error --fail --header "Authorization: Bearer $token" "$api/v1/jobs/$job?wait=20")
  status=$(field status <<<"$state")
  echo "$status: $(field step <<<"$state"), $(field progress <<<"$state") %" >&2
done
[[ $status == succeeded ]] || { field error.message <<<"$state" >&2; exit 1; }

# 5. The songs.
songs=$(curl --silent --show-error --fail --header "Authorization: Bearer $token" "$api/v1/tracks/$track")
for index in 0 1; do
  label=$(field "variants.$index.label" <<<"$songs")
  curl --silent --show-error --fail --output "$label.wav" "$(field "variants.$index.audio_url" <<<"$songs")"
  echo "$label.wav"
done
