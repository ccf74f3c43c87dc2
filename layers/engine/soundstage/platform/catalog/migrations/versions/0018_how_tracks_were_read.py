"""How the hum and the prompt of a track were understood."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0018"
down_revision = "0017"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("tracks", sa.Column("understood", postgresql.JSONB(), nullable=True))


def downgrade() -> None:
    op.drop_column("tracks", "understood")
