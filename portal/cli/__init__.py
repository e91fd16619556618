"""The `portal` command: a file per group, each with its `command`."""

import sys

import click
from flask.cli import ScriptInfo

from portal import create_app
from portal.cli import (
    arbitrate,
    arrived,
    bundle,
    config,
    demo,
    executed,
    imports,
    link,
    migrate,
    serve,
    sweep,
    user,
    verify,
)
from portal.cli.launcher.checks import BAD_SETTING
from portal.config import ConfigError

COMMANDS: tuple[click.Command, ...] = (
    serve.command,
    migrate.command,
    demo.command,
    imports.command,
    sweep.command,
    verify.command,
    bundle.command,
    user.command,
    link.command,
    executed.command,
    arrived.command,
    arbitrate.command,
    config.command,
)


@click.group(context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.pass_context
def portal(context: click.Context) -> None:
    """Appeals of merchants: run the portal and look after it.

    Settings come from the environment; `portal config` lists them.
    """
    context.obj = ScriptInfo(create_app=create_app, set_debug_flag=False)


for command in COMMANDS:
    portal.add_command(command)


def main() -> None:
    """Run the command; a bad setting is one sentence on the error output and exit code 2."""
    try:
        portal.main(prog_name="portal")
    except ConfigError as why:
        click.echo(f"portal: {why}", err=True)
        sys.exit(BAD_SETTING)
