"""The database holds the rules by itself, one by one: past our own code nothing wrong gets in.

Somebody with a database shell, or a bug above, cannot record an answer that one person gave alone, a link from one
process into another, an id of the wrong kind, or a mistake that is mended twice.
"""

from __future__ import annotations

import re
from datetime import date
from typing import Any

import pytest
from sqlalchemy import CheckConstraint, text

from tests.store.conftest import Raw
from tracker.domain.ids import PREFIXES
from tracker.domain.tracks import SUBJECTS
from tracker.store import models


def fresh(kind: str) -> str:
    return f"{PREFIXES[kind]}_{'z' * 26}"


def moved(raw: Raw, **more: Any) -> dict[str, Any]:
    """A second answer after the approved one: proposed by the editor, approved by the approver."""
    first = raw.row("status_change", track="implementation")
    return {
        **first,
        "id": fresh("change"),
        "from_state": "underway",
        "to_state": "stalled",
        "number": first["number"] + 100,
        **more,
    }


def undecided(raw: Raw, **more: Any) -> dict[str, Any]:
    nobody = {"decision": "proposed", "decided_by": None, "decided_at": None, "number": None}
    return moved(raw, **{**nobody, **more})


def test_what_is_right_the_database_takes(raw: Raw):
    first = raw.row("status_change", track="implementation")
    again = {"from_state": "underway", "to_state": "underway"}
    mended = {"act": "correction", "corrects_id": first["id"], "from_state": "not_assessed"}
    own = {"decision": "retracted", "decided_by": first["proposed_by"], "number": None}

    assert raw.insert("status_change", moved(raw)) == ""
    assert raw.insert("status_change", undecided(raw)) == ""
    assert raw.insert("status_change", moved(raw, act="confirmation", **again)) == ""
    assert raw.insert("status_change", moved(raw, act="reply", replies_to_id=first["id"], **again)) == ""
    assert raw.insert("status_change", moved(raw, **mended)) == ""
    assert raw.insert("status_change", moved(raw, **own)) == ""
    assert raw.insert("status_change", moved(raw, decision="returned", number=None)) == ""
    assert raw.insert("status_change", moved(raw, not_before=first["effective_on"])) == ""


#: No row of the state table is named: a foreign key, which SQLite does not call by its name.
TRANSITION = "transition"
CHANGES: dict[str, tuple[dict[str, Any], str]] = {
    "approved by whoever proposed it": ({"decided_by": "=proposed_by"}, "two_people"),
    "returned by whoever proposed it": (
        {"decision": "returned", "number": None, "decided_by": "=proposed_by"},
        "two_people",
    ),
    "retracted by somebody else": ({"decision": "retracted", "number": None}, "two_people"),
    "approved without its place": ({"number": None}, "numbered"),
    "returned with a place": ({"decision": "returned"}, "numbered"),
    "approved by nobody": ({"decided_by": None}, "decided"),
    "approved at no time": ({"decided_at": None}, "decided"),
    "proposed and decided": ({"decision": "proposed", "number": None}, "decided"),
    "a correction of nothing": ({"act": "correction"}, "corrects"),
    "a move that corrects": ({"corrects_id": "=id"}, "corrects"),
    "a reply to nothing": ({"act": "reply", "from_state": "stalled"}, "replies"),
    "a move that replies": ({"replies_to_id": "=id"}, "replies"),
    "a reply that moves": ({"act": "reply", "replies_to_id": "=id"}, TRANSITION),
    "an interval upside down": ({"not_before": date(2030, 1, 1)}, "not_before_order"),
    "no reason": ({"reason": ""}, "reason"),
    "a move to the same state": ({"to_state": "underway"}, TRANSITION),
    "back to not assessed": ({"to_state": "not_assessed"}, TRANSITION),
    "a state of another track": ({"to_state": "met"}, TRANSITION),
    "a track of another subject": (
        {"track": "outcome", "from_state": "pending", "to_state": "met"},
        TRANSITION,
    ),
    "an id of another kind": ({"id": fresh("deadline")}, "id_kind"),
}


