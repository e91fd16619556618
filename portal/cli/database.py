"""What a command needs that works on the database: the app, and a database of this code's version."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import wraps
from pathlib import Path
from typing import ParamSpec, TypeVar

from flask.cli import with_appcontext
from sqlalchemy.exc import DatabaseError

from portal import schema
from portal.cli.launcher import BAD_DATABASE, Unready
from portal.db import db

Given = ParamSpec("Given")
Result = TypeVar("Result")


def with_database(command: Callable[Given, Result]) -> Callable[Given, Result]:
    """Run the command in the app's context; `Unready` unless its database is there and up to date."""

    @wraps(command)
    def checked(*args: Given.args, **options: Given.kwargs) -> Result:
        with usable():
            version = None if is_missing() else schema.version()
        if version != schema.newest():
            there = f"The database is of version {version}, this portal wants {schema.newest()}"
            newer = (version or "") > schema.newest()
            mend = "install the newer portal that made it" if newer else "run `portal migrate`"
            mend += ", or set DATA_DIR (or DATABASE_URL) to another place"
            raise Unready(BAD_DATABASE, f"{there if version else 'There is no database here'}: {mend}.")
        return command(*args, **options)

    return with_appcontext(checked)


@contextmanager
def usable() -> Iterator[None]:
    """Say in one sentence that the database is none, or can't be reached."""
    try:
        yield
    except DatabaseError as why:
        first = str(why.orig).strip().partition("\n")[0]
        raise Unready(BAD_DATABASE, f"The database can't be used: {first.rstrip('.')}.") from why


def is_missing() -> bool:
    """Whether SQLite would make an empty file where somebody mistyped a folder."""
    url = db.engine.url
    return url.get_backend_name() == "sqlite" and not Path(url.database or "").exists()
