"""Who is told what came of a complaint, a request or an override; the buyer reads it on the page of the case."""

from datetime import datetime
from typing import Any

from portal import accounts, messages
from portal.redress.models import Complaint, DisclosureRequest, OverrideRecord

Filed = Complaint | DisclosureRequest | OverrideRecord


def tell_party(filed: Filed, kind: str, *, at: datetime, case_type: str, party: str = "merchant", **more: Any) -> None:
    """Tell the shop, in the category of its case; `case_type` says where the notice leads."""
    if party != "merchant":
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


def wake_leads(filed: Filed, kind: str, *, at: datetime, case_type: str, **more: Any) -> None:
    """Tell the leads."""
    for lead in accounts.people_with("lead"):
        messages.tell(
            f"{kind}:{filed.ref}",
            to=messages.to_person(lead),
            kind=kind,
            params={"ref": filed.ref, "case": filed.shown_ref, **more},
            case=(case_type, filed.ref),
            at=at,
        )