def test_a_status_change_that_breaks_a_rule_is_refused_by_that_rule(raw: Raw):
    for what, (wrong, rule) in CHANGES.items():
        row = moved(raw)
        said = raw.insert(
            "status_change", {**row, **{key: _same(row, value) for key, value in wrong.items()}}
        )
        assert dangling(said) if rule == TRANSITION else f"ck_status_change_{rule}" in said, (what, said)


def _same(row: dict[str, Any], value: Any) -> Any:
    return row[value[1:]] if isinstance(value, str) and value.startswith("=") else value


def test_a_place_in_the_record_is_taken_once_and_a_mistake_is_mended_once(raw: Raw):
    first = raw.row("status_change", track="implementation")
    mended = {"act": "correction", "corrects_id": first["id"], "from_state": "not_assessed"}

    assert unique(raw.insert("status_change", moved(raw, number=first["number"])), "status_change", "number")
    raw.connection.execute(raw.table("status_change").insert().values(**moved(raw, **mended)))
    twice = moved(raw, **mended, id=f"chg_{'y' * 26}", number=9999)
    assert unique(raw.insert("status_change", twice), "status_change", "corrects_id")
    proposed_only = {**twice, "decision": "proposed", "decided_by": None, "decided_at": None, "number": None}
    assert raw.insert("status_change", proposed_only) == ""  # two may propose; one is approved


def unique(said: str, of: str, what: str) -> bool:
    return f"uq_{of}_{what}" in said or (
        said.startswith("UNIQUE") and f"{of}.{what.split('+', maxsplit=1)[0]}" in said
    )


def dangling(said: str) -> bool:
    return "foreign key" in said.lower()


def test_nothing_links_from_one_process_into_another(raw: Raw):
    here, there = raw.row("process", slug="coast")["id"], raw.row("process", slug="north")["id"]
    elsewhere = raw.row("committee", process_id=there)["id"]
    foreign_item = raw.row("evidence", process_id=there)["id"]
    change = raw.row("status_change", track="implementation")
    citation = {"change_id": change["id"], "evidence_id": foreign_item, "stance": "supports", "locator": None}

    assert dangling(raw.update("deadline", owner_id=elsewhere))
    assert dangling(raw.update("resource", committee_id=elsewhere))
    assert dangling(raw.update("recommendation", committee_id=elsewhere, issuer_id=None))
    assert dangling(raw.update("recommendation", process_id=there))
    assert dangling(raw.insert("citation", {**citation, "process_id": here}))
    assert dangling(raw.insert("citation", {**citation, "process_id": there}))
    assert dangling(raw.insert("status_change", moved(raw, process_id=there)))


def test_no_row_slips_out_of_its_process_by_naming_none(raw: Raw):
    for kind in SUBJECTS:
        said = raw.update(kind, process_id=None)
        assert "NOT NULL" in said or "not-null" in said, kind


def test_a_status_is_about_a_subject_that_is_there_and_is_of_that_kind(raw: Raw):
    committee = raw.row("committee")["id"]

    assert dangling(raw.insert("status_change", moved(raw, subject_id=fresh("recommendation"))))
    assert dangling(raw.insert("status_change", moved(raw, subject_id=committee)))
    assert dangling(raw.insert("status_change", moved(raw, assessor_id=fresh("organization"))))
    assert dangling(raw.insert("status_change", moved(raw, proposed_by=fresh("person"))))


