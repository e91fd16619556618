"""The triggers that the database has, compared with those of this code: by their names and by what they do."""

import re
from collections.abc import Iterator

from sqlalchemy import text
from sqlalchemy.engine import Connection

from portal import guards

BODY = re.compile(r"\$\$(.*)\$\$", re.DOTALL)
CAST = re.compile(r"::(?:character varying|timestamp with(?:out)? time zone|\w+)(?:\[\])?")
ON = ("O", "A")
"""How PostgreSQL marks a trigger that fires when the portal writes."""
OF_SQLITE = "SELECT name, sql, '', 'O' FROM sqlite_master WHERE type = 'trigger'"
OF_POSTGRESQL = (
    "SELECT t.tgname, pg_get_triggerdef(t.oid, true), p.prosrc, t.tgenabled FROM pg_trigger t "
    "JOIN pg_class c ON c.oid = t.tgrelid JOIN pg_namespace n ON n.oid = c.relnamespace "
    "JOIN pg_proc p ON p.oid = t.tgfoid WHERE NOT t.tgisinternal AND n.nspname = current_schema()"
)


def complete(connection: Connection) -> bool:
    """Whether the database has every trigger of this code as it is written here, and no other."""
    return not any(faults(connection))


def faults(connection: Connection) -> Iterator[str]:
    """Each trigger that is gone, is off or does something else, and each that this code does not know."""
    wanted, there = _wanted(connection.dialect.name), _there(connection)
    for name in sorted(wanted.keys() - there.keys()):
        yield f"trigger {name} is missing: {guards.GUARDS[name].table} is not protected"
    for name in sorted(wanted.keys() & there.keys()):
        if wanted[name] != there[name]:
            yield f"trigger {name} is not the one of this version: {guards.GUARDS[name].table} is not protected"
    for name in sorted(there.keys() - wanted.keys()):
        yield f"trigger {name} is none of this version"


def _wanted(dialect: str) -> dict[str, tuple[str, str]]:
    made: dict[str, tuple[str, str]] = {}
    for guard in guards.GUARDS.values():
        sql = list(guards.statements_of(guard, dialect))
        if sql:
            body = BODY.search(sql[0])
            made[guard.name] = _plain(sql[-1], dialect), body[1] if body else ""
    return made


def _there(connection: Connection) -> dict[str, tuple[str, str]]:
    """By name what it hangs on and what it does; of one that is off, nothing."""
    dialect = connection.dialect.name
    found = connection.execute(text(OF_SQLITE if dialect == "sqlite" else OF_POSTGRESQL))
    return {name: (_plain(made, dialect), body) if is_on in ON else ("", "") for name, made, body, is_on in found}


def _plain(made: str, dialect: str) -> str:
    """A definition, of PostgreSQL without what it adds and words in its own way; SQLite keeps it sign by sign."""
    if dialect == "sqlite":
        return made
    said = CAST.sub("", made).lower().replace("<> all", "not in").replace("= any", "in").replace("array", "")
    return re.sub(r"[\s()\[\]]+", "", said)
