"""Members that say when something happened take a year, a month or a day, and show what they were given."""

from __future__ import annotations

from copy import deepcopy
from datetime import date
from typing import Any

import pytest

from tests.api.factories import Stage
from tests.api.test_bad_input import COMMITTEE, DEADLINE, EVIDENCE, MANDATE, PROCESS, RECOMMENDATION, RESOURCE
from tests.api.test_submissions import submit
from tracker.domain.consent import CONSENT

FIGURE = {"figure": "needed", "as_of": "2025-04", "source": "The committee"}
#: collection -> what makes one with partial days, and where in it they stand.
GIVEN: list[tuple[str, dict[str, Any], tuple[tuple[Any, ...], ...]]] = [
    (
        "processes",
        {**PROCESS, "happened_from": "2025-03", "happened_to": "2025"},
        (("happened_from",), ("happened_to",)),
    ),
    (
        "committees",
        {
            **COMMITTEE,
            "established_on": "2011",
            "members": [{"name": "M", "from_on": "2011", "to_on": "2011-05"}],
        },
        (("established_on",), ("members", 0, "from_on"), ("members", 0, "to_on")),
    ),
    ("recommendations", {**RECOMMENDATION, "issued_on": "2011"}, (("issued_on",),)),
    ("resources", {**RESOURCE, "figures": [FIGURE]}, (("figures", 0, "as_of"),)),
    (
        "evidence",
        {
            **EVIDENCE,
            "protection": "public",
            "published_on": "2025-04",
            "occurred_from": "2025-03",
            "occurred_to": "2025-03",
        },
        (("published_on",), ("occurred_from",), ("occurred_to",)),
    ),
]
EACH = pytest.mark.parametrize(("plural", "body", "places"), GIVEN, ids=[one[0] for one in GIVEN])


def at(value: Any, place: tuple[Any, ...]) -> Any:
    for step in place:
        value = value[step]
    return value


@EACH
def test_a_month_or_a_year_is_shown_as_it_was_given(
    stage: Stage, plural: str, body: dict[str, Any], places: tuple[tuple[Any, ...], ...]
) -> None:
    made = stage.post(f"/v1/{plural}", body)
    stage.publish(made["id"])
    for path, by in ((f"/v1/{plural}/{made['id']}", "editor"), (f"/v1/public/{plural}/{made['id']}", None)):
        told = stage.get(path, by=by)
        assert [at(told, place) for place in places] == [at(body, place) for place in places]


@EACH
@pytest.mark.parametrize(
    ("day", "says"),
    [
        ("2025-13", "there is no 2025-13: months go from 01 to 12"),
        ("2025-02-30", "there is no such day as 2025-02-30: February 2025 has 28 days"),
        ("20251", "must be a year, a month or a day, as 2011, 2025-03 or 2025-03-09, not 20251"),
        (2025, "must be a string"),
        ("1799", "must lie from 1800-01-01 to 2200-12-31, which 1799 does not"),
        ("2201-01", "must lie from 1800-01-01 to 2200-12-31, which 2201-01 does not"),
        ("2027", "lies in the future; today is 2026-11-23"),
    ],
)
def test_a_day_that_cannot_be_is_refused_with_what_would_be_right(
    stage: Stage, plural: str, body: dict[str, Any], places: tuple[tuple[Any, ...], ...], day: Any, says: str
) -> None:
    for place in places:
        if (day, place[-1]) == ("2027", "to_on"):  # a term may end in the future
            continue
        wrong = deepcopy(body)
        at(wrong, place[:-1])[place[-1]] = day
        refused = stage.send("POST", f"/v1/{plural}", wrong)
        faults = {one["pointer"]: one["detail"] for one in refused.json["errors"]}
        assert says in faults["/" + "/".join(map(str, place))]


def test_what_ends_in_the_year_in_which_it_began_is_in_order(stage: Stage) -> None:
    def answer(first: str, last: str) -> int:
        body = {
            "process": "{process}",
            "reference": f"m{first}{last}",
            "name": "M",
            "body_type": "truth_commission",
        }
        members = [{"name": "M", "from_on": first, "to_on": last}]
        return stage.send("POST", "/v1/committees", {**body, "members": members}).status_code

    taken = [("2011-05", "2011"), ("2011", "2011-05"), ("2011-05-10", "2011-05"), ("2011", "2012")]
    assert {answer(*span) for span in taken} == {201}
    refused = [("2011-06", "2011-05"), ("2012", "2011-05-10"), ("2011-05-10", "2010")]
    assert {answer(*span) for span in refused} == {422}