def test_an_id_says_what_kind_of_thing_it_is_and_the_database_holds_it_to_that(raw: Raw):
    for name in ("organization", "process", "person", "key", "mandate", *SUBJECTS):
        row = {**raw.row(name), "id": f"xyz_{'z' * 26}"}
        assert f"ck_{name}_id_kind" in raw.insert(name, row), name
    for kind in SUBJECTS:
        others = (one for one in SUBJECTS if one != kind)
        subject = {**raw.row("subject", kind=kind), "reference": "a-new-one"}
        assert raw.insert("subject", {**subject, "id": fresh(kind)}) == ""
        for other in others:
            assert "ck_subject_id_kind" in raw.insert("subject", {**subject, "id": fresh(other)})


def test_a_link_names_the_right_kind_of_thing(raw: Raw):
    committee, deadline = raw.row("committee")["id"], raw.row("deadline")["id"]
    recommendation = raw.row("recommendation")["id"]
    citation = raw.row("citation")

    assert "ck_deadline_owner_id_kind" in raw.update("deadline", owner_id=deadline)
    assert "ck_deadline_replaces_id_kind" in raw.update("deadline", replaces_id=committee)
    assert "ck_resource_committee_id_kind" in raw.update("resource", committee_id=recommendation)
    means = {"committee_id": None, "recommendation_id": committee}
    assert "ck_resource_recommendation_id_kind" in raw.update("resource", **means)
    issued = {"issuer_id": None, "committee_id": recommendation}
    assert "ck_recommendation_committee_id_kind" in raw.update("recommendation", **issued)
    assert "ck_recommendation_parent_id_kind" in raw.update("recommendation", parent_id=committee)
    assert "ck_citation_evidence_kind" in raw.insert(
        "citation", {**citation, "id": 999, "evidence_id": committee}
    )


def test_nothing_is_its_own_parent_predecessor_or_replacement(raw: Raw):
    for name, link in (
        ("organization", "part_of_id"),
        ("recommendation", "parent_id"),
        ("deadline", "replaces_id"),
    ):
        assert f"ck_{name}_not_itself" in raw.update(name, **{link: raw.table(name).c.id}), (name, link)


def test_a_recommendation_has_one_issuer(raw: Raw):
    assert "ck_recommendation_one_issuer" in raw.update("recommendation", issuer_id=None)
    both = {"committee_id": raw.row("committee", process_id=raw.row("recommendation")["process_id"])["id"]}
    assert "ck_recommendation_one_issuer" in raw.update("recommendation", **both)


def test_ranges_of_days_and_amounts_are_the_right_way_round(raw: Raw):
    late, early = date(2025, 5, 2), date(2025, 5, 1)
    for name, first, last in (
        ("process", "happened_from", "happened_to"),
        ("committee_member", "from_on", "to_on"),
        ("mandate", "in_force_from", "in_force_to"),
        ("evidence", "occurred_from", "occurred_to"),
    ):
        assert f"ck_{name}_{first}_order" in raw.update(name, **{first: late, last: early})
        assert raw.update(name, **{first: early, last: early}) == ""
    assert "ck_deadline_due_after_set" in raw.update("deadline", set_on=late, due_on=early)
    for name in ("amount", "about", "at_least", "at_most"):
        nothing = dict.fromkeys(("amount", "about", "at_least", "at_most"))
        assert f"ck_figure_{name}" in raw.update("figure", **{**nothing, name: -1})
    assert "ck_figure_one_quantity" in raw.update("figure", **{**nothing, "amount": 1, "about": 1})
    assert "ck_figure_one_quantity" in raw.update("figure", **{**nothing, "about": 1, "at_most": 1})
    assert "ck_figure_range" in raw.update("figure", **{**nothing, "at_least": 2, "at_most": 1})
    assert "ck_figure_counts" in raw.update("figure", figure="counted")
    assert "ck_mandate_number" in raw.update("mandate", number=0)
    assert "ck_process_stale_after_days" in raw.update("process", stale_after_days=0)
    assert "ck_process_stale_after_days" in raw.update("process", stale_after_days=3651)


