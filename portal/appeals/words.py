"""What the codes of an appeal are called on screen."""

from flask_babel import lazy_gettext as _l

from portal import text

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
        "moot": _l("Penalty taken back"),
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
        "appeal.overdue": _l("The review is late; the team leads were told"),
        "appeal.decided": _l("Decided"),
        "appeal.withdrawn": _l("You withdrew the appeal"),
        "appeal.moot": _l("The platform took the penalty back"),
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
            "The time to appeal ended at %(due_at)s; your request arrived at %(arrived_at)s. Your draft is kept."
        ),
        "window_closed": _l("This penalty can't be appealed any more."),
        "supplement_over": _l(
            "The time to add evidence ended at %(due_at)s; your request arrived at %(arrived_at)s. It is all kept."
        ),
        "draft_elsewhere": _l("This draft was changed in another window at %(saved_at)s. Nothing was overwritten."),
        "draft_changed": _l("The draft changed after you checked it. Please check it once more before you send it."),
        "incomplete": _l("%(count)s answers are still missing. Nothing was sent."),
        "already_appealed": _l(
            "This penalty has been appealed already, with %(ref)s. Each penalty can be appealed once."
        ),
        "no_such_requirement": _l("This checklist has no such line."),
        "no_more_rounds": _l(
            "Evidence has been asked for as often as the rules allow; please decide on what is there."
        ),
        "no_deficiency": _l("Say what is lacking: choose at least one item of the checklist."),
        "not_confirmed": _l("Tick both boxes to confirm."),
    },
)
text.learn("review.case", {"appeal": _l("Appeal")})
