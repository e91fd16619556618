"""What a shop is told about its after-sales cases: what others did, what time did, and where money moves."""

from collections.abc import Mapping
from typing import Any

from flask_babel import lazy_gettext as _l

from portal.aftersales.words import asked_for
from portal.messages import NoticeKind, register, register_case

SEE = _l("See the case")
ANSWER = _l("Answer")
OWED = _l("See what is owed")
INSPECT = _l("Inspect")
CATEGORY = "aftersale"


def asked(params: Mapping[str, Any], shown: Mapping[str, object]) -> str:
    """What is asked for; of a notice from before it was kept, the amount alone."""
    if "kind" not in params:
        return str(shown["requested_minor"])
    return asked_for(params["kind"], params["requested_minor"], params["currency"])


KINDS = (
    NoticeKind(
        "aftersale.requested",
        CATEGORY,
        _l("After-sales request for order %(order_no)s"),
        _l("What the buyer asks for: %(asked)s. Please answer by %(due_at)s. This is case %(ref)s."),
        ANSWER,
        mark="to_appeal",
        made={"asked": asked},
    ),
    NoticeKind(
        "aftersale.reminder",
        CATEGORY,
        _l("Order %(order_no)s: little time left to answer"),
        _l("The case %(ref)s waits for you until %(due_at)s."),
        ANSWER,
        mark="to_appeal",
    ),
    NoticeKind(
        "aftersale.more_time",
        CATEGORY,
        _l("Order %(order_no)s: more time"),
        _l("The case %(ref)s waits for you until %(due_at)s: the public holidays of that year are known now."),
        ANSWER,
        mark="to_appeal",
    ),
    NoticeKind(
        "aftersale.offered",
        CATEGORY,
        _l("The buyer made an offer for order %(order_no)s"),
        _l("You can accept it, decline it or answer with your own until %(due_at)s. This is case %(ref)s."),
        ANSWER,
        mark="to_appeal",
    ),
    NoticeKind(
        "aftersale.offer_accepted",
        CATEGORY,
        _l("The buyer accepted your offer for order %(order_no)s"),
        _l("What you agreed on in %(ref)s counts from now on."),
        SEE,
        mark="accepted",
    ),
    NoticeKind(
        "aftersale.offer_declined",
        CATEGORY,
        _l("The buyer declined your offer for order %(order_no)s"),
        _l("You can make another offer in %(ref)s until %(due_at)s."),
        SEE,
    ),
    NoticeKind(
        "aftersale.offer_withdrawn",
        CATEGORY,
        _l("The buyer withdrew an offer for order %(order_no)s"),
        _l("You can still agree on something in %(ref)s until %(due_at)s."),
        SEE,
    ),
    NoticeKind(
        "aftersale.offer_expired",
        CATEGORY,
        _l("An offer for order %(order_no)s was not answered in time"),
        _l("You can still agree on something in %(ref)s until %(due_at)s."),
        SEE,
        mark="lapsed",
    ),
    NoticeKind(
        "aftersale.not_agreed",
        CATEGORY,
        _l("No agreement on order %(order_no)s"),
        _l("%(ref)s counts as refused now. The buyer can call in the platform until %(due_at)s."),
        SEE,
        mark="lapsed",
    ),
    NoticeKind(
        "aftersale.ruling_stands",
        CATEGORY,
        _l("No agreement on order %(order_no)s"),
        _l("What the platform ruled, or you settled before it, stands: %(agreed_minor)s of %(ref)s is being paid."),
        SEE,
        mark="lapsed",
    ),
    NoticeKind(
        "aftersale.ship_after_all",
        CATEGORY,
        _l("Order %(order_no)s: please send the goods"),
        _l(
            "There was no agreement, so what the platform ruled, or you settled before it, stands in %(ref)s. "
            "Enter the parcel by %(due_at)s; the case says what happens otherwise."
        ),
        _l("Enter the parcel"),
        mark="to_appeal",
    ),
    NoticeKind(
        "aftersale.said",
        CATEGORY,
        _l("The buyer wrote to you about order %(order_no)s"),
        _l("The message stands in case %(ref)s."),
        ANSWER,
    ),
    NoticeKind(
        "aftersale.shipped_back",
        CATEGORY,
        _l("Order %(order_no)s is on its way back"),
        _l("The buyer sent the goods of %(ref)s. Once it arrives, say so in the case; you then have time to look."),
        SEE,
    ),
    NoticeKind(
        "aftersale.parcel_corrected",
        CATEGORY,
        _l("The return parcel of order %(order_no)s was corrected"),
        _l("The buyer entered another carrier or number. The case %(ref)s shows it."),
        SEE,
    ),
    NoticeKind(
        "aftersale.arrived",
        CATEGORY,
        _l("The goods of order %(order_no)s came back"),
        _l("Please look at them by %(due_at)s. If you report nothing by then, %(ref)s goes on as if all was well."),
        INSPECT,
        mark="to_appeal",
    ),
    NoticeKind(
        "aftersale.watch_over",
        CATEGORY,
        _l("Order %(order_no)s: has the return parcel come?"),
        _l(
            "The carrier reported nothing in time: please look whether the parcel is here, and inspect or report by "
            "%(due_at)s. If you report nothing by then, %(ref)s goes on as if all was well."
        ),
        INSPECT,
        mark="to_appeal",
    ),
    NoticeKind(
        "aftersale.refund_due",
        CATEGORY,
        _l("Refund of %(agreed_minor)s for order %(order_no)s"),
        _l("It was agreed in %(ref)s and is being paid now."),
        SEE,
        mark="accepted",
    ),
    NoticeKind(
        "aftersale.ship_due",
        CATEGORY,
        _l("Order %(order_no)s: please send the goods"),
        _l("The platform ruled so in %(ref)s. Enter the parcel by %(due_at)s; the case says what happens otherwise."),
        _l("Enter the parcel"),
        mark="to_appeal",
    ),
    NoticeKind(
        "aftersale.merchant_silent",
        CATEGORY,
        _l("Order %(order_no)s: your time to act is over"),
        _l("Nothing came in time, so %(ref)s goes on as the rules provide."),
        SEE,
        mark="lapsed",
    ),
    NoticeKind(
        "aftersale.paid",
        CATEGORY,
        _l("%(agreed_minor)s refunded for order %(order_no)s"),
        _l("The marketplace has paid. The case %(ref)s is closed."),
        SEE,
        mark="accepted",
    ),
    NoticeKind(
        "aftersale.refund_failed",
        CATEGORY,
        _l("The refund for order %(order_no)s could not be paid yet"),
        _l("%(agreed_minor)s of %(ref)s is owed to the buyer still. The platform's leads see to it."),
        SEE,
        mark="overdue",
    ),
    NoticeKind(
        "aftersale.refund_late",
        CATEGORY,
        _l("The refund for order %(order_no)s is late"),
        _l("%(agreed_minor)s of %(ref)s should have been paid by now. The platform's leads see to it."),
        SEE,
        mark="overdue",
    ),
    NoticeKind(
        "aftersale.payment_failed",
        CATEGORY,
        _l("Refund for order %(order_no)s could not be paid"),
        _l("%(agreed_minor)s of %(ref)s is owed still. The marketplace says: %(why)s"),
        OWED,
        mark="overdue",
    ),
    NoticeKind(
        "aftersale.not_paid",
        CATEGORY,
        _l("Refund for order %(order_no)s not confirmed"),
        _l("%(agreed_minor)s of %(ref)s should have been paid by now. Ask whoever runs the marketplace's payments."),
        OWED,
        mark="overdue",
    ),
    NoticeKind(
        "aftersale.cancelled",
        CATEGORY,
        _l("The buyer called off the request for order %(order_no)s"),
        _l("The case %(ref)s is closed. There is nothing you need to do."),
        SEE,
        mark="withdrawn",
    ),
    NoticeKind(
        "aftersale.closed",
        CATEGORY,
        _l("The case about order %(order_no)s is closed"),
        _l("The case %(ref)s shows how it ended."),
        SEE,
        mark="completed",
    ),
)


def init_app() -> None:
    """Make the notices known."""
    register(*KINDS)
    register_case("aftersale", "aftersales.show", staff="not_carried_out.index", guest="buyer.show")
