"""`portal migrate`: bring the database to the version of the code."""

import sys
from datetime import timedelta

import click
from flask import current_app
from flask.cli import with_appcontext

from jobs.recount import recount
from portal import clock, deadlines, demo, policies, schema
from portal.cli.database import is_missing, usable
from portal.cli.launcher import BAD_DATABASE, Unready
from portal.db import db, unit_of_work


@click.command("migrate")
@click.option("--check", is_flag=True, help="Change nothing; exit with 1 unless the database is of the newest version.")
@with_appcontext
def command(*, check: bool) -> None:
    """Bring the database to the version of this code, with its policies and calendars.

    `portal serve` does this by itself. On several machines run it once before the new version starts.

    \b
      portal migrate
      portal migrate --check
    """
    if not check:
        bring_up_to_date()
    with usable():
        version, newest = None if is_missing() else schema.version(), schema.newest()
    click.echo(f"The database is of version {version or 'none'}, the code wants {newest}.")
    if version != newest:
        sys.exit(1)


def bring_up_to_date() -> None:
    """Migrate, publish this release's policies and calendars, say what changed; `Unready` if the database isn't ours.

    In a new demo the policies have been in force for as long as its invented history is.
    """
    try:
        with usable():
            _require_order()
            version, newest = schema.version(), schema.newest()
            if version != newest:
                schema.upgrade()
                was = f"brought from version {version} to {newest}" if version else "made"
                click.echo(f"The database was {was}.")
            schema.renew_guards()
            with unit_of_work():
                since = clock.now() - (demo.HISTORY if current_app.config["DEMO"] and not version else timedelta(0))
                published = policies.load(at=since)
                calendars = deadlines.load_calendars(at=since)
            counted = recount(clock.now())
    except schema.UnknownVersion as why:
        raise Unready(
            BAD_DATABASE,
            f"The database is of version {why}, which this portal does not know: a newer portal made it. "
            "Install that portal, or set DATA_DIR (or DATABASE_URL) to another place.",
        ) from why
    if version:
        news = [f"Policy published: {policy.code} {policy.number}.\n" for policy in published]
        news += [f"Calendar published: {calendar.code} {calendar.number}.\n" for calendar in calendars]
        click.echo("".join(news), nl=False)
    if counted.recounted:
        click.echo(f"Deadlines counted anew, as years were published: {counted.recounted}.")


def _require_order() -> None:
    if not schema.sorts_by_code_point():
        db.engine.dispose()
        raise Unready(
            BAD_DATABASE,
            "The database compares text by the rules of a language, so numbers would not be found by their beginning: "
            "make it with LC_COLLATE 'C' (docs/operations.md has the statement).",
        )
