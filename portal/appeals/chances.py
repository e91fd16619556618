"""What is said where the policy allows several appeals against one penalty: see `Appeal.chance`.

`then` is what an appeal says once another one has followed it, and what counts stands there.
"""

from flask_babel import lazy_gettext as _l

from portal import text

text.learn(
    "appeal.of_penalty.more",
    {
        "only": _l(
            "This is appeal %(round)s of at most %(of)s against this penalty. You can still change everything; once "
            "sent, nothing."
        ),
        "once": _l("I know that I can appeal again only if this appeal is decided against me"),
        "sure": _l("I know that after withdrawing there is no further appeal, and that the penalty stands"),
        "closes": _l(
            "If we receive nothing by then, the appeal closes and the penalty stands. You can then appeal again."
        ),
        "decide.partially_upheld": _l(
            "Uphold in part: the penalty of %(amount)s is reduced as above, this appeal ends, the merchant can appeal "
            "again"
        ),
        "decide.rejected": _l(
            "Reject: the penalty of %(amount)s stands, this appeal ends, the merchant can appeal again"
        ),
        "decide.inadmissible": _l(
            "Inadmissible: the penalty of %(amount)s stands unexamined, this appeal ends, the merchant can appeal again"
        ),
    },
)
text.learn(
    "appeal.of_penalty.last",
    {
        "only": _l(
            "This is the last appeal against this penalty. You can still change everything; once sent, nothing."
        ),
        "once": _l("I know that this is the last appeal against this penalty"),
        "sure": _l("I know that withdrawing uses up the last chance, and that the penalty stands"),
        "closes": _l("If we receive nothing by then, the appeal closes and the penalty stands. It is the last appeal."),
    },
)
text.learn(
    "appeal.of_penalty.then",
    {
        "partially_upheld": _l("By this appeal the penalty was reduced."),
        "rejected": _l("After this appeal the penalty stood."),
        "inadmissible": _l("This appeal could not be examined."),
        "after_timeout": _l("The system closed this appeal; no person judged it."),
    },
)
text.learn("clock", {"file_again": _l("Time to appeal again")})
text.learn(
    "refusal",
    {
        "already_sent": _l("This appeal has been sent already, with %(ref)s."),
        "appeals_used_up": _l(
            "This penalty has been appealed as often as the rules allow: %(refs)s. There is no further appeal."
        ),
        "next_appeal_begun": _l(
            "You have begun another appeal, %(ref)s. Send it, and a person looks at it anyway; or delete the draft "
            "first."
        ),
    },
)
