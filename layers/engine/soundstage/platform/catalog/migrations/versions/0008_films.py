"""Projects with their versions and shots, batches of shots, films."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None

STATUSES = {
    "projects": "'draft', 'writing', 'ready', 'failed', 'deleted'",
    "shots": "'draft', 'making', 'ready', 'failed', 'canceled', 'deleted'",
    "shot_batches": "'making', 'ready', 'failed', 'canceled', 'deleted'",
    "films": "'filming', 'ready', 'failed', 'canceled', 'deleted'",
}


def upgrade() -> None:
    _make("projects", _json("document"), sa.Column("revision", sa.Integer(), server_default="1", nullable=False))
    op.create_table(
        "project_versions",
        sa.Column("project_id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("label", sa.Text(), server_default="", nullable=False),
        sa.Column("note", sa.Text(), server_default="", nullable=False),
        sa.Column("based_on", sa.Integer(), nullable=True),
        _json("document"),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("reason IN ('created', 'storyboard', 'edit', 'restore')", name="ck_project_versions_reason"),
        sa.ForeignKeyConstraint(
            ["project_id"], ["projects.id"], name="fk_project_versions_project_id", ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("project_id", "number", name="pk_project_versions"),
    )
    _make(
        "shots",
        sa.Column("project_id", sa.Uuid(), nullable=False),
        sa.Column("part", sa.Text(), nullable=False),
        _json("picture", nullable=True),
        _json("speech", nullable=True),
        sa.ForeignKeyConstraint(["project_id"], ["projects.id"], name="fk_shots_project_id", ondelete="CASCADE"),
        sa.UniqueConstraint("project_id", "part", name="uq_shots_project_id_part"),
    )
    _make("shot_batches", sa.Column("project_id", sa.Uuid(), nullable=False), _json("result", nullable=True))
    _make(
        "films",
        sa.Column("project_id", sa.Uuid(), nullable=False),
        _json("settings"),
        sa.Column("revision", sa.Integer(), nullable=True),
        _json("files", nullable=True),
    )
    for table in ("shot_batches", "films"):
        op.create_index(f"ix_{table}_project_id", table, ["project_id"])


def downgrade() -> None:
    for table in ("films", "shot_batches", "shots", "project_versions", "projects"):
        op.drop_table(table)


def _make(table: str, *its_own: sa.Column[object] | sa.Constraint) -> None:
    """A table of a product's rows."""
    op.create_table(
        table,
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("owner_id", sa.Uuid(), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("status", sa.Text(), nullable=False),
        sa.Column("job_id", sa.Uuid(), nullable=True),
        sa.Column("job_attempt", sa.Integer(), server_default="0", nullable=False),
        _json("error", nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("deleted_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(f"status IN ({STATUSES[table]})", name=f"ck_{table}_status"),
        sa.ForeignKeyConstraint(["owner_id"], ["users.id"], name=f"fk_{table}_owner_id", ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name=f"pk_{table}"),
        *its_own,
    )
    alive = sa.text("status <> 'deleted'")
    op.create_index(f"ix_{table}_owner_id_id", table, ["owner_id", "id"], postgresql_where=alive)


def _json(name: str, *, nullable: bool = False) -> sa.Column[object]:
    return sa.Column(name, postgresql.JSONB(none_as_null=True), nullable=nullable)
