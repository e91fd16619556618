"""Who still has to act is reminded, a while before the time is over: the shop in its box, the buyer by mail."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import select

from portal import messages
from portal.accounts.models import Shop
from portal.aftersales import onward, queries
from portal.aftersales.actions.telling import notice
from portal.aftersales.actions.writing import News, to_buyers
from portal.aftersales.models import AfterSale
from portal.db import session
from portal.deadlines import Running

Due = tuple[AfterSale, Running]


def remind(batch: Sequence[Running], *, at: datetime) -> None:
    """Remind the side whose turn it still is."""
    cases = queries.by_ids([deadline.subject_id for deadline in batch])
    waiting = [(cases[deadline.subject_id], deadline) for deadline in batch]
    shops = [(case, deadline) for case, deadline in waiting if deadline.party == "merchant"]
    buyers = [(case, deadline) for case, deadline in waiting if deadline.party == "buyer" and _can_act(case, deadline)]
    messages.tell_all([*_to_shops(shops, at), *to_buyers([_to_buyer(*one, at) for one in buyers])])


def _can_act(case: AfterSale, deadline: Running) -> bool:
    """Whether there is something left to do: the platform hears a case once."""
    return deadline.kind != "escalate" or not onward.heard_before(case)


def _to_shops(waiting: Sequence[Due], at: datetime) -> list[messages.Told]:
    ask = select(Shop).where(Shop.id.in_({case.shop_id for case, _deadline in waiting}))
    boxes = {shop.id: messages.to_shop(shop) for shop in session().scalars(ask)}
    return [
        notice(case, "aftersale.reminder", boxes[case.shop_id], at, once=str(due.remind_at), due_at=due.due_at)
        for case, due in waiting
    ]


def _to_buyer(case: AfterSale, due: Running, at: datetime) -> News:
    params = {"deadline": due.kind, "due_at": due.due_at.isoformat()}
    return News(case, "buyer.reminder", at, params, once=str(due.remind_at))
