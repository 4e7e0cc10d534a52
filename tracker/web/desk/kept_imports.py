"""What somebody gave to be imported, as it is kept until it is recorded: the fields of the form, and the file."""

from __future__ import annotations

from base64 import b64decode, b64encode
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import PurePath
from typing import Any, Final

from markupsafe import Markup

from tracker.actions import kept_forms
from tracker.actions.support.unit import Unit
from tracker.domain.errors import InvalidInput
from tracker.domain.sentences import sentence
from tracker.domain.text import compose_label
from tracker.languages.i18n import mark
from tracker.schemas.transfers import MOST_ROWS
from tracker.sealing.sealer import Sealer
from tracker.tables import import_files
from tracker.tables.import_maps import make_map
from tracker.tables.row_files import Rows
from tracker.tables.workbook_parts import ARRIVING
from tracker.web.desk.view import Visit
from tracker.web.forms import Form

#: Fields of a kept form that no form shows: the name of the file, and its bytes.
_NAME, _BYTES = ".file-name", ".file-bytes"
#: How the field is called that an option of a map is.
_FIELDS: Final = {"/map": "/columns", "/set": "/constants", "/date_format": "/date_formats"}
#: How a person says at the desk what is an option of the command line.
_OPTIONS: Final = {
    "--date-format": mark("How days are written"),
    "--encoding": mark("Encoding"),
    "--sheet": mark("Sheet of the workbook"),
    "--header": mark("Line with the names of the columns"),
    "--set": mark("What all rows say"),
}


@dataclass(frozen=True, slots=True)
class KeptImport:
    """``said`` is what the form says; the rows stand in its text, or in a file of a ``name``."""

    said: Mapping[str, Any]
    name: str
    raw: bytes

    def read_rows(self) -> Rows:
        """The rows. `InvalidInput` where they cannot be read, or are more than one import takes."""
        options = self.said
        maps = [*([options["map"]] if "map" in options else ()), *options.get("columns", ())]
        single = {name: options.get(name) for name in ("encoding", "sheet", "header")}
        try:
            plan = make_map(maps, options.get("constants", ()), options.get("date_formats", ()), single)
            plan.others = "map" not in options
            plan.new_organizations |= options.get("new_organizations", {})
            plan.identified_by += map(compose_label, options.get("identified_by", ()))
            form = import_files.FORMATS.get(PurePath(self.name).suffix.lower(), "csv")
            rows = import_files.read_rows(
                self.raw or options["text"].encode(), form, options["kind"], plan, ARRIVING
            )
        except InvalidInput as refusal:
            if not refusal.fields:
                raise
            at = refusal.fields[0].pointer
            raise InvalidInput.at(_FIELDS.get(at, at), refusal.detail) from None
        if len(rows.rows) > MOST_ROWS:
            detail = sentence(
                "holds %(number)s rows; 1 to %(most)s are imported at once",
                number=len(rows.rows),
                most=MOST_ROWS,
            )
            raise InvalidInput.at(
                "/text",
                sentence(
                    "%(detail)s: divide them, or ask the operator, whose command takes more", detail=detail
                ),
            )
        if not rows.rows:
            raise InvalidInput.at(
                "/text", sentence("there is no row in it; the first line names the columns")
            )
        return rows


def name_fields(desk: Visit, detail: str) -> Markup:
    """What is said of an import, with the fields of the form in place of options of the command line."""
    text = desk.language.tell(detail)
    for option, field in _OPTIONS.items():
        called = desk.language.say("“%(text)s”", text=desk.language.say(field))
        text = text.replace(f"\u2066{option}\u2069", called).replace(option, called)
    return text


def keep_import(unit: Unit, page: str, form: Form, given: KeptImport, sealer: Sealer) -> str:
    """Keep it, sealed, for the person who gave it; its id."""
    typed = form.write(form.shape.dump(given.said))
    pairs = [(name, value) for name, values in typed.items() for value in values]
    if given.raw:
        pairs += [(_NAME, given.name), (_BYTES, b64encode(given.raw).decode())]
    return kept_forms.keep_form(unit, unit.by.id, page, given.said.get("process"), pairs, sealer)


def read_import(form: Form, pairs: Sequence[tuple[str, str]]) -> KeptImport:
    """The same back."""
    file = dict(pairs)
    return KeptImport(form.load(form.keep_known(pairs)), file.get(_NAME, ""), b64decode(file.get(_BYTES, "")))
