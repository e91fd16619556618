"""Reading a file: both formats, every encoding, and what can't be read as a whole."""

import json
from decimal import Decimal

import pytest

from portal.incoming import MAX_ROWS, BadSheetError, read, sheets, shown
from portal.penalties import COLUMNS
from portal.penalties.incoming import read_rows
from portal.penalties.incoming.directory import Directory
from tests.conftest import NOON
from tests.portal.penalties.sheets import a_csv, a_row

KNOWN = [column.name for column in COLUMNS]
REQUIRED = [column.name for column in COLUMNS if column.required]
ROWS = [a_row(1, "S-1"), a_row(2, "S-1", facts="他说：“没有”，\n于是退款。")]


def records(content: bytes) -> list[sheets.Record]:
    return read(content, known=KNOWN, required=REQUIRED)


def refusal(content: bytes) -> str:
    with pytest.raises(BadSheetError) as why:
        records(content)
    return why.value.code


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030"])
@pytest.mark.parametrize("newline", ["\n", "\r\n"])
def test_a_csv_reads_the_same_in_every_encoding(encoding: str, newline: str) -> None:
    found = records(a_csv(ROWS, encoding, newline))
    assert [record.cells["external_id"] for record in found] == ["PN-000001", "PN-000002"]
    assert found[0].cells == ROWS[0]
    assert [record.line for record in found] == [2, 3]


@pytest.mark.parametrize("delimiter", [";", "\t"])
def test_other_delimiters_are_understood(delimiter: str) -> None:
    head = delimiter.join(REQUIRED)
    found = records(f"{head}\nPN-1{delimiter}S-1{delimiter}LATE_SHIPMENT{delimiter}a, b\n".encode())
    assert found[0].cells["facts"] == "a, b"


def test_a_row_is_named_by_the_line_it_begins_on() -> None:
    rows = [a_row(1, "S-1", facts="a\nb\nc"), a_row(2, "S-1")]
    assert [record.line for record in records(a_csv(rows, newline="\n"))] == [2, 5]


def test_json_reads_like_csv() -> None:
    content = json.dumps(ROWS, ensure_ascii=False, indent=1).encode()
    found = records(content)
    assert [record.cells for record in found] == ROWS
    assert [record.line for record in found] == [2, 12]


def test_entries_of_json_on_one_line_are_told_apart_by_their_number() -> None:
    found = records(b'[{"facts": "a"}, 7, {"facts": "b"},\n{"facts": "c"}]\n')
    assert [record.line for record in found] == [1, 2, 3, 4]
    assert found[1].fault is not None
    assert found[1].fault.line == 2


def test_numbers_of_json_keep_their_decimals() -> None:
    found = records(b'[{"external_id": 7, "amount": 10.10, "points": 3, "order_no": null, "automated": true}]')
    assert found[0].cells == {"external_id": "7", "amount": "10.10", "points": "3", "order_no": "", "automated": "true"}
    assert str(Decimal("10.10")) == "10.10"


def test_blank_lines_and_blank_cells_at_the_end_are_passed_over() -> None:
    head = ",".join(REQUIRED)
    found = records(f"{head},, \n".encode() + b"PN-1,S-1,LATE_SHIPMENT,x,,\n\n , \nPN-2,S-1,LATE_SHIPMENT,x\n")
    assert [record.fault for record in found] == [None, None]
    assert list(found[0].cells) == REQUIRED


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030"])
def test_marks_of_the_byte_order_are_no_part_of_a_name(encoding: str) -> None:
    marked = f"\ufeff{a_csv(ROWS).decode()}".encode(encoding)
    assert [record.cells for record in records(marked)] == ROWS
    assert [record.cells for record in records(f"\ufeff{json.dumps(ROWS)}".encode(encoding))] == ROWS


def test_a_cell_that_is_far_too_long_spoils_its_row_alone() -> None:
    head = ",".join(REQUIRED).encode()
    found = records(head + b"\nPN-1,S-1,LATE_SHIPMENT," + b"x" * 200_000 + b"\nPN-2,S-1,LATE_SHIPMENT,x\n")
    assert [len(str(record.cells["facts"])) for record in found] == [200_000, 1]
    charged, faults = read_rows(found, Directory(NOON))
    assert charged == []
    assert (faults[1].line, faults[1].code, faults[1].params["most"]) == (2, "too_long", 5000)


