"""Matches, their metrics and segments."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

STATUSES = "'matching', 'ready', 'failed', 'canceled', 'deleted'"


def upgrade() -> None:
    op.create_table(
        "matches",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("owner_id", sa.Uuid(), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("status", sa.Text(), nullable=False),
        sa.Column("job_id", sa.Uuid(), nullable=False),
        sa.Column("job_attempt", sa.Integer(), server_default="1", nullable=False),
        sa.Column("preset_id", sa.Uuid(), nullable=True),
        sa.Column("params", postgresql.JSONB(none_as_null=True), nullable=False),
        sa.Column("style", postgresql.JSONB(none_as_null=True), nullable=True),
        sa.Column("result", postgresql.JSONB(none_as_null=True), nullable=True),
        sa.Column("error", postgresql.JSONB(none_as_null=True), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("deleted_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(f"status IN ({STATUSES})", name="ck_matches_status"),
        sa.ForeignKeyConstraint(["owner_id"], ["users.id"], name="fk_matches_owner_id", ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["preset_id"], ["presets.id"], name="fk_matches_preset_id", ondelete="SET NULL"),
        sa.PrimaryKeyConstraint("id", name="pk_matches"),
        sa.UniqueConstraint("job_id", name="uq_matches_job_id"),
    )
    alive = sa.text("status <> 'deleted'")
    op.create_index("ix_matches_owner_id_id", "matches", ["owner_id", "id"], postgresql_where=alive)
    op.create_table(
        "metrics",
        sa.Column("match_id", sa.Uuid(), nullable=False),
        sa.Column("moment", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("value", sa.Float(), nullable=False),
        sa.CheckConstraint("moment IN ('before', 'after')", name="ck_metrics_moment"),
        sa.ForeignKeyConstraint(["match_id"], ["matches.id"], name="fk_metrics_match_id", ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("match_id", "moment", "name", name="pk_metrics"),
    )
    op.create_table(
        "job_segments",
        sa.Column("match_id", sa.Uuid(), nullable=False),
        sa.Column("index", sa.Integer(), nullable=False),
        sa.Column("start_frame", sa.BigInteger(), nullable=False),
        sa.Column("end_frame", sa.BigInteger(), nullable=False),
        sa.Column("read_from_frame", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["match_id"], ["matches.id"], name="fk_job_segments_match_id", ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("match_id", "index", name="pk_job_segments"),
    )


def downgrade() -> None:
    op.drop_table("job_segments")
    op.drop_table("metrics")
    op.drop_table("matches")
