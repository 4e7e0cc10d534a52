"""What is public is changed by two people, with a reason; a draft is edited freely. The history shows both texts."""

from __future__ import annotations

from typing import Any

import pytest

from tests.api.factories import Stage
from tests.api.test_bad_input import EVIDENCE, PROCESS
from tests.conftest import Clock
from tracker.actions import redaction, revisions
from tracker.actions.operations import rebuild

PATH = "/v1/recommendations/{recommendation}"
TWISTED = {"text": "Do nothing.", "reason": "A typing error."}


def edit(stage: Stage, path: str, body: Any, by: str = "editor") -> Any:
    tag = stage.send("GET", path, by=by).headers["ETag"]
    return stage.send("PATCH", path, body, by=by, headers={"If-Match": tag})


def decide(stage: Stage, answer: Any, by: str = "approver", decision: str = "approve", **more: Any) -> Any:
    body = {"decision": decision, **more}
    return stage.send("POST", f"{answer.headers['Location']}/decision", body, by=by)


def text(stage: Stage) -> str:
    found: str = stage.get("/v1/public/recommendations/{recommendation}", by=None)["text"]
    return found


def problem(answer: Any) -> tuple[int, str, list[str]]:
    faults = [one["pointer"] for one in answer.json.get("errors", ())]
    return answer.status_code, answer.json["type"].rpartition("/")[2], faults


def test_one_person_does_not_rewrite_what_is_public(stage: Stage) -> None:
    before = text(stage)
    assert problem(edit(stage, PATH, {"text": "Do nothing."})) == (422, "invalid-input", ["/reason"])
    asked = edit(stage, PATH, TWISTED)
    assert (asked.status_code, asked.json["kind"], asked.json["reason"]) == (
        202,
        "revision",
        "A typing error.",
    )
    assert asked.json["wanted"] == {
        "changes": {"text": "Do nothing."},
        "additions": {},
        "before": {"text": "Vet the forces."},
        "revision": "correction",
        "since": None,
    }
    assert text(stage) == before
    assert decide(stage, asked, by="reviewer").status_code == 200
    assert text(stage) == "Do nothing."


def test_whoever_proposed_it_does_not_approve_it(stage: Stage) -> None:
    asked = edit(stage, PATH, TWISTED, by="reviewer")
    assert problem(decide(stage, asked, by="reviewer")) == (409, "self-approval", [])
    assert decide(stage, asked).status_code == 200
    assert text(stage) == "Do nothing."


def test_the_history_tells_why_and_what_stood_there_before(stage: Stage, clock: Clock) -> None:
    before, known = text(stage), clock().isoformat().replace("+00:00", "Z")
    clock.move(hours=1)
    assert decide(stage, edit(stage, PATH, TWISTED)).status_code == 200
    [act, published] = stage.get("/v1/public/recommendations/{recommendation}/history", by=None)["items"]
    told = {name: act[name] for name in ("kind", "reason", "revision", "since", "members")}
    assert told == {
        "kind": "subject.revised",
        "reason": "A typing error.",
        "revision": "correction",
        "since": None,
        "members": ["text"],
    }
    assert (published["content"]["text"], act["content"]["text"]) == (before, "Do nothing.")
    assert (
        stage.get(f"/v1/public/recommendations/{{recommendation}}?known_at={known}", by=None)["text"]
        == before
    )


def test_revisions_of_other_members_wait_side_by_side_and_each_is_approved(stage: Stage) -> None:
    asked = [edit(stage, PATH, {**body, "reason": "x"}) for body in ({"title": "Vet all"}, {"text": "Vet."})]
    assert [one.status_code for one in asked] == [202, 202]
    stage.patch(PATH, {"note": None})  # nothing public changes: it is done at once
    assert [decide(stage, one).status_code for one in reversed(asked)] == [200, 200]
    public = stage.get("/v1/public/recommendations/{recommendation}", by=None)
    assert (public["title"], public["text"]) == ("Vet all", "Vet.")


