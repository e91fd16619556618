"""What the stories are made of: a shop with a penalty, a merchant and a reviewer at their browsers, and their steps."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from portal.accounts.models import Person, Shop
from portal.appeals.models import Appeal
from portal.db import end_reading, session
from portal.penalties.models import Penalty
from tests import make
from tests.reading import Visitor

STATEMENT = "The courier picked up all twelve parcels at 17:10 on the same day; the receipts are attached."
FINDINGS = "The receipts carry the stamp of the depot and name all twelve numbers, before the time found."
TRACE, RECEIPT = "Full tracking trace", "Carrier pick-up receipt"
DAY = timedelta(days=1)


@dataclass
class Place:
    """The shop of a story, its penalty, and a way to sit down at a browser."""

    shop: Shop
    penalty: Penalty
    owner: Person
    reviewer: Person
    sit: Callable[[Person], Visitor]

    @property
    def appeal(self) -> Appeal:
        """The one appeal, as it is now."""
        end_reading()
        return session().query(Appeal).one()


def begin(place: Place) -> Visitor:
    """From the first page to the form."""
    return place.sit(place.owner).open("/").follow("Start the appeal").press("Start the appeal")


def add(visitor: Visitor, requirement: str, name: str = "waybill.jpg", file: Any = None) -> Visitor:
    """Upload a picture to one line of the checklist."""
    colour = (len(requirement) * 7 % 256, len(name) * 11 % 256, 90)
    return visitor.upload(f"Add a file {requirement}", (file or make.a_picture(colour), name))


def write(visitor: Visitor) -> Visitor:
    """Everything that is asked for."""
    add(add(visitor, TRACE), RECEIPT)
    return visitor.tick("The facts found are wrong").fill("Your statement", STATEMENT)


def send(visitor: Visitor) -> Visitor:
    """Check, tick twice, send."""
    return visitor.press("Next").tick("I have checked").tick("I know").press("Send my")


def claim(place: Place) -> Visitor:
    """The reviewer takes the most urgent case, which opens."""
    return place.sit(place.reviewer).open("/review").press("Claim")


def choose(visitor: Visitor, outcome: str, reason: str = "", words: str = "") -> Visitor:
    """A decision with its reason and the text to the merchant."""
    visitor.page.one(id="outcome-0")  # the form is there
    form = visitor.page.one("form", data_decides="")
    picked = form.one("input", name="outcome", value=outcome)
    picked.typed = outcome
    for name, value in ((f"reason_{outcome}", reason), (f"words_{outcome}", words)):
        if value:
            form.one("select", "textarea", name=name).typed = value
    return visitor


def judge(visitor: Visitor, verdict: str = "accepted") -> Visitor:
    """Findings, and the same verdict on each exhibit."""
    visitor.fill("Findings", FINDINGS)
    for select in visitor.page.all("select"):
        if select["name"].startswith("exhibit_"):
            select.typed = verdict
    return visitor


def ask_for_evidence(place: Place) -> Visitor:
    """The reviewer sends the case back for the receipt."""
    desk = choose(claim(place), "needs_evidence", "N02", "Please add the receipts of the other eleven orders.")
    desk.fill(RECEIPT, "Incomplete").fill(f"What exactly {RECEIPT}", "eleven are missing")
    return desk.press("Ask for evidence: back")


def box_of(place: Place) -> list[str]:
    """What the shop was told, newest first."""
    lines = place.sit(place.owner).open("/messages").page.all("h3")
    return [line.text.removeprefix("Unread:").strip() for line in lines]
