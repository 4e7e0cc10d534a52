"""Of what is public one person may revise what a process lets them, of a list that leaves out all that matters."""

from __future__ import annotations

from itertools import combinations

import pytest

from tracker.domain.errors import InvalidInput
from tracker.domain.revisions import BY_ONE, check_policy, takes_one_person
from tracker.schemas.kinds import SHAPES
from tracker.schemas.revisions import GROUNDS

MEMBERS = [
    (kind, member)
    for kind, shapes in SHAPES.items()
    for member in shapes.edited._declared_fields
    if member not in GROUNDS
]
#: What a thing says, whom it concerns, when, how many, and what its statuses depend on.
NEVER = {
    *(
        "text",
        "title",
        "name",
        "summary",
        "description",
        "type",
        "reference",
        "members",
        "mandates",
        "addressees",
    ),
    *(
        "figures",
        "evidence_policy",
        "revisions",
        "calendar",
        "stale_after_days",
        "issuer",
        "issuers",
        "committee",
    ),
    *("source_url", "archived_url", "publisher", "due_on", "rule", "set_on", "issued_on", "published_on"),
}


@pytest.mark.parametrize(("kind", "member"), MEMBERS)
def test_a_policy_names_members_of_the_list_and_lets_one_person_revise_these(kind: str, member: str) -> None:
    policy = {kind: [member]}
    if member in BY_ONE.get(kind, ()):
        check_policy(policy)
        assert takes_one_person(policy, kind, [member])
    else:
        with pytest.raises(InvalidInput) as caught:
            check_policy(policy)
        assert caught.value.fields[0].pointer in (f"/revisions/{kind}", f"/revisions/{kind}/0")
        assert not takes_one_person(policy, kind, [member])
    assert not takes_one_person({}, kind, [member])


def test_the_list_names_members_that_an_edit_has_and_none_that_says_what_was_asked() -> None:
    for kind, members in BY_ONE.items():
        edited = SHAPES[kind].edited._declared_fields
        assert members <= edited.keys()
        assert {edited[name].attribute for name in members} == {None}
        assert not members & NEVER
    assert "translations" not in BY_ONE["recommendation"]


@pytest.mark.parametrize("kind", BY_ONE)
def test_an_edit_of_one_member_that_takes_two_people_takes_two(kind: str) -> None:
    for let, other in combinations(sorted(BY_ONE[kind]), 2):
        assert takes_one_person({kind: [let, other]}, kind, [let, other])
        assert not takes_one_person({kind: [let]}, kind, [let, other])


def test_a_kind_that_is_in_no_process_is_refused() -> None:
    with pytest.raises(InvalidInput, match="must be one of process, committee"):
        check_policy({"organization": ["website"]})
