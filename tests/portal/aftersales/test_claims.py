"""The figures of an order: what is promised never exceeds what was paid, whoever asks for it."""

import pytest

from portal.aftersales import claims
from portal.db import unit_of_work
from portal.refusals import Refused
from tests.aftersales import a_purchase, an_after_sale
from tests.portal.aftersales.conftest import Market


@pytest.mark.parametrize(("left", "fits"), [(12_000, True), (11_999, False)])
def test_what_is_promised_never_exceeds_what_was_paid(market: Market, left: int, fits: bool) -> None:
    with unit_of_work():
        order = a_purchase(market.shop)
        case = an_after_sale(market.shop, order=order)
        order.committed_minor, case.agreed_minor = order.paid_minor - left, 12_000
        if fits:
            claims.settle([case], [])
            assert order.committed_minor == order.paid_minor
        else:
            with pytest.raises(Refused, match="too_much"):
                claims.settle([case], [])
            order.committed_minor = 0
