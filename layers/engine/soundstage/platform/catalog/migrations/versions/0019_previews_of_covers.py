"""Covers of tracks as small pictures."""

import sqlalchemy as sa
from alembic import op

revision = "0019"
down_revision = "0018"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("tracks", sa.Column("cover_preview_key", sa.Text(), nullable=True))


def downgrade() -> None:
    op.drop_column("tracks", "cover_preview_key")
