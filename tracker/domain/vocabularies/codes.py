"""Codes of the field, drawn from the documents that define them.

Codes are stable API values: lower snake case, never reused. Sources, by title: the Updated Impunity
Principles (E/CN.4/2005/102/Add.1), the Istanbul Protocol (2022), the Minnesota Protocol (2016), the OHCHR
guidance on commissions of inquiry (2015), the OHCHR vetting framework (HR/PUB/06/5), the Berkeley Protocol.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Final

from tracker.domain import measures

ORGANIZATION_TYPE: Final[Mapping[str, str]] = {
    "authority": "State authority",
    "security_force": "Security force",
    "parliament": "Parliament",
    "judiciary": "Judiciary or prosecution",
    "inquiry_body": "Inquiry body",
    "watchdog": "Watchdog",
    "coalition": "Several organizations speaking together",
    "un_body": "United Nations body",
    "regional_body": "Regional body",
    "nhri": "National human rights institution",
    "media": "Media",
    "religious_body": "Religious body",
    "education": "School, university or professional education",
    "civil_society": "Civil society",
    "company": "Company or industry",
    "other": "Other",
}

BODY_TYPE: Final[Mapping[str, str]] = {
    "national_commission_of_inquiry": "National commission of inquiry",
    "presidential_committee": "Committee created by executive decree",
    "parliamentary_inquiry": "Parliamentary inquiry",
    "judicial_inquiry": "Judge-led inquiry",
    "truth_commission": "Truth commission",
    "international_commission_of_inquiry": "International commission of inquiry",
    "fact_finding_mission": "Fact-finding mission",
    "investigative_mechanism": "Investigative mechanism",
    "hybrid_mechanism": "Mixed national and international mechanism",
    "nhri_inquiry": "Inquiry by a national human rights institution",
    "prosecutorial_investigation": "Criminal investigation by a prosecutor",
    "internal_disciplinary_board": "Inquiry by the implicated institution itself",
    "vetting_body": "Vetting body",
    "civil_society_inquiry": "Civil society inquiry",
}

RESOURCE_TYPE: Final[Mapping[str, str]] = {
    "budget": "Money",
    "staff_investigators": "Investigators",
    "staff_legal": "Legal staff",
    "staff_forensic": "Forensic staff",
    "staff_psychosocial": "Psychologists and social workers",
    "interpreters": "Interpreters",
    "witness_protection_capacity": "Means to protect witnesses",
    "security": "Security of members, staff and records",
    "premises_and_transport": "Premises and transport",
    "secure_it": "Protected storage and database",
    "forensic_laboratory": "Forensic laboratory",
    "international_expertise": "International expertise",
    "access": "Access to places, bodies and documents",
}

REPORT_TYPE: Final = ("final", "interim", "other")

DEADLINE_TYPE: Final[Mapping[str, str]] = {
    "interim_report_due": "Interim report due",
    "final_report_due": "Final report due",
    "mandate_expiry": "Mandate expires",
    "testimony_call_closes": "Last day to testify",
    "publication_due": "Publication due",
    "government_response_due": "Response due",
    "implementation_due": "Implementation due",
    "follow_up_report_due": "Follow-up report due",
    "hearing_scheduled": "Hearing scheduled",
    "review_date": "Review",
}

DEADLINE_BASIS: Final[Mapping[str, str]] = {
    "decree": "A decree or executive decision",
    "law": "A law",
    "court_order": "A court order",
    "recommendation": "A recommendation",
    "self_imposed": "A promise of the one who owes it",
    "international": "An international obligation",
}

RECOMMENDATION_TYPE: Final[Mapping[str, str]] = {
    "vetting": "Vetting",
    "suspension_from_duty": "Suspension from duty",
    "criminal_investigation": "Criminal investigation",
    "prosecution": "Prosecution",
    "disciplinary_action": "Disciplinary action",
    "command_responsibility_review": "Review of command responsibility",
    "reparation": "Reparation",
    "guarantees_of_non_repetition": "Guarantees of non-repetition",
    "legislative_reform": "Legislative reform",
    "institutional_reform": "Institutional reform",
    "security_sector_reform": "Security sector reform",
    "oversight_mechanism": "Oversight mechanism",
    "disarmament_disbandment": "Disarmament and disbandment",
    "exhumation_identification": "Exhumation and identification",
    "dignified_burial": "Dignified burial",
    "search_for_missing": "Search for the missing",
    "truth_seeking": "Truth seeking",
    "witness_protection": "Witness protection",
    "access_for_monitors": "Access for monitors",
    "inquiry_conditions": "Mandate, authority and means of an inquiry",
    "publication_of_report": "Publication of the report",
    "archives_preservation": "Archives",
    "memorialization": "Memorialization",
    "public_apology": "Public apology",
    "protection_of_minorities": "Protection of minorities",
    "humanitarian_assistance": "Humanitarian assistance",
    "return_of_displaced": "Return of the displaced",
    "services": "Services: health, education, welfare",
    "language_and_culture": "Language and culture",
    "funding": "Funding",
    "training": "Training",
    "data_collection": "Data collection and reporting",
    "ratification": "Ratification or adoption of a treaty or declaration",
    "other": "Other",
}

EVIDENCE_TYPE: Final[Mapping[str, str]] = {
    "document": "Document",
    "official_document": "Official document",
    "media_report": "Media report",
    "photo": "Photo",
    "video": "Video",
    "audio": "Audio",
    "testimony_summary": "Summary of a testimony",
    "satellite_imagery": "Satellite imagery",
    "dataset": "Dataset",
    "web_capture": "Web page",
    "physical_object_record": "Record of an object",
    "statement": "Statement",
    "legal_record": "Legal record",
    "forensic_report": "Forensic report",
}

#: Why a member of a committee left it.
MEMBER_LEFT: Final = (
    *("resigned", "removed", "recused", "term_ended", "moved_on", "incapacitated", "died", "other"),
)
ADDRESSEE_ROLE: Final = ("primary", "supporting", "oversight")
DUTY_TO_PUBLISH: Final = ("yes", "no", "not_stated")
FIGURE: Final = ("needed", "pledged", "delivered", "counted")

#: kind of thing -> the codes of its type.
TYPES: Final[Mapping[str, Iterable[str]]] = {
    "organization": ORGANIZATION_TYPE,
    "committee": BODY_TYPE,
    "report": REPORT_TYPE,
    "resource": RESOURCE_TYPE,
    "deadline": DEADLINE_TYPE,
    "recommendation": RECOMMENDATION_TYPE,
    "indicator": measures.MEASURES,
    "evidence": EVIDENCE_TYPE,
}
