"""Keys with a scope and the day of their last use, accounts with a version, passwords, acts about watchdogs."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("person", sa.Column("version", sa.Integer(), server_default=sa.text("1"), nullable=False))
    op.add_column(
        "key", sa.Column("scope", sa.JSON().with_variant(postgresql.JSONB(), "postgresql"), nullable=True)
    )
    op.add_column("key", sa.Column("last_used_on", sa.Date(), nullable=True))
    op.create_table(
        "credential",
        sa.Column("person_id", sa.String(length=30), nullable=False),
        sa.Column("hash", sa.String(length=200), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("hash LIKE '$argon2id$%'", name=op.f("ck_credential_hashed")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_credential_person_id")),
        sa.PrimaryKeyConstraint("person_id", name=op.f("pk_credential")),
    )
    op.create_table(
        "key_origin",
        sa.Column("key_id", sa.String(length=30), nullable=False),
        sa.Column("parent_id", sa.String(length=30), nullable=False),
        sa.CheckConstraint("key_id <> parent_id", name=op.f("ck_key_origin_not_itself")),
        sa.ForeignKeyConstraint(["key_id"], ["key.id"], name=op.f("fk_key_origin_key_id")),
        sa.ForeignKeyConstraint(["parent_id"], ["key.id"], name=op.f("fk_key_origin_parent_id")),
        sa.PrimaryKeyConstraint("key_id", name=op.f("pk_key_origin")),
    )
    op.create_index(op.f("ix_key_origin_parent_id"), "key_origin", ["parent_id"], unique=False)
    op.create_table(
        "watchdog_act",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("organization_id", sa.String(length=30), nullable=False),
        sa.Column("standing", sa.String(length=12), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("by", sa.String(length=30), nullable=False),
        sa.CheckConstraint("reason <> ''", name=op.f("ck_watchdog_act_reason")),
        sa.CheckConstraint(
            "standing IN ('registered', 'suspended', 'withdrawn')", name=op.f("ck_watchdog_act_standing")
        ),
        sa.ForeignKeyConstraint(["by"], ["person.id"], name=op.f("fk_watchdog_act_by")),
        sa.ForeignKeyConstraint(
            ["organization_id"], ["watchdog.organization_id"], name=op.f("fk_watchdog_act_organization_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_watchdog_act")),
    )
    op.create_index(
        op.f("ix_watchdog_act_organization_id"), "watchdog_act", ["organization_id"], unique=False
    )


def downgrade() -> None:
    op.drop_index(op.f("ix_watchdog_act_organization_id"), table_name="watchdog_act")
    op.drop_table("watchdog_act")
    op.drop_index(op.f("ix_key_origin_parent_id"), table_name="key_origin")
    op.drop_table("key_origin")
    op.drop_table("credential")
    op.drop_column("key", "last_used_on")
    op.drop_column("key", "scope")
    op.drop_column("person", "version")
