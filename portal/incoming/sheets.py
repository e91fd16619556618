"""From bytes to records: CSV in UTF-8 or GB18030, or JSON. Pure."""

import csv
import io
import json
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from itertools import pairwise
from typing import Any, NoReturn

from portal.incoming.decoding import decoded
from portal.incoming.faults import BadSheetError, Fault, shown

MAX_BYTES = 20 * 1024 * 1024
MAX_ROWS = 50_000
DELIMITERS = ",;\t"
BLANK = re.compile(r"[ \t\r\n]*")

# Python's own limit of 131,072 characters a cell would lose the file; the row is told what its column allows instead.
csv.field_size_limit(MAX_BYTES)

Cell = str | list[Any] | dict[str, Any]


@dataclass(frozen=True, slots=True)
class Record:
    """One row of the file: the line it begins on, and its cells by column; or what is wrong with the line.

    Each has a line of its own: where JSON has several on one line, they are numbered instead.
    """

    line: int
    cells: dict[str, Cell]
    fault: Fault | None = None


def read(content: bytes, *, known: Sequence[str], required: Sequence[str]) -> list[Record]:
    """The records of a CSV or JSON file, whichever it is; raises `BadSheetError` when it can't be read as a whole.

    A column that nobody knows is refused: it would else be ignored in silence.
    """
    if len(content) > MAX_BYTES:
        raise BadSheetError("file_too_large", megabytes=MAX_BYTES // 1024 // 1024)
    text = decoded(content, known)
    records = _json(text, known) if text.lstrip()[:1] in ("[", "{") else _csv(text, known, required)
    found: list[Record] = []
    for record in records:
        if len(found) == MAX_ROWS:
            raise BadSheetError("too_many_rows", most=MAX_ROWS)
        found.append(record)
    if not found:
        raise BadSheetError("no_rows")
    one_a_line = all(before.line < after.line for before, after in pairwise(found))
    return found if one_a_line else [_numbered(number, record) for number, record in enumerate(found, 1)]


def _numbered(number: int, record: Record) -> Record:
    return replace(record, line=number, fault=record.fault and replace(record.fault, line=number))


def _csv(text: str, known: Sequence[str], required: Sequence[str]) -> Iterator[Record]:
    delimiter = max(DELIMITERS, key=text.partition("\n")[0].count)
    lines = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    header: list[str] = []
    while True:
        line = lines.line_num + 1
        try:
            cells = next(lines, None)
        except csv.Error as why:
            raise BadSheetError("csv_broken", line=line) from why
        if cells is None:
            return
        if not any(cell.strip() for cell in cells):
            continue
        if header:
            yield _record(line, header, cells)
        else:
            header = _header(cells, known, required)


def _header(cells: Sequence[str], known: Sequence[str], required: Sequence[str]) -> list[str]:
    """The names of the columns; a spreadsheet may write empty cells after them."""
    header = [cell.strip().lower() for cell in cells]
    while not header[-1]:
        header.pop()
    for name in header:
        if name not in known:
            raise BadSheetError("unknown_column", name=shown(name), known=", ".join(known))
        if header.count(name) > 1:
            raise BadSheetError("column_twice", name=name)
    for name in required:
        if name not in header:
            raise BadSheetError("column_missing", name=name)
    return header


def _record(line: int, header: Sequence[str], cells: Sequence[str]) -> Record:
    surplus = cells[len(header) :]
    if len(cells) < len(header) or any(cell.strip() for cell in surplus):
        params = {"count": len(cells), "wanted": len(header)}
        return Record(line, {}, Fault(line, "", "", "cells_miscounted", params))
    return Record(line, dict(zip(header, (cell.strip() for cell in cells), strict=False)))


def _json(text: str, known: Sequence[str]) -> Iterator[Record]:
    """One record after the other, so that each has its line and a broken one is named by it."""
    decoder = json.JSONDecoder(parse_float=Decimal, parse_constant=_no_such_number, object_pairs_hook=_object)
    place, line, seen = _skip(text, 0), 1, 0
    if text[place] != "[":
        raise BadSheetError("json_not_a_list")
    place = _skip(text, place + 1)
    while text[place : place + 1] != "]":
        line, seen = line + text.count("\n", seen, place), place
        try:
            entry, place = decoder.raw_decode(text, place)
        except _KeyTwiceError as why:
            raise BadSheetError("key_twice", line=line, name=shown(str(why))) from why
        except (ValueError, RecursionError) as why:
            raise BadSheetError("json_broken", line=line) from why
        yield _entry(line, entry, known)
        place = _skip(text, place)
        if text[place : place + 1] == ",":
            place = _skip(text, place + 1)
        elif text[place : place + 1] != "]":
            raise BadSheetError("json_broken", line=line + text.count("\n", seen, place))
    if _skip(text, place + 1) < len(text):
        raise BadSheetError("json_broken", line=line + text.count("\n", seen, place))


class _KeyTwiceError(ValueError):
    """Names a key that an object has twice: which of them was meant, nobody knows."""


def _skip(text: str, place: int) -> int:
    blank = BLANK.match(text, place)
    return blank.end() if blank else place


def _no_such_number(name: str) -> NoReturn:
    raise ValueError(name)


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for name, value in pairs:
        if name in found:
            raise _KeyTwiceError(name)
        found[name] = value
    return found


def _entry(line: int, entry: object, known: Sequence[str]) -> Record:
    if not isinstance(entry, dict):
        return Record(line, {}, Fault(line, "", "", "not_an_object"))
    for name in entry:
        if name not in known:
            raise BadSheetError("unknown_column", name=shown(name), known=", ".join(known))
    return Record(line, {name: _cell(value) for name, value in entry.items()})


def _cell(value: Any) -> Cell:
    if value is None:
        return ""
    if isinstance(value, bool):
        return str(value).lower()
    return value if isinstance(value, list | dict) else str(value).strip()
