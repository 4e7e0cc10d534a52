"""Proposing a status: the track and the state are chosen by following links; then it is said what the state demands and
what of it is given, what everybody says today, and what would follow.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any, Final

from tracker.actions import demands, statuses
from tracker.actions.support import lookup
from tracker.actions.support.unit import open_view
from tracker.domain.deadlines import REPLACED
from tracker.domain.publication import WITHDRAWN
from tracker.domain.tracks import SUBJECTS, TRACKS
from tracker.languages.i18n import Language, mark, mark_number
from tracker.schemas.demands import Items
from tracker.schemas.fields import Code, Id, Strict, Text
from tracker.schemas.statuses import StatusChangeIn
from tracker.store.change_rows import ChangeRow
from tracker.store.evidence import Evidence
from tracker.store.recommendations import list_addressees
from tracker.store.subject_rows import SubjectRow
from tracker.web.desk.names import name_things
from tracker.web.desk.public_verdicts import (
    Document,
    describe_public_verdicts,
    list_open_answers,
    read_public,
)
from tracker.web.desk.verdicts import list_verdicts, read_answers
from tracker.web.desk.view import Shown, Unit, Visit, act, view
from tracker.web.filled_forms import Choice
from tracker.web.forms import BOUND, Field, Form

#: Of how many items of evidence, the newest, one is chosen from a list; another is cited from its own page.
MOST_CHOICES: Final = 200
#: code of a demand -> what is demanded, of one and of so many.
DEMANDS: Final[Mapping[str, tuple[str, str]]] = {
    "items": mark_number("%(num)s item of evidence supports it", "%(num)s items of evidence support it"),
    "verified": mark_number(
        "%(num)s verified item of evidence supports it", "%(num)s verified items of evidence support it"
    ),
    "organizations": mark_number(
        "%(num)s independent organization stands behind the evidence",
        "%(num)s independent organizations stand behind the evidence",
    ),
}
#: why an item does not count -> in words.
SHORTFALLS: Final[Mapping[str, str]] = {
    "unverified": mark("It is not verified yet."),
    "disputed": mark("It is disputed."),
    "fallen": mark("It was refuted or withdrawn."),
    "from_addressee": mark("It comes from somebody who is asked to act."),
    "not_from_issuer": mark("It does not come from the issuer of the recommendation."),
    "same_source": mark("It shows the same as another item."),
}
#: The same where the evidence itself is judged: it has to be confirmed from elsewhere.
_OF_EVIDENCE: Final[Mapping[str, str]] = {
    "from_addressee": mark("It comes from where the item itself comes from.")
}
#: What is chosen before the form.
_CHOSEN: Final = ("track", "state", "addressee", "assessor", "corrects")


class ProposeQuery(Strict):
    """How far the choice has come."""

    track = Code(TRACKS)
    state = Text(32)
    addressee = Id("organization", sought=True)
    assessor = Id("organization", sought=True)
    corrects = Id("change", sought=True)
    cites = Items()


FORM = Form(
    StatusChangeIn,
    *(
        Field(name, "", kind=BOUND)
        for name in ("subject", "track", "state", "addressee", "assessor", "confirms", "corrects")
    ),
    Field(
        "effective_on",
        mark("From which day"),
        hint=mark("A day, a month or a year: 2025-04-09, 2025-04 or 2025."),
    ),
    Field("reason", mark("Why"), hint=mark("Everybody will read it.")),
    Field("citations/*/evidence", mark("Evidence")),
    Field("citations/*/stance", mark("What it does"), vocabulary="stance"),
    Field("citations/*/locator", mark("Where in it")),
    button=mark("Propose it"),
)


@view(
    "/subjects/{id}/propose",
    permission="status.propose",
    template="propose",
    names={"id": SUBJECTS},
    query=ProposeQuery,
    opens=("basis", "overdue", "reckoning", "parts"),
)
def show_propose_status(desk: Visit, id: str) -> Shown:
    """To the desk beside what the record says, to a watchdog beside what everybody reads."""
    subject = lookup.get_known_subject(desk.viewer, id)
    document = None if desk.by.may("record.read") else read_public(desk, subject.kind, id)
    shown: Shown = {
        "title": desk.language.say("Propose a status"),
        "subject": {"id": id, "kind": subject.kind, "name": name_things(desk, [id])[id]},
        "steps": [],
        "track": desk.query.get("track"),
        "state": None,
    }
    track = TRACKS.get(desk.query.get("track", ""))
    if track is None:
        return {
            **shown,
            "question": desk.language.say("Which question?"),
            "steps": _list_tracks(desk, id, document),
        }
    if track.per_addressee and "addressee" not in desk.query:
        question = desk.language.say("Whose answer is it?")
        return {**shown, "question": question, "steps": _list_addressees(desk, id)}
    shown |= {
        "question": desk.language.say(track.question),
        "verdicts": _list_verdicts(desk, subject, document, track.code),
    }
    known = {name: value for name, value in desk.query.items() if name not in ("state", "corrects")}
    with open_view(desk.session, desk.by, desk.now, desk.context.entropy) as unit:
        demanded = demands.list_demands(unit, id, known)
    states = [_describe_state(desk, id, track.code, one) for one in demanded["states"]]
    chosen = next((one for one in states if one["code"] == desk.query.get("state")), None)
    if chosen is None:
        return {**shown, "steps": states}
    return {**shown, "state": chosen, **_begin_form(desk, subject, chosen)}


def _list_verdicts(desk: Visit, subject: SubjectRow, document: Document | None, track: str) -> list[Shown]:
    if document is None:
        return list_verdicts(desk, subject, track)
    return describe_public_verdicts(desk, document, track)


def _list_tracks(desk: Visit, id: str, document: Document | None) -> list[Shown]:
    answers = read_answers(desk, id) if document is None else list_open_answers(document)
    return [
        {
            "href": desk.link_here(track=one["track"]),
            "label": desk.language.say(TRACKS[one["track"]].question),
            "track": one["track"],
            "code": one["lead"]["state"],
        }
        for one in answers
    ]


def _list_addressees(desk: Visit, id: str) -> list[Shown]:
    names = name_things(desk, list_addressees(desk.session, id))
    return [
        {"href": desk.link_here(addressee=one), "label": name, "track": None} for one, name in names.items()
    ]


def _describe_state(desk: Visit, subject: str, track: str, demanded: Mapping[str, Any]) -> Shown:
    """A state that may be chosen: what it means, what it demands, and what of that is given."""
    language, code = desk.language, demanded["state"]
    act = "correction" if "corrects" in desk.query else demanded["act"]
    names = name_things(desk, [one["evidence"] for one in demanded["items"]])
    return {
        "code": code,
        "track": track,
        "act": act,
        "href": _find_form(desk, subject, track, code) if act else None,
        "label": language.say(TRACKS[track].state(code).meaning),
        "met": demanded["support"]["met"],
        "own_act": demanded["support"]["own_act"],
        "demands": [_describe_demand(language, track, one) for one in demanded["support"]["demands"]],
        "short": [
            {
                "name": names.get(one["evidence"], one["evidence"]),
                "because": language.say(_find_shortfall(track, one["because"])),
                "href": _find_mending(desk, one),
            }
            for one in demanded["items"]
            if one["because"]
        ],
    }


def _find_form(desk: Visit, subject: str, track: str, state: str) -> str:
    """Where a state is proposed: another date in the place of one has a form of its own."""
    if track == "outcome" and state in REPLACED:
        return desk.link(f"/deadlines/{subject}/extension")
    return desk.link_here(state=state)


def _find_shortfall(track: str, because: str) -> str:
    own = _OF_EVIDENCE if TRACKS[track].subject == "evidence" else {}
    return own.get(because, SHORTFALLS[because])


def _name_barred(language: Language, track: str) -> str:
    """From whom evidence does not count."""
    if TRACKS[track].subject == "evidence":
        return language.say("not from where the item itself comes from")
    return language.say("not from those who are asked to act")


def _describe_demand(language: Language, track: str, demand: Any) -> Shown:
    singular, many = DEMANDS[demand.code]
    return {
        "text": language.say_number(singular, many, demand.needed),
        "not_from": _name_barred(language, track) if demand.not_addressee else None,
        "from_issuer": demand.from_issuer,
        "given": demand.given,
        "met": demand.met,
    }


def _find_mending(desk: Visit, item: Mapping[str, Any]) -> str | None:
    """Where one makes an item count."""
    if item["change"] is not None:
        return desk.link(f"/decide/{item['change']}")
    if item["mended_by"] is None:
        return None
    return desk.link(f"/subjects/{item['evidence']}/propose", track="verification")


def _begin_form(desk: Visit, subject: Any, chosen: Mapping[str, Any]) -> Shown:
    asked = desk.query
    return {
        "values": {
            "subject": subject.id,
            **{name: asked[name] for name in _CHOSEN if name in asked},
            "confirms": chosen["act"] == "confirmation",
            "effective_on": _find_day(desk, subject),
            "citations": [{"evidence": item, "stance": "supports"} for item in asked.get("cites", ())],
        },
        "choices": {"citations/*/evidence": list_evidence(desk, subject.process_id, asked.get("cites", ()))},
    }


def _find_day(desk: Visit, subject: Any) -> date:
    """The day that the form begins with: that of what is corrected, or today."""
    if "corrects" in desk.query:
        corrected: date = lookup.get_status_change(desk.viewer, desk.query["corrects"]).effective_on
        return corrected
    today: date = subject.process.days.today(desk.now)
    return today


def list_evidence(desk: Visit, process: str, cited: list[str]) -> list[Choice]:
    """What may be cited: the newest items of a process, and those that are cited already."""
    query = desk.viewer.select(Evidence).where(
        Evidence.process_id == process, Evidence.publication != WITHDRAWN
    )
    newest = desk.session.scalars(query.order_by(Evidence.created_at.desc()).limit(MOST_CHOICES)).unique()
    return list({**name_things(desk, cited), **{one.id: one.title for one in newest}}.items())


def note_what_is_cited(desk: Visit, data: Shown, **_parts: str) -> None:
    """What the form cites counts for what the state is shown to demand."""
    cited = [one["evidence"] for one in data.get("citations", ()) if one["stance"] == "supports"]
    desk.query["cites"] = list(dict.fromkeys(cited))


def try_status(_desk: Visit, unit: Unit, data: Shown, id: str) -> ChangeRow:
    return statuses.propose_status_change(unit, {**data, "subject": id})


@act(
    show_propose_status,
    FORM,
    done=mark("It was proposed. Another person decides on it."),
    prepare=note_what_is_cited,
    then="/decide/{made}",
    tries=try_status,
)
def propose_status(desk: Visit, unit: Unit, data: Shown, id: str) -> str:
    made: str = try_status(desk, unit, data, id).id
    return made
