"""`portal import`: bring in what the marketplace exports."""

import sys
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import BinaryIO, TypeVar

import click
from flask_babel import force_locale, gettext, ngettext
from sqlalchemy.exc import OperationalError

from portal import aftersales, clock, evidence, incoming, penalties
from portal.audit import SYSTEM
from portal.cli.database import with_database
from portal.db import dialect, end_reading, unit_of_work
from portal.incoming import Done, Fault, said
from portal.penalties import Plan
from portal.refusals import Overtaken, Refused
from portal.text import sentence

Row = TypeVar("Row")

LEFT_OUT, UNUSABLE = 1, 2
LISTED = 200
TRIES = 5
FEW = 50
"""A request is opened by its own verb, one by one, so fewer of them fit into one unit of work."""
TURN = 0.12
"""Who waits for SQLite's lock tries every tenth of a second; without a pause they would never find it free."""
LOCALES = {"zh": "zh_Hans_CN", "en": "en"}


@click.group("import")
def command() -> None:
    """Bring in what the marketplace exports."""


@command.command("penalties")
@click.argument("file", type=click.File("rb"))
@click.option("--strict", is_flag=True, help="Bring in nothing unless every row is right.")
@click.option("--dry-run", is_flag=True, help="Say what would change, and change nothing.")
@click.option(
    "--lang", type=click.Choice(list(LOCALES)), default="en", show_default=True, help="Language of the output."
)
@with_database
def from_file(file: BinaryIO, lang: str, *, strict: bool, dry_run: bool) -> None:
    """Bring in penalties from FILE, CSV or JSON; docs/import.md describes its columns.

    The same file again changes nothing: a penalty is known by its source and external id. Wrong rows are listed and
    left out. An import that is cut off is completed by running it again.

    \b
      portal import penalties penalties.csv --dry-run
      portal import penalties penalties.json --strict
      some-export | portal import penalties -

    Exit codes: 0 all rows are in, 1 rows were left out, 2 the file can't be used.
    """
    with force_locale(LOCALES[lang]):
        found = _planned(penalties.plan, file.read())
        if _goes_on(found, strict, dry_run):
            done = carry_out(found)
            _list(done.conflicts)
            click.echo(ngettext("%(num)s penalty was issued.", "%(num)s penalties were issued.", done.new))
            found.conflicts += done.conflicts
    sys.exit(0 if found.is_clean else LEFT_OUT)


@command.command("orders")
@click.argument("file", type=click.File("rb"))
@click.option("--strict", is_flag=True, help="Bring in nothing unless every row is right.")
@click.option("--dry-run", is_flag=True, help="Say what would change, and change nothing.")
@click.option(
    "--lang", type=click.Choice(list(LOCALES)), default="en", show_default=True, help="Language of the output."
)
@with_database
def orders_from_file(file: BinaryIO, lang: str, *, strict: bool, dry_run: bool) -> None:
    """Bring in orders from FILE, CSV or JSON, a row for each line of an order; docs/import.md describes its columns.

    The same file again changes nothing, but for deliveries that were not known yet. One wrong row leaves its whole
    order out. An import that is cut off is completed by running it again.

    \b
      portal import orders orders.csv --dry-run
      portal import orders orders.json --strict

    Exit codes: 0 all rows are in, 1 rows were left out, 2 the file can't be used.
    """
    with force_locale(LOCALES[lang]):
        found = _planned(aftersales.actions.plan_orders, file.read())
        if _goes_on(found, strict, dry_run):
            done = _in_chunks(found, "orders", aftersales.actions.bring_in_orders)
            _list(done.conflicts)
            click.echo(ngettext("%(num)s order was brought in.", "%(num)s orders were brought in.", done.new))
            if done.late:
                click.echo(ngettext("%(num)s delivery is new.", "%(num)s deliveries are new.", done.late))
            found.conflicts += done.conflicts
    sys.exit(0 if found.is_clean else LEFT_OUT)


@command.command("after-sales")
@click.argument("file", type=click.File("rb"))
@click.option("--strict", is_flag=True, help="Bring in nothing unless every row is right.")
@click.option("--dry-run", is_flag=True, help="Say what would change, and change nothing.")
@click.option(
    "--lang", type=click.Choice(list(LOCALES)), default="en", show_default=True, help="Language of the output."
)
@with_database
def requests_from_file(file: BinaryIO, lang: str, *, strict: bool, dry_run: bool) -> None:
    """Bring in after-sales requests from FILE, CSV or JSON; docs/import.md describes its columns.

    Their orders must be there. The same file again changes nothing. The shop's time to answer begins with the import.

    \b
      portal import after-sales requests.csv --dry-run
      portal import after-sales requests.json --strict

    Exit codes: 0 all rows are in, 1 rows were left out, 2 the file can't be used.
    """
    with force_locale(LOCALES[lang]):
        found = _planned(aftersales.actions.plan_requests, file.read())
        if _goes_on(found, strict, dry_run):
            done = _in_chunks(found, "requests", aftersales.actions.bring_in_requests, FEW)
            _list(done.conflicts)
            click.echo(ngettext("%(num)s request was brought in.", "%(num)s requests were brought in.", done.new))
            found.conflicts += done.conflicts
    sys.exit(0 if found.is_clean else LEFT_OUT)


