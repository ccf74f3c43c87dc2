"""After a crash of the embedded cloud: rows whose jobs nobody knows of any more can be made again."""

from collections.abc import Callable

from functions.api.services import Services
from tests.integration.api.conftest import TABLE, Person

from soundstage.models.ids import Id
from soundstage.platform.aws import clients, table
from soundstage.platform.runtime.reconciling import fail_what_is_lost


def test_a_track_whose_job_is_lost_has_failed_and_can_be_made_anew(
    services: Services, ada: Person, upload: Callable[[Person], Id]
) -> None:
    lost, alive = (ada.post("/v1/tracks", {}).json()["track_id"] for _ in range(2))
    job_id = ada.post(f"/v1/tracks/{lost}/generate", {"hum_asset_id": upload(ada)}).json()["job_id"]
    ada.post(f"/v1/tracks/{alive}/generate", {"hum_asset_id": upload(ada)})
    assert fail_what_is_lost(services.all_rows.values(), services.job_store) == 0
    for item in map(table.from_wire, clients.dynamodb().scan(TableName=TABLE)["Items"]):
        if item["pk"] == f"job#{job_id}" or item.get("job_id") == job_id:
            clients.dynamodb().delete_item(TableName=TABLE, Key=table.key(item["pk"], item["sk"]))

    assert fail_what_is_lost(services.all_rows.values(), services.job_store) == 1

    found = ada.get(f"/v1/tracks/{lost}").json()
    assert (found["status"], found["error"]["code"]) == ("failed", "JOB_LOST")
    assert ada.get(f"/v1/tracks/{alive}").json()["status"] == "generating"
    again = ada.post(f"/v1/tracks/{lost}/generate", {"hum_asset_id": upload(ada)})
    assert (again.status_code, again.json()["status"]) == (202, "blocked")
    assert ada.get(f"/v1/tracks/{lost}").json()["status"] == "generating"
