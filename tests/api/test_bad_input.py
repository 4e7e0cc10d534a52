"""Every kind of bad input is refused by a name of its own that points at the member, and leaves the database as it was."""

# ruff: noqa: E501 (a table is read row by row, each of them one line)
from __future__ import annotations

import json
from dataclasses import dataclass, field
from typing import Any

import pytest

from tests.api.factories import MERGE, Stage, dump
from tracker.domain import ids
from tracker.http import cursors

NOBODY = "_" + "0" * 26

PROCESS: dict[str, Any] = {
    "slug": "another",
    "title": "Another",
    "summary": "What happened.",
    "lead": "{lead}",
    "calendar": {"time_zone": "Asia/Damascus", "weekend": ["friday"], "holidays": []},
}
ORGANIZATION: dict[str, Any] = {"slug": "new", "name": "New", "type": "authority"}
COMMITTEE: dict[str, Any] = {
    "process": "{process}",
    "reference": "second",
    "name": "Second",
    "body_type": "judicial_inquiry",
}
RESOURCE: dict[str, Any] = {
    "process": "{process}",
    "committee": "{committee}",
    "type": "budget",
    "title": "Money",
}
REPORT: dict[str, Any] = {
    "process": "{process}",
    "reference": "final",
    "committee": "{committee}",
    "title": "Final report",
}
DEADLINE: dict[str, Any] = {
    "process": "{process}",
    "owner": "{committee}",
    "type": "final_report_due",
    "title": "Final report",
    "basis": "decree",
    "set_on": "2025-03-09",
}
RECOMMENDATION: dict[str, Any] = {
    "process": "{process}",
    "reference": "R2",
    "issuer": "{watchdog}",
    "issued_on": "2025-04-03",
    "title": "Vet them",
    "text": "Vet the forces.",
    "language": "en",
    "type": "vetting",
}
EVIDENCE: dict[str, Any] = {
    "process": "{process}",
    "title": "A report",
    "type": "media_report",
    "acquired_from": "public_source",
}
CHANGE: dict[str, Any] = {
    "subject": "{recommendation}",
    "track": "implementation",
    "state": "not_started",
    "effective_on": "2025-06-01",
    "reason": "Nothing was done.",
}
MANDATE: dict[str, Any] = {"instrument": "Decree 3", "adopted_on": "2025-03-09"}


@dataclass(frozen=True)
class Bad:
    """One bad request: what is wrong with it, and how it must be refused."""

    sentence: str
    path: str
    body: Any
    status: int
    code: str
    pointer: str | None = None
    by: str | None = "editor"
    method: str = "POST"
    headers: dict[str, str] = field(default_factory=dict)


def invalid(sentence: str, path: str, body: Any, pointer: str, **more: Any) -> Bad:
    return Bad(sentence, path, body, 422, "invalid-input", pointer, **more)


def process(pointer: str, **members: Any) -> tuple[str, Any, str]:
    return ("/v1/processes", {**PROCESS, **members}, pointer)


def change(**members: Any) -> tuple[str, Any]:
    return ("/v1/status-changes", {**CHANGE, **members})


def reply(**members: Any) -> tuple[str, Any]:
    said = {
        "subject": "{moved}",
        "replies_to": "{verdict}",
        "assessor": "{press}",
        "effective_on": "2025-06-20",
        "reason": "It is not so.",
    }
    return ("/v1/status-changes", {**said, **members})


def raw(body: bytes) -> tuple[str, bytes]:
    return ("/v1/organizations", body)


HOLIDAY = {"on": "2025-02-30", "name": "Nowhere"}

