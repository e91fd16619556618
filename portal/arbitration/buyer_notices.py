"""What a buyer is told of the hearing of their case, by mail."""

from collections.abc import Mapping
from typing import Any

from flask_babel import lazy_gettext as _l

from portal import text
from portal.arbitration.notices import against_return
from portal.messages import NoticeKind, register

SEE = _l("See your case")
HAND_IN = _l("Hand in evidence")
ANSWER = _l("See and answer")
AGAIN = _l("See the ruling")
CATEGORY = "aftersale"

text.learn(
    "buyer.gains",
    {
        "refund_full": _l("You are paid back %(refund_minor)s."),
        "refund_partial": _l("You are paid back %(refund_minor)s."),
        "return_then_refund": _l("You are paid back %(refund_minor)s once you have sent the goods back."),
        "exchange_or_reship": _l("You get goods instead of money."),
        "exchange_or_reship:goods_first": _l("You get other goods once you have sent yours back."),
        "claim_rejected": _l("Nothing is paid back to you."),
        "platform_compensates": _l("You are paid back %(refund_minor)s."),
    },
)


def gains(params: Mapping[str, Any], shown: Mapping[str, object]) -> str:
    """What the ruling gives to the buyer."""
    return text.word(against_return(params["outcome"], params), "buyer.gains") % shown


SAID = {
    "hearing_opened": (
        _l("The platform hears both sides on order %(order_no)s"),
        _l("Please hand in your evidence by %(due_at)s. Without it, the platform rules on what it has."),
        HAND_IN,
    ),
    "shop_submitted": (
        _l("The shop handed in evidence on order %(order_no)s"),
        _l("You will see it in your case once both sides have handed in theirs."),
        SEE,
    ),
    "disclosed": (
        _l("You can answer the shop's evidence on order %(order_no)s"),
        _l("It is shown in your case. Please answer by %(due_at)s if you want to say something about it."),
        ANSWER,
    ),
    "heard": (
        _l("The platform now decides on order %(order_no)s"),
        _l("Both sides were heard. You will have a ruling by %(due_at)s. There is nothing you need to do."),
        SEE,
    ),
    "evidence_requested": (
        _l("The platform asks you for more on order %(order_no)s"),
        _l("Your case says what is missing, until %(due_at)s. Without it, the platform rules on what it has."),
        _l("Add evidence"),
    ),
    "hearing_reminder": (
        _l("Order %(order_no)s: you can still be heard"),
        _l(
            "The platform waits for what you have to say and to show until %(due_at)s. "
            "Files that you added count only once you hand them in."
        ),
        HAND_IN,
    ),
    "ruling_overdue": (
        _l("The ruling on order %(order_no)s is late"),
        _l("It should have been given by now. The team leads were told; you lose nothing by it."),
        SEE,
    ),
    "judged": (
        _l("Ruling on order %(order_no)s"),
        _l(
            "%(gains)s The ruling can still be taken further until %(due_at)s; after that it is final. "
            "The reasons are in your case."
        ),
        AGAIN,
    ),
    "judged_against": (
        _l("Ruling on order %(order_no)s: you can ask for one re-review"),
        _l(
            "%(gains)s If you think the ruling is wrong, you can ask for a re-review once, until %(due_at)s. "
            "The reasons are in your case."
        ),
        AGAIN,
    ),
    "re_review_reminder": (
        _l("Order %(order_no)s: little time left to ask for a re-review"),
        _l("%(gains)s You can ask for a re-review once, until %(due_at)s. After that the ruling is final."),
        AGAIN,
    ),
    "re_review": (
        _l("The shop asked for a re-review on order %(order_no)s"),
        _l("Another reviewer looks at your case once more. You can answer by %(due_at)s."),
        ANSWER,
    ),
    "appeal_supplemented": (
        _l("The shop added to its appeal of the ruling on order %(order_no)s"),
        _l("What it added is in your case; answer by %(due_at)s if you want to say something about it."),
        ANSWER,
    ),
    "appeal_given_up": (
        _l("The shop's appeal of the ruling on order %(order_no)s has ended"),
        _l("%(gains)s You can still ask for a re-review once, until %(due_at)s; after that the ruling is final."),
        AGAIN,
    ),
    "appealed": (
        _l("The shop appealed the ruling on order %(order_no)s"),
        _l("Somebody who did not rule before looks at it. What the shop says is in your case; answer by %(due_at)s."),
        ANSWER,
    ),
}


def learn() -> None:
    """Make the notices known."""
    for code, (title, body, action) in SAID.items():
        made = {"gains": gains} if "%(gains)s" in str(body) else {}
        register(NoticeKind(f"buyer.{code}", CATEGORY, title, body, action, made=made))
