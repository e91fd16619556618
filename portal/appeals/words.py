"""What the codes of an appeal are called on screen."""

from flask_babel import gettext
from flask_babel import lazy_gettext as _l
from flask_babel.speaklater import LazyString

from portal import policies, text
from portal.appeals.subjects.ruling import PREFIX

text.learn(
    "appeal.tab",
    {
        "to_appeal": _l("To appeal"),
        "under_review": _l("Under review"),
        "needs_evidence": _l("Evidence needed"),
        "completed": _l("Completed"),
    },
)
text.learn(
    "appeal.status",
    {
        "draft": _l("Draft"),
        "to_appeal": _l("To appeal"),
        "under_review": _l("Under review"),
        "needs_evidence": _l("Evidence needed"),
        "completed": _l("Completed"),
    },
)
text.learn(
    "appeal.outcome",
    {
        "upheld": _l("Appeal upheld"),
        "partially_upheld": _l("Appeal partly upheld"),
        "rejected": _l("Appeal not upheld"),
        "inadmissible": _l("Not admissible"),
        "closed_timeout": _l("Closed: time ran out"),
        "withdrawn": _l("Withdrawn"),
        "moot": _l("Not needed any more"),
        "lapsed": _l("Lapsed: never sent"),
    },
)
text.learn(
    "event",
    {
        "appeal.started": _l("You started the appeal"),
        "appeal.discarded": _l("You deleted the draft"),
        "appeal.submitted": _l("You sent the appeal"),
        "appeal.evidence_requested": _l("More evidence was asked for"),
        "appeal.supplemented": _l("You added evidence"),
        "appeal.recommended": _l("A second reviewer looks at it"),
        "appeal.more_time": _l("More time: the holidays of that year are known now"),
        "appeal.overdue": _l("The review is late; the team leads were told"),
        "appeal.decided": _l("Decided"),
        "appeal.withdrawn": _l("You withdrew the appeal"),
        "appeal.moot": _l("The platform took the penalty back"),
        "appeal.overtaken": _l("The dispute went another way; the appeal ended with it"),
        "appeal.closed": _l("Closed by the system"),
        "appeal.lapsed": _l("The time to appeal ended"),
        "appeal.passed_on": _l("Passed to a reviewer as it is"),
        "appeal.human_review_asked": _l("You asked for a human review"),
        "appeal.human_review_decided": _l("A person decided in place of the system"),
    },
)
text.learn(
    "event.told",
    {
        "appeal.started": _l("The shop started the appeal"),
        "appeal.submitted": _l("The shop sent the appeal"),
        "appeal.supplemented": _l("The shop added evidence"),
        "appeal.withdrawn": _l("The shop withdrew the appeal"),
        "appeal.human_review_asked": _l("The shop asked for a human review"),
    },
)
text.learn(
    "clock",
    {
        "file_appeal": _l("Time to appeal"),
        "review": _l("Time to decide"),
        "supplement": _l("Time to add evidence"),
        "human_review": _l("Time to ask for a human review"),
    },
)
text.learn(
    "missing",
    {
        "ground_missing": _l("Choose the reason for your appeal"),
        "evidence_missing": _l("Add a file for “%(requirement)s”, or say why you don't have it"),
        "statement_short": _l("Write at least %(min)s characters in your statement; it has %(length)s now"),
        "statement_long": _l("Shorten your statement to %(max)s characters; it has %(length)s now"),
        "supplement_empty": _l("Add at least one file or an explanation"),
    },
)
text.learn(
    "refusal",
    {
        "transition_not_allowed": _l(
            "This is not possible any more: the case has moved on. Reload the page to see where it is."
        ),
        "not_appealable": _l("This kind of penalty can't be appealed."),
        "window_over": _l(
            "You could appeal until %(due_at)s; your request arrived at %(arrived_at)s. What you have written is kept."
        ),
        "window_closed": _l("This can't be appealed any more."),
        "ruling_not_appealable": _l("This ruling can't be appealed by your shop."),
        "re_review_first": _l(
            "The buyer asked for a re-review of this ruling first. You are heard there; there is no separate appeal."
        ),
        "other_side_not_heard": _l("The buyer may still answer this appeal, until %(due_at)s. Decide after that."),
        "supplement_over": _l(
            "You could add evidence until %(due_at)s; your request arrived at %(arrived_at)s. It is all kept."
        ),
        "draft_elsewhere": _l("This draft was changed in another window at %(saved_at)s. Nothing was overwritten."),
        "evidence_sent": _l("The evidence asked for was sent already. Nothing was sent a second time."),
        "nothing_asked": _l("No evidence is asked for any more. What you prepared was not sent."),
        "draft_changed": _l("The draft changed after you checked it. Please check it once more before you send it."),
        "incomplete": _l("%(count)s answers are still missing. Nothing was sent."),
        "already_appealed": _l(
            "It has been appealed already, with %(ref)s. Each penalty and each ruling can be appealed once."
        ),
        "no_such_requirement": _l("This checklist has no such line."),
        "no_more_rounds": _l(
            "Evidence has been asked for as often as the rules allow; please decide on what is there."
        ),
        "no_deficiency": _l("Say what is lacking: choose at least one item of the checklist."),
        "not_confirmed": _l("Tick both boxes to confirm."),
    },
)
text.learn(
    "verdict.fault",
    {
        "ruling_missing": _l("Say what is ruled in place of the first ruling."),
        "upheld_bears": _l("With the appeal upheld in full the merchant bears nothing."),
        "partly_bears_nothing": _l("If the merchant bears nothing any more, uphold the appeal in full."),
        "ruling_no_better": _l("The new ruling must be better for the merchant than the one appealed."),
    },
)
text.learn(
    "appeal.of_penalty",
    {
        "name": _l("Penalty"),
        "heading": _l("Penalty %(number)s"),
        "already": _l("This penalty has been appealed already; here is the appeal."),
        "only": _l(
            "This is the only appeal against this penalty. You can still change everything; once sent, nothing."
        ),
        "once": _l("I know that this penalty can be appealed only once"),
        "sure": _l("I know that withdrawing uses up the only chance, and that the penalty stands"),
        "withdrawing": _l(
            "Nobody decides on your appeal any more, the penalty of %(amount)s stands, and you cannot appeal against "
            "it again."
        ),
        "closes": _l(
            "If we receive nothing by then, the appeal closes and the penalty stands. There is no second appeal."
        ),
        "upheld": _l("The penalty (%(amount)s) is withdrawn; all its measures are lifted."),
        "partially_upheld": _l("The penalty is reduced. The reasons below say what changes."),
        "rejected": _l("The penalty stands: %(amount)s."),
        "inadmissible": _l("The appeal could not be examined. The penalty stands."),
        "withdrawn": _l("You withdrew this appeal. The penalty stands."),
        "moot": _l("The platform took the penalty back, so there is nothing left to decide."),
        "after_timeout": _l("The penalty stands. The system closed it; no person judged it."),
        "recommend.upheld": _l(
            "Recommend: lift the penalty of %(amount)s; a senior reviewer gives a second opinion first"
        ),
        "recommend.partially_upheld": _l(
            "Recommend: reduce the penalty of %(amount)s; a senior reviewer gives a second opinion first"
        ),
        "recommend.rejected": _l(
            "Recommend: keep the penalty of %(amount)s; a senior reviewer gives a second opinion first"
        ),
        "recommend.inadmissible": _l("Recommend: do not examine it; a senior reviewer gives a second opinion first"),
        "decide.upheld": _l("Uphold: the penalty of %(amount)s is lifted, the case ends"),
        "decide.partially_upheld": _l("Uphold in part: the penalty of %(amount)s is reduced as above, the case ends"),
        "decide.rejected": _l(
            "Reject: the penalty of %(amount)s stands, the case ends, the merchant cannot appeal again"
        ),
        "decide.inadmissible": _l(
            "Inadmissible: the penalty of %(amount)s stands unexamined, the case ends, the merchant cannot appeal again"
        ),
    },
)
text.learn(
    "appeal.of_ruling",
    {
        "name": _l("Ruling"),
        "heading": _l("Ruling on order %(number)s"),
        "already": _l("This ruling has been appealed already; here is the appeal."),
        "only": _l("This is the only appeal against this ruling. You can still change everything; once sent, nothing."),
        "once": _l("I know that this ruling can be appealed only once"),
        "sure": _l("I know that withdrawing uses up the only chance, and that the ruling stands"),
        "withdrawing": _l(
            "Nobody decides on your appeal any more, the ruling stands (you bear %(amount)s), and you cannot appeal "
            "against it again."
        ),
        "closes": _l(
            "If we receive nothing by then, the appeal closes and the ruling stands. There is no second appeal."
        ),
        "upheld": _l("The ruling is replaced, and you bear nothing of it any more."),
        "partially_upheld": _l("The ruling is changed. The new one is below, with its reasons."),
        "rejected": _l("The ruling stands: you bear %(amount)s."),
        "inadmissible": _l("The appeal could not be examined. The ruling stands."),
        "withdrawn": _l("You withdrew this appeal. The ruling stands."),
        "moot": _l(
            "The dispute went another way, so there is nothing left to decide here. Its case shows what applies."
        ),
        "after_timeout": _l("The ruling stands and is carried out. The system closed it; no person judged it."),
        "recommend.upheld": _l(
            "Recommend: replace the ruling as above; a senior reviewer gives a second opinion first"
        ),
        "recommend.partially_upheld": _l(
            "Recommend: change the ruling as above; a senior reviewer gives a second opinion first"
        ),
        "recommend.rejected": _l("Recommend: keep the ruling; a senior reviewer gives a second opinion first"),
        "recommend.inadmissible": _l("Recommend: do not examine it; a senior reviewer gives a second opinion first"),
        "decide.upheld": _l("Uphold: the ruling is replaced as above and carried out, the case ends"),
        "decide.partially_upheld": _l("Uphold in part: the ruling is changed as above and carried out, the case ends"),
        "decide.rejected": _l("Reject: the ruling stands and is carried out, the merchant cannot appeal again"),
        "decide.inadmissible": _l("Inadmissible: the ruling stands unexamined, the merchant cannot appeal again"),
    },
)
text.learn("review.case", {"appeal": _l("Appeal")})


def learn_rulings() -> None:
    """Make known what an appeal of a ruling is about, by the reason of the request that was ruled on."""
    codes = policies.shipped().causes
    text.learn("rule", {f"{PREFIX}{code}": LazyString(_about_ruling, code) for code in codes})


def _about_ruling(cause_code: str) -> str:
    return str(gettext("Ruling: %(cause)s", cause=text.word(cause_code, "aftersale.reason")))
