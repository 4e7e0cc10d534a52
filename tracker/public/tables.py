"""The tables of the public side. No foreign key leads to the record: the two sides can live apart.

- ``public_event``: every public act, in the order in which it became public. The only source of the rest. Its body is
  the disclosure of its entry in the log, its salt what opens the commitment there.
- ``public_log_…``: the log that proves that order: entries, hashes, signed checkpoints, cosignatures, its name, and the
  statements that closed a log before it (`tracker.public.successions`).
- ``public_mention``: which other things an event names; ``role`` says whether it cites them as evidence, or else of
  what kind the thing is that it is about.
- ``public_thing`` and ``public_change``: what stands of each thing at present (`tracker.public.current`).
- ``public_document``: for each public thing its finished JSON, as bytes, with the instant until which it holds, and
  the instant until which what lists find it by holds.
- ``public_file``: for each public item with a public copy, where its bytes lie (`tracker.public.public_files`).
- ``public_facet``: what lists filter by, in the orders in which they are sorted (`tracker.database.list_index`);
  ``public_filing``: of each thing under what it is filed there.
- ``public_head``: for each public process its content, and the last event that concerns it; ``edition`` tells apart
  what was written since without an event, and ``pending_since`` since when such work waits.
- ``public_score``: what each document adds to the numbers of its process (`tracker.public.scores`); ``public_notable``
  which documents the lists of the scoreboard name.
- ``public_span``: what lists find each thing by, and what it adds to the numbers, on every day
  (`tracker.public.spans`).
- ``public_tally``: the sums of both, as the documents were written and by the days on which they change
  (`tracker.public.tally`).
- ``public_search``: for each public thing its names and texts, and the words by which it is found
  (`tracker.database.full_text`).

Instants are text (``2025-04-10T09:00:00Z``): they sort as they read and cost nothing to copy.
"""

from __future__ import annotations

from typing import Final

from sqlalchemy import BigInteger, Column, Index, Integer, LargeBinary, MetaData, String, Table, Text, text

from tracker.database import full_text, index_entries, log_storage
from tracker.database.columns import KEY_ONLY, PLACE, SORTED

metadata: Final = MetaData()

#: Few acts are redactions, and they are looked for among all: an index holds them alone. Told to the letter, for a
#: database takes such an index only where it reads the same condition.
REDACTED: Final = "kind = 'record.redacted'"

event: Final = Table(
    "public_event",
    metadata,
    Column("seq", PLACE, primary_key=True, autoincrement=False),
    Column("id", String(30), nullable=False, unique=True),
    Column("at", String(27), nullable=False),
    Column("kind", String(24), nullable=False),
    Column("process_id", String(30), nullable=True),
    Column("subject_id", String(30), nullable=True),
    Column("body", LargeBinary, nullable=False),
    Column("salt", LargeBinary, nullable=True),
    Index("ix_public_event_process_id_seq", "process_id", "seq"),
    Index("ix_public_event_subject_id_seq", "subject_id", "seq"),
    Index("ix_public_event_redacted", "seq", sqlite_where=text(REDACTED), postgresql_where=text(REDACTED)),
)

mention: Final = Table(
    "public_mention",
    metadata,
    Column("thing_id", String(30), primary_key=True),
    Column("role", String(16), primary_key=True),
    Column("seq", BigInteger, primary_key=True, autoincrement=False),
    Index("ix_public_mention_seq", "seq", "thing_id"),
    **KEY_ONLY,
)

thing: Final = Table(
    "public_thing",
    metadata,
    Column("id", String(30), primary_key=True),
    Column("process_id", String(30), nullable=True),
    Column("content_seq", BigInteger, nullable=False),
    Column("published_at", String(27), nullable=False),
    Column("revised_at", String(27), nullable=True),
    Column("text_seq", BigInteger, nullable=False),
    Column("changed_at", String(27), nullable=False),
    Column("last_act", String(30), nullable=False),
    Column("last_seq", BigInteger, nullable=False),
    Column("withdrawn", Text, nullable=True),
    Column("told_until", SORTED, nullable=False),
)

#: Few status changes decide what stands at present: an index holds them alone.
PRESENT: Final = "part IS NOT NULL"

change: Final = Table(
    "public_change",
    metadata,
    Column("seq", PLACE, primary_key=True, autoincrement=False),
    Column("id", String(30), nullable=False, unique=True),
    Column("subject_id", String(30), nullable=False),
    Column("track", String(40), nullable=False),
    Column("assessor", String(30), nullable=False),
    Column("addressee", String(30), nullable=True),
    Column("act", String(12), nullable=False),
    Column("state", String(32), nullable=False),
    Column("effective_on", String(10), nullable=False),
    Column("not_before", String(10), nullable=True),
    Column("corrects", String(30), nullable=True),
    Column("replies_to", String(30), nullable=True),
    Column("at", String(27), nullable=False),
    Column("basis", String(12), nullable=False),
    Column("part", String(9), nullable=True),
    Index("ix_public_change_assessor", "assessor", "seq"),
    Index("ix_public_change_effective_on", "effective_on", "seq"),
    Index("ix_public_change_subject_id_seq", "subject_id", "seq"),
    Index(
        "ix_public_change_present",
        *("subject_id", "part"),
        sqlite_where=text(PRESENT),
        postgresql_where=text(PRESENT),
    ),
)

