"""A command that needs a database says in one sentence that there is none, and makes none."""

import os
import sqlite3
import stat
from contextlib import closing
from pathlib import Path

import psycopg
import pytest
from click.testing import CliRunner, Result

from portal import create_app, schema
from portal.cli import portal
from portal.config import Config
from portal.db import db

NEED_ONE = [
    ["verify"],
    ["sweep"],
    ["demo"],
    ["bundle", "AP-2026-7K3Q9D"],
    ["link", "AS-2026-7K3Q9D"],
    ["executed", "PN-2026-3M8W2C"],
    ["arrived", "AS-2026-7K3Q9D"],
    ["user", "list"],
    ["user", "disable", "a@b.example"],
    ["import", "penalties", "-"],
    ["import", "evidence", "PN-1", __file__],
]


def run(folder: Path, *words: str) -> Result:
    """The command, on the database of this folder."""
    return CliRunner().invoke(portal, words, input="", env={"DEMO": "1", "DATA_DIR": str(folder), "DATABASE_URL": ""})


@pytest.mark.parametrize("words", NEED_ONE, ids=" ".join)
def test_without_a_database_it_says_what_to_do_and_makes_none(tmp_path: Path, words: list[str]) -> None:
    result = run(tmp_path, *words)
    assert result.exit_code == 6
    assert result.output.startswith("portal: There is no database here: run `portal migrate`")
    assert not (tmp_path / "recourse.db").exists()


@pytest.mark.parametrize("words", [["migrate"], ["demo"], ["user", "list"]], ids=" ".join)
@pytest.mark.parametrize(
    "more", [{"DEMO": "1"}, {"DEMO": "", "SECRET_KEY": "for-tests-only-0123456789abcdefghijklmnop"}]
)
def test_a_data_folder_that_it_makes_is_closed_to_other_users(
    tmp_path: Path, words: list[str], more: dict[str, str]
) -> None:
    folder, before = tmp_path / "deep" / "new", os.umask(0o022)
    try:
        CliRunner().invoke(portal, words, env={"DATA_DIR": str(folder), "DATABASE_URL": ""} | more)
    finally:
        os.umask(before)
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700


def test_one_of_an_older_version_is_named_with_what_to_do(tmp_path: Path) -> None:
    with create_app(Config.from_environment({"DEMO": "1", "DATA_DIR": str(tmp_path)})).app_context():
        schema.upgrade("0001")
        db.engine.dispose()
    result = run(tmp_path, "verify")
    assert result.exit_code == 6
    assert "of version 0001" in result.output
    assert "portal migrate" in result.output


@pytest.mark.parametrize("words", [["verify"], ["migrate"], ["migrate", "--check"], ["user", "list"]], ids=" ".join)
def test_a_file_that_is_no_database_is_one_sentence(tmp_path: Path, words: list[str]) -> None:
    (tmp_path / "recourse.db").write_text("hello, this is somebody's shopping list and not a database")
    result = run(tmp_path, *words)
    assert (result.exit_code, result.output) == (6, "portal: The database can't be used: file is not a database.\n")


def test_a_database_that_sorts_by_a_language_is_refused_with_what_to_do(
    request: pytest.FixtureRequest, tmp_path: Path
) -> None:
    cluster = request.getfixturevalue("_cluster")
    with psycopg.connect(cluster, autocommit=True) as server:
        server.execute("DROP DATABASE IF EXISTS recourse_english")
        server.execute("CREATE DATABASE recourse_english LOCALE_PROVIDER icu ICU_LOCALE 'en-US' TEMPLATE template0")
    env = {"DEMO": "1", "DATA_DIR": str(tmp_path), "DATABASE_URL": cluster.replace("/postgres?", "/recourse_english?")}
    result = CliRunner().invoke(portal, ["migrate"], env=env)
    assert result.exit_code == 6
    assert "by the rules of a language" in result.output
    assert "LC_COLLATE 'C'" in result.output
    with psycopg.connect(env["DATABASE_URL"]) as connection:
        assert connection.execute("SELECT count(*) FROM pg_tables WHERE schemaname = 'public'").fetchone() == (0,)


def test_looking_at_the_version_makes_no_database(tmp_path: Path) -> None:
    result = run(tmp_path, "migrate", "--check")
    assert (result.exit_code, result.output.startswith("The database is of version none,")) == (1, True)
    assert not [*tmp_path.glob("*.db*")]


def test_a_database_of_a_newer_portal_is_not_to_be_migrated(tmp_path: Path) -> None:
    assert run(tmp_path, "migrate").exit_code == 0
    with closing(sqlite3.connect(tmp_path / "recourse.db")) as connection, connection:
        connection.execute("UPDATE alembic_version SET version_num = '9999'")
    result = run(tmp_path, "verify")
    assert result.exit_code == 6
    assert "install the newer portal that made it" in result.output
    assert "portal migrate" not in result.output
