"""Tables as people have them.

Contract: what can be known of a file for certain is recognised and said; what cannot is refused with the line, the way
in which it may be meant, and the option that says so. Nothing is guessed and nothing is lost.
"""

from __future__ import annotations

import io
import time
import zipfile
from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest

from tracker.domain.errors import InvalidInput
from tracker.tables.date_formats import check_format, read_date
from tracker.tables.encodings import decode_file, guess_encodings
from tracker.tables.import_files import read_rows
from tracker.tables.import_maps import make_map
from tracker.tables.import_plan import Facts, ImportMap, Use
from tracker.tables.table_files import Table, read_csv, read_workbook
from tracker.tables.workbook_parts import Most
from tracker.tables.workbook_values import read_serial
from tracker.tables.workbooks import find_column, is_workbook

MAIN = 'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"'
LINKS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
STYLES = (
    '<numFmts><numFmt numFmtId="164" formatCode="[$-F800]dddd\\,\\ mmmm\\ dd"/>'
    '<numFmt numFmtId="165" formatCode="000"/><numFmt numFmtId="166" formatCode="&quot;day&quot; 0"/></numFmts>'
    '<cellStyleXfs><xf numFmtId="14"/></cellStyleXfs><cellXfs>'
    + "".join(f'<xf numFmtId="{number}"/>' for number in (0, 14, 164, 165, 2, 166, 21))
    + "</cellXfs>"
)


def workbook(
    *sheets: str,
    texts: str = "",
    settings: str = "",
    names: tuple[str, ...] = ("Calls", "Notes"),
    styles: str = STYLES,
) -> bytes:
    """A workbook with these sheets, each given as the rows in it."""
    parts = {
        "[Content_Types].xml": "<Types/>",
        "xl/workbook.xml": f'<workbook {MAIN} xmlns:r="{LINKS}">{settings}<sheets>'
        + "".join(
            f'<sheet name="{name}" sheetId="{place}" r:id="rId{place}"/>'
            for place, (name, _rows) in enumerate(zip(names, sheets, strict=False), 1)
        )
        + "</sheets></workbook>",
        "xl/_rels/workbook.xml.rels": "<Relationships>"
        + "".join(
            f'<Relationship Id="rId{place}" Target="{"/xl/" if place == 2 else ""}worksheets/sheet{place}.xml"/>'
            for place in range(1, len(sheets) + 1)
        )
        + "</Relationships>",
        "xl/sharedStrings.xml": f"<sst {MAIN}>{texts}</sst>",
        "xl/styles.xml": f"<styleSheet {MAIN}>{styles}</styleSheet>",
    }
    for place, rows in enumerate(sheets, 1):
        parts[f"xl/worksheets/sheet{place}.xml"] = (
            f"<worksheet {MAIN}><sheetData>{rows}</sheetData></worksheet>"
        )
    return packed(parts)


def packed(parts: dict[str, str]) -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, text in parts.items():
            archive.writestr(name, text)
    return file.getvalue()


