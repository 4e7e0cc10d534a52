"""Draft, published, withdrawn: only what is published is public, and what is withdrawn leaves a tombstone (rule 10)."""

from __future__ import annotations

import json
from typing import Any

import pytest
from sqlalchemy import func, select

from tests.public.assertions import agrees, public, refused
from tests.revising import revise_record
from tests.world import World
from tracker.actions import evidence, publication
from tracker.actions.support import lookup
from tracker.domain import errors
from tracker.domain.errors import NotFound, Refusal
from tracker.domain.publication import PublicationRefused
from tracker.public import queries
from tracker.public.tables import document, event, head
from tracker.store.subjects import Subject


def kinds(world: World, thing: str) -> list[str]:
    query = select(event.c.kind).where(event.c.subject_id == thing).order_by(event.c.seq)
    return list(world.session.scalars(query))


def read(world: World, kind: str, thing: str) -> dict[str, Any]:
    said: dict[str, Any] = json.loads(
        queries.find_document(world.session.connection(), kind, thing, world.clock()).body
    )
    return said


def revise(world: World, thing: str, kind: str, **changes: Any) -> Any:
    with world.act(world.editor) as act:
        row = lookup.get_unfiltered(world.session, thing)
        return revise_record(act, thing, kind, changes, row.version)


def test_a_draft_is_in_no_public_table(world: World) -> None:
    before = public(world.session)
    world.recommendation("C1", publish=False)
    assert public(world.session) == before


def test_publishing_says_it_once_and_with_what_was_decided_before(world: World) -> None:
    asked = world.recommendation("C1", publish=False)
    item = world.item()
    world.answer(asked, "implementation", "underway", cites=(item,))
    world.publish(asked)
    assert kinds(world, asked) == ["subject.published", "status.changed"]
    assert read(world, "recommendation", asked)["history"][0]["citations"][0]["evidence"]["id"] == item
    with refused(world, errors.AlreadyDone):
        world.publish(asked)
    assert agrees(world)


def test_only_who_may_publish_does(world: World) -> None:
    asked = world.recommendation("C1", publish=False)
    for by in (world.approver, world.watcher):
        with refused(world, errors.NotPermitted):
            world.publish(asked, by=by)
    for by in (world.editor, world.watcher):
        with refused(world, errors.NotPermitted), world.act(by) as act:
            publication.withdraw_thing(act, asked, "no")


def test_what_does_not_exist_is_not_published(world: World) -> None:
    for thing in ("com_" + "0" * 26, "per_" + "0" * 26, "nonsense"):
        with refused(world, errors.NotFound):
            world.publish(thing)


def test_what_names_something_that_is_not_public_waits_for_it(world: World) -> None:
    hidden = world.organization("hidden", "authority", publish=False)
    draft = world.make_process("draft", publish=False, lead_id=hidden)
    with refused(world, errors.NotPublished) as caught:
        world.publish(draft)
    assert caught.value.missing == (hidden,)
    body = world.make_committee("body", publish=False, process_id=draft, appointed_by_id=hidden)
    with refused(world, errors.NotPublished) as caught:
        world.publish(body)
    assert set(caught.value.missing) == {draft, hidden}


def test_what_was_said_by_somebody_who_is_not_public_waits_for_them(world: World) -> None:
    hidden = world.organization("hidden", "watchdog", publish=False)
    asked = world.recommendation("C1", publish=False)
    world.answer(asked, "implementation", "not_started", assessor=hidden)
    with refused(world, errors.NotPublished) as caught:
        world.publish(asked)
    assert caught.value.missing == (hidden,)


def test_evidence_is_published_by_somebody_else_than_who_submitted_it(world: World) -> None:
    both = world.person("both", "editor", "approver")
    item = world.item(state=None, publish=False)
    world.session.get_one(Subject, item)
    with world.act(both) as act:
        own = evidence.submit_evidence(
            act,
            {
                "process_id": world.process,
                "title": "Mine",
                "type": "media_report",
                "acquired_from": "public_source",
                "protection": "public",
            },
        ).id
    with pytest.raises(errors.SelfApproval):
        world.publish(own, let_by=both)
    world.decide(own, kind="publication")
    world.publish(item)


