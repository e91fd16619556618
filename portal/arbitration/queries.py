"""Which arbitrations, for the verbs, the sweep and the pages."""

from collections.abc import Collection, Sequence

from sqlalchemy import select

from portal import deadlines, review
from portal.aftersales.models import AfterSale
from portal.arbitration.models import Arbitration
from portal.db import session
from portal.deadlines.models import Deadline


def of_case(case: AfterSale) -> list[Arbitration]:
    """The arbitrations of a case, the first one first."""
    ask = select(Arbitration).where(Arbitration.after_sale_id == case.id)
    return list(session().scalars(ask.order_by(Arbitration.round)))


def first_of(case: AfterSale) -> Arbitration | None:
    """The first arbitration of a case."""
    found = of_case(case)
    return found[0] if found else None


def live_of(case: AfterSale) -> Arbitration | None:
    """The hearing that goes on: the re-review where there is one, else the first."""
    going_on = [one for one in of_case(case) if one.ended_at is None]
    return going_on[-1] if going_on else None


def case_id(number: str) -> int | None:
    """The case of the arbitration with this number."""
    return session().scalar(select(Arbitration.after_sale_id).where(Arbitration.ref == number))


def by_ids(ids: Collection[int]) -> dict[int, Arbitration]:
    """The arbitrations with these ids, their cases locked first where the database can."""
    cases = select(AfterSale.id).join(Arbitration, Arbitration.after_sale_id == AfterSale.id)
    session().execute(cases.where(Arbitration.id.in_(ids)).order_by(AfterSale.id).with_for_update(of=AfterSale))
    ask = select(Arbitration).where(Arbitration.id.in_(ids)).order_by(Arbitration.id)
    return {one.id: one for one in session().scalars(ask.with_for_update(of=Arbitration))}


def clocks(arbitration: Arbitration) -> list[Deadline]:
    """The deadlines of this arbitration that run or are paused."""
    return deadlines.live("arbitration", arbitration.id)


def own_clock(arbitration: Arbitration, party: str) -> Deadline | None:
    """The deadline that runs for this party."""
    found = [one for one in clocks(arbitration) if one.party == party and one.state == "running"]
    return found[0] if found else None


def rounds(arbitration: Arbitration) -> Sequence[Arbitration]:
    """This arbitration and the one before or after it, the first one first."""
    ask = select(Arbitration).where(Arbitration.after_sale_id == arbitration.after_sale_id)
    return session().scalars(ask.order_by(Arbitration.round)).all()


def deciders(arbitration: Arbitration) -> set[int]:
    """Everybody who gave a verdict in this dispute, in whatever round: none of them judges it again."""
    return {person for one in rounds(arbitration) for person in review.deciders_of("arbitration", one.id)}
