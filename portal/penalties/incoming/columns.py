"""The columns of the file, and what each cell may say. Pure."""

import re
import unicodedata
from dataclasses import dataclass
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from babel.numbers import get_currency_precision, list_currencies

from portal.penalties.finding import Sanction
from portal.penalties.incoming.faults import BadCellError
from portal.penalties.incoming.sheets import Cell
from portal.penalties.models import AUTOMATED, MEASURES

MAX_AMOUNT = 999_999_999
MAX_POINTS = 100
MAX_DAYS = 3660
MAX_MEASURES = 10
YEARS = range(2000, 2100)

AMOUNT = re.compile(r"\d{1,7}(\.\d{1,2})?", re.ASCII)
WHOLE = re.compile(r"\d{1,4}", re.ASCII)
WORD = re.compile(r"[a-z0-9][a-z0-9_.-]*", re.ASCII)
MOMENT = re.compile(
    r"(\d{4})[-/](\d{1,2})[-/](\d{1,2})[T ](\d{1,2}):(\d{2})(?::(\d{2})(?:\.\d{1,6})?)? ?(Z|[+-]\d{2}:?\d{2})?",
    re.ASCII,
)


@dataclass(frozen=True, slots=True)
class Column:
    """One column: its name, and whether every row must fill it."""

    name: str
    required: bool = False


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


def words(cell: Cell, longest: int, *, lines: bool = False) -> str:
    """A text of at most so many characters; line breaks only if `lines`, other control characters never."""
    if not isinstance(cell, str):
        raise BadCellError("not_a_text")
    if len(cell) > longest:
        raise BadCellError("too_long", most=longest, length=len(cell))
    text = cell.replace("\r\n", "\n") if lines else cell
    if any(unicodedata.category(c) in ("Cc", "Cs") and not (lines and c in "\n\t") for c in text):
        raise BadCellError("control_characters")
    return text


def source(cell: Cell) -> str:
    """The name of the system the penalties come from."""
    text = words(cell, 32)
    if not WORD.fullmatch(text):
        raise BadCellError("bad_source")
    return text


def amount(cell: Cell) -> int:
    """An amount in currency units, as minor units."""
    if not isinstance(cell, str) or not AMOUNT.fullmatch(cell):
        raise BadCellError("bad_amount")
    units, _, decimals = cell.partition(".")
    return int(units) * 100 + int(decimals.ljust(2, "0"))


def currency(cell: Cell) -> str:
    """A currency with two decimals."""
    if not isinstance(cell, str) or cell not in list_currencies() or get_currency_precision(cell) != 2:
        raise BadCellError("bad_currency")
    return cell


def points(cell: Cell) -> int:
    """Violation points."""
    return _whole(cell, MAX_POINTS, "bad_points")


def _whole(cell: object, most: int, code: str) -> int:
    if not isinstance(cell, str) or not WHOLE.fullmatch(cell) or int(cell) > most:
        raise BadCellError(code, most=most)
    return int(cell)


def automated(cell: Cell) -> str:
    """Whether a machine found or decided it."""
    if cell not in AUTOMATED:
        raise BadCellError("bad_automated", allowed=", ".join(AUTOMATED))
    return str(cell)


def moment(cell: Cell, zone: ZoneInfo) -> datetime:
    """An instant: with an offset, or as the wall clock of the shop's zone shows it.

    Of a wall time that comes twice, the later one counts, which favours the shop; one that is skipped is refused.
    """
    match = MOMENT.fullmatch(cell) if isinstance(cell, str) else None
    if match is None or int(match[1]) not in YEARS:
        raise BadCellError("bad_moment")
    year, month, day, hour, minute, second = (int(part or 0) for part in match.groups()[:6])
    try:
        wall = datetime(year, month, day, hour, minute, second)  # noqa: DTZ001 - its zone is in the next line
        if match[7]:
            return datetime.fromisoformat(f"{wall.isoformat()}{match[7]}").astimezone(UTC)
    except ValueError as why:
        raise BadCellError("bad_moment") from why
    here = wall.replace(tzinfo=zone, fold=1)
    if here.astimezone(UTC).astimezone(zone).replace(tzinfo=None) != wall:
        raise BadCellError("moment_skipped", zone=zone.key)
    return here.astimezone(UTC)


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
        part = {"kind": kind, "days" if WHOLE.fullmatch(more) else "note": more}
    if not isinstance(part, dict) or part.get("kind") not in MEASURES or not set(part) <= {"kind", "days", "note"}:
        raise _bad_measures()
    days = _whole(str(part["days"]), MAX_DAYS, "bad_days") if part.get("days") else None
    return Sanction(part["kind"], days, words(part.get("note") or "", 200))


def _bad_measures() -> BadCellError:
    return BadCellError("bad_measures", allowed=", ".join(MEASURES))
