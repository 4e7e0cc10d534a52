"""How the columns of a table become members: the maps that a call names, and what it says itself."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from tracker.domain.errors import InvalidInput
from tracker.domain.sent_values import quote_value
from tracker.domain.sentences import sentence
from tracker.domain.text import compose_label
from tracker.tables.date_formats import EXCEL, check_format
from tracker.tables.encodings import check_encoding
from tracker.tables.import_plan import SINGLE, ImportMap, Use
from tracker.tables.map_files import SHIPPED, is_map, read_map


def make_map(
    maps: Sequence[str],
    constants: Sequence[str],
    date_formats: Sequence[str],
    options: Mapping[str, str | None],
) -> ImportMap:
    """The map of a file, then what the call says; the call has the last word."""
    plan, called = ImportMap(), dict[str, list[Use]]()
    for given in maps:
        if is_map(given):
            _add_map(plan, read_map(given))
            continue
        column, sign, member = given.rpartition("=")
        if not sign:
            known = f"or name a file that ends in .yaml, or one of: {', '.join(SHIPPED)}"
            raise InvalidInput.at(
                "/map",
                sentence("%(given)s must read COLUMN=MEMBER; %(known)s", given=repr(given), known=known),
            )
        called.setdefault(compose_label(column), []).append(Use(member.strip()))
    plan.columns.update(called)
    for given in constants:
        member, sign, constant = given.partition("=")
        if not sign:
            raise InvalidInput.at("/set", sentence("%(given)s must read MEMBER=TEXT", given=repr(given)))
        plan.constants[member.strip()] = constant
    plan.date_formats = list(date_formats) or plan.date_formats
    for name, text in options.items():
        if text is not None:
            setattr(plan, name, text)  # each is of the type that it has there
    _check_map(plan)
    return plan


def _check_map(plan: ImportMap) -> None:
    if plan.delimiter is not None and len(plan.delimiter) != 1:
        raise InvalidInput.at(
            "/delimiter",
            sentence("must be one character, not %(delimiter)s", delimiter=quote_value(plan.delimiter)),
        )
    if not plan.separator:
        raise InvalidInput.at("/separator", sentence("must be one character or more"))
    if plan.encoding is not None and not check_encoding(plan.encoding):
        raise InvalidInput.at(
            "/encoding",
            sentence(
                "there is no encoding %(encoding)s; write it as utf-8 or windows-1256",
                encoding=quote_value(plan.encoding),
            ),
        )
    if plan.header is not None and not (plan.header.isascii() and plan.header.isdigit() and int(plan.header)):
        fault = sentence(
            "must be the number of a line, from 1, not %(header)s", header=quote_value(plan.header)
        )
        raise InvalidInput.at("/header", fault)
    for form in plan.date_formats:
        if not check_format(form):
            raise InvalidInput.at(
                "/date_format",
                sentence(
                    "%(form)s must say with YYYY, MM or MONTH, and DD how a day is written, as DD.MM.YYYY; or"
                    " be %(excel)s",
                    form=repr(form),
                    excel=" or ".join(EXCEL),
                ),
            )


def _add_map(plan: ImportMap, more: ImportMap) -> None:
    """Take over what another map says."""
    plan.columns.update(more.columns)
    plan.constants.update(more.constants)
    plan.changes += more.changes
    plan.new_organizations.update(more.new_organizations)
    plan.date_formats += more.date_formats
    plan.identified_by += more.identified_by
    for name in SINGLE:
        if getattr(more, name) != getattr(ImportMap(), name):
            setattr(plan, name, getattr(more, name))
