"""A page as people use it: read its words, follow its links, fill its fields, press its buttons.

A `Visitor` does what a browser does with the HTML it got, and no more. With `htmx=True` the elements that carry htmx's
attributes ask for their part and swap it in, so that a story runs the same way in both shapes.
"""

from collections.abc import Iterator
from html.parser import HTMLParser
from typing import Any
from urllib.parse import urljoin, urlsplit

from werkzeug.test import TestResponse

from portal import Portal
from portal.accounts.models import Person
from tests import make

VOID = {"area", "br", "col", "hr", "img", "input", "link", "meta", "source", "use", "path", "wbr"}


class Element:
    """One element with what stands inside it."""

    def __init__(self, tag: str, attributes: dict[str, str], parent: "Element | None" = None) -> None:
        self.tag, self.attributes, self.parent = tag, attributes, parent
        self.children: list[Element | str] = []
        self.typed: Any = None

    def __getitem__(self, name: str) -> str:
        return self.attributes.get(name, "")

    def __contains__(self, name: str) -> bool:
        return name in self.attributes

    def __iter__(self) -> Iterator["Element"]:
        """Everything inside, in order."""
        for child in self.children:
            if isinstance(child, Element):
                yield child
                yield from child

    @property
    def text(self) -> str:
        """Its words, with single blanks."""
        return " ".join(self.raw.split())

    @property
    def raw(self) -> str:
        """Its words as they stand."""
        return "".join(child if isinstance(child, str) else child.raw for child in self.children)

    def all(self, *tags: str, **attributes: str) -> list["Element"]:
        """The elements inside of these tags, with these attributes."""
        wanted = {name.strip("_").replace("_", "-"): value for name, value in attributes.items()}
        return [
            e for e in self
            if (not tags or e.tag in tags) and all(e.attributes.get(n) == v for n, v in wanted.items())
        ]  # fmt: skip

    def one(self, *tags: str, **attributes: str) -> "Element":
        """The one there is."""
        found = self.all(*tags, **attributes)
        assert len(found) == 1, f"{len(found)} of {tags} {attributes}"
        return found[0]

    def become(self, *others: "Element") -> None:
        """Put others in its place."""
        assert self.parent is not None
        at = self.parent.children.index(self)
        self.parent.children[at : at + 1] = others
        for other in others:
            other.parent = self.parent


class _Builder(HTMLParser):
    def __init__(self, source: str) -> None:
        super().__init__()
        self.root = self.here = Element("#page", {})
        self.feed(source)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        element = Element(tag, {name: value or "" for name, value in attrs}, self.here)
        self.here.children.append(element)
        if tag not in VOID:
            self.here = element

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.here.children.append(Element(tag, {name: value or "" for name, value in attrs}, self.here))

    def handle_endtag(self, tag: str) -> None:
        element: Element | None = self.here
        while element and element.tag != tag:
            element = element.parent
        if element and element.parent:
            self.here = element.parent

    def handle_data(self, data: str) -> None:
        self.here.children.append(data)


def read(source: str) -> Element:
    """The elements of a page or a part."""
    return _Builder(source).root


def value_of(control: Element) -> Any:
    """What a form sends for this control; None for what it leaves out."""
    if control.typed is not None:
        return control.typed if control.typed is not False else None
    if control["type"] in ("radio", "checkbox"):
        return control.attributes.get("value", "on") if "checked" in control else None
    if control.tag == "textarea":
        return control.raw.replace("\r\n", "\n").removeprefix("\n")
    if control.tag == "select":
        options = control.all("option")
        chosen = [o for o in options if "selected" in o] or options[:1]
        return chosen[0].attributes.get("value", chosen[0].text) if chosen else ""
    return None if control["type"] == "file" else control["value"]


