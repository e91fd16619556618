"""The database made ready before anything serves: its version, and the demo's first fill.

Runs in a process of its own, so that no connection and no thread is open when the launcher forks the parts.
"""

import sys

import click

from portal import clock, create_app, demo
from portal.cli import migrate
from portal.cli.demo import NO_PLACE
from portal.cli.launcher.checks import BAD_SETTING, Unready
from portal.config import Config, ConfigError


def database(config: Config) -> None:
    """Bring the database to this code's version; why that can't be is the last line, and its code the exit code."""
    try:
        app = create_app(config)
    except ConfigError as why:
        click.echo(f"portal: {why}")
        sys.exit(BAD_SETTING)
    with app.app_context():
        try:
            migrate.bring_up_to_date()
            if config.demo and demo.fill(clock.now()):
                click.echo("The demo was filled in.")
        except demo.RealDataError:
            click.echo(f"No demo was filled in: {NO_PLACE}")
        except Unready as why:
            click.echo(why.message)
            sys.exit(why.exit_code)