SHAPES = [
    invalid("a member that is not known", *process("/colour", colour="red")),
    invalid("a member that is not known and is called value", *process("/value", value="red")),
    invalid("a member with a slash in its name", *process("/a~1b~0c", **{"a/b~c": 1})),
    invalid("a member of a member that is not known", *process("/calendar/moon", calendar={**PROCESS["calendar"], "moon": 1})),
    invalid("a member that is missing", "/v1/organizations", {"slug": "new", "name": "New"}, "/type"),
    invalid("null where something must stand", *process("/title", title=None)),
    invalid("a text where a number must stand", *process("/stale_after_days", stale_after_days="30")),
    invalid("true where a number must stand", *process("/stale_after_days", stale_after_days=True)),
    invalid("a fraction where a whole number must stand", *process("/stale_after_days", stale_after_days=30.0)),
    invalid("a number out of its bounds", *process("/stale_after_days", stale_after_days=0)),
    invalid("a number where a text must stand", *process("/title", title=1)),
    invalid("a list where an object must stand", *process("/calendar", calendar=[])),
    invalid("an object where a list must stand", *process("/languages", languages={})),
    invalid("a number for an id", *process("/lead", lead=1)),
    invalid("one where true must stand", *("/v1/status-changes", {**CHANGE, "confirms": 1}, "/confirms")),
    invalid("a number where an amount is a text", "/v1/resources", {**RESOURCE, "figures": [{"figure": "needed", "amount": 5, "as_of": "2025-04-03", "source": "x"}]}, "/figures/0/amount"),
    invalid("an amount below nothing", "/v1/resources", {**RESOURCE, "figures": [{"figure": "needed", "amount": "-5", "as_of": "2025-04-03", "source": "x"}]}, "/figures/0/amount"),
    invalid("a text that is too long", *process("/title", title="x" * 301)),
    invalid("an empty text", *process("/title", title="")),
    invalid("a blank text", *process("/title", title=" \u00a0")),
    invalid("a text that shows nothing", *process("/title", title="\u200b\u3164\u2800\ufe0f")),
    invalid("a slug that is none", *process("/slug", slug="Not A Slug")),
    invalid("a slug with a line feed at its end", *process("/slug", slug="slug\n")),
    invalid("a code that is none", "/v1/organizations", {**ORGANIZATION, "type": "circus"}, "/type"),
    invalid("an address that is none", "/v1/organizations", {**ORGANIZATION, "website": "javascript:alert(1)"}, "/website"),
    invalid("a country that is none", *process("/country", country="Syria")),
    invalid("a language that is none", *process("/languages/0", languages=["Arabic language"])),
    invalid("a language as the name of a member", "/v1/committees", {**COMMITTEE, "names": {"!": "x"}}, "/names/!"),
    invalid("a number as a name in a language", "/v1/committees", {**COMMITTEE, "names": {"ar": 1}}, "/names/ar"),
    invalid("a time zone that is none", *process("/calendar/time_zone", calendar={**PROCESS["calendar"], "time_zone": "Mars/Base"})),
    invalid("a demand for a state that is none", *process("/evidence_policy/moon", evidence_policy={"moon": {"items": 1}})),
    invalid("a demand that is none", *process("/evidence_policy/closure.open/items", evidence_policy={"closure.open": {"items": "1"}})),
    invalid("an alias that stands there twice", "/v1/organizations", {**ORGANIZATION, "aliases": [{"name": "A"}, {"name": "A"}]}, "/aliases/1/name"),
    invalid("a member of a committee who stands there twice", "/v1/committees", {**COMMITTEE, "members": [{"name": "A"}, {"name": "A"}]}, "/members/1/name"),
    invalid("an addressee who stands there twice", "/v1/recommendations", {**RECOMMENDATION, "addressees": [{"organization": "{government}"}] * 2}, "/addressees/1/organization"),
    invalid("a NUL in a text", *process("/title", title="a\0b")),
    invalid("a bidirectional control character", *process("/title", title="a\u202eb")),
    invalid("an isolate", *process("/summary", summary="a\u2066b")),
    invalid("a surrogate without its other half", *process("/title", title="a\ud800b")),
    invalid("a line feed where one line must stand", *process("/title", title="a\nb")),
    invalid("nobody who issued a recommendation", "/v1/recommendations", {**RECOMMENDATION, "issuer": None}, "/issuer"),
    invalid("two who issued a recommendation", "/v1/recommendations", {**RECOMMENDATION, "committee": "{committee}"}, "/issuer"),
    invalid("a return without what is wrong", "/v1/status-changes/{proposal}/decision", {"decision": "return"}, "/note", by="approver"),
    invalid("a withdrawal without a reason", "/v1/subjects/{committee}/publication", {"publication": "withdrawn"}, "/reason", by="approver"),
    invalid("a withdrawal at an hour", "/v1/subjects/{committee}/publication", {"publication": "withdrawn", "reason": "x", "not_before": "2030-01-01T00:00:00Z"}, "/not_before", by="approver"),
    invalid("an organization that is part of itself", "/v1/organizations/{press}", {"part_of": "{press}"}, "/part_of", method="PATCH"),
]  # fmt: skip

