"""What a state demands, what may be cited for it, and that nobody judges what they submitted themselves (rule 1)."""

from __future__ import annotations

from datetime import date

import pytest

from tests.public.assertions import refused
from tests.public.test_projection import then
from tests.revising import revise_record
from tests.world import World
from tracker.actions import evidence, statuses
from tracker.actions.operations import rebuild
from tracker.domain import errors
from tracker.store.committees import Committee


@pytest.fixture
def asked(world: World) -> str:
    return world.recommendation("C1")


# ---------------------------------------------------------------- demands


def test_progress_without_evidence_is_refused_and_told_what_is_missing(world: World, asked: str) -> None:
    with refused(world, errors.DemandsNotMet) as caught:
        world.propose(asked, "implementation", "implemented")
    assert any(
        "verified supporting evidence items" in one and "2 needed, 0 given" in one
        for one in caught.value.missing
    )


def test_absence_needs_a_reason_only(world: World, asked: str) -> None:
    for place, absent in enumerate(("no_evidence", "not_started", "stalled")):
        world.answer(asked, "implementation", absent, effective_on=date(2025, 6, 1 + place))


def test_two_items_of_one_organization_are_not_two_organizations(world: World, asked: str) -> None:
    one, two = world.item(), world.item(title="Another")
    with refused(world, errors.DemandsNotMet) as caught:
        world.propose(asked, "implementation", "implemented", cites=(one, two))
    assert caught.value.missing == (
        "independent organizations behind them, not from an addressee: 2 needed, 1 given",
    )
    other = world.item(publisher_id=world.daily)
    assert world.answer(asked, "implementation", "implemented", cites=(one, other)).number


def test_the_word_of_the_addressee_or_of_what_belongs_to_it_does_not_count(world: World, asked: str) -> None:
    own = [world.item(publisher_id=who) for who in (world.government, world.ministry)]
    with refused(world, errors.DemandsNotMet):
        world.propose(asked, "implementation", "partly_implemented", cites=tuple(own))
    independent = world.item()
    assert world.answer(asked, "implementation", "partly_implemented", cites=(*own, independent)).number


def test_the_issuer_closes_by_its_own_word_and_nobody_else_in_its_name(world: World, asked: str) -> None:
    other, own = world.item(), world.item(publisher_id=world.watchdog, state=None)
    with refused(world, errors.DemandsNotMet) as caught:
        world.propose(asked, "closure", "closed_by_issuer", cites=(other,))
    assert caught.value.missing == ("supporting evidence items, from the issuer: 1 needed, 0 given",)
    assert world.answer(asked, "closure", "closed_by_issuer", cites=(own,)).number


def test_what_a_committee_issued_is_closed_by_the_word_of_who_appointed_it(world: World) -> None:
    appointed = world.make_committee("appointed", appointed_by_id=world.government)
    asked, alone = (
        world.recommendation(reference, issuer_id=None, committee_id=committee)
        for reference, committee in (("C2", appointed), ("C3", world.committee))
    )
    decree, other = world.item(publisher_id=world.government), world.item()
    for subject, item in ((asked, other), (alone, decree)):
        with refused(world, errors.DemandsNotMet):
            world.propose(subject, "closure", "closed_by_issuer", cites=(item,))
    world.answer(asked, "closure", "closed_by_issuer", cites=(decree,))


def test_the_basis_follows_when_it_turns_out_who_issued_or_appointed(world: World) -> None:
    committee = world.make_committee("appointed", appointed_by_id=world.government)
    asked = world.recommendation("C2", issuer_id=None, committee_id=committee)
    world.answer(asked, "closure", "closed_by_issuer", cites=(world.item(publisher_id=world.government),))

    def basis() -> str:
        standing = then(world, "recommendation", asked)["standing"]
        return str(next(one["lead"]["basis"] for one in standing if one["track"] == "closure"))

    assert basis() == "supported"
    version = world.session.get_one(Committee, committee).version
    with world.act(world.editor) as act:
        revise_record(act, committee, "committee", {"appointed_by_id": world.press}, version)
    assert basis() == "weakened"
    with world.act(world.editor) as act:
        revise_record(act, asked, "recommendation", {"committee_id": None, "issuer_id": world.government}, 2)
    assert basis() == "supported"
    with world.act(world.editor) as act:
        assert rebuild.check_public_side(act) == []


def test_what_an_addressee_undid_is_proved_by_its_own_act(world: World, asked: str) -> None:
    decree, other = world.item(publisher_id=world.ministry), world.item()
    with refused(world, errors.DemandsNotMet):
        world.propose(asked, "implementation", "implemented", cites=(decree,))
    with refused(world, errors.DemandsNotMet) as caught:
        world.propose(asked, "implementation", "regressed", cites=(other,))
    assert caught.value.missing[-1].startswith("or, in place of all these, one verified item")
    assert world.answer(asked, "implementation", "regressed", cites=(decree,)).number


