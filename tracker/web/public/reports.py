"""A report: what became of it, when it could be read, and whether all that it asks for is followed here."""

from __future__ import annotations

from tracker.languages.texts import pick_text
from tracker.public.completeness import read_completeness
from tracker.web.public.page import Shown, page
from tracker.web.public.reading import read_list, read_named, read_process, show_process_parts
from tracker.web.public.verdicts import find_answers, list_verdicts, show_implementation
from tracker.web.public.visit import Visit


@page("report")
def show_report(visit: Visit, process: str, reference: str) -> Shown:
    parent = read_process(visit, process)
    report = read_named(visit, parent, "report", reference)
    parts = show_process_parts(visit, parent)
    name = pick_text(report, "title", visit.language.code)
    asked = read_list(visit, "recommendation", ("report", report["id"]))
    return {
        **parts,
        "title": name.text,
        "name": name,
        "report": report,
        "release": find_answers(report, "release")["lead"],
        "verdicts": list_verdicts(report, "release"),
        "ledger": read_completeness(visit.connection, report, visit.now, visit.as_of),
        "asked": [show_implementation(one, visit.language.code) for one in asked],
        "history": report["history"],
        "alternates": [
            ("application/json", "JSON", f"/v1/public/reports/{report['id']}"),
            *parts["alternates"][1:],
        ],
    }