def test_a_mandate_a_registration_a_consent_and_a_revision_take_them_too(stage: Stage) -> None:
    mandate = {**MANDATE, "adopted_on": "2025-03", "in_force_from": "2025-03", "in_force_to": "2026"}
    [made] = stage.add("/v1/committees/{committee}/mandates", mandate)["mandates"]
    assert {name: made[name] for name in mandate} == mandate
    future = stage.send("POST", "/v1/organizations/{press}/watchdog", {"since": "2031"})
    assert future.json["errors"][0]["pointer"] == "/since"
    registered = stage.post("/v1/organizations/{press}/watchdog", {"since": "2019"})
    assert registered["since"] == "2019"
    item = {**EVIDENCE, "consent": {"basis": CONSENT[0], "obtained_on": "2025-03"}}
    assert submit(stage, item).status_code == 201
    change = {"text": "Vet all.", "reason": "It was adopted.", "revision": "update", "since": "2025"}
    assert stage.patch("/v1/recommendations/{recommendation}", change)["text"] == "Vet all."
    told = stage.get("/v1/public/changes", by=None)["items"]
    assert [one["since"] for one in told if one.get("since")] == ["2025"]


@pytest.mark.parametrize(("said", "last"), [("2027-03", "2027-03-31"), ("2027", "2027-12-31")])
def test_a_date_of_a_month_or_a_year_is_due_on_its_last_day(stage: Stage, said: str, last: str) -> None:
    made = stage.post("/v1/deadlines", {**DEADLINE, "due_on": said})
    stage.publish(made["id"])
    for path, by in (("/v1/deadlines/", "editor"), ("/v1/public/deadlines/", None)):
        told = stage.get(path + made["id"], by=by)
        assert (told["due_on"], told["due_within"], told["rule"]) == (last, said, f"by {said}")
        assert "so its last day is taken" in told["reckoning"]["sentence"]
    page = stage.client.get(f"/en/coast/deadlines/{made['id']}").get_data(as_text=True)
    assert f'<time datetime="{said}">by the end of ' in page
    exact = stage.patch(f"/v1/deadlines/{made['id']}", {"due_on": "2027-02-01", "reason": "It named a day."})
    assert (exact["due_on"], exact["due_within"], exact["rule"]) == ("2027-02-01", None, None)
    again = stage.patch(f"/v1/deadlines/{made['id']}", {"due_on": said, "reason": "It named none."})
    assert (again["due_on"], again["due_within"]) == (last, said)


@pytest.mark.parametrize(
    ("more", "pointer", "says"),
    [
        ({"due_on": "2025-02"}, "/rule", "gives 2025-02-28, which lies before set_on"),
        ({"due_on": "2027-03", "rule": "30 days"}, "/due_on", "2027-03 is no day"),
        ({"due_on": "2027-13"}, "/due_on", "there is no 2027-13"),
        ({"rule": "soon", "starts_with": "{recommendation}"}, "/rule", "must be a count and a unit"),
        (
            {"rule": "10 days before", "starts_with": "The hearing"},
            "/starts_with",
            "must be the id of a deadline",
        ),
        (
            {"rule": "10 days before", "starts_with": "{committee}"},
            "/starts_with",
            "must be the id of a deadline",
        ),
    ],
)
def test_a_month_that_cannot_be_due_is_refused(
    stage: Stage, more: dict[str, Any], pointer: str, says: str
) -> None:
    [fault] = stage.send("POST", "/v1/deadlines", {**DEADLINE, **more}).json["errors"]
    assert (fault["pointer"], says in fault["detail"]) == (pointer, True)


