"""Matches, with their metrics and segments. The job makes the row, and each match has one job."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import BigInteger, CheckConstraint, ForeignKey
from sqlalchemy.orm import Mapped, Session, mapped_column, relationship

from soundstage.models.errors import Conflict
from soundstage.models.ids import Id
from soundstage.models.jobs import Job, WorkflowInput
from soundstage.models.match import MatchRequest, MatchResult, MatchStatus
from soundstage.models.style import Preset as PresetFile
from soundstage.models.style import StyleParams
from soundstage.platform.aws.impulse_responses import externalise
from soundstage.platform.aws.storage import ObjectStore
from soundstage.platform.catalog import presets, usage
from soundstage.platform.catalog.product_rows import ProductRow, ProductRows, product_table_args
from soundstage.platform.catalog.tables import Base, Preset
from soundstage.products.match import MATCH, MatchOptions

# In rows of their own, which people can ask about.
_METRICS = {"before": "metrics_before", "after": "metrics_after"}


class Match(ProductRow, Base):
    """A recording that got another sound. ``params`` is what was asked, ``style`` what was found."""

    __tablename__ = "matches"
    __table_args__ = product_table_args("matches", MatchStatus)

    preset_id: Mapped[Id | None] = mapped_column(ForeignKey(Preset.id, ondelete="SET NULL"))
    params: Mapped[dict[str, Any]]
    style: Mapped[dict[str, Any] | None]
    result: Mapped[dict[str, Any] | None]

    metrics: Mapped[list["Metric"]] = relationship(lazy="selectin", cascade="all, delete-orphan")
    segments: Mapped[list["JobSegment"]] = relationship(order_by="JobSegment.index", cascade="all, delete-orphan")


class Metric(Base):
    """One number of a match, before or after. A row each, so that people can ask about many matches."""

    __tablename__ = "metrics"
    __table_args__ = (CheckConstraint("moment IN ('before', 'after')", name="moment"),)

    match_id: Mapped[Id] = mapped_column(ForeignKey(Match.id, ondelete="CASCADE"), primary_key=True)
    moment: Mapped[str] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(primary_key=True)
    value: Mapped[float]


class JobSegment(Base):
    """A part of a long recording that was rendered on its own."""

    __tablename__ = "job_segments"

    match_id: Mapped[Id] = mapped_column(ForeignKey(Match.id, ondelete="CASCADE"), primary_key=True)
    index: Mapped[int] = mapped_column(primary_key=True)
    start_frame: Mapped[int] = mapped_column(BigInteger)
    end_frame: Mapped[int] = mapped_column(BigInteger)
    read_from_frame: Mapped[int] = mapped_column(BigInteger)


def _segment(match_id: Id, planned: dict[str, Any]) -> JobSegment:
    """Where a planned segment lies; how it is rendered (``last``) is of no use to a row."""
    return JobSegment(match_id=match_id, **{name: planned[name] for name in SEGMENT_FIELDS})


SEGMENT_FIELDS = ("index", "start_frame", "end_frame", "read_from_frame")


class Matches(ProductRows[Match, MatchOptions]):
    product = MATCH
    row = Match
    making = MatchStatus.MATCHING

    def options_for(self, request: MatchRequest, *, reader_id: Id, objects: ObjectStore) -> MatchOptions:
        """With the style to apply as it is now: changes of a preset do not reach matches that were asked for before.

        Its impulse response, too large for a job's record, lies in the bucket.

        Raises:
            NotFound: no such preset that this person may read.
            InvalidInput: an impulse response that nobody can read.
        """
        preset = externalise(request.preset, objects) if request.preset else None
        if request.preset_id is not None:
            with self._catalog.transaction() as session:
                preset = presets.style_of(presets.readable(session, reader_id=reader_id, preset_id=request.preset_id))
        return MatchOptions(title=request.title, match_params=request.params(preset))

    def found_style(self, *, owner_id: Id, match_id: Id, objects: ObjectStore) -> StyleParams:
        """With its impulse response. Raises NotFound, and Conflict for a match that has found none yet."""
        with self._catalog.transaction() as session:
            match = self.get(session, owner_id=owner_id, subject_id=match_id)
        if match.result is None:
            raise Conflict("This match has found no style yet.", detail={"status": match.status})
        return PresetFile.model_validate(objects.read_json(match.result["preset_key"])).params

    def persist(
        self, job: WorkflowInput, *, result: MatchResult, style: StyleParams, segments: Sequence[dict[str, Any]]
    ) -> bool:
        """Write what a job made, and mark the match ready. Returns whether it was kept (``ProductRows._keep``).

        ``style`` goes without a response in it (``impulse_responses.externalise``), which is too large for a row.
        """

        def write(session: Session, match: Match) -> None:
            match.style = style.model_dump(mode="json")
            match.result = result.model_dump(mode="json", exclude={*_METRICS.values()})
            match.metrics = [
                session.merge(Metric(match_id=match.id, moment=moment, name=name, value=value))
                for moment, field in _METRICS.items()
                for name, value in getattr(result, field).model_dump(exclude_none=True).items()
            ]
            usage.record(session, job, kind=self.product.kind, media_s=result.duration_s, now=self._clock())
            match.segments = [session.merge(_segment(match.id, segment)) for segment in segments]

        return self._keep(job, write)

    def _first(self, job: Job | WorkflowInput) -> dict[str, Any]:
        options = self.product.options_of(job)
        params = options.match_params
        return {"title": options.title, "preset_id": params.preset_id, "params": params.model_dump(mode="json")}


def metrics_of(match: Match) -> dict[str, dict[str, float]]:
    """``before`` and ``after`` by name."""
    return {
        moment: {metric.name: metric.value for metric in match.metrics if metric.moment == moment}
        for moment in _METRICS
    }
