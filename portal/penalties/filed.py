"""The appeals against a penalty, of which this slice knows no more than what its page shows."""

from collections.abc import Callable, Sequence
from typing import Protocol

from portal.penalties.models import Penalty


class Filed(Protocol):
    """An appeal: where it is to be found, and where it stands."""

    @property
    def ref(self) -> str:
        """Its reference."""

    @property
    def status(self) -> str:
        """Its status, `draft` among them."""

    @property
    def outcome(self) -> str | None:
        """How it ended."""


Find = Callable[[Penalty], Sequence[Filed]]
FINDERS: list[Find] = []


def register_appeals(find: Find) -> None:
    """From now on the page of a penalty shows the appeals that `find` gives for it."""
    FINDERS[:] = [find]


def appeals_against(penalty: Penalty) -> Sequence[Filed]:
    """The appeals against this penalty, the first one first; the last may be a draft."""
    return FINDERS[0](penalty) if FINDERS else ()
