"""A public act in plain words: who says what, of what, since when, what was said before, and why."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final

from markupsafe import Markup

from tracker.domain.reminders import TRACK
from tracker.domain.tracks import TRACKS
from tracker.languages.i18n import Language, mark
from tracker.languages.member_words import MEMBERS
from tracker.public.redaction import find_cause

Act = Mapping[str, Any]
Names = Mapping[str, Mapping[str, Any]]

#: What a kind of thing is called.
KINDS: Final[Mapping[str, str]] = {
    "process": mark("Process"),
    "organization": mark("Organization"),
    "committee": mark("Committee"),
    "report": mark("Report"),
    "resource": mark("Means"),
    "deadline": mark("Date"),
    "recommendation": mark("Recommendation"),
    "indicator": mark("Numbers over time"),
    "evidence": mark("Item of evidence"),
}
#: What an act did, by the end of its kind.
VERBS: Final[Mapping[str, str]] = {
    "published": mark("published"),
    "revised": mark("revised"),
    "changed": mark("changed"),
    "confirmed": mark("confirmed"),
    "corrected": mark("corrected"),
    "replied": mark("answered by a reply"),
}
#: step of asking an addressee -> what was done.
_REMINDERS: Final[Mapping[str, str]] = {
    "asked": mark("%(who)s asked %(whose)s to answer: %(what)s"),
    "reminded": mark("%(who)s reminded %(whose)s to answer: %(what)s"),
    "reminded_in_public": mark("%(who)s reminded %(whose)s in public to answer: %(what)s"),
    "silence_recorded": mark("%(who)s records that %(whose)s has not answered: %(what)s"),
}
_REVISIONS: Final[Mapping[str, str]] = {
    "correction": mark("It was wrong."),
    "update": mark("The world changed."),
}
#: The acts that are about no thing, by their kind.
_OF_THE_LOG: Final[Mapping[str, str]] = {
    "internal.anchor": mark("The state of the internal log was recorded"),
    "key.rotated": mark("The key that signs the log was changed"),
    "log.succeeded": mark("The log was closed, and another goes on"),
}
#: The members of a content that say what a thing is, the first that is there; and how much of it is shown.
_SAYS: Final = ("text", "summary", "description")
_LONGEST: Final = 500


@dataclass(frozen=True, slots=True)
class Told:
    """An act in words. ``reason`` and ``excerpt``, how a thing describes itself, are as somebody wrote them; ``cited``
    are the items that it rests on, each with what it does for the answer."""

    title: Markup
    sentences: tuple[Markup, ...] = ()
    reason: str | None = None
    excerpt: str | None = None
    cited: tuple[tuple[str, str], ...] = ()


def list_mentioned(acts: Iterable[Act]) -> set[str]:
    """The ids of all that the texts about these acts name."""
    ids = set()
    for act in acts:
        ids |= {act[member] for member in ("subject", "process", "assessor") if act.get(member)}
        change: Act = act.get("change", {})
        ids |= {change[who] for who in ("assessor", "addressee", "verdict_by") if change.get(who)}
        ids |= {citation["evidence"] for citation in change.get("citations", ())}
    return ids


def find_author(act: Act) -> str | None:
    """The id of the organization whose word an act is; None where it is of the tracker."""
    change: Mapping[str, Any] = act.get("change", {})
    author: str | None = change.get("assessor")
    return author


def find_verb(act: Act) -> str:
    """What an act did: the end of its kind."""
    return str(act["kind"]).rpartition(".")[2]


def describe_act(act: Act, names: Names, language: Language) -> Told:
    """A title that says who says what of what, and the sentences that say the rest."""
    say, verb = language.say, find_verb(act)
    if act["subject"] is None:
        return Told(say(_OF_THE_LOG[act["kind"]]))
    kind = say(KINDS[act["subject_kind"]])
    what = (names.get(act["subject"]) or {}).get("name")
    if what is None and verb in VERBS:
        gone = say("%(kind)s, not public any more", kind=kind)
        title = say("%(what)s: %(done)s", what=gone, done=say(VERBS[verb]))
        return Told(title, (say("What it was about is not public any more."),))
    what, sort = what or kind, say("Kind: %(kind)s.", kind=kind)
    if "change" in act:
        return _describe_change(act, names, language)
    if "basis" in act:
        return _describe_basis(act, names, language)
    if "refs" in act:
        return Told(say("%(what)s: content destroyed", what=what), tuple(_describe_redaction(act, language)))
    if verb == "withdrawn":
        return Told(say("%(what)s was withdrawn", what=what), (sort,), act["reason"])
    if verb == "revised":
        return Told(
            say("%(what)s was revised", what=what),
            tuple(_describe_revision(act, language)) or (sort,),
            act.get("reason"),
        )
    return Told(say("%(what)s was published", what=what), (sort,), excerpt=_quote_content(act))


def _name(names: Names, thing: str, language: Language) -> Markup | str:
    return (names.get(thing) or {}).get("name") or language.say("something that is not public")


def _label(track: str, state: str, language: Language) -> str:
    return language.label(track.partition(".")[0], state).lower()


def _describe_change(act: Act, names: Names, language: Language) -> Told:
    """What changed from what, since when, why, and on what evidence."""
    change = act["change"]
    title = (
        _title_reply(act, names, language) if "verdict_by" in change else _title_change(act, names, language)
    )
    moved = (
        _describe_reply(change, names, language)
        if "verdict_by" in change
        else _describe_move(change, language)
    )
    cited = [
        (str(_name(names, one["evidence"], language)), language.label("stance", one["stance"]))
        for one in change["citations"]
    ]
    if change["rests_on_undisclosed"]:
        hidden = language.unmark(language.say("evidence that is not public"))
        cited.append((hidden, language.label("stance", "supports")))
    question = language.say(TRACKS[change["track"]].question)
    return Told(title, (question, moved), change["reason"], cited=tuple(cited))


def _title_change(act: Act, names: Names, language: Language) -> Markup:
    change, say = act["change"], language.say
    parts = {
        "who": _name(names, change["assessor"], language),
        "what": _title_question(change, _name(names, act["subject"], language), names, language),
        "state": _label(change["track"], change["to"], language),
    }
    if change["track"] == TRACK and change["act"] != "correction":
        whose = _name(names, change["addressee"], language)
        return say(
            _REMINDERS[change["to"]],
            **{**parts, "whose": whose, "what": _name(names, act["subject"], language)},
        )
    if change["act"] == "confirmation":
        return say("%(who)s: %(what)s is still %(state)s", **parts)
    if change["act"] == "correction":
        return say("%(who)s: %(what)s is corrected to %(state)s", **parts)
    return say("%(who)s: %(what)s is now %(state)s", **parts)


def _title_question(change: Act, name: Markup | str, names: Names, language: Language) -> Markup | str:
    """What an answer is about: the thing, or one question about it."""
    track, _, criterion = change["track"].partition(".")
    if criterion:
        criterion_name = language.label("adequacy_criterion", criterion).lower()
        return language.say("the criterion %(criterion)s of %(name)s", criterion=criterion_name, name=name)
    if track == TRACK:
        whose = _name(names, change["addressee"], language)
        return language.say("the request to %(whose)s to answer %(name)s", whose=whose, name=name)
    if track == "response" and change["addressee"]:
        whose = _name(names, change["addressee"], language)
        return language.say("the response of %(whose)s to %(name)s", whose=whose, name=name)
    return language.say("the response to %(name)s", name=name) if track == "response" else name


def _title_reply(act: Act, names: Names, language: Language) -> Markup:
    who, whom = (_name(names, act["change"][one], language) for one in ("assessor", "verdict_by"))
    what = _name(names, act["subject"], language)
    return language.say("%(who)s replies to %(whom)s on %(what)s", who=who, whom=whom, what=what)


def _describe_reply(change: Act, names: Names, language: Language) -> Markup:
    return language.say(
        "%(who)s says: %(state)s. The reply is of %(day)s.",
        who=_name(names, change["verdict_by"], language),
        state=_label(change["track"], change["to"], language),
        day=language.day(change["effective_on"]),
    )


def _describe_move(change: Act, language: Language) -> Markup:
    say, day = language.say, language.day(change["effective_on"])
    state, was = (_label(change["track"], change[which], language) for which in ("to", "from"))
    if change["act"] == "confirmation":
        return say("Still %(state)s, looked at on %(day)s.", state=state, day=day)
    if change["act"] == "correction":
        return say(
            "%(state)s since %(day)s; this corrects an earlier answer.", state=state.capitalize(), day=day
        )
    if change["not_before"] is not None:
        first = language.day(change["not_before"])
        return say(
            "From %(was)s to %(state)s, between %(first)s and %(day)s.",
            was=was,
            state=state,
            first=first,
            day=day,
        )
    return say("From %(was)s to %(state)s, since %(day)s.", was=was, state=state, day=day)


def _describe_basis(act: Act, names: Names, language: Language) -> Told:
    say, now = language.say, language.label("basis", act["basis"]).lower()
    parts = {
        "what": _name(names, act["subject"], language),
        "who": _name(names, act["assessor"], language),
        "now": now,
    }
    title = (
        say("%(what)s: the evidence behind the reply of %(who)s is now %(now)s", **parts)
        if "replies_to" in act
        else say("%(what)s: the evidence behind the answer of %(who)s is now %(now)s", **parts)
    )
    was = language.label("basis", act["was"]).lower()
    moved = say("It was %(was)s and is now %(now)s.", was=was, now=now)
    return Told(title, (moved, say(TRACKS[act["track"]].question)))


def _describe_redaction(act: Act, language: Language) -> Iterator[Markup]:
    if "event" in act:
        yield language.say("The words of an earlier act were destroyed.")
    else:
        yield language.say("What was said of it was destroyed.")
    cause = language.label("redaction_reason", find_cause(act["reason"])).lower()
    yield language.say("The reason: %(cause)s.", cause=cause)


def _describe_revision(act: Act, language: Language) -> Iterator[Markup]:
    if act.get("members"):
        words = (MEMBERS.get(member) or member.replace("_", " ") for member in act["members"])
        members = language.comma.join(language.say(word) for word in words)
        yield language.say("What changed: %(members)s.", members=members)
    if "revision" in act:
        yield language.say(_REVISIONS[act["revision"]])
    if act.get("alone"):
        yield language.say("One person made this change, as the process lets them.")


def _quote_content(act: Act) -> str | None:
    """How a thing describes itself, cut where it is long."""
    content: Mapping[str, Any] = act.get("content", {})
    text = next((str(content[member]) for member in _SAYS if content.get(member)), None)
    return text if text is None or len(text) <= _LONGEST else f"{text[: _LONGEST - 2]} …"


def write_text(sentence: Told, language: Language) -> str:
    """The same as plain text, for those who show no more than that."""
    lines = [" ".join(language.unmark(one) for one in sentence.sentences)]
    if sentence.reason:
        lines.append(language.unmark(language.say("Why: %(reason)s", reason=sentence.reason)))
    if sentence.excerpt:
        lines.append(sentence.excerpt)
    if sentence.cited:
        items = "; ".join(f"{name} ({stance.lower()})" for name, stance in sentence.cited)
        lines.append(language.unmark(language.say("Evidence: %(items)s", items=items)))
    return "\n".join(line for line in lines if line)