def unpacked(raw: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(raw)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def row(number: int, *cells: str) -> str:
    return f'<row r="{number}">{"".join(cells)}</row>'


def text_cell(at: str, text: str) -> str:
    return f'<c r="{at}" t="inlineStr"><is><t>{text}</t></is></c>'


def cells(table: Table) -> list[list[str]]:
    return [list(one.cells.values()) for one in table.rows]


# ------------------------------------------------------------------- encodings


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16", "utf-32"])
def test_a_mark_says_the_encoding(encoding: str) -> None:
    table = read_csv("a,b\n1,وزارة\n".encode(encoding))
    assert cells(table) == [["1", "وزارة"]]
    assert table.notes == ([] if encoding == "utf-8-sig" else [f"read as {encoding}-le"])
    assert cells(read_csv("a,b\n1,وزارة\n".encode(encoding), encoding)) == [["1", "وزارة"]]


@pytest.mark.parametrize(
    ("encoding", "text"),
    [
        ("windows-1256", "وزارة العدل السورية"),
        ("windows-1252", "Le comité a été créé «à temps», où “cela” finit"),
        ("mac-roman", "Le comité a été créé «à temps», où “cela” finit"),
        ("windows-1251", "Москва, Следственный Комитет"),
        ("iso-8859-6", "وزارة العدل السورية"),
        ("koi8-r", "Москва, Следственный Комитет"),
        ("windows-1252", "“Vet” the police — now…"),
        ("windows-1250", "Łódź: zażółć gęślą jaźń"),
        ("utf-16-le", "The ministry, العدل"),
        ("utf-16-be", "The ministry, العدل"),
    ],
)
def test_an_encoding_without_a_mark_is_named_and_its_line_shown(encoding: str, text: str) -> None:
    raw = f"Nr;To\r\n1;nothing\r\n2;{text}\r\n".encode(encoding)
    assert guess_encodings(raw)[0] == encoding
    with pytest.raises(InvalidInput) as refused:
        read_csv(raw)
    said = refused.value.detail
    assert (f"add --encoding {encoding}" in said) or ("--encoding and the one" in said and encoding in said)
    if not encoding.startswith("utf-16"):
        assert said.startswith("line 3 is not UTF-8 (byte ")
        assert f"2;{text}"[:60] in said
    assert cells(read_csv(raw, encoding))[1] == ["2", text]


@pytest.mark.parametrize("text", ["وزارة العدل السورية", "Visite à Genève", "Visite à Paris"])
def test_an_encoding_that_makes_nonsense_of_what_is_unicode_is_refused(text: str) -> None:
    raw = f"a,b\n1,2\n3,{text}\n".encode()
    for name in ("windows-1256", "windows-1252", "mac-roman"):
        with pytest.raises(
            InvalidInput, match=f"line 3 is UTF-8 and reads '3,{text}'.* leave --encoding out"
        ):
            decode_file(raw, name)
    with pytest.raises(InvalidInput, match="begins with the mark of utf-8; leave --encoding out"):
        decode_file(b"\xef\xbb\xbf" + raw, "windows-1256")
    assert decode_file(raw, "utf-8")[0].endswith(f"{text}\n")


def test_a_file_of_parts_in_several_encodings_is_refused_whatever_is_named() -> None:
    raw = "a\nEnquête à Alep\n".encode() + "Été, créé\n".encode("windows-1252")
    joined = "the file was put together of parts in several encodings: save each as UTF-8"
    with pytest.raises(InvalidInput) as refused:
        decode_file(raw)
    assert refused.value.detail.startswith(
        "line 3 is not UTF-8 (byte 19), and lines before it are; in windows-1252"
    )
    assert "it reads 'Été, créé'" in refused.value.detail
    assert joined in refused.value.detail
    with pytest.raises(InvalidInput, match=f"line 2 is UTF-8 and reads 'Enquête à Alep', .*{joined}"):
        decode_file(raw, "windows-1252")
    assert decode_file("AMANHÃ…\nétude\n".encode("windows-1252"), "windows-1252")[0] == "AMANHÃ…\nétude\n"


def test_what_looks_like_no_encoding_shows_the_bytes() -> None:
    with pytest.raises(
        InvalidInput, match=r"line 2 is not UTF-8 \(byte 6\): 1,\\x81\\xff\\x81x; name its enc"
    ):
        decode_file(b"a,b\n1,\x81\xff\x81x\n")
    with pytest.raises(InvalidInput, match="line 1 is not ascii") as refused:
        decode_file("comité".encode("windows-1252"), "ascii")
    assert "windows-1252, which reads 'comité'" in refused.value.detail


def test_of_a_long_line_what_is_at_fault_is_shown() -> None:
    with pytest.raises(InvalidInput, match=r"windows-1252, which reads 'z+x comité y"):
        decode_file(f"a\n{'z' * 200}x comité y".encode("windows-1252"))


@pytest.mark.parametrize(
    ("raw", "says"),
    [
        (b"%PDF-1.7\n", "this is a PDF"),
        (b"{\\rtf1 a", "text document"),
        (b"\xef\xbb\xbf <!doctype html><table>", "HTML"),
        (b'[{"reference": "1"}]', "JSON"),
        (b'{"reference": "1"}\n{"reference": "2"}', "JSON"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "old Excel"),
        (b"\x1f\x8b\x08\x00", "compressed file"),
        (b"7z\xbc\xaf\x27\x1c\x00", r"archive \(\.7z\)"),
        (b"Rar!\x1a\x07", r"archive \(\.rar\)"),
        (b"SQLite format 3\x00", "database of SQLite"),
        (b"PAR1\x15", "Parquet"),
        (b"", "no names of columns"),
        (b" \n\n", "no names of columns"),
    ],
)
def test_a_file_that_is_no_table_is_called_what_it_is(raw: bytes, says: str) -> None:
    with pytest.raises(InvalidInput, match=says):
        read_rows(raw, "csv", "recommendation", ImportMap())


def test_a_column_that_is_called_as_a_member_with_parts_is_told_their_names() -> None:
    for member, parts in (("addressees", "addressees.organization"), ("translations", "translations.")):
        with pytest.raises(InvalidInput, match="a cell fills one of them") as refused:
            read_rows(f"reference,{member}\n1,x\n".encode(), "csv", "recommendation", ImportMap())
        assert parts in refused.value.detail
    with pytest.raises(InvalidInput, match=r"there is no member 'tags\.scheme\.code'"):
        read_rows(b"reference,tags.scheme.code\n1,x\n", "csv", "recommendation", ImportMap())


def test_a_nul_is_no_text() -> None:
    with pytest.raises(InvalidInput, match="line 2 holds a NUL"):
        read_csv(b"a,b,c,d\nlong,enough,\x00,x\n")


# ------------------------------------------------------------------- delimiters and columns


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
def test_what_stands_between_cells_is_recognised(delimiter: str) -> None:
    lines = [["Nr", "Call, in full", "To; as"], ["1", "Vet, now", "a;b"], ["2", 'Say "no"', "c|d"]]
    text = "\n".join(
        delimiter.join(f'"{cell.replace(chr(34), chr(34) * 2)}"' for cell in line) for line in lines
    )
    table = read_csv(text.encode())
    assert (table.columns, cells(table)) == (lines[0], lines[1:])
    assert len(table.notes) == (delimiter != ",")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("a;b\n1,5;2,5\n", [["1,5", "2,5"]]),
        ("sep=;\na;b\n1;2\n", [["1", "2"]]),
        ("a\n1,5\n", [["1,5"]]),
        ("a,b,,\n1,2,,\n3,4\n5,6,,,,\n", [["1", "2"], ["3", "4"], ["5", "6"]]),
    ],
)
def test_a_table_is_read_as_it_is_meant(text: str, expected: list[list[str]]) -> None:
    if text == "a\n1,5\n":
        assert read_csv(text.encode()).rows[0].faults == {"": "there are 2 cells under 1 columns"}
    else:
        assert cells(read_csv(text.encode())) == expected


