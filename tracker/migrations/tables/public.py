"""The public side, which no foreign key leads out of."""

from sqlalchemy import BigInteger, Column, Index, LargeBinary, String, Table, Text

from tracker.migrations.tables.columns import ID, KEY_ONLY, PLACE, PUBLIC, SORTED, partial

Table(
    "public_event",
    PUBLIC,
    Column("seq", PLACE, primary_key=True, autoincrement=False),
    Column("id", ID, unique=True, nullable=False),
    Column("at", String(27), nullable=False),
    Column("kind", String(24), nullable=False),
    Column("process_id", ID),
    Column("subject_id", ID),
    Column("body", LargeBinary, nullable=False),
    Column("salt", LargeBinary),
    Index("ix_public_event_process_id_seq", "process_id", "seq"),
    Index("ix_public_event_subject_id_seq", "subject_id", "seq"),
    partial("ix_public_event_redacted", "seq", where="kind = 'record.redacted'"),
)

Table(
    "public_mention",
    PUBLIC,
    Column("thing_id", ID, primary_key=True),
    Column("role", String(16), primary_key=True),
    Column("seq", BigInteger, primary_key=True, autoincrement=False),
    Index("ix_public_mention_seq", "seq", "thing_id"),
    **KEY_ONLY,
)

Table(
    "public_thing",
    PUBLIC,
    Column("id", ID, primary_key=True),
    Column("process_id", ID),
    Column("content_seq", BigInteger, nullable=False),
    Column("published_at", String(27), nullable=False),
    Column("revised_at", String(27)),
    Column("text_seq", BigInteger, nullable=False),
    Column("changed_at", String(27), nullable=False),
    Column("last_act", ID, nullable=False),
    Column("last_seq", BigInteger, nullable=False),
    Column("withdrawn", Text),
    Column("told_until", SORTED, nullable=False),
)

Table(
    "public_change",
    PUBLIC,
    Column("seq", PLACE, primary_key=True, autoincrement=False),
    Column("id", ID, unique=True, nullable=False),
    Column("subject_id", ID, nullable=False),
    Column("track", String(40), nullable=False),
    Column("assessor", ID, nullable=False),
    Column("addressee", ID),
    Column("act", String(12), nullable=False),
    Column("state", String(32), nullable=False),
    Column("effective_on", String(10), nullable=False),
    Column("not_before", String(10)),
    Column("corrects", ID),
    Column("replies_to", ID),
    Column("at", String(27), nullable=False),
    Column("basis", String(12), nullable=False),
    Column("part", String(9)),
    Index("ix_public_change_assessor", "assessor", "seq"),
    Index("ix_public_change_effective_on", "effective_on", "seq"),
    Index("ix_public_change_subject_id_seq", "subject_id", "seq"),
    partial("ix_public_change_present", "subject_id", "part", where="part IS NOT NULL"),
)

Table(
    "public_document",
    PUBLIC,
    Column("id", ID, primary_key=True),
    Column("kind", String(16), nullable=False),
    Column("process_id", ID),
    Column("slug", String(80)),
    Column("title", Text, nullable=False),
    Column("sort_key", SORTED, nullable=False),
    Column("withdrawn", Text),
    Column("brief", LargeBinary, nullable=False),
    Column("history", LargeBinary, nullable=False),
    Column("etag", String(32), nullable=False),
    Column("good_until", String(27), index=True),
    Column("filed_until", String(27)),
    Column("first_day", String(10), nullable=False),
    partial("ix_public_document_filed_until", "kind", "filed_until", where="filed_until IS NOT NULL"),
    Index("ix_public_document_list", "kind", "sort_key", "id"),
    Index("ix_public_document_process", "process_id", "kind", "sort_key", "id"),
    partial(
        "ix_public_document_process_filed_until",
        *("process_id", "kind", "filed_until"),
        where="filed_until IS NOT NULL",
    ),
)

Table(
    "public_file",
    PUBLIC,
    Column("evidence_id", ID, primary_key=True),
    Column("key", String(32), nullable=False),
    Column("sha256", String(64), nullable=False),
    Column("size", BigInteger, nullable=False),
    Column("media_type", String(127), nullable=False),
)

Table(
    "public_head",
    PUBLIC,
    Column("process_id", ID, primary_key=True),
    Column("slug", String(80), unique=True, nullable=False),
    Column("seq", BigInteger, nullable=False),
    Column("edition", BigInteger, nullable=False, index=True),
    Column("content", LargeBinary, nullable=False),
    Column("past", Text, nullable=False),
    Column("pending_since", String(27)),
    Column("withdrawn", Text),
)

Table(
    "public_score",
    PUBLIC,
    Column("id", ID, primary_key=True),
    Column("process_id", ID, nullable=False),
    Column("kind", String(16), nullable=False),
    Column("sort_key", SORTED, nullable=False),
    Column("counts", Text, nullable=False),
    Column("listed", Text),
    Index("ix_public_score_process", "process_id", "kind", "sort_key", "id"),
)

Table(
    "public_tally",
    PUBLIC,
    Column("process_id", ID, primary_key=True),
    Column("period", SORTED, primary_key=True),
    Column("name", String(200), primary_key=True),
    Column("number", BigInteger, nullable=False),
    partial("ix_public_tally_zero", "process_id", where="number = 0"),
)

Table(
    "public_notable",
    PUBLIC,
    Column("list", String(16), primary_key=True),
    Column("process_id", ID, primary_key=True),
    Column("kind", String(16), primary_key=True),
    Column("sort_key", SORTED, primary_key=True),
    Column("id", ID, primary_key=True, index=True),
    **KEY_ONLY,
)

Table(
    "public_span",
    PUBLIC,
    Column("id", ID, primary_key=True),
    Column("from_on", SORTED, primary_key=True),
    Column("until_on", SORTED, nullable=False),
    Column("process_id", ID, index=True),
    Column("kind", String(16), nullable=False),
    Column("sort_key", SORTED, nullable=False),
    Column("first_on", SORTED, nullable=False),
    Column("last_on", SORTED, nullable=False),
    Column("under", Text, nullable=False),
    Column("counts", Text),
    Column("listed", Text),
    partial(
        "ix_public_span_listed",
        *("process_id", "kind", "sort_key", "id", "from_on", "until_on"),
        where="listed IS NOT NULL",
    ),
)
