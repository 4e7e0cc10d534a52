"""A public act in plain words: who says what, of what, since when, what was said before, and why."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from tracker.domain.text import with_article
from tracker.domain.tracks import TRACKS
from tracker.public.redaction import find_cause

Act = Mapping[str, Any]
Names = Mapping[str, Mapping[str, Any]]

#: What stands for a name that is not public any more.
NAMELESS: Final = "something withdrawn"
_VERBS: Final = {"confirmation": "is still", "correction": "is corrected to"}
_STANCES: Final = {"supports": "supports it", "contradicts": "contradicts it", "context": "as context"}
_REVISIONS: Final = {"correction": "It was wrong.", "update": "The world changed."}
#: The members of a content that say what a thing is, the first that is there; and how much of it is shown.
_SAYS: Final = ("text", "summary", "description")
_LONGEST: Final = 500


def list_mentioned(acts: list[dict[str, Any]]) -> set[str]:
    """The ids of all that the texts about these acts name."""
    found = {act[member] for act in acts for member in ("subject", "process", "assessor") if act.get(member)}
    for change in (act["change"] for act in acts if "change" in act):
        found |= {change[who] for who in ("assessor", "addressee", "verdict_by") if change.get(who)}
        found |= {citation["evidence"] for citation in change["citations"]}
    return found


def find_author(act: Act) -> str | None:
    """The id of the organization whose word an act is; None where it is of the tracker."""
    change: Mapping[str, Any] = act.get("change", {})
    found: str | None = change.get("assessor")
    return found


def describe_act(act: Act, names: Names) -> tuple[str, str]:
    """A title that says who says what of what, and a text that says the rest."""
    kind, verb = with_article(act["subject_kind"]), str(act["kind"]).rpartition(".")[2]
    if act["subject"] not in names and verb not in ("withdrawn", "redacted"):
        return f"{NAMELESS}: {verb}", f"This was about {kind} that is public no more."
    if "change" in act:
        change = act["change"]
        title = _title_reply(act, names) if "verdict_by" in change else _title_change(act, names)
        return title, _describe_change(change, names)
    subject = _name(names, act["subject"])
    if "basis" in act:
        whose = f"the {'reply' if 'replies_to' in act else 'answer'} of {_name(names, act['assessor'])}"
        text = f"It was {act['was']} and is now {act['basis']}. The question: {TRACKS[act['track']].question}"
        return f"{subject}: the evidence behind {whose} is now {act['basis']}", text
    if "refs" in act:
        what = "The words of an earlier act were" if "event" in act else "What was said of it was"
        cause = find_cause(act["reason"]).replace("_", " ")
        return f"{subject}: redacted", f"{what} destroyed. The reason: {cause}."
    if verb == "withdrawn":
        return f"{subject}: withdrawn", f"This was {kind}. Why it was withdrawn: {act['reason']}"
    if verb == "revised":
        return f"{subject} was revised", _describe_revision(act)
    return f"{subject} was published", f"This is {kind}.{_quote_content(act)}"


def _name(names: Names, thing: str) -> str:
    return str((names.get(thing) or {}).get("name") or NAMELESS)


def _label(track: str, state: str) -> str:
    return TRACKS[track].state(state).label.lower()


def _title_change(act: Act, names: Names) -> str:
    change = act["change"]
    what = _name(names, act["subject"])
    track, _, criterion = change["track"].partition(".")
    if criterion:
        what = f"the criterion {criterion.replace('_', ' ')} of {what}"
    elif track == "response":
        whose = f" of {_name(names, change['addressee'])}" if change["addressee"] else ""
        what = f"the response{whose} to {what}"
    verb = _VERBS.get(change["act"], "is now")
    return f"{_name(names, change['assessor'])}: {what} {verb} {_label(change['track'], change['to'])}"


def _title_reply(act: Act, names: Names) -> str:
    by, to = (_name(names, act["change"][who]) for who in ("assessor", "verdict_by"))
    return f"{by} replies to {to} on {_name(names, act['subject'])}"


def _describe_change(change: Mapping[str, Any], names: Names) -> str:
    """What changed from what, since when, why, and on what evidence."""
    state, was = (_label(change["track"], change[which]) for which in ("to", "from"))
    day = change["effective_on"]
    since = f"as of {day}" if change["not_before"] is None else f"between {change['not_before']} and {day}"
    question = TRACKS[change["track"]].question
    if "verdict_by" in change:
        moved = f"{_name(names, change['verdict_by'])} says {state}. The reply is of {day}"
    elif change["act"] == "confirmation":
        moved = f"Still {state}, looked at on {day}"
    elif change["act"] == "correction":
        moved = f"{state.capitalize()}, {since}; this corrects an earlier answer"
    else:
        moved = f"From {was} to {state}, {since}"
    cited = "; ".join(
        f"{_name(names, citation['evidence'])} ({_STANCES[citation['stance']]})"
        for citation in change["citations"]
    )
    return f"{question} {moved}. Why: {change['reason']}" + (f"\nEvidence: {cited}" if cited else "")


def _describe_revision(act: Act) -> str:
    members = ", ".join(member.replace("_", " ") for member in act.get("members", ()))
    said = f"What changed: {members}." if members else f"This is {with_article(act['subject_kind'])}."
    said += f" {_REVISIONS[act['revision']]}" if "revision" in act else ""
    said += " One person made this change, as the process lets them." if act.get("alone") else ""
    return f"{said} Why: {act['reason']}" if act.get("reason") else said


def _quote_content(act: Act) -> str:
    """How a thing describes itself, cut where it is long."""
    content: Mapping[str, Any] = act.get("content", {})
    text = next((str(content[member]) for member in _SAYS if content.get(member)), "")
    return f"\n{text}" if len(text) <= _LONGEST else f"\n{text[: _LONGEST - 2]} …"