def test_what_is_set_until_a_year_or_refused_in_a_month_is_taken_too(stage: Stage) -> None:
    obligation = {**DEADLINE, "every": "6 months", "until": "2026"}
    made = stage.post("/v1/deadlines/series", obligation)
    assert [one["due_on"] for one in made["items"]] == ["2025-09-09", "2026-03-09", "2026-09-09"]
    refusal = {
        "refused_on": "2025-04",
        "asked_on": "2025",
        "asked_until": "2026-03",
        "reason": "No.",
        "evidence": "{evidence}",
    }
    told = stage.add("/v1/deadlines/{deadline}/refused-extensions", refusal)["refused_extensions"]
    assert [one["asked_until"] for one in told] == ["2026-03"]


def test_what_counts_back_from_a_deadline_counts_from_its_due_day(stage: Stage) -> None:
    other = stage.post("/v1/deadlines", {**DEADLINE, "due_on": "2027-09-09"})["id"]
    body = {**DEADLINE, "rule": "10 days before", "starts_with": other}
    made = stage.post("/v1/deadlines", {name: one for name, one in body.items() if name != "due_on"})
    assert (made["rule"], made["due_on"]) == (
        "10 days before the day on which the other date is due",
        "2027-08-30",
    )
    stage.publish(other)
    stage.publish(made["id"])
    page = stage.client.get(f"/en/coast/deadlines/{made['id']}").get_data(as_text=True)
    assert f'<dt>Depends on</dt><dd><a href="/en/coast/deadlines/{other}">' in page


def test_a_rule_counts_from_the_event_of_the_thing_that_it_starts_with(stage: Stage) -> None:
    said = {"rule": "60 days", "starts_with": "{recommendation}"}
    made = stage.post("/v1/deadlines", {**DEADLINE, **said})
    assert (made["due_on"], made["rule"]) == (None, "60 days after the answer to the recommendation")


def test_an_answer_is_of_the_year_of_the_question_or_later(stage: Stage) -> None:
    asked = stage.post("/v1/recommendations", {**RECOMMENDATION, "issued_on": "2025-04"})["id"]
    change = {
        "subject": asked,
        "track": "implementation",
        "state": "not_started",
        "reason": "Nothing was done.",
    }
    before = stage.send("POST", "/v1/status-changes", {**change, "effective_on": "2025-03-31"})
    assert before.json["errors"][0]["detail"] == "must not lie before issued_on, which is 2025-04"
    stage.post("/v1/status-changes", {**change, "effective_on": "2025-04-01"})
    early = {**change, "subject": "{committee}", "track": "stage", "effective_on": "2025-03-08"}
    refused = stage.send("POST", "/v1/status-changes", {**early, "state": "dissolved"})
    assert refused.json["errors"][0]["detail"] == "must not lie before established_on, which is 2025-03-09"
    report = stage.post(
        "/v1/reports",
        {
            "process": "{process}",
            "committee": "{committee}",
            "title": "R",
            "type": "interim",
            "reference": "r-0",
        },
    )["id"]
    handed = {**early, "subject": report, "track": "release", "state": "delivered"}
    handed["citations"] = [{"evidence": stage.post("/v1/evidence", EVIDENCE)["id"], "stance": "supports"}]
    told = stage.send("POST", "/v1/status-changes", handed).json["errors"][0]
    says = "must not lie before established_on of its committee, which is 2025-03-09"
    assert (told["pointer"], told["detail"]) == ("/effective_on", says)
    assert stage.post("/v1/status-changes", {**handed, "effective_on": "2025-03-09"})["id"]
    foretold = stage.send("POST", "/v1/status-changes", {**early, "state": "announced"})
    assert foretold.json["type"] == "/problems/forbidden-move"  # it begins there; the day is no fault


def test_what_is_captured_was_there_before(stage: Stage) -> None:
    item = {**EVIDENCE, "captured_on": "2025-03"}
    for name in ("published_on", "occurred_from"):
        refused = submit(stage, {**item, name: "2025-04"})
        assert refused.json["errors"] == [
            {
                "pointer": "/captured_on",
                "detail": f"must not lie before {name}, which is 2025-04",
                "value": "2025-03",
            }
        ]
        stage.post("/v1/evidence", {**item, name: "2025-03-31"})


