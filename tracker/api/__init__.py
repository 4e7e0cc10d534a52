"""REST: every endpoint declared in one of the modules below, and the OpenAPI document made from the declarations."""

from __future__ import annotations

from flask import Flask

import tracker.api.audit
import tracker.api.collections
import tracker.api.committees
import tracker.api.completeness
import tracker.api.consent
import tracker.api.crosswalks
import tracker.api.custody
import tracker.api.deadlines
import tracker.api.evidence
import tracker.api.evidence_files
import tracker.api.figures
import tracker.api.handlings
import tracker.api.keys
import tracker.api.mailboxes
import tracker.api.mandates
import tracker.api.notes
import tracker.api.people
import tracker.api.proposals
import tracker.api.protection
import tracker.api.public
import tracker.api.public_files
import tracker.api.publication
import tracker.api.questions
import tracker.api.redaction
import tracker.api.releases
import tracker.api.right_of_reply
import tracker.api.root
import tracker.api.sealed_fields
import tracker.api.search
import tracker.api.statuses
import tracker.api.subjects
import tracker.api.submissions
import tracker.api.tip_boxes
import tracker.api.tips
import tracker.api.transfers
import tracker.api.vocabularies
import tracker.api.watchdogs
import tracker.api.webhooks
import tracker.api.work_queue  # noqa: F401  # importing a module declares its endpoints
from tracker.api import contract
from tracker.api.http import dispatch, problems
from tracker.http import rate_limits


def attach(app: Flask) -> None:
    """Put the REST door on an application."""
    problems.attach_problems(app)
    rate_limits.attach_limits(app)
    dispatch.attach_endpoints(app)
    contract.attach(app)
