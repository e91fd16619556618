"""The figures over the queue, and how they are said."""

from dataclasses import dataclass

from portal.review.selects import MANY

UP_TO_MANY = ("overdue", "today", "second")


@dataclass(frozen=True)
class Counts:
    """How many seats wait: all, this person's, and, up to `MANY`, those late, those due today, and second ones.

    `done` is what this person concluded today, `newest` the last seat there is: what comes later is new.
    """

    open: int
    mine: int
    overdue: int
    today: int
    second: int
    done: int
    newest: int

    def said(self, view: str) -> int | str | None:
        """The figure of a view as people read it, with a plus beyond what is counted; None for one that has none."""
        number: int | None = self.open if view == "all" else getattr(self, view, None)
        many = view in UP_TO_MANY and number is not None and number > MANY
        return f"{MANY}+" if many else number
