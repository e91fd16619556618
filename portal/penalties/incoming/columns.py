"""The columns of the file, and what each cell may say. Pure."""

import re
from typing import Any

from portal import incoming
from portal.incoming import BadCellError, Cell, Column
from portal.penalties.finding import Sanction
from portal.penalties.models import AUTOMATED, MEASURES

MAX_POINTS = 100
MAX_DAYS = 3660
MAX_MEASURES = 10

FIGURE = re.compile(r"[+-]?[\d.,]+")
"""What stands for a number of days, even if it can't be one; anything else are words."""
WITHOUT_DAYS = ("fine", "points", "score_deduction")


COLUMNS = (
    Column("external_id", required=True),
    Column("shop_external_id", required=True),
    Column("rule_code", required=True),
    Column("facts", required=True),
    Column("order_no"),
    Column("concerns"),
    Column("amount"),
    Column("currency"),
    Column("points"),
    Column("measures"),
    Column("notified_at"),
    Column("effective_at"),
    Column("automated"),
    Column("issuer"),
    Column("source"),
)


def points(cell: Cell) -> int:
    """Violation points."""
    return incoming.whole(cell, MAX_POINTS, "bad_points")


def automated(cell: Cell) -> str:
    """Whether a machine found or decided it."""
    return incoming.one_of(cell, AUTOMATED, "bad_automated")


def measures(cell: Cell) -> tuple[Sanction, ...]:
    """The measures: `traffic_limit:7; other:words` in a text; strings like these, or objects, in a list."""
    parts = cell.split(";") if isinstance(cell, str) else cell
    if not isinstance(parts, list) or len(parts) > MAX_MEASURES:
        raise _bad_measures()
    found = tuple(_measure(part) for part in parts if part != "")
    if not found or len({sanction.kind for sanction in found}) != len(found):
        raise _bad_measures()
    return found


def _measure(part: object) -> Sanction:
    if isinstance(part, str):
        kind, _, more = (piece.strip() for piece in part.partition(":"))
        part = {"kind": kind, "days" if FIGURE.fullmatch(more) else "note": more}
    if not isinstance(part, dict) or part.get("kind") not in MEASURES or not set(part) <= {"kind", "days", "note"}:
        raise _bad_measures()
    return Sanction(part["kind"], _days(part), incoming.words(part.get("note") or "", 200))


def _days(part: dict[str, Any]) -> int | None:
    if part.get("days") in (None, ""):
        return None
    if part["kind"] in WITHOUT_DAYS:
        raise BadCellError("days_without_end", kind=part["kind"])
    days = incoming.whole(str(part["days"]), MAX_DAYS, "bad_days")
    if not days:
        raise BadCellError("bad_days", most=MAX_DAYS)
    return days


def _bad_measures() -> BadCellError:
    return BadCellError("bad_measures", allowed=", ".join(MEASURES))
