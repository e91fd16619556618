"""The figures over the queue, and how they are said."""

from dataclasses import dataclass

from portal.review.selects import MANY

VIEWS = ("all", "mine", "free", "today", "overdue", "second")
"""Of the queue, as they stand over it; the last concerns those who give second verdicts."""
UP_TO_MANY = ("overdue", "today", "second")
HOT = ("today", "overdue")
"""Where the figure burns."""


@dataclass(frozen=True)
class Counts:
    """How many seats wait: all, this person's, and, up to `MANY`, those late, those due today, and second ones.

    `senior` is whom second verdicts concern, `done` what this person concluded today, `newest` the last seat there is:
    what comes later is new.
    """

    senior: bool
    open: int
    mine: int
    overdue: int
    today: int
    second: int
    done: int
    newest: int

    @property
    def views(self) -> tuple[str, ...]:
        """The views of the queue that this person has, in their order."""
        return VIEWS if self.senior else VIEWS[:-1]

    def said(self, view: str) -> int | str | None:
        """The figure of a view as people read it, with a plus beyond what is counted; None for one that has none."""
        number: int | None = self.open if view == "all" else getattr(self, view, None)
        many = view in UP_TO_MANY and number is not None and number > MANY
        return f"{MANY}+" if many else number

    def hot(self, view: str) -> bool:
        """Whether something in this view can't wait."""
        return view in HOT and bool(self.said(view))