def test_a_revision_of_a_member_that_another_has_changed_since_is_read_again(stage: Stage) -> None:
    """The refusal names the member; whoever has read it now decides on the present version."""
    both = edit(stage, PATH, {**TWISTED, "title": "Another"})
    first = edit(stage, PATH, {"text": "Vet them.", "reason": "x"})
    assert decide(stage, first).status_code == 200
    refused = decide(stage, both)
    assert problem(refused) == (409, "stale-proposal", [f"/versions/{stage.ids['recommendation']}"])
    version = stage.get(PATH)["version"]
    detail = f"`text` has changed since; {stage.ids['recommendation']} is at version {version} now"
    assert refused.json["errors"][0]["detail"] == detail
    assert text(stage) == "Vet them."
    read = [{"id": stage.ids["recommendation"], "version": version}]
    assert decide(stage, both, versions=read).status_code == 200
    assert text(stage) == "Do nothing."


def test_the_same_revision_waits_once(stage: Stage) -> None:
    assert edit(stage, PATH, TWISTED).status_code == 202
    assert problem(edit(stage, PATH, {**TWISTED, "reason": "Another."}))[:2] == (409, "already-done")


def test_of_one_thing_so_many_revisions_wait_and_no_more(
    stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(revisions, "MOST_WAITING", 2)
    for title in ("One", "Two"):
        assert edit(stage, PATH, {"title": title, "reason": "x"}).status_code == 202
    refused = edit(stage, PATH, {"title": "Three", "reason": "x"})
    assert problem(refused)[:2] == (409, "already-done")
    assert refused.json["detail"].startswith("2 revisions of this wait")


@pytest.mark.parametrize(("decision", "by"), [("return", "approver"), ("retract", "editor")])
def test_what_is_not_approved_changes_nothing(stage: Stage, decision: str, by: str) -> None:
    before = text(stage)
    asked = edit(stage, PATH, TWISTED)
    assert decide(stage, asked, by, decision, note="It says the opposite.").status_code == 200
    assert text(stage) == stage.get(PATH)["text"] == before
    assert edit(stage, PATH, TWISTED).status_code == 202


@pytest.mark.parametrize(
    ("grounds", "pointer"),
    [
        ({"revision": "update"}, "/since"),
        ({"since": "2025-05-01"}, "/since"),
        ({"revision": "update", "since": "2031-01-01"}, "/since"),
        ({"revision": "rewrite"}, "/revision"),
    ],
)
def test_an_update_says_from_when_and_a_correction_does_not(stage: Stage, grounds: Any, pointer: str) -> None:
    refused = edit(stage, PATH, {"title": "Another", "reason": "It changed.", **grounds})
    assert problem(refused) == (422, "invalid-input", [pointer])


def test_what_would_be_refused_later_is_refused_when_it_is_proposed(stage: Stage) -> None:
    refused = edit(stage, PATH, {"issued_on": "2031-01-01", "reason": "Typed wrong."})
    assert problem(refused) == (422, "invalid-input", ["/issued_on"])
    refused = edit(stage, PATH, {"parent": "{recommendation}", "reason": "Typed wrong."})
    assert problem(refused) == (422, "invalid-input", ["/parent"])
    secret = stage.world.item(publish=False, protection="confidential")
    refused = edit(stage, PATH, {"title": "Another", "reason": f"See {secret}."})
    assert problem(refused)[:2] == (409, "not-published")
    refused = edit(stage, "/v1/evidence/{evidence}", {"published_on": "2031-01-01", "reason": "Typed wrong."})
    assert problem(refused) == (422, "invalid-input", ["/published_on"])
    assert stage.get("/v1/proposals?kind=revision", by="approver")["items"] == []


#: kind -> members that had no way to be put right.
MEMBERS: dict[str, dict[str, Any]] = {
    "recommendation": {
        "issued_on": "2025-01-01",
        "reference": "13",
        "language": "ar",
        "issuer": "{government}",
        "report": "{report}",
    },
    "evidence": {
        "source_url": "https://example.org/a",
        "published_on": "2025-02-01",
        "publisher": "{daily}",
        "type": "document",
    },
    "deadline": {"set_on": "2025-03-10", "rule": "60 days", "type": "interim_report_due", "basis": "law"},
    "report": {"type": "interim", "title": "Findings", "language": "ar", "dated_on": "2025-07-10"},
    "committee": {
        "reference": "inquiry-2",
        "appointed_by": "{government}",
        "established_on": "2025-03-10",
        "mandates": [{"instrument": "Decree 3", "adopted_on": "2025-03-10"}],
    },
}


@pytest.mark.parametrize("kind", MEMBERS)
def test_every_member_is_corrected(stage: Stage, kind: str) -> None:
    plural = kind if kind == "evidence" else f"{kind}s"
    stage.ids["report"] = stage.world.report()
    wanted = stage.fill(MEMBERS[kind])
    edited = stage.patch(f"/v1/{plural}/{{{kind}}}", wanted)
    told = stage.get(f"/v1/public/{plural}/{{{kind}}}", by=None)
    for name, value in wanted.items():
        if isinstance(value, list):
            assert value[0].items() <= edited[name][0].items()
            assert value[0].items() <= told[name][0].items()
        else:
            assert edited[name] == value
            shown = told[name]["id"] if isinstance(told.get(name), dict) else told.get(name, value)
            assert shown == value
    if kind == "deadline":
        assert (edited["due_on"], told["due_on"]) == ("2025-05-09", "2025-05-09")


# ---------------------------------------------------------------- by one person

POLICY = "/v1/processes/{process}"
ALONE = {"note": "See the annex.", "reason": "It was left out."}


def let_one_person(stage: Stage, **members: list[str]) -> None:
    wanted = {"revisions": members, "reason": "Notes are ours."}
    assert decide(stage, edit(stage, POLICY, wanted)).status_code == 200


def test_what_one_person_may_revise_is_decided_by_two(stage: Stage) -> None:
    wanted = {"revisions": {"recommendation": ["note"]}}
    assert problem(edit(stage, POLICY, wanted)) == (422, "invalid-input", ["/reason"])
    asked = edit(stage, POLICY, {**wanted, "reason": "Notes are ours."})
    assert (asked.status_code, edit(stage, PATH, ALONE).status_code) == (202, 202)
    assert decide(stage, asked).status_code == 200
    assert stage.get("/v1/public/processes/{process}", by=None)["revisions"] == wanted["revisions"]


def test_one_person_revises_what_the_process_lets_them_and_the_history_says_so(stage: Stage) -> None:
    let_one_person(stage, recommendation=["note"])
    assert problem(edit(stage, PATH, {"note": "See the annex."})) == (422, "invalid-input", ["/reason"])
    assert edit(stage, PATH, ALONE).status_code == 200
    act = stage.get("/v1/public/recommendations/{recommendation}/history", by=None)["items"][0]
    assert (act["kind"], act["reason"], act["members"], act["alone"]) == (
        "subject.revised",
        "It was left out.",
        ["note"],
        True,
    )
    feed = stage.get("/feeds/coast/changes.json", by=None)["items"][0]
    assert "One person made this change, as the process lets them." in feed["content_text"]
    [kept] = stage.get("/v1/proposals?decision=alone", by="approver")["items"]
    assert kept["wanted"]["before"] == {"note": None}
    assert kept["wanted"]["after"] == {"note": "See the annex."}
    assert kept["proposed_by"] == stage.world.editor.id
    with stage.world.act(stage.world.editor) as act:
        assert rebuild.check_public_side(act) == []


def test_everything_else_takes_two_people_all_the_same(stage: Stage) -> None:
    let_one_person(stage, recommendation=["note"])
    for body in ({**ALONE, "title": "Vet all"}, TWISTED):
        assert edit(stage, PATH, body).status_code == 202
    assert edit(stage, "/v1/committees/{committee}", ALONE).status_code == 202
    assert edit(stage, "/v1/organizations/{government}", {"name": "Them", "reason": "x"}).status_code == 202


# ---------------------------------------------------------------- drafts


def test_a_draft_is_edited_by_one_person_in_every_member(stage: Stage) -> None:
    draft = stage.world.recommendation("12", publish=False)
    wanted = {"issued_on": "2025-01-01", "reference": "13", "parent": "{recommendation}", "language": "ar"}
    edited = edit(stage, f"/v1/recommendations/{draft}", {**wanted, "issuer": "{press}"})
    assert edited.status_code == 200
    assert {name: edited.json[name] for name in (*wanted, "issuer")} == stage.fill(
        {**wanted, "issuer": "{press}"}
    )


def test_a_draft_that_is_thrown_away_frees_its_reference(stage: Stage) -> None:
    draft = stage.world.recommendation("12", publish=False)
    stage.withdraw(draft, "Typed wrong.")
    stage.ids["again"] = stage.world.recommendation("12")
    assert stage.get("/v1/recommendations/{again}")["reference"] == "12"
    refused = edit(stage, f"/v1/recommendations/{draft}", {"title": "x"})
    assert problem(refused)[:2] == (409, "already-done")


def test_a_member_that_no_edit_changes_says_what_to_do_instead(stage: Stage) -> None:
    for path, name, remedy in (
        ("/v1/recommendations/{recommendation}", "process", "record it in the other process"),
        ("/v1/evidence/{evidence}", "watchdog", "submit it again"),
        ("/v1/evidence/{evidence}", "protection", "is changed at /v1/evidence/{id}/protection"),
    ):
        refused = edit(stage, path, {name: "x"}).json["errors"]
        assert [one["pointer"] for one in refused] == [f"/{name}"]
        assert remedy in refused[0]["detail"]


def test_another_organization_leads_until_something_rests_on_who_does(stage: Stage) -> None:
    body = {**PROCESS, "slug": "typed-wrong", "lead": "{press}"}
    stage.ids["draft"] = stage.post("/v1/processes", body)["id"]
    lead = {"lead": "{watchdog}"}
    assert stage.patch("/v1/processes/{draft}", lead)["lead"] == stage.ids["watchdog"]
    stage.post("/v1/evidence", {**EVIDENCE, "process": "{draft}"})
    for path in ("/v1/processes/{draft}", "/v1/processes/{process}"):
        assert problem(edit(stage, path, {"lead": "{press}", "reason": "So."})) == (
            422,
            "invalid-input",
            ["/lead"],
        )


def test_what_was_public_keeps_its_reference(stage: Stage) -> None:
    stage.ids["gone"] = stage.world.recommendation("12")
    stage.withdraw(stage.ids["gone"])
    refused = stage.send(
        "POST",
        "/v1/recommendations",
        {
            "process": "{process}",
            "reference": "12",
            "issuer": "{press}",
            "issued_on": "2025-01-01",
            "title": "x",
            "text": "x",
            "language": "en",
            "type": "other",
        },
    )
    assert problem(refused)[:2] == (409, "slug-taken")


def test_the_slug_of_what_is_public_stays(stage: Stage) -> None:
    refused = edit(stage, "/v1/organizations/{press}", {"slug": "other", "reason": "x"})
    assert problem(refused) == (422, "invalid-input", ["/slug"])
    made = stage.post("/v1/organizations", {"slug": "typo", "name": "Typo", "type": "media"})
    assert edit(stage, f"/v1/organizations/{made['id']}", {"slug": "right"}).json["slug"] == "right"
    assert problem(edit(stage, f"/v1/organizations/{made['id']}", {"slug": "press"}))[:2] == (
        409,
        "slug-taken",
    )


# ---------------------------------------------------------------- evidence


def standing(stage: Stage, kind: str, track: str) -> tuple[str, str | None]:
    told = stage.get(f"/v1/public/{kind}", by=None)["standing"]
    [lead] = [one["lead"] for one in told if one["track"] == track]
    return lead["state"], lead["basis"]


def test_a_verified_item_that_is_rewritten_is_under_review_again_and_what_rests_on_it_says_so(
    stage: Stage,
) -> None:
    world, item = stage.world, stage.ids["evidence"]
    other = world.item(publisher_id=world.daily)
    world.answer(stage.ids["recommendation"], "implementation", "implemented", cites=(item, other))
    asked = edit(stage, "/v1/evidence/{evidence}", {"title": "Nothing was done", "reason": "It was misread."})
    assert asked.status_code == 202
    assert standing(stage, "evidence/{evidence}", "verification") == ("verified", "unevidenced")
    assert decide(stage, asked).status_code == 200
    assert standing(stage, "evidence/{evidence}", "verification") == ("in_review", "unevidenced")
    assert standing(stage, "recommendations/{recommendation}", "implementation") == (
        "implemented",
        "weakened",
    )
    waiting = stage.get("/v1/queue?limit=200", by="reviewer")["items"]
    assert {(one["kind"], one["subject"]) for one in waiting} >= {("review", item)}


def test_of_a_reviewed_draft_too_the_substance_takes_two(stage: Stage) -> None:
    stage.ids["draft"] = stage.world.item(publish=False, protection="confidential")
    path = "/v1/evidence/{draft}"
    assert problem(edit(stage, path, {"description": "Nothing."})) == (422, "invalid-input", ["/reason"])
    assert edit(stage, path, {"rights": "Quoted for review."}).status_code == 200
    asked = edit(stage, path, {"description": "Nothing.", "reason": "It was misread."})
    assert decide(stage, asked).status_code == 200
    [told] = stage.get("/v1/subjects/{draft}/standing")["answers"]
    assert told["lead"]["state"] == "in_review"


def test_a_recommendation_changes_from_an_organization_to_a_committee_and_back(stage: Stage) -> None:
    by_committee = stage.patch(PATH, {"committee": "{committee}"})
    assert (by_committee["committee"], by_committee["issuer"]) == (stage.ids["committee"], None)
    by_press = stage.patch(PATH, {"issuer": "{press}"})
    assert (by_press["committee"], by_press["issuer"]) == (None, stage.ids["press"])


def test_a_watchdog_gives_its_draft_no_reference(stage: Stage) -> None:
    body = {"process": "{process}", "title": "A photograph", "type": "photo", "acquired_from": "own_staff"}
    stage.ids["own"] = stage.post("/v1/evidence", body, by="watcher")["id"]
    refused = edit(stage, "/v1/evidence/{own}", {"reference": "E-1"}, by="watcher")
    assert problem(refused) == (422, "invalid-input", ["/reference"])


def test_an_answer_for_an_older_text_says_so_until_it_is_confirmed(stage: Stage, clock: Clock) -> None:
    world, asked = stage.world, stage.ids["recommendation"]
    for assessor in (world.lead, world.watchdog):
        world.answer(asked, "implementation", "underway", cites=(stage.ids["evidence"],), assessor=assessor)

    def older() -> list[bool]:
        [standing] = [
            one
            for one in stage.get("/v1/public/recommendations/{recommendation}", by=None)["standing"]
            if one["track"] == "implementation"
        ]
        return [one["older_text"] for one in (standing["lead"], *standing["others"])]

    def revise(**changes: str) -> None:
        clock.move(hours=1)
        assert decide(stage, edit(stage, PATH, {**changes, "reason": "A typing error."})).status_code == 200

    revise(title="Vet them")
    assert older() == [False, False]
    revise(text="Vet all forces.")
    assert older() == [True, True]
    revise(title="Vet them all")
    assert older() == [True, True]
    clock.move(hours=1)
    world.answer(asked, "implementation", "underway", cites=(stage.ids["evidence"],), confirms=True)
    assert older() == [False, True]
    with world.act(world.editor) as act:
        assert rebuild.check_public_side(act) == []
    custodians = [world.person(name, "custodian") for name in ("keeper", "second")]
    history = stage.pages("/v1/public/recommendations/{recommendation}/history", by=None)
    revised = next(
        one for one in reversed(history) if one.get("content", {}).get("text") == "Vet all forces."
    )
    for one in custodians:
        with world.act(one) as act:
            redaction.redact_words(act, revised["id"], "witness_safety")
    assert older() == [False, True]
    with world.act(world.editor) as act:
        assert rebuild.check_public_side(act) == []


def test_that_a_date_was_missed_says_so_when_it_was_another_date(stage: Stage, clock: Clock) -> None:
    stage.ids["due"] = stage.world.deadline()
    stage.world.answer(stage.ids["due"], "outcome", "missed", cites=(stage.ids["evidence"],))
    path = "/v1/public/deadlines/{due}"

    def revise(**changes: str) -> list[bool]:
        clock.move(hours=1)
        edited = edit(stage, "/v1/deadlines/{due}", {**changes, "reason": "We had read the decree wrongly."})
        assert decide(stage, edited).status_code == 200
        return [one["lead"]["older_text"] for one in stage.get(path, by=None)["standing"]]

    assert revise(title="The final report") == [False]
    assert revise(rule="900 days") == [True]
    page = stage.client.get(f"/en/coast/deadlines/{stage.ids['due']}").get_data(as_text=True)
    assert page.count("<strong>given before this was revised</strong>") == 1
    with stage.world.act(stage.world.editor) as act:
        assert rebuild.check_public_side(act) == []
    since = stage.world.deadline(title="Another")
    assert "given before" not in stage.client.get(f"/en/coast/deadlines/{since}").get_data(as_text=True)
