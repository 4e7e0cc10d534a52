"""The scheduled jobs, and ``tracker jobs``: when each ran last, and how it ended.

A job does what a command does, with the same code. Each may be stopped at any time and run again.
"""

from __future__ import annotations

import secrets
import sys
from collections.abc import Callable
from dataclasses import asdict, dataclass
from datetime import datetime, time, timedelta
from time import monotonic
from typing import Any, Final

import click

from tracker import logging
from tracker.actions import tips
from tracker.actions.operations import fixity, signing
from tracker.actions.operations.digests import Teller
from tracker.actions.operations.jobs import Report
from tracker.actions.operations.mail_deliveries import Postman
from tracker.actions.operations.news import Herald
from tracker.actions.operations.pending_work import run_pending_updates
from tracker.actions.operations.readiness import find_lost_files
from tracker.actions.operations.release_batch import Outcome, release_embargoed
from tracker.actions.operations.webhook_deliveries import Courier
from tracker.app import utc_now
from tracker.cli.application_context import ApplicationContext, as_json, open_application, show_result
from tracker.cli.backups import make_backup
from tracker.cli.fixity import KEEPER, raise_alarm, require_files
from tracker.cli.logs import find_faults
from tracker.cli.public import refresh_documents
from tracker.cli.releases import release_due
from tracker.cli.witness import WitnessRefused, push_checkpoint
from tracker.domain.canonical import format_instant
from tracker.domain.jobs import WORK, Schedule
from tracker.outgoing.sender import Sender
from tracker.public import log
from tracker.settings import Settings
from tracker.store import audit, custody, jobs, mail
from tracker.tlog.errors import TlogError

#: A file of evidence is read again after so long; a run of the job reads for so many seconds.
READ_AGAIN: Final = timedelta(days=30)
_SLICE: Final = 60.0
#: One that was found wrong is read again after so long: somebody may have put it back.
_ALARM_AGAIN: Final = timedelta(days=1)
#: So old are bytes without a record that nobody is still sending them.
_LEFTOVER: Final = timedelta(hours=24)


@dataclass(frozen=True, slots=True)
class Job:
    """``needs`` says whether the settings have what it needs; ``wakes`` whether there is something to do before it is
    due."""

    schedule: Schedule
    work: Callable[[ApplicationContext], Report]
    needs: Callable[[Settings], bool] = lambda _settings: True
    wakes: Callable[[ApplicationContext], bool] = lambda _at: False


def _carry_out_work(at: ApplicationContext) -> Report:
    published = release_embargoed(at.session, at.now, at.unit)
    parts = run_pending_updates(at.session, at.unit)
    return Report(f"{_describe_released(published)}; {parts} parts of queued work")


def _release(at: ApplicationContext) -> Report:
    released = list(release_due(at))
    return Report(_describe_released(released))


def _describe_released(outcomes: list[Outcome]) -> str:
    """What is refused waits for the desk, which sees it: that is nothing for the operator."""
    refused = sum(one.refusal is not None for one in outcomes)
    return f"{len(outcomes) - refused} published, {refused} refused"


def _sign(at: ApplicationContext) -> Report:
    key = at.settings.log_key
    why = signing.sign_after_commit(at.session, key, utc_now, secrets.token_bytes) if key else "no key"
    return Report(why or "signed", good=why is None)


def _ask_witnesses(at: ApplicationContext) -> Report:
    """Each of them, also where one before it does not sign."""
    refused = []
    for url, key in at.settings.witnesses:
        try:
            push_checkpoint(at, url, key)
        except (WitnessRefused, TlogError) as error:
            refused.append(f"{key.name} did not sign: {error}")
    return Report("; ".join(refused) or "signed by all", good=not refused)


def _refresh(at: ApplicationContext) -> Report:
    return Report(f"{refresh_documents(at)} documents had turned")


def _anchor(at: ApplicationContext) -> Report:
    with at.unit() as unit:
        if log.read_log_name(unit.connection) is None:
            return Report("the log has no name yet: run `tracker log init`")
        last = audit.find_last_of_verb(unit.session, "log.anchor")
        if last is not None and last.date() == unit.now.date():
            return Report("anchored today already")
        return Report(f"anchored at {signing.anchor_internal_log(unit) - 1}")


def _sweep(at: ApplicationContext) -> Report:
    files = require_files(at.settings)
    return Report(f"{fixity.sweep_orphans(at.session, files, at.now - _LEFTOVER)} leftovers thrown away")


def _destroy_tips(at: ApplicationContext) -> Report:
    """Those that are kept no longer, with their bytes. What the store does not delete now goes with a later sweep."""
    files, gone = require_files(at.settings), 0
    while True:
        with at.unit() as unit:
            ended, keys = tips.destroy_ended(unit)
        for key in keys:
            files.delete(key)
        gone += ended
        if not ended:
            return Report(f"{gone} tips were kept long enough and are destroyed")


def _check_fixity(at: ApplicationContext) -> Report:
    """A slice: until the time is over, or all files were read within the last days. What was found wrong stays an
    alarm until it is right, and is read again each day."""
    files = require_files(at.settings)
    if (lost := find_lost_files(at.session.connection(), files)) is not None:
        return Report(lost, good=False)
    until, wrong, count = monotonic() + _SLICE, [], 0
    failed = custody.list_failed_files(at.session)
    ids = [id for id, read in failed.items() if read < at.now - _ALARM_AGAIN]
    ids += custody.list_files_to_check(at.session, None, at.now - READ_AGAIN)
    for outcome in fixity.check_files(at.session, KEEPER, utc_now, secrets.token_bytes, files, ids):
        count += 1
        wrong += [] if outcome.good else [outcome]
        if monotonic() >= until:
            break
    raise_alarm(logging.make_logger(at.settings.log_level), wrong)
    failed = custody.list_failed_files(at.session)
    summary = f"{count} files read, {len(ids) - count} wait; {len(failed)} files are not as recorded"
    return Report(summary, good=not failed)


