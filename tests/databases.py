"""A fresh database for each test, from a template migrated once: SQLite copies a file, PostgreSQL a database."""

import shutil
from contextlib import ExitStack, closing
from pathlib import Path
from typing import Any, TypeAlias, cast

import psycopg
from psycopg import sql
from sqlalchemy import Engine
from sqlalchemy.exc import DBAPIError

from portal import Portal
from portal.db import db

Connection: TypeAlias = psycopg.Connection[Any]


class Sqlite:
    """An embedded database: the template is a file."""

    def __init__(self, folder: Path) -> None:
        self.file = folder / "recourse.db"
        self.template = folder / "template.db"
        self.url = f"sqlite:///{self.file}"

    def keep(self, app: Portal) -> None:
        """Keep what is there now as the template."""
        with app.app_context():
            db.session.remove()
            with db.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
                connection.exec_driver_sql("COMMIT")
                connection.exec_driver_sql(f"VACUUM INTO '{self.template}'")
                connection.exec_driver_sql("BEGIN")
            db.engine.dispose()

    def renew(self, app: Portal) -> None:
        """Put the template in place of what the last test left."""
        with app.app_context():
            db.session.remove()
            db.engine.dispose()
        for left in self.file.parent.glob("recourse.db*"):
            left.unlink()
        shutil.copy(self.template, self.file)


class Postgresql:
    """A database of the cluster; the template is another one.

    What a test leaves is mostly rows. They are put back as they were, many times faster than a copy of the template,
    which is made where anything else has changed: a table, a guard, or so much that the files have grown.
    """

    def __init__(self, cluster_url: str, name: str) -> None:
        self.cluster_url, self.name = cluster_url, name
        self.url = cluster_url.replace("/postgres?", f"/{name}?")
        self.kept: Kept | None = None
        self._run("DROP DATABASE IF EXISTS {} WITH (FORCE)", name)
        self._run("CREATE DATABASE {} TEMPLATE template0 LC_COLLATE 'C'", name)

    def keep(self, app: Portal) -> None:
        """Keep what is there now as the template."""
        with app.app_context():
            db.session.remove()
            db.engine.dispose()
        with psycopg.connect(self.url) as connection:
            self.kept = Kept(connection)
        self._run("DROP DATABASE IF EXISTS {} WITH (FORCE)", f"{self.name}_template")
        self._run("ALTER DATABASE {} RENAME TO {}", self.name, f"{self.name}_template")

    def renew(self, app: Portal) -> None:
        """Make the database as the template is, and leave the app connections that know its tables already."""
        with app.app_context():
            db.session.remove()
            if not self._put_back(db.engine):
                db.engine.dispose()
                self._run("DROP DATABASE IF EXISTS {} WITH (FORCE)", self.name)
                self._run("CREATE DATABASE {} TEMPLATE {}", self.name, f"{self.name}_template")

    def _put_back(self, engine: Engine) -> bool:
        pool: Any = engine.pool
        if self.kept is None or pool.checkedout():  # what somebody holds on to would not live
            return False
        if pool.checkedin() > FEW:
            engine.dispose()
        try:
            with ExitStack() as stack:
                resting = [stack.enter_context(closing(engine.raw_connection())) for _ in range(pool.checkedin() or 1)]
                return self.kept.put_back(*(cast(Connection, one.driver_connection) for one in resting))
        except (psycopg.Error, DBAPIError):
            return False

    def _run(self, statement: str, *names: str) -> None:
        with psycopg.connect(self.cluster_url, autocommit=True) as connection:
            connection.execute(sql.SQL(statement).format(*map(sql.Identifier, names)))


SHAPE = """
SELECT md5(string_agg(part, ',' ORDER BY part)) FROM (
  SELECT format('%s %s %s %s', relname, relkind, relchecks, relnatts) FROM pg_class
  WHERE relnamespace = 'public'::regnamespace
  UNION ALL SELECT format('%s %s %s', tgrelid, tgname, tgenabled) FROM pg_trigger WHERE NOT tgisinternal
) AS shape(part)
"""
ALONE = """
SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity
WHERE datname = current_database() AND pid <> ALL(%s)
"""
FEW = 3
"""Connections that are kept from test to test; what needed more was a rush."""
ROOM = 4_000_000
"""Bytes by which the files may grow before a copy is cheaper than reading past what was deleted."""
State: TypeAlias = tuple[str, int, str]


class Kept:
    """What the template holds: its shape, its size, and the rows that were there before any test."""

    def __init__(self, connection: Connection) -> None:
        named = connection.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'public'").fetchall()
        names = [name for (name,) in named]
        self.filled = [name for name in names if name in self._with_rows(connection, names)]
        self.others = [name for name in names if name not in self.filled]
        self.sequences = dict(connection.execute("SELECT sequencename, last_value FROM pg_sequences").fetchall())
        self.shape, self.size, self.marks = self._state(connection)

    def put_back(self, connection: Connection, *others: Connection) -> bool:
        """Whether the database is as it was again; not if more has changed than rows were added.

        Only these connections live on, and remember no settings and no statements, with their plans for other rows.
        """
        for one in (connection, *others):
            one.autocommit = True
            one.execute("RESET ALL")
            one.autocommit = False
            one.execute("SELECT 1")
            one.rollback()
        connection.execute(ALONE, ([one.info.backend_pid for one in (connection, *others)],))
        shape, size, marks = self._state(connection)
        if (shape, marks) != (self.shape, self.marks) or size > self.size + ROOM:
            return False
        connection.execute("SET LOCAL session_replication_role = replica")  # the guards refuse to delete
        for name in self._with_rows(connection, self.others):
            connection.execute(sql.SQL("DELETE FROM {}").format(sql.Identifier(name)))
        again = [f"setval('{name}', {last or 1}, {last is not None})" for name, last in self.sequences.items()]
        connection.execute(f"SELECT {', '.join(again)}".encode())
        connection.commit()
        return True

    def _state(self, connection: Connection) -> State:
        """Its shape, the bytes of its files, and who wrote the rows that were there before."""
        marks = [f"(SELECT format('%s %s', count(*), sum(xmin::text::bigint)) FROM {name})" for name in self.filled]
        ask = f"SELECT ({SHAPE}), pg_database_size(current_database()), {' || '.join(marks)}"
        found = connection.execute(ask.encode()).fetchone()
        assert found is not None
        return found

    @staticmethod
    def _with_rows(connection: Connection, names: list[str]) -> list[str]:
        ask = " UNION ALL ".join(f"SELECT '{name}' WHERE EXISTS (SELECT 1 FROM {name})" for name in names)
        return [name for (name,) in connection.execute(ask.encode()).fetchall()]


Database = Sqlite | Postgresql
