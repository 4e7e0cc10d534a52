"""What a reader should know after one minute, in sentences: what was promised, what came, and what is silent."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from markupsafe import Markup

from tracker.languages.i18n import Language
from tracker.languages.texts import pick_text
from tracker.public.sentences.deadlines import has_come
from tracker.web.public.promises import link_dates
from tracker.web.public.reading import Document


def write_committee_headline(
    committee: Document, deadlines: list[Document], language: Language
) -> list[Markup]:
    """Of a committee: when its report was due, how far that slipped, when it came, and whether anybody can read it."""
    chains = [chain for chain in link_dates(deadlines) if chain[-1]["type"] == "final_report_due"]
    name = pick_text(committee, "name", language.code).text
    sentences = [] if not chains else list(_tell_promise(chains[0], name, language))
    return sentences + list(_tell_silence(committee, language))


def _tell_promise(chain: list[Document], name: str, language: Language) -> Iterator[Markup]:
    last = chain[-1]
    first = last["baseline_due_on"] or last["due_on"]
    if first is None:
        return
    yield language.say("%(committee)s was to report by %(day)s.", committee=name, day=language.day(first))
    if last["slip_days"] > 0:
        yield from _tell_slip(chain, language)
    timing = last["timing"]
    if has_come(last):
        yield _tell_coming(last, language)
    elif timing["days_overdue"]:
        yield language.say_number(
            "No report has been handed over; it is %(num)s day overdue.",
            "No report has been handed over; it is %(num)s days overdue.",
            timing["days_overdue"],
        )


def _tell_coming(last: Document, language: Language) -> Markup:
    late, day = last["timing"]["days_late"], language.day(last["met_on"])
    if last["met_not_before"] is not None:
        days = {"first": language.day(last["met_not_before"]), "last": day}
        if not late:
            return language.say("The report was handed over between %(first)s and %(last)s.", **days)
        return language.say_number(
            "The report was handed over between %(first)s and %(last)s, at least %(num)s day late.",
            "The report was handed over between %(first)s and %(last)s, at least %(num)s days late.",
            late, **days,
        )  # fmt: skip
    if not late:
        return language.say("The report was handed over on %(day)s, in time.", day=day)
    return language.say_number(
        "The report was handed over on %(day)s, %(num)s day late.",
        "The report was handed over on %(day)s, %(num)s days late.",
        late, day=day,
    )  # fmt: skip


def _tell_slip(chain: list[Document], language: Language) -> Iterator[Markup]:
    last, day = chain[-1], language.day(chain[-1]["due_on"])
    late = max(int(one["granted_days_late"] or 0) for one in chain)
    if late:
        yield language.say_number(
            "%(num)s day after that day had passed, it was given time until %(day)s.",
            "%(num)s days after that day had passed, it was given time until %(day)s.",
            late, day=day,
        )  # fmt: skip
    else:
        yield language.say_number(
            "It was given time until %(day)s, %(num)s day longer.",
            "It was given time until %(day)s, %(num)s days longer.",
            last["slip_days"], day=day,
        )  # fmt: skip


def _tell_silence(committee: Document, language: Language) -> Iterator[Markup]:
    for silent in committee["silence"][:1]:
        yield language.say_number(
            "Its full text is still not public, %(num)s day later.",
            "Its full text is still not public, %(num)s days later.",
            silent["days"],
        )
    for report in committee["reports"]:
        if report["published_on"] and report["type"] == "final":
            yield language.say(
                "Its report was published on %(day)s.", day=language.day(report["published_on"])
            )
            return


def write_recommendation_headline(numbers: Mapping[str, Any], language: Language) -> Markup | None:
    """Of the recommendations: how many there are, and how many are done in the eyes of the lead or, where the lead
    gives no verdict, of the one who looked at most. None where there are none."""
    counted = numbers["recommendations"]
    if not counted["total"]:
        return None
    most = find_headline_assessor(numbers)
    if most is None:
        return language.say_number(
            "There is %(num)s recommendation; nobody has said yet whether it is implemented.",
            "There are %(num)s recommendations; nobody has said yet whether they are implemented.",
            counted["total"],
        )
    return language.say_number(
        "%(who)s looked at %(answered)s of %(num)s recommendation and finds %(done)s implemented.",
        "%(who)s looked at %(answered)s of %(num)s recommendations and finds %(done)s implemented.",
        counted["total"],
        who=most["assessor"]["name"],
        answered=language.number(most["answered"]),
        done=language.number(most["states"]["implemented"]),
    )


def find_headline_assessor(numbers: Mapping[str, Any]) -> dict[str, Any] | None:
    """The lead or, where it gives no verdict, the one who looked at most; None where nobody did."""
    looked: list[dict[str, Any]] = [
        one for one in numbers["recommendations"]["by_assessor"] if one["answered"]
    ]
    leads = [one for one in looked if one["lead"]]
    return leads[0] if leads else max(looked, key=lambda one: int(one["answered"]), default=None)
