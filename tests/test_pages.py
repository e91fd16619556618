"""Every page as every role that may see it: whole, labelled, guarded, and read without leaving a trace."""

import ast
import re
from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path

import pytest
from jinja2 import Environment, nodes

from portal import Portal, clock
from portal.parts import PARTS as PARTS_OF_CASES
from portal.security import HEADERS
from tests.conftest import Clock
from tests.looking import Looking, Seen, addresses
from tests.reading import Element
from tests.test_access import dump
from tests.world import NOW, a_world

ROOT = Path(__file__).parent.parent
TEMPLATES = ROOT / "templates"
EXHIBITS = ("aftersales", "buyer", "appeals", "appeals_buyer", "penalties", "appeals_review", "arbitration_review")
FILES = {"static", "case_files.key", "overrides.document", *(f"{desk}.exhibit" for desk in EXHIBITS)}
PARTS = {"messages.unread", "review.fresh"}
ELSEWHERE = {
    *("security.two_factor_token_validation", "security.mf_recovery", "security.reset_password"),
    *("penalty_imports.show", "appeals.submission", "appeals.supplement_submission"),
}
"""Pages that only a half finished sign-in, a mailed link, an upload or a reload leads to; their slices test them."""
NO_PAGES = {"shared", "errors", "security"}
NO_ENDPOINT = {"layout.html", "messages/mail.html", "accounts/other_shop.html"}
"""The frame; a mail; the answer to an address of one's other shop."""
FOR_WRITERS = ("appeals.draft", "appeals.check", "appeals.supplement", "appeals.supplement_check", "appeals.withdrawal")
HTMX = {"HX-Request": "true"}


