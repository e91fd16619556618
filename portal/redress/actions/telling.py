"""Who is told what came of a complaint, a request or an override; a buyer by mail, and not of their own filing."""

from datetime import datetime
from typing import Any

from portal import accounts, aftersales, messages
from portal.redress import cases, notices
from portal.redress.models import Complaint, DisclosureRequest, OverrideRecord

Filed = Complaint | DisclosureRequest | OverrideRecord


def tell_party(filed: Filed, kind: str, *, at: datetime, case_type: str, party: str = "merchant", **more: Any) -> None:
    """Tell the shop, in the category of its case, or the buyer; `case_type` says where the shop's notice leads."""
    if party == "buyer":
        _write_buyer(filed, kind, at=at, **more)
        return
    about = "appeal" if filed.case_type == "appeal" else "aftersale"
    messages.tell(
        f"{kind}:{filed.ref}",
        to=messages.to_shop(filed.shop_id),
        kind=f"{kind}.{about}",
        params={"ref": filed.ref, "case": filed.shown_ref, **more},
        case=(case_type, filed.shown_ref),
        at=at,
    )


def _write_buyer(filed: Filed, kind: str, *, at: datetime, **more: Any) -> None:
    if kind not in notices.TO_BUYERS:
        return
    case = cases.of(filed.case_type, filed.case_id).dispute
    assert case is not None
    aftersales.actions.write(case, notices.of_buyer(kind), at=at, once=filed.ref, **more)


def wake_leads(filed: Filed, kind: str, *, at: datetime, case_type: str, **more: Any) -> None:
    """Tell the leads."""
    for lead in accounts.leads():
        messages.tell(
            f"{kind}:{filed.ref}",
            to=messages.to_person(lead),
            kind=kind,
            params={"ref": filed.ref, "case": filed.shown_ref, **more},
            case=(case_type, filed.ref),
            at=at,
        )
