"""Proposals of every kind in one table; holds with their history; whose an item is; where keys come from.

What waited before (a lowering, an order to redact) has to be proposed again.
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0040"
down_revision = "0017"
branch_labels = None
depends_on = None

_JSON = sa.JSON().with_variant(postgresql.JSONB(), "postgresql")
_ID = sa.String(length=30)
_INSTANT = sa.DateTime(timezone=True)
_AUDIT_BY = ("person_id", "verb", "at")
_WAITS = sa.text("decision = 'proposed'")
_OLD_WORK = "'proposal', 'returned', 'review', 'basis', 'overdue', 'lowering', 'redaction'"
_WORK = f"{_OLD_WORK}, 'public_copy'"
#: Items that a watchdog submitted, or the desk for one, belong to it; the rest to the desk.
_OWNED = (
    "UPDATE evidence SET owner_id = watchdog_id"
    " WHERE watchdog_id <> (SELECT lead_id FROM process WHERE process.id = evidence.process_id)"
    " OR EXISTS (SELECT 1 FROM subject JOIN person ON person.id = subject.created_by"
    " WHERE subject.id = evidence.id AND person.organization_id = evidence.watchdog_id)"
)


def upgrade() -> None:
    op.drop_table("evidence_lowering")
    op.drop_table("redaction")
    _proposals()
    op.create_table(
        "legal_hold_act",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("subject_id", _ID, nullable=False),
        sa.Column("held", sa.Boolean(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=True),
        sa.Column("at", _INSTANT, nullable=False),
        sa.Column("by", _ID, nullable=False),
        sa.CheckConstraint("reason <> ''", name=op.f("ck_legal_hold_act_reason")),
        sa.ForeignKeyConstraint(["subject_id"], ["subject.id"], name=op.f("fk_legal_hold_act_subject_id")),
        sa.ForeignKeyConstraint(["by"], ["person.id"], name=op.f("fk_legal_hold_act_by")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_legal_hold_act")),
    )
    op.create_index(op.f("ix_legal_hold_act_subject_id"), "legal_hold_act", ["subject_id"])
    with op.batch_alter_table("evidence") as table:
        table.add_column(sa.Column("owner_id", _ID, nullable=True))
        table.create_foreign_key(op.f("fk_evidence_owner_id"), "organization", ["owner_id"], ["id"])
    op.create_index(op.f("ix_evidence_owner_id"), "evidence", ["owner_id"])
    op.execute(_OWNED)
    op.execute(
        "INSERT INTO record_facet (kind, facet, value, sort_key, id, moment)"
        " SELECT record_facet.kind, 'owner', evidence.owner_id, record_facet.sort_key, evidence.id,"
        " record_facet.moment FROM evidence JOIN record_facet ON record_facet.id = evidence.id"
        " WHERE record_facet.facet = 'watchdog' AND evidence.owner_id IS NOT NULL"
    )
    op.add_column("key", sa.Column("active_at", _INSTANT, nullable=True))
    op.execute("UPDATE key SET active_at = created_at")
    op.add_column("person", sa.Column("origin_id", _ID, nullable=True))
    op.create_index(op.f("ix_person_origin_id"), "person", ["origin_id"])
    for column in _AUDIT_BY:
        op.create_index(f"ix_audit_entry_{column}_id", "audit_entry", [column, "id"])
    op.add_column("status_change", sa.Column("versions", _JSON, nullable=True))
    _work(_WORK)


def downgrade() -> None:
    _work(_OLD_WORK)
    op.drop_column("status_change", "versions")
    for column in _AUDIT_BY:
        op.drop_index(f"ix_audit_entry_{column}_id", "audit_entry")
    op.drop_index(op.f("ix_person_origin_id"), "person")
    op.drop_column("person", "origin_id")
    op.execute("DELETE FROM key_origin WHERE key_id IN (SELECT id FROM key WHERE active_at IS NULL)")
    op.execute("UPDATE key SET revoked_at = created_at WHERE active_at IS NULL AND revoked_at IS NULL")
    op.drop_column("key", "active_at")
    op.execute("DELETE FROM record_facet WHERE facet = 'owner' AND kind IN ('evidence', 'sealed')")
    op.drop_index(op.f("ix_evidence_owner_id"), "evidence")
    with op.batch_alter_table("evidence") as table:
        table.drop_constraint(op.f("fk_evidence_owner_id"), type_="foreignkey")
        table.drop_column("owner_id")
    op.drop_table("legal_hold_act")
    op.drop_table("proposal")
    _older()


def _proposals() -> None:
    op.create_table(
        "proposal",
        sa.Column("id", _ID, nullable=False),
        sa.Column("kind", sa.String(length=12), nullable=False),
        sa.Column("target_id", _ID, nullable=False),
        sa.Column("thing_id", _ID, nullable=False),
        sa.Column("process_id", _ID, nullable=True),
        sa.Column("reason", sa.Text(), nullable=True),
        sa.Column("payload", _JSON, nullable=False),
        sa.Column("versions", _JSON, nullable=False),
        sa.Column("proposed_by", _ID, nullable=False),
        sa.Column("key_id", _ID, nullable=True),
        sa.Column("proposed_at", _INSTANT, nullable=False),
        sa.Column("rests_until", _INSTANT, nullable=True),
        sa.Column("decision", sa.String(length=10), nullable=False),
        sa.Column("decided_by", _ID, nullable=True),
        sa.Column("decided_at", _INSTANT, nullable=True),
        sa.Column("note", sa.Text(), nullable=True),
        sa.CheckConstraint("id LIKE 'prp\\_%' ESCAPE '\\'", name=op.f("ck_proposal_id_kind")),
        sa.CheckConstraint(
            "kind IN ('lowering', 'redaction', 'public_copy', 'roles', 'key')",
            name=op.f("ck_proposal_kind"),
        ),
        sa.CheckConstraint(
            "decision IN ('proposed', 'approved', 'returned', 'retracted')",
            name=op.f("ck_proposal_decision"),
        ),
        sa.CheckConstraint("reason <> ''", name=op.f("ck_proposal_reason")),
        sa.CheckConstraint(
            "(decision = 'proposed') = (decided_by IS NULL) AND (decision = 'proposed') = (decided_at IS NULL)",
            name=op.f("ck_proposal_decided"),
        ),
        sa.CheckConstraint(
            "decision NOT IN ('approved', 'returned') OR decided_by <> proposed_by",
            name=op.f("ck_proposal_two_people"),
        ),
        sa.CheckConstraint(
            "decision <> 'approved' OR decided_at >= rests_until", name=op.f("ck_proposal_rested")
        ),
        sa.ForeignKeyConstraint(["process_id"], ["process.id"], name=op.f("fk_proposal_process_id")),
        sa.ForeignKeyConstraint(["proposed_by"], ["person.id"], name=op.f("fk_proposal_proposed_by")),
        sa.ForeignKeyConstraint(["key_id"], ["key.id"], name=op.f("fk_proposal_key_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_proposal")),
    )
    op.create_index(op.f("ix_proposal_key_id"), "proposal", ["key_id"])
    op.create_index("ix_proposal_thing_id", "proposal", ["thing_id", "kind"])
    op.create_index("ix_proposal_decision", "proposal", ["decision", "kind", "proposed_at", "id"])
    op.create_index("ix_proposal_proposed_at", "proposal", ["proposed_at", "id"])
    op.create_index(
        "uq_proposal_waiting",
        "proposal",
        ["target_id", "kind"],
        unique=True,
        sqlite_where=_WAITS,
        postgresql_where=_WAITS,
    )


def _work(kinds: str) -> None:
    """The queue follows from the record: it is emptied, and filled again by `tracker public rebuild`."""
    op.execute("DELETE FROM open_work")
    with op.batch_alter_table("open_work") as table:
        table.drop_constraint(op.f("ck_open_work_kind"), type_="check")
        table.create_check_constraint(op.f("ck_open_work_kind"), f"kind IN ({kinds})")


def _older() -> None:
    op.create_table(
        "evidence_lowering",
        sa.Column("evidence_id", _ID, nullable=False),
        sa.Column("protection", sa.String(length=12), nullable=False),
        sa.Column("shared_with", _JSON, nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("proposed_by", _ID, nullable=False),
        sa.Column("proposed_at", _INSTANT, nullable=False),
        sa.ForeignKeyConstraint(
            ["evidence_id"], ["evidence.id"], name=op.f("fk_evidence_lowering_evidence_id")
        ),
        sa.PrimaryKeyConstraint("evidence_id", name=op.f("pk_evidence_lowering")),
    )
    op.create_table(
        "redaction",
        sa.Column("target_id", _ID, nullable=False),
        sa.Column("thing_id", _ID, nullable=False),
        sa.Column("reason", sa.String(length=24), nullable=False),
        sa.Column("ordered_by", _ID, nullable=False),
        sa.Column("ordered_at", _INSTANT, nullable=False),
        sa.Column("done_by", _ID, nullable=True),
        sa.Column("done_at", _INSTANT, nullable=True),
        sa.PrimaryKeyConstraint("target_id", name=op.f("pk_redaction")),
    )
