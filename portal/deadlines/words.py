"""What the days of an explanation are called, and why something came too late."""

from flask_babel import gettext
from flask_babel import lazy_gettext as _l

from portal import text
from portal.deadlines.workdays import Day

text.learn(
    "refusal",
    {
        "too_late": _l("The time for this is over."),
        "only_later": _l("A due date can only be moved to a later one."),
        "no_such_calendar": _l("There is no calendar %(name)s."),
    },
)


def day_words(day: Day) -> str:
    """One line of the strip of days: what this day counts as, or why it doesn't count."""
    named = text.localised(day, "name")
    if day.kind in ("counted", "makeup", "due") and day.number:
        number = str(gettext("Day %(number)s", number=day.number))
        return str(gettext("%(what)s, %(name)s", what=number, name=named)) if named else number
    if day.kind == "holiday":
        return str(gettext("%(name)s, not counted", name=named))
    words = {
        "start": gettext("Start, not counted"),
        "due": gettext("Moved to this day"),
        "weekend": gettext("Weekend, not counted"),
        "closed": gettext("Closed, not counted"),
        "paused": gettext("Paused for %(days)s days", days=day.number),
        "more": gettext("%(days)s more days", days=day.number),
    }
    return str(words[day.kind])
