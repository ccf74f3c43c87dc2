"""What was made for whom, entry by entry: the basis of quotas and of bills."""

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "usage_entries",
        sa.Column("job_id", sa.Uuid(), nullable=False),
        sa.Column("owner_id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("media_s", sa.Double(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["owner_id"], ["users.id"], name="fk_usage_entries_owner_id", ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("job_id", name="pk_usage_entries"),
    )
    op.create_index("ix_usage_entries_owner_id_made_at", "usage_entries", ["owner_id", "made_at"])


def downgrade() -> None:
    op.drop_table("usage_entries")
