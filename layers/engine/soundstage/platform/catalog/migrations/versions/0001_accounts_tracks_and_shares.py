"""Accounts, tracks and shares."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "audit_logs",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=True), nullable=False),
        sa.Column("user_id", sa.Uuid(), nullable=True),
        sa.Column("action", sa.Text(), nullable=False),
        sa.Column("target", sa.Text(), nullable=True),
        sa.Column("payload", postgresql.JSONB(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_audit_logs"),
    )
    op.create_index("ix_audit_logs_user_id", "audit_logs", ["user_id"], unique=False)
    op.create_table(
        "users",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("email", sa.Text(), nullable=False),
        sa.Column("password_hash", sa.Text(), nullable=False),
        sa.Column("plan", sa.Text(), server_default="free", nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_users"),
        sa.UniqueConstraint("email", name="uq_users_email"),
    )
    op.create_table(
        "refresh_tokens",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("user_id", sa.Uuid(), nullable=False),
        sa.Column("family_id", sa.Uuid(), nullable=False),
        sa.Column("token_sha256", sa.LargeBinary(), nullable=False),
        sa.Column("issued_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("used_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("revoked_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], name="fk_refresh_tokens_user_id", ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name="pk_refresh_tokens"),
        sa.UniqueConstraint("token_sha256", name=op.f("uq_refresh_tokens_token_sha256")),
    )
    op.create_index("ix_refresh_tokens_family_id", "refresh_tokens", ["family_id"], unique=False)
    op.create_index("ix_refresh_tokens_user_id", "refresh_tokens", ["user_id"], unique=False)
    op.create_table(
        "tracks",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("owner_id", sa.Uuid(), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("status", sa.Text(), nullable=False),
        sa.Column("primary_label", sa.Text(), nullable=True),
        sa.Column("hum_asset_id", sa.Uuid(), nullable=True),
        sa.Column("job_id", sa.Uuid(), nullable=True),
        sa.Column("job_attempt", sa.Integer(), server_default="0", nullable=False),
        sa.Column("gen_params", postgresql.JSONB(), nullable=True),
        sa.Column("metadata", postgresql.JSONB(), nullable=False),
        sa.Column("score", postgresql.JSONB(), nullable=True),
        sa.Column("error", postgresql.JSONB(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("deleted_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("primary_label IN ('A', 'B')", name="ck_tracks_primary_label"),
        sa.CheckConstraint("status IN ('draft', 'generating', 'ready', 'failed', 'deleted')", name="ck_tracks_status"),
        sa.ForeignKeyConstraint(["owner_id"], ["users.id"], name="fk_tracks_owner_id", ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name="pk_tracks"),
    )
    op.create_index(
        "ix_tracks_owner_id_id",
        "tracks",
        ["owner_id", "id"],
        unique=False,
        postgresql_where=sa.text("status <> 'deleted'"),
    )
    op.create_table(
        "shares",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("track_id", sa.Uuid(), nullable=False),
        sa.Column("owner_id", sa.Uuid(), nullable=False),
        sa.Column("token_sha256", sa.LargeBinary(), nullable=False),
        sa.Column("views", sa.Integer(), server_default="0", nullable=False),
        sa.Column("last_viewed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("revoked_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["owner_id"], ["users.id"], name="fk_shares_owner_id", ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["track_id"], ["tracks.id"], name="fk_shares_track_id", ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name="pk_shares"),
        sa.UniqueConstraint("token_sha256", name=op.f("uq_shares_token_sha256")),
    )
    op.create_index("ix_shares_track_id", "shares", ["track_id"], unique=False)
    op.create_table(
        "track_variants",
        sa.Column("track_id", sa.Uuid(), nullable=False),
        sa.Column("label", sa.Text(), nullable=False),
        sa.Column("job_id", sa.Uuid(), nullable=False),
        sa.Column("style", sa.Text(), nullable=False),
        sa.Column("provider", sa.Text(), nullable=False),
        sa.Column("audio_key", sa.Text(), nullable=False),
        sa.Column("midi_key", sa.Text(), nullable=False),
        sa.Column("picture_keys", postgresql.JSONB(), nullable=False),
        sa.Column("duration_s", sa.Double(), nullable=False),
        sa.Column("tempo_bpm", sa.Double(), nullable=False),
        sa.Column("musical_key", postgresql.JSONB(), nullable=False),
        sa.Column("chords", postgresql.JSONB(), nullable=False),
        sa.Column("integrated_lufs", sa.Double(), nullable=False),
        sa.Column("true_peak_dbtp", sa.Double(), nullable=False),
        sa.Column("scores", postgresql.JSONB(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("label IN ('A', 'B')", name="ck_track_variants_label"),
        sa.ForeignKeyConstraint(["track_id"], ["tracks.id"], name="fk_track_variants_track_id", ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("track_id", "label", name="pk_track_variants"),
    )


def downgrade() -> None:
    op.drop_table("track_variants")
    op.drop_index("ix_shares_track_id", table_name="shares")
    op.drop_table("shares")
    op.drop_index("ix_tracks_owner_id_id", table_name="tracks", postgresql_where=sa.text("status <> 'deleted'"))
    op.drop_table("tracks")
    op.drop_index("ix_refresh_tokens_user_id", table_name="refresh_tokens")
    op.drop_index("ix_refresh_tokens_family_id", table_name="refresh_tokens")
    op.drop_table("refresh_tokens")
    op.drop_table("users")
    op.drop_index("ix_audit_logs_user_id", table_name="audit_logs")
    op.drop_table("audit_logs")
