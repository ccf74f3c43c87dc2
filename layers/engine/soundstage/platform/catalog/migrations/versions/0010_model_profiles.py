"""Model profiles: providers that people have set up, with sealed keys."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "model_profiles",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("owner_id", sa.Uuid(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("terms", postgresql.JSONB(none_as_null=True), nullable=False),
        sa.Column("sealed", postgresql.JSONB(none_as_null=True), nullable=True),
        sa.Column("revision", sa.Integer(), server_default="1", nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("deleted_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("kind IN ('text', 'image', 'clip', 'speech')", name="ck_model_profiles_kind"),
        sa.ForeignKeyConstraint(["owner_id"], ["users.id"], name="fk_model_profiles_owner_id", ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name="pk_model_profiles"),
    )
    op.create_index(
        "ix_model_profiles_owner_id_id",
        "model_profiles",
        ["owner_id", "id"],
        postgresql_where=sa.text("deleted_at IS NULL"),
    )


def downgrade() -> None:
    op.drop_table("model_profiles")
