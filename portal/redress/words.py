"""What the codes of what comes after the last word are called on screen."""

from flask_babel import lazy_gettext as _l

from portal import text

text.learn(
    "redress.way",
    {
        "complaint": _l("Complaint to the platform"),
        "disclosure": _l("See what was relied on"),
        "human_review": _l("Human review"),
        "file_appeal": _l("Appeal of the ruling"),
        "file_again": _l("Another appeal"),
        "re_review": _l("Re-review"),
        "court": _l("Court and authorities"),
    },
)
text.learn(
    "redress.about",
    {
        "complaint": _l(
            "About how the case was handled: tone, delay, something that was overlooked. A lead answers with reasons. "
            "It changes nothing of the result."
        ),
        "disclosure": _l(
            "Ask once which evidence and which rules the decision relied on. A reviewer answers with reasons."
        ),
        "human_review": _l(
            "The system closed this case without a person. A reviewer looks at it once, on the file as it is, "
            "and decides anew."
        ),
        "file_appeal": _l("You can appeal the ruling once. Another reviewer decides; their decision is final."),
        "file_again": _l("This result can be appealed again. Somebody who has not judged it decides."),
        "re_review": _l(
            "You can ask once for another look, on a new fact or an error of the ruling. Another reviewer decides."
        ),
    },
)
text.learn("complaint.status", {"open": _l("Waiting for an answer"), "answered": _l("Answered")})
text.learn(
    "complaint.outcome",
    {"justified": _l("Justified"), "partly": _l("Justified in part"), "unjustified": _l("Not justified")},
)
text.learn(
    "disclosure.status",
    {
        "open": _l("Waiting for an answer"),
        "granted": _l("Granted"),
        "partly": _l("Granted in part"),
        "refused": _l("Refused"),
    },
)
text.learn(
    "human_review.status",
    {
        "available": _l("Can be asked for"),
        "asked": _l("A reviewer looks at it"),
        "decided": _l("Decided by a person"),
        "over": _l("The time to ask is over"),
    },
)
text.learn(
    "override.status",
    {
        "proposed": _l("Waits for a second person"),
        "confirmed": _l("In effect"),
        "declined": _l("Declined"),
    },
)
text.learn(
    "authority",
    {
        "court": _l("A court"),
        "regulator": _l("A market regulator"),
        "ods_body": _l("An out-of-court dispute body"),
        "platform_error": _l("The platform itself, because of an error"),
    },
)
text.learn(
    "override.change",
    {
        "lift": _l("The penalty is lifted with all its measures"),
        "reduce": _l("The penalty is reduced"),
        "reinstate": _l("The penalty applies again as it was issued"),
        "none": _l("Nothing that the portal carries out itself; the order is recorded"),
    },
)
text.learn(
    "event",
    {
        "complaint.filed": _l("The complaint was filed"),
        "complaint.answered": _l("The complaint was answered"),
        "complaint.more_time": _l("Answered later: the holidays of that year are known now"),
        "complaint.overdue": _l("The answer is late; the team leads were told"),
        "redress.disclosure_asked": _l("One side asked what was relied on"),
        "redress.disclosure_answered": _l("The platform said what was relied on"),
        "redress.disclosure_more_time": _l("Answered later: the holidays of that year are known now"),
        "redress.disclosure_overdue": _l("The answer to what was relied on is late; the team leads were told"),
        "redress.override_proposed": _l("An order from above was put before a second person"),
        "redress.override_declined": _l("An order from above was not confirmed"),
        "redress.overridden": _l("An order from above replaced the result"),
    },
)
text.learn("clock", {"answer": _l("Time for the platform to answer")})
text.learn(
    "refusal",
    {
        "not_over_yet": _l("The case still goes on. This is possible once it is over."),
        "not_decided_yet": _l("Nothing was decided yet. This is possible once there is a decision."),
        "complaint_late": _l("The time to complain ended at %(due_at)s."),
        "complaint_open": _l("Your complaint %(ref)s still waits for its answer. You can file another one after it."),
        "asked_already": _l("You have asked before, with %(ref)s. Each side can ask once in a case."),
        "had_a_part": _l("You had a part in this case, so somebody else answers."),
        "answered_already": _l(
            "Somebody else answered it at %(at)s. Your text is still below, so that you can copy it."
        ),
        "no_such_outcome": _l("Choose one of the answers."),
        "no_such_exhibit": _l("One of the exhibits is not one that this side may see."),
        "override_waiting": _l("%(ref)s still waits for a second person in this case."),
        "override_closed": _l("Somebody else closed it at %(at)s."),
        "two_people": _l("You proposed it; another person has to confirm it."),
        "penalty_moved": _l("The penalty has changed since it was proposed. Decline it and propose anew."),
    },
)
