"""Covers of tracks."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("tracks", sa.Column("cover_key", sa.Text(), nullable=True))


def downgrade() -> None:
    op.drop_column("tracks", "cover_key")
