"""Match: a recording gets the sound of another one, or of a preset."""

from pydantic import BaseModel

from soundstage.models.assets import AssetKind
from soundstage.models.match import TARGET, MatchParams, MatchResult
from soundstage.models.style import Preset
from soundstage.models.text import Title
from soundstage.products.base import LambdaStep, Product, WorkerTask


class MatchOptions(BaseModel):
    """``match_params.preset`` is the style as it was when the match was asked for, whatever becomes of the preset."""

    title: Title = "Untitled"
    match_params: MatchParams


MATCH = Product(
    kind="match",
    options=MatchOptions,
    inputs={TARGET: AssetKind.AUDIO, "reference": AssetKind.AUDIO},
    steps=("analyzing", "inverting", "rendering", "joining", "persisting"),
    rows="soundstage.platform.catalog.matches:Matches",
    collection="matches",
    functions=(
        # An upload of 2 GiB and what it decodes to: probing lets 6 GiB pass.
        LambdaStep(
            "match.analyze",
            code="image",
            memory_mib=3008,
            timeout_s=900,
            disk_mib=10_240,
            reads=("uploads/",),
            writes=("work/",),
        ),
        LambdaStep(
            "match.invert",
            memory_mib=3008,
            timeout_s=300,
            disk_mib=2048,
            reads=("work/", "ir/"),
            writes=("work/",),
        ),
        LambdaStep("match.plan", memory_mib=1024, reads=("work/",)),
        LambdaStep(
            "match.persist",
            code="web",
            timeout_s=120,
            reads=("results/", "ir/"),
            writes=("ir/",),
            uses_catalog=True,
        ),
    ),
    tasks=(WorkerTask("match_render_segment"), WorkerTask("match_join")),
    schemas={"match_params": MatchParams, "match_result": MatchResult, "preset": Preset},
)
