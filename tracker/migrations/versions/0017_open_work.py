"""open work: the queue of what waits for somebody, filled from what is there.

What waits because demands grew, rather than because evidence fell, is entered by `tracker public rebuild`.
"""

from collections import defaultdict
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0017"
down_revision = "0012"
branch_labels = None
depends_on = None

_JSON = sa.JSON().with_variant(postgresql.JSONB(), "postgresql")
_KINDS = "'proposal', 'returned', 'review', 'basis', 'overdue', 'lowering', 'redaction'"
_NAMED = {"process_id": "process", "subject_id": "subject", "assessor_id": "organization"}
_NAMED |= {"author_id": "person", "submitter_id": "person"}
_TABLES = (
    "process",
    "subject",
    "evidence",
    "deadline",
    "status_change",
    "citation",
    "evidence_lowering",
    "evidence_redaction",
)
_SUBJECT = ("id", "process_id", "publication", "created_by", "created_at", "published_at", "withdrawn_at")
_CHANGE = (
    "id",
    "subject_id",
    "track",
    "assessor_id",
    "act",
    "to_state",
    "effective_on",
    "corrects_id",
    "replies_to_id",
    "proposed_by",
    "decision",
    "created_at",
    "decided_at",
    "number",
)


def upgrade() -> None:
    table = op.create_table(
        "open_work",
        sa.Column("kind", sa.String(length=12), nullable=False),
        sa.Column("reader", sa.String(length=30), nullable=False),
        sa.Column("about", sa.String(length=30), nullable=False),
        sa.Column("since", sa.DateTime(timezone=True), nullable=False),
        sa.Column("process_id", sa.String(length=30), nullable=False),
        sa.Column("subject_id", sa.String(length=30), nullable=False),
        sa.Column("assessor_id", sa.String(length=30), nullable=True),
        sa.Column("track", sa.String(length=40), nullable=True),
        sa.Column("state", sa.String(length=32), nullable=True),
        sa.Column("basis", sa.String(length=12), nullable=True),
        sa.Column("items", _JSON, nullable=False),
        sa.Column("author_id", sa.String(length=30), nullable=True),
        sa.Column("submitter_id", sa.String(length=30), nullable=True),
        sa.CheckConstraint(f"kind IN ({_KINDS})", name=op.f("ck_open_work_kind")),
        *(
            sa.ForeignKeyConstraint([column], [f"{of}.id"], name=op.f(f"fk_open_work_{column}"))
            for column, of in _NAMED.items()
        ),
        sa.PrimaryKeyConstraint("kind", "reader", "about", name=op.f("pk_open_work")),
    )
    op.create_index(op.f("ix_open_work_subject_id"), "open_work", ["subject_id"])
    op.create_index("ix_open_work_queue", "open_work", ["kind", "reader", "since", "about"])
    op.create_index("ix_open_work_process", "open_work", ["kind", "reader", "process_id", "since", "about"])
    if rows := _Record(op.get_bind()).rows():
        op.bulk_insert(table, rows)


def downgrade() -> None:
    op.drop_table("open_work")


