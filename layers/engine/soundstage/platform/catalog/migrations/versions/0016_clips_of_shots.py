"""Clips of shots, to be seen like their pictures."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("shots", sa.Column("clip", postgresql.JSONB(), nullable=True))


def downgrade() -> None:
    op.drop_column("shots", "clip")
