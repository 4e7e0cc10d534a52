"""Reading the pages of an FTS5 index as they lie in the database: every word, also one that is only marked as gone.

A word shares its first bytes with the word before it on its page, so a search for its bytes does not find it.
The layout is that of the comment at the head of ``fts5_index.c`` in SQLite.
"""

from __future__ import annotations

from collections.abc import Iterator

from sqlalchemy import Connection, text

#: A row of ``_data`` is a page of a segment if its number is above those of the two rows with averages and structure.
_FIRST_PAGE = 1 << 37
#: Bits of the number of a page: set in one that holds no words.
_NO_WORDS = (1 << 36) | (0x1F << 31)


def words(connection: Connection, table: str) -> set[str]:
    """Every word, and every beginning of a word, that a page of this index holds."""
    found = set()
    query = text(f"SELECT id, block FROM {table}_data WHERE id >= {_FIRST_PAGE}")  # noqa: S608  # our own name
    for number, block in connection.execute(query):
        if not number & _NO_WORDS:
            found |= {word[1:].decode("utf-8", "replace") for word in _on_page(bytes(block))}
    return found


def _on_page(page: bytes) -> Iterator[bytes]:
    footer = int.from_bytes(page[2:4])
    at, place, word = footer, 0, b""
    while at < len(page):
        step, at = _varint(page, at)
        place += step
        here, shared = place, 0
        if word:  # the first word of a page is whole
            shared, here = _varint(page, here)
        length, here = _varint(page, here)
        word = word[:shared] + page[here : here + length]
        yield word


def _varint(page: bytes, at: int) -> tuple[int, int]:
    value = 0
    for count in range(9):
        byte = page[at + count]
        if count == 8:
            return value << 8 | byte, at + 9
        value = value << 7 | byte & 0x7F
        if not byte & 0x80:
            return value, at + count + 1
    raise AssertionError
