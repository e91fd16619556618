"""What every template keeps to: strict CSP, real HTML first, one root for a part, and a size one can read."""

import re
from html.parser import HTMLParser
from pathlib import Path

import pytest
from jinja2 import nodes
from jinja2.utils import _PassArg

from portal import Portal
from portal.reader import reading_as
from portal.text import word

ROOT = Path(__file__).parent.parent / "templates"
TEMPLATES = sorted(ROOT.rglob("*.html"))
PARTS = [path for path in TEMPLATES if path.name.startswith("_")]
ROOTED = [path for path in PARTS if "{% extends " not in path.read_text()]
"""Those that have a root of their own; the root of one that extends another is the other's."""
COMMENT = re.compile(r"{#.*?#}", re.DOTALL)
STATEMENT = re.compile(r"{%.*?%}", re.DOTALL)
EXPRESSION = re.compile(r"{{.*?}}", re.DOTALL)
MAYBE_APART = re.compile(r"{% if \w+ %}\s*hx-swap-oob=\"\w+\"\s*{% endif %}")
CHOICES = {"j-if", "j-for"}
UNSENT = {
    *("shared/_head.html", "shared/_staff.html", "shared/_seat_head.html", "shared/_topbar.html"),
    "review/_figures.html",
}
"""The head of a page and of a table, and what is swapped out of band: never an answer, and nothing could hold their
elements together."""
OF_MAILS = "shared/letter.html"
"""No page of ours, and so without its policy; mail programs know no style but one in the element."""
VOID = {"area", "br", "col", "hr", "img", "input", "link", "meta", "source", "use", "path", "wbr"}
BANNED = {
    "an inline style": r"\sstyle\s*=|<style\b",
    "an inline script": r"<script(?![^>]*\bsrc=)",
    "an event attribute": r"<[^>]*\son\w+\s*=",
    "hx-on": r"hx-on\b",
    "script in hx-vals or a trigger": r"hx-vals\s*=\s*[\"']js:|hx-vars|hx-trigger=\"[^\"]*\[",
    "unescaped output": r"\|\s*safe\b|\bMarkup\(|{%-?\s*autoescape\s+false",
    "a question of its own": r"\.query\b|\.execute\(|\btimedelta\b|\bnow\(\)|\bselect\(",
    "another site": r"(?:src|href|action)\s*=\s*[\"']https?://",
    "javascript in a link": r"href\s*=\s*[\"']\s*javascript:",
}


def name(path: Path) -> str:
    """The template as Jinja knows it."""
    return path.relative_to(ROOT).as_posix()


def markup(path: Path) -> str:
    """What is left for the browser, with expressions as a plain word."""
    return EXPRESSION.sub("x", STATEMENT.sub("", COMMENT.sub("", path.read_text())))


def outline(path: Path) -> str:
    """The same, with an element for each choice and each call outside of a tag, so that roots can be counted."""
    source = EXPRESSION.sub("x", COMMENT.sub("", path.read_text()))
    source = re.sub(r"{% set \w+ %}.*?{% endset %}", "", source, flags=re.DOTALL)
    source = re.sub(r"<[^<>]*>", lambda tag: STATEMENT.sub("", MAYBE_APART.sub("", tag[0])), source)
    for pattern, element in (
        ("if", "<j-if>"),
        ("elif|else", "<j-else/>"),
        ("endif", "</j-if>"),
        ("for", "<j-for>"),
        ("endfor", "</j-for>"),
        ("call", "<j-call>"),
        ("endcall", "</j-call>"),
    ):
        source = re.sub(rf"{{%-?\s*(?:{pattern})\b.*?%}}", element, source, flags=re.DOTALL)
    return STATEMENT.sub("", source)


