"""Rows of all products have the same columns for their jobs: a match has none until it follows one."""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.drop_constraint("uq_matches_job_id", "matches", type_="unique")
    op.alter_column("matches", "job_id", existing_type=sa.Uuid(), nullable=True)
    op.alter_column("matches", "job_attempt", existing_type=sa.Integer(), server_default="0")


def downgrade() -> None:
    op.alter_column("matches", "job_attempt", existing_type=sa.Integer(), server_default="1")
    op.alter_column("matches", "job_id", existing_type=sa.Uuid(), nullable=False)
    op.create_unique_constraint("uq_matches_job_id", "matches", ["job_id"])
