"""A refusal names the member or parameter that is at fault, repeats what was sent there, and says what would be right.

What is free text, sealed, or a secret is not repeated.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import pytest
from marshmallow import Schema, fields

from tests.api.factories import MERGE, Stage
from tests.api.test_bad_input import (
    CHANGE,
    COMMITTEE,
    DEADLINE,
    EVIDENCE,
    ORGANIZATION,
    RECOMMENDATION,
    RESOURCE,
)
from tracker.api.http.endpoint import ENDPOINTS
from tracker.domain.errors import FieldError
from tracker.domain.sent_values import Repeats
from tracker.schemas.custody import TicketQuery
from tracker.schemas.evidence import EvidencePatch, SubmissionIn
from tracker.schemas.kinds import SHAPES
from tracker.schemas.organizations import OrganizationIn
from tracker.schemas.people import PasswordIn
from tracker.schemas.processes import ProcessIn
from tracker.schemas.recommendations import RecommendationIn
from tracker.schemas.sent_values import add_sent_value, find_repeats, repeats_value
from tracker.schemas.sessions import PhoneIn
from tracker.schemas.webhooks import WebhookIn

#: For each kind of parameter a wrong value, and what is said to be right.
PARAMETERS = [
    ("/v1/public/recommendations", "implementation", "nonsense", "must be one of not_assessed, no_evidence"),
    ("/v1/public/committees", "adequacy.time", "nonsense", "must be one of no_information, met"),
    ("/v1/public/recommendations", "sort", "up", "must be one of natural"),
    ("/v1/public/recommendations", "overdue", "yes", "must be one of true, false"),
    ("/v1/public/recommendations", "limit", "0", "from 1 to 200"),
    ("/v1/public/recommendations", "limit", "many", "must be a whole number from 1 to 200"),
    ("/v1/public/recommendations", "process", "no_where", "must be the id or the short name (`slug`) of a process"),
    ("/v1/public/recommendations", "process", "nowhere", "no process 'nowhere' is public here"),
    ("/v1/public/recommendations", "report", "com_x", "must be the id of a report"),
    ("/v1/public/recommendations", "tag", "sdg", "must be a tag as scheme:code"),
    ("/v1/public/recommendations", "as_of", "09.03.2025", "must be a date as 2025-03-09"),
    ("/v1/public/recommendations", "known_at", "yesterday", "must be an RFC 3339 instant"),
    ("/v1/public/recommendations", "issued_from", "2025-13", "months go from 01 to 12"),
    ("/v1/public/evidence", "country", "xx", "as SY"),
    ("/v1/public/deadlines", "series", "1", "must be a series as answers give it"),
    ("/v1/recommendations", "publication", "hidden", "must be one of draft"),
]  # fmt: skip


@pytest.mark.parametrize(("path", "name", "value", "right"), PARAMETERS)
def test_the_refusal_of_a_parameter_repeats_it_and_says_what_is_right(
    stage: Stage, path: str, name: str, value: str, right: str
) -> None:
    answer = stage.send("GET", path, query_string={name: value})
    assert answer.status_code == 422
    [fault] = answer.get_json()["errors"]
    assert (fault["pointer"], fault["value"]) == (name, value)
    assert right in fault["detail"]


def test_a_parameter_that_stands_there_twice_is_repeated_with_both_values(stage: Stage) -> None:
    answer = stage.client.get("/v1/public/recommendations?overdue=true&overdue=false")
    [fault] = answer.get_json()["errors"]
    assert fault == {"pointer": "overdue", "detail": "give it once", "value": ["true", "false"]}


#: For each kind of member a wrong value, what is repeated of it, and what is said to be right.
MEMBERS = [
    ("/v1/organizations", ORGANIZATION, "type", "goverment", "goverment", "must be one of "),
    ("/v1/organizations", ORGANIZATION, "type", "x" * 100, "x" * 59 + "…", "must be one of "),
    ("/v1/organizations", ORGANIZATION, "type", ["authority"], ["authority"], "must be a string"),
    ("/v1/organizations", ORGANIZATION, "type", 7, 7, "must be a string"),
    ("/v1/organizations", ORGANIZATION, "type", "\u202eauthority", "\\u202eauthority", "U+202E"),
    ("/v1/organizations", ORGANIZATION, "slug", "New One", "New One", "small letters and digits"),
    ("/v1/organizations", ORGANIZATION, "slug", "ministry", "ministry", "is taken"),
    ("/v1/organizations", ORGANIZATION, "name", "x" * 400, None, "must have 1 to 300 characters, not 400"),
    ("/v1/organizations", ORGANIZATION, "website", "ftp://key@host", None, "must be an http(s) address"),
    ("/v1/organizations", ORGANIZATION, "website", "example.org", "example.org", "must be an http(s) address"),
    ("/v1/deadlines", DEADLINE, "rule", "thirty days", "thirty days", "must be a count and a unit"),
    ("/v1/committees", COMMITTEE, "process", "com_1", "com_1", "it would read prc_…"),
    ("/v1/committees", COMMITTEE, "established_on", "9 March 2025", "9 March 2025", "a year, a month or a day"),
    ("/v1/deadlines", DEADLINE, "due_on", "2025-02-30", "2025-02-30", "there is no such day"),
    ("/v1/deadlines", DEADLINE, "set_on", "١٤٤٦-٠٩-٠٩", "١٤٤٦-٠٩-٠٩", "must be"),
    ("/v1/recommendations", RECOMMENDATION, "language", "English!", "English!", "a language tag (BCP 47)"),
    ("/v1/recommendations", RECOMMENDATION, "text", "", None, "must have 1 to 20000 characters, not 0"),
    ("/v1/committees", COMMITTEE, "process", "{evidence}", "{evidence}", "is not the id of a process"),
    ("/v1/recommendations", RECOMMENDATION, "addressees", "ministry", None, "must be a list"),
    ("/v1/status-changes", CHANGE, "confirms", "true", "true", "must be true or false"),
    ("/v1/status-changes", CHANGE, "effective_on", "2999-01-01", "2999-01-01", "must lie from 1800-01-01"),
    ("/v1/evidence", EVIDENCE, "type", "vidoe", "vidoe", "must be one of "),
    ("/v1/evidence", EVIDENCE, "type", "what Ahmad saw", None, "must be one of "),
    ("/v1/evidence", EVIDENCE, "source_url", "nonsense", None, "must be an http(s) address"),
]  # fmt: skip


@pytest.mark.parametrize(("path", "body", "name", "value", "shown", "right"), MEMBERS)
def test_the_refusal_of_a_member_repeats_it_and_says_what_is_right(
    stage: Stage, path: str, body: dict[str, Any], name: str, value: Any, shown: Any, right: str
) -> None:
    answer = stage.send("POST", path, {**body, name: value})
    assert answer.status_code in (409, 422), answer.get_json()
    fault = next(one for one in answer.get_json()["errors"] if one["pointer"] == f"/{name}")
    assert right in fault["detail"]
    assert fault.get("value") == stage.fill(shown)


def test_what_an_act_refuses_is_repeated_too(stage: Stage) -> None:
    answer = stage.send("POST", "/v1/status-changes", {**CHANGE, "superseded_by": "{recommendation}"})
    [fault] = answer.get_json()["errors"]
    assert (fault["pointer"], fault["value"]) == ("/superseded_by", stage.ids["recommendation"])
    edited = stage.send(
        "PATCH",
        "/v1/organizations/{press}",
        {"slug": "new-name"},
        content_type=MERGE,
        headers={"If-Match": "*"},
    )
    [fault] = edited.get_json()["errors"]
    assert (fault["pointer"], fault["value"]) == ("/slug", "new-name")


def test_an_amount_that_is_a_number_is_told_to_be_a_string(stage: Stage) -> None:
    figure = {"figure": "needed", "amount": 1200, "as_of": "2025-04-01", "source": "A budget."}
    answer = stage.send("POST", "/v1/resources", {**RESOURCE, "figures": [figure]})
    [fault] = answer.get_json()["errors"]
    assert fault == {
        "pointer": "/figures/0/amount",
        "detail": 'must be digits in a string, as "1200000.50"',
        "value": 1200,
    }


def test_a_value_deep_in_the_body_is_repeated(stage: Stage) -> None:
    body = {**RECOMMENDATION, "addressees": [{"organization": "{ministry}", "role": "boss"}]}
    answer = stage.send("POST", "/v1/recommendations", body)
    [fault] = answer.get_json()["errors"]
    assert (fault["pointer"], fault["value"]) == ("/addressees/0/role", "boss")


def test_an_import_repeats_what_its_rows_give(stage: Stage) -> None:
    rows = [
        {"slug": "one", "name": "One", "type": "goverment"},
        {"slug": "two", "name": "Two", "type": "media"},
    ]
    report = stage.send("POST", "/v1/imports", {"kind": "organization", "rows": rows}).get_json()
    assert [one.get("value") for one in report["rows"][0]["errors"]] == ["goverment"]
    refused = stage.send("POST", "/v1/imports", {"kind": "organization", "rows": rows, "dry_run": False})
    [fault] = refused.get_json()["errors"]
    assert (fault["pointer"], fault["value"]) == ("/rows/0/type", "goverment")
    blank = stage.send(
        "POST", "/v1/imports", {"kind": "organization", "rows": [{**rows[0], "type": "media", "name": ""}]}
    )
    [fault] = blank.get_json()["rows"][0]["errors"]
    assert set(fault) == {"pointer", "detail"}


@pytest.mark.parametrize(
    ("sent", "meant"),
    [("adressees", "addressees"), ("issuedOn", "issued_on"), ("Issued-On", "issued_on"), ("Title", "title")],
)
def test_who_misspells_a_member_is_told_which_is_meant(stage: Stage, sent: str, meant: str) -> None:
    answer = stage.send("POST", "/v1/recommendations", {**RECOMMENDATION, sent: "x"})
    faults = {one["pointer"]: one for one in answer.get_json()["errors"]}
    assert faults[f"/{sent}"]["detail"] == f"is not known here; is `{meant}` meant?"
    far = stage.send("POST", "/v1/recommendations", {**RECOMMENDATION, "zzz": "x"})
    assert far.get_json()["errors"] == [{"pointer": "/zzz", "detail": "is not known here; leave it out"}]
    asked = stage.client.get("/v1/public/recommendations?adressee=x").get_json()
    assert asked["errors"] == [{"pointer": "adressee", "detail": "is not known here; is `addressee` meant?"}]


#: For each kind of header a wrong value, and what is said of it.
HEADERS = [
    ("PATCH", "/v1/organizations/{press}", {"If-Match": "7"}, 400, "each in its quotes, not '7'"),
    ("PATCH", "/v1/organizations/{press}", {"If-Match": '"7"'}, 412, "which its GET answers, but '\"7\"'"),
    ("POST", "/v1/organizations", {"Idempotency-Key": "a, b"}, 400, "without a comma, not 'a, b'"),
    ("POST", "/v1/organizations", {"Content-Type": "text/csv"}, 415, "send application/json, not 'text/csv'"),
    ("POST", "/v1/organizations", {"Content-Type": "json"}, 400, "media type such as application/json, not 'json'"),
    ("POST", "/v1/organizations", {"Content-Encoding": "gzip"}, 415, "without the Content-Encoding 'gzip'"),
    ("DELETE", "/v1/organizations/{press}", {}, 405, "'DELETE' is not taken here; send one of GET, HEAD, PATCH"),
    ("GET", "/v1/organizations/{committee}", {}, 404, "that is the id of a committee"),
    ("GET", "/v1/organizations/{evidence}", {}, 404, "that is the id of an item of evidence"),
    ("GET", "/v1/public/vocabularies/none", {}, 404, "there is no 'none' here; there are: organization_type, "),
]  # fmt: skip


@pytest.mark.parametrize(("method", "path", "headers", "status", "said"), HEADERS)
def test_the_refusal_of_a_header_or_an_address_repeats_it_and_says_what_is_right(
    stage: Stage, method: str, path: str, headers: dict[str, str], status: int, said: str
) -> None:
    body = json.dumps(ORGANIZATION).encode() if method in ("POST", "PATCH") else None
    media_type = headers.get("Content-Type", MERGE if method == "PATCH" else "application/json")
    others = {name: value for name, value in headers.items() if name != "Content-Type"}
    answer = stage.send(method, path, body, headers=others, content_type=media_type)
    assert answer.status_code == status
    assert said in answer.get_json()["detail"]


@pytest.mark.parametrize(
    ("body", "said"),
    [
        (b"", "the body is empty; send JSON"),
        ('{"slug": "a"}'.encode("utf-16"), "the body is not UTF-8 (byte 0); it begins as UTF-16 does"),
        ('{"slug": "a"}'.encode("utf-16-le"), "the body holds a NUL character; send UTF-8"),
        ('{"slug": "é"}'.encode("latin-1"), "the body is not UTF-8 (byte 10)"),
        (b"[]", "must be a JSON object"),
    ],
)
def test_the_refusal_of_a_body_says_what_it_is(stage: Stage, body: bytes, said: str) -> None:
    answer = stage.send("POST", "/v1/organizations", body, content_type="application/json")
    assert answer.get_json()["detail"] == said


def test_the_refusal_of_a_long_body_counts(stage: Stage) -> None:
    limit = stage.app.extensions["tracker"].settings.body_limit
    answer = stage.send("POST", "/v1/organizations", b"x" * (limit + 1), content_type="application/json")
    assert answer.status_code == 413
    assert answer.get_json()["detail"] == f"at most {limit} bytes are read, not {limit + 1}"


def test_the_refusal_of_a_form_names_the_media_type(stage: Stage) -> None:
    answer = stage.send("POST", "/v1/submissions", b"{}", by="watcher", content_type="application/json")
    assert answer.get_json()["detail"] == "send multipart/form-data, not 'application/json'"


def point(shape: Schema, sent: Any, pointer: str) -> Any:
    return add_sent_value(FieldError(pointer, "is wrong"), shape, sent).value


@pytest.mark.parametrize(
    ("shape", "sent", "pointer"),
    [
        (PasswordIn(), {"password": "hunter2-hunter2"}, "/password"),
        (PasswordIn(), {"current": "hunter2-hunter2"}, "/current"),
        (PhoneIn(), {"secret": "ABCDEFGHABCDEFGH"}, "/secret"),
        (PhoneIn(), {"code": "123456"}, "/code"),
        (TicketQuery(), {"ticket": "eyJ0aGlz"}, "ticket"),
        (WebhookIn(), {"url": "https://hooks.example/secret"}, "/url"),
        (SubmissionIn(), {"source_url": "https://host.example/witness"}, "/source_url"),
        (
            ProcessIn(),
            {"evidence_policy": {"implementation.done": "words"}},
            "/evidence_policy/implementation.done",
        ),
        (SubmissionIn(), {"sealed": {"creator": "A witness"}}, "/sealed/creator"),
        (SubmissionIn(), {"sealed": {"willing_to_testify": "Ahmad"}}, "/sealed/willing_to_testify"),
        (SubmissionIn(), {"sealed": "A witness"}, "/sealed"),
        (SubmissionIn(), {"title": "What a witness saw"}, "/title"),
        (SubmissionIn(), {"type": "what a witness saw"}, "/type"),
        (EvidencePatch(), {"type": "what a witness saw"}, "/type"),
        (OrganizationIn(), {"passwort": "hunter2"}, "/passwort"),
        (OrganizationIn(), {"type": "trk_0123"}, "/type"),
        (OrganizationIn(), {"name": "x"}, ""),
        (OrganizationIn(), ["authority"], "/type"),
        (RecommendationIn(), {"addressees": [{"role": "boss"}]}, "/addressees/1/role"),
        (RecommendationIn(), {"addressees": [{"role": "boss"}]}, "/addressees/first/role"),
        (RecommendationIn(), {"addressees": [{"role": "boss"}]}, "/title/0/role"),
    ],
)
def test_no_secret_no_free_text_and_nothing_sealed_is_repeated(
    shape: Schema, sent: Any, pointer: str
) -> None:
    assert point(shape, sent, pointer) is None


def test_a_number_in_a_policy_is_repeated() -> None:
    pointer = "/evidence_policy/implementation.implemented/items"
    assert (
        point(ProcessIn(), {"evidence_policy": {"implementation.implemented": {"items": 200}}}, pointer)
        == 200
    )


def test_a_code_of_an_item_is_repeated() -> None:
    assert point(SubmissionIn(), {"type": "vidoe"}, "/type") == "vidoe"
    assert point(EvidencePatch(), {"type": "vidoe"}, "/type") == "vidoe"


#: Parts of names of members that hold a secret.
SECRET = (
    "password",
    "current",
    "secret",
    "token",
    "ticket",
    "proof",
    "answer",
    "recovery",
    "receipt",
    "phrase",
)


def list_members(
    shape: Schema, path: str = "", above: Repeats | None = None
) -> Iterator[tuple[str, Repeats, Any]]:
    repeats = find_repeats(shape)
    for name, field in shape.fields.items():
        inner = field.inner if isinstance(field, fields.List) else field
        yield f"{path}{name}", repeats, inner
        if isinstance(inner, fields.Nested):
            yield from list_members(inner.schema, f"{path}{name}.")


def test_no_member_that_holds_a_secret_is_repeated() -> None:
    shapes = {one for end in ENDPOINTS for one in (end.body, end.form, end.query) if one is not None}
    shapes |= {one for kind in SHAPES.values() for one in (kind.given, kind.edited)}
    repeated = {
        path
        for shape in shapes
        for path, repeats, field in list_members(shape())
        if repeats is not Repeats.NOTHING and repeats_value(field)
    }
    assert {"implementation", "type"} <= repeated
    assert {one for one in repeated if any(word in one for word in SECRET)} == set()
    assert {one for one in repeated if one.startswith("sealed")} == set()
