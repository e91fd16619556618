"""What the categories of the message box are called."""

from flask_babel import lazy_gettext as _l

from portal import text


def learn() -> None:
    """Register them."""
    text.learn(
        "notice.category",
        {
            "": _l("All messages"),
            "penalty": _l("Penalty warnings"),
            "appeal": _l("Appeal notices"),
            "aftersale": _l("After-sales"),
            "system": _l("System"),
        },
    )
