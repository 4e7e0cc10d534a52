"""Codes of the field are stable API values: lower snake case, each with a label of its own, and not too long."""

from __future__ import annotations

import re

import pytest

from tracker.domain import evidence, protection, states, tracks
from tracker.domain.basis import BASES, STANCES
from tracker.domain.vocabularies import codes as field_codes
from tracker.domain.vocabularies.codes import (
    ADDRESSEE_ROLE,
    DUTY_TO_PUBLISH,
    FIGURE,
    MEMBER_LEFT,
    REPORT_TYPE,
)

#: Lists with labels, and how long a code of each may be where it is kept.
LABELLED = {
    "ORGANIZATION_TYPE": 40,
    "BODY_TYPE": 40,
    "RESOURCE_TYPE": 40,
    "DEADLINE_TYPE": 40,
    "DEADLINE_BASIS": 20,
    "RECOMMENDATION_TYPE": 40,
    "EVIDENCE_TYPE": 40,
}
PLAIN = {
    "ADDRESSEE_ROLE": (ADDRESSEE_ROLE, 10),
    "DUTY_TO_PUBLISH": (DUTY_TO_PUBLISH, 12),
    "FIGURE": (FIGURE, 10),
    "MEMBER_LEFT": (MEMBER_LEFT, 14),
    "REPORT_TYPE": (REPORT_TYPE, 10),
    "PROTECTION": (protection.PROTECTION, 12),
    "ACQUIRED_FROM": (evidence.ACQUIRED_FROM, 20),
    "CAPTURE": (evidence.CAPTURE, 20),
    "GENERATION": (evidence.GENERATION, 12),
    "EDITED": (evidence.EDITED, 8),
    "WARNINGS": (evidence.WARNINGS, 40),
    "ANALYSIS": (evidence.ANALYSIS, 12),
    "PRECISION": (evidence.PRECISION, 12),
    "STANCES": (STANCES, 12),
    "BASES": (BASES, 12),
    "ACTS": (states.ACTS, 12),
    "SUBJECTS": (tracks.SUBJECTS, 16),
    **{f"states of {track.code}": (track.codes, 32) for track in tracks.TRACKS.values()},
}


def test_every_list_of_the_module_is_looked_at_here():
    lists = {name for name in vars(field_codes) if name.isupper()} - {
        "TYPES"
    }  # TYPES says which list is of which kind

    assert lists == set(LABELLED) | (lists & set(PLAIN))


@pytest.mark.parametrize("name", LABELLED)
def test_a_code_has_a_label_of_its_own(name):
    codes = getattr(field_codes, name)

    assert len(set(codes.values())) == len(codes)
    assert all(label and label == label.strip() and label[0].isupper() for label in codes.values())


@pytest.mark.parametrize("name", [*LABELLED, *PLAIN])
def test_codes_are_lower_snake_case_and_fit_where_they_are_kept(name):
    codes, most = (getattr(field_codes, name), LABELLED[name]) if name in LABELLED else PLAIN[name]

    assert all(re.fullmatch("[a-z]+(_[a-z]+)*", code) and len(code) <= most for code in codes)
    assert len(set(codes)) == len(codes)


def test_evidence_is_confidential_unless_somebody_says_otherwise():
    assert protection.DEFAULT_PROTECTION == "confidential"
    assert protection.DEFAULT_PROTECTION in protection.PROTECTION


def test_the_name_of_a_track_fits_where_it_is_kept():
    assert all(len(code) <= 40 for code in tracks.TRACKS)