@pytest.mark.parametrize(
    ("level", "why"),
    [("confidential", PublicationRefused), ("partner", PublicationRefused), ("sealed", NotFound)],
)
def test_what_is_protected_is_never_published(world: World, level: str, why: type[Refusal]) -> None:
    item = world.item(state=None, publish=False, protection=level)
    with refused(world, why):
        world.publish(item)


def test_evidence_is_confidential_unless_somebody_says_otherwise(world: World) -> None:
    with world.act(world.watcher) as act:
        item = evidence.submit_evidence(
            act,
            {
                "process_id": world.process,
                "title": "T",
                "type": "media_report",
                "acquired_from": "own_staff",
            },
        )
    assert (item.protection, item.watchdog_id) == ("confidential", world.watchdog)


def test_what_is_withdrawn_leaves_a_tombstone_with_the_reason(world: World) -> None:
    asked = world.recommendation("C1")
    world.withdraw(asked, "It was recorded twice.")
    with pytest.raises(errors.Withdrawn, match="It was recorded twice"):
        read(world, "recommendation", asked)
    row = world.session.execute(select(document).where(document.c.id == asked)).one()
    assert (row.withdrawn, row.title, row.brief, row.history) == ("It was recorded twice.", "", b"", b"")
    with refused(world, errors.AlreadyDone):
        world.withdraw(asked)
    with refused(world, PublicationRefused):
        world.publish(asked)
    assert agrees(world)


def test_a_draft_that_is_withdrawn_just_ends(world: World) -> None:
    before = public(world.session)
    asked = world.recommendation("C1", publish=False)
    world.withdraw(asked)
    assert public(world.session) == before
    with refused(world, PublicationRefused):
        world.publish(asked)


def test_a_withdrawn_organization_keeps_its_name_where_others_name_it(world: World) -> None:
    asked = world.recommendation("C1", addressees=[{"organization_id": world.ministry}])
    world.withdraw(world.ministry)
    named = read(world, "recommendation", asked)["addressees"][0]["organization"]
    assert named == {"id": world.ministry, "name": "Ministry", "slug": None}
    with pytest.raises(errors.Withdrawn):
        read(world, "organization", world.ministry)
    assert agrees(world)


def test_the_name_of_anything_else_that_is_withdrawn_stands_nowhere_any_more(world: World) -> None:
    whole = world.recommendation("C1")
    part = world.recommendation("C1.1", parent_id=whole)
    world.withdraw(whole)
    assert read(world, "recommendation", part)["parent"] == {"id": whole, "name": None, "slug": None}
    assert agrees(world)


def test_a_process_takes_what_is_in_it_along(world: World) -> None:
    asked, due, item = world.recommendation("C1"), world.deadline(), world.item()
    world.answer(asked, "implementation", "underway", cites=(item,))
    draft = world.recommendation("C2", publish=False)
    elsewhere = world.make_committee("elsewhere", process_id=world.make_process("other"))
    world.withdraw(world.process, "For the safety of witnesses.")
    for kind, thing in (
        ("recommendation", asked),
        ("deadline", due),
        ("evidence", item),
        ("committee", world.committee),
    ):
        with pytest.raises(errors.Withdrawn, match=r"^Its process was withdrawn\.$"):
            read(world, kind, thing)
    with pytest.raises(errors.Withdrawn, match="For the safety of witnesses"):
        read(world, "process", world.process)
    assert read(world, "committee", elsewhere)
    with refused(world, errors.NotPublished):
        world.publish(draft)
    for make in (world.recommendation, world.make_committee):
        with refused(world, errors.InvalidInput, "/process"):
            make("late")
    assert agrees(world)


