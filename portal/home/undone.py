"""What the marketplace has not carried out: whatever the leads were told of and nobody has confirmed since."""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from functools import cache
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, bindparam, exists, func, or_, select, union_all
from sqlalchemy.orm import aliased

from portal.accounts.models import Shop
from portal.aftersales.models import AfterSale
from portal.audit.models import AuditEvent
from portal.db import rows, session
from portal.deadlines.models import Deadline
from portal.messages.models import Notice
from portal.paging import Listing, Page
from portal.penalties.models import Measure, Penalty

COUNTED = 1000
LAST = "\U0010ffff"
CURRENCY = "CNY"
REFUNDS = ("aftersale.not_paid", "aftersale.payment_failed")
MEASURES = ("penalty.execution_late",)
FAILED = ("aftersale.payment_failed", "penalty.not_executed")
DONE = "penalty.executed"
WAITS = ("pending", "failed")
FIRST = aliased(Notice)


@dataclass(frozen=True)
class Line:
    """One case in which something is owed since `since`, and was or is due by `due_at`.

    It owes a refund of `minor`, or `measures` as they now stand. `why` is what the marketplace said when it failed.
    """

    ref: str
    order_no: str | None
    shop: str
    since: datetime
    due_at: datetime | None
    why: str
    minor: int = 0
    currency: str = CURRENCY
    measures: Sequence[Measure] = ()

    @property
    def command(self) -> str:
        """What an operator types once it is done."""
        paid = f" --amount {self.minor // 100}.{self.minor % 100:02}" if self.minor else ""
        return f"portal executed {self.ref}{paid}" + (
            f" --currency {self.currency}" if self.currency != CURRENCY else ""
        )


def page(cursor: str = "") -> Page[Line]:
    """One page of them, what the leads were told of first comes first."""
    found = _listing().page(cursor)
    return replace(found, rows=_lines(found.rows))


def of(ref: str) -> Line | None:
    """That of this case; None if nothing of it is owed."""
    return next(iter(_lines(rows(_one(), ref=ref))), None)


def how_many() -> int:
    """How many there are, counted up to COUNTED."""
    number: int = rows(_count())[0][0]
    return number


@cache
def _listing() -> Listing:
    return Listing(_told(), at=Notice.created_at, key=Notice.id)


@cache
def _one() -> Select[Any]:
    return _told().where(Notice.case_ref == bindparam("ref"))


@cache
def _count() -> Select[Any]:
    return select(func.count().label("n")).select_from(_told().limit(COUNTED).subquery())


def _told() -> Select[Any]:
    """The first notice of each case that owes something.

    No index has the cases that wait for the marketplace. What is late is told, and notices are found by what they tell.
    """
    case = FIRST.case_ref
    refund = exists().where(AfterSale.ref == case, AfterSale.status == "refund_pending")
    waits = or_(*(Measure.execution == state for state in WAITS))
    measure = exists().where(Penalty.ref == case, Measure.penalty_id == Penalty.id, waits)
    since = exists().where(AuditEvent.chain == case, AuditEvent.action == DONE, AuditEvent.at >= FIRST.created_at)
    firsts = union_all(_first(REFUNDS, refund), _first(MEASURES, and_(measure, ~since)))
    columns: tuple[Any, ...] = (Notice.id, Notice.created_at, Notice.case_ref)
    return select(*columns).where(Notice.id.in_(firsts))


def _first(kinds: Sequence[str], owed: ColumnElement[bool]) -> Select[Any]:
    told = or_(*(and_(FIRST.event >= f"{kind}:", FIRST.event < f"{kind}:{LAST}") for kind in kinds))
    return select(func.min(FIRST.id)).where(told, owed).group_by(FIRST.case_ref)


def _lines(found: Sequence[Any]) -> list[Line]:
    refs = [row.case_ref for row in found]
    if not refs:
        return []
    refunds, penalties = _of(AfterSale, refs), _of(Penalty, refs)
    cases: list[AfterSale | Penalty] = [*refunds, *penalties]
    ask = select(Shop.id, Shop.name).where(Shop.id.in_({case.shop_id for case in cases}))
    shops, said = {row.id: row.name for row in session().execute(ask)}, _said(refs)
    given = _given("aftersale", refunds) | _given("penalty", penalties)
    lines = {case.ref: _line(case, shops[case.shop_id], said[case.ref], given[case.ref]) for case in cases}
    return [lines[ref] for ref in refs]


def _of(model: type[Any], refs: Collection[str]) -> Sequence[Any]:
    return session().scalars(select(model).where(model.ref.in_(refs))).all()


def _said(refs: Collection[str]) -> Mapping[str, list[AuditEvent]]:
    """What the marketplace said about each case, oldest first."""
    ask = select(AuditEvent).where(AuditEvent.chain.in_(refs), AuditEvent.action.in_((*FAILED, DONE)))
    said = defaultdict(list)
    for event in session().scalars(ask.order_by(AuditEvent.seq)):
        said[event.chain].append(event)
    return said


def _given(subject_type: str, cases: Sequence[AfterSale | Penalty]) -> dict[str, list[Deadline]]:
    """The times that the marketplace got in each case, oldest first."""
    refs = {case.id: case.ref for case in cases}
    of_these = Deadline.subject_type == subject_type, Deadline.subject_id.in_(refs)
    given: dict[str, list[Deadline]] = {ref: [] for ref in refs.values()}
    for deadline in session().scalars(
        select(Deadline).where(*of_these, Deadline.kind == "execute").order_by(Deadline.id)
    ):
        given[refs[deadline.subject_id]].append(deadline)
    return given


def _line(case: AfterSale | Penalty, shop: str, said: Sequence[AuditEvent], given: Sequence[Deadline]) -> Line:
    """What it owes since the marketplace confirmed something last; what comes into force by itself has no limit."""
    done = max((event.at for event in said if event.action == DONE), default=None)
    deadline = next((one for one in given if done is None or one.starts_at >= done), None)
    failures = [event for event in said if event.action != DONE and (done is None or event.at >= done)]
    line = Line(
        case.ref,
        case.order_no,
        shop,
        since=deadline.starts_at if deadline else failures[0].at,
        due_at=deadline.due_at if deadline else None,
        why=failures[-1].data["why"] if failures else "",
    )
    if isinstance(case, AfterSale):
        return replace(line, minor=case.agreed_minor or 0, currency=case.currency)
    return replace(line, measures=[one for one in case.measures if one.execution in WAITS])
