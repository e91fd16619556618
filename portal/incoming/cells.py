"""What a cell may say, whatever the file is about. Pure."""

import re
import unicodedata
from collections.abc import Callable, Collection, Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TypeVar
from zoneinfo import ZoneInfo

from babel.numbers import get_currency_precision, list_currencies

from portal.incoming.faults import BadCellError, Fault, shown
from portal.incoming.sheets import Cell, Record

MAX_AMOUNT = 999_999_999
LONGEST_NUMBER = 64
YEARS = range(2000, 2100)

THOUSANDS = re.compile(r"\d{1,3}(?:[,，]\d{3})+(?:\.\d{1,2})?", re.ASCII)
WIDE = str.maketrans("０１２３４５６７８９．", "0123456789.")
AROUND, COMMAS = str.maketrans("", "", " ¥￥"), str.maketrans("", "", ",，")
AMOUNT = re.compile(r"\d{1,7}(\.\d{1,2})?", re.ASCII)
WHOLE = re.compile(r"\d{1,4}", re.ASCII)
WORD = re.compile(r"[a-z0-9][a-z0-9_.-]*", re.ASCII)
MOMENT = re.compile(
    r"(\d{4})[-/](\d{1,2})[-/](\d{1,2})[T ](\d{1,2}):(\d{2})(?::(\d{2})(?:\.\d{1,6})?)? ?(Z|[+-]\d{2}:?\d{2})?",
    re.ASCII,
)

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Column:
    """One column: its name, and whether every row must fill it."""

    name: str
    required: bool = False


class Cells:
    """The cells of one record; what is wrong with any of them is collected."""

    def __init__(self, record: Record, required: Collection[str]) -> None:
        self.record = record
        self.required = required
        self.faults: list[Fault] = []

    def take(self, name: str, read: Callable[[Cell], T]) -> T | None:
        """What the cell says; None if it is empty or wrong."""
        cell = self.record.cells.get(name, "")
        try:
            if cell != "":
                return read(cell)
            if name in self.required:
                raise BadCellError("missing")
        except BadCellError as why:
            self.fault(name, why.code, why.params)
        return None

    def fault(self, name: str, code: str, params: Mapping[str, object] | None = None) -> None:
        """Note what is wrong with a cell."""
        cell = self.record.cells.get(name, "")
        self.faults.append(Fault(self.record.line, name, shown(cell), code, params or {}))


def named(records: Iterable[Record], column: str) -> list[str]:
    """What the cells of this column name, each once; what no number can be is left to the row, not asked for."""
    found: set[str] = set()
    for record in records:
        with suppress(BadCellError):
            found.add(words(record.cells.get(column, ""), LONGEST_NUMBER))
    return sorted(found)


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
    """The name of the system it comes from."""
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


def typed_amount(typed: str) -> int:
    """An amount as a person types it, as minor units: 80, 80.5, ¥1,280.00; a comma parts thousands and nothing else.

    Digits and points may be full-width, as input methods write them.
    """
    plain = typed.translate(WIDE).translate(AROUND)
    return amount(plain.translate(COMMAS) if THOUSANDS.fullmatch(plain) else plain)


def currency(cell: Cell) -> str:
    """A currency with two decimals."""
    if not isinstance(cell, str) or cell not in list_currencies() or get_currency_precision(cell) != 2:
        raise BadCellError("bad_currency")
    return cell


def whole(cell: object, most: int, code: str) -> int:
    """A whole number from 0 to `most`; refused with this code."""
    if not isinstance(cell, str) or not WHOLE.fullmatch(cell) or int(cell) > most:
        raise BadCellError(code, most=most)
    return int(cell)


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


def past(cell: Cell, zone: ZoneInfo, at: datetime) -> datetime:
    """An instant that is not after `at`."""
    instant = moment(cell, zone)
    if instant > at:
        raise BadCellError("moment_ahead")
    return instant


def one_of(cell: Cell, options: Collection[str], code: str) -> str:
    """One of the words that mean something here; refused with this code, which names them."""
    if not isinstance(cell, str) or cell not in options:
        raise BadCellError(code, allowed=", ".join(options))
    return cell