def test_a_process_may_say_that_an_addressees_own_act_is_not_enough(world: World) -> None:
    strict = world.make_process("strict", evidence_policy={"implementation.regressed": {"own_act": False}})
    asked = world.recommendation("S1", process_id=strict)
    decree = world.item(publisher_id=world.ministry, process_id=strict)
    with refused(world, errors.DemandsNotMet):
        world.propose(asked, "implementation", "regressed", cites=(decree,))


def test_what_contradicts_or_only_gives_context_does_not_carry(world: World, asked: str) -> None:
    item = world.item()
    for stance in ("contradicts", "context"):
        with refused(world, errors.DemandsNotMet):
            world.propose(
                asked, "implementation", "underway", citations=[{"evidence": item, "stance": stance}]
            )


def test_a_process_may_demand_more(world: World) -> None:
    strict = world.make_process("strict", evidence_policy={"implementation.not_started": {"items": 1}})
    asked = world.recommendation("S1", process_id=strict)
    with refused(world, errors.DemandsNotMet):
        world.propose(asked, "implementation", "not_started")
    assert world.propose(asked, "implementation", "not_started", proposer=world.watcher)  # it binds the lead


def test_the_demand_is_checked_again_when_it_is_approved(world: World, asked: str) -> None:
    item = world.item()
    change = world.propose(asked, "implementation", "partly_implemented", cites=(item,))
    world.verify(item, "refuted", effective_on=date(2025, 6, 2))
    with refused(world, errors.DemandsNotMet), world.act(world.approver) as act:
        statuses.approve_status_change(act, change.id)


def test_evidence_taken_back_before_approval_does_not_count(world: World, asked: str) -> None:
    item = world.item()
    change = world.propose(asked, "implementation", "underway", cites=(item,))
    world.withdraw(item)
    with refused(world, errors.DemandsNotMet), world.act(world.approver) as act:
        statuses.approve_status_change(act, change.id)


def test_confirming_needs_no_new_evidence_where_the_old_still_stands(world: World, asked: str) -> None:
    item = world.item()
    world.answer(asked, "implementation", "underway", cites=(item,))
    assert world.answer(
        asked, "implementation", "underway", confirms=True, effective_on=date(2026, 1, 1)
    ).number


# ---------------------------------------------------------------- citations


def test_what_cannot_be_cited_is_refused_where_it_stands(world: World, asked: str) -> None:
    item = world.item()
    gone = world.item(title="Gone")
    world.withdraw(gone)
    other = world.make_process("other")
    foreign = world.item(process_id=other, state=None)
    for cited, kind, place in (
        ((gone,), errors.InvalidInput, 0),
        ((item, item), errors.InvalidInput, 1),
        ((foreign,), errors.WrongProcess, 0),
        (("evd_" + "0" * 26,), errors.InvalidInput, 0),
        ((asked,), errors.WrongKind, 0),
    ):
        with refused(world, kind, f"/citations/{place}/evidence"):
            world.propose(asked, "implementation", "not_started", cites=cited)


def test_evidence_does_not_vouch_for_itself(world: World) -> None:
    item = world.item()
    with refused(world, errors.InvalidInput, "/citations/0/evidence"):
        world.propose(item, "verification", "corroborated", cites=(item,), proposer=world.reviewer)


def test_only_another_organization_corroborates(world: World) -> None:
    item, same = world.item(), world.item(title="The same newspaper again")
    part = world.organization("press-radio", "media", part_of_id=world.press)
    for cited in (same, world.item(publisher_id=part)):
        with refused(world, errors.DemandsNotMet) as refusal:
            world.propose(item, "verification", "corroborated", cites=(cited,), proposer=world.reviewer)
        [missing] = refusal.value.missing
        assert "from elsewhere than the item itself" in missing
    other = world.item(publisher_id=world.daily)
    assert world.verify(item, "corroborated", cites=(other,)).to_state == "corroborated"


# ---------------------------------------------------------------- one's own evidence


def test_whoever_submitted_an_item_neither_reviews_it_nor_approves_its_review(world: World) -> None:
    with world.act(world.reviewer) as act:
        own = evidence.submit_evidence(
            act,
            {
                "process_id": world.process,
                "title": "Mine",
                "type": "media_report",
                "acquired_from": "public_source",
            },
        ).id
    with refused(world, errors.OwnEvidence):
        world.propose(own, "verification", "verified", proposer=world.reviewer)
    change = world.propose(own, "verification", "verified", proposer=world.editor)
    with refused(world, errors.OwnEvidence), world.act(world.reviewer) as act:
        statuses.approve_status_change(act, change.id)
    with world.act(world.approver) as act:
        assert statuses.approve_status_change(act, change.id).number


def test_whoever_submitted_an_item_does_not_analyse_it(world: World) -> None:
    item = world.item(state=None)
    version = 2  # made, then published
    with refused(world, errors.OwnEvidence), world.act(world.editor) as act:
        revise_record(act, item, "evidence", {"source_analysis": "passed"}, version)
    with world.act(world.reviewer) as act:
        assert revise_record(act, item, "evidence", {"source_analysis": "passed"}, version).version == 3
