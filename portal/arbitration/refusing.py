"""What is said when a rule of an arbitration says no."""

from flask_babel import lazy_gettext as _l

from portal import text

text.learn(
    "refusal",
    {
        "nothing_to_hand_in": _l("Write something or add a file first."),
        "stage_over": _l("The stage that you saw is over. Look at the case as it stands now before you answer."),
        "heard_before": _l("The platform has heard this case already, and does so once."),
        "no_such_ground": _l("Choose a new fact or an error of the ruling."),
        "other_way": _l("You can appeal this ruling in the Appeal Centre instead."),
        "statement_length": _l("Write %(least)s to %(most)s characters; there are %(length)s."),
    },
)
