"""What a first visit costs on a phone: the page and everything it asks for, as sent over the wire."""

import re
from collections.abc import Iterator
from urllib.parse import urljoin

import pytest
from flask.testing import FlaskClient

from portal import Portal, clock
from tests import make
from tests.conftest import Clock
from tests.reading import Element, read
from tests.world import NOW, World, a_world

FIRST_LOAD = 45 * 1024
"""Bytes, without pictures of evidence."""
ASKED = re.compile(r"(?:@import\s+(?:url\()?|url\()\s*[\"']?([^\"')\s#]+)")


@pytest.fixture(scope="module")
def world(shared_sqlite_app: Portal) -> Iterator[World]:
    """The world in which everything has happened."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(clock, "now", Clock(NOW))
        yield a_world()


def sent(browser: FlaskClient, address: str) -> int:
    """Bytes of the answer to a browser that takes Brotli."""
    answer = browser.get(address, headers={"Accept-Encoding": "gzip, deflate, br"})
    try:
        assert answer.status_code == 200, address
        return len(answer.get_data())
    finally:
        answer.close()


def plain(browser: FlaskClient, address: str) -> str:
    """The same, to be read."""
    answer = browser.get(address)
    try:
        return answer.get_data(as_text=True)
    finally:
        answer.close()


def asked_for(page: Element) -> set[str]:
    """The addresses that the page has its browser fetch at once; pictures of evidence come later."""
    links = [e["href"] for e in page.all("link") if {"stylesheet", "icon", "preload"} & set(e["rel"].split())]
    scripts = [e["src"] for e in page.all("script") if "src" in e]
    pictures = [e["src"] for e in page.all("img") if e["src"].startswith("/static/")]
    icons = [e["href"] for e in page.all("use")]
    return {address.partition("#")[0] for address in (*links, *scripts, *pictures, *icons)}


def first_load(browser: FlaskClient, address: str) -> dict[str, int]:
    """Every address that a first visit fetches, with its bytes."""
    page = read(plain(browser, address))
    wanted, found = asked_for(page), {address: sent(browser, address)}
    while wanted:
        one = wanted.pop()
        found[one] = sent(browser, one)
        if one.endswith(".css"):
            wanted |= {urljoin(one, other) for other in ASKED.findall(plain(browser, one))} - found.keys()
    return found


def test_a_first_visit_fits_into_its_budget(shared_sqlite_app: Portal, world: World) -> None:
    of = {name: f"/appeals/{ref}" for name, ref in world.appeals.items()}
    visits = [("nobody", "/sign-in"), *(("merchant_owner", address) for address in (
        "/", "/appeals", "/appeals?tab=under_review", "/appeals?tab=completed", "/messages", "/penalties",
        f"/penalties/{world.penalties['proven']}", f"{of['draft']}/draft", f"{of['draft']}/check",
        f"{of['needs_evidence']}/supplement", of["rejected"], "/account",
        "/after-sales", f"/after-sales/{world.aftersales['asked']}", f"/after-sales/{world.aftersales['negotiating']}",
    )), ("nobody", f"/case/{world.links[0]}"),
        ("reviewer", "/"), ("reviewer", "/review"), ("reviewer", f"/review{of['under_review']}")]  # fmt: skip
    loads = {
        address: first_load(make.a_browser(shared_sqlite_app, world.people.get(role)), address)
        for role, address in visits
    }
    assert {address: len(load) for address, load in loads.items() if len(load) < 5} == {}, "something was not followed"
    assert {address: load for address, load in loads.items() if sum(load.values()) > FIRST_LOAD} == {}


def test_what_the_style_sheets_ask_for_is_counted() -> None:
    sheet = '@import "a.css"; @import url(f.css); b { background: url("c.svg#d"); src: url(e.woff2) }'
    assert ASKED.findall(sheet) == ["a.css", "f.css", "c.svg", "e.woff2"]