def test_a_line_of_another_length_is_told_with_the_others() -> None:
    table = read_csv(b'a,b,c\n1,"2\n2",3\n1,2\n1,2,3,4\n1,2,3\n')
    assert [(one.place, one.faults) for one in table.rows] == [
        ("line 2", {}),
        ("line 4", {"": "there are 2 cells under 3 columns"}),
        ("line 5", {"": "there are 4 cells under 3 columns"}),
        ("line 6", {}),
    ]


def test_a_cell_under_no_name_is_not_lost() -> None:
    fault = read_csv(b"a,,b\n1,lost,2\n").rows[0].faults[""]
    assert fault == "'lost' stands in column 2, which has no name; name it in the first line"


def test_space_around_a_cell_is_none_of_it_and_a_line_of_spaces_is_empty() -> None:
    text = " \u00a0 , \nNr, Issued\u00a0 on\u200f , \n 1\u00a0,\ufeff2025 , \n\u00a0, ,\t\n2,\u200f a\u00a0b\u200f,\n"
    table = read_csv(text.encode())
    assert table.columns == ["Nr", "Issued on"]
    assert [(one.place, *one.cells.values()) for one in table.rows] == [
        ("line 3", "1", "2025"),
        ("line 5", "2", "\u200f a\u00a0b\u200f"),
    ]


def test_a_cell_that_goes_on_after_its_quotation_mark_is_told_what_to_do() -> None:
    with pytest.raises(InvalidInput, match=r"line 3: .*write a mark that belongs to the text twice"):
        read_csv(b'a,b\n1,2\n1,"Vet" the police\n')


@pytest.mark.parametrize("column", ["Issued\u00a0on", "Issued\non", "Is\u00adsued on\u200f", "  Issued  on"])
def test_a_column_is_known_however_its_spaces_were_typed(column: str) -> None:
    plan = make_map([" Issued on=issued_on", "Nr=reference"], ["type=vetting"], [], {})
    rows = read_rows(f'Nr;"{column}"\n1;2025\n'.encode(), "csv", "recommendation", plan)
    assert rows.rows[0].value == {"reference": "1", "issued_on": "2025", "type": "vetting"}


def test_a_word_is_known_however_its_accents_were_typed() -> None:
    use = Use("type", values={"Enquête": "criminal_investigation"})
    plan = ImportMap(columns={"Type": [use]})
    for word in ("Enque\u0302te", "Enquête\u00a0"):
        rows = read_rows(f"Type\n{word}\n".encode(), "csv", "recommendation", plan)
        assert (rows.rows[0].value, rows.rows[0].faults) == ({"type": "criminal_investigation"}, ())


def test_a_fault_is_told_of_the_column_in_which_it_stands() -> None:
    """Several facts of a wide table fill one member from different columns."""
    facts = [
        Facts({name: [Use("effective_on")]}, {"track": "closure", "state": state})
        for name, state in (("Closed", "no_longer_applicable"), ("Reopened", "open"))
    ]
    plan = ImportMap(
        columns={"Nr": [Use("reference")], "A": [Use("note")], "B": [Use("note", after="; ")]}, changes=facts
    )
    rows = read_rows(b"Nr,A,B,Closed,Reopened\n1,a,b,1.5.20,6.6.20\n", "csv", "recommendation", plan)
    assert [rows.name_column(row, "/effective_on") for row in (0, 1, 2)] == [None, "Closed", "Reopened"]
    assert rows.name_column(0, "/note") == "A and B"
    assert rows.unread == []


