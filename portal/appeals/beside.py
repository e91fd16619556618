"""What other slices show of an appeal beside their own case: that it can be made, or where it stands."""

from datetime import datetime
from typing import Any

from portal import accounts, arbitration
from portal.aftersales.models import AfterSale
from portal.appeals import queries
from portal.appeals.models import Appeal
from portal.parts import Part
from portal.penalties.models import Penalty


def against_penalty(penalty: Penalty) -> list[Appeal]:
    """The appeals against this penalty, the first one first; the last may be a draft."""
    return queries.all_against("penalty", penalty.id)


def against_ruling(case: AfterSale, party: str, at: datetime) -> dict[str, Any] | None:
    """For the shop that lost: until when it can appeal the ruling, or its appeal; None if there is neither."""
    ruled = arbitration.first_of(case) if party == "merchant" else None
    if ruled is None or ruled.appeal_due_at is None:
        return None
    filed = queries.latest_against("arbitration", ruled.id)
    may_file = ruled.may_be_appealed(at)
    if filed is None and not may_file:
        return None
    return {"ruled": ruled, "case": case, "filed": filed, "may_file": may_file, "may_write": accounts.may("write")}


PART = Part("appeals/_ruling_beside.html", against_ruling, "first")
