"""Every vocabulary of the code is served, with the codes that code and database take and no others; each is
defined; crosswalks cover every state of implementation.
"""

from __future__ import annotations

import re
from typing import get_args

import pytest
from sqlalchemy import CheckConstraint

from tracker.domain import (
    consent,
    deadlines,
    evidence,
    protection,
    publication,
    redaction,
    silence,
    states,
    tracks,
)
from tracker.domain.basis import BASES, STANCES
from tracker.domain.measures import MEASURES
from tracker.domain.vocabularies import arabic_labels, crosswalks, meanings, terms, themes
from tracker.domain.vocabularies import codes as field_codes
from tracker.domain.vocabularies.catalogue import VOCABULARIES
from tracker.domain.vocabularies.codes import (
    ADDRESSEE_ROLE,
    BODY_TYPE,
    DEADLINE_BASIS,
    DEADLINE_TYPE,
    DUTY_TO_PUBLISH,
    EVIDENCE_TYPE,
    FIGURE,
    MEMBER_LEFT,
    ORGANIZATION_TYPE,
    RECOMMENDATION_TYPE,
    REPORT_TYPE,
    RESOURCE_TYPE,
)
from tracker.schemas.committees import CommitteeIn, MemberIn
from tracker.schemas.deadlines import DeadlineIn
from tracker.schemas.evidence import EvidenceIn
from tracker.schemas.figures import FigureIn
from tracker.schemas.indicators import IndicatorIn
from tracker.schemas.mandates import MandateIn
from tracker.schemas.organizations import OrganizationIn
from tracker.schemas.recommendations import AddresseeIn, RecommendationIn
from tracker.schemas.resources import ResourceIn
from tracker.schemas.statuses import CitationIn
from tracker.store import models

#: What is served under a name -> the list that the code uses.
USED = {
    "organization_type": ORGANIZATION_TYPE,
    "body_type": BODY_TYPE,
    "resource_type": RESOURCE_TYPE,
    "deadline_type": DEADLINE_TYPE,
    "deadline_basis": DEADLINE_BASIS,
    "recommendation_type": RECOMMENDATION_TYPE,
    "evidence_type": EVIDENCE_TYPE,
    "addressee_role": ADDRESSEE_ROLE,
    "duty_to_publish": DUTY_TO_PUBLISH,
    "report_type": REPORT_TYPE,
    "member_left": MEMBER_LEFT,
    "figure": FIGURE,
    "adequacy_criterion": tracks.ADEQUACY,
    "subject_kind": tracks.SUBJECTS,
    "indicator_type": MEASURES,
    "sdg": themes.GOALS,
    "source_reliability": evidence.RELIABILITY,
    "content_credibility": evidence.CREDIBILITY,
    "act": states.ACTS,
    "silence": silence.BECAUSE,
    "basis": BASES,
    "consent_basis": consent.CONSENT,
    "consent_purpose": consent.PURPOSES,
    "redaction_reason": redaction.REDACTION,
    "stance": STANCES,
    "publication": publication.STATES,
    "timing": get_args(deadlines.State),
    "protection": protection.PROTECTION,
    "protection_act": protection.PROTECTION_ACTS,
    "acquired_from": evidence.ACQUIRED_FROM,
    "capture_method": evidence.CAPTURE,
    "generation": evidence.GENERATION,
    "edited": evidence.EDITED,
    "content_warning": evidence.WARNINGS,
    "analysis": evidence.ANALYSIS,
    "precision": evidence.PRECISION,
    **{track.code.partition(".")[0]: track.codes for track in tracks.TRACKS.values()},
}
#: Column of the database -> the vocabulary whose codes its CHECK must list.
CHECKED = {
    "organization.type": "organization_type",
    "committee.body_type": "body_type",
    "committee_member.left_because": "member_left",
    "mandate.duty_to_publish": "duty_to_publish",
    "resource.type": "resource_type",
    "figure.figure": "figure",
    "indicator.type": "indicator_type",
    "deadline.type": "deadline_type",
    "deadline.basis": "deadline_basis",
    "recommendation.type": "recommendation_type",
    "recommendation_addressee.role": "addressee_role",
    "evidence.type": "evidence_type",
    "evidence.protection": "protection",
    "evidence_protection_act.act": "protection_act",
    "evidence.acquired_from": "acquired_from",
    "evidence.generation": "generation",
    "evidence.edited": "edited",
    "evidence.capture_method": "capture_method",
    "evidence.precision": "precision",
    "evidence.source_analysis": "analysis",
    "evidence.technical_analysis": "analysis",
    "evidence.content_analysis": "analysis",
    "evidence.source_reliability": "source_reliability",
    "evidence.content_credibility": "content_credibility",
    "subject.kind": "subject_kind",
    "subject.publication": "publication",
    "citation.stance": "stance",
}
#: Member of what is sent -> the vocabulary whose codes it takes.
TAKEN = {
    (OrganizationIn, "type"): "organization_type",
    (CommitteeIn, "body_type"): "body_type",
    (MemberIn, "left_because"): "member_left",
    (MandateIn, "duty_to_publish"): "duty_to_publish",
    (ResourceIn, "type"): "resource_type",
    (DeadlineIn, "type"): "deadline_type",
    (DeadlineIn, "basis"): "deadline_basis",
    (RecommendationIn, "type"): "recommendation_type",
    (EvidenceIn, "type"): "evidence_type",
    (EvidenceIn, "protection"): "protection",
    (EvidenceIn, "capture_method"): "capture_method",
    (FigureIn, "figure"): "figure",
    (IndicatorIn, "type"): "indicator_type",
    (AddresseeIn, "role"): "addressee_role",
    (CitationIn, "stance"): "stance",
}