@pytest.mark.parametrize(
    ("maps", "constants", "at", "says"),
    [
        (
            ["Nr=reference", "Title=title", "Text=title"],
            [],
            "/map",
            "the columns 'Title' and 'Text' both fill the member",
        ),
        (["Nr=reference"], ["reference=x"], "/set", "the column 'Nr' fills the member 'reference' already"),
        (["Nr=reference"], ["colour=red"], "/set", "there is no member 'colour'"),
        (["Nr=colour"], [], "/map", "there is no member 'colour'"),
    ],
)
def test_what_does_not_fit_is_said_of_what_says_it(
    maps: list[str], constants: list[str], at: str, says: str
) -> None:
    with pytest.raises(InvalidInput, match=says) as refused:
        read_rows(b"Nr,Title,Text\n1,a,b\n", "csv", "recommendation", make_map(maps, constants, [], {}))
    assert refused.value.fields[0].pointer == at


@pytest.mark.parametrize(
    ("more", "at"),
    [
        ({"identified_by": ["State"]}, "/identified_by"),
        ({"new_organizations": {"colour": "media"}}, "/new_organizations"),
        ({"new_organizations": {"issuer": "ministry"}}, "/new_organizations"),
        ({"header": "9"}, "/header"),
    ],
)
def test_what_a_map_says_that_cannot_be_is_said_of_its_member(more: dict[str, Any], at: str) -> None:
    with pytest.raises(InvalidInput) as refused:
        read_rows(b"reference\n1\n", "csv", "recommendation", ImportMap(**more))
    assert refused.value.fields[0].pointer == at


@pytest.mark.parametrize(
    ("organizations", "roles", "read"),
    [
        ("A; B;", "primary;supporting", [("A", "primary"), ("B", "supporting")]),
        ("A;B", "primary;supporting; ", [("A", "primary"), ("B", "supporting")]),
        ("A;B;", "primary;supporting;", [("A", "primary"), ("B", "supporting")]),
        ("A;B", "primary;", [("A", "primary"), ("B", None)]),
        ("A;", "", [("A", None)]),
    ],
)
@pytest.mark.parametrize("order", [1, -1])
def test_nothing_stands_behind_the_last_separator(
    organizations: str, roles: str, read: list[tuple[str, str | None]], order: int
) -> None:
    names = ["addressees.organization", "addressees.role"][::order]
    cells = [organizations, roles][::order]
    text = "\n".join("\t".join(row) for row in (["reference", *names], ["1", *cells]))
    rows = read_rows(text.encode(), "csv", "recommendation", make_map([], ["tags.scheme=sdg"], [], {}))
    value = rows.rows[0].value
    assert rows.rows[0].faults == ()
    assert [(one["organization"], one.get("role")) for one in value["addressees"]] == read


def test_a_column_that_is_no_member_is_told_with_what_to_do() -> None:
    with pytest.raises(
        InvalidInput,
        match=r"no member 'Nr', 'x'; there are: .*Say which member a column is, as Nr=MEMBER; once",
    ):
        read_rows(b"Nr,x,title\n1,a,b\n", "csv", "recommendation", ImportMap())
    titled = b"All calls,,\nof 2025,,\nreference,title,text\n1,a,b\n"
    with pytest.raises(
        InvalidInput, match=r"no member 'All calls'; .*The names stand in line 3: add --header 3"
    ):
        read_rows(titled, "csv", "recommendation", ImportMap())


def test_a_column_that_a_map_says_wins_over_one_that_is_called_so() -> None:
    plan = ImportMap(columns={"Wording": [Use("text")]}, others=True)
    rows = read_rows(b"reference,text,Wording\n1,a note of ours,Vet them.\n", "csv", "recommendation", plan)
    assert rows.rows[0].value == {"reference": "1", "text": "Vet them."}
    assert rows.unread == ["text"]


def test_an_option_that_says_nothing_of_a_file_is_told() -> None:
    rows = read_rows(b"reference\n1\n", "csv", "recommendation", ImportMap(sheet="Calls"))
    assert rows.notes == ["not looked at, because this is a CSV: --sheet"]
    table = workbook(row(1, text_cell("A1", "reference")))
    rows = read_rows(table, "xlsx", "recommendation", ImportMap(encoding="utf-8", delimiter=";"))
    assert rows.notes == ["not looked at, because this is a workbook: --encoding, --delimiter"]


def test_codes_numbers_and_days_are_read_without_what_shows_nothing() -> None:
    text = (
        "type;language;issued_on;figures.amount;title;addressees.organization\n"
        "\u202bvetting\u202c;ar\u200f;\u200f٢٠٢٥-٠٣-٠٩;١٥٠٠;كلمة\u200f;A\u200f / \u200eB\n"
    )
    plan = ImportMap(separator=" / ", others=True)
    value = read_rows(text.encode(), "csv", "recommendation", plan).rows[0].value
    assert value == {
        "type": "vetting",
        "language": "ar",
        "issued_on": "2025-03-09",
        "figures": [{"amount": "1500"}],
        "title": "كلمة\u200f",
        "addressees": [{"organization": "A"}, {"organization": "B"}],
    }


