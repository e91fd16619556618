"""What the shop and the leads are told about appeals."""

from flask_babel import lazy_gettext as _l

from portal.appeals.ruling_notices import KINDS as OF_RULINGS
from portal.messages import NoticeKind, register

OPEN = _l("Open")
RESULT = _l("See the result")

KINDS = (
    NoticeKind(
        "appeal.submitted",
        "appeal",
        _l("Your appeal was received"),
        _l(
            "%(ref)s against %(rule_code)s. You will have an answer by %(due_at)s. There is nothing you need to do now."
        ),
        OPEN,
        mark="under_review",
    ),
    NoticeKind(
        "appeal.supplemented",
        "appeal",
        _l("Your evidence was received"),
        _l("%(ref)s is under review again. You will have an answer by %(due_at)s."),
        OPEN,
        mark="under_review",
    ),
    NoticeKind(
        "appeal.evidence_requested",
        "appeal",
        _l("A reviewer asks for more evidence"),
        _l(
            "%(ref)s: please add what is asked for (%(count)s) by %(due_at)s. "
            "If nothing has come by then, the appeal closes by itself."
        ),
        _l("Add evidence"),
        mark="needs_evidence",
    ),
    NoticeKind(
        "appeal.evidence_requested.by_person",
        "appeal",
        _l("A reviewer asks for more evidence"),
        _l(
            "%(ref)s: please add what is asked for (%(count)s) by %(due_at)s. "
            "If nothing has come by then, a person decides on what is there."
        ),
        _l("Add evidence"),
        mark="needs_evidence",
    ),
    NoticeKind(
        "appeal.supplement_reminder.by_person",
        "appeal",
        _l("Your evidence is still awaited"),
        _l("%(ref)s: after %(due_at)s a person decides on what is there. What you prepared is saved."),
        _l("Add evidence"),
        mark="needs_evidence",
    ),
    NoticeKind(
        "appeal.supplement_reminder",
        "appeal",
        _l("Your evidence is still awaited"),
        _l("%(ref)s closes by itself at %(due_at)s. What you prepared is saved."),
        _l("Add evidence"),
        mark="needs_evidence",
    ),
    NoticeKind(
        "appeal.more_time",
        "appeal",
        _l("More time to add evidence"),
        _l("%(ref)s waits for it until %(due_at)s: the public holidays of that year are known now."),
        _l("Add evidence"),
        mark="needs_evidence",
    ),
    NoticeKind(
        "appeal.overdue",
        "appeal",
        _l("The review of your appeal is late"),
        _l("%(ref)s should have been decided by now. The team leads were told; you lose nothing by it."),
        OPEN,
        mark="under_review",
    ),
    NoticeKind(
        "appeal.passed_on",
        "appeal",
        _l("A person decides on what is there"),
        _l("%(ref)s: nothing more arrived in time. A reviewer now decides on the file as it is."),
        OPEN,
        mark="under_review",
    ),
    NoticeKind(
        "appeal.upheld",
        "appeal",
        _l("Appeal upheld"),
        _l("%(ref)s: the penalty %(penalty_ref)s is withdrawn, with all its measures."),
        RESULT,
        mark="upheld",
    ),
    NoticeKind(
        "appeal.partially_upheld",
        "appeal",
        _l("Appeal partly upheld"),
        _l("%(ref)s: the penalty %(penalty_ref)s is reduced. The reasons say what changes."),
        RESULT,
        mark="partially_upheld",
    ),
    NoticeKind(
        "appeal.rejected",
        "appeal",
        _l("Appeal not upheld"),
        _l("%(ref)s: the penalty %(penalty_ref)s stands. The reasons and your other ways are in the result."),
        RESULT,
        mark="rejected",
    ),
    NoticeKind(
        "appeal.inadmissible",
        "appeal",
        _l("Appeal not admissible"),
        _l("%(ref)s could not be examined. The result says why, and which other ways you have."),
        RESULT,
        mark="inadmissible",
    ),
    NoticeKind(
        "appeal.closed_timeout",
        "appeal",
        _l("Appeal closed: time ran out"),
        _l("%(ref)s: the evidence asked for had not arrived in time. The penalty %(penalty_ref)s stands."),
        RESULT,
        mark="closed_timeout",
    ),
    NoticeKind(
        "appeal.withdrawn",
        "appeal",
        _l("Appeal withdrawn"),
        _l("You withdrew %(ref)s. The penalty %(penalty_ref)s stands."),
        OPEN,
        mark="withdrawn",
    ),
    NoticeKind(
        "appeal.moot",
        "appeal",
        _l("The platform took its penalty back"),
        _l("%(penalty_ref)s is lifted with all its measures; your appeal %(ref)s is not needed any more."),
        OPEN,
        mark="revoked",
    ),
    NoticeKind(
        "appeal.lapsed",
        "appeal",
        _l("The time to appeal ended"),
        _l("The draft %(ref)s was never sent, so nobody examined it. It stays readable."),
        OPEN,
        mark="lapsed",
    ),
    NoticeKind(
        "appeal.again",
        "appeal",
        _l("You can appeal again"),
        _l(
            "What was decided on %(ref)s can be appealed again, until %(due_at)s. Somebody who has not judged it "
            "decides."
        ),
        _l("Go to the penalty"),
        mark="to_appeal",
    ),
    NoticeKind(
        "appeal.human_review_asked",
        "appeal",
        _l("A person looks at your closed appeal"),
        _l("%(ref)s: a reviewer decides on the file as it is, by %(due_at)s. There is nothing you need to do now."),
        OPEN,
        mark="under_review",
    ),
    NoticeKind(
        "appeal.human_review_decided",
        "appeal",
        _l("Result of the human review: %(outcome_code)s"),
        _l(
            "A person looked at %(ref)s. What they decided replaces what the system had decided; the reasons are there."
        ),
        RESULT,
        mark="completed",
        words={"outcome_code": "appeal.outcome"},
    ),
    NoticeKind(
        "review.overdue",
        "system",
        _l("A review is late"),
        _l("%(ref)s, %(rule_code)s: nobody decided it in time."),
        _l("Open the queue"),
    ),
)


OF_RULING = {
    "appeal.moot": "appeal.overtaken",
    **{
        f"appeal.{outcome}": f"appeal.ruling_{outcome}"
        for outcome in ("upheld", "partially_upheld", "rejected", "inadmissible", "closed_timeout", "withdrawn")
    },
}
"""The notices that speak of the penalty, and those that speak of the ruling in their place."""


def kind_of(code: str, subject_type: str) -> str:
    """The notice of this event for an appeal against such a subject."""
    return OF_RULING.get(code, code) if subject_type == "arbitration" else code


def asked(code: str, *, closes: bool) -> str:
    """The notice that evidence is waited for; it says what follows if none comes: the appeal `closes`, or a person."""
    return code if closes else f"{code}.by_person"


def learn() -> None:
    """Register them."""
    for kind in (*KINDS, *OF_RULINGS):
        register(kind)