DAYS = [
    invalid("a day that does not exist", *process("/happened_from", happened_from="2025-02-29")),
    invalid("a day of another form", *process("/happened_from", happened_from="09.03.2025")),
    invalid("a day without dashes", *process("/happened_from", happened_from="20250309")),
    invalid("a day with a time", *process("/happened_from", happened_from="2025-03-09T00:00:00Z")),
    invalid("a day in other digits", *process("/happened_from", happened_from="٢٠٢٥-٠٣-٠٩")),
    invalid("a day out of all bounds", *process("/happened_from", happened_from="0001-01-01")),
    invalid("a number as a day", *process("/happened_from", happened_from=20250309)),
    invalid("a holiday that does not exist", *process("/calendar/holidays/0/on", calendar={**PROCESS["calendar"], "holidays": [HOLIDAY]})),
    invalid("a reading that does not exist", "/v1/deadlines", {**DEADLINE, "due_on": "2025-04-08", "readings": [{"due_on": "2025-04-31", "says": "x", "note": "x"}]}, "/readings/0/due_on"),
    invalid("an end before the beginning", *process("/happened_to", happened_from="2025-03-09", happened_to="2025-03-08")),
    invalid("an end before the beginning that is kept", "/v1/processes/{process}", {"happened_from": "2025-03-09", "happened_to": "2025-03-08"}, "/happened_to", method="PATCH"),
    invalid("evidence of what ended before it began", "/v1/evidence", {**EVIDENCE, "occurred_from": "2025-03-09", "occurred_to": "2025-03-08"}, "/occurred_to"),
    invalid("a mandate that ends before it begins", "/v1/committees/{committee}/mandates", {**MANDATE, "in_force_from": "2025-03-09", "in_force_to": "2025-03-08"}, "/in_force_to"),
    invalid("a member who leaves before coming", "/v1/committees/{committee}/members", {"name": "A", "from_on": "2025-03-09", "to_on": "2025-03-08"}, "/to_on"),
    invalid("a first member who leaves before coming", "/v1/committees", {**COMMITTEE, "members": [{"name": "A", "from_on": "2025-03-09", "to_on": "2025-03-08"}]}, "/members/0/to_on"),
    invalid("a deadline before it was set", "/v1/deadlines", {**DEADLINE, "due_on": "2025-03-08"}, "/due_on"),
    invalid("a deadline with neither date nor rule", "/v1/deadlines", DEADLINE, "/due_on"),
    invalid("a date that the rule does not give", "/v1/deadlines", {**DEADLINE, "rule": "30 days", "due_on": "2025-04-09"}, "/due_on"),
    invalid("a rule that cannot be read", "/v1/deadlines", {**DEADLINE, "rule": "soon"}, "/rule"),
    invalid("an extension to the day that it has", "/v1/deadlines/{deadline}/extension", {"set_on": "2025-03-10", "due_on": "2025-04-08", "reason": "x"}, "/due_on"),
    invalid("a status of tomorrow", *change(effective_on="2026-11-24"), "/effective_on"),
    invalid("a status that began after it was there", *change(not_before="2025-06-02"), "/not_before"),
]  # fmt: skip

