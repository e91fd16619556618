"""The invented orders and after-sales cases: what a buyer asked for, and what both sides did. Texts: refunds/*.toml."""

import tomllib
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, TypeAlias

from sqlalchemy import select

from portal import accounts, aftersales
from portal.aftersales import Customer, Line, Order, Terms, Wish, actions
from portal.aftersales.models import AfterSale
from portal.audit import SYSTEM
from portal.db import session
from portal.demo import disputes
from portal.demo.people import OWNERS, acting
from portal.demo.stage import Stage

Happening: TypeAlias = tuple[datetime, Callable[[datetime], None]]
"""When something happens, and what."""
LINKED = "6920118733450021"
"""The order whose buyer's link is told to everybody."""
FOLDER = Path(__file__).parent / "refunds"
ON_THE_WAY = timedelta(days=3)
"""From the order to its delivery, and from there to the request at the latest."""


def told(stage: Stage, now: datetime) -> Iterator[Happening]:
    """Every step of every case with its time, up to now."""
    for file in sorted(FOLDER.glob("*.toml")):
        for refund in tomllib.loads(file.read_text(encoding="utf-8"))["refund"]:
            yield from Bought(stage, file.stem, refund).steps(now)


def let_in(now: datetime) -> None:
    """The first link there is opens the case of one buyer."""
    case = session().scalars(select(AfterSale).where(AfterSale.order_no == LINKED)).one()
    accounts.links.issue("aftersale", case.ref, "buyer", at=now)


class Bought:
    """One order and the case about it, as far as it has come."""

    def __init__(self, stage: Stage, shop: str, told: dict[str, Any]) -> None:
        self.stage, self.told = stage, told
        self.shop = stage.shops[shop]
        self.owner = acting(stage.people[OWNERS[shop]], "merchant_owner", self.shop)
        self.case_id = 0

    def steps(self, now: datetime) -> Iterator[Happening]:
        """The request and what came after it."""
        yield now - timedelta(hours=self.told["asked"]), self.ask
        for step in self.told.get("steps", ()):
            yield now - timedelta(hours=step["ago"]), lambda at, step=step: self.act(step, at)  # type: ignore[misc]

    def ask(self, at: datetime) -> None:
        """The buyer asks."""
        told = self.told
        lines = tuple(Line(*line) for line in told["lines"])
        order = Order(
            shop=self.shop, external_id=told["order"], source="demo", lines=lines, placed_at=at - 2 * ON_THE_WAY,
            paid_minor=sum(line.qty * line.unit_minor for line in lines), delivered_at=at - ON_THE_WAY,
            customer=Customer(f"demo-{told['order']}", told["buyer"], f"{told['order']}@relay.example"),
        )  # fmt: skip
        actions.mirror_all([order], by=SYSTEM, at=at)
        there = aftersales.order_of(order.source, order.external_id)
        wish = Wish(told["kind"], told["reason"], "CNY", statement=told["statement"])
        self.case_id = actions.request(self.shop, there, wish, by=SYSTEM, at=at).id

    def act(self, step: dict[str, Any], at: datetime) -> None:
        """One side does something."""
        case = session().get_one(AfterSale, self.case_id)
        by = {"merchant": self.owner, "platform": SYSTEM, "reviewer": SYSTEM}.get(step["by"]) or aftersales.as_buyer(
            case
        )
        for picture, title in step.get("files", ()):
            actions.attach(case, self.stage.pictures[picture], by=by, at=at, title=title)
        if step["verb"] in disputes.VERBS:
            disputes.act(self.stage, case, step, by, at)
            return
        verb: Callable[..., object] = getattr(actions, step["verb"])
        verb(case, *_given(step), **_said(step, case), by=by, at=at)


def _given(step: dict[str, Any]) -> tuple[Terms, ...]:
    return (Terms(step["kind"], step["amount"], step["note"]),) if "kind" in step else ()


def _said(step: dict[str, Any], case: AfterSale) -> dict[str, Any]:
    if step["verb"] == "refuse":
        return {"reason_code": step["reason"], "note": step["note"], "key": f"demo-{case.ref}"}
    if step["verb"] == "ship_back":
        return {"carrier": step["carrier"], "number": step["number"]}
    if step["verb"] == "acknowledge":
        return {"amount_minor": case.agreed_minor, "currency": case.currency}
    return {}