def test_true_is_written_in_capitals_too() -> None:
    text = b"subject,confirms\n1,TRUE\n2,False\n3,yes\n"
    rows = read_rows(text, "csv", "change", ImportMap()).rows
    assert [one.value["confirms"] for one in rows] == [True, False, "yes"]


def test_a_cell_may_be_long() -> None:
    assert cells(read_csv(b"a,b\n1," + b"x" * 200_000 + b"\n")) == [["1", "x" * 200_000]]


# ------------------------------------------------------------------- workbooks


def test_a_workbook_is_read_as_it_is_seen() -> None:
    texts = "<si><t>Call</t></si><si><r><t>Vet </t></r><r><t>them</t></r><rPh><t>no</t></rPh></si>"
    rows = row(2, text_cell("A2", "Nr"), '<c r="B2" t="s"><v>0</v></c>', text_cell("D2", "On"))
    rows += row(
        4, '<c r="A4" s="3"><v>7</v></c>', '<c r="B4" t="s"><v>1</v></c>', '<c r="D4" s="1"><v>44196</v></c>'
    )
    rows += row(5, '<c r="A5"/>')
    rows += "<row><c><v>0.10000000000000001</v></c><c t='str'><f>A1</f><v>a_x000D_\nb</v></c></row>"
    rows += row(7, '<c r="A7" s="4"><v>1.1</v></c>', '<c r="B7" t="b"><v>1</v></c>')
    rows += row(8, '<c r="A8" s="4"><v>1.125</v></c>', '<c r="B8" t="d"><v>2020-12-31T00:00:00</v></c>')
    rows += row(
        9, '<c r="A9"><v>-3.0</v></c>', '<c r="B9" t="b"><v>0</v></c>', '<c r="D9" s="2"><v>1.5</v></c>'
    )
    rows += row(10, '<c r="A10" s="5"><v>1E3</v></c>', '<c r="B10" s="6"><v>0.5</v></c>')
    raw = workbook(rows, row(1, text_cell("A1", "x")), texts=texts)
    assert is_workbook(raw)
    table = read_workbook(raw)
    assert table.columns == ["Nr", "Call", "On"]
    assert [(one.place, *one.cells.values()) for one in table.rows] == [
        ("row 4", "007", "Vet them", "2020-12-31"),
        ("row 6", "0.1", "a\nb", ""),
        ("row 7", "1.10", "true", ""),
        ("row 8", "1.125", "2020-12-31", ""),
        ("row 9", "-3", "false", "1900-01-01T12:00:00"),
        ("row 10", "1000", "0.5", ""),
    ]
    assert table.notes == ["not read: the other sheets, Notes; name one with --sheet"]
    assert read_workbook(raw, "Notes").columns == ["x"]


def test_of_a_workbook_the_first_sheet_is_read_that_is_shown() -> None:
    calls, notes = row(1, text_cell("A1", "Old")), row(1, text_cell("A1", "Nr"))
    parts = {name: text.decode() for name, text in unpacked(workbook(calls, notes)).items()}
    book = parts["xl/workbook.xml"].replace('name="Calls"', 'name="Calls" state="veryHidden"')
    table = read_workbook(packed({**parts, "xl/workbook.xml": book}))
    assert table.columns == ["Nr"]
    assert table.notes == ["not read: the other sheets, Calls; name one with --sheet"]
    assert read_workbook(packed({**parts, "xl/workbook.xml": book}), "Calls").columns == ["Old"]


def test_rows_that_a_sheet_hides_are_read_and_said_to_be() -> None:
    hidden = "".join(row(number, text_cell(f"A{number}", "x")) for number in range(2, 9))
    rows = (
        row(1, text_cell("A1", "Nr"))
        + hidden.replace("<row ", '<row hidden="1" ')
        + row(9, text_cell("A9", "y"))
    )
    table = read_workbook(workbook(rows))
    assert len(table.rows) == 8
    assert table.notes == ["read too: 7 rows that the sheet hides (2, 3, 4, 5, 6 …)"]


