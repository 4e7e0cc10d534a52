"""What the states mean, and what each demands: the state table as a page."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final

from markupsafe import Markup

from tracker.domain.states import Need, State, Track
from tracker.domain.tracks import ADEQUACY, TRACKS
from tracker.languages.i18n import Language
from tracker.web.public.page import Shown, page
from tracker.web.public.visit import Visit
from tracker.web.tones import family_of

#: How parts of a sentence are joined.
_COMMA: Final = {"ar": Markup("، ")}


@page("methodology")
def show_methodology(visit: Visit) -> Shown:
    return {
        "title": visit.language.say("What the states mean"),
        "tracks": list(_list_tracks(visit.language)),
        "criteria": list(ADEQUACY.items()),
    }


def _list_tracks(language: Language) -> Iterator[dict[str, Any]]:
    """One entry for each table of states; the criteria of adequacy share theirs."""
    for family, track in {family_of(code): track for code, track in TRACKS.items()}.items():
        question = "Does it have what an inquiry needs?" if family == "adequacy" else track.question
        states = [
            {
                "code": state.code,
                "meaning": state.meaning,
                "demands": describe_demands(track, state, language),
            }
            for state in track.states
        ]
        yield {
            "code": track.code,
            "family": family,
            "subject": track.subject,
            "question": question,
            "states": states,
        }


def describe_demands(track: Track, state: State, language: Language) -> Markup:
    """The evidence that a state takes of the lead, in words."""
    need: Need = state.need
    if not need.items:
        return language.say("A reason")
    sentences = [
        language.say_number("%(num)s item of evidence", "%(num)s items of evidence", need.items)
        if not need.verified
        else language.say_number("%(num)s verified item", "%(num)s verified items", need.verified)
    ]
    if need.organizations:
        sentences.append(
            language.say_number(
                "from %(num)s independent organization",
                "from %(num)s independent organizations",
                need.organizations,
            )
        )
    if need.not_addressee and track.subject == "evidence":
        sentences.append(language.say("not from where the item itself comes from"))
    elif need.not_addressee:
        sentences.append(language.say("not from those who have to act"))
    if need.from_issuer:
        sentences.append(language.say("from its issuer"))
    if need.own_act:
        sentences.append(language.say("or 1 verified item that shows those who have to act undoing it"))
    return _COMMA.get(language.code, Markup(", ")).join(sentences)
