"""What is acted out for the examples of the document. A new endpoint that writes gets a line here; one that only
reads is asked by itself, as soon as there is something of its kind.
"""

from __future__ import annotations

import pytest

from tests.actions.tips import send
from tests.contract.scenario import Scenario, page_after

PROCESS = {
    "slug": "harbour-fire",
    "title": "The fire in the harbour",
    "summary": "Forty people died; an inquiry was announced on the same day.",
    "country": "SY",
    "lead": "{lead}",
    "calendar": {
        "time_zone": "Asia/Damascus",
        "weekend": ["friday", "saturday"],
        "holidays": [{"on": "2025-04-17", "name": "Evacuation Day"}],
    },
    "languages": ["ar", "en"],
}
RECOMMENDATION = {
    "process": "{process}",
    "reference": "7",
    "issuer": "{watchdog}",
    "issued_on": "2025-04-03",
    "title": "Vet the forces",
    "text": "Vet every commander who was on duty, and publish the criteria.",
    "language": "en",
    "type": "vetting",
    "addressees": [{"organization": "{government}", "role": "primary"}],
    "tags": [{"scheme": "sdg", "code": "16.6"}],
}
EVIDENCE = {
    "process": "{process}",
    "title": "Decree 12 on the vetting of commanders",
    "type": "media_report",
    "acquired_from": "public_source",
    "source_url": "https://press.example/decree-12",
    "published_on": "2025-05-28",
    "publisher": "{press}",
    "protection": "public",
}
CHANGE = {
    "track": "implementation",
    "state": "underway",
    "effective_on": "2025-06-01",
    "reason": "The decree is in force and the first hearings were held.",
    "citations": [{"evidence": "{evidence}", "stance": "supports"}],
}


def act(play: Scenario) -> None:
    """Everything, in the order in which a desk would do it."""
    set_up(play)
    record(play)
    decide(play)
    bring_in(play)
    mend(play)
    protect(play)
    take_tips(play)
    follow(play)
    let_in(play)
    subscribe(play)
    take_back(play)
    wait(play)
    hand_in(play)
    redact(play)
    be_told(play)
    play.read_the_rest()


def try_out(play: Scenario) -> None:
    """What a dry run answers, whatever is tried."""
    play.try_act(
        "propose_status_change", {"subject": "{recommendation}", **CHANGE, "state": "partly_implemented"}
    )


def set_up(play: Scenario) -> None:
    play.call(
        "create_organization",
        {"slug": "harbour-union", "name": "Harbour workers' union", "type": "watchdog"},
        as_name="union",
    )
    play.call("revise_organization", {"website": "https://union.example/"}, id="{union}")
    play.call("register_watchdog", {"since": "2025-01-01", "conflicts": "None known."}, id="{union}")
    play.call("create_process", PROCESS, as_name="harbour")
    play.call("revise_process", {"place": "The coast"}, id="{harbour}")
    play.call(
        "create_committee",
        {
            "process": "{process}",
            "reference": "second",
            "name": "Second committee of inquiry",
            "body_type": "presidential_committee",
            "established_on": "2025-03-09",
        },
        as_name="second",
    )
    play.call("revise_committee", {"instrument": "Decree 3 of 2025"}, id="{second}")
    play.call(
        "create_committee",
        {
            "process": "{process}",
            "reference": "third-inquiry",
            "name": "Third committee of inquiry",
            "body_type": "presidential_committee",
        },
        as_name="third",
    )
    publish(play, "{second}")
    play.call(
        "adopt_mandate",
        {
            "instrument": "Decree 3 of 2025",
            "adopted_on": "2025-03-09",
            "tasks": ["Find out what happened", "Name those responsible"],
            "duty_to_publish": "yes",
        },
        id="{third}",
    )
    member = {"name": "Amal Haddad", "role": "chair", "from_on": "2025-03-09"}
    play.call("appoint_member", member, id="{third}")


