"""`portal bundle`: the case file of one case, for one of its parties."""

import hashlib
from pathlib import Path

import click

from portal import bundles, clock, text
from portal.audit import SYSTEM
from portal.cli.database import with_database
from portal.db import unit_of_work
from portal.reader import reading_as
from portal.refusals import Refused


@click.command("bundle")
@click.argument("ref")
@click.option("--party", default="merchant", show_default=True, help="Whose file: merchant or buyer.")
@click.option("--lang", type=click.Choice(["zh", "en"]), default="zh", show_default=True, help="Of the record.")
@click.option("--out", type=click.Path(dir_okay=False, path_type=Path), help="Default: REF-PARTY-LANG.zip here.")
@with_database
def command(*, ref: str, party: str, lang: str, out: Path | None) -> None:
    """Write the case file of REF: the record as PDF/A, the originals, the audit chain, signed.

    The same case gives the same bytes. That it was made is put into the chain `exports`.

    \b
      portal bundle AP-2026-7K3Q9D
      portal bundle AP-2026-7K3Q9D --lang en --out /tmp/case.zip
    """
    try:
        key = bundles.signing_key(bundles.key_path())
        with unit_of_work():
            bundle = bundles.export(ref, party, lang, by=SYSTEM, at=clock.now())
        out, digest = out or Path(bundle.name), hashlib.sha256()
        arriving = out.with_name(f"{out.name}.part")
        with arriving.open("wb") as file:
            for piece in bundles.written(bundle.contents(key)):
                file.write(piece)
                digest.update(piece)
        arriving.replace(out)
    except Refused as why:
        with reading_as("en", "UTC"):
            raise click.ClickException(text.sentence(why.code, why.params)) from why
    except bundles.BadKeyError as why:
        raise click.ClickException(str(why)) from why
    click.echo(f"{out}  {out.stat().st_size} bytes\nSHA-256 {digest.hexdigest()}")
    click.echo(f"key     {bundles.fingerprint(key.public_key())}  {bundles.public_half(bundles.key_path())}")