class Tree(HTMLParser):
    """Collects the elements, and counts the roots: the most that any way through the choices leaves."""

    def __init__(self, source: str) -> None:
        super().__init__()
        self.elements: list[tuple[str, dict[str, str | None]]] = []
        self.open: list[str] = []
        self.counts = [[0]]
        self.feed(source)

    @property
    def roots(self) -> int:
        """How many elements stand beside each other at the top."""
        return max(self.counts[0])

    def root(self, number: int = 1) -> None:
        """Count something at the top."""
        if not [tag for tag in self.open if tag not in CHOICES]:
            self.counts[-1][-1] += number

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Note the element; a choice opens a count of its own."""
        if tag in CHOICES:
            self.counts.append([0])
        else:
            self.elements.append((tag, dict(attrs)))
            self.root(0 if "hx-swap-oob" in dict(attrs) else 1)
        if tag not in VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """An element that is closed at once; the other branch of a choice."""
        if tag == "j-else":
            self.counts[-1].append(0)
            return
        self.handle_starttag(tag, attrs)
        if tag not in VOID:
            self.open.pop()

    def handle_endtag(self, tag: str) -> None:
        """Leave the element; what a loop repeats counts twice."""
        if tag not in self.open:
            return
        while self.open.pop() != tag:
            pass
        if tag in CHOICES:
            most = max(self.counts.pop())
            self.root(most * 2 if tag == "j-for" else most)

    def handle_data(self, data: str) -> None:
        """What a macro gives, or words, are a root too."""
        if data.strip():
            self.root()


@pytest.mark.parametrize("path", TEMPLATES, ids=name)
def test_a_template_begins_by_saying_what_it_needs(path: Path) -> None:
    assert path.read_text().startswith("{# ")


@pytest.mark.parametrize("path", TEMPLATES, ids=name)
def test_a_template_has_nothing_the_content_security_policy_or_the_layers_forbid(path: Path) -> None:
    source = COMMENT.sub("", path.read_text())
    found = {what for what, pattern in BANNED.items() if re.search(pattern, source)}
    assert found == ({"an inline style"} if name(path) == OF_MAILS else set())


@pytest.mark.parametrize("path", [path for path in ROOTED if name(path) not in UNSENT], ids=name)
def test_a_part_has_one_root(path: Path) -> None:
    assert Tree(outline(path)).roots == 1


@pytest.mark.parametrize("path", TEMPLATES, ids=name)
def test_every_control_of_htmx_is_real_html_first_and_says_what_it_changes(path: Path) -> None:
    for tag, attributes in Tree(markup(path)).elements:
        if "hx-get" in attributes and "every" not in (attributes.get("hx-trigger") or ""):
            assert "href" in attributes or "action" in attributes, tag
        if "hx-post" in attributes:
            assert tag == "form", "what changes something is a form"
            assert attributes["method"] == "post"
            assert attributes["action"]
        if {"hx-get", "hx-post"} & attributes.keys():
            assert {"hx-target", "hx-swap"} <= attributes.keys(), f"{tag} inherits its target"


@pytest.mark.parametrize("path", TEMPLATES, ids=name)
def test_every_form_that_changes_something_carries_the_token(path: Path) -> None:
    source = COMMENT.sub("", path.read_text())
    posts = len(re.findall(r"<form[^>]*method=\"post\"", source))
    tokens = len(re.findall(r"csrf_token\(\)|\bhidden\(\w+\)|\.csrf_token\b|hidden_tag\(\)", source))
    assert tokens >= posts


@pytest.mark.parametrize("path", TEMPLATES, ids=name)
def test_every_picture_has_words_or_says_that_it_needs_none(path: Path) -> None:
    assert all("alt" in attributes for tag, attributes in Tree(markup(path)).elements if tag == "img")


def test_templates_stay_small_enough_to_read() -> None:
    lines = sorted(len(path.read_text().splitlines()) for path in TEMPLATES)
    assert lines[-1] <= 120
    assert lines[int(len(lines) * 0.9)] <= 60


def test_every_template_compiles_and_names_only_templates_that_exist(sqlite_app: Portal) -> None:
    known = {name(path) for path in TEMPLATES}
    environment = sqlite_app.jinja_env
    for path in TEMPLATES:
        tree = environment.parse(path.read_text())
        environment.compile(path.read_text())
        named = tree.find_all((nodes.Include, nodes.Import, nodes.FromImport, nodes.Extends))
        asked = {node.template.value for node in named if isinstance(node.template, nodes.Const)}
        assert asked <= known, name(path)


def test_no_filter_is_worked_out_before_it_is_known_who_reads(sqlite_app: Portal) -> None:
    environment = sqlite_app.jinja_env
    ours = {name: do for name, do in environment.filters.items() if do.__module__.startswith("portal.")}
    assert "word" in ours
    assert [name for name, do in ours.items() if getattr(do, "jinja_pass_arg", None) is not _PassArg.context] == []
    court = environment.from_string('{{ "court"|word("redress.way") }}')
    said = []
    for locale in ("zh_Hans_CN", "en"):
        with sqlite_app.test_request_context(), reading_as(locale, "UTC"):
            said.append((court.render(), word("court", "redress.way")))
    assert said[0][0] != said[1][0]
    assert all(shown == meant for shown, meant in said)


def test_macros_are_all_within_reach_of_one_import(sqlite_app: Portal) -> None:
    environment = sqlite_app.jinja_env
    front = COMMENT.sub("", (ROOT / "shared" / "ui.html").read_text())
    for path in sorted((ROOT / "shared" / "macros").glob("*.html")):
        for macro in environment.parse(path.read_text()).find_all(nodes.Macro):
            assert macro.name.startswith("_") or f".{macro.name}" in front, f"{path.name}: {macro.name}"
