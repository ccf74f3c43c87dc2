"""Presets as files: in from Soundstage and other programs, out to Soundstage and other programs."""

import base64
from typing import Annotated, Literal

from fastapi import Query, Response
from functions.api.middleware.errors import documented
from functions.api.middleware.idempotency import ONCE
from functions.api.middleware.routers import signed_in_router
from functions.api.routes.presets import (
    Labels,
    Name,
    PresetId,
    PresetView,
    readable_preset,
    save,
    tell_created,
    view_of,
)
from functions.api.services import Caller, Serving
from pydantic import BaseModel, ConfigDict, Field

from soundstage.models.errors import IdempotencyMismatch, InvalidInput, NameTaken, NotFound, QuotaExceeded
from soundstage.models.style import Stage
from soundstage.models.text import fits_a_line
from soundstage.platform.aws import impulse_responses
from soundstage.platform.aws.storage import content_disposition
from soundstage.platform.catalog import presets
from soundstage.platform.catalog.presets import Visibility
from soundstage.platform.catalog.revisions import etag
from soundstage.platform.catalog.tables import Preset

router = signed_in_router("/v1/presets", "presets")

ExportFormat = Literal["json", "vstpreset", "equalizerapo", "graphiceq", "camilladsp", "lv2", "jsfx", "ffmpeg"]
EXPORT_TYPES = ("application/json", "application/octet-stream", "application/yaml", "text/plain", "text/turtle")
RateHz = Annotated[
    int, Query(ge=8_000, le=768_000, description="Where the file will be used; it matters to graphiceq.")
]


class ImportRequest(BaseModel):
    """A preset.json or .vstpreset of ours, or an equaliser of Equalizer APO or AutoEq, as it stands in its file."""

    model_config = ConfigDict(
        extra="forbid",
        json_schema_extra={
            "examples": [{"name": "Headphones", "content": "Filter 1: ON PK Fc 105 Hz Gain -3.2 dB Q 0.7\n"}]
        },
    )

    content: str = Field(min_length=1, max_length=1 << 20)
    encoding: Literal["text", "base64"] = "text"
    name: Name | None = Field(default=None, description="Else the one in the file.")
    description: str = Field(default="", max_length=2000)
    visibility: Visibility = "private"


class ImportedPreset(BaseModel):
    preset: PresetView
    remarks: list[str] = Field(description="A sentence for everything that could not be taken over.")


class ExportView(BaseModel):
    """What a file of this format would hold. ``carried`` is exact; ``lost`` is what the format does not support."""

    format: ExportFormat
    file_name: str
    content_type: str
    carried: list[Stage]
    lost: list[Stage]
    remarks: list[str]


class Exports(BaseModel):
    items: list[ExportView]


@router.post(
    "/import",
    status_code=201,
    dependencies=[ONCE],
    responses=documented(NameTaken, IdempotencyMismatch, InvalidInput, QuotaExceeded),
)
def import_preset(file: ImportRequest, caller: Caller, services: Serving, response: Response) -> ImportedPreset:
    """A preset out of a file's content."""
    from soundstage.match.presets.reading import read_preset  # noqa: PLC0415  (numpy)

    imported = read_preset(_content(file))
    params = impulse_responses.externalise(imported.params, services.objects)
    labels = Labels(
        name=file.name or _printable(imported.name), description=file.description, visibility=file.visibility
    )
    with services.catalog.transaction() as session:
        preset = save(session, caller, services, labels, params)
    tell_created(response, preset)
    return ImportedPreset(preset=view_of(preset, caller), remarks=list(imported.remarks))


@router.get("/{preset_id}/exports", responses=documented(NotFound))
def list_exports(preset_id: PresetId, caller: Caller, services: Serving, rate_hz: RateHz = 48_000) -> Exports:
    """The formats that this preset can be written in, and what each would lose."""
    from soundstage.match.presets.writing import FORMATS, export_preset  # noqa: PLC0415  (numpy)

    preset = readable_preset(preset_id, caller, services)
    items = []
    for format in FORMATS:
        try:
            made = export_preset(presets.style_of(preset), format, name=preset.name, rate_hz=rate_hz)
        except InvalidInput:
            continue  # beyond what this format's program can do
        fields = {name: getattr(made, name) for name in ("format", "content_type", "carried", "lost", "remarks")}
        items.append(ExportView(**fields, file_name=_file_name(preset, made.suffix)))
    return Exports(items=items)


@router.get(
    "/{preset_id}/export",
    response_class=Response,
    responses=documented(NotFound, InvalidInput)
    | {
        200: {
            "content": {kind: {"schema": {"type": "string", "format": "binary"}} for kind in EXPORT_TYPES},
            "description": "The file, under the preset's name: JSON, a .vstpreset, YAML, Turtle, or else text",
        }
    },
)
def export_preset_file(
    preset_id: PresetId, caller: Caller, services: Serving, format: ExportFormat = "json", rate_hz: RateHz = 48_000
) -> Response:
    """The preset as a file for another program. What the format does not support is listed in ``Soundstage-Lost``."""
    from soundstage.match.presets.writing import export_preset  # noqa: PLC0415  (numpy)

    preset = readable_preset(preset_id, caller, services)
    style = impulse_responses.inline(presets.style_of(preset), services.objects)
    made = export_preset(style, format, name=preset.name, rate_hz=rate_hz)
    headers = {
        "Content-Disposition": content_disposition(_file_name(preset, made.suffix)),
        "ETag": etag(preset),
        "Soundstage-Carried": ", ".join(made.carried),
        "Soundstage-Lost": ", ".join(made.lost),
    }
    return Response(made.content, media_type=made.content_type, headers=headers)


def _content(file: ImportRequest) -> bytes:
    if file.encoding == "text":
        return file.content.encode()
    try:
        return base64.b64decode(file.content, validate=True)
    except ValueError as error:  # binascii.Error is one, and so is what is said of letters that base64 has not
        raise InvalidInput("The content is not base64.") from error


def _printable(name: str | None) -> str:
    """What a file calls itself, as far as a name here may be like that."""
    return " ".join("".join(c if fits_a_line(c) else " " for c in name or "").split()) or "Imported"


def _file_name(preset: Preset, suffix: str) -> str:
    return f"{preset.name}{suffix}".replace("/", "-")
