"""What is made before the parts begin: the app that they inherit, and the templates of its first page."""

import sys
from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

import pytest
import structlog
from jinja2 import Environment, meta

from portal import Portal, assets
from portal.cli.launcher import ahead
from portal.config import ConfigError


@pytest.fixture
def served(monkeypatch: pytest.MonkeyPatch) -> Callable[[Callable[[], Portal]], None]:
    """Has the served app made so."""

    def so(make: Callable[[], Portal]) -> None:
        def load(name: str) -> Any:
            app = make()
            monkeypatch.setitem(sys.modules, name, SimpleNamespace(app=app))
            return sys.modules[name]

        monkeypatch.setattr("importlib.import_module", load)

    return so


def test_the_first_page_compiles_nothing_any_more(sqlite_app: Portal, monkeypatch: pytest.MonkeyPatch) -> None:
    templates: Any = sqlite_app.jinja_env
    monkeypatch.setattr(templates, "bytecode_cache", None)
    templates.cache.clear()  # what other tests have compiled
    ahead.the_first_page(sqlite_app)
    compiled: list[object] = []
    straight = Environment.compile
    monkeypatch.setattr(Environment, "compile", lambda *of, **more: (compiled.append(of), straight(*of, **more))[1])
    page = sqlite_app.test_client().get("/sign-in")
    assert (page.status_code, compiled) == (200, [])


def test_what_is_compiled_ahead_names_nothing_else(sqlite_app: Portal) -> None:
    templates, named = sqlite_app.jinja_env, set[str | None]()
    assert templates.loader is not None
    for name in ahead.FIRST_PAGE:
        named |= set(meta.find_referenced_templates(templates.parse(templates.loader.get_source(templates, name)[0])))
    assert named - set(ahead.FIRST_PAGE) - {None} == set()


@pytest.mark.parametrize("trouble", [ConfigError("CASE_FILE_KEY"), FileNotFoundError("recourse")])
def test_what_stands_in_the_way_of_an_app_is_left_to_whoever_needs_it(
    served: Callable[..., None], trouble: Exception
) -> None:
    def make() -> Portal:
        raise trouble

    served(make)
    app = ahead.the_app(print)
    assert app is None
    ahead.the_first_page(app)


def test_an_app_is_handed_on_with_what_it_had_to_say(served: Callable[..., None], sqlite_app: Portal) -> None:
    def make() -> Portal:
        structlog.get_logger().warning("assets.strange")
        return sqlite_app

    served(make)
    said: list[str] = []
    assert ahead.the_app(said.append) is sqlite_app
    assert ["assets.strange" in line for line in said] == [True]


def test_an_app_without_its_hashed_files_is_not_handed_on(
    served: Callable[..., None], sqlite_app: Portal, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sqlite_app.extensions, assets.BUILT, False)
    served(lambda: sqlite_app)
    assert ahead.the_app(print) is None
    assert ahead.SERVED not in sys.modules, "each web process makes its own, and so has another try"


def test_a_template_that_cannot_be_read_does_not_end_the_start(
    sqlite_app: Portal, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(ahead, "FIRST_PAGE", ("security/none.html",))
    ahead.the_first_page(sqlite_app)
    assert sqlite_app.test_client().get("/sign-in").status_code == 200
