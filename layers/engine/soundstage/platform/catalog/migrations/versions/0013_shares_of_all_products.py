"""Shares of matches and films too, with passwords; and a secret of each that signs the addresses of its files."""

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.drop_constraint("fk_shares_track_id", "shares")
    op.alter_column("shares", "track_id", new_column_name="subject_id")
    op.execute("ALTER INDEX ix_shares_track_id RENAME TO ix_shares_subject_id")
    op.add_column("shares", sa.Column("kind", sa.Text(), server_default="track", nullable=False))
    op.create_check_constraint(op.f("ck_shares_kind"), "shares", "kind IN ('track', 'match', 'film')")
    op.add_column("shares", sa.Column("password_hash", sa.Text(), nullable=True))
    op.add_column("shares", sa.Column("secret", sa.LargeBinary(), nullable=True))
    op.execute("UPDATE shares SET secret = uuid_send(gen_random_uuid()) || uuid_send(gen_random_uuid())")
    op.alter_column("shares", "secret", nullable=False)


def downgrade() -> None:
    op.execute("DELETE FROM shares WHERE kind <> 'track' OR subject_id NOT IN (SELECT id FROM tracks)")
    op.drop_column("shares", "secret")
    op.drop_column("shares", "password_hash")
    op.drop_constraint(op.f("ck_shares_kind"), "shares")
    op.drop_column("shares", "kind")
    op.execute("ALTER INDEX ix_shares_subject_id RENAME TO ix_shares_track_id")
    op.alter_column("shares", "subject_id", new_column_name="track_id")
    op.create_foreign_key("fk_shares_track_id", "shares", "tracks", ["track_id"], ["id"], ondelete="CASCADE")
