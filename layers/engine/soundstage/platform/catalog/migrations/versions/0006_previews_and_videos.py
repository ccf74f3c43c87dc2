"""Previews and videos of variants, and who played them."""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

COLUMNS = {
    "sound_font": sa.Text,
    "preview_key": sa.Text,
    "video_job_id": sa.Uuid,
    "video_key": sa.Text,
    "poster_key": sa.Text,
}


def upgrade() -> None:
    for name, kind in COLUMNS.items():
        op.add_column("track_variants", sa.Column(name, kind(), nullable=True))


def downgrade() -> None:
    for name in COLUMNS:
        op.drop_column("track_variants", name)