@pytest.mark.parametrize("name", ["process", "organization", "subject"])
def test_what_is_published_or_withdrawn_says_when_and_why(name: str, raw: Raw):
    rule = f"ck_{name}_publication_dated"
    known = raw.row(name, publication="published")["published_at"]

    assert rule in raw.update(name, publication="published", published_at=None)
    assert rule in raw.update(name, publication="withdrawn", withdrawn_because="A mistake.")
    assert rule in raw.update(name, publication="withdrawn", withdrawn_at=known)
    gone = {"publication": "withdrawn", "withdrawn_at": known, "withdrawn_because": "A mistake."}
    assert raw.update(name, **gone) == ""


def test_names_within_their_bounds_are_taken_once(raw: Raw):
    for name, what in (
        ("organization", "slug"),
        ("process", "slug"),
        ("person", "name"),
    ):
        row = raw.row(name)
        assert unique(raw.insert(name, {**row, "id": fresh(name)}), name, what), name
        assert raw.insert(name, {**row, "id": fresh(name), what: "another"}) == ""
    subject = raw.row("subject", reference="C1")
    twin = {**subject, "id": fresh("recommendation")}
    assert unique(raw.insert("subject", twin), "subject", "process_id")
    elsewhere = raw.row("process", slug="north")["id"]
    assert raw.insert("subject", {**twin, "process_id": elsewhere}) == ""
    assert (
        raw.insert("subject", {**twin, "reference": None}) == ""
    )  # without a reference there is nothing to take


def test_an_item_is_cited_once_in_an_answer(raw: Raw):
    citation = {**raw.row("citation"), "id": 999}

    assert unique(raw.insert("citation", citation), "citation", "change_id")
    assert unique(raw.insert("citation", {**citation, "locator": "p. 7"}), "citation", "change_id")


def test_a_key_is_kept_as_a_digest_that_nobody_else_has(raw: Raw):
    assert unique(raw.insert("key", {**raw.row("key"), "id": fresh("key")}), "key", "digest")


CODED = [
    (of.name, found.group(1))
    for of in models.metadata.sorted_tables
    for rule in of.constraints
    if isinstance(rule, CheckConstraint)
    if (found := re.match(r"(\w+) IN \(", str(rule.sqltext)))
]


def test_a_code_that_is_not_in_its_list_is_refused_wherever_codes_are_kept(raw: Raw):
    unlisted = "?"  # short enough for every column: it is the list that refuses it, and not the length
    assert len(CODED) >= 20
    for of, what in CODED:
        if of == "custody_event":  # it takes no update at all
            said = raw.insert(of, {**raw.row(of), "id": 999, what: unlisted})
        else:
            said = raw.update(of, **{what: unlisted})
        assert f"ck_{of}_" in said, (of, what)


def test_what_happened_to_a_file_is_never_changed_and_never_deleted(raw: Raw):
    assert "custody_event only grows" in raw.update("custody_event", outcome="failure")
    for act in ("DELETE FROM custody_event", *(["TRUNCATE custody_event"] * (raw.dialect == "postgresql"))):
        assert "custody_event only grows" in raw.run(text(act))


def test_a_public_copy_is_approved_by_somebody_else_than_who_added_it(raw: Raw):
    now = raw.row("evidence_file")["added_at"]
    by = raw.row("evidence_file")["added_by"]
    copy = {"role": "public_derivative", "approved_at": now}
    assert "ck_evidence_file_approved_by_another" in raw.update("evidence_file", **copy, approved_by=by)
    assert raw.update("evidence_file", **copy, approved_by="per_another") == ""
    original = {**copy, "role": "evidentiary_copy", "approved_by": "per_another"}
    assert "ck_evidence_file_approved_by_another" in raw.update("evidence_file", **original)


def test_every_table_of_the_record_has_a_row_for_these_tests_to_try_it_on(raw: Raw):
    for of in models.metadata.sorted_tables:
        assert raw.row(of.name), of.name