NAMES = [
    Bad("an id of another kind", *process("/lead", lead="{process}")[:2], 422, "wrong-kind", "/lead"),
    Bad("an id of no kind", *process("/lead", lead="x")[:2], 422, "wrong-kind", "/lead"),
    Bad("an id with a NUL", *process("/lead", lead="org_\0")[:2], 422, "wrong-kind", "/lead"),
    Bad("a citation of no evidence", *change(citations=[{"evidence": "{committee}", "stance": "supports"}]), 422, "wrong-kind", "/citations/0/evidence"),
    invalid("an id of nothing", *process("/lead", lead="org" + NOBODY)),
    invalid("a citation of nothing", *change(citations=[{"evidence": "evd" + NOBODY, "stance": "supports"}]), "/citations/0/evidence"),
    invalid("an addressee that is nobody", "/v1/recommendations", {**RECOMMENDATION, "addressees": [{"organization": "org" + NOBODY}]}, "/addressees/0/organization"),
    Bad("an owner of another process", "/v1/deadlines", {**DEADLINE, "owner": "{stranger}", "due_on": "2025-04-08"}, 422, "wrong-process", "/owner"),
    Bad("a committee of another process", "/v1/resources", {**RESOURCE, "committee": "{stranger}"}, 422, "wrong-process", "/committee"),
    Bad("the edit of nothing", "/v1/committees/com" + NOBODY, {"name": "x"}, 404, "not-found", method="PATCH", headers={"If-Match": f'"com{NOBODY}-1"'}),
    Bad("an act upon nothing", "/v1/deadlines/ddl" + NOBODY + "/extension", {"set_on": "2025-03-10", "due_on": "2025-05-01", "reason": "x"}, 404, "not-found"),
    Bad("a decision on nothing", f"/v1/status-changes/chg{NOBODY}/decision", {"decision": "approve"}, 404, "not-found", by="approver"),
    Bad("an address of another kind", "/v1/committees/{press}/members", {"name": "x"}, 404, "not-found"),
    Bad("a slug that is taken", *process("/slug", slug="coast")[:2], 409, "slug-taken", "/slug"),
    Bad("a slug of an organization that is taken", "/v1/organizations", {**ORGANIZATION, "slug": "press"}, 409, "slug-taken", "/slug"),
    Bad("a reference that is taken", "/v1/committees", {**COMMITTEE, "reference": "inquiry"}, 409, "slug-taken", "/reference"),
]  # fmt: skip

