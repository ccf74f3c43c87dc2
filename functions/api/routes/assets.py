"""Assets: what people uploaded, and what the probe found in it."""

from datetime import datetime, timedelta
from typing import Annotated

from fastapi import Path
from functions.api.middleware.errors import documented
from functions.api.middleware.pagination import Cursor, Limit, Page
from functions.api.middleware.routers import signed_in_router
from functions.api.services import Caller, Serving
from pydantic import BaseModel, ConfigDict, Field

from soundstage.models.assets import AssetKind, AssetStatus, Probe
from soundstage.models.errors import AssetInUse, Conflict, NotFound
from soundstage.models.ids import Id
from soundstage.models.jobs import JobError
from soundstage.platform.catalog.projects import Projects

router = signed_in_router("/v1/assets", "assets")

AssetId = Annotated[Id, Path(description="An asset's id.")]


class AssetView(BaseModel):
    """awaiting_upload → checking → ready | rejected → deleted. ``error`` says why it was rejected."""

    model_config = ConfigDict(from_attributes=True)

    asset_id: Id
    kind: AssetKind
    status: AssetStatus
    file_name: str
    content_type: str
    size_bytes: int | None = Field(description="As declared, until the file has been looked at.")
    sha256: str | None
    probe: Probe | None
    error: JobError | None
    created_at: datetime
    updated_at: datetime


class Download(BaseModel):
    url: str = Field(description="Takes Range requests; saves under the file's own name.")
    expires_at: datetime


@router.get("")
def list_assets(caller: Caller, services: Serving, limit: Limit = 20, cursor: Cursor = None) -> Page[AssetView]:
    """Newest first, without deleted ones: a page may hold fewer than it could."""
    found, next_cursor = services.assets.list(caller.user_id, limit=limit, cursor=cursor)
    items = [AssetView.model_validate(asset) for asset in found if asset.status is not AssetStatus.DELETED]
    return Page(items=items, next_cursor=next_cursor)


@router.get("/{asset_id}", responses=documented(NotFound))
def get_asset(asset_id: AssetId, caller: Caller, services: Serving) -> AssetView:
    return AssetView.model_validate(services.uploads.owned(caller.user_id, asset_id))


@router.post("/{asset_id}/complete", responses=documented(NotFound))
def confirm_upload(asset_id: AssetId, caller: Caller, services: Serving) -> AssetView:
    """Optional, and harmless: the upload itself carries the work on. Says how the asset stands."""
    return AssetView.model_validate(services.uploads.owned(caller.user_id, asset_id))


@router.get("/{asset_id}/download", responses=documented(NotFound, Conflict))
def download_asset(asset_id: AssetId, caller: Caller, services: Serving) -> Download:
    """A signed URL to the file as it was accepted."""
    asset = services.uploads.accepted(caller.user_id, asset_id)
    life_s = services.settings.download_url_life_s
    url = services.objects.presign_get(
        asset.bucket_key, expires_s=life_s, file_name=asset.file_name, version_id=asset.version_id
    )
    return Download(url=url, expires_at=services.clock() + timedelta(seconds=life_s))


@router.delete("/{asset_id}", status_code=204, responses=documented(NotFound, AssetInUse))
def delete_asset(asset_id: AssetId, caller: Caller, services: Serving) -> None:
    """Jobs that wait for it fail. What was made from it stays. A project that shows or plays it has to let go first."""
    services.uploads.owned(caller.user_id, asset_id)
    services.rows(Projects).check_unused(owner_id=caller.user_id, asset_id=asset_id)
    services.uploads.delete(caller.user_id, asset_id)
