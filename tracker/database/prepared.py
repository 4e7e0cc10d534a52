"""Statements that never change: compiled once for each database, run by the driver itself.

To build a query, to look it up among the compiled ones and to wrap its rows costs several times what the database needs
to answer it. So what acts and pages ask again and again is written down once, as a `Prepared`. It runs in the
transaction of the connection that it is given; listeners of that connection hear of it, and a failure is refused
as that of any other statement.
"""

from __future__ import annotations

from collections import namedtuple
from collections.abc import Callable, Iterable, Mapping
from functools import cached_property
from typing import Any, Final

from sqlalchemy import Connection, Dialect

_Convert = Callable[[Any], Any]
#: Beyond this length a list is filled up to the next power of two: a few texts serve lists of every length.
_EXACT: Final = 4


class Form:
    """A statement as the driver of one database takes it, for lists of certain lengths."""

    def __init__(self, statement: Any, dialect: Dialect, sizes: Mapping[str, int]) -> None:
        compiled = statement.compile(dialect=dialect)
        unknown = {name: None for name, one in compiled.binds.items() if one.required}
        lists = {name: [None] * size for name, size in sizes.items()}
        expanded = compiled.construct_expanded_state({**unknown, **lists})
        self.sql: str = expanded.statement
        self._spread: Mapping[str, list[str]] = expanded.parameter_expansion
        self._order = None if expanded.positiontup is None else tuple(expanded.positiontup)
        self._binders: dict[str, _Convert] = {
            name: convert
            for name, one in compiled.binds.items()
            if not one.expanding
            and (convert := one.type.dialect_impl(dialect).bind_processor(dialect)) is not None
        }
        self._fixed: dict[str, Any] = {
            name: one.effective_value
            for name, one in compiled.binds.items()
            if not (one.required or one.expanding)
        }
        self._bind(self._fixed)
        self._plain = not (self._binders or self._fixed or self._spread)

    def arrange(self, values: Mapping[str, Any]) -> Any:
        """The values as the driver takes them: in the order of the text, or by their names."""
        if self._plain and self._order is not None:
            return tuple([values[name] for name in self._order])
        arranged = {**values}
        self._bind(arranged)
        arranged |= self._fixed
        for name, places in self._spread.items():
            arranged.update(zip(places, arranged.pop(name), strict=True))
        return arranged if self._order is None else tuple([arranged[name] for name in self._order])

    def _bind(self, values: dict[str, Any]) -> None:
        for name, convert in self._binders.items():
            if name in values:
                values[name] = convert(values[name])


class Prepared:
    """A statement that takes its values by `bindparam`. A list of texts or numbers is one that is ``expanding``,
    and stands after IN."""

    def __init__(self, statement: Any) -> None:
        self.statement = statement
        self._forms: dict[Any, Form] = {}
        self._converters: dict[str, list[tuple[int, _Convert]]] = {}

    def rows(self, connection: Connection, /, **values: Any) -> list[Any]:
        """All rows, each with its columns as attributes."""
        fetched = self._fetch(connection, values)
        make = self._row._make
        if converters := self._converters_for(connection.dialect):
            return [make(_convert(row, converters)) for row in fetched]
        return [make(row) for row in fetched]

    def first(self, connection: Connection, /, **values: Any) -> Any | None:
        """The first row; None where there is none."""
        return next(iter(self.rows(connection, **values)), None)

    def column(self, connection: Connection, /, **values: Any) -> list[Any]:
        """The first column of all rows."""
        return [row[0] for row in self.rows(connection, **values)]

    def value(self, connection: Connection, /, **values: Any) -> Any:
        """The first column of the first row; None where there is none."""
        row = self.first(connection, **values)
        return None if row is None else row[0]

    def run(self, connection: Connection, /, **values: Any) -> int:
        """Write; how many rows that concerned."""
        form, filled = self._form_for(connection.dialect, values)
        count: int = _send(connection, form.sql, form.arrange(filled), lambda cursor: cursor.rowcount)
        return count

    def run_all(self, connection: Connection, rows: Iterable[Mapping[str, Any]]) -> None:
        """Write once for each of these rows. For one row the driver of PostgreSQL needs half the time if it is not told
        that there may be more."""
        form, _values = self._form_for(connection.dialect, {})
        arranged = [form.arrange(row) for row in rows]
        if len(arranged) == 1:
            _send(connection, form.sql, arranged[0], None)
        else:
            _send(connection, form.sql, arranged, None, many=True)

    def compiled(self, dialect: Dialect) -> Form:
        """The statement for a driver that is asked otherwise than through a `Connection`."""
        return self._form_for(dialect, {})[0]

    def _fetch(self, connection: Connection, values: Mapping[str, Any]) -> Any:
        form, filled = self._form_for(connection.dialect, values)
        return _send(connection, form.sql, form.arrange(filled), lambda cursor: cursor.fetchall())

    def _form_for(self, dialect: Dialect, values: Mapping[str, Any]) -> tuple[Form, Mapping[str, Any]]:
        """The text for these values, and the values with their lists filled up to the lengths that it takes."""
        if not self._lists:
            form = self._forms.get(dialect.name)
            if form is None:
                form = self._forms[dialect.name] = Form(self.statement, dialect, {})
            return form, values
        lists = {name: _fill(values[name]) for name in self._lists}
        sizes = {name: len(one) for name, one in lists.items()}
        key = (dialect.name, *sizes.values())
        if key not in self._forms:
            self._forms[key] = Form(self.statement, dialect, sizes)
        return self._forms[key], {**values, **lists}

    @cached_property
    def _lists(self) -> tuple[str, ...]:
        return tuple(name for name, one in self.statement.compile().binds.items() if one.expanding)

    @cached_property
    def _row(self) -> Any:
        return namedtuple("Row", self.statement.selected_columns.keys(), rename=True)

    def _converters_for(self, dialect: Dialect) -> list[tuple[int, _Convert]]:
        if dialect.name not in self._converters:
            columns = enumerate(self.statement.selected_columns)
            self._converters[dialect.name] = [
                (place, convert)
                for place, one in columns
                if (convert := one.type.dialect_impl(dialect).result_processor(dialect, None)) is not None
            ]
        return self._converters[dialect.name]


def _fill(values: Iterable[Any]) -> list[Any]:
    """A list of a length that a text is made for, which finds the same: nothing is NULL, and twice is once."""
    filled = list(values) or [None]
    if len(filled) > _EXACT:
        filled += filled[-1:] * ((1 << (len(filled) - 1).bit_length()) - len(filled))
    return filled


def _convert(row: Iterable[Any], converters: Iterable[tuple[int, _Convert]]) -> list[Any]:
    converted = list(row)
    for place, convert in converters:
        converted[place] = convert(converted[place])
    return converted


def _send(
    connection: Connection, sql: str, values: Any, read: Callable[[Any], Any] | None, *, many: bool = False
) -> Any:
    """Run a text in the transaction of a connection, as its own `execute` does."""
    if not connection.in_transaction():
        connection.begin()
    cursor = connection.connection.cursor()
    for listen in connection.dispatch.before_cursor_execute:
        listen(connection, cursor, sql, values, None, many)
    try:
        (cursor.executemany if many else cursor.execute)(sql, values)
        answer = None if read is None else read(cursor)
    except Exception as error:  # whatever it is: there it is wrapped, refused, and a lost connection given up
        connection._handle_dbapi_exception(error, sql, values, cursor, None)
    cursor.close()
    return answer