def _audit(at: ApplicationContext) -> Report:
    size, faults = find_faults(at, at.settings.log_key)
    summary = f"{size} entries agree" if not faults else f"{len(faults)} faults: run `tracker log audit`"
    return Report(summary, good=not faults)


def _back_up(at: ApplicationContext) -> Report:
    if at.settings.backups is None:
        return Report("TRACKER_BACKUPS is not set")
    made, lost = make_backup(at, at.settings.backups, at.settings.backups_kept)
    without = (
        f" without {len(lost)} files that are not as recorded: run `tracker fixity check`" if lost else ""
    )
    return Report(f"{made.name} is written{without}", good=not lost)


def _deliver(at: ApplicationContext) -> Report:
    courier = _make_courier(at)
    sent, failing = courier.deliver_due(), courier.list_failing()
    summary = f"{sent} messages sent" + "".join(f"; {id} takes nothing" for id in failing)
    return Report(summary, good=not failing)


def _make_courier(at: ApplicationContext) -> Courier:
    sender = Sender(local=at.settings.webhooks == "local")
    return Courier(at.session, utc_now, secrets.token_bytes, at.sealer, sender, at.settings.base_url)


def _send_mail(at: ApplicationContext) -> Report:
    server = at.settings.mail
    if server is None:
        return Report("TRACKER_MAIL_SERVER is not set")
    written = Teller(at.session, utc_now, secrets.token_bytes, at.sealer, at.settings.base_url).tell_due()
    herald = Herald(at.session, utc_now, secrets.token_bytes, at.sealer, at.settings.base_url)
    written += herald.announce_due()
    taken = Postman(at.session, utc_now, secrets.token_bytes, at.sealer, server, herald.write).deliver_due()
    state = mail.read_mail_state(at.session)
    summary = f"{written} letters written, {taken} taken, {state.waiting} wait, {state.given_up} given up"
    if state.failing:
        summary += f"; {state.failing} fail for long, the last: {state.fault}"
    return Report(summary, good=not state.failing)


def _has_sealing_keys(settings: Settings) -> bool:
    return settings.sealing_keys is not None


def _has_files(settings: Settings) -> bool:
    return settings.files is not None


def _night(hour: int, minute: int = 0) -> Schedule:
    return Schedule(at=time(hour, minute))


#: Each leaves a mark of its own if it is missing: evidence that never becomes public, a day without an anchor.
JOBS: Final = {
    WORK: Job(Schedule(timedelta(minutes=1)), _carry_out_work),
    "sign": Job(Schedule(timedelta(minutes=1)), _sign, lambda settings: settings.log_key is not None),
    "witnesses": Job(
        Schedule(timedelta(minutes=1)), _ask_witnesses, lambda settings: bool(settings.witnesses)
    ),
    "webhooks": Job(
        Schedule(timedelta(minutes=1)), _deliver, _has_sealing_keys, lambda at: _make_courier(at).has_work()
    ),
    "mail": Job(
        Schedule(timedelta(minutes=1)),
        _send_mail,
        lambda settings: settings.mail is not None,
        lambda at: mail.has_due_letter(at.session, at.now),
    ),
    "refresh": Job(Schedule(timedelta(minutes=15)), _refresh),
    "fixity": Job(Schedule(timedelta(minutes=15)), _check_fixity, _has_files),
    "anchor": Job(_night(0, 5), _anchor),
    "backup": Job(_night(1), _back_up, lambda settings: settings.backups is not None),
    "audit": Job(_night(2), _audit),
    "release": Job(_night(3), _release),
    "sweep": Job(_night(4), _sweep, _has_files),
    "tips": Job(_night(4, 30), _destroy_tips, _has_files),
}


@click.command("jobs")
@as_json
def list_jobs(as_json: bool) -> None:
    """List the scheduled jobs: when each ran last, how it ended, when it is due again, in UTC. Ends with 1
    where a job is late, broke off, or found something wrong.

    \b
    Example:   tracker jobs --json
    """
    with open_application() as at:
        runs = jobs.list_jobs(at.session)
        now = at.now
    shown = [_to_plain({**asdict(run), "state": run.find_state(now)}) for run in runs]
    lines = [
        f"{run.name:8} {run.find_state(now):6} last {_to_minute(run.ended_at or run.began_at)}"
        f"  due {_to_minute(run.due_at)}  {run.detail or ''}".rstrip()
        for run in runs
    ]
    show_result(shown, as_json, lines or ["no worker has run yet: start `tracker serve` or `tracker worker`"])
    if any(one["state"] in ("late", "wrong", "failed") for one in shown):
        sys.exit(1)


def _to_plain(row: dict[str, Any]) -> dict[str, Any]:
    return {name: format_instant(one) if isinstance(one, datetime) else one for name, one in row.items()}


def _to_minute(instant: datetime | None) -> str:
    return f"{'never':16}" if instant is None else f"{instant:%Y-%m-%d %H:%M}"
