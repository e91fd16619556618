"""The database's shape: bring it up or down a version, and say which version it has.

Alembic is imported where it changes something: it takes a tenth of a second, and at most starts there is nothing to do.
"""

from pathlib import Path
from typing import TYPE_CHECKING, Any

from sqlalchemy import inspect, text
from sqlalchemy.engine import Connection

from portal import guards, triggers
from portal.db import Base, db, rebuilding

if TYPE_CHECKING:
    from alembic.config import Config as AlembicConfig

FOLDER = Path(__file__).parent.parent / "migrations"


class UnknownVersion(Exception):
    """The database is of a version this code does not know: it was made by a newer portal."""


class WouldLose(Exception):
    """An older version has no place for what is there, and going down to it would lose that; in a sentence to read."""


def sorts_by_code_point() -> bool:
    """Whether text is compared sign by sign, as SQLite does: whatever is searched for by its beginning needs it.

    A PostgreSQL database made for a language leaves out hyphens and mixes capitals in.
    """
    if db.engine.dialect.name != "postgresql":
        return True
    with db.engine.connect() as connection:
        return bool(connection.scalar(text("SELECT 'B' < 'a' AND '-' < '0' AND 'PN-1' < 'PN-' || chr(1114111)")))


def upgrade(target: str = "head") -> None:
    """Bring the database up to `target` in one transaction, and make every trigger anew; raises `UnknownVersion`."""
    if version() not in {None, *_known()}:
        raise UnknownVersion(version())
    from alembic import command

    with rebuilding() as connection:
        guards.remove(connection)
        command.upgrade(_alembic(connection), target)
        guards.install(connection)


def renew_guards() -> None:
    """Make every trigger anew if they are not those of this code: a release may bring some without a new version."""
    with db.engine.connect() as connection:
        if triggers.complete(connection):
            return
    with rebuilding() as connection:
        guards.install(connection)


def downgrade(target: str) -> None:
    """Bring the database down to `target`, nothing else lost; the triggers of what remains are made anew.

    Raises `WouldLose`, with nothing changed, where that can't be done.
    """
    from alembic import command

    with rebuilding() as connection:
        guards.remove(connection)
        command.downgrade(_alembic(connection), target)
        guards.install(connection)


def version() -> str | None:
    """The version the database has; None for an empty one."""
    with db.engine.connect() as connection:
        if not inspect(connection).has_table("alembic_version"):
            return None
        found: str | None = connection.scalar(text("SELECT version_num FROM alembic_version"))
        return found


def newest() -> str:
    """The version this code wants: the number with which the last migration's name begins."""
    return max(_known())


def differences(connection: Connection) -> list[Any]:
    """Where the database differs from the models; empty when the migrations have made exactly what they say."""
    from alembic.autogenerate import compare_metadata
    from alembic.runtime.migration import MigrationContext

    context = MigrationContext.configure(connection, opts={"compare_type": True})
    return list(compare_metadata(context, Base.metadata))


def _known() -> set[str]:
    return {path.name.partition("_")[0] for path in (FOLDER / "versions").glob("[0-9]*.py")}


def _alembic(connection: Connection) -> "AlembicConfig":
    from alembic.config import Config as AlembicConfig

    config = AlembicConfig()
    config.set_main_option("script_location", str(FOLDER))
    config.attributes["connection"] = connection
    return config
