"""Where the goods are that a buyer sent back, as far as anybody has said."""

from portal import audit
from portal.aftersales.models import AfterSale


def at_the_shop(case: AfterSale) -> bool:
    """Whether the shop has them: somebody said that they arrived, or the shop looked at them and found something.

    A number alone proves nothing, and neither does it that a carrier was silent.
    """
    if not case.sent_back:
        return False
    return case.inspection is not None or audit.happened(case.ref, "aftersale.arrived")
