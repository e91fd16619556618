"""Every screen in a real browser: nothing for axe to find, nothing to scroll sideways, nothing on the console."""

from collections.abc import Callable, Iterator

import pytest
from sqlalchemy import update

from portal import Portal, clock
from portal.accounts.models import Person
from portal.aftersales.lifecycle import TABS
from portal.db import unit_of_work
from tests.browser.conftest import House, Open, Window, sideways
from tests.conftest import Clock
from tests.world import NOW, World, a_world

MERCHANT, REVIEWER, LEAD, ADMIN, NOBODY = "merchant_owner", "reviewer", "lead", "admin", ""
NARROW, PHONE, DESK = 360, 390, 1440


@pytest.fixture(scope="module")
def world(shared_sqlite_app: Portal) -> Iterator[World]:
    """A marketplace in which everything has happened, for all tests of this file: they only look at it."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(clock, "now", Clock(NOW))
        yield a_world()


@pytest.fixture
def house(shared_sqlite_app: Portal, world: World, serve: Callable[[Portal], str]) -> House:
    """The portal with this world."""
    return House(shared_sqlite_app, serve(shared_sqlite_app))


@pytest.fixture
def english(world: World) -> Iterator[None]:
    """Everybody reads English, for as long as the test lasts."""
    speak("en")
    yield
    speak("zh")


def speak(locale: str) -> None:
    """Have everybody read this language."""
    with unit_of_work() as rows:
        rows.execute(update(Person).values(locale=locale))


def screens(world: World) -> dict[str, list[str]]:
    """The addresses of all screens, by who sees them."""
    appeal = {name: f"/appeals/{ref}" for name, ref in world.appeals.items()}.__getitem__
    penalties = [f"/penalties/{world.penalties[name]}" for name in ("fresh", "urgent", "proven", "over", "revoked")]
    ends = (
        "upheld",
        "partially_upheld",
        "rejected",
        "inadmissible",
        "closed_timeout",
        "withdrawn",
        "moot",
        "lapsed",
        *(f"ruling_{outcome}" for outcome in ("upheld", "partially_upheld", "rejected", "withdrawn", "moot")),
    )
    panels = ("under_review", "claimed", "two_eyes", "second_round", "rejected", "ruling_under_review", "ruling_upheld")
    ruled = [f"/appeals/rulings/{world.rulings[name]}" for name in ("open", "re_review", "draft", "upheld")]
    disputes = [f"/review/arbitrations/{world.arbitrations[name]}" for name in ("claimed", "again", "refund_partial")]
    return {
        MERCHANT: [
            "/", *(f"/appeals?tab={tab}" for tab in ("to_appeal", "under_review", "needs_evidence", "completed")),
            "/appeals?q=none", "/penalties", *penalties,
            f"{appeal('empty')}/draft", f"{appeal('draft')}/draft", f"{appeal('draft')}/check",
            f"{appeal('under_review')}/receipt", appeal("under_review"), appeal("overdue"), appeal("second_round"),
            f"{appeal('needs_evidence')}/supplement", f"{appeal('prepared')}/supplement/check",
            f"{appeal('under_review')}/withdrawal", *map(appeal, ends), "/messages", "/messages?category=aftersale",
            "/account", "/after-sales/return-address", f"/redress/{world.appeals['rejected']}/complaint",
            f"/redress/{world.appeals['upheld']}/disclosure", "/nowhere", "/review", *ruled,
            f"{appeal('ruling_draft')}/draft", f"{appeal('ruling_draft')}/check",
            f"{appeal('ruling_under_review')}/withdrawal", *(f"/after-sales/{ref}" for ref in world.rulings.values()),
            *(f"/after-sales?tab={tab}" for tab in TABS), "/after-sales?q=none",
            *(f"/after-sales/{ref}" for ref in world.aftersales.values()),
        ],
        REVIEWER: [
            "/", "/review", "/review?view=overdue", *(f"/review{appeal(name)}" for name in panels), *disputes,
            "/messages",
        ],
        LEAD: [
            "/", "/not-carried-out", "/complaints", "/complaints?view=answered", "/requests-to-see",
            "/orders-from-above", f"/orders-from-above/{world.appeals['rejected']}",
        ],
        ADMIN: ["/penalties/import"],
        NOBODY: ["/sign-in", "/password/forgotten", "/appeals", *(f"/case/{link}" for link in ("0.x", *world.links))],
    }  # fmt: skip


def tour(window: Window, paths: list[str], *, dark: bool) -> list[str]:
    """What is wrong on the way; a phone is looked at once more as the narrowest there is, a desk by night."""
    window.expected = ("Failed to load resource",)  # the screens of 401, 403 and 404
    found = []
    for path in paths:
        page = window.open(path)
        found += [f"{path}: {ill}" for ill in window.ills()]
        found += [f"{path} by night: {ill}" for ill in window.ills_by_night()] if dark else []
        found += [f"{path}: {over} px" for width in window.widths if (over := sideways(page, width))]
    return found


@pytest.mark.parametrize("widths", [(DESK,), (PHONE, NARROW)], ids=["desk", "phone"])
def test_axe_finds_nothing_and_nothing_scrolls_sideways(
    world: World, house: House, window: Open, widths: tuple[int, ...]
) -> None:
    found = []
    for role, paths in screens(world).items():
        found += tour(window(house, world.people.get(role), widths=widths), paths, dark=DESK in widths)
    assert not found, "\n".join(found)


@pytest.mark.usefixtures("english")
def test_english_words_fit_a_small_phone_too(world: World, house: House, window: Open) -> None:
    found = []
    for role, paths in screens(world).items():
        phone = window(house, world.people.get(role), widths=(NARROW,), locale="en-GB")
        phone.expected = ("Failed to load resource",)
        for path in paths:
            page = phone.open(path)
            assert page.get_attribute("html", "lang") == "en"
            found += [f"{path}: {over} px"] if (over := sideways(page)) else []
    assert not found, "\n".join(found)