RULES = [
    Bad("a track that is none", *change(track="weather"), 422, "unknown-track", "/track"),
    Bad("a track of another kind of subject", *change(track="outcome", state="met"), 422, "unknown-track", "/track"),
    Bad("a state that is none", *change(state="splendid"), 422, "unknown-state", "/state"),
    Bad("a state of another track", *change(state="closed_implemented"), 422, "unknown-state", "/state"),
    Bad("an arrow that makes no sense", *change(subject="{moved}", state="not_assessed"), 409, "forbidden-move", "/state"),
    Bad("a move to where it stands", *change(state="not_assessed"), 409, "forbidden-move", "/state"),
    Bad("a confirmation of what does not stand", *change(confirms=True), 409, "forbidden-move", "/state"),
    Bad("a claim without what it demands", *change(state="implemented"), 409, "demands-not-met"),
    Bad("an addressee as the assessor of its own answer", *change(track="response", state="accepted", assessor="{government}"), 409, "wrong-assessor", "/assessor"),
    Bad("an assessor who does not hold the track", *change(track="closure", state="superseded", assessor="{watchdog}"), 409, "wrong-assessor", "/assessor"),
    Bad("a watchdog who speaks for somebody else", *change(assessor="{press}"), 403, "not-permitted", by="watcher"),
    invalid("an answer on no track", "/v1/status-changes", {name: of for name, of in CHANGE.items() if name != "track"}, "/track"),
    invalid("an answer without a state", "/v1/status-changes", {name: of for name, of in CHANGE.items() if name != "state"}, "/state"),
    invalid("a reply that names a track", *reply(track="implementation"), "/track"),
    invalid("a reply that names a state", *reply(state="stalled"), "/state"),
    invalid("a reply that confirms", *reply(confirms=True), "/confirms"),
    invalid("a reply that corrects", *reply(corrects="{verdict}"), "/corrects"),
    invalid("a reply of an unknown day", *reply(not_before="2025-06-01"), "/not_before"),
    invalid("a reply to nothing", *reply(replies_to="chg" + NOBODY), "/replies_to"),
    invalid("a reply to what is not approved", *reply(replies_to="{proposal}"), "/replies_to"),
    invalid("a reply to what was said of another thing", *reply(subject="{recommendation}", replies_to="{verdict}"), "/replies_to"),
    Bad("a reply to what the lead alone answers", *reply(subject="{committee}", replies_to="{decided}"), 409, "no-reply", "/replies_to"),
    Bad("a reply to one's own verdict", *reply(assessor="{lead}"), 409, "no-reply", "/replies_to"),
    invalid("a correction of nothing", *change(corrects="chg" + NOBODY), "/corrects"),
    invalid("a correction that confirms", *change(corrects="chg" + NOBODY, confirms=True), "/confirms"),
    invalid("an item that is cited twice", *change(citations=[{"evidence": "{evidence}", "stance": "supports"}] * 2), "/citations/1/evidence"),
    Bad("a status of what has been withdrawn", *change(subject="{withdrawn}"), 409, "already-done"),
    Bad("the approval of one's own proposal", "/v1/status-changes/{own}/decision", {"decision": "approve"}, 409, "self-approval", by="reviewer"),
    Bad("the approval of what is decided", "/v1/status-changes/{decided}/decision", {"decision": "approve"}, 409, "already-decided", by="approver"),
    Bad("the retraction of another's proposal", "/v1/status-changes/{proposal}/decision", {"decision": "retract"}, 403, "not-permitted", by="reviewer"),
    Bad("the retraction of what a watchdog may not know of", "/v1/status-changes/{proposal}/decision", {"decision": "retract"}, 404, "not-found", by="watcher"),
    invalid("a proposal on a draft that a watchdog may not know of", *change(subject="{stranger}", track="stage", state="lapsed"), "/subject", by="watcher"),
    invalid("a citation of what a watchdog may not know of", *change(citations=[{"evidence": "{hidden}", "stance": "supports"}]), "/citations/0/evidence", by="watcher"),
    Bad("a review of one's own evidence", *change(subject="{evidence}", track="verification", state="disputed"), 409, "own-evidence"),
    Bad("an analysis of one's own evidence", "/v1/evidence/{evidence}", {"source_analysis": "passed"}, 409, "own-evidence", method="PATCH"),
    Bad("the edit of what has been withdrawn", "/v1/recommendations/{withdrawn}", {"title": "x"}, 409, "already-done", method="PATCH"),
    Bad("the publication of what is public", "/v1/subjects/{committee}/publication", {}, 409, "already-done"),
    Bad("the publication of what has been withdrawn", "/v1/subjects/{withdrawn}/publication", {}, 409, "publication-refused"),
    Bad("the publication of something in a draft", "/v1/subjects/{stranger}/publication", {}, 409, "not-published"),
    Bad("the publication of what is confidential", "/v1/subjects/{hidden}/publication", {}, 409, "publication-refused"),
    Bad("a watchdog that is one already", "/v1/organizations/{watchdog}/watchdog", {"since": "2025-01-01"}, 409, "already-done"),
]  # fmt: skip

