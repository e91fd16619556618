"""A fresh database for each test, from a template migrated once: SQLite copies a file, PostgreSQL a database."""

import shutil
from pathlib import Path

import psycopg
from psycopg import sql

from portal import Portal
from portal.db import db


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
    """A database of the cluster; the template is another one."""

    def __init__(self, cluster_url: str, name: str) -> None:
        self.cluster_url, self.name = cluster_url, name
        self.url = cluster_url.replace("/postgres?", f"/{name}?")
        self._run("DROP DATABASE IF EXISTS {} WITH (FORCE)", name)
        self._run("CREATE DATABASE {}", name)

    def keep(self, app: Portal) -> None:
        """Keep what is there now as the template."""
        with app.app_context():
            db.session.remove()
            db.engine.dispose()
        self._run("DROP DATABASE IF EXISTS {} WITH (FORCE)", f"{self.name}_template")
        self._run("ALTER DATABASE {} RENAME TO {}", self.name, f"{self.name}_template")

    def renew(self, app: Portal) -> None:
        """Make the database anew from the template."""
        with app.app_context():
            db.session.remove()
            db.engine.dispose()
        self._run("DROP DATABASE IF EXISTS {} WITH (FORCE)", self.name)
        self._run("CREATE DATABASE {} TEMPLATE {}", self.name, f"{self.name}_template")

    def _run(self, statement: str, *names: str) -> None:
        with psycopg.connect(self.cluster_url, autocommit=True) as connection:
            connection.execute(sql.SQL(statement).format(*map(sql.Identifier, names)))


Database = Sqlite | Postgresql
