"""As of a day before an update, lists, counts, search, scoreboard and documents tell what was so then: the words, whom
it concerned, under what it was found. A record in which the update was never entered says the same.
"""

from __future__ import annotations

import json
import re
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, timedelta
from pathlib import Path
from random import Random
from typing import Any

from flask.testing import FlaskClient
from sqlalchemy import select

from tests.conftest import Clock
from tests.public.assertions import agrees, opened
from tests.public.test_first_days import numbers, pages, revised
from tests.world import CALENDAR, World
from tracker.actions.support.lookup import MODELS
from tracker.domain.ids import make_pattern

UPDATED = date(2025, 6, 1)
BEFORE, AFTER = UPDATED - timedelta(days=1), UPDATED
BEGAN = date(2025, 3, 1)
#: What an act leaves on a document, whatever day is asked of.
_OF_ACTS = ("changed_at", "revised_at", "published_at", "last_act", "updating_since")
KINDS = ("recommendation", "deadline", "committee", "report", "resource", "indicator", "evidence")
#: Lists as people narrow them, with the names of things in place of their ids.
LISTS = (
    *(f"{kind}s" for kind in KINDS[:-1]),
    *("evidence", "organizations", "recommendations?sort=-issued_on", "organizations?part_of=government"),
    *(
        "organizations?type=media",
        "organizations?type=un_body",
    ),
    *("recommendations?tag=own:vetting", "recommendations?tag=own:courts", "recommendations?parent=R1"),
    *("recommendations?addressee=ministry", "recommendations?addressee=government&type=vetting"),
    *("recommendations?type=legislative_reform", "recommendations?part=true"),
    *("recommendations?addressee=government&implementation=stalled", "resources?type=secure_it"),
    *("deadlines?type=review_date", "committees?body_type=truth_commission", "evidence?country=SY"),
    *("indicators?concerns=ministry", "indicators?body=government", "reports?type=interim"),
    "recommendations?stale=true",
)
#: Another calendar, and other rules of a process.
RULES: dict[str, Any] = {
    "calendar": {**CALENDAR, "weekend": ["saturday", "sunday"]},
    "stale_after_days": 30,
    "reminders": [{"step": "asked", "after_days": 10}],
    "evidence_policy": {"implementation.not_started": {"items": 1}},
    "languages": ["ar", "en"],
}
WORDS = ("screening", "tribunals", "bureau", "amal", "damascus", "leaflet", "ledger")


def record(world: World, until: date) -> None:
    """Things of every kind, each with an update that holds from one day on, which is only entered if that day came."""
    world.organization("bureau", "media", name="Bureau of Records")
    amal, basel = {"name": "Amal", "from_on": UPDATED}, {"name": "Basel", "from_on": BEGAN}
    body = world.make_committee(
        "body", established_on=BEGAN, members=[basel] if until < UPDATED else [basel, amal]
    )
    report = world.report("first", committee_id=body, dated_on=BEGAN, title="First ledger")
    more = {
        "issued_on": BEGAN,
        "addressees": [{"organization_id": world.ministry}],
        "tags": [{"scheme": "own", "code": "vetting"}],
    }
    first = world.recommendation("R1", title="Screening", text="Screen all of Damascus.", **more)
    second = world.recommendation("R2", title="Other", **more)
    world.answer(second, "implementation", "stalled", effective_on=BEGAN, cites=())
    untouched = world.recommendation("R3", title="Untouched", **more)
    world.answer(untouched, "implementation", "stalled", effective_on=BEGAN, cites=())
    due = world.deadline(
        owner_id=first,
        set_on=BEGAN,
        rule=None,
        due_on=date(2025, 4, 1),
        type="implementation_due",
        title="Screening due",
    )
    means = world.resource(body, figures=[{"figure": "needed", "as_of": BEGAN, "source": "S"}])
    trials = world.indicator(
        figures=[{"figure": "counted", "stage": "charged", "amount": 1, "as_of": BEGAN, "source": "S"}]
    )
    item = world.item(published_on=BEGAN, title="A leaflet")
    if until < UPDATED:
        return
    ministry, government = world.ministry, world.government
    changes: list[tuple[str, str, dict[str, Any]]] = [
        (
            "organization",
            "bureau",
            {"name": "Office of Records", "type": "un_body", "part_of_id": government},
        ),
        (
            "committee",
            body,
            {
                "body_type": "truth_commission",
                "note": "Tribunals were added.",
                "members": [{**basel, "role": "chair"}, amal],
            },
        ),
        ("report", report, {"title": "First book", "type": "interim"}),
        (
            "recommendation",
            first,
            {
                "title": "Tribunals",
                "text": "Try all.",
                "tags": [{"scheme": "own", "code": "courts"}],
                "type": "legislative_reform",
            },
        ),
        ("recommendation", second, {"addressees": [{"organization_id": government}], "parent_id": first}),
        ("deadline", due, {"title": "Tribunals due", "type": "review_date"}),
        ("resource", means, {"title": "Tribunals", "type": "secure_it"}),
        ("indicator", trials, {"concerns_id": ministry, "body_id": government, "title": "Tribunals held"}),
        ("evidence", item, {"title": "A poster", "country": "SY"}),
        ("process", world.process, RULES),
    ]
    for kind, thing, said in changes:
        own = thing if "_" in thing else find(world, kind, thing)
        revised(world, own, kind, revision="update", since=UPDATED, **said)