#: What lists find a document by changes with the day for few of them: indexes hold those alone.
MOVES: Final = "filed_until IS NOT NULL"

document: Final = Table(
    "public_document",
    metadata,
    Column("id", String(30), primary_key=True),
    Column("kind", String(16), nullable=False),
    Column("process_id", String(30), nullable=True),
    Column("slug", String(80), nullable=True),
    Column("title", Text, nullable=False),
    Column("sort_key", SORTED, nullable=False),
    Column("withdrawn", Text, nullable=True),
    Column("brief", LargeBinary, nullable=False),
    Column("history", LargeBinary, nullable=False),
    Column("etag", String(32), nullable=False),
    Column("good_until", String(27), nullable=True),
    Column("filed_until", String(27), nullable=True),
    Column("first_day", String(10), nullable=False),
    Index("ix_public_document_list", "kind", "sort_key", "id"),
    Index("ix_public_document_process", "process_id", "kind", "sort_key", "id"),
    Index("ix_public_document_good_until", "good_until"),
    *(
        Index(name, *columns, "filed_until", sqlite_where=text(MOVES), postgresql_where=text(MOVES))
        for name, *columns in (
            ("ix_public_document_filed_until", "kind"),
            ("ix_public_document_process_filed_until", "process_id", "kind"),
        )
    ),
)

file: Final = Table(
    "public_file",
    metadata,
    Column("evidence_id", String(30), primary_key=True),
    Column("key", String(32), nullable=False),
    Column("sha256", String(64), nullable=False),
    Column("size", BigInteger, nullable=False),
    Column("media_type", String(127), nullable=False),
)

FILED: Final = index_entries.make_list_tables("public", metadata, order="sort_key", wide=("all", "process"))
facet: Final = FILED.entries

head: Final = Table(
    "public_head",
    metadata,
    Column("process_id", String(30), primary_key=True),
    Column("slug", String(80), nullable=False, unique=True),
    Column("seq", BigInteger, nullable=False),
    Column("edition", BigInteger, nullable=False, index=True),
    Column("content", LargeBinary, nullable=False),
    Column("past", Text, nullable=False),
    Column("pending_since", String(27), nullable=True),
    Column("withdrawn", Text, nullable=True),
)

score: Final = Table(
    "public_score",
    metadata,
    Column("id", String(30), primary_key=True),
    Column("process_id", String(30), nullable=False),
    Column("kind", String(16), nullable=False),
    Column("sort_key", SORTED, nullable=False),
    Column("counts", Text, nullable=False),
    Column("listed", Text, nullable=True),
    Index("ix_public_score_process", "process_id", "kind", "sort_key", "id"),
)

#: A number that has become zero is taken away: an index finds it alone.
ZERO: Final = "number = 0"

tally: Final = Table(
    "public_tally",
    metadata,
    Column("process_id", String(30), primary_key=True),
    Column("period", SORTED, primary_key=True),
    Column("name", String(200), primary_key=True),
    Column("number", BigInteger, nullable=False),
    Index("ix_public_tally_zero", "process_id", sqlite_where=text(ZERO), postgresql_where=text(ZERO)),
)

notable: Final = Table(
    "public_notable",
    metadata,
    Column("list", String(16), primary_key=True),
    Column("process_id", String(30), primary_key=True),
    Column("kind", String(16), primary_key=True),
    Column("sort_key", SORTED, primary_key=True),
    Column("id", String(30), primary_key=True),
    Index("ix_public_notable_id", "id"),
    **KEY_ONLY,
)

#: Few spans stand on a list of the scoreboard: an index holds them alone.
LISTED: Final = "listed IS NOT NULL"

span: Final = Table(
    "public_span",
    metadata,
    Column("id", String(30), primary_key=True),
    Column("from_on", SORTED, primary_key=True),
    Column("until_on", SORTED, nullable=False),
    Column("process_id", String(30), nullable=True, index=True),
    Column("kind", String(16), nullable=False),
    Column("sort_key", SORTED, nullable=False),
    Column("first_on", SORTED, nullable=False),
    Column("last_on", SORTED, nullable=False),
    Column("under", Text, nullable=False),
    Column("counts", Text, nullable=True),
    Column("listed", Text, nullable=True),
    Index(
        "ix_public_span_listed",
        *("process_id", "kind", "sort_key", "id", "from_on", "until_on"),
        sqlite_where=text(LISTED),
        postgresql_where=text(LISTED),
    ),
)

search: Final = full_text.make_index("public_search", metadata)

log: Final = log_storage.open_log("public_log", metadata)

checkpoint: Final = Table(
    "public_log_checkpoint",
    metadata,
    Column("size", PLACE, primary_key=True, autoincrement=False),
    Column("root", LargeBinary, nullable=False),
    Column("note", Text, nullable=False),
)

cosignature: Final = Table(
    "public_log_cosignature",
    metadata,
    Column("size", BigInteger, primary_key=True, autoincrement=False),
    Column("name", String(255), primary_key=True),
    Column("line", Text, nullable=False),
)

log_name: Final = Table(
    "public_log_name",
    metadata,
    Column("database", String(36), primary_key=True),
    Column("origin", Text, nullable=False),
)

succession: Final = Table(
    "public_log_succession",
    metadata,
    Column("number", Integer, primary_key=True, autoincrement=False),
    Column("origin", Text, nullable=False, unique=True),
    Column("kept", BigInteger, nullable=False),
    Column("statement", Text, nullable=False),
)
