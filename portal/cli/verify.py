"""`portal verify`: walk the record, the files and the invariants, and name the first fault; or check a case file."""

import sys
from collections.abc import Callable, Iterator
from itertools import islice
from pathlib import Path

import click
from sqlalchemy import func, select

from portal import audit, bundles, deadlines, evidence, messages
from portal.audit.models import AuditEvent
from portal.cli import heads, invariants, seals
from portal.cli.database import with_database
from portal.db import session
from portal.evidence.models import StoredFile

Walk = Callable[[], Iterator[str]]
WALKS: dict[str, Walk] = {
    "history": audit.faults,
    "files": evidence.faults,
    "seals": seals.faults,
    "messages": messages.faults,
    "invariants": invariants.faults,
    "deadlines": deadlines.faults,
}
FAULTY = 1
FILE = click.Path(exists=True, dir_okay=False, path_type=Path)


@click.command("verify")
@click.argument("case_file", required=False, type=FILE)
@click.option("--key", type=FILE, help="The platform's public key.")
@click.option("--all", "everything", is_flag=True, help="Name every fault, not only the first of each kind.")
@click.option("--heads", "kept", type=FILE, help="Compare with the heads that were kept in this file.")
@click.option("--keep-heads", "keep", type=click.Path(dir_okay=False, path_type=Path), help="Write the heads into it.")
@click.pass_context
def command(
    context: click.Context,
    *,
    case_file: Path | None,
    key: Path | None,
    everything: bool,
    kept: Path | None,
    keep: Path | None,
) -> None:
    """Check that nothing was lost or changed: every event, every file, every rule; and that no deadline is stuck.

    Whoever owns the database can take back a step with everything that tells of it. Only a copy outside shows that:
    keep the heads of all histories with --keep-heads in a place of their own, and compare with --heads. The last line
    is the SHA-256 of that file, to be written down.

    With CASE_FILE (a ZIP made by `portal bundle`) check that alone, on any machine, without a database and without
    settings: the signature, every file, the audit chain, every byte of the ZIP.

    The exit code is 0 if all is well, 1 if anything is not; then nothing is kept.

    \b
      portal verify
      portal verify --all
      portal verify --heads /mnt/vault/heads --keep-heads /mnt/vault/heads
      portal verify AP-2026-7K3Q9D-merchant-zh.zip --key case-file-key.pub.pem
    """
    if case_file is None and key is not None:
        raise click.UsageError("--key is for a case file; name its ZIP.")
    if case_file is not None:
        sys.exit(FAULTY if _check(case_file, key) else 0)
    context.invoke(_walk, everything=everything, before=_heads(kept) if kept else [], keep=keep)


def _check(case_file: Path, key: Path | None) -> bool:
    """Say what a case file is and what is wrong with it; whether anything is."""
    try:
        given = bundles.public_key(key.read_bytes(), key.name) if key else None
    except bundles.BadKeyError as why:
        raise click.UsageError(f"{why}.") from why
    checked = bundles.check(case_file, given)
    click.echo(checked.about or case_file.name)
    click.echo(f"{'case file':<12}{'FAULT' if checked.faults else 'ok'}")
    for fault in checked.faults:
        click.echo(f"  {fault}", err=True)
    if checked.key:
        click.echo(f"{'key':<12}{checked.key}")
    if given is None:
        click.echo("This key lies in the ZIP itself: compare it with the one the platform publishes, or give --key.")
    return bool(checked.faults)


def _heads(kept: Path) -> list[audit.Head]:
    try:
        return heads.read(kept.read_bytes())
    except heads.BadHeadsError as why:
        raise click.UsageError(f"{kept.name} is no file of heads: line {why.line} is none.") from why


def _keep(keep: Path, now: bytes) -> None:
    try:
        keep.write_bytes(now)
    except OSError as why:
        raise click.FileError(str(keep), why.strerror) from why


@with_database
def _walk(*, everything: bool, before: list[audit.Head], keep: Path | None) -> None:
    walks = WALKS | ({"kept heads": lambda: heads.faults(before)} if before else {})
    events = session().scalar(select(func.count()).select_from(AuditEvent))
    files = session().scalar(select(func.count()).select_from(StoredFile))
    click.echo(f"{events} events, {files} files")
    found = 0
    for name, walk in walks.items():
        faults = list(walk() if everything else islice(walk(), 1))
        click.echo(f"{name:<12}{'ok' if not faults else 'FAULT'}")
        for fault in faults:
            click.echo(f"  {fault}", err=True)
        found += len(faults)
    now = heads.written(audit.heads())
    click.echo(f"{'heads':<12}{heads.digest_of(now)}")
    if keep and not found:
        _keep(keep, now)
    sys.exit(FAULTY if found else 0)
