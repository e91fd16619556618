"""The four tabs of the Appeal Centre (申诉中心): rows as the list shows them, and their totals."""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from functools import cache
from typing import Any, Self

from sqlalchemy import ColumnElement, Select, and_, bindparam, func, literal, or_, select, text
from sqlalchemy.orm import aliased

from portal import db, guards, policies
from portal.accounts.models import Shop
from portal.appeals import rulings
from portal.appeals.models import Appeal
from portal.appeals.rulings import begins
from portal.paging import Listing, Page
from portal.penalties.models import Penalty
from portal.policies.models import PolicyVersion

TABS = ("to_appeal", "under_review", "needs_evidence", "completed")
DUE_WITHIN = {"1": timedelta(hours=24), "3": timedelta(days=3)}
COUNTED = 1000
LAST = "\U0010ffff"


@dataclass(frozen=True)
class Asked:
    """What the list is asked for; unknown values mean the default."""

    tab: str = "to_appeal"
    q: str = ""
    type: str = ""
    due: str = ""
    cursor: str = ""

    @property
    def first(self) -> Self:
        """The same without the cursor: what the search asks for."""
        return replace(self, cursor="")

    @property
    def filters(self) -> frozenset[str]:
        """What narrows the tab."""
        return frozenset(name for name in ("q", "type", "due") if getattr(self, name))

    @property
    def filtered(self) -> bool:
        """Whether anything narrows the tab."""
        return bool(self.filters)


def asked(args: Any) -> Asked:
    """What the address asks for."""
    tab = args.get("tab", "") if args.get("tab", "") in TABS else TABS[0]
    due = args.get("due", "") if args.get("due", "") in DUE_WITHIN and tab != "completed" else ""
    return Asked(
        tab,
        args.get("q", "").strip()[:64],
        args.get("type", "")[:64],
        due,
        args.get("at", ""),
    )


def totals(shop_id: int) -> dict[str, int]:
    """How many cases each tab has: one read of the tallies, whatever their number."""
    counts = guards.tallied(f"shop:{shop_id}")
    return {tab: counts.get(tab, 0) for tab in TABS}


def rows(shop_id: int, ask: Asked, now: datetime) -> Page[Any]:
    """One page of the tab: by time left, the completed ones by when they were."""
    params = _params(shop_id, ask, now)
    page = _listing(ask.tab, ask.filters).page(ask.cursor, **params)
    if ask.tab != "to_appeal" or page.before:
        return page
    # A shop has very many penalties and a handful of rulings: the rulings all stand on the first page, in their order
    # of time among its penalties, whose keys alone lead to the next page. So each is there once, and each page is one
    # stretch of an index; merging both by key on every page would cost that for rows that few shops ever have.
    found = db.rows(rulings.waiting(ask.filters), **params)
    return replace(page, rows=sorted([*page.rows, *found], key=lambda row: row.due_at)) if found else page


def to_appeal(shop_id: int, now: datetime) -> Page[Any]:
    """The penalties and rulings that wait for an appeal, the most urgent first."""
    return rows(shop_id, Asked("to_appeal"), now)


def needing_evidence(shop_id: int, now: datetime) -> Page[Any]:
    """The appeals that wait for evidence, the most urgent first."""
    return rows(shop_id, Asked("needs_evidence"), now)


def found(shop_id: int, ask: Asked, now: datetime) -> int:
    """How many rows the filter leaves, counted up to COUNTED + 1, which is shown as "1,000+"."""
    params = _params(shop_id, ask, now)
    more = int(db.rows(rulings.count(ask.filters), **params)[0][0]) if ask.tab == "to_appeal" else 0
    return int(db.rows(_count(ask.tab, ask.filters), **params)[0][0]) + more


def types(shop_id: int) -> tuple[str, ...]:
    """The penalty types the shop has had, for the filter."""
    counts = guards.tallied(f"shop:{shop_id}")
    return tuple(sorted(name.removeprefix("type:") for name, n in counts.items() if n and name.startswith("type:")))