def publish(play: Scenario, *things: str) -> None:
    """Each draft is proposed by the editor, and published by the approver's decision."""
    for thing in things:
        play.call("list_publication_drafts", id=thing)
        if "set_publication" not in play.kept:  # the approver recorded nothing of it
            play.call("set_publication", {"publication": "published"}, by="approver", id=thing)
            continue
        waits = play.call("set_publication", {"reason": "It is complete."}, id=thing)
        play.call("decide_proposal", {"decision": "approve"}, by="approver", id=waits["id"])


def record(play: Scenario) -> None:
    play.call(
        "create_report",
        {
            "process": "{process}",
            "reference": "final",
            "committee": "{committee}",
            "type": "final",
            "title": "Final report",
            "language": "ar",
        },
        as_name="report",
    )
    play.call("revise_report", {"dated_on": "2025-07-13"}, id="{report}")
    play.call(
        "create_resource",
        {
            "process": "{process}",
            "committee": "{committee}",
            "type": "budget",
            "title": "Money",
            "unit": "USD",
        },
        as_name="resource",
    )
    play.call("revise_resource", {"note": "Asked for twice."}, id="{resource}")
    figure = {"figure": "needed", "amount": "1200000.50", "as_of": "2025-04-03", "source": "The ministry"}
    play.call("add_resource_figure", figure)
    counted = {
        "figure": "counted",
        "of": "places visited",
        "about": "40",
        "as_of": "2025-04",
        "organization": "{press}",
        "source": "Its spokesperson",
    }
    play.call("add_committee_figure", counted, id="{third}")
    play.call("add_process_figure", {**counted, "of": "people killed"}, id="{harbour}")
    play.call("add_report_figure", {**counted, "of": "victims named in it"})
    play.call(
        "create_deadline",
        {
            "process": "{process}",
            "owner": "{committee}",
            "type": "final_report_due",
            "title": "Final report",
            "basis": "decree",
            "set_on": "2025-03-09",
            "rule": "30 days",
        },
        as_name="deadline",
    )
    play.call("revise_deadline", {"instrument": "Decree 3 of 2025, article 4"}, id="{deadline}")
    play.call("create_recommendation", RECOMMENDATION, as_name="recommendation")
    play.call("revise_recommendation", {"report": "{report}"}, id="{recommendation}")
    play.call("add_recommendation_figure", {**counted, "of": "officers who were suspended"})
    record_indicator(play)
    play.call("create_evidence", EVIDENCE, as_name="evidence")
    play.call("revise_evidence", {"rights": "Quoted for review."}, by="reviewer", id="{evidence}")
    publish(play, "{report}", "{resource}", "{deadline}", "{recommendation}", "{indicator}", "{evidence}")


def record_indicator(play: Scenario) -> None:
    made = {
        "process": "{process}",
        "type": "vetting",
        "title": "Vetting of the officers of the harbour police",
        "concerns": "{ministry}",
        "scope": "Officers from the rank of captain on",
    }
    play.call("create_indicator", made, as_name="indicator")
    play.call("revise_indicator", {"recommendations": ["{recommendation}"]}, id="{indicator}")
    figure = {
        "figure": "counted",
        "stage": "screened",
        "amount": "40",
        "as_of": "2025-06-30",
        "organization": "{press}",
        "source": "Its count of the decisions in the gazette",
    }
    play.call("add_indicator_figure", figure, id="{indicator}")


def settle(play: Scenario, subject: str, by: str = "editor", **change: object) -> str:
    """Proposed by one, approved by another."""
    made = play.call("propose_status_change", {"subject": subject, **change}, by=by)
    play.call("decide_status_change", {"decision": "approve"}, by="approver", id=made["id"])
    return str(made["id"])