def codes(name: str) -> list[str]:
    return [term.code for term in VOCABULARIES[name].terms]


def test_every_vocabulary_of_the_code_is_served_with_its_codes_in_their_order() -> None:
    assert {name: codes(name) for name in VOCABULARIES} == {name: list(used) for name, used in USED.items()}
    for module in (field_codes, evidence):
        lists = [one for name, one in vars(module).items() if name.isupper() and isinstance(one, tuple)]
        assert all(any(one is used for used in USED.values()) for one in lists)


@pytest.mark.parametrize("column", CHECKED)
def test_the_database_takes_the_codes_that_are_served(column: str) -> None:
    table, name = column.split(".")
    checks = [
        str(one.sqltext)
        for one in models.metadata.tables[table].constraints
        if isinstance(one, CheckConstraint) and str(one.sqltext).startswith(f"{name} IN (")
    ]
    assert [re.findall(r"'(\w+)'", check) for check in checks] == [codes(CHECKED[column])]


@pytest.mark.parametrize(("shape", "member"), TAKEN)
def test_what_is_sent_takes_the_codes_that_are_served(shape: type, member: str) -> None:
    [check] = shape().fields[member].validators
    assert check.choices == codes(TAKEN[shape, member])


def test_a_status_change_takes_the_tracks_whose_states_are_served() -> None:

    assert {one.partition(".")[0] for one in tracks.TRACKS} <= VOCABULARIES.keys()


@pytest.mark.parametrize("name", VOCABULARIES)
def test_every_code_has_an_english_label_and_a_definition_of_its_own(name: str) -> None:
    one = VOCABULARIES[name]
    assert one.name == name
    assert one.title
    for term in one.terms:
        assert term.label["en"].strip()
        assert term.definition.endswith((".", "?")), term
        assert term.source is None or len(term.source) > 8
        assert term.deprecated is False
    assert len({term.label["en"] for term in one.terms}) == len(one.terms)
    if name not in ("analysis", "precision"):
        assert len({term.definition for term in one.terms}) == len(one.terms)


def test_every_state_of_every_track_has_an_arabic_label_of_its_own() -> None:
    assert arabic_labels.STATES.keys() == {code.partition(".")[0] for code in tracks.TRACKS}
    for track in tracks.TRACKS.values():
        family = track.code.partition(".")[0]
        labels = [term.label["ar"] for term in VOCABULARIES[family].terms]
        assert len(set(labels)) == len(track.states)
        assert arabic_labels.STATES[family].keys() == set(track.codes)
        assert all(re.search("[\u0621-\u064a]", label) for label in labels)


def test_no_definition_is_without_its_code_nor_a_code_without_its_definition() -> None:
    for name in (
        "ORGANIZATION_TYPE",
        "BODY_TYPE",
        "RESOURCE_TYPE",
        "DEADLINE_TYPE",
        "DEADLINE_BASIS",
        "RECOMMENDATION_TYPE",
        "EVIDENCE_TYPE",
    ):
        assert getattr(meanings, name).keys() == getattr(field_codes, name).keys()
    with pytest.raises(ValueError, match="defined is"):
        terms.make_terms(("a", "b"), None, a="A.")


def test_every_crosswalk_says_something_of_every_state_or_that_there_is_no_word() -> None:
    assert len(crosswalks.SCHEMES) == 8
    for scheme in crosswalks.SCHEMES.values():
        assert list(scheme.cells) == list(tracks.TRACKS["implementation"].codes)
        assert all(cell.label is None or cell.label.strip("~ -") for cell in scheme.cells.values())
        assert not any(cell.lossy for cell in scheme.cells.values() if cell.label is None)
    assert all(len(row.split("|")) == 8 for row in crosswalks._TABLE.values())
    assert crosswalks._TABLE.keys() == set(tracks.TRACKS["implementation"].codes)


def test_a_crosswalk_says_what_its_source_says() -> None:
    ogp = crosswalks.SCHEMES["ogp"].cells
    assert ogp["not_assessed"] == crosswalks.Cell(None, lossy=False)
    assert ogp["stalled"] == crosswalks.Cell("Limited", lossy=True)
    assert ogp["implemented"] == crosswalks.Cell("Complete", lossy=False)
    assert crosswalks.SCHEMES["un-hrcttee"].cells["regressed"].label == "E"
    assert crosswalks.SCHEMES["peace-accords-matrix"].cells["implemented"].label == "3"
