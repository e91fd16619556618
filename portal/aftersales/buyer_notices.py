"""What a buyer is told about their case, by mail: what the shop, the platform and time did, and what follows."""

from collections.abc import Mapping
from typing import Any

from flask_babel import lazy_gettext as _l

from portal import text
from portal.aftersales import whereto, words
from portal.messages import NoticeKind, register

SEE = _l("See your case")
ANSWER = _l("Answer")
CATEGORY = "aftersale"
GIVEN = {"countered": "offered"}
"""The step that is told in the words of another."""

text.learn(
    "buyer.follows",
    {
        "awaiting_merchant": _l("The shop can answer until %(due_at)s. There is nothing you need to do now."),
        "negotiating": _l("You can still agree on something with the shop until %(due_at)s."),
        "refused": _l("You can call in the platform until %(due_at)s. If nobody does, the case closes."),
        "refused:heard": _l("The platform has heard your case already, and does so once; it closes at %(due_at)s."),
        "awaiting_return": _l(
            "Please send the goods back by %(due_at)s and enter the parcel in your case. If nothing is sent, it closes."
        ),
        "awaiting_inspection": _l("The shop can look at the goods until %(due_at)s. There is nothing you need to do."),
        "awaiting_shipment": _l("Goods are sent to you instead of money, by %(due_at)s."),
        "awaiting_shipment:none": _l("Nothing is paid back. What you sent back is sent to you again by %(due_at)s."),
        "in_arbitration": _l("The platform goes on with your case."),
        "refund_pending": _l("%(agreed_minor)s is being paid back to you; you are told when that is done."),
        "closed": _l("Your case is closed."),
        "closed:dismissed": _l("Nothing is paid back and nothing is sent. Your case is closed."),
    },
)
text.learn(
    "buyer.waits",
    {
        "offer_answer": _l("The shop's offer waits for your answer until %(due_at)s."),
        "escalate": _l("You can call in the platform until %(due_at)s. If nobody does, the case closes."),
        "buyer_return": _l("Please send the goods back by %(due_at)s. If nothing is sent, your case closes."),
    },
)


def follows(params: Mapping[str, Any], shown: Mapping[str, object]) -> str:
    """What comes next, and until when: money, goods in its place, or nothing."""
    status, heard = params["status"], "heard" if params["heard"] else ""
    beside = {"closed": params["resolution"], "awaiting_shipment": params.get("remedy")}.get(status, heard)
    apart = f"{status}:{beside}"
    named = text.word(apart, "buyer.follows")
    said = (text.word(status, "buyer.follows") if named == apart else named) % shown
    return whereto.added(said, params)


def waits(params: Mapping[str, Any], shown: Mapping[str, object]) -> str:
    """What still waits for the buyer."""
    return whereto.added(text.word(params["deadline"], "buyer.waits") % shown, params)


def terms(params: Mapping[str, Any], shown: Mapping[str, object]) -> str:
    """What the shop offers."""
    first = bool(params.get("goods_first"))
    return words.terms(params["offer_kind"], params["amount_minor"], params["currency"], goods_first=first)


FOLLOWS = "%(follows)s"
IN_CASE = _l("%(follows)s The reasons are in your case.")
SAID = {
    "requested": (_l("Your request about order %(order_no)s was received"), FOLLOWS),
    "accepted": (_l("The shop agreed to your request about order %(order_no)s"), FOLLOWS),
    "refused": (
        _l("The shop refused your request about order %(order_no)s"),
        _l("Its reason: %(reason)s. %(follows)s"),
    ),
    "offered": (
        _l("The shop makes you an offer for order %(order_no)s"),
        _l("%(terms)s. You can accept it, decline it or answer with your own until %(due_at)s."),
    ),
    "offer_accepted": (_l("The shop accepted your offer for order %(order_no)s"), FOLLOWS),
    "offer_declined": (_l("The shop declined your offer for order %(order_no)s"), FOLLOWS),
    "offer_withdrawn": (_l("The shop withdrew its offer for order %(order_no)s"), FOLLOWS),
    "offer_expired": (_l("An offer for order %(order_no)s was not answered in time"), FOLLOWS),
    "not_agreed": (_l("No agreement on order %(order_no)s"), FOLLOWS),
    "said": (_l("The shop wrote to you about order %(order_no)s"), _l("The message stands in your case.")),
    "arrived": (_l("What you sent back for order %(order_no)s has arrived"), FOLLOWS),
    "watch_over": (
        _l("Order %(order_no)s: the shop looks for what you sent back"),
        _l(
            "The carrier has not reported the arrival; the shop now has until %(due_at)s to look. "
            "There is nothing you need to do."
        ),
    ),
    "confirmed": (_l("The shop found what you sent back for order %(order_no)s as it should be"), FOLLOWS),
    "reported": (
        _l("The shop reports a fault in what you sent back for order %(order_no)s"),
        _l("What it found: %(finding_code)s. Nothing is paid or sent meanwhile. %(follows)s"),
    ),
    "shipped": (
        _l("The shop sent you the goods for order %(order_no)s"),
        _l("The parcel's number stands in your case, which is closed now."),
    ),
    "merchant_silent": (_l("The shop did nothing in time about order %(order_no)s"), FOLLOWS),
    "not_inspected": (_l("The shop reported nothing in time about order %(order_no)s"), FOLLOWS),
    "paid": (_l("%(agreed_minor)s was paid back to you for order %(order_no)s"), FOLLOWS),
    "not_paid": (
        _l("Your refund for order %(order_no)s is late"),
        _l("%(agreed_minor)s should have been paid by now. The platform's leads were told; you lose nothing by it."),
    ),
    "payment_failed": (
        _l("Your refund for order %(order_no)s could not be paid yet"),
        _l(
            "%(agreed_minor)s is owed to you still. The platform's leads were told. Please see whether the account you "
            "paid with can still take money; you lose nothing by it."
        ),
    ),
    "cancelled": (_l("Your request about order %(order_no)s was called off"), FOLLOWS),
    "not_escalated": (_l("Your case about order %(order_no)s is closed"), _l("Nobody called in the platform in time.")),
    "not_returned": (_l("Your case about order %(order_no)s is closed"), _l("Nothing was sent back in time.")),
    "final": (_l("The ruling on order %(order_no)s is final"), IN_CASE),
    "final_upheld": (_l("The ruling on order %(order_no)s stands"), IN_CASE),
    "final_replaced": (_l("The ruling on order %(order_no)s was replaced by another"), IN_CASE),
    "more_time": (
        _l("Order %(order_no)s: more time"),
        _l("Your case waits for you until %(due_at)s: the public holidays of that year are known now."),
    ),
    "reminder": (_l("Order %(order_no)s: little time left"), "%(waits)s"),
}
TO_ANSWER = ("refused", "offered", "said", "reported", "more_time", "reminder")
FINDING = {"finding_code": "aftersale.inspection"}


def learn() -> None:
    """Make the notices known."""
    made = {"follows": follows, "waits": waits, "terms": terms}
    for code, (title, body) in SAID.items():
        used = {name: make for name, make in made.items() if f"%({name})s" in str(body)}
        action = ANSWER if code in TO_ANSWER else SEE
        register(NoticeKind(f"buyer.{code}", CATEGORY, title, body, action, words=FINDING, made=used))


def of_step(action: str) -> str:
    """The notice to the buyer of this step of a case; none for one that is told elsewhere."""
    code = GIVEN.get(action, action)
    return f"buyer.{code}" if code in SAID else ""