class Visitor:
    """Somebody at a browser: `page` is what they see, `answer` what the server sent last."""

    def __init__(self, app: Portal, person: Person | None = None, *, htmx: bool = False, **settings: str) -> None:
        self.client = make.a_browser(app, person, **settings)
        self.htmx, self.url, self.page = htmx, "/", read("")
        self.answer: TestResponse | None = None

    @property
    def status(self) -> int:
        """The status of the last answer."""
        assert self.answer is not None
        return self.answer.status_code

    @property
    def text(self) -> str:
        """Everything that can be read on the page."""
        return self.page.text

    def open(self, url: str) -> "Visitor":
        """Go to an address."""
        return self._send("GET", url)

    def follow(self, words: str) -> "Visitor":
        """Press the first link that begins with these words."""
        link = next((e for e in self.page.all("a") if e.text.startswith(words)), None)
        assert link is not None, f"no link {words!r} among {[e.text for e in self.page.all('a')]}"
        return self._send("GET", link["hx-get"] if self.htmx and "hx-get" in link else link["href"], link)

    def field(self, words: str) -> Element:
        """The control with this label."""
        for label in self.page.all("label"):
            if label.text.startswith(words):
                return self.page.one(id=label["for"])
        raise AssertionError(f"no field {words!r} among {[e.text for e in self.page.all('label')]}")

    def fill(self, words: str, value: Any) -> "Visitor":
        """Write into a field, choose from a list, or put a file there."""
        control = self.field(words)
        if control.tag == "select":
            value = next(o["value"] for o in control.all("option") if value in (o["value"], o.text))
        control.typed = value
        return self

    def tick(self, words: str) -> "Visitor":
        """Tick a box, or choose a radio button."""
        chosen = self.field(words)
        if chosen["type"] == "radio":
            for other in self.page.all("input", type="radio", name=chosen["name"]):
                other.typed = False
        chosen.typed = chosen.attributes.get("value", "on")
        return self

    def press(self, words: str) -> "Visitor":
        """Press the first button that begins with these words."""
        buttons = [b for b in self.page.all("button") if b["type"] in ("", "submit") and "disabled" not in b]
        button = next((b for b in buttons if b.text.startswith(words)), None)
        assert button is not None, f"no button {words!r} among {[b.text for b in buttons]}"
        return self._press(button)

    def upload(self, words: str, file: Any) -> "Visitor":
        """Put a file into the field with this label, and press the button of its form."""
        form = self.form_of(self.fill(words, file).field(words))
        return self._press(form.all("button")[0])

    def _press(self, button: Element) -> "Visitor":
        form = self.form_of(button)
        named = {button["name"]: button["value"]} if "name" in button else {}
        to = form["hx-post"] if self._parts(form) else button["formaction"] or form["action"]
        fields = {**self.fields(form), **named}
        return self._send(form["method"].upper() or "GET", to, form, fields)

    def rest(self) -> "Visitor":
        """Lift the hands from the keyboard: the form that saves itself is saved."""
        form = next(e for e in self.page.all("form") if "data-autosave" in e)
        status = self.page.one(id="autosave")
        self.answer = self.client.post(form["data-autosave"], data=self.fields(form), headers={"HX-Request": "true"})
        if self.answer.status_code == 200:
            self._swap(status, "innerHTML", self.answer.text)
        return self

    def fields(self, form: Element) -> dict[str, Any]:
        """What the form sends."""
        inside = [e for e in form if "form" not in e]
        joined = [e for e in self.page if "id" in form and e["form"] == form["id"]]
        controls = [e for e in (*inside, *joined) if e.tag in ("input", "textarea", "select") and "name" in e]
        values = {e["name"]: value_of(e) for e in controls if e["type"] != "radio"}
        values |= {e["name"]: value_of(e) for e in controls if e["type"] == "radio" and value_of(e) is not None}
        return {name: value for name, value in values.items() if value is not None}

    def form_of(self, control: Element) -> Element:
        """The form that a control belongs to."""
        if "form" in control:
            return self.page.one("form", id=control["form"])
        element: Element | None = control
        while element is not None and element.tag != "form":
            element = element.parent
        assert element is not None
        return element

    def _parts(self, element: Element | None) -> bool:
        return self.htmx and element is not None and ("hx-post" in element or "hx-get" in element)

    def _send(
        self, method: str, url: str, by: Element | None = None, fields: dict[str, Any] | None = None, left: int = 5
    ) -> "Visitor":
        address = urljoin(self.url, url or self.url)
        headers = {"HX-Request": "true", "HX-Current-URL": self.url} if self._parts(by) else {}
        given = {"query_string": fields} if method == "GET" and fields else {"data": fields}
        self.answer = self.client.open(
            address.partition("#")[0], method=method, headers=headers, follow_redirects=bool(headers), **given
        )
        onward = self.answer.headers.get("HX-Redirect") or self.answer.headers.get("Location")
        if onward and left:
            return self._send("GET", onward, left=left - 1)
        if self._parts(by) and not self.answer.text.lstrip().lower().startswith("<!doctype"):
            assert by is not None
            self._take(by, self.answer)
            return self
        self.page = read(self.answer.text if self.answer.mimetype == "text/html" else "")
        self.url = urlsplit(address).path + (f"?{urlsplit(address).query}" if urlsplit(address).query else "")
        return self

    def _take(self, by: Element, answer: TestResponse) -> None:
        target = answer.headers.get("HX-Retarget") or by["hx-target"]
        how = answer.headers.get("HX-Reswap") or by["hx-swap"]
        self._swap(self.page.one(id=target.removeprefix("#")), how, answer.text)

    def _swap(self, target: Element, how: str, source: str) -> None:
        part = read(source)
        for kept in [e for e in part if "hx-preserve" in e]:
            for old in self.page.all(id=kept["id"]):
                kept.become(old)
        for apart in [e for e in part if "hx-swap-oob" in e]:
            assert apart.parent is not None
            apart.parent.children.remove(apart)
            for old in self.page.all(id=apart["id"]):
                old.become(*([] if apart["hx-swap-oob"] == "delete" else [apart]))
        roots = [child for child in part.children if isinstance(child, Element)]
        if how == "innerHTML":
            target.children = part.children
            for root in roots:
                root.parent = target
        else:
            target.become(*roots)