@command.command("evidence")
@click.argument("external_id")
@click.argument("files", nargs=-1, required=True, type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--source", default="import", show_default=True, help="The system the penalty comes from.")
@click.option("--title", default="", help="What the shop reads below the file; default its name.")
@click.option(
    "--lang", type=click.Choice(list(LOCALES)), default="en", show_default=True, help="Language of the output."
)
@with_database
def evidence_of(external_id: str, files: tuple[Path, ...], source: str, title: str, lang: str) -> None:
    """Add FILES to what the penalty EXTERNAL_ID rests on: pictures, PDF or MP4, which its shop may see.

    \b
      portal import evidence PN-20261117-0119 trace.jpg --title 物流轨迹截图

    Exit codes: 0 the files were added, 1 one of them was refused and none was added.
    """
    with force_locale(LOCALES[lang]):
        try:
            brought = [(title or path.name, _bring(path)) for path in files]
            with unit_of_work():
                penalty = penalties.by_number(source, external_id)
                penalties.add_evidence(penalty, brought, by=SYSTEM, at=clock.now())
        except Refused as why:
            click.echo(sentence(why.code, why.params), err=True)
            sys.exit(LEFT_OUT)


def _bring(path: Path) -> evidence.Received:
    with path.open("rb") as file:
        try:
            return evidence.bring(file, path.name)
        except evidence.UploadRefused as why:
            click.echo(f"{path}: {evidence.why(why)}", err=True)
            sys.exit(LEFT_OUT)


def _planned(plan: Callable[..., incoming.Plan[Row]], content: bytes) -> incoming.Plan[Row]:
    try:
        found = plan(content, at=clock.now())
    except incoming.BadSheetError as why:
        click.echo(said("sheet", why.code, why.params), err=True)
        sys.exit(UNUSABLE)
    finally:
        end_reading()
    _report(found)
    return found


def _goes_on(found: incoming.Plan[Row], strict: bool, dry_run: bool) -> bool:
    """Whether the plan is to be carried out; says so if it is not for being wrong."""
    if strict and not found.is_clean:
        click.echo(gettext("Nothing was brought in, because not every row is right."), err=True)
        return False
    return not dry_run


def _report(found: incoming.Plan[Row]) -> None:
    _list([*found.faults, *found.conflicts])
    told = {"rows": found.rows, "new": len(found.new), "existing": found.existing}
    left_out = {"differ": len(found.conflicts), "bad": found.bad_rows}
    words = gettext("%(rows)s rows: %(new)s new, %(existing)s there already, %(differ)s that differ, %(bad)s wrong.")
    click.echo(words % (told | left_out))


def _list(faults: Sequence[Fault]) -> None:
    for fault in faults[:LISTED]:
        click.echo(_line(fault), err=True)
    if len(faults) > LISTED:
        click.echo(gettext("… and %(count)s more.", count=len(faults) - LISTED), err=True)


def _line(fault: Fault) -> str:
    place = gettext("line %(line)s", line=fault.line)
    value = f'"{fault.value}"' if fault.value else ""
    return (
        f"{', '.join(part for part in (place, fault.column, value) if part)}: {said('cell', fault.code, fault.params)}"
    )


def carry_out(found: Plan) -> Done:
    """Issue the new rows of a plan, a unit of work for each chunk; whoever else writes has a turn in between."""
    return _in_chunks(found, "penalties", lambda rows, **by: penalties.carry_out(rows, **by))


def _in_chunks(found: incoming.Plan[Row], label: str, act: Callable[..., Done], size: int = incoming.CHUNK) -> Done:
    done = Done()
    with click.progressbar(length=len(found.new) + len(found.late), label=label, file=sys.stderr) as bar:
        for rows in found.chunks(size):
            done.add(_one_chunk(rows, act))
            bar.update(len(rows))
            if dialect().name == "sqlite":
                time.sleep(TURN)
    return done


def _one_chunk(rows: Sequence[Row], act: Callable[..., Done]) -> Done:
    """One unit of work; tried again if somebody was faster, or the database was busy or ended it to end a deadlock."""
    for left in reversed(range(TRIES)):
        try:
            with unit_of_work():
                return act(rows, by=SYSTEM, at=clock.now())
        except (OperationalError, Overtaken):
            if not left:
                raise
    raise AssertionError("unreachable")