@pytest.mark.parametrize(
    ("code", "shows"),
    [
        ("mmm\\-yy", "2020-12"),
        ("[$-409]mmmm\\ yyyy;@", "2020-12"),
        ("yyyy", "2020"),
        ("d\\-mmm\\-yy", "2020-12-31"),
        ("dd/mm/yyyy\\ hh:mm", "2020-12-31"),
        ("0%", "4419600%"),
        ("0.0%", "4419600%"),
        ("#,##0", "44196"),
        ("General", "44196"),
    ],
)
def test_a_cell_says_no_more_than_it_shows(code: str, shows: str) -> None:
    """Excel makes 1 December of "December 2020", and shows the month."""
    style = f'<numFmts><numFmt numFmtId="170" formatCode="{code}"/></numFmts><cellXfs><xf numFmtId="170"/></cellXfs>'
    rows = row(1, text_cell("A1", "On")) + row(2, '<c r="A2" s="0"><v>44196</v></c>')
    assert cells(read_workbook(workbook(rows, styles=style))) == [[shows]]


def test_a_number_of_which_excel_made_a_day_is_refused() -> None:
    names = row(1, text_cell("A1", "printed_number"), text_cell("B1", "issued_on"))
    days = row(2, '<c r="A2" s="1"><v>44196</v></c>', '<c r="B2" s="1"><v>44196</v></c>')
    days += row(3, text_cell("A3", "2020-12-31"), text_cell("B3", "2020-12-31"))
    rows = read_rows(workbook(names + days), "xlsx", "recommendation", ImportMap()).rows
    assert [(one.pointer, one.detail[:32]) for one in rows[0].faults] == [
        ("/printed_number", "is kept as a day, which Excel ma")
    ]
    assert rows[1].faults == ()


def test_a_share_is_read_as_it_is_shown() -> None:
    style = '<cellXfs><xf numFmtId="10"/><xf numFmtId="17"/></cellXfs>'
    rows = row(1, text_cell("A1", "On"))
    rows += row(2, '<c r="A2" s="0"><v>0.255</v></c>') + row(3, '<c r="A3" s="1"><v>44196</v></c>')
    assert cells(read_workbook(workbook(rows, styles=style))) == [["25.5%"], ["2020-12"]]


def test_a_workbook_that_counts_from_1904() -> None:
    settings = '<workbookPr date1904="1"/>'
    rows = row(1, text_cell("A1", "On")) + row(2, '<c r="A2" s="1"><v>42734</v></c>')
    assert cells(read_workbook(workbook(rows, settings=settings))) == [["2020-12-31"]]


@pytest.mark.parametrize(
    ("cell", "fault"),
    [
        ('<c r="A2" t="e"><v>#REF!</v></c>', "the sheet shows the error #REF! here"),
        ('<c r="A2"><f>SUM(B1)</f></c>', "the formula here was saved without its result"),
        ('<c r="A2" s="1"><v>60</v></c>', "60 is shown as a day, and is none"),
        ('<c r="A2"><v>seven</v></c>', "'seven' is no number"),
        ('<c r="A2" t="s"><v>9</v></c>', "the text of this cell is not in the workbook"),
    ],
)
def test_a_cell_without_a_value_is_told(cell: str, fault: str) -> None:
    table = read_workbook(workbook(row(1, text_cell("A1", "On")) + row(2, cell)))
    assert table.rows[0].faults["On"].startswith(fault)


_NINES = "9" * 5_000


@pytest.mark.parametrize(
    ("cell", "styles", "says"),
    [
        ('<c r="A2" s="0"><v>5</v></c>', f'<numFmts><numFmt numFmtId="{_NINES}"/></numFmts>', "5"),
        (f'<c r="A2" s="{_NINES}"><v>5</v></c>', "", "5"),
        (f'<c r="A2" t="s"><v>{_NINES}</v></c>', "", ""),
        (f'<c r="A2" t="inlineStr"><is><t>{_NINES}</t></is></c>', "", _NINES),
    ],
    ids=["format", "style", "text", "value"],
)
def test_a_number_of_thousands_of_digits_is_none(cell: str, styles: str, says: str) -> None:
    rows = row(1, text_cell("A1", "On")) + f'<row r="{_NINES}">{cell}</row>'
    assert cells(read_workbook(workbook(rows, styles=styles))) == [[says]]


def test_of_the_code_of_a_format_no_more_is_looked_at_than_excel_takes() -> None:
    opening = f'<numFmts><numFmt numFmtId="200" formatCode="{"[" * 200_000}"/></numFmts>'
    styles = f'{opening}<cellXfs><xf numFmtId="200"/></cellXfs>'
    rows = row(1, text_cell("A1", "On")) + "".join(
        row(n, f'<c r="A{n}" s="0"><v>5</v></c>') for n in range(2, 300)
    )
    began = time.process_time()
    assert len(read_workbook(workbook(rows, styles=styles)).rows) == 298
    assert time.process_time() - began < 5  # it would have taken an hour


def test_a_header_without_a_value_is_refused() -> None:
    with pytest.raises(InvalidInput, match="row 1: the sheet shows"):
        read_workbook(workbook(row(1, '<c r="A1" t="e"><v>#N/A</v></c>')))
    with pytest.raises(InvalidInput, match="no names of columns"):
        read_workbook(workbook(""))


