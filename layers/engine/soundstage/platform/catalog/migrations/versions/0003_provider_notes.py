"""Why another provider than the wanted one made a variant."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("track_variants", sa.Column("provider_note", sa.Text(), nullable=True))


def downgrade() -> None:
    op.drop_column("track_variants", "provider_note")
