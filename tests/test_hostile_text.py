"""Hostile text is just text: every field takes it as it is or says no, and shows it as what it is."""

import re
from urllib.parse import quote

import pytest

from portal import Portal, appeals
from portal.accounts import passwords
from portal.accounts.models import Person, Shop
from portal.aftersales.forms import MessageForm
from portal.appeals.models import Appeal
from portal.audit import Actor
from portal.db import session, unit_of_work
from portal.redress.forms import ComplaintForm
from tests import make
from tests.conftest import Clock
from tests.naughty import CONTROLS, DATABASE, HEADERS, LETTERS, MARKUP, NAUGHTY, PATHS, SHEETS, to_try
from tests.reading import Visitor, read, value_of

FINE = {200, 303}
REFUSED = {400, 404, 409, 422}
UNKEEPABLE = "\0"
ONE_LINE = [text for text in NAUGHTY if not re.search(r"[\r\n]", text)]
"""What a field of one line can send; a browser takes line ends out."""
FOREIGN = [*MARKUP[:8], *SHEETS[:2], *LETTERS, CONTROLS[0]]


def sent(text: str) -> str:
    """What a browser makes of the line ends in a form."""
    return re.sub(r"\r\n|\r|\n", "\r\n", text)


def plain(text: str) -> str:
    """The same with one kind of line end."""
    return re.sub(r"\r\n|\r", "\n", text)


def tags(visitor: Visitor) -> list[str]:
    """The elements of the page: hostile text must not add one."""
    return [element.tag for element in visitor.page]


def kept(visitor: Visitor, name: str) -> str:
    """What stands in a field of the page."""
    return plain(str(value_of(visitor.page.one("textarea", "input", name=name))))


@pytest.fixture
def shop(app: Portal, now: Clock) -> Shop:
    """A shop."""
    with unit_of_work():
        return make.a_shop()


@pytest.fixture
def owner(shop: Shop) -> Person:
    """Its owner."""
    with unit_of_work():
        return make.a_person("merchant_owner", shop, locale="en")


@pytest.fixture
def by(owner: Person, shop: Shop) -> Actor:
    """The owner as one who acts."""
    return make.actor(owner, shop)


@pytest.fixture
def reviewer(app: Portal) -> Person:
    """A reviewer."""
    with unit_of_work():
        return make.a_person("reviewer", locale="en")


@pytest.fixture
def draft(shop: Shop, by: Actor) -> Appeal:
    """A draft with a file in each required line."""
    with unit_of_work():
        return make.a_draft(make.a_penalty(shop), by)


@pytest.mark.parametrize("field", ["statement", "declare-tracking_trace"])
def test_a_draft_comes_back_as_it_was_typed(app: Portal, owner: Person, draft: Appeal, field: str) -> None:
    merchant = Visitor(app, owner).open(f"/appeals/{draft.ref}/draft")
    usual, wrong = [tags(merchant)], []
    merchant.page.one(name=field).typed = "短"
    merchant.press("Save for later")
    usual.append(tags(merchant.open(f"/appeals/{draft.ref}/draft")))  # what is too short is named beside the meter
    for text in to_try(NAUGHTY if field == "statement" else ONE_LINE):
        merchant.page.one(name=field).typed = sent(text)
        status = merchant.press("Save for later").status
        merchant.open(f"/appeals/{draft.ref}/draft")
        same = kept(merchant, field) == (plain(text) if field == "statement" else text.strip())
        if (status not in FINE or not same) if UNKEEPABLE not in text else status != 400:
            wrong.append((text[:40], status, kept(merchant, field)[:40]))
        if tags(merchant) not in usual:
            wrong.append((text[:40], status, "another page"))
    assert wrong == []


def test_a_supplement_comes_back_as_it_was_typed(
    app: Portal, owner: Person, draft: Appeal, reviewer: Person, by: Actor
) -> None:
    with unit_of_work():
        make.ask_for_evidence(make.file_it(draft, by), make.actor(reviewer))
    merchant = Visitor(app, owner).open(f"/appeals/{draft.ref}/supplement")
    usual, wrong = tags(merchant), []
    for text in to_try():
        merchant.field("Explanation").typed = sent(text)
        status = merchant.press("Save for later").status
        merchant.open(f"/appeals/{draft.ref}/supplement")
        same = kept(merchant, "statement") == plain(text) and tags(merchant) == usual
        if (status not in FINE or not same) if UNKEEPABLE not in text else status != 400:
            wrong.append((text[:40], status, kept(merchant, "statement")[:40]))
    assert wrong == []


def test_a_ground_that_is_not_offered_is_none(app: Portal, owner: Person, draft: Appeal) -> None:
    merchant = Visitor(app, owner).open(f"/appeals/{draft.ref}/draft")
    for radio in merchant.page.all("input", name="ground"):
        radio.typed = "g" * 300
    assert merchant.press("Save for later").status in FINE
    session().expire_all()
    assert session().get_one(Appeal, draft.id).ground_code is None


def test_a_key_longer_than_ours_is_refused(app: Portal, owner: Person, draft: Appeal) -> None:
    merchant = Visitor(app, owner).open(f"/appeals/{draft.ref}/check")
    for box in merchant.page.all("input", type="checkbox"):
        box.typed = "y"
    merchant.page.one("input", name="key").typed = "k" * 300
    assert merchant.press("Send").status == 422
    assert merchant.open(f"/appeals/{draft.ref}/submission").page.one("input", name="key")["value"]
    for form in (MessageForm, ComplaintForm):
        with app.test_request_context(method="POST", data={"key": "k" * 300}):
            sent = form(meta={"csrf": False})
            assert not sent.validate()
            assert sent.key.errors