def test_nobody_is_silent_before_the_question_has_certainly_been_asked(stage: Stage) -> None:
    for day, since in (("2025", "2025-12-31"), ("2026", None)):
        body = {**RECOMMENDATION, "reference": f"S{day}", "issued_on": day}
        asked = stage.post("/v1/recommendations", body)["id"]
        stage.publish(asked)
        looked = {
            "subject": asked,
            "track": "response",
            "state": "awaiting",
            "confirms": True,
            "effective_on": "2026-06-01",
            "reason": "Nobody answered.",
        }
        stage.decide(stage.post("/v1/status-changes", looked)["id"])
        told = stage.get(f"/v1/public/recommendations/{asked}", by=None)["silence"]
        assert [one["since"] for one in told] == ([since] if since else [])
        board = stage.get("/v1/public/processes/{process}/scoreboard?as_of=2026-06-02", by=None)["silence"]
        assert [one["since"] for one in board if one["id"] == asked] == ([since] if since else [])


def test_an_answer_of_a_month_is_kept_as_the_interval_that_it_is(stage: Stage) -> None:
    change = {
        "subject": "{recommendation}",
        "track": "implementation",
        "state": "not_started",
        "reason": "Nothing was done.",
    }
    issued = stage.get("/v1/recommendations/{recommendation}")["issued_on"]
    for known, more, kept in (
        ("2025-04", {}, ("2025-04-01", "2025-04-30")),
        ("2025", {"not_before": "2025-03-09"}, ("2025-03-09", "2025-12-31")),
        ("2025", {}, (issued, "2025-12-31")),
        ("2025-06-01", {}, (None, "2025-06-01")),
        ("2026", {}, ("2026-01-01", "2026-11-23")),
        ("2026-11", {}, ("2026-11-01", "2026-11-23")),
        ("2026", {"not_before": "2026-11-20"}, ("2026-11-20", "2026-11-23")),
        ("2026", {"not_before": "2026-11-23"}, (None, "2026-11-23")),
    ):
        told = stage.post("/v1/status-changes", {**change, "effective_on": known, **more})
        assert (told["not_before"], told["effective_on"]) == kept
    for day in ("2026-12", "2027", "2026-11-24"):
        ahead = stage.send("POST", "/v1/status-changes", {**change, "effective_on": day}).json["errors"]
        assert ahead[0]["detail"] == "must not lie in the future; today is 2026-11-23 in this process"
    verdict = stage.world.answer(stage.ids["recommendation"], "implementation", "stalled", cites=()).id
    reply = {
        "subject": "{recommendation}",
        "replies_to": verdict,
        "assessor": "{press}",
        "reason": "It is not so.",
    }
    refused = stage.send("POST", "/v1/status-changes", {**reply, "effective_on": "2026-10"}).json["errors"]
    assert refused == [
        {
            "pointer": "/effective_on",
            "detail": "a reply is of one day; 2026-10 ends on 2026-10-31",
            "value": "2026-10",
        }
    ]


@pytest.mark.parametrize(
    ("known", "told"),
    [
        ({"effective_on": "2025-05"}, '<time datetime="2025-05">May 2025</time>'),
        (
            {"effective_on": "2025-05", "not_before": "2025-05-10"},
            '<time datetime="2025-05-10">10 May 2025</time> – <time datetime="2025-05-31">31 May 2025</time>',
        ),
        ({"effective_on": "2025-05-31"}, '<time datetime="2025-05-31">31 May 2025</time>'),
    ],
)
def test_a_page_says_since_when_no_more_exactly_than_it_is_known(
    stage: Stage, known: dict[str, str], told: str
) -> None:
    days = {name: date.fromisoformat(day) for name, day in known.items() if len(day) > len("2025-05")}
    days = {"effective_on": date(2025, 5, 31), "not_before": date(2025, 5, 1)} | days
    if known == {"effective_on": "2025-05-31"}:
        del days["not_before"]
    stage.world.answer(stage.ids["recommendation"], "implementation", "not_started", **days)
    reference = stage.get("/v1/recommendations/{recommendation}")["reference"]
    page = stage.client.get(f"/en/coast/recommendations/{reference}").get_data(as_text=True)
    assert f"<small>since {told}</small>" in page


