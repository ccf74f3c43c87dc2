"""Presets: styles under names."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

ALIVE = sa.text("deleted_at IS NULL")


def upgrade() -> None:
    op.create_table(
        "presets",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("owner_id", sa.Uuid(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("description", sa.Text(), server_default="", nullable=False),
        sa.Column("visibility", sa.Text(), server_default="private", nullable=False),
        sa.Column("params", postgresql.JSONB(none_as_null=True), nullable=False),
        sa.Column("schema_version", sa.Integer(), server_default="1", nullable=False),
        sa.Column("ir_key", sa.Text(), nullable=True),
        sa.Column("source_match_id", sa.Uuid(), nullable=True),
        sa.Column("revision", sa.Integer(), server_default="1", nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("deleted_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("visibility IN ('private', 'public')", name="ck_presets_visibility"),
        sa.ForeignKeyConstraint(["owner_id"], ["users.id"], name="fk_presets_owner_id", ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name="pk_presets"),
    )
    op.create_index("uq_presets_owner_id_name", "presets", ["owner_id", "name"], unique=True, postgresql_where=ALIVE)
    op.create_index("ix_presets_owner_id_id", "presets", ["owner_id", "id"], postgresql_where=ALIVE)
    public = sa.text("visibility = 'public' AND deleted_at IS NULL")
    op.create_index("ix_presets_public_id", "presets", ["id"], postgresql_where=public)


def downgrade() -> None:
    op.drop_table("presets")