def _without(name: str) -> bytes:
    raw = workbook(row(1, text_cell("A1", "x")))
    with zipfile.ZipFile(io.BytesIO(raw)) as archive:
        return packed({one: archive.read(one).decode() for one in archive.namelist() if one != name})


def _damaged() -> bytes:
    raw = workbook(row(1, text_cell("A1", "x" * 500)))
    place = raw.index(b"xl/worksheets/sheet1.xml") + 40
    return raw[:place] + bytes(20) + raw[place + 20 :]


@pytest.mark.parametrize(
    ("make", "says"),
    [
        (lambda: b"\xd0\xcf\x11\xe0 old", "an old Excel file"),
        (lambda: packed({"mimetype": "application/vnd.oasis"}), "OpenDocument"),
        (lambda: packed({"a.txt": "x"}), "without a workbook"),
        (lambda: b"PK\x03\x04 cut off", "cannot be opened"),
        (lambda: _without("xl/worksheets/sheet1.xml"), "sheet1.xml is missing"),
        (_damaged, "cannot be unpacked"),
        (lambda: workbook("</row>"), "damaged: xl/worksheets/sheet1.xml, line 1"),
        (lambda: workbook(names=()), "no sheet in the workbook"),
        (lambda: workbook(row(1, '<c r="XFE1"/>')), "there is no cell XFE1"),
        (
            lambda: packed({"xl/workbook.xml": '<!DOCTYPE x [<!ENTITY a "b">]><workbook>&a;</workbook>'}),
            "declares a document type",
        ),
    ],
)
def test_a_file_that_is_no_whole_workbook_is_refused(make: Callable[[], bytes], says: str) -> None:
    with pytest.raises(InvalidInput, match=says):
        is_workbook(raw := make()) and read_workbook(raw)


def test_a_sheet_that_is_not_there_is_refused_with_those_that_are() -> None:
    with pytest.raises(InvalidInput, match="no sheet 'Data'; there are: Calls, Notes"):
        read_workbook(workbook("", ""), "Data")


def test_where_the_names_of_columns_stand_is_told() -> None:
    """People put a title above their tables, and leave an empty sheet in front."""
    plan = ImportMap(columns={"Nr": [Use("reference")], "To": [Use("text")]})
    titled = b"Recommendations\nas of May\n\nNr,To\n1,x\n"
    with pytest.raises(InvalidInput, match=r"no column 'Nr'; there are: Recommendations\. .* --header 4$"):
        read_rows(titled, "csv", "recommendation", plan)
    about, table = row(1, text_cell("A1", "About")), row(1, text_cell("A1", "Nr"), text_cell("B1", "To"))
    with pytest.raises(InvalidInput, match=r"there are: About\. Other sheets: Notes; name one with --sheet$"):
        read_rows(workbook(about, table), "xlsx", "recommendation", plan)
    with pytest.raises(InvalidInput, match="no names of columns where it begins; not read: the other sheets"):
        read_rows(workbook("", table), "xlsx", "recommendation", plan)


def test_a_value_that_is_shown_over_several_rows_is_guessed_of_none() -> None:
    rows = (
        row(1, text_cell("A1", "Nr"), text_cell("B1", "To"))
        + row(2, text_cell("A2", "1"), text_cell("B2", "ministry"))
        + row(3, text_cell("A3", "2"))
        + row(4, text_cell("A4", "3"), text_cell("B4", "court"))
    )
    merged = f"{rows}</sheetData><mergeCells>{{}}</mergeCells><sheetData>"

    def read(*refs: str) -> list[dict[str, str]]:
        cells = "".join(f'<mergeCell ref="{ref}"/>' for ref in refs)
        return [one.faults for one in read_workbook(workbook(merged.format(cells))).rows]

    why = "this cell is merged with B2; unmerge them, and write in each row what it says"
    assert read("B2:B3") == [{}, {"To": why}, {}]
    assert read("A2:C2", "C2:C3", "B3:B4", "nonsense") == [{}, {}, {}]  # one row; nothing stands there
    with pytest.raises(InvalidInput, match="more cells are merged than a column has"):
        read("B2:B1048576", "B2:B1048576")


def test_what_unpacks_to_too_much_is_refused() -> None:
    """The bound counts what comes out, whatever the archive says of itself."""
    bomb = workbook(row(1, text_cell("A1", "x" * 2_000_000)))
    assert len(bomb) < 10_000
    with pytest.raises(InvalidInput, match="more than 1000000 bytes"):
        read_workbook(bomb, most=Most(1_000_000, 100))
    many = workbook("<row><c><v>1</v></c></row>" * 1_000)
    with pytest.raises(InvalidInput, match="more than 3000 cells and texts; save the sheet alone"):
        read_workbook(many, most=Most(1_000_000, 3_000))


