"""What is made before the parts begin: the first page finds its templates compiled."""

import pytest
from flask import Flask
from jinja2 import Environment

from portal import Portal
from portal.cli.launcher import ahead


def test_the_first_page_compiles_nothing_any_more(sqlite_app: Portal, monkeypatch: pytest.MonkeyPatch) -> None:
    found = ahead.compile_all(sqlite_app.jinja_env, *ahead.FIRST_PAGE)
    compiled: list[object] = []
    straight = Environment.compile
    monkeypatch.setattr(Environment, "compile", lambda *of, **more: (compiled.append(of), straight(*of, **more))[1])
    page = sqlite_app.test_client().get("/sign-in")
    assert (page.status_code, compiled) == (200, [])
    assert {"layout.html", *ahead.FIRST_PAGE} < found


def test_a_bad_setting_is_left_to_whoever_needs_it(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[str] = []

    def refuse(name: str) -> Flask:
        asked.append(name)
        raise ahead.ConfigError(name)

    monkeypatch.setattr("importlib.import_module", refuse)
    ahead.the_first_page()
    assert asked == ["wsgi"]