RULES = (
    select(PolicyVersion.id)
    .where(
        PolicyVersion.code == select(Shop.policy_code).where(Shop.id == bindparam("shop")).scalar_subquery(),
        PolicyVersion.effective_from <= bindparam("at"),
    )
    .order_by(PolicyVersion.number.desc())
    .limit(1)
)


def once(shop_id: int, at: datetime) -> bool:
    """Whether the shop's present policy lets a penalty be appealed only once."""
    found = db.rows(RULES, shop=shop_id, at=at)
    return not found or policies.body(found[0].id).max_appeals == 1


@cache
def _listing(tab: str, filters: frozenset[str]) -> Listing:
    ask = _narrowed(tab, filters)
    if tab == "to_appeal":
        return Listing(ask, at=Penalty.due_at, key=Penalty.id)
    if tab == "completed":
        return Listing(ask, at=Appeal.completed_at, key=Appeal.id, newest_first=True)
    return Listing(ask, at=Appeal.due_at, key=Appeal.id)


@cache
def _count(tab: str, filters: frozenset[str]) -> Select[Any]:
    return select(func.count()).select_from(_narrowed(tab, filters).limit(COUNTED + 1).subquery())


def _params(shop_id: int, ask: Asked, now: datetime) -> dict[str, Any]:
    until = now + DUE_WITHIN[ask.due] if ask.due else now
    ranges = {"low": ask.q, "high": ask.q + LAST, "low_upper": ask.q.upper(), "high_upper": ask.q.upper() + LAST}
    return {"shop": shop_id, "type": ask.type, "until": until, **ranges}


def _narrowed(tab: str, filters: frozenset[str]) -> Any:
    table = Penalty if tab == "to_appeal" else Appeal
    ask = (_to_appeal() if tab == "to_appeal" else _appeals(tab)).where(table.shop_id == bindparam("shop"))
    if "type" in filters:
        ask = ask.where(table.rule_code == bindparam("type"))
    if "due" in filters:
        ask = ask.where(table.due_at <= bindparam("until"))
    return ask.where(or_(*_begins(table))) if "q" in filters else ask


def _to_appeal() -> Any:
    draft = and_(Appeal.subject_type == "penalty", Appeal.subject_id == Penalty.id, Appeal.status == "draft")
    # The one before, if this is about another appeal: each that was sent has used up a right, and their rounds run on.
    earlier = aliased(Appeal)
    before = and_(
        earlier.subject_type == "penalty", earlier.subject_id == Penalty.id, earlier.appellant == "merchant",
        earlier.round_no == Penalty.appeal_rights_used,
    )  # fmt: skip
    return (
        select(
            Penalty.id, Penalty.ref, Penalty.rule_code, Penalty.concerns, Penalty.order_no, Penalty.amount_minor,
            Penalty.currency, Penalty.due_at, Penalty.external_id.label("subject_no"), Appeal.ref.label("draft_ref"),
            literal("penalty").label("subject_type"), Penalty.status.label("penalty_status"),
            earlier.ref.label("earlier_ref"), earlier.outcome.label("earlier_outcome"),
        )
        .outerjoin(Appeal, draft)
        .outerjoin(earlier, before)
        .where(Penalty.appeal_window == "open")
    )  # fmt: skip


def _appeals(status: str) -> Any:
    # Written out: only so does SQLite use a partial index, that of the completed ones or that of all others.
    others = "" if status == "completed" else " AND appeal.status <> 'completed'"
    return select(
        Appeal.id, Appeal.ref, Appeal.rule_code, Appeal.concerns, Appeal.order_no, Appeal.amount_minor,
        Appeal.currency, Appeal.due_at, Appeal.subject_no, Appeal.status, Appeal.outcome, Appeal.completed_at,
    ).where(text(f"appeal.status = '{status}'{others}"))  # fmt: skip


def _begins(table: type[Penalty] | type[Appeal]) -> list[ColumnElement[bool]]:
    if table is Appeal:
        return begins(Appeal.ref, Appeal.subject_ref, Appeal.subject_no, Appeal.order_no)
    return begins(Penalty.ref, Penalty.external_id, Penalty.order_no)
