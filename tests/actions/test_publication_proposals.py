"""A publication is proposed by one person and approved by another who did not record it: all that it names, or none."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import select

from tests.public.assertions import public, refused
from tests.revising import revise_record
from tests.world import World
from tracker.actions import proposals, publication, recommendations, revisions
from tracker.domain import errors
from tracker.domain.publication import PublicationRefused
from tracker.store.audit import AuditEntry
from tracker.store.proposals import Proposal
from tracker.store.subjects import Subject

HOUR = timedelta(hours=1)


def state(world: World, thing: str) -> str:
    return world.session.get_one(Subject, thing, populate_existing=True).publication


def listed(world: World, thing: str, *, with_named: bool = True) -> list[str]:
    with world.act(world.editor) as act:
        return [row.id for row in publication.list_drafts(act, [thing], with_named=with_named)]


def propose(world: World, *things: str, with_named: bool = False) -> Proposal:
    with world.act(world.editor) as act:
        return publication.propose_publication(act, things, with_named=with_named)


def say(world: World, thing: str, note: str) -> None:
    row = world.session.get_one(Subject, thing)
    with world.act(world.editor) as act:
        revise_record(act, thing, "recommendation", {"note": note}, row.version)


@pytest.fixture
def tree(world: World) -> tuple[str, str, str]:
    """A part of a recommendation, the whole, and the organization that issued the whole: all of them drafts."""
    issuer = world.organization("bar", "other", publish=False)
    whole = world.recommendation("C1", publish=False, issuer_id=issuer)
    return world.recommendation("C1a", publish=False, parent_id=whole), whole, issuer


def test_a_draft_is_published_with_all_that_it_names(world: World, tree: tuple[str, str, str]) -> None:
    part, whole, issuer = tree
    with refused(world, errors.NotPublished) as caught:
        propose(world, part)
    assert caught.value.missing == (whole,)
    before = public(world.session)
    assert listed(world, part) == [issuer, whole, part]
    waits = propose(world, part, whole, with_named=True)
    assert waits.payload["acts"] == [issuer, whole, part]
    assert set(waits.versions) == set(tree)
    assert public(world.session) == before
    world.decide(part, kind="publication")
    assert state(world, part) == state(world, whole) == "published"


def test_what_is_returned_stays_a_draft_and_is_proposed_again(
    world: World, tree: tuple[str, str, str]
) -> None:
    part, whole, _issuer = tree
    propose(world, part, with_named=True)
    with refused(world, errors.AlreadyDone):
        propose(world, part, with_named=True)
    world.decide(part, "return", kind="publication", note="The text is cut off.")
    assert state(world, part) == state(world, whole) == "draft"
    propose(world, part, with_named=True)


def test_an_edit_of_what_is_named_has_to_be_read_before_it_is_approved(
    world: World, tree: tuple[str, str, str]
) -> None:
    part, whole, _issuer = tree
    propose(world, part, with_named=True)
    say(world, whole, "Mended.")
    with refused(world, errors.StaleProposal, f"/versions/{whole}"):
        world.decide(part, kind="publication")
    world.decide(part, kind="publication", versions={whole: 2})
    assert state(world, part) == "published"


def test_what_was_published_since_with_another_draft_stays_as_it_is(
    world: World, tree: tuple[str, str, str]
) -> None:
    part, whole, issuer = tree
    sister = world.recommendation("C1b", publish=False, parent_id=whole)
    for one in (part, sister):
        propose(world, one, with_named=True)
    world.decide(part, kind="publication")
    with refused(world, errors.StaleProposal):
        world.decide(sister, kind="publication")
    world.decide(sister, kind="publication", versions={whole: 2, issuer: 2})
    assert state(world, sister) == "published"


def test_whoever_recorded_a_draft_does_not_approve_it_though_somebody_else_proposed_it(world: World) -> None:
    with world.act(world.reviewer) as act:
        own = recommendations.record_recommendation(
            act,
            {
                "process_id": world.process,
                "reference": "R1",
                "issuer_id": world.press,
                "issued_on": world.clock().date(),
                "title": "T",
                "text": "X",
                "language": "en",
                "type": "vetting",
            },
        ).id
    propose(world, own)
    with refused(world, errors.SelfApproval):
        world.decide(own, by=world.reviewer, kind="publication")
    world.decide(own, kind="publication")


def test_an_approver_publishes_at_once_what_others_recorded(world: World, tree: tuple[str, str, str]) -> None:
    part, whole, issuer = tree
    with world.act(world.approver) as act:
        made = publication.publish_drafts(act, [part], with_named=True, versions={whole: 1})
    assert state(world, part) == state(world, whole) == "published"
    assert (made.proposed_by, made.decided_by) == (world.editor.id, world.approver.id)
    assert made.versions == {issuer: 1, whole: 1, part: 1}
    trail = world.session.scalars(
        select(AuditEntry).where(AuditEntry.target_id == part).order_by(AuditEntry.id)
    )
    assert [(one.verb, one.person_id) for one in trail] == [
        ("create", world.editor.id),
        ("publication.proposed", world.approver.id),
        ("publication.approved", world.approver.id),
        ("publish", world.approver.id),
    ]


def test_at_once_is_published_what_was_read_and_what_nobody_has_proposed(world: World) -> None:
    draft = world.recommendation("C1", publish=False)
    say(world, draft, "Mended.")
    with refused(world, errors.StaleProposal, f"/versions/{draft}"), world.act(world.approver) as act:
        publication.publish_drafts(act, [draft], versions={draft: 1})
    waits = propose(world, draft)
    with refused(world, errors.AlreadyDone) as caught, world.act(world.approver) as act:
        publication.publish_drafts(act, [draft])
    assert waits.id in caught.value.detail


@pytest.mark.parametrize("kind", ["recommendation", "process", "evidence"])
def test_whoever_edited_a_draft_does_not_publish_it(world: World, kind: str) -> None:
    make = {
        "recommendation": lambda: world.recommendation("C1", publish=False),
        "process": lambda: world.make_process("elsewhere", publish=False),
        "evidence": lambda: world.item(state=None, publish=False),
    }
    draft = make[kind]()
    with world.act(world.reviewer) as act:
        revise_record(act, draft, kind, {"title": "In other words"}, 1)
    with refused(world, errors.SelfApproval), world.act(world.reviewer) as act:
        publication.publish_drafts(act, [draft])
    propose(world, draft)
    with refused(world, errors.SelfApproval):
        world.decide(draft, by=world.reviewer, kind="publication")
    world.decide(draft, kind="publication")


def test_nobody_publishes_what_nobody_approved(world: World) -> None:
    asked = world.recommendation("C1", publish=False)
    waits = propose(world, asked)
    with refused(world, PublicationRefused), world.act(world.approver) as act:
        publication.publish_approved(act, asked, waits)


def test_what_cannot_be_published_is_named_and_takes_the_rest_with_it(world: World) -> None:
    secret = world.item(state=None, publish=False, protection="confidential")
    asked = world.recommendation("C1", publish=False, note=f"See {secret}.")
    with refused(world, errors.NotPublished) as caught:
        listed(world, asked)
    assert caught.value.missing == (secret,)
    assert "confidential" in caught.value.detail


def test_drafts_that_name_each_other_are_refused(world: World) -> None:
    first = world.recommendation("C1", publish=False)
    second = world.recommendation("C2", publish=False, note=f"See {first}.")
    say(world, first, f"See {second}.")
    with refused(world, errors.NotPublished) as caught:
        listed(world, first)
    assert "each other" in caught.value.detail


def test_one_proposal_publishes_so_many_drafts_and_no_more(
    world: World, tree: tuple[str, str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(publication, "MOST_PUBLISHED", 2)
    with refused(world, errors.InvalidInput, "/with_named"):
        listed(world, tree[0])


def test_what_is_withdrawn_takes_what_was_proposed_of_it_along(world: World) -> None:
    draft, known = world.recommendation("C1", publish=False), world.recommendation("C2")
    waits = [propose(world, draft)]
    with world.act(world.editor) as act:
        edit = {"title": "Another", "reason": "Misspelt."}
        version = world.session.get_one(Subject, known).version
        waits += [revisions.edit_thing(act, known, "recommendation", edit, version)]
    for one in (draft, known):
        world.withdraw(one)
    assert [one.decision for one in waits] == ["retracted", "retracted"]
    with refused(world, errors.AlreadyDecided), world.act(world.approver) as act:
        proposals.decide_proposal(act, waits[0].id, "approve")


def test_what_is_approved_after_its_hour_is_public_at_once(world: World) -> None:
    asked = world.recommendation("C1", publish=False)
    with world.act(world.editor) as act:
        publication.propose_publication(act, [asked], not_before=world.clock() + HOUR)
    world.clock.move(hours=2)  # type: ignore[attr-defined]  # the clock of a test
    world.decide(asked, kind="publication")
    assert state(world, asked) == "published"


@pytest.mark.parametrize("ahead", [None, HOUR])
def test_what_waits_for_its_release_names_nothing_that_was_withdrawn_meanwhile(
    world: World, ahead: timedelta | None
) -> None:
    paper = world.organization("paper", "media")
    item = world.item(state=None, publish=False, publisher_id=paper, acquired_from="own_staff")
    with world.act(world.editor) as act:
        publication.propose_publication(act, [item], not_before=ahead and world.clock() + ahead)
    world.withdraw(paper)
    with refused(world, errors.NotPublished):
        world.decide(item, kind="publication")
    assert state(world, item) == "draft"


def test_only_its_author_takes_a_proposal_back(world: World) -> None:
    waits = propose(world, world.recommendation("C1", publish=False))
    colleague = world.person("colleague", "editor")
    with refused(world, errors.NotPermitted) as caught, world.act(colleague) as act:
        proposals.decide_proposal(act, waits.id, "retract")
    assert str(caught.value) == "only its author retracts this proposal; return it instead"
    with world.act(world.editor) as act:
        assert proposals.decide_proposal(act, waits.id, "retract").decision == "retracted"
