"""What shops, buyers and leads are told of complaints, requests to see, and orders from above."""

from flask_babel import lazy_gettext as _l

from portal.messages import NoticeKind, register, register_case

SEE = _l("See the case")
ABOUT = ("appeal", "aftersale")
"""The categories of the box: a notice stands where those of its case stand."""

TO_SHOPS = {
    "complaint.filed": (
        _l("Your complaint was received"),
        _l(
            "%(ref)s about how %(case)s was handled. You will have an answer by %(due_at)s. Nothing else changes by it."
        ),
        "under_review",
    ),
    "complaint.answered": (
        _l("Answer to your complaint: %(outcome_code)s"),
        _l("The answer to %(ref)s about %(case)s is there with its reasons. The result of the case stays as it is."),
        "completed",
    ),
    "complaint.overdue": (
        _l("The answer to your complaint is late"),
        _l(
            "%(ref)s about %(case)s should have been answered by now. The team leads were told; you lose nothing by it."
        ),
        "overdue",
    ),
    "disclosure.asked": (
        _l("Your request to see what was relied on was received"),
        _l("%(ref)s about %(case)s. You will have an answer by %(due_at)s. There is nothing you need to do now."),
        "under_review",
    ),
    "disclosure.answered": (
        _l("Answer to your request to see: %(outcome_code)s"),
        _l("The answer to %(ref)s names what the decision in %(case)s relied on, and says why."),
        "completed",
    ),
    "disclosure.overdue": (
        _l("The answer to your request to see is late"),
        _l(
            "%(ref)s about %(case)s should have been answered by now. The team leads were told; you lose nothing by it."
        ),
        "overdue",
    ),
    "redress.overridden": (
        _l("The result of %(case)s was replaced by an order"),
        _l("%(authority_code)s decided otherwise in %(case)s. The case shows what follows from it."),
        "completed",
    ),
}
TO_BUYERS = {
    "complaint.answered": (
        _l("Answer to your complaint about order %(order_no)s: %(outcome_code)s"),
        _l("The reasons are in your case. Its result stays as it is."),
    ),
    "complaint.overdue": (
        _l("The answer to your complaint about order %(order_no)s is late"),
        _l("It should have been given by now. The team leads were told; you lose nothing by it."),
    ),
    "disclosure.answered": (
        _l("What the decision on order %(order_no)s relied on: %(outcome_code)s"),
        _l("Your case names the evidence and the rules, and says why."),
    ),
    "disclosure.overdue": (
        _l("The answer to your request to see about order %(order_no)s is late"),
        _l("It should have been given by now. The team leads were told; you lose nothing by it."),
    ),
    "redress.overridden": (
        _l("The result on order %(order_no)s was replaced by an order"),
        _l("%(authority_code)s decided otherwise. Your case shows what follows from it."),
    ),
}
WORDS = {"complaint": "complaint.outcome", "disclosure": "disclosure.status"}
TO_LEADS = {
    "complaint.overdue_lead": _l("A complaint is late: %(ref)s"),
    "disclosure.overdue_lead": _l("A request to see is late: %(ref)s"),
}


def of_buyer(kind: str) -> str:
    """The same notice as a buyer gets it."""
    return f"buyer.{kind.replace('.', '_')}"


def learn() -> None:
    """Make the notices known, and where they lead."""
    for code, (title, body, mark) in TO_SHOPS.items():
        outcome = WORDS.get(code.partition(".")[0], "")
        for about in ABOUT:
            words = {"outcome_code": outcome} if outcome else {}
            register(NoticeKind(f"{code}.{about}", about, title, body, SEE, mark=mark, words=words))
    for code, (title, body) in TO_BUYERS.items():
        outcome = WORDS.get(code.partition(".")[0], "")
        words = {"outcome_code": outcome} if outcome else {}
        register(NoticeKind(of_buyer(code), "aftersale", title, body, _l("See your case"), words=words))
    for code, title in TO_LEADS.items():
        body = _l("The answer about %(case)s should have been given by %(due_at)s.")
        register(NoticeKind(code, "system", title, body, _l("Answer it"), mark="overdue"))
    register_case("complaint", "redress.complaint", staff="complaints.index")
    register_case("disclosure", "redress.disclosure", staff="disclosures.index")