def decide(play: Scenario) -> None:
    play.ids["change"] = settle(play, "{recommendation}", **CHANGE)
    settle(
        play,
        "{recommendation}",
        assessor="{government}",
        replies_to="{change}",
        effective_on="2025-06-20",
        reason="The decree has been carried out: nobody who was on duty is in command today.",
    )
    verified = {"track": "verification", "state": "verified", "effective_on": "2025-06-01"}
    settle(play, "{evidence}", by="reviewer", reason="The gazette prints the same text.", **verified)
    play.call(
        "extend_deadline",
        {
            "set_on": "2025-04-10",
            "due_on": "2025-07-10",
            "basis": "decree",
            "reason": "The committee asked for three more months.",
            "citations": [{"evidence": "{evidence}", "stance": "supports"}],
        },
    )
    said = "The last two were moved to other posts in June."
    play.call("reply_to_verdict", {"reason": said}, by="respondent", id="{change}")
    answer = {"state": "accepted_in_part", "text": "We accept it but for the officers of the port."}
    play.call("answer_recommendation", answer, by="respondent", id="{recommendation}")
    asked = {"track": "implementation", "state": "implemented", "cites": "{evidence}"}
    play.call("handle_subject", {}, id="{recommendation}")
    play.call("list_handlings", by="approver")
    note = play.call(
        "write_note", {"text": "The ministry was asked again by telephone."}, id="{recommendation}"
    )["id"]
    play.call("list_notes", by="approver", id="{recommendation}")
    play.call("retract_note", {}, id=note)
    play.call("end_handling", {}, id="{recommendation}")
    play.call("list_demands", query=asked, id="{recommendation}")
    play.call("list_work", by="approver", query={"kind": "proposal", "limit": "1"})
    play.call("count_work", by="approver")


def bring_in(play: Scenario) -> None:
    """Two recommendations at once: first only to see what would become of them."""
    rows = [
        {
            **RECOMMENDATION,
            "reference": "8",
            "issuer": "harbour-union",
            "addressees": [{"organization": "government"}],
        },
        {**RECOMMENDATION, "reference": "8.1", "issuer": "harbour-union", "parent": "8"},
    ]
    publish(play, "{union}")
    asked = {"kind": "recommendation", "rows": rows, "reason": "The list of the union."}
    batch = play.call("import_rows", {**asked, "dry_run": False, "propose": True})["batch"]
    play.call("decide_proposal", {"decision": "approve"}, by="approver", id=batch)
    undo = play.call("undo_import", {"reason": "It was the list of another year."}, id=batch)["id"]
    play.call("decide_proposal", {"decision": "approve"}, by="approver", id=undo)
    play.call("import_rows", {**asked, "dry_run": True})
    play.call("export_record", query={"process": "coast", "kind": "recommendation"})


def hand_in(play: Scenario) -> None:
    """A file, a copy of it for everybody that another person looked at, and the package for a court."""
    play.call("add_file", "Decree 12. Every commander is vetted.", by="reviewer")
    query = {"role": "public_derivative"}
    copy = play.call("add_file", "Decree 12, without names.", by="editor", query=query)["id"]
    play.call("approve_file", by="approver", file=copy)
    play.call("get_public_file")
    link = play.call("read_file", by="editor")["link"]
    play.call("get_file_content", by="editor", query=page_after(link))
    testimony = {
        "process": "{process}",
        "title": "Two photographs of the quay",
        "type": "photo",
        "acquired_from": "own_staff",
        "captured_on": "2025-03-09",
    }
    play.call("submit_with_files", {"item": testimony, "file": ["The quay at noon.", "The quay at night."]})
    link = play.call("hand_over", {"recipient": "court"}, by="custodian")["link"]
    play.call("get_package", by="custodian", query=page_after(link))


def redact(play: Scenario) -> None:
    """A custodian finds a name in the reason of a status."""
    said = play.call("list_public_recommendation_history", query={"limit": "3"})["items"][-1]
    play.call("redact_words", {"reason": "third_party_privacy"}, by="custodian", id=said["id"])


def mend(play: Scenario) -> None:
    """A revision of what is public, which waits for the approver."""
    body = {"note": "Printed as number 7.", "reason": "It was left out."}
    waits = play.call("revise_recommendation", body, id="{recommendation}")
    play.call("decide_proposal", {"decision": "approve"}, by="approver", id=waits["id"])


