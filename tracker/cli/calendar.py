"""``tracker calendar``: the calendar of a country, ready to be put into a process."""

from __future__ import annotations

import json
from datetime import date

import click

from tracker.domain.calendars import WEEKDAYS, Calendar
from tracker.domain.errors import InvalidInput
from tracker.domain.sent_values import quote_value


@click.command()
@click.argument("country")
@click.argument("time_zone")
@click.option("--from", "first", type=click.IntRange(1900, 2100), required=True, help="The first year.")
@click.option("--to", "last", type=click.IntRange(1900, 2100), required=True, help="The last year.")
def calendar(country: str, time_zone: str, first: int, last: int) -> None:
    """Print the weekend and public holidays of a country, as `calendar` of a process takes them.

    A process keeps its calendar as data, so that a date that was worked out stays worked out. Look the list over:
    some holidays are estimates, and a government may decree others.

    \b
    Example:   tracker calendar SY Asia/Damascus --from 2025 --to 2027
    """
    import holidays

    if first > last:
        raise click.BadParameter(f"{first} lies after --to, which is {last}", param_hint="--from")
    try:
        days = holidays.country_holidays(country, years=range(first, last + 1))
    except NotImplementedError:
        fault = f"no holidays are known of {quote_value(country)}; use a code as SY or CA"
        raise click.BadParameter(fault, param_hint="COUNTRY") from None
    named: dict[date, str] = dict(sorted(days.items()))
    try:
        made = Calendar(time_zone, frozenset(days.weekend), named)
    except InvalidInput as refusal:
        fault = f"{quote_value(time_zone)}: {refusal.detail}"
        raise click.BadParameter(fault, param_hint="TIME_ZONE") from None
    click.echo(json.dumps(made.to_json(), ensure_ascii=False, indent=2))
    click.echo(
        f"weekend: {', '.join(WEEKDAYS[day] for day in sorted(days.weekend))}; {len(named)} holidays\n"
        "Look the list over: some days are estimates, and a decree may have added or ended others. Take out or add what"
        " differs before you put it into a process.",
        err=True,
    )
