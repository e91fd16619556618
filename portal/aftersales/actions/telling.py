"""Who is told of a step: the shop and the buyer, and the leads where money does not come."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Any

from sqlalchemy import select

from portal import accounts, messages, policies
from portal.accounts.models import Shop
from portal.aftersales.actions.writing import News, of_case, to_buyers
from portal.aftersales.buyer_notices import of_step
from portal.aftersales.models import AfterSale
from portal.db import session

if TYPE_CHECKING:
    from portal.aftersales.actions.moving import Step


def tell(steps: Sequence["Step"]) -> None:
    """Tell the shops what the steps say, and the buyers of every step but their own."""
    news = [News(s.case, kind, s.at, _said(s)) for s in steps if s.by.role != "buyer" and (kind := of_step(s.action))]
    messages.tell_all([*_to_shops([step for step in steps if step.tell]), *to_buyers(news)])


def _to_shops(steps: Sequence["Step"]) -> list[messages.Told]:
    if not steps:
        return []
    ask = select(Shop).where(Shop.id.in_({step.case.shop_id for step in steps}))
    boxes = {shop.id: messages.to_shop(shop) for shop in session().scalars(ask)}
    return [notice(s.case, s.tell, boxes[s.case.shop_id], s.at, due_at=s.due_at) for s in steps]


def _said(step: "Step") -> dict[str, Any]:
    """What the buyer is told of a step besides what the case has."""
    data, case = step.data, step.case
    said = {"offer_kind": data.get("kind"), "amount_minor": data.get("amount_minor")}
    said |= {"goods_first": case.goods_first(data.get("kind", ""))}
    said |= {"finding_code": data.get("finding"), "due_at": of_case(case, step.due_at)["due_at"]}
    if "refusal_code" not in data:
        return said
    name = policies.body(case.policy_version_id).catalogue.refusals[data["refusal_code"]].name
    return said | {"reason_zh": name.zh, "reason_en": name.en}


def wake_leads(late: Sequence[tuple[AfterSale, datetime]], kind: str, **more: str) -> None:
    """Tell the leads of refunds that nobody has confirmed, or that could not be paid, as of these instants."""
    leads = accounts.leads() if late else ()
    messages.tell_all(
        [notice(case, kind, messages.to_person(lead), at, more=more) for case, at in late for lead in leads]
    )


def notice(
    case: AfterSale,
    kind: str,
    to: messages.Recipient,
    at: datetime,
    once: str = "",
    due_at: datetime | None = None,
    more: Mapping[str, str] | None = None,
) -> messages.Told:
    """A notice about a case; `once` tells two apart that the version doesn't, `more` is what else it says."""
    return messages.Told(
        event=f"{kind}:{case.ref}:{case.version}{once and f':{once}'}",
        to=to,
        kind=kind,
        params={**of_case(case, due_at), **(more or {})},
        case=("aftersale", case.ref),
        at=at,
    )