def test_a_line_with_too_few_or_too_many_cells_is_its_own_fault() -> None:
    head = ",".join(REQUIRED)
    found = records(f"{head}\nPN-1,S-1\nPN-2,S-1,LATE_SHIPMENT,x\nPN-3,S-1,LATE_SHIPMENT,x,y\n".encode())
    assert [record.fault.code if record.fault else "" for record in found] == [
        "cells_miscounted",
        "",
        "cells_miscounted",
    ]


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"", "no_rows"),
        (b"[]", "no_rows"),
        (",".join(REQUIRED).encode(), "no_rows"),
        (b"external_id,facts\nx,y\n", "column_missing"),
        (b"external_id,amout\nx,y\n", "unknown_column"),
        (b"facts,facts\nx,y\n", "column_twice"),
        (b'[{"amout": 1}]', "unknown_column"),
        (b'{"external_id": 1}', "json_not_a_list"),
        (b'[{"facts": 1},', "json_broken"),
        (b'[{"facts": 1} {"facts": 2}]', "json_broken"),
        (b'[{"facts": NaN}]', "json_broken"),
        (b'[{"facts": 1}] [{"facts": 2}]', "json_broken"),
        (b'[{"facts": 1}]\n}', "json_broken"),
        (b'[{"facts": 1, "facts": 2}]', "key_twice"),
        (b"[" * 100_000, "json_broken"),
        (b'[{"amount": ' + b"9" * 10_000 + b"}]", "json_broken"),
        (",".join(REQUIRED).encode() + b'\nPN-1,S-1,LATE_SHIPMENT,"x\n', "csv_broken"),
        (",".join(REQUIRED).encode() + b'\nPN-1,S-1,LATE_SHIPMENT,"x"y\n', "csv_broken"),
        (",".join(REQUIRED).encode() + b'\nPN-1,S-1,LATE_SHIPMENT,"' + b"x" * 200_000 + b"\n", "csv_broken"),
        (bytes(range(256)) * 4, "not_text"),
        ("external_id".encode("utf-16"), "not_text"),
        (b"\x89PNG\r\n\x1a\n\x00\x00", "not_text"),
    ],
)
def test_a_file_that_cannot_be_used_says_why(content: bytes, code: str) -> None:
    assert refusal(content) == code


def test_limits_on_bytes_and_rows(monkeypatch: pytest.MonkeyPatch) -> None:
    head = ",".join(REQUIRED).encode() + b"\n"
    line = b"PN-1,S-1,LATE_SHIPMENT,x\n"
    assert len(records(head + line * MAX_ROWS)) == MAX_ROWS
    assert refusal(head + line * (MAX_ROWS + 1)) == "too_many_rows"
    monkeypatch.setattr(sheets, "MAX_BYTES", 100)
    assert refusal(head + line * 5) == "file_too_large"


def test_an_entry_that_is_no_object_is_a_fault_of_its_line() -> None:
    found = records(b'[\n{"external_id": "1"},\n7]')
    assert [(record.line, record.fault.code if record.fault else "") for record in found] == [
        (2, ""),
        (3, "not_an_object"),
    ]


@pytest.mark.parametrize("encoding", ["utf-8", "gb18030"])
def test_a_zero_byte_is_a_fault_of_its_row_alone(encoding: str) -> None:
    content = a_csv([a_row(1, "S-1"), a_row(2, "S-1", facts="没有\0揽收"), a_row(3, "S-1")], encoding)
    found = records(content)
    assert [str(record.cells["facts"]).count("\0") for record in found] == [0, 1, 0]
    faults = [fault for fault in read_rows(found, Directory(NOON))[1] if fault.column == "facts"]
    assert [(fault.line, fault.code, fault.value) for fault in faults] == [(3, "control_characters", "没有�揽收")]


def test_a_zero_byte_in_json_is_named_by_the_line_of_its_entry() -> None:
    with pytest.raises(BadSheetError) as why:
        records(b'[\n{"facts": "a"},\n{"facts": "b\0"}\n]')
    assert (why.value.code, why.value.params) == ("json_broken", {"line": 3})


@pytest.mark.parametrize(
    "content", [b'[{"\x1b[31m": 1}]', b"facts,\x1b[31m\nx,y\n", b'[{"\x1b[31m": 1, "\x1b[31m": 1}]']
)
def test_a_name_that_nobody_knows_is_shown_like_a_cell(content: bytes) -> None:
    with pytest.raises(BadSheetError) as why:
        records(content.replace(b"\x1b", b"\\u001b") if content[:1] == b"[" else content)
    assert why.value.params["name"] == "�[31m"


@pytest.mark.parametrize(
    ("cell", "text"),
    [
        ({"kind": "fine", "note": "禁言", "days": None}, '{"kind": "fine", "note": "禁言", "days": null}'),
        ([True, False, 7, Decimal("1.5"), "x"], '[true, false, 7, 1.5, "x"]'),
        ([], "[]"),
    ],
)
def test_what_is_no_text_is_shown_as_json_has_it(cell: object, text: str) -> None:
    assert shown(cell) == text


def test_a_cell_is_shown_however_deep_it_goes() -> None:
    deep: list[object] = []
    for _ in range(100_000):
        deep = [deep]
    assert shown(deep) == "[" * 80 + "…"


def test_what_is_shown_of_a_cell_is_short_and_harmless() -> None:
    assert shown("\x1b[31mred\n") == "�[31mred�"
    assert len(shown("字" * 500)) == 81
