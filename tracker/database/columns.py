"""Types of columns that the two databases spell differently."""

from __future__ import annotations

from typing import Any, Final

from sqlalchemy import BigInteger, Integer, Text

#: Texts that are compared byte by byte on either database, as Python compares them.
SORTED: Final = Text().with_variant(Text(collation="C"), "postgresql")
#: The place of a row in an order without gaps, as its only key. SQLite keeps the rows of a table in the order of such a
#: key if it is called INTEGER, and else writes an index beside them, which each write and each look-up pays for.
PLACE: Final = BigInteger().with_variant(Integer(), "sqlite")
#: For tables that are little more than their key: SQLite keeps these rows in the order of the key, and no index beside.
KEY_ONLY: Final[dict[str, Any]] = {"sqlite_with_rowid": False}
