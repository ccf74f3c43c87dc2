"""Entries of the audit log are chained by hashes, and the database refuses to change or remove one."""

import sqlalchemy as sa
from alembic import op

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None


def upgrade() -> None:
    for name in ("previous_sha256", "sha256"):
        op.add_column("audit_logs", sa.Column(name, sa.LargeBinary(), nullable=True))
    op.execute(
        "CREATE FUNCTION audit_logs_append_only() RETURNS trigger LANGUAGE plpgsql AS "
        "$$ BEGIN RAISE EXCEPTION 'the audit log is append-only'; END $$"
    )
    op.execute(
        "CREATE TRIGGER append_only BEFORE UPDATE OR DELETE ON audit_logs "
        "FOR EACH ROW EXECUTE FUNCTION audit_logs_append_only()"
    )


def downgrade() -> None:
    op.execute("DROP TRIGGER append_only ON audit_logs")
    op.execute("DROP FUNCTION audit_logs_append_only()")
    for name in ("sha256", "previous_sha256"):
        op.drop_column("audit_logs", name)
