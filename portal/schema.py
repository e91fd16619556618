"""The database's shape: bring it up or down a version, and say which version it has."""

from pathlib import Path
from typing import Any

from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.config import Config as AlembicConfig
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import text
from sqlalchemy.engine import Connection

from portal import guards
from portal.db import Base, db, rebuilding

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
    with rebuilding() as connection:
        guards.remove(connection)
        command.upgrade(_alembic(connection), target)
        guards.install(connection)


def renew_guards() -> None:
    """Make every trigger anew if some are missing or too many: a release may bring some without a new version."""
    with db.engine.connect() as connection:
        if guards.complete(connection):
            return
    with rebuilding() as connection:
        guards.install(connection)


def downgrade(target: str) -> None:
    """Bring the database down to `target`, nothing else lost; the triggers of what remains are made anew.

    Raises `WouldLose`, with nothing changed, where that can't be done.
    """
    with rebuilding() as connection:
        guards.remove(connection)
        command.downgrade(_alembic(connection), target)
        guards.install(connection)


def version() -> str | None:
    """The version the database has; None for an empty one."""
    with db.engine.connect() as connection:
        return MigrationContext.configure(connection).get_current_revision()


def newest() -> str | None:
    """The version this code wants."""
    return ScriptDirectory(str(FOLDER)).get_current_head()


def differences(connection: Connection) -> list[Any]:
    """Where the database differs from the models; empty when the migrations have made exactly what they say."""
    context = MigrationContext.configure(connection, opts={"compare_type": True})
    return list(compare_metadata(context, Base.metadata))


def _known() -> set[str]:
    return {script.revision for script in ScriptDirectory(str(FOLDER)).walk_revisions()}


def _alembic(connection: Connection) -> AlembicConfig:
    config = AlembicConfig()
    config.set_main_option("script_location", str(FOLDER))
    config.attributes["connection"] = connection
    return config
