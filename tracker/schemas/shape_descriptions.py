"""What a member means in one shape, where it is not what `tracker.schemas.descriptions` says of that name."""

from __future__ import annotations

from typing import Final

from tracker.domain.responses import RULES

OF_SHAPES: Final[dict[str, str]] = {
    "AccountIn.name": "The name by which the desk knows the account.",
    "AccountIn.organization": "The organization that the account speaks for; required for watchdogs and partners.",
    "AddresseeCount.addressee": "The organization that was asked.",
    "AddresseeCount.answered": "How many of these it has answered.",
    "AddresseeCount.asked": "How many recommendations are addressed to it.",
    "AddresseeIn.role": "What is asked of the addressee.",
    "AuditEntryOut.target": "The id of what it was done to.",
    "AuditEntryOut.verb": "What was done, as a code.",
    "AuditReadingIn.limit": "How many entries to read, newest first.",
    "AuditRecordOut.target": "The id of what it was done to.",
    "AuditRecordOut.verb": "What was done, as a code.",
    "AnswersOut.lead": "The answer of the lead organization.",
    "AssessorCount.lead": "True where the organization leads the process.",
    "ClaimIn.event": "What happened on that date.",
    "ClaimOut.event": "What happened on that date.",
    "ClaimContent.event": "What happened on that date.",
    "ConsentIn.basis": "On what basis the item may be used.",
    "Counted.count": "How many there are now.",
    "CrosswalkName.about": "What the scheme is used for, and by whom.",
    "CustodyOut.detail": "More on the event; its members depend on the type.",
    "CustodyOut.type": "The type of the event, a PREMIS event type.",
    "DeadlineIn.basis": "What the deadline rests on.",
    "DeadlineOut.basis": "What the deadline rests on.",
    "DeadlineContent.basis": "What the deadline rests on.",
    "DeadlineSubject.basis": "What the deadline rests on.",
    "DecisionIn.decision": "`approve` and `return` are for others than the proposer; `retract` is for the proposer.",
    "DecisionIn.note": "A note for the proposer; required with `return`.",
    "Event.change": "The status change of the act.",
    "Event.kind": "What kind of act it is.",
    "RedactionOut.proposal": "The id of the proposal that another custodian decides on.",
    "ExtensionIn.basis": "What the new deadline rests on; that of the old one where left out.",
    "ExtensionOut.change": "The status change that closes the old deadline once it is approved.",
    "ExtensionOut.deadline": "The new deadline, still a draft.",
    "FigureIn.organization": "The organization that gives the number.",
    "FigureOut.organization": "The organization that gives the number.",
    "FigureContent.organization": "The organization that gives the number.",
    "FigureIn.evidence": "The items on which it rests, by their ids; they are public.",
    "FigureOut.evidence": "The items on which it rests, by their ids.",
    "FigureContent.evidence": "The items on which it rests.",
    "FigureIn.as_of": "The day for which the number is given.",
    **{
        f"{shape}.{member}": says
        for shape in ("MemberIn", "MemberOut", "MemberContent")
        for member, says in (
            ("conflicts", "The interests that the member declared, in words."),
            ("left_because", "Why the member left, as a code."),
            ("left_note", "Why the member left, in words."),
        )
    },
    **{
        f"{shape}.{member}": says
        for shape in ("IndicatorIn", "IndicatorOut", "IndicatorContent", "IndicatorBrief")
        for member, says in (
            ("body", "Who carries it out, such as the vetting body."),
            ("recommendations", "The recommendations that ask for what is counted."),
            (
                "scope",
                "Who or what is counted: which ranks and posts, which places, in words that name no person.",
            ),
            (
                "series",
                "The numbers in rows, in the order of their days: of each assessor, source and group one.",
            ),
        )
    },
    "MeasureOut.meaning": "What is counted.",
    "MeasureOut.title": "What it is called, by language.",
    "MeasureOut.unit": "What a number is a number of.",
    "RuleOut.parts": "The stages that together are no more than the whole.",
    **{
        f"{shape}.{member}": says
        for shape in ("OutOfScopeIn", "OutOfScopeOut", "OutOfScopeContent")
        for member, says in (
            ("number", "The number that it has in the report."),
            ("reason", "Why it is not followed here."),
        )
    },
    "CompletenessOut.out_of_scope": "How many it prints that are not followed here.",
    **dict.fromkeys(
        ("ResourceIn.recommendation", "ResourceOut.recommendation", "ResourceContent.recommendation"),
        "The recommendation that takes these means.",
    ),
    **dict.fromkeys(
        ("TagIn.version", "TagOut.version", "TagContent.version"),
        "The version of the scheme, as given with the tag.",
    ),
    "ThemeCount.label": "What it is called, by language; null where the list of the scheme is not kept here.",
    "ThemeCount.total": "How many recommendations have it.",
    "Scoreboard.indicators": "The counts for indicators.",
    "SeriesRow.counts": "How many, by stage.",
    "SeriesRow.of": "The group that is counted, where it is not all of the scope.",
    "SeriesRow.organization": "The organization that gives the numbers; null where only a source does.",
    "SeriesRow.source": "The source, where no organization is named.",
    "StageOut.meaning": "What is counted at this stage.",
    "TrackOut.source": "Whose scale it is; null where it is that of this tracker.",
    "MemberIn.name": "The name of the member.",
    "MoveOut.from": "The state that is left.",
    "MoveOut.to": "The state that is moved to.",
    "NeedOut.items": "How many items must be cited in support.",
    "Parts.closure": "How many parts stand at which state of `closure`.",
    "Parts.diverges": "Whether the whole is over by the lead and a part is not, or the whole is said to be done and a"
    " part was left undone.",
    "Parts.implementation": "How many parts stand at which state of `implementation`.",
    "Parts.total": "How many parts there are.",
    "PublicationIn.not_before": "With `published`: the hour until which nobody outside of the desk sees it.",
    "Place.index": "The number of the entry.",
    "Problem.detail": "What is wrong with this request, and what would be right.",
    "Problem.title": "What kind of refusal it is, in words; the same for each of its type.",
    "Problem.type": "The stable type of the refusal: the address of the page that explains it.",
    "ProtectionIn.reason": "Why the level is changed.",
    "RedactionIn.reason": "Why it is to be destroyed.",
    "RevocationIn.reason": "Why the key is revoked.",
    **{
        f"{shape}.{member}": says
        for shape in ("RollUp", "RollUpOut")
        for member, says in (
            ("answered", "How many of them have answered."),
            ("asked", "How many are asked."),
            ("rule", " ".join(f"`{rule}`: {says}" for rule, says in RULES.items())),
        )
    },
    "Scoreboard.basis": "How many answers of the lead stand on which basis.",
    "Scoreboard.stale": "How many subjects are stale.",
    "StatusChangeIn.effective_on": "The day from which the status holds. A month or a year is kept as an interval:"
    " `not_before` is its first day, `effective_on` its last.",
    "StandingIn.standing": "The standing that the watchdog is to have.",
    "StatusChangeIn.superseded_by": "With `superseded` on `closure`: the recommendation that took its place.",
    "StatusChangeIn.addressee": "On `response` and `reminder`: whose answer it is about. Required where the"
    " recommendation has several addressees; where it has one, that one is meant.",
    "ReminderPlace.next": "What comes next; null where nothing more is to be done.",
    "ReminderPlace.number": "Which step of the ladder it is; null where none was taken or the ladder has it not.",
    "ReminderPlace.of": "How many steps the ladder has.",
    "ReminderPlace.on": "The day of the last step; null where none was taken.",
    "ReminderPlace.step": "The last step; null where none was taken.",
    "Totals.by_addressee": "What each addressee answered to what it was asked.",
    "WatchdogOut.organization": "The organization that is registered as a watchdog, by its id.",
    "WatchdogOut.standing": "Whether the watchdog is registered, suspended or withdrawn.",
}
