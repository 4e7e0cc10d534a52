"""What the codes of `tracker.domain.vocabularies.codes` mean, in our own words, and the document each was drawn from.

A source is a title, with a place in it where that place was read; None is what this tracker, or the cases that it
follows, needed a word for.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

PRINCIPLES: Final = "Updated Impunity Principles (E/CN.4/2005/102/Add.1)"
ISTANBUL: Final = "Istanbul Protocol (2022)"
MINNESOTA: Final = "Minnesota Protocol (2016)"
INQUIRIES: Final = "OHCHR, Commissions of Inquiry and Fact-Finding Missions: Guidance and Practice (2015)"
EXTRALEGAL: Final = "Economic and Social Council resolution 1989/65"
VETTING: Final = "OHCHR, Vetting: an operational framework (HR/PUB/06/5)"
REMEDY: Final = (
    "Basic Principles on the Right to a Remedy and Reparation (General Assembly resolution 60/147)"
)
EXECUTIONS: Final = "Special Rapporteur on extrajudicial, summary or arbitrary executions, report A/HRC/8/3"
AMNESTY: Final = "Amnesty International, criteria for commissions of inquiry"
ADMIRALTY: Final = "Admiralty code (NATO AJP-2.1), grading of sources and of information"
BERKELEY: Final = "Berkeley Protocol on Digital Open Source Investigations"
NHRI: Final = "Asia Pacific Forum, manual on national inquiries"
TRACKING: Final = "OHCHR, National Recommendations Tracking Database"
UPR_INFO: Final = "UPR Info, categories of action of recommendations (E. McMahon)"
AUDIT: Final = "UNDP, Office of Audit and Investigations, ratings of recommendations"
BOURNEMOUTH: Final = "Bournemouth Protocol on Mass Grave Protection and Investigation (2020)"
CRIME_SURVEY: Final = (
    "UNODC, United Nations Survey of Crime Trends and Operations of Criminal Justice Systems"
)
INDEX: Final = "OHCHR, Universal Human Rights Index"

Meanings = Mapping[str, tuple[str, str | None]]

ORGANIZATION_TYPE: Final[Meanings] = {
    "authority": ("A government, a ministry, an agency or a local authority.", None),
    "security_force": ("Armed forces, police, intelligence, or a force that acts in their place.", None),
    "parliament": ("A legislature or one of its bodies.", None),
    "judiciary": ("Courts, and those who prosecute before them.", None),
    "inquiry_body": ("A body that inquires, where it issues or answers as an organization.", None),
    "watchdog": ("It documents and holds others to what they owe.", None),
    "coalition": ("Several organizations that give one answer together.", None),
    "un_body": ("An organ, agency or mandate of the United Nations.", None),
    "regional_body": ("An organization of the States of one region.", None),
    "nhri": ("Set up by law to protect human rights, apart from the government.", None),
    "media": ("It reports to the public.", None),
    "religious_body": ("A church, a congregation, or another community of faith.", None),
    "education": ("It teaches, or trains for a profession.", None),
    "civil_society": ("A group of citizens that is neither State nor business.", None),
    "company": ("A business, or those of one trade together.", None),
    "other": ("None of the others.", None),
}

BODY_TYPE: Final[Meanings] = {
    "national_commission_of_inquiry": (
        "Set up by a State for one matter, to establish what happened and who answers for it.",
        f"{EXECUTIONS}; {ISTANBUL}, paragraph 238",
    ),
    "presidential_committee": ("Set up by decree of the executive, to which it reports.", None),
    "parliamentary_inquiry": ("A committee of a legislature that inquires.", None),
    "judicial_inquiry": ("Led by a judge, under a law on inquiries.", None),
    "truth_commission": (
        "Official, for a time, no court: it looks at patterns of abuse over years.",
        f"{PRINCIPLES}, definitions",
    ),
    "international_commission_of_inquiry": (
        "Given a mandate by the United Nations to establish facts, law and responsibility.",
        INQUIRIES,
    ),
    "fact_finding_mission": (
        "Given a mandate by the United Nations or a region; mostly shorter, about one event.",
        INQUIRIES,
    ),
    "investigative_mechanism": ("It collects and keeps evidence for prosecutions to come.", None),
    "hybrid_mechanism": ("Its members are national and international.", PRINCIPLES),
    "nhri_inquiry": ("A public inquiry held by a national human rights institution.", NHRI),
    "prosecutorial_investigation": ("A criminal investigation led by a prosecutor.", MINNESOTA),
    "internal_disciplinary_board": (
        "An institution looks into itself; not independent unless shown to be.",
        MINNESOTA,
    ),
    "vetting_body": ("It decides on the integrity of those in public service.", VETTING),
    "civil_society_inquiry": ("It documents without a mandate from a State.", None),
}

RESOURCE_TYPE: Final[Meanings] = {
    "budget": ("Money, with its source disclosed.", f"{PRINCIPLES}, principle 11; {AMNESTY}"),
    "staff_investigators": ("People trained to investigate.", f"{PRINCIPLES}, principle 11; {AMNESTY}"),
    "staff_legal": ("People trained in law.", f"{PRINCIPLES}, principle 11; {AMNESTY}"),
    "staff_forensic": ("People trained in forensic science.", f"{PRINCIPLES}, principle 11; {AMNESTY}"),
    "staff_psychosocial": ("People who support those who testify.", f"{PRINCIPLES}, principle 10"),
    "interpreters": ("For the languages of victims and witnesses.", INQUIRIES),
    "witness_protection_capacity": (
        "Relocation, escorts, closed hearings: what keeps those who testify safe.",
        f"{PRINCIPLES}, principle 10; {ISTANBUL}, paragraph 244",
    ),
    "security": ("What keeps members, staff and records safe.", INQUIRIES),
    "premises_and_transport": (
        "Rooms that anybody can reach and trust, and travel to the places.",
        INQUIRIES,
    ),
    "secure_it": ("Where evidence is stored and worked on, protected.", f"{INQUIRIES}; {BERKELEY}"),
    "forensic_laboratory": ("Pathology, DNA, ballistics, digital traces.", MINNESOTA),
    "international_expertise": ("Help lent by others: seconded people, technical advice.", PRINCIPLES),
    "access": ("Being let in: to places, to bodies, to documents.", f"{ISTANBUL}, paragraph 240"),
}

DEADLINE_TYPE: Final[Meanings] = {
    "interim_report_due": ("A first report is owed.", None),
    "final_report_due": ("The final report is owed.", None),
    "mandate_expiry": ("The powers of the body end.", f"{ISTANBUL}, paragraph 239"),
    "testimony_call_closes": ("The last day on which testimony is registered.", None),
    "publication_due": ("The report has to be public.", f"{PRINCIPLES}, principle 13"),
    "government_response_due": ("The State has to answer, or say what it will do.", EXTRALEGAL),
    "implementation_due": ("What was asked has to be done.", f"{PRINCIPLES}, principle 12; {TRACKING}"),
    "follow_up_report_due": ("A report on progress is owed.", f"{PRINCIPLES}, principle 12; {TRACKING}"),
    "hearing_scheduled": ("A hearing is set for that day.", None),
    "review_date": ("The day on which somebody will look again.", None),
}

DEADLINE_BASIS: Final[Meanings] = {
    "decree": ("The date is set by a decree or a decision of the executive.", None),
    "law": ("The date is set by a law.", None),
    "court_order": ("The date is set by a court.", None),
    "recommendation": ("The date is asked for by a recommendation, and binds as far as that does.", None),
    "self_imposed": ("The one who owes it named the date.", None),
    "international": ("The date follows from a treaty or from a body that watches over one.", None),
}

RECOMMENDATION_TYPE: Final[Meanings] = {
    "vetting": (
        "Keep out of institutions, with due process, those who lack integrity.",
        f"{VETTING}; {PRINCIPLES}, principle 36",
    ),
    "suspension_from_duty": (
        "Suspend officials who are charged while proceedings last.",
        f"{PRINCIPLES}, principle 36",
    ),
    "criminal_investigation": ("Investigate offences.", f"{PRINCIPLES}, principle 19"),
    "prosecution": ("Bring those suspected to trial, and punish as is due.", f"{PRINCIPLES}, principle 19"),
    "disciplinary_action": ("Sanctions other than criminal ones.", f"{PRINCIPLES}, principle 27"),
    "command_responsibility_review": ("Look at what superiors answer for.", f"{PRINCIPLES}, principle 27"),
    "reparation": (
        "Restitution, compensation, rehabilitation or satisfaction.",
        f"{PRINCIPLES}, principle 34; {REMEDY}",
    ),
    "guarantees_of_non_repetition": (
        "Changes that keep it from happening again.",
        f"{PRINCIPLES}, principle 35; {REMEDY}",
    ),
    "legislative_reform": ("Adopt, change or repeal a law.", f"{PRINCIPLES}, principle 38"),
    "institutional_reform": ("Change an institution.", f"{PRINCIPLES}, principle 36"),
    "security_sector_reform": ("Bring forces under civilian control.", f"{PRINCIPLES}, principle 36"),
    "oversight_mechanism": ("A body that hears complaints or watches.", f"{PRINCIPLES}, principle 36"),
    "disarmament_disbandment": (
        "Dissolve armed groups beside the State and reintegrate their members.",
        f"{PRINCIPLES}, principle 37",
    ),
    "exhumation_identification": ("Recover remains and identify them by science.", MINNESOTA),
    "dignified_burial": ("A grave of one's own, remains returned, rites respected.", MINNESOTA),
    "search_for_missing": ("Find out what became of the missing.", f"{PRINCIPLES}, principles 4 to 6"),
    "truth_seeking": (
        "Set up or continue a process that seeks the truth.",
        f"{PRINCIPLES}, principles 4 to 6",
    ),
    "witness_protection": ("Protect those who cooperate.", f"{PRINCIPLES}, principle 10"),
    "access_for_monitors": ("Let independent monitors in, unhindered.", INQUIRIES),
    "inquiry_conditions": ("What an inquiry itself is given: mandate, authority, means, time.", AMNESTY),
    "publication_of_report": ("Make the report public.", f"{PRINCIPLES}, principle 13"),
    "archives_preservation": ("Keep archives and open them.", f"{PRINCIPLES}, principles 14 to 18"),
    "memorialization": ("Keep the memory of what happened.", f"{PRINCIPLES}, principle 3"),
    "public_apology": ("Acknowledge in public, and apologize.", REMEDY),
    "protection_of_minorities": ("Prevent discrimination and attacks on a group.", None),
    "humanitarian_assistance": ("Relief for those affected.", None),
    "return_of_displaced": ("Let the displaced return, safely and by their own will.", None),
    "services": ("Health, education, welfare and the like for those affected.", None),
    "language_and_culture": ("Keep or revive what was suppressed.", None),
    "funding": ("Pay for something, or secure that it is paid for.", None),
    "training": ("Teach those who carry a duty.", INDEX),
    "data_collection": ("Collect figures and report them.", INDEX),
    "ratification": ("Join or adopt a treaty or a declaration.", INDEX),
    "other": ("None of the others.", None),
}

EVIDENCE_TYPE: Final[Meanings] = {
    "document": ("A text that is none of the others.", None),
    "official_document": ("A text issued by an authority.", None),
    "media_report": ("What a newspaper, a station or an agency published.", None),
    "photo": ("A still picture.", BERKELEY),
    "video": ("A moving picture.", BERKELEY),
    "audio": ("A recording of sound.", BERKELEY),
    "testimony_summary": ("What somebody testified, told by a person who heard it.", ISTANBUL),
    "satellite_imagery": ("A picture taken from orbit.", BERKELEY),
    "dataset": ("Figures or records in a table.", None),
    "web_capture": ("A page of the web as it stood when it was captured.", BERKELEY),
    "physical_object_record": ("The description of an object that is kept elsewhere.", MINNESOTA),
    "statement": ("What somebody declared in public.", None),
    "legal_record": ("A law, a judgment, a filing, a decree.", None),
    "forensic_report": ("The findings of a forensic examination.", MINNESOTA),
}
