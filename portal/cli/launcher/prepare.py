"""The database made ready before anything serves: its version, and the demo's first fill.

Runs in a process of its own, so that no connection and no thread is open when the launcher forks the parts.
"""

import sys

import click
from sqlalchemy.exc import DatabaseError

from portal import Portal, clock, create_app, demo
from portal.cli import migrate
from portal.cli.database import is_missing
from portal.cli.launcher.checks import BAD_DATABASE, BAD_SETTING, Unready
from portal.config import Config, ConfigError
from portal.db import db

NOT_A_DEMO = (
    "This database was not made for a demo, in which everybody knows the passwords and staff need no second factor: "
    "set DEMO=0 and a SECRET_KEY to serve it, or DATA_DIR to another place for the demo."
)
A_DEMO = (
    "This database holds the demo, whose passwords everybody knows: "
    "set DATA_DIR (or DATABASE_URL) to another place, or DEMO=1 to show the demo."
)


def database(config: Config, app: Portal | None = None) -> None:
    """Bring the database to this code's version; why that can't be is the last line, and its code the exit code.

    `app` is the launcher's, if it could make one.
    """
    try:
        app = app or create_app(config)
    except ConfigError as why:
        click.echo(f"portal: {why}")
        sys.exit(BAD_SETTING)
    with app.app_context():
        try:
            migrate.bring_up_to_date()
            require_no_demo(config)
            if config.demo and demo.fill(clock.now()):
                click.echo("The demo was filled in.")
        except demo.RealDataError:
            click.echo(NOT_A_DEMO)
            sys.exit(BAD_DATABASE)
        except Unready as why:
            click.echo(why.message)
            sys.exit(why.exit_code)


def a_part(config: Config) -> None:
    """The same for a part that is started alone, as far as its database can be reached: nobody gets in by a known word.

    No connection stays open.
    """
    with create_app(config).app_context():
        try:
            if not is_missing():
                require_no_demo(config)
        except DatabaseError:
            return  # none yet, or away for the moment: the part says so itself
        finally:
            db.session.remove()
            db.engine.dispose()


def require_no_demo(config: Config) -> None:
    """`Unready` if the demo's people are in the database of a portal that is none."""
    if not config.demo and demo.is_there():
        raise Unready(BAD_DATABASE, A_DEMO)