def test_a_reading_of_a_month_is_overdue_when_the_month_has_passed(stage: Stage) -> None:
    reading = {"due_on": "2026-10", "says": "A newspaper", "note": "It gives no day."}
    made = stage.post("/v1/deadlines", {**DEADLINE, "due_on": "2026-09-30", "readings": [reading]})
    stage.publish(made["id"])
    for day, overdue in (("2026-10-31", 0), ("2026-11-02", 2)):
        [told] = stage.get(f"/v1/public/deadlines/{made['id']}?as_of={day}", by=None)["readings"]
        assert (told["due_on"], told["timing"]["days_overdue"]) == ("2026-10", overdue)


@pytest.mark.parametrize(
    ("day", "says"),
    [
        ("31.12.2025", "must be a date as 2025-03-09, not 31.12.2025"),
        ("2025-02-30", "there is no such day as 2025-02-30: February 2025 has 28 days"),
        ("the last day", "must be a date as 2025-03-09"),
        (2025, "must be a date as 2025-03-09"),
    ],
)
def test_an_exact_day_that_cannot_be_read_is_shown(stage: Stage, day: Any, says: str) -> None:
    wrong = {**DEADLINE, "rule": "30 days after the hearing", "event_on": day}
    [fault] = stage.send("POST", "/v1/deadlines", wrong).json["errors"]
    assert (fault["pointer"], fault["detail"]) == ("/event_on", says)


def test_a_day_from_which_dates_are_reckoned_is_exact_and_its_refusal_names_one(stage: Stage) -> None:
    event = {**DEADLINE, "rule": "30 days after the hearing", "event_on": "2026-06"}
    assert stage.send("POST", "/v1/deadlines", event).json["errors"] == [
        {
            "pointer": "/event_on",
            "detail": "must be a date as 2025-03-09; an exact day is needed here, and the last one of 2026-06 is"
            " 2026-06-30",
            "value": "2026-06",
        }
    ]
    counted = stage.send("POST", "/v1/deadlines", {**DEADLINE, "rule": "30 days", "set_on": "2026-06"}).json
    assert counted["errors"] == [
        {
            "pointer": "/set_on",
            "detail": "a rule counts from a day, and 2026-06 is none; give the day, or due_on in place of the rule. The"
            " last day of 2026-06 is 2026-06-30",
            "value": "2026-06",
        }
    ]


@pytest.mark.parametrize(
    "due", [{"due_on": "2026-10-01"}, {"due_on": "2026-10"}, {"rule": "10 days before 2026-10-01"}]
)
def test_a_date_that_was_set_in_some_month_is_there_from_its_first_day(
    stage: Stage, due: dict[str, str]
) -> None:
    made = stage.post("/v1/deadlines", {**DEADLINE, **due, "set_on": "2025-06"})
    stage.publish(made["id"])
    assert (made["set_on"], stage.get(f"/v1/public/deadlines/{made['id']}", by=None)["set_on"]) == (
        "2025-06",
    ) * 2
    for day, there in (("2025-05-31", False), ("2025-06-01", True)):
        assert stage.client.get(f"/v1/public/deadlines/{made['id']}?as_of={day}").status_code == (
            200 if there else 404
        )
    early = stage.send("POST", "/v1/deadlines", {**DEADLINE, "due_on": "2025-05-31", "set_on": "2025-06"})
    told = "must not lie before set_on, which is 2025-06"
    assert early.json["errors"] == [{"pointer": "/due_on", "detail": told, "value": "2025-05-31"}]
    assert (
        stage.send(
            "POST", "/v1/deadlines", {**DEADLINE, "due_on": "2025-06-10", "set_on": "2025-06"}
        ).status_code
        == 201
    )


def test_an_extension_of_some_month_is_late_by_what_is_certain(stage: Stage) -> None:
    """The old date is that of the stage, 8 April 2025."""
    item = stage.post("/v1/evidence", EVIDENCE)["id"]
    more = {"reason": "More time.", "citations": [{"evidence": item, "stance": "supports"}]}
    old = stage.post("/v1/deadlines", {**DEADLINE, "due_on": "2025-04-08", "set_on": "2025-03-09"})["id"]
    said = stage.post(f"/v1/deadlines/{old}/extension", {"set_on": "2025-04", "due_on": "2025-07-10", **more})
    assert (said["change"]["not_before"], said["change"]["effective_on"]) == ("2025-04-01", "2025-04-30")
    assert said["deadline"]["set_on"] == "2025-04"
