"""`portal sweep`: answer what has run out, now or as of an instant."""

import re
from datetime import UTC, datetime, timedelta

import click
from flask import current_app

from jobs.sweep import sweep
from portal import clock, deadlines
from portal.cli.database import with_database
from portal.db import unit_of_work

EARLIEST, END = datetime(2000, 1, 1, tzinfo=UTC), datetime(2100, 1, 1, tzinfo=UTC)
"""What can be swept as of: near the ends of the calendar there is no room left for a zone or for days to count."""
AHEAD = re.compile(r"\+([0-9]{1,4})d")


class Instant(click.ParamType[datetime]):
    """An instant with its zone, as ISO 8601."""

    name = "ISO"

    def convert(self, value: str, param: click.Parameter | None, ctx: click.Context | None) -> datetime:
        """The instant; one without a zone could be meant in any, so it is refused. `+70d` is in seventy days."""
        if ahead := AHEAD.fullmatch(value):
            return clock.now() + timedelta(days=int(ahead[1]))
        try:
            at = datetime.fromisoformat(value)
        except ValueError:
            self.fail(f"{value!r} is not an instant; write it like 2026-03-09T16:00:10Z.", param, ctx)
        if at.tzinfo is None:
            self.fail(f"{value!r} has no zone; add Z or an offset such as +08:00.", param, ctx)
        if not EARLIEST <= at < END:
            self.fail(f"{value!r} is not in the years from 2000 to 2099, by UTC.", param, ctx)
        return at.astimezone(UTC)


@click.command("sweep")
@click.option("--at", type=Instant(), help="Sweep as of this instant; a future one only in the demo.")
@click.option("--retry", is_flag=True, help="Take up again what earlier sweeps had to set aside.")
@with_database
def command(*, at: datetime | None, retry: bool) -> None:
    """Answer every deadline that has run out, and send the reminders that are due.

    The schedule does this every 30 seconds. Running it twice, or beside the schedule, does nothing twice.

    \b
      portal sweep
      portal sweep --retry
      portal sweep --at 2026-03-09T16:00:10Z
      portal sweep --at +70d
    """
    now = clock.now()
    if at is not None and at > now and not current_app.config["DEMO"]:
        raise click.BadParameter("a sweep of the future would close what is still open.", param_hint="--at")
    if retry:
        with unit_of_work():
            deadlines.take_up_again(deadlines.left_aside())
    swept = sweep(at or now)
    click.echo(f"expired {swept.expired}, reminded {swept.reminded}, set aside {swept.set_aside}")
    for left_aside in deadlines.faults():
        click.echo(left_aside, err=True)