BODIES = [
    Bad("no body at all", *raw(b""), 400, "bad-json"),
    Bad("half a body", *raw(b'{"slug":'), 400, "bad-json"),
    Bad("a body that is not UTF-8", *raw(b'{"slug": "\xff"}'), 400, "bad-json"),
    Bad("a body in UTF-16", *raw('{"slug": "x"}'.encode("utf-16")), 400, "bad-json"),
    Bad("a body that begins with a mark of its order", *raw(b"\xef\xbb\xbf{}"), 400, "bad-json"),
    Bad("a body with a NUL", *raw(b'{"slug": "a\0b"}'), 400, "bad-json"),
    Bad("a body of two values", *raw(b"{}{}"), 400, "bad-json"),
    Bad("a number that is none", *raw(b'{"slug": NaN}'), 400, "bad-json"),
    Bad("a number without end", *raw(b'{"slug": -Infinity}'), 400, "bad-json"),
    Bad("a number with too many digits", *raw(b'{"slug": ' + b"9" * 5000 + b"}"), 400, "bad-json"),
    Bad("a member that stands there twice", *raw(b'{"slug": "a", "slug": "b"}'), 400, "bad-json", "/slug"),
    Bad("a member of a member that stands there twice", *raw(b'{"aliases": [{"name": "a", "na\\u006de": "b"}]}'), 400, "bad-json", "/aliases/0/name"),
    Bad("a member whose name is half a surrogate", *raw(b'{"\\ud800": 1}'), 400, "bad-json"),
    Bad("a member whose name reads from the right", *raw(b'{"\\u202eslug": 1}'), 400, "bad-json"),
    Bad("a body that is nested too deeply", *raw(b"[" * 40 + b"]" * 40), 400, "bad-json"),
    Bad("a body that is nested beyond all reading", *raw(b"{\"a\":" * 19_000), 400, "bad-json"),
    Bad("a body of too many values", *raw(b"{\"a\":" * 90_000), 413, "too-many-values"),
    Bad("a list instead of an object", *raw(b"[]"), 422, "invalid-input", ""),
    Bad("a text instead of an object", *raw(b'"slug"'), 422, "invalid-input", ""),
    Bad("null instead of an object", *raw(b"null"), 422, "invalid-input", ""),
    Bad("a body that is too large", *raw(b'{"slug": "' + b"x" * 1_000_001 + b'"}'), 413, "too-large"),
    Bad("a form", *raw(b"slug=x"), 415, "unsupported-media-type", headers={"Content-Type": "application/x-www-form-urlencoded"}),
    Bad("a body that is squeezed", *raw(b"{}"), 415, "unsupported-media-type", headers={"Content-Encoding": "gzip"}),
    Bad("a merge patch that creates", *raw(b"{}"), 415, "unsupported-media-type", headers={"Content-Type": MERGE}),
]  # fmt: skip

EDIT = {"method": "PATCH", "body": {"name": "Renamed"}, "path": "/v1/organizations/{press}"}
EDITS = [
    Bad("an edit without a version", status=428, code="precondition-required", headers={"If-Match": ""}, **EDIT),  # type: ignore[arg-type]
    Bad("an edit of an older version", status=412, code="stale-edit", headers={"If-Match": '"{press}-1"'}, **EDIT),  # type: ignore[arg-type]
    Bad("an edit by a tag of another thing", status=412, code="stale-edit", headers={"If-Match": '"{daily}-2"'}, **EDIT),  # type: ignore[arg-type]
    Bad("an edit by a weak tag", status=412, code="stale-edit", headers={"If-Match": 'W/"{press}-2"'}, **EDIT),  # type: ignore[arg-type]
    Bad("an edit by a version without quotes", status=400, code="bad-request", headers={"If-Match": "2"}, **EDIT),  # type: ignore[arg-type]
    Bad("an edit by more tags than are read", status=400, code="bad-request", headers={"If-Match": ", ".join(['"a"'] * 21)}, **EDIT),  # type: ignore[arg-type]
    Bad("an edit by two tags of other things", status=412, code="stale-edit", headers={"If-Match": '"a", "b"'}, **EDIT),  # type: ignore[arg-type]
    Bad("a decision on an older version", "/v1/status-changes/{proposal}/decision", {"decision": "approve"}, 412, "stale-edit", by="approver", headers={"If-Match": '"{proposal}-7"'}),
]  # fmt: skip


def query(sentence: str, path: str, pointer: str, by: str | None = None) -> Bad:
    return invalid(sentence, path, None, pointer, method="GET", by=by)


