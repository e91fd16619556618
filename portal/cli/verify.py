"""`portal verify`: walk the record, the files and the invariants, and name the first fault."""

import sys
from collections.abc import Callable, Iterator
from itertools import islice

import click
from flask.cli import with_appcontext
from sqlalchemy import func, select

from portal import audit, deadlines, evidence, messages
from portal.audit.models import AuditEvent
from portal.cli import invariants
from portal.db import session
from portal.evidence.models import StoredFile

Walk = Callable[[], Iterator[str]]
WALKS: dict[str, Walk] = {
    "history": audit.faults,
    "files": evidence.faults,
    "messages": messages.faults,
    "invariants": invariants.faults,
    "deadlines": deadlines.faults,
}
FAULTY = 1


@click.command("verify")
@click.option("--all", "everything", is_flag=True, help="Name every fault, not only the first of each kind.")
@with_appcontext
def command(*, everything: bool) -> None:
    """Check that nothing was lost or changed: every event, every file, every rule; and that no deadline is stuck.

    The exit code is 0 if all is well, 1 if anything is not.

    \b
      portal verify
      portal verify --all
    """
    events = session().scalar(select(func.count()).select_from(AuditEvent))
    files = session().scalar(select(func.count()).select_from(StoredFile))
    click.echo(f"{events} events, {files} files")
    found = 0
    for name, walk in WALKS.items():
        faults = list(walk() if everything else islice(walk(), 1))
        click.echo(f"{name:<12}{'ok' if not faults else 'FAULT'}")
        for fault in faults:
            click.echo(f"  {fault}", err=True)
        found += len(faults)
    sys.exit(FAULTY if found else 0)
