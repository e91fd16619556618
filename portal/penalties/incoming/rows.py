"""From records to charges: every cell checked, every fault named."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from zoneinfo import ZoneInfo

from portal import incoming
from portal.accounts.models import Shop
from portal.incoming import BadCellError, Cell, Cells, Fault, Record
from portal.penalties import finding
from portal.penalties.drawing import Charge
from portal.penalties.finding import Finding, NoMeasureError
from portal.penalties.incoming import columns
from portal.penalties.incoming.directory import Directory
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


@dataclass(frozen=True, slots=True)
class Row:
    """A row that can be issued, and the line it stands on."""

    line: int
    charge: Charge


def read_rows(records: Iterable[Record], directory: Directory) -> tuple[list[Row], list[Fault]]:
    """The rows that can be issued and everything that is wrong with the others; each external id once.

    The same penalty twice in one file is one; two that differ are a fault of the second.
    """
    rows: dict[tuple[str, str], Row] = {}
    faults: list[Fault] = []
    for record in records:
        cells = Cells(record, REQUIRED)
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
    found = _finding(cells, directory, ZoneInfo(shop.zone) if shop else ZoneInfo("UTC"))
    rule = cells.take("rule_code", partial(_rule, directory, shop, found.notified_at))
    if cells.faults or shop is None or rule is None:
        return None
    try:
        finding.measures(found, rule)
    except NoMeasureError as why:
        cells.fault(MEASURE_COLUMNS[why.code], why.code, {"rule": rule.code})
        return None
    return Charge(shop, found)


def _finding(cells: Cells, directory: Directory, zone: ZoneInfo) -> Finding:
    short = partial(incoming.words, longest=64)
    return Finding(
        external_id=cells.take("external_id", short) or "",
        rule_code=str(cells.record.cells.get("rule_code", "")),
        facts=cells.take("facts", partial(incoming.words, longest=LONGEST_FACTS, lines=True)) or "",
        source=cells.take("source", incoming.source) or "import",
        order_no=cells.take("order_no", short),
        concerns=cells.take("concerns", partial(incoming.words, longest=200)) or "",
        amount_minor=cells.take("amount", incoming.amount) or 0,
        currency=cells.take("currency", incoming.currency) or "CNY",
        points=cells.take("points", columns.points),
        sanctions=cells.take("measures", columns.measures) or (),
        notified_at=cells.take("notified_at", partial(incoming.past, zone=zone, at=directory.at)),
        effective_at=cells.take("effective_at", partial(incoming.moment, zone=zone)),
        automated=cells.take("automated", columns.automated) or "none",
        issuer_id=cells.take("issuer", partial(_issuer, directory)),
    )


def _shop(directory: Directory, cell: Cell) -> Shop:
    shop = directory.shops.get(cell) if isinstance(cell, str) else None
    if shop is None:
        raise BadCellError("unknown_shop")
    return shop


def _rule(directory: Directory, shop: Shop | None, notified_at: datetime | None, cell: Cell) -> Rule | None:
    if shop is None:
        return None
    editions = directory.policies[shop.policy_code]
    edition = editions.binding(cell, notified_at or directory.at) if isinstance(cell, str) else None
    if edition is None:
        raise BadCellError("unknown_rule", allowed=", ".join(editions.rules))
    return edition.rules[str(cell)]


def _issuer(directory: Directory, cell: Cell) -> int:
    key = directory.issuers.get(cell.casefold()) if isinstance(cell, str) else None
    if key is None:
        raise BadCellError("unknown_issuer")
    return key
