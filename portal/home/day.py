"""What one person's day holds, gathered from the slices."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from portal import aftersales, appeals, messages, review
from portal.text import part_of_day

SHOWN = 8


@dataclass(frozen=True)
class ToDo:
    """One thing that waits for the merchant, with the page to do it."""

    kind: str
    row: Any

    @property
    def due_at(self) -> datetime:
        """Until when."""
        at: datetime = aftersales.due_of(self.row) if self.kind == "aftersale" else self.row.due_at
        return at


def of_shop(shop_id: int, at: datetime) -> dict[str, Any]:
    """What the shop must do, the most urgent first; what happened lately; and the totals."""
    todo = [ToDo("to_appeal", row) for row in appeals.to_appeal(shop_id, at).rows]
    todo += [ToDo("needs_evidence", row) for row in appeals.needing_evidence(shop_id, at).rows]
    todo += [ToDo("aftersale", row) for row in aftersales.waiting(shop_id)]
    todo.sort(key=lambda one: one.due_at)
    totals = appeals.totals(shop_id)
    return {
        "todo": todo[:SHOWN],
        "waiting": totals["to_appeal"] + totals["needs_evidence"] + aftersales.how_many_wait(shop_id),
        "once": appeals.once(shop_id, at),
        "totals": totals,
        "aftersales": aftersales.totals(shop_id),
        "latest": messages.latest(messages.to_shop(shop_id), limit=5),
        "greeting": part_of_day(at),
    }


def of_staff(person_id: int, at: datetime) -> dict[str, Any]:
    """What the reviewer holds and what the queue looks like."""
    mine: Sequence[Any] = review.mine(person_id, at)
    return {"mine": mine, "counts": review.my_counts(at), "greeting": part_of_day(at)}
