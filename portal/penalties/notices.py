"""What a shop is told about its penalties."""

from flask_babel import lazy_gettext as _l

from portal import messages

SEE = _l("See the penalty")

KINDS = (
    messages.NoticeKind(
        "penalty.issued",
        "penalty",
        _l("Penalty: %(rule)s"),
        _l("You can appeal once, until %(due_at)s. What was found: %(facts)s"),
        _l("See why, and appeal"),
        mark="to_appeal",
    ),
    messages.NoticeKind(
        "penalty.issued_again",
        "penalty",
        _l("Penalty: %(rule)s"),
        _l("You can appeal until %(due_at)s, and again if it is decided against you. What was found: %(facts)s"),
        _l("See why, and appeal"),
        mark="to_appeal",
    ),
    messages.NoticeKind(
        "penalty.issued_final",
        "penalty",
        _l("Penalty: %(rule)s"),
        _l("It can't be appealed, or the time to appeal was over when we received it. What was found: %(facts)s"),
        SEE,
        mark="active",
    ),
    messages.NoticeKind(
        "penalty.in_force",
        "penalty",
        _l("The penalty for %(rule)s is in force now"),
        _l("Its measures apply from today, as announced. This is penalty %(ref)s."),
        SEE,
        mark="active",
    ),
    messages.NoticeKind(
        "penalty.held",
        "penalty",
        _l("The measures for %(rule)s are suspended"),
        _l("They rest until the appeal against the penalty %(ref)s is decided."),
        SEE,
        mark="held",
    ),
    messages.NoticeKind(
        "penalty.executed",
        "penalty",
        _l("What was decided on %(rule)s has been carried out"),
        _l("The marketplace has confirmed it for the penalty %(ref)s."),
        SEE,
        mark="accepted",
    ),
    messages.NoticeKind(
        "penalty.execution_late",
        "penalty",
        _l("Not carried out: the decision on %(rule)s"),
        _l("The marketplace has not confirmed what was changed in the penalty %(ref)s. Please ask why."),
        _l("See what is owed"),
    ),
    messages.NoticeKind(
        "penalty.reminder",
        "penalty",
        _l("Appeal against %(rule)s: little time left"),
        _l("You can still appeal until %(due_at)s. If you have begun to write, it is kept."),
        _l("Go to the penalty"),
        mark="to_appeal",
    ),
    messages.NoticeKind(
        "penalty.more_time",
        "penalty",
        _l("More time to appeal against %(rule)s"),
        _l("You can appeal until %(due_at)s: the public holidays of that year are known now."),
        _l("Go to the penalty"),
        mark="to_appeal",
    ),
    messages.NoticeKind(
        "penalty.window_over",
        "penalty",
        _l("The time to appeal against %(rule)s is over"),
        _l("No appeal was filed by %(due_at)s, so the penalty %(ref)s stands."),
        SEE,
        mark="lapsed",
    ),
    messages.NoticeKind(
        "penalty.revoked",
        "penalty",
        _l("The penalty for %(rule)s was taken back"),
        _l("None of its measures applies any more. The reason: %(reason)s"),
        SEE,
        mark="revoked",
    ),
)


def init_app() -> None:
    """Make the notices known, and where they lead."""
    messages.register(*KINDS)
    messages.register_case("penalty", "penalties.show", staff="not_carried_out.index")