def test_the_name_of_a_file_is_text_too(app: Portal, owner: Person, draft: Appeal) -> None:
    merchant = Visitor(app, owner, htmx=True).open(f"/appeals/{draft.ref}/draft").press("Remove")
    usual, wrong = tags(merchant), []
    for number, text in enumerate(to_try(ONE_LINE)):
        name = text.replace('"', "%22") + ".jpg"  # as browsers do
        merchant.upload("Add a file Full tracking trace", (make.a_picture((number, 3, 5)), name))
        links = merchant.page.one(id="slot-tracking_trace").all("a")
        served = merchant.client.get(links[0]["href"] if links else "/nowhere", buffered=True)
        merchant.press("Remove")
        came = (merchant.status, served.status_code, served.mimetype)
        if came != (200, 200, "image/jpeg") or tags(merchant) != usual:
            wrong.append((text[:40], came))
        served.close()
    assert wrong == []


def test_whatever_is_looked_for_is_answered(app: Portal, owner: Person, reviewer: Person, draft: Appeal) -> None:
    merchant, desk, wrong = Visitor(app, owner), Visitor(app, reviewer), []
    for text in to_try():
        asked = quote(text[:200])
        for who, path, names in (
            (merchant, "/appeals", "q type due tab at"), (merchant, "/messages", "category at"),
            (desk, "/review", "q view at"), (merchant, "/penalties", "before"),
            (merchant, f"/appeals/{asked}", ""), (merchant, f"/penalties/{asked}", ""),
        ):  # fmt: skip
            status = who.open(f"{path}?{'&'.join(f'{name}={asked}' for name in names.split())}").status
            if status not in FINE | REFUSED | {308} or "onerror" in str([e.attributes for e in who.page.all("img")]):
                wrong.append((text[:40], path, status))
            if path == "/appeals" and text in ONE_LINE and status == 200 and kept(who, "q") != text.strip()[:64]:
                wrong.append((text[:40], "q", kept(who, "q")))
    assert wrong == []


def test_a_reviewers_words_reach_the_merchant_as_they_are(
    app: Portal, owner: Person, draft: Appeal, reviewer: Person, by: Actor
) -> None:
    with unit_of_work():
        make.file_it(draft, by)
    desk = Visitor(app, reviewer).open("/review").press("Claim")
    form, wrong = desk.page.one("form", data_decides=""), []
    fields = [f for f in form.all("textarea", "input") if f["type"] in ("", "text") and "name" in f]
    form.one("input", value="rejected").typed = "rejected"
    for text in to_try():
        typed = desk.fields(form) | {field["name"]: sent(text) for field in fields}
        drafted = desk.client.post(form["data-autosave"], data=typed, headers={"HX-Request": "true"}).status_code
        answer = desk.client.post(form["action"], data=typed)
        back = read(answer.text).all("textarea", name="findings")
        same = bool(back) and plain(str(value_of(back[0]))) == plain(text)
        if not (drafted == answer.status_code == 400 if UNKEEPABLE in text else answer.status_code == 422 and same):
            wrong.append((text[:40], drafted, answer.status_code))
    assert wrong == []
    said = "\n".join(text for text in to_try() if UNKEEPABLE not in text and "{" not in text and len(text) < 100)
    with unit_of_work():
        seat = make.a_seat(draft, make.actor(reviewer))
        verdict = make.a_verdict(draft, findings=said, text_to_party=said)
        appeals.actions.decide(draft, seat, verdict=verdict, by=make.actor(reviewer), at=make.NOON)
    merchant = Visitor(app, owner).open(f"/appeals/{draft.ref}")
    assert merchant.text.count(" ".join(said.split())) == 2


def test_who_signs_in_with_nonsense_is_told_so_and_stays_here(
    app: Portal, now: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    wrong = []
    monkeypatch.setattr(passwords, "SAME_TIME", 0.0)
    for text in to_try((*MARKUP[:2], *DATABASE, *PATHS, *CONTROLS[:3], *HEADERS)):  # each costs two slow hashes
        visitor = Visitor(app).open("/sign-in")
        token = visitor.page.all("input", name="csrf_token")[-1]["value"]
        for path, fields in (
            ("/sign-in", {"email": text, "password": text, "next": text}),
            ("/password/forgotten", {"email": text}),
            ("/language", {"language": "en", "next": text}),
        ):
            answer = visitor.client.post(path, data={"csrf_token": token, **fields})
            goes = answer.headers.get("Location", "/")
            if answer.status_code >= 500 or not goes.startswith("/") or goes.startswith(("//", "/\\")):
                wrong.append((text[:40], path, answer.status_code, goes))
    assert wrong == []


def test_what_other_systems_say_is_shown_as_it_is(app: Portal, now: Clock) -> None:
    wrong = []
    for text in to_try(FOREIGN):
        with unit_of_work():
            shop = make.a_shop(name=text)
            owner = make.a_person("merchant_owner", shop, locale="en", name=text)
            penalty = make.a_penalty(shop, facts=text or "-", concerns=text, order_no=text)
            appeal = make.file_it(make.a_draft(penalty, make.actor(owner, shop)), make.actor(owner, shop))
        merchant = Visitor(app, owner)
        for path in (
            "/",
            "/appeals?tab=under_review",
            f"/appeals/{appeal.ref}",
            f"/penalties/{penalty.ref}",
            "/messages",
        ):
            if merchant.open(path).status != 200 or merchant.page.all("script", src=""):
                wrong.append((text, path, merchant.status))
            if " ".join(text.split()) not in merchant.text:
                wrong.append((text, path, "not shown"))
    assert wrong == []
