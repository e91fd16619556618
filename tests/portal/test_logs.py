"""One event, one line, on the error output."""

import json
import logging
from collections.abc import Iterator
from pathlib import Path

import pytest
import structlog

from portal import logs
from tests.conftest import a_config


@pytest.fixture(autouse=True)
def _as_before(tmp_path: Path) -> Iterator[None]:
    yield
    logs.configure(a_config(tmp_path))


def test_machines_get_one_json_object_a_line(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    logs.configure(a_config(tmp_path, LOG_FORMAT="json"))
    structlog.get_logger().info("appeal.filed", ref="AP-1\nforged line", shop="岚山茶铺")
    out, err = capsys.readouterr()
    assert out == ""
    line = json.loads(err)
    assert (line["event"], line["ref"], line["shop"]) == ("appeal.filed", "AP-1\nforged line", "岚山茶铺")
    assert err.count("\n") == 1


def test_people_get_the_event_and_its_facts(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    logs.configure(a_config(tmp_path))
    structlog.get_logger().warning("queue.unreachable", why="a\nforged line")
    err = capsys.readouterr().err
    assert "queue.unreachable" in err
    assert err.count("\n") == 1


def test_what_is_below_the_level_is_not_logged(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    logs.configure(a_config(tmp_path, LOG_LEVEL="error"))
    structlog.get_logger().warning("queue.unreachable")
    assert capsys.readouterr().err == ""
    assert logging.getLogger("sqlalchemy").getEffectiveLevel() >= logging.WARNING