class _Record:
    """The record as it is at this revision, read once, whole."""

    def __init__(self, connection: sa.Connection) -> None:
        self.connection, self.tables = connection, sa.MetaData()
        self.tables.reflect(connection, only=_TABLES)
        self.processes = {
            row.id: row for row in self._read("process", "id", "publication", "lead_id", "calendar")
        }
        self.subjects = {row.id: row for row in self._read("subject", *_SUBJECT)}
        self.evidence = {row.id: row for row in self._read("evidence", "id", "watchdog_id", "protection")}
        self.changes: dict[str, list[Any]] = defaultdict(list)
        for row in self._read("status_change", *_CHANGE):
            self.changes[row.subject_id].append(row)
        self.cited: dict[str, list[Any]] = defaultdict(list)
        for row in self._read("citation", "change_id", "evidence_id", "stance"):
            self.cited[row.change_id].append(row)
        self.found: list[dict[str, Any]] = []

    def _read(self, name: str, *columns: str) -> list[Any]:
        table = self.tables.tables[name]
        return list(self.connection.execute(sa.select(*(table.c[column] for column in columns))))

    def rows(self) -> list[dict[str, Any]]:
        for subject in self.subjects.values():
            self._proposals(subject)
            if not self._closed(subject):
                self._returned(subject)
                self._bases(subject)
                self._review(subject)
        for row in self._read("evidence_lowering", "evidence_id", "proposed_by", "proposed_at"):
            item = self.subjects[row.evidence_id]
            self._add("lowering", item, item.id, row.proposed_at, author_id=row.proposed_by)
        for row in self._read("evidence_redaction", "evidence_id", "ordered_by", "ordered_at", "done_at"):
            if row.done_at is None:
                item = self.subjects[row.evidence_id]
                self._add("redaction", item, item.id, row.ordered_at, author_id=row.ordered_by)
        for row in self._read("deadline", "id", "owner_id", "type", "due_on"):
            self._overdue(row)
        return self.found

    def _lead(self, subject: Any) -> str:
        lead: str = self.processes[subject.process_id].lead_id
        return lead

    def _closed(self, subject: Any) -> bool:
        return "withdrawn" in (subject.publication, self.processes[subject.process_id].publication)

    def _add(self, kind: str, subject: Any, about: str, since: datetime, **more: Any) -> None:
        empty = dict.fromkeys(("assessor_id", "track", "state", "basis", "author_id", "submitter_id"))
        named = {"process_id": subject.process_id, "subject_id": subject.id, "reader": "", "items": []}
        self.found.append({"kind": kind, "about": about, "since": since, **empty, **named, **more})

    def _answer(self, kind: str, subject: Any, row: Any, since: datetime, **more: Any) -> None:
        said = {"assessor_id": row.assessor_id, "track": row.track, "state": row.to_state}
        self._add(kind, subject, row.id, since, **said, **more)

    def _asked(self, subject: Any, track: str) -> bool:
        return any(row.track == track and row.decision == "proposed" for row in self.changes[subject.id])

    def _line(self, subject: str, track: str, assessor: str) -> list[Any]:
        """The answers of a line that count, oldest first."""
        rows = [row for row in self.changes[subject] if row.number is not None]
        own = [row for row in rows if (row.track, row.assessor_id) == (track, assessor)]
        corrected = {row.corrects_id for row in own}
        alive = [row for row in own if row.id not in corrected and row.act != "reply"]
        return sorted(alive, key=lambda row: (row.effective_on, row.number))

    def _run(self, line: list[Any]) -> list[Any]:
        """The last of them that say the same."""
        first = len(line)
        while first and line[first - 1].to_state == line[-1].to_state:
            first -= 1
        return line[first:]

    def _proposals(self, subject: Any) -> None:
        for row in self.changes[subject.id]:
            if row.decision == "proposed":
                judged = subject.created_by if row.track == "verification" else None
                by = {"author_id": row.proposed_by, "submitter_id": judged}
                self._answer("proposal", subject, row, row.created_at, **by)

    def _returned(self, subject: Any) -> None:
        def again(row: Any, other: Any) -> bool:
            line = [(one.track, one.assessor_id, one.replies_to_id) for one in (row, other)]
            return row.id != other.id and line[0] == line[1] and other.created_at >= row.decided_at

        every = self.changes[subject.id]
        for row in every:
            if row.decision == "returned" and not any(again(row, other) for other in every):
                self._answer("returned", subject, row, row.decided_at, reader=row.proposed_by)

    def _verification(self, item: str) -> tuple[str, datetime | None]:
        """How an item stands, and since when."""
        if self.subjects[item].publication == "withdrawn":
            return "withdrawn", self.subjects[item].withdrawn_at
        run = self._run(self._line(item, "verification", self._lead(self.subjects[item])))
        return (run[-1].to_state, run[0].decided_at) if run else ("unreviewed", None)

    def _review(self, subject: Any) -> None:
        state = self._verification(subject.id)[0] if subject.id in self.evidence else ""
        if state in ("unreviewed", "in_review") and not self._asked(subject, "verification"):
            said = {"assessor_id": self._lead(subject), "track": "verification", "state": state}
            self._add(
                "review", subject, subject.id, subject.created_at, submitter_id=subject.created_by, **said
            )

    def _overdue(self, row: Any) -> None:
        subject = self.subjects[row.id]
        line = self._line(row.id, "outcome", self._lead(subject))
        pending = not line or line[-1].to_state == "pending"
        answered = row.type == "government_response_due" and any(
            one.to_state != "awaiting" for one in self._line(row.owner_id, "response", self._lead(subject))
        )
        far = row.due_on >= date.max - timedelta(days=1)
        if self._closed(subject) or not pending or answered or far or self._asked(subject, "outcome"):
            return
        zone = ZoneInfo(self.processes[subject.process_id].calendar["time_zone"])
        since = datetime.combine(row.due_on + timedelta(days=1), time(), zone).astimezone(UTC)
        said = {"assessor_id": self._lead(subject), "track": "outcome", "state": "pending"}
        self._add("overdue", subject, row.id, since, **said)

    def _bases(self, subject: Any) -> None:
        rows = [row for row in self.changes[subject.id] if row.number is not None]
        for track, assessor in sorted({(row.track, row.assessor_id) for row in rows}):
            run = self._run(self._line(subject.id, track, assessor))
            if run:
                cited = [one for row in (run[-1], *run[:-1]) for one in self.cited[row.id]]
                for reader in ("", assessor):
                    self._basis(subject, run[-1], reader, cited)

    def _basis(self, subject: Any, row: Any, reader: str, cited: list[Any]) -> None:
        supports, against = {}, {}
        for one in cited:
            known = not reader or self._known(one.evidence_id, reader)
            state = self._verification(one.evidence_id)[0] if known else "verified"
            if one.stance == "supports":
                supports[one.evidence_id] = state
            fell = one.stance == "supports" and state in ("refuted", "withdrawn", "disputed")
            if fell or (known and one.stance == "contradicts" and state in ("verified", "corroborated")):
                against[one.evidence_id] = {
                    "evidence": one.evidence_id,
                    "stance": one.stance,
                    "verification": state,
                }
        if not against:
            return
        basis = "weakened"
        if any(one["verification"] in ("disputed", "verified", "corroborated") for one in against.values()):
            basis = "contested"
        if supports and all(state in ("refuted", "withdrawn") for state in supports.values()):
            basis = "unsupported"
        moments = [self._verification(one)[1] for one in against]
        since = max(row.decided_at, min(one for one in moments if one is not None))
        items = [against[one] for one in sorted(against)]
        self._answer("basis", subject, row, since, reader=reader, basis=basis, items=items)

    def _known(self, item: str, organization: str) -> bool:
        """Whether an organization may know of an item."""
        own = self.evidence[item].watchdog_id == organization and self.evidence[item].protection != "sealed"
        return own or self.subjects[item].published_at is not None
