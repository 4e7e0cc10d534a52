"""The scheduled jobs: when each ran last, how it ended, and when it is due again."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from tracker.domain.jobs import State
from tracker.languages.i18n import mark
from tracker.store.jobs import list_jobs
from tracker.web.desk.view import Shown, Visit, view

#: state of a job -> in words.
STATES: Final[Mapping[State, str]] = {
    "waits": mark("waits for its time"),
    "runs": mark("runs now"),
    "late": mark("late: no worker runs it"),
    "wrong": mark("found something that somebody has to look at"),
    "failed": mark("broke off"),
}
#: job -> what it does.
TASKS: Final[Mapping[str, str]] = {
    "work": mark("Publishes what waited for its hour, and carries out what reaches far"),
    "sign": mark("Signs the public log"),
    "witnesses": mark("Asks witnesses to cosign the public log"),
    "webhooks": mark("Tells other systems of public acts"),
    "mail": mark("Writes letters and hands them to the mail server"),
    "refresh": mark("Writes again what changed with the day"),
    "fixity": mark("Reads files of evidence again and compares them"),
    "anchor": mark("Records the state of the internal log in the public one"),
    "backup": mark("Makes a backup"),
    "audit": mark("Verifies the logs"),
    "release": mark("Publishes evidence in batches"),
    "sweep": mark("Throws away bytes that nothing names"),
    "tips": mark("Destroys tips that were kept long enough"),
}


@view("/jobs", permission="people.manage", menu=mark("Jobs"))
def show_jobs(desk: Visit) -> Shown:
    say = desk.language.say
    runs = ((run, run.find_state(desk.now)) for run in list_jobs(desk.session))
    return {
        "title": say("Jobs"),
        "jobs": [
            {
                "run": run,
                "task": say(TASKS[run.name]) if run.name in TASKS else run.name,
                "state": say(STATES[state]),
                "alarm": state in ("late", "wrong", "failed"),
            }
            for run, state in runs
        ],
    }