def test_columns_count_in_letters() -> None:
    assert [find_column(name, 5) for name in ("A1", "Z1", "AA9", "XFD1048576", None)] == [0, 25, 26, 16383, 5]


# ------------------------------------------------------------------- days


@pytest.mark.parametrize(
    ("cell", "forms", "day"),
    [
        ("2020-12-31", (), "2020-12-31"),
        ("2020-12", (), "2020-12"),
        ("31.12.2020", ("DD.MM.YYYY",), "2020-12-31"),
        ("1.2.2020", ("DD.MM.YYYY",), "2020-02-01"),
        ("01022020", ("DDMMYYYY",), "2020-02-01"),
        ("12/31/2020", ("DD/MM/YYYY", "MM/DD/YYYY"), "2020-12-31"),
        ("٣١/١٢/٢٠٢٠", ("DD/MM/YYYY",), "2020-12-31"),
        ("44196", ("excel",), "2020-12-31"),
        ("42734", ("excel-1904",), "2020-12-31"),
        ("3 March 2020", ("DD MONTH YYYY",), "2020-03-03"),
        ("Sept. 2020", ("MONTH YYYY",), "2020-09"),
        ("2020-12-31", ("DD.MM.YYYY",), "2020-12-31"),
        ("2020", ("YYYY", "DD.MM.YYYY"), "2020"),
        ("2020", ("DD.MM.YYYY",), "2020"),
        ("2020-12", ("excel", "DD.MM.YYYY"), "2020-12"),
        ("2020-12-31 00:00:00", (), "2020-12-31"),
        ("2020-12-31T00:00:00.000", (), "2020-12-31"),
        ("\u200f2020-12-31\u00a0", (), "2020-12-31"),
    ],
)
def test_days_are_read_as_the_form_says(cell: str, forms: tuple[str, ...], day: str) -> None:
    assert read_date(cell, forms) == (day, None)


@pytest.mark.parametrize(
    ("cell", "forms", "says"),
    [
        ("31.12.2020", (), "say how: --date-format DD.MM.YYYY (2020-12-31)"),
        ("12/31/2020", (), "say how: --date-format MM/DD/YYYY (2020-12-31)"),
        ("44196", (), "say how: --date-format excel (2020-12-31)"),
        ("01/02/2020", (), "DD/MM/YYYY (2020-02-01) or --date-format MM/DD/YYYY (2020-01-02)"),
        ("01/02/2020", ("DD/MM/YYYY", "MM/DD/YYYY"), "may be 2020-02-01 (DD/MM/YYYY) or 2020-01-02"),
        ("3 March 2020", (), '--date-format "DD MONTH YYYY"'),
        ("3 Ju 2020", ("DD MONTH YYYY",), "must be a date as DD MONTH YYYY (--date-format)"),
        ("31.02.2020", ("DD.MM.YYYY",), "must be a date as DD.MM.YYYY (--date-format)"),
        ("0.2.2020", ("DD.MM.YYYY",), "must be a date as"),
        ("1.0.2020", ("DD.MM.YYYY",), "must be a date as"),
        ("1122020", ("DDMMYYYY",), "must be a date as"),
        ("2020", ("excel",), "must be a date as excel"),
        ("soon", (), "or as a --date-format says"),
        ("2020-12-31 14:30", (), "must be a date without an hour, as 2020-12-31"),
        ("31.12.20", ("DD.MM.YYYY",), "has a year of two digits"),
        ("9-Mar-25", (), "has a year of two digits"),
        ("1446/05/12", (), "has the year 1446, and must lie from 1800 to 2200; a day of another calendar"),
        ("1446-05-12", (), "has the year 1446"),
        (
            "44196",
            ("DD.MM.YYYY",),
            "or as 2025-03-09; if it is written otherwise, say how: --date-format excel",
        ),
    ],
)
def test_a_day_that_is_not_known_is_never_guessed(cell: str, forms: tuple[str, ...], says: str) -> None:
    read, fault = read_date(cell, forms)
    assert read == cell
    assert says in str(fault)


def test_a_day_of_another_calendar_is_told_as_one_whatever_its_form() -> None:
    day, fault = read_date("12/05/1446", ("DD/MM/YYYY",))
    assert (day, "has to be written as one of the Gregorian" in str(fault)) == ("1446-05-12", True)


def test_a_form_says_the_year_and_no_part_twice() -> None:
    forms = ("DD.MM.YYYY", "YYYY", "MONTH YYYY", "excel", "DD.MM.YY", "DD.YYYY", "MM MONTH YYYY", "day", "")
    assert [check_format(form) for form in forms] == [True] * 4 + [False] * 5


def test_excel_has_a_day_that_never_was() -> None:
    days = [read_serial(Decimal(number)) for number in ("0", "1", "59", "60", "61", "2958466", "-70")]
    assert days == [None, "1900-01-01", "1900-02-28", None, "1900-03-01", None, None]