def test_an_edit_is_an_event_only_where_it_changes_what_is_public(world: World) -> None:
    seen = world.session.scalar(select(func.max(event.c.seq)))
    revise(world, world.press, "organization", contact="somebody@example.test")
    revise(world, world.press, "organization", name="Press")
    assert world.session.scalar(select(func.max(event.c.seq))) == seen
    revise(world, world.press, "organization", website="https://press.example")
    assert kinds(world, world.press) == ["subject.published", "subject.revised"]


def test_an_edit_of_a_draft_is_nobodys_business(world: World) -> None:
    asked = world.recommendation("C1", publish=False)
    before = public(world.session)
    revise(world, asked, "recommendation", title="Another title")
    assert public(world.session) == before


def test_an_edit_may_not_name_what_is_not_public(world: World) -> None:
    hidden = world.organization("hidden", "authority", publish=False)
    with refused(world, errors.NotPublished):
        revise(world, world.press, "organization", part_of_id=hidden)


def test_a_new_name_stands_wherever_the_old_one_stood_in_every_process(world: World) -> None:
    asked = world.recommendation("C1")
    world.answer(asked, "implementation", "not_started", assessor=world.watchdog)
    other = world.make_process("other")
    elsewhere = world.recommendation("E1", process_id=other)
    heads = dict(world.session.execute(select(head.c.slug, head.c.seq)).all())
    revise(world, world.watchdog, "organization", name="Watchers")
    for thing in (asked, elsewhere):
        assert read(world, "recommendation", thing)["issuer"]["name"] == "Watchers"
    after = dict(world.session.execute(select(head.c.slug, head.c.seq)).all())
    assert all(after[slug] > heads[slug] for slug in ("coast", "other"))  # so their feeds have a new tag
    assert agrees(world)


def test_a_new_name_of_the_lead_stands_even_where_the_lead_has_said_nothing(world: World) -> None:
    revise(world, world.lead, "organization", name="The Desk")
    standing = read(world, "committee", world.committee)["standing"]
    assert {one["lead"]["assessor"]["name"] for one in standing} == {"The Desk"}
    assert agrees(world)


def test_a_new_title_of_a_process_stands_in_everything_that_is_in_it(world: World) -> None:
    revise(world, world.process, "process", title="The coast")
    assert read(world, "committee", world.committee)["process"]["name"] == "The coast"
    assert agrees(world)


def test_a_new_calendar_moves_the_day_on_which_documents_turn(world: World) -> None:
    due = world.deadline()
    query = select(document.c.good_until).where(document.c.id == due)
    assert str(world.session.scalar(query)).endswith("T21:00:00.000000Z")
    revise(world, world.process, "process", calendar={"time_zone": "UTC", "weekend": [], "holidays": []})
    assert str(world.session.scalar(query)).endswith("T00:00:00.000000Z")
    assert agrees(world)


def test_a_part_that_is_added_to_what_is_public_is_public_once_it_is_approved(world: World) -> None:
    world.add(world.committee, "members", name="A judge")
    assert read(world, "committee", world.committee)["members"][0]["name"] == "A judge"
    assert kinds(world, world.committee)[-1] == "subject.revised"


@pytest.mark.parametrize(
    "said",
    [
        "Redacted: witness_safety",
        "Redacted: witness_safety ",
        " redacted : Witness_Safety",
        "REDACTED",
        "\uff32\uff45\uff44\uff41\uff43\uff54\uff45\uff44: minor",  # in wide letters
        "R\u00e9dacted: minor",
        "R\u200bedacted: minor",  # with a sign that nobody sees
        "R\u0435d\u0430\u0441ted: minor",  # with letters of another script
        "*Redacted: minor*",
    ],
)
def test_a_farewell_does_not_read_as_a_redaction(world: World, said: str) -> None:
    item = world.item(state=None)
    with refused(world, errors.InvalidInput, "/reason"):
        world.withdraw(item, said)
    draft = world.item(state=None, publish=False)
    with refused(world, errors.InvalidInput, "/reason"), world.act(world.editor) as act:
        evidence.retract_evidence(act, draft, said)


def test_a_farewell_may_speak_of_a_redaction(world: World) -> None:
    world.withdraw(world.item(state=None), "The copy was redacted badly; a better one follows.")