QUERIES = [
    query("a parameter that is not known", "/v1/public/processes?colour=red", "colour"),
    query("a parameter where none is taken", "/v1/public/events/{event}?x=1", "x"),
    query("a parameter that stands there twice", "/v1/public/processes?limit=1&limit=1", "limit"),
    query("a page of nothing", "/v1/public/processes?limit=0", "limit"),
    query("a page that is too long", "/v1/public/processes?limit=201", "limit"),
    query("a page of a fraction", "/v1/public/processes?limit=1.0", "limit"),
    query("a page in other digits", "/v1/public/processes?limit=%D9%A5", "limit"),
    query("a page that is left empty", "/v1/public/processes?limit=", "limit"),
    query("a page of the working record that is too long", "/v1/processes?limit=201", "limit", "editor"),
    query("a filter of another kind", "/v1/public/committees?process={committee}", "process"),
    query("a filter with a NUL", "/v1/committees?process=prc_%00", "process", "editor"),
    query("a parameter that is not UTF-8", "/v1/public/search?q=%FF%FE", "q"),
    query("a parameter with half a surrogate", "/v1/recommendations?type=%ED%A0%80", "type", "editor"),
    query("a filter by a state that is none", "/v1/public/committees?stage=splendid", "stage"),
    query("a cursor that was made up", "/v1/public/processes?after=W10.x", "after"),
    query("a cursor of another list", "/v1/public/processes?after={cursor}", "after"),
    query("a cursor with other filters", "/v1/public/organizations?type=media&after={cursor}", "after"),
    query("a cursor of the working record that was made up", "/v1/processes?after=x", "after", "editor"),
    query("a day that does not exist", "/v1/public/processes/{process}?as_of=2025-02-30", "as_of"),
    query("a moment without its zone", "/v1/public/processes/{process}?known_at=2025-02-28T00:00:00", "known_at"),
    query("a moment that does not exist", "/v1/public/processes/{process}?known_at=2025-02-28T25:00:00Z", "known_at"),
    query("a moment with a plus sign that the address made a space", "/v1/public/processes/{process}?known_at=2025-02-28T00:00:00+00:00", "known_at"),
    query("a moment with an offset of a day", "/v1/public/processes/{process}?known_at=2025-02-28T00:00:00-24:00", "known_at"),
    query("a moment that its offset takes out of all bounds", "/v1/public/processes/{process}?known_at=2200-12-31T23:00:00-02:00", "known_at"),
    query("what nobody but custodians is listed", "/v1/evidence?protection=sealed", "protection", "editor"),
    query("a track of another kind of subject", "/v1/status-changes?subject={committee}&track=implementation", "track", "editor"),
    query("organizations of a process", "/v1/public/search?q=x&kind=organization&process={process}", "process"),
    query("what is due soon and overdue", "/v1/public/deadlines?due_soon=true&overdue=true", "due_soon"),
    query("a tag without its scheme", "/v1/recommendations?tag=vetting", "tag", "editor"),
    query("a moment out of all bounds", "/v1/public/processes/{process}?known_at=0001-01-01T00:00:00Z", "known_at"),
]  # fmt: skip

ADDRESSES = [
    Bad("an address of nothing", "/v1/nothing", None, 404, "not-found", method="GET"),
    Bad("a slash too many", "/v1/processes/", None, 404, "not-found", method="GET"),
    Bad("a NUL in an address", "/v1/public/processes/%00", None, 404, "not-found", method="GET", by=None),
    Bad("what is no text in an address", "/v1/public/processes/%ff", None, 404, "not-found", method="GET", by=None),
    Bad("a draft in public", "/v1/public/processes/{draft}", None, 404, "not-found", method="GET", by=None),
    Bad("what has been withdrawn", "/v1/public/recommendations/{withdrawn}", None, 410, "withdrawn", method="GET", by=None),
    Bad("a deletion", "/v1/processes/{process}", None, 405, "method-not-allowed", method="DELETE"),
    Bad("a question about methods", "/v1/processes", None, 405, "method-not-allowed", method="OPTIONS"),
    Bad("a write to the public half", "/v1/public/processes", b"{}", 405, "method-not-allowed", by=None),
]  # fmt: skip

EVERY = [*SHAPES, *DAYS, *NAMES, *RULES, *BODIES, *EDITS, *QUERIES, *ADDRESSES]