@pytest.fixture(scope="module")
def looked(shared_sqlite_app: Portal) -> Iterator[Looking]:
    """The world, the browsers and the clock, for all tests of this file; none of them changes anything."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(clock, "now", Clock(NOW))
        yield Looking(shared_sqlite_app, a_world())


@pytest.fixture(scope="module")
def seen(looked: Looking) -> list[Seen]:
    """Every page as every role."""
    return [
        looked.at(role, url, endpoint)
        for endpoint, urls in addresses(looked.world).items()
        for role in looked.may(endpoint)
        for url in urls
    ]


@pytest.fixture(scope="module")
def pages(seen: list[Seen]) -> list[Seen]:
    """Those that are the page itself, and not the way to another."""
    return [one for one in seen if one.status == 200]


@pytest.fixture(scope="module")
def troubles(looked: Looking) -> list[Seen]:
    """Answers that are not the page asked for, in both shapes."""
    asked = (
        *(("nobody", "/appeals"), ("reviewer", "/appeals"), ("merchant_owner", "/review"), ("nobody", "/nowhere")),
        *(("merchant_owner", "/appeals/AP-2026-NOTTHERE"), ("nobody", "/language"), ("nobody", "/static/none.css")),
        *(("merchant_owner", "/messages/unread"), ("reviewer", "/review/fresh")),
    )
    return [looked.at(role, url, **shape) for role, url in asked for shape in ({}, HTMX)]


def wrong(seen: list[Seen], faults: Callable[[Seen], list[str]]) -> list[str]:
    """What is wrong, page by page."""
    return [f"{one}: {fault}" for one in seen for fault in faults(one)]


def test_no_page_is_forgotten(looked: Looking) -> None:
    rules = [rule for rule in looked.app.url_map.iter_rules() if "GET" in (rule.methods or ()) and not rule.build_only]
    known = addresses(looked.world).keys() | FILES | PARTS | ELSEWHERE
    assert {rule.endpoint for rule in rules} - known == set()


def test_every_page_is_there_for_whom_it_is(seen: list[Seen]) -> None:
    def faults(one: Seen) -> list[str]:
        reads_only = one.role == "merchant_viewer" and one.endpoint in FOR_WRITERS
        return [] if one.status == (303 if reads_only else 200) else [str(one.status)]

    assert not (found := wrong(seen, faults)), "\n".join(found)


def test_every_page_has_a_title_one_heading_and_its_landmarks(pages: list[Seen]) -> None:
    def faults(one: Seen) -> list[str]:
        counts = {tag: len(one.page.all(tag)) for tag in ("h1", "main", "footer")}
        named = one.page.one("title").text.partition(" - ")[0].strip()
        return [f"{number} {tag}" for tag, number in counts.items() if number != 1] + ([] if named else ["no title"])

    assert not (found := wrong(pages, faults)), "\n".join(found)


def test_ids_are_unique_and_whoever_names_one_finds_it(pages: list[Seen]) -> None:
    def faults(one: Seen) -> list[str]:
        ids = [element["id"] for element in one.page if "id" in element]
        named = {
            word
            for element in one.page
            for name in ("for", "form", "aria-labelledby", "aria-describedby", "data-count-for")
            for word in element[name].split()
        }
        named |= {e[name][1:] for e in one.page for name in ("href", "hx-target") if e[name].startswith("#")}
        return [f"#{name} twice" for name in set(ids) if ids.count(name) > 1] + [f"no #{n}" for n in named - set(ids)]

    assert not (found := wrong(pages, faults)), "\n".join(found)


def test_every_control_has_words(pages: list[Seen]) -> None:
    def speaks(element: Element) -> bool:
        return bool(element.text or element["aria-label"] or any(e["aria-label"] or e["alt"] for e in element))

    def faults(one: Seen) -> list[str]:
        labels = {label["for"] for label in one.page.all("label") if speaks(label)}
        visible = [e for e in one.page if "hidden" not in e and e["type"] != "hidden"]
        fields = [e for e in visible if e.tag in ("input", "select", "textarea")]
        dumb = [e for e in visible if e.tag in ("button", "a", "summary") and not speaks(e)]
        return [f["name"] for f in fields if f["id"] not in labels and not f["aria-label"]] + [
            f"<{e.tag}>" for e in dumb
        ]

    assert not (found := wrong(pages, faults)), "\n".join(found)


def test_every_form_that_changes_something_has_its_token(pages: list[Seen]) -> None:
    def faults(one: Seen) -> list[str]:
        forms = [form for form in one.page.all("form") if form["method"].lower() == "post"]
        return [form["action"] for form in forms if not any(e["name"] == "csrf_token" and e["value"] for e in form)]

    assert not (found := wrong(pages, faults)), "\n".join(found)


def test_nothing_needs_what_the_content_security_policy_forbids(seen: list[Seen], troubles: list[Seen]) -> None:
    def faults(one: Seen) -> list[str]:
        names = {name for element in one.page for name in element.attributes}
        bare = [element.tag for element in one.page.all("style", "script") if not element["src"]]
        far = re.findall(r'(?:src|href|action)="(?:https?:)?//[^"]*', one.source)
        return [name for name in names if name == "style" or name.startswith(("on", "hx-on"))] + bare + far

    assert not (found := wrong(seen + troubles, faults)), "\n".join(found)


def test_every_answer_has_the_headers_that_guard_it(seen: list[Seen], troubles: list[Seen]) -> None:
    def faults(one: Seen) -> list[str]:
        other = [name for name, value in HEADERS.items() if one.headers.get(name) != value]
        return other + [name for name in ("Cache-Control", "X-Request-ID") if not one.headers.get(name)]

    assert {401, 403, 404, 405} <= {one.status for one in troubles}
    assert not (found := wrong(seen + troubles, faults)), "\n".join(found)


def test_reading_leaves_no_trace(looked: Looking, seen: list[Seen]) -> None:
    before = dump()
    for endpoint, urls in addresses(looked.world).items():
        looked.at(looked.may(endpoint)[0], urls[0], endpoint)
    assert dump() == before
    assert wrong(seen, lambda one: [f"{one.left} rows left in the session"] if one.left else []) == []


def both_shapes(looked: Looking) -> Iterator[tuple[Seen, Seen]]:
    """Pages that htmx may ask a part of, and that part."""
    lists = ("/appeals?tab=completed", "/messages", "/penalties")
    panel = f"/review/appeals/{looked.world.appeals['claimed']}"
    dispute = f"/review/arbitrations/{looked.world.arbitrations['claimed']}"
    reviewed = (("reviewer", url) for url in ("/review", panel, dispute))
    for role, url in (*(("merchant_owner", url) for url in lists), *reviewed):
        yield looked.at(role, url), looked.at(role, url, **HTMX)


def test_a_part_is_one_element_that_its_page_has_too(looked: Looking) -> None:
    for page, part in both_shapes(looked):
        roots = [e for e in part.page.children if isinstance(e, Element) and "hx-swap-oob" not in e]
        assert Path(part.template).name.startswith("_"), part
        assert part.template in includes(looked.app.jinja_env)[page.template], part
        assert [len(page.page.all(id=root["id"])) for root in roots] == [1], part
        assert "HX-Request" in page.headers["Vary"]
        assert "HX-Request" in part.headers["Vary"]


def test_a_pages_path_is_its_endpoint_both_ways(looked: Looking, seen: list[Seen]) -> None:
    named = [one for one in seen if one.status == 200 and not one.endpoint.startswith("security.")]
    assert {
        (one.endpoint, one.template) for one in named if one.template != f"{one.endpoint.replace('.', '/')}.html"
    } == set()
    endpoints = {f"{rule.endpoint.replace('.', '/')}.html" for rule in looked.app.url_map.iter_rules()}
    assert {name for name in whole_pages() if name.partition("/")[0] not in NO_PAGES} - endpoints == NO_ENDPOINT


def whole_pages() -> set[str]:
    """The templates that are no part."""
    found = [path for path in TEMPLATES.rglob("*.html") if not path.name.startswith("_")]
    return {path.relative_to(TEMPLATES).as_posix() for path in found}


@cache
def includes(environment: Environment) -> dict[str, set[str]]:
    """What each template includes, however deep."""
    names = {path.relative_to(TEMPLATES).as_posix() for path in TEMPLATES.rglob("*.html")}
    direct = {name: set(_named(environment.parse((TEMPLATES / name).read_text()))) for name in names}
    found = {name: set(others) for name, others in direct.items()}
    for _ in range(8):
        found = {name: others.union(*(found[other] for other in others)) for name, others in found.items()}
    return found


def _named(template: nodes.Template) -> Iterator[str]:
    drawn = [call for call in template.find_all(nodes.Call) if getattr(call.node, "name", "") == "part"]
    places = [node.template for node in template.find_all((nodes.Include, nodes.Extends))]
    yield from (place.value for place in (*places, *(call.args[0] for call in drawn)) if isinstance(place, nodes.Const))


def test_what_is_answered_as_a_part_stands_in_a_page(looked: Looking) -> None:
    trees = [ast.parse(path.read_text()) for path in (ROOT / "portal").rglob("*.py")]
    strings = {node.value for tree in trees for node in ast.walk(tree) if isinstance(node, ast.Constant)}
    parts = {s for s in strings if isinstance(s, str) and re.fullmatch(r"[a-z_]+/_\w+\.html", s)}
    within = includes(looked.app.jinja_env)
    added = {part.template for some in looked.app.extensions[PARTS_OF_CASES].values() for part in some}
    assert len(parts) > 8
    assert added <= parts
    assert {part for part in parts - added if not any(part in within[page] for page in whole_pages())} == set()