def find(world: World, kind: str, slug: str) -> str:
    return str(world.session.scalar(select(MODELS[kind].id).where(MODELS[kind].slug == slug)))


@contextmanager
def recorded(template: tuple[Path, World], folder: Path, until: date) -> Iterator[tuple[FlaskClient, World]]:
    path = folder / f"{until}.db"
    shutil.copy(template[0], path)
    with opened(f"sqlite:///{path}", template[1], Clock(), Random(7).randbytes) as (app, world):
        record(world, until)
        yield app.test_client(), world


def tell(client: FlaskClient, world: World, day: date) -> dict[str, Any]:
    """All that is said as of a day, with the short names of things in place of their ids."""
    ids: dict[str, str] = {}
    for plural in (*(f"{kind}s" for kind in KINDS[:-1]), "evidence", "organizations", "processes"):
        for one in pages(client, f"/v1/public/{plural}?limit=200"):
            ids[one["id"]] = str(one.get("slug") or one.get("reference") or f"the {one['kind']}")
    names = {name: id for id, name in ids.items()}

    def address(path: str) -> str:
        there = re.sub(r"=(R1)\b", lambda found: f"={names[found[1]]}", path)
        return f"/v1/public/{there}{'&' if '?' in there else '?'}as_of={day}"

    told: dict[str, Any] = {}
    for path in LISTS:
        told[path] = pages(client, address(path))
        counted = address(path.replace("?", "/count?", 1) if "?" in path else f"{path}/count")
        if "sort" not in path:
            assert client.get(counted).json["count"] == len(told[path]), path
    told["process"] = _drop(client.get(address(f"processes/{world.process}")).json)
    for one in list(told["recommendations"]) + list(told["deadlines"]) + list(told["organizations"]):
        plural = f"{one['kind']}s"
        whole = client.get(f"/v1/public/{plural}/{one['id']}?as_of={day}").json
        told[f"{plural} {ids[one['id']]}"] = {**whole, "history": len(whole["history"])}
    for word in WORDS:
        hits = pages(client, f"/v1/public/search?q={word}&as_of={day}&limit=3")
        told[word] = sorted((ids[one["id"]], one["title"], one["snippet"]) for one in hits)
    told["scoreboard"] = numbers(client, world.process, f"?as_of={day}")
    return json.loads(_rename(json.dumps(_drop(told)), ids))


def _drop(said: Any) -> Any:
    if isinstance(said, dict):
        return {name: _drop(one) for name, one in said.items() if name not in _OF_ACTS}
    return [_drop(one) for one in said] if isinstance(said, list) else said


_ID = re.compile(make_pattern("change", "event", "mandate", "file").strip("^$"))


def _rename(text: str, ids: dict[str, str]) -> str:
    for id, name in ids.items():
        text = text.replace(id, name)
    return _ID.sub("…", text)


def test_a_day_before_an_update_is_told_as_if_it_had_never_been_entered(
    world_template: tuple[Path, World], tmp_path: Path
) -> None:
    with recorded(world_template, tmp_path, date.max) as (client, world):
        told, now = tell(client, world, BEFORE), tell(client, world, AFTER)
        assert agrees(world)
    with recorded(world_template, tmp_path, BEFORE) as (client, world):
        never = tell(client, world, BEFORE)
    for name, said in never.items():
        assert told[name] == said, name
    assert "R3" in {
        one["reference"] for one in now["recommendations?stale=true"]
    }  # by a rule of its process alone
    different = {name for name in told if told[name] != now[name]}
    assert different >= {*LISTS[6:7], *LISTS[8:], *WORDS, "scoreboard", "process"}
