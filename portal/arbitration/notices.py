"""What a shop and the leads are told about arbitrations."""

from collections.abc import Mapping
from typing import Any

from flask_babel import lazy_gettext as _l

from portal import text
from portal.messages import NoticeKind, register

SEE = _l("See the case")
CATEGORY = "aftersale"


def gives(params: Mapping[str, Any], shown: Mapping[str, object]) -> str:
    """What the ruling gives to the buyer; of a notice from before that was kept, the amount."""
    paid, outcome = shown.get("applies_minor", shown["refund_minor"]), params.get("outcome") or "refund_full"
    return text.word(against_return(outcome, params), "ruling.gives") % {"paid": paid}


def against_return(outcome: str, params: Mapping[str, Any]) -> str:
    """The ruling by the name its words have, where goods come only once others have gone back."""
    apart = outcome == "exchange_or_reship" and params.get("goods_first")
    return f"{outcome}:goods_first" if apart else outcome


GIVES = {"gives": gives}
KINDS = (
    NoticeKind(
        "arbitration.opened",
        CATEGORY,
        _l("The platform hears both sides on order %(order_no)s"),
        _l("Please hand in your evidence for %(ref)s by %(due_at)s. Without it, the platform rules on what it has."),
        _l("Hand in evidence"),
        mark="to_appeal",
    ),
    NoticeKind(
        "arbitration.buyer_submitted",
        CATEGORY,
        _l("The buyer handed in evidence on order %(order_no)s"),
        _l("You will see it in %(ref)s once both sides have handed in theirs."),
        SEE,
    ),
    NoticeKind(
        "arbitration.buyer_answered",
        CATEGORY,
        _l("The buyer answered your evidence on order %(order_no)s"),
        _l("You will see it in %(ref)s once your own time to answer is over, or you have answered."),
        SEE,
    ),
    NoticeKind(
        "arbitration.buyer_answer_shown",
        CATEGORY,
        _l("The buyer answered you on order %(order_no)s"),
        _l("The answer is shown in %(ref)s."),
        SEE,
    ),
    NoticeKind(
        "arbitration.buyer_asked",
        CATEGORY,
        _l("The platform asks the buyer for more on order %(order_no)s"),
        _l(
            "The ruling in %(ref)s waits for it until %(due_at)s. You can answer what comes. "
            "There is nothing you need to do now."
        ),
        SEE,
        mark="under_review",
    ),
    NoticeKind(
        "arbitration.disclosed",
        CATEGORY,
        _l("You can answer the buyer's evidence on order %(order_no)s"),
        _l("It is shown in %(ref)s. Please answer by %(due_at)s if you want to say something about it."),
        _l("See and answer"),
        mark="to_appeal",
    ),
    NoticeKind(
        "arbitration.heard",
        CATEGORY,
        _l("The platform now decides on order %(order_no)s"),
        _l("Both sides were heard in %(ref)s. You will have a ruling by %(due_at)s. There is nothing you need to do."),
        SEE,
        mark="under_review",
    ),
    NoticeKind(
        "arbitration.evidence_requested",
        CATEGORY,
        _l("The platform asks you for more on order %(order_no)s"),
        _l(
            "%(ref)s: please add what is asked for (%(count)s) by %(due_at)s. "
            "If nothing comes, the platform rules on what it has."
        ),
        _l("Add evidence"),
        mark="needs_evidence",
    ),
    NoticeKind(
        "arbitration.reminder",
        CATEGORY,
        _l("Order %(order_no)s: your evidence is still awaited"),
        _l("%(ref)s waits for it until %(due_at)s. Files that you added count only once you hand them in."),
        _l("Hand in evidence"),
        mark="needs_evidence",
    ),
    NoticeKind(
        "arbitration.overdue",
        CATEGORY,
        _l("The ruling on order %(order_no)s is late"),
        _l("%(ref)s should have been decided by now. The team leads were told; you lose nothing by it."),
        SEE,
        mark="overdue",
    ),
    NoticeKind(
        "arbitration.overdue_lead",
        "system",
        _l("A ruling is late: %(ref)s"),
        _l("It should have been given by %(due_at)s."),
        _l("Open"),
        mark="overdue",
    ),
    NoticeKind(
        "arbitration.ruled",
        CATEGORY,
        _l("Ruling on order %(order_no)s"),
        _l("%(ref)s: %(gives)s. You bear nothing of it. The reasons are in the case."),
        _l("See the ruling"),
        mark="completed",
        made=GIVES,
    ),
    NoticeKind(
        "arbitration.ruled_against",
        CATEGORY,
        _l("Ruling on order %(order_no)s: you can appeal it once"),
        _l(
            "%(ref)s: %(gives)s. If you think the ruling is wrong, you can appeal it once, until %(due_at)s. "
            "The reasons are in the case."
        ),
        _l("See the ruling"),
        mark="to_appeal",
        made=GIVES,
    ),
    NoticeKind(
        "arbitration.ruled_re_review",
        CATEGORY,
        _l("Ruling on order %(order_no)s: you can ask for one re-review"),
        _l(
            "%(ref)s: %(gives)s. If you think the ruling is wrong, you can ask for a re-review once, until %(due_at)s. "
            "The reasons are in the case."
        ),
        _l("See the ruling"),
        mark="to_appeal",
        made=GIVES,
    ),
    NoticeKind(
        "arbitration.appeal_reminder",
        CATEGORY,
        _l("Order %(order_no)s: little time left to appeal the ruling"),
        _l("You can appeal the ruling in %(ref)s once, until %(due_at)s. After that it is final."),
        _l("See the ruling"),
        mark="to_appeal",
    ),
    NoticeKind(
        "arbitration.more_time",
        CATEGORY,
        _l("Order %(order_no)s: more time"),
        _l("You have until %(due_at)s in %(ref)s: the public holidays of that year are known now."),
        SEE,
        mark="to_appeal",
    ),
    NoticeKind(
        "arbitration.more_time_to_appeal",
        CATEGORY,
        _l("Order %(order_no)s: more time to appeal the ruling"),
        _l("You can appeal it until %(due_at)s: the public holidays of that year are known now."),
        _l("See the ruling"),
        mark="to_appeal",
    ),
    NoticeKind(
        "arbitration.re_review_reminder",
        CATEGORY,
        _l("Order %(order_no)s: little time left to ask for a re-review"),
        _l("You can ask for a re-review of the ruling in %(ref)s once, until %(due_at)s. After that it is final."),
        _l("See the ruling"),
        mark="to_appeal",
    ),
    NoticeKind(
        "arbitration.re_review",
        CATEGORY,
        _l("The buyer asked for a re-review on order %(order_no)s"),
        _l("Another reviewer looks at %(ref)s once more. You can answer by %(due_at)s."),
        _l("See and answer"),
        mark="to_appeal",
    ),
    NoticeKind(
        "arbitration.final",
        CATEGORY,
        _l("The ruling on order %(order_no)s is final"),
        _l("%(ref)s: %(gives)s, as the case shows."),
        SEE,
        mark="completed",
        made=GIVES,
    ),
)


def learn() -> None:
    """Make the notices known."""
    register(*KINDS)
