"""From records to charges: every cell checked, every fault named."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import TypeVar
from zoneinfo import ZoneInfo

from portal.accounts.models import Shop
from portal.penalties import finding
from portal.penalties.drawing import Charge
from portal.penalties.finding import Finding, NoMeasureError
from portal.penalties.incoming import columns
from portal.penalties.incoming.directory import Directory
from portal.penalties.incoming.faults import BadCellError, Fault, shown
from portal.penalties.incoming.sheets import Cell, Record
from portal.policies import Rule

REQUIRED = frozenset(column.name for column in columns.COLUMNS if column.required)
MEASURE_COLUMNS = {
    "measures_none": "measures",
    "amount_missing": "amount",
    "amount_without_measure": "amount",
    "points_missing": "points",
    "points_without_measure": "points",
}
LONGEST_FACTS = 5000

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Row:
    """A row that can be issued, and the line it stands on."""

    line: int
    charge: Charge


class Cells:
    """The cells of one record; what is wrong with any of them is collected."""

    def __init__(self, record: Record) -> None:
        self.record = record
        self.faults: list[Fault] = []

    def take(self, name: str, read: Callable[[Cell], T]) -> T | None:
        """What the cell says; None if it is empty or wrong."""
        cell = self.record.cells.get(name, "")
        try:
            if cell != "":
                return read(cell)
            if name in REQUIRED:
                raise BadCellError("missing")
        except BadCellError as why:
            self.fault(name, why.code, why.params)
        return None

    def fault(self, name: str, code: str, params: Mapping[str, object] | None = None) -> None:
        """Note what is wrong with a cell."""
        cell = self.record.cells.get(name, "")
        self.faults.append(Fault(self.record.line, name, shown(cell), code, params or {}))


def read_rows(records: Iterable[Record], directory: Directory) -> tuple[list[Row], list[Fault]]:
    """The rows that can be issued and everything that is wrong with the others; each external id once.

    The same penalty twice in one file is one; two that differ are a fault of the second.
    """
    rows: dict[tuple[str, str], Row] = {}
    faults: list[Fault] = []
    for record in records:
        cells = Cells(record)
        charge = None if record.fault else _charge(cells, directory)
        if charge is None:
            faults += [record.fault] if record.fault else cells.faults
            continue
        first = rows.setdefault(charge.key, Row(record.line, charge))
        if first.line != record.line and first.charge.fingerprint != charge.fingerprint:
            cells.fault("external_id", "twice_in_file", {"line": first.line})
            faults += cells.faults
    return list(rows.values()), faults


def _charge(cells: Cells, directory: Directory) -> Charge | None:
    shop = cells.take("shop_external_id", partial(_shop, directory))
    rule = cells.take("rule_code", partial(_rule, directory, shop))
    found = _finding(cells, directory, ZoneInfo(shop.zone) if shop else ZoneInfo("UTC"))
    if cells.faults or shop is None or rule is None:
        return None
    try:
        finding.measures(found, rule)
    except NoMeasureError as why:
        cells.fault(MEASURE_COLUMNS[why.code], why.code, {"rule": rule.code})
        return None
    return Charge(shop, found)


def _finding(cells: Cells, directory: Directory, zone: ZoneInfo) -> Finding:
    short = partial(columns.words, longest=64)
    return Finding(
        external_id=cells.take("external_id", short) or "",
        rule_code=str(cells.record.cells.get("rule_code", "")),
        facts=cells.take("facts", partial(columns.words, longest=LONGEST_FACTS, lines=True)) or "",
        source=cells.take("source", columns.source) or "import",
        order_no=cells.take("order_no", short),
        concerns=cells.take("concerns", partial(columns.words, longest=200)) or "",
        amount_minor=cells.take("amount", columns.amount) or 0,
        currency=cells.take("currency", columns.currency) or "CNY",
        points=cells.take("points", columns.points),
        sanctions=cells.take("measures", columns.measures) or (),
        notified_at=cells.take("notified_at", partial(_past, directory.at, zone)),
        effective_at=cells.take("effective_at", partial(columns.moment, zone=zone)),
        automated=cells.take("automated", columns.automated) or "none",
        issuer_id=cells.take("issuer", partial(_issuer, directory)),
    )


def _shop(directory: Directory, cell: Cell) -> Shop:
    shop = directory.shops.get(cell) if isinstance(cell, str) else None
    if shop is None:
        raise BadCellError("unknown_shop")
    return shop


def _rule(directory: Directory, shop: Shop | None, cell: Cell) -> Rule | None:
    if shop is None:
        return None
    rules = directory.rules[shop.policy_code]
    if not isinstance(cell, str) or cell not in rules:
        raise BadCellError("unknown_rule", allowed=", ".join(rules))
    return rules[cell]


def _past(at: datetime, zone: ZoneInfo, cell: Cell) -> datetime:
    instant = columns.moment(cell, zone)
    if instant > at:
        raise BadCellError("moment_ahead")
    return instant


def _issuer(directory: Directory, cell: Cell) -> int:
    key = directory.issuers.get(cell.casefold()) if isinstance(cell, str) else None
    if key is None:
        raise BadCellError("unknown_issuer")
    return key
