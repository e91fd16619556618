"""Who may be served from which database: the demo's people, whose passwords are known, and real ones never mix."""

import socket
from pathlib import Path

import pytest
from click.testing import CliRunner

from portal import create_app, schema
from portal.accounts.models import Person
from portal.cli import portal
from portal.cli.launcher import acts, prepare
from portal.cli.launcher.checks import Unready
from portal.config import Config
from portal.db import db, unit_of_work
from portal.demo.filling import FIRST
from tests import make

REAL = {"DEMO": "0", "SECRET_KEY": "for-this-test-only-0123456789abcdefghijklm"}


def config(folder: Path, **more: str) -> Config:
    """The settings of a portal on this folder."""
    return Config.from_environment({"DATA_DIR": str(folder), **more})


def a_portal_with(folder: Path, email: str) -> None:
    """A database with a shop and somebody of it."""
    with create_app(config(folder, DEMO="1")).app_context():
        schema.upgrade()
        with unit_of_work():
            person: Person = make.a_person("merchant_owner", make.a_shop())
            person.email = email
        db.session.remove()
        db.engine.dispose()


def test_the_demo_is_not_served_where_its_flag_is_not_set(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    a_portal_with(tmp_path, FIRST)
    with pytest.raises(SystemExit) as why:
        prepare.database(config(tmp_path, **REAL))
    assert why.value.code == 6
    assert "This database holds the demo, whose passwords everybody knows" in capsys.readouterr().out
    with pytest.raises(Unready, match="holds the demo"):
        prepare.a_part(config(tmp_path, **REAL))
    served: list[Config] = []
    monkeypatch.setitem(acts.ACTS, "worker", served.append)
    answer = CliRunner().invoke(portal, ["serve", "--only", "worker"], env={"DATA_DIR": str(tmp_path), **REAL})
    assert (answer.exit_code, served) == (6, [])
    answer = CliRunner().invoke(portal, ["serve", "--only", "worker"], env={"DATA_DIR": str(tmp_path), "DEMO": "1"})
    assert (answer.exit_code, len(served)) == (0, 1)


def test_real_people_are_not_served_as_a_demo(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    a_portal_with(tmp_path, "owner@shops.example")
    with pytest.raises(SystemExit) as why:
        prepare.database(config(tmp_path, DEMO="1"))
    assert why.value.code == 6
    assert "This database was not made for a demo" in capsys.readouterr().out


def test_a_part_may_be_started_before_there_is_a_database_and_makes_none(tmp_path: Path) -> None:
    prepare.a_part(config(tmp_path, **REAL))
    assert list(tmp_path.glob("recourse.db*")) == []


def test_the_web_part_alone_says_that_its_port_is_taken(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        env = {"DATA_DIR": str(tmp_path), "DEMO": "1", "HOST": "127.0.0.1", "PORT": str(taken.getsockname()[1])}
        answer = CliRunner().invoke(portal, ["serve", "--only", "web"], env=env)
    assert answer.exit_code == 3
    assert "is taken" in answer.stderr