def let_in(play: Scenario) -> None:
    """Accounts and keys, and a watchdog whose standing is looked into."""
    play.call("create_account", {"name": "Samir", "roles": ["editor"]}, by="admin", as_name="person")
    play.call("change_account", {"roles": ["editor", "approver"]}, by="admin")
    play.call("set_password", {"password": "nine salted figs on a blue plate"})
    play.call("set_naming", {"unnamed": True}, by="custodian")
    play.ids["key"] = play.call("issue_key", {"days": 90, "scope": ["record.read"]})["key"]["id"]
    play.call("revoke_key", {"reason": "no_longer_needed"})
    play.call("get_watchdog", id="{watchdog}")
    standing = {"standing": "suspended", "reason": "Its independence is being looked into."}
    play.call("set_standing", standing, by="admin", id="{union}")


def subscribe(play: Scenario) -> None:
    """Another system, which is told of one process. Its name is one for documents, and leads to an address for them."""
    body = {"url": "https://hooks.example/tracker", "process": "{process}", "kinds": ["status.changed"]}
    webhook = play.call("create_webhook", body, by="admin")["webhook"]["id"]
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr("socket.getaddrinfo", lambda *_given, **_more: [(*("",) * 4, ("192.0.2.7", 443))])
        play.call("test_webhook", {}, by="admin", id=webhook)
    play.call("rotate_webhook_secret", {}, by="admin", id=webhook)
    play.call("replay_webhook", {"first": 1, "last": 1}, by="admin", id=webhook)
    play.call("stop_webhook", {}, by="admin", id=webhook)
    play.call("get_webhook", by="admin", id=webhook)
    play.call("list_webhooks", by="admin")
    play.call("list_deliveries", by="admin", id=webhook)


def wait(play: Scenario) -> None:
    """A watchdog's photograph, which is not public at the hour at which somebody asked for it."""
    body = {**EVIDENCE, "title": "The gate of the harbour", "type": "photo", "acquired_from": "own_staff"}
    photograph = play.call("create_evidence", body, by="watcher")["id"]
    question = play.call("ask_question", {"text": "From where was it taken?"}, id=photograph)["id"]
    play.call("get_question", by="watcher", id=question)
    play.call("answer_question", {"text": "From the roof of the customs house."}, by="watcher", id=question)
    asked = play.call("ask_question", {"text": "When will you look at it?"}, by="watcher", id=photograph)[
        "id"
    ]
    play.call("retract_question", {}, by="watcher", id=asked)
    play.call("list_questions", query={"limit": "1"}, id=photograph)
    publish(play, photograph)
    play.call("list_releases", query={"limit": "1"})


def take_back(play: Scenario) -> None:
    """A draft that its submitter does not stand by any more."""
    draft = play.call("create_evidence", {**EVIDENCE, "title": "A copy of the decree"})["id"]
    play.call("retract_evidence", {"reason": "It is another decree."}, id=draft)
    body = {**EVIDENCE, "title": "The harbour at night", "type": "photo", "acquired_from": "own_staff"}
    photograph = play.call("create_evidence", body)["id"]
    publish(play, photograph)
    play.call("retract_release", by="approver", id=photograph)
    body = {"publication": "withdrawn", "reason": "It shows another harbour."}
    play.call("set_publication", body, by="approver", id=photograph)