@pytest.fixture(scope="module")
def prepared(one_stage: Stage) -> Stage:
    """The stage with proposals in every state, and a few more things to stumble over. One serves all tests: what is
    refused changes nothing, and each test sees to it.
    """
    stage = one_stage
    world, known = stage.world, stage.ids
    known["proposal"] = world.propose(known["recommendation"], "implementation", "not_started").id
    known["decided"] = world.answer(known["committee"], "stage", "lapsed").id
    known["own"] = world.propose(known["recommendation"], "closure", "superseded", proposer=world.reviewer).id
    known["moved"] = world.recommendation("R8")
    known["verdict"] = world.answer(known["moved"], "implementation", "not_started").id
    known["withdrawn"] = world.recommendation("R9")
    world.withdraw(known["withdrawn"])
    known["hidden"] = world.item(state=None, publish=False, protection="confidential")
    known["event"] = "evt" + NOBODY
    secret = stage.app.config["SECRET_KEY"]
    known["cursor"] = cursors.sign_cursor(secret, "/v1/public/organizations?", ["x", "y"])
    for name in world.keys:
        stage.get("/v1/me", by=name)  # the first use of a day is noted
    return stage


@pytest.mark.parametrize("bad", EVERY, ids=lambda bad: f"{bad.sentence} is refused")
def test_bad_input(prepared: Stage, bad: Bad) -> None:
    headers = {name: prepared.fill(value) for name, value in bad.headers.items() if value}
    if bad.method == "PATCH" and "If-Match" not in bad.headers:
        headers["If-Match"] = prepared.send("GET", bad.path).headers["ETag"]
    content_type = headers.pop("Content-Type", None)
    before = dump(prepared.app)
    answer = prepared.send(
        bad.method, bad.path, bad.body, by=bad.by, headers=headers, content_type=content_type
    )
    said = json.loads(answer.data)
    assert (answer.status_code, said["type"]) == (bad.status, f"/problems/{bad.code}"), said
    assert said["detail"]
    if bad.pointer is not None:
        assert {one["pointer"] for one in said["errors"]} == {bad.pointer}
    assert dump(prepared.app) == before


def test_what_is_missing_is_named(prepared: Stage) -> None:
    body = {**CHANGE, "state": "implemented"}
    said = prepared.send("POST", "/v1/status-changes", body).json
    assert said is not None
    assert said["missing"]


def test_every_member_at_fault_is_named_at_once(prepared: Stage) -> None:
    said = prepared.send("POST", "/v1/processes", {**PROCESS, "slug": 1, "title": 2, "colour": 3}).json
    assert said is not None
    assert {one["pointer"] for one in said["errors"]} == {"/slug", "/title", "/colour"}


def test_a_body_without_a_length_is_read_no_further_than_the_limit(prepared: Stage) -> None:
    before = dump(prepared.app)
    answer = prepared.send(
        "POST",
        "/v1/organizations",
        b'{"slug": "' + b"x" * 1_000_001 + b'"}',
        headers={"Transfer-Encoding": "chunked"},
        environ_overrides={"CONTENT_LENGTH": "", "wsgi.input_terminated": True},
    )
    assert answer.status_code == 413, answer.data
    assert dump(prepared.app) == before


def test_a_wrong_method_names_the_right_ones(prepared: Stage) -> None:
    allowed = prepared.send("DELETE", "/v1/processes/{process}").headers["Allow"]
    assert {one.strip() for one in allowed.split(",")} == {"GET", "HEAD", "PATCH"}


def test_a_refusal_shows_nothing_of_what_was_sent_with_it(prepared: Stage) -> None:
    answer = prepared.send("POST", "/v1/organizations", b'{"slug": "a secret word", "x": ')
    assert b"secret word" not in answer.data


def test_what_is_refused_in_public_can_be_read_by_any_page(prepared: Stage) -> None:
    answer = prepared.send("GET", f"/v1/public/processes/prc{NOBODY}", by=None)
    assert answer.status_code == 404
    assert answer.headers["Access-Control-Allow-Origin"] == "*"
    private = prepared.send("GET", f"/v1/processes/prc{NOBODY}")
    assert "Access-Control-Allow-Origin" not in private.headers


def test_ids_in_the_tables_above_look_like_ids() -> None:
    assert ids.kind_of("com" + NOBODY) == "committee"