def protect(play: Scenario) -> None:
    """A draft shared with a partner, as one person proposed and another let; and then with nobody."""
    private = {**EVIDENCE, "title": "What a clerk saw", "protection": "confidential"}
    draft = play.call("create_evidence", private)["id"]
    wanted = {"protection": "partner", "shared_with": ["{watchdog}"], "reason": "They work on the same case."}
    play.call("protect_evidence", wanted, id=draft)
    play.clock.move(days=1)
    waits = play.call("list_proposals", by="approver", query={"kind": "lowering", "decision": "proposed"})
    lowering = waits["items"][0]["id"]
    play.call("get_proposal", by="approver", id=lowering)
    play.call("decide_proposal", {"decision": "approve"}, by="approver", id=lowering)
    play.call("list_shared_evidence", by="partner", query={"limit": "1"})
    play.call("get_shared_evidence", by="partner", id=draft)
    play.call("get_protection", id=draft)
    play.call("list_protection_history", query={"limit": "1"}, id=draft)
    play.call("protect_evidence", {"protection": "public", "reason": "The report is out."}, id=draft)
    told = {**private, "title": "What a guard saw", "sealed": {"creator": "A guard of the harbour"}}
    sealed = play.call("create_evidence", told)["id"]
    play.call("read_sealed", {}, by="custodian", id=sealed)
    play.call("hold_subject", {"held": True, "reason": "Case 12 asked for it."}, by="custodian", id=sealed)
    play.call("list_holds", by="custodian", query={"limit": "1"}, id=sealed)
    play.call("list_audit", by="custodian", query={"verb": "publish", "limit": "1"})
    play.call("read_audit", {"verb": "evidence.unseal", "limit": 1}, by="custodian")
    asked = {"basis": "informed_consent", "purposes": ["internal_use"], "obtained_on": "2025-05-02"}
    agreed = play.call("create_evidence", {**private, "title": "What a nurse saw", "consent": asked})["id"]
    corrected = {
        **asked,
        "purposes": ["internal_use", "share_with_courts"],
        "reason": "She said so on the phone.",
    }
    play.call("correct_consent", corrected, id=agreed)
    play.call("get_consent", id=agreed)
    play.call("withdraw_consent", {}, id=agreed)
    play.call("redact_thing", {"reason": "witness_safety"}, by="custodian", id=draft)


def take_tips(play: Scenario) -> None:
    """A box is opened; three tips come in, of which one becomes evidence and one is destroyed."""
    said = [
        {"language": "en", "text": "Two custodians read what you send. We cannot protect your own telephone."}
    ]
    play.call("open_tip_box", {"words": said, "kept_days": 90}, by="custodian", id="{process}")
    play.call("get_tip_box", by="custodian", id="{process}")
    play.world.person("keeper", "custodian")
    sealer = play.client.application.extensions["tracker"].sealer()
    for once in ("first", "second"):
        play.ids[once] = send(play.world, once, sealer=sealer).id
    play.call("list_tips", by="custodian", query={"limit": "1"})
    for once in ("second", "first"):
        play.call("read_tip", {}, by="custodian", id=play.ids[once])
    play.call("ask_sender", {"text": "On which day was that?"}, by="custodian", id="{first}")
    made = {"title": "Trucks that left the quay", "type": "statement"}
    play.call("take_over_tip", made, by="custodian", id="{first}")
    play.call("set_tip_aside", {}, by="custodian", id="{second}")
    play.call("destroy_tip", {}, by="keeper", id="{second}")
    play.call("close_tip_box", {}, by="custodian", id="{process}")


def follow(play: Scenario) -> None:
    """From the first page to the next, as an integrator does who keeps the cursor."""
    first = play.call("list_public_citations", query={"limit": "1"})
    assert first["items"]
    page = play.call("list_public_changes", query={"limit": "1"})
    play.call("list_public_changes", query=page_after(page["next"]))
    play.call("get_scoreboard")
    play.call("search_public", query={"q": "vet commanders", "limit": "1"})
    play.call("search_record", query={"q": "vet commanders", "limit": "1"})
    play.call("get_public_standing_in_a_scheme", query={"scheme": "ogp"})
    play.call("get_public_recommendation", query={"as_of": "2025-06-15"})
    series = play.call(
        "create_deadline_series",
        {
            "process": "{process}",
            "reference": "progress",
            "owner": "{committee}",
            "type": "follow_up_report_due",
            "title": "Progress report",
            "basis": "decree",
            "set_on": "2025-03-09",
            "every": "6 months",
            "until": "2026-12-31",
        },
    )
    refused = {
        "refused_on": "2025-08-30",
        "asked_until": "2025-12-31",
        "reason": "Six months are enough for a first report.",
        "evidence": "{evidence}",
    }
    play.call("refuse_extension", refused, id=series["items"][0]["id"])


def be_told(play: Scenario) -> None:
    """By mail, and no more."""
    chosen = {"address": "amal@host.example", "period": "daily", "language": "ar"}
    play.call("set_mailbox", chosen, by="editor")
    play.call("get_mailbox", by="editor")
    play.call("forget_mailbox", {}, by="editor")
