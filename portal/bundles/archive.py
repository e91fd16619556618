"""The ZIP of a case file: one way to write it, and a reader that finds every byte that is not written that way. Pure.

Entries are stored, without dates or owners, and in one order: the list and its signature first, so that a file that was
cut off still says what is missing, then all others by their paths. So the same parts are the same bytes everywhere. A
library's ZIP depends on its version, which would make an honest file look altered.
"""

import struct
import zlib
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import TypeAlias

Whole: TypeAlias = memoryview

LOCAL = struct.Struct("<4s5H3I2H")
RECORD = struct.Struct("<4s6H3I5H2I")
END = struct.Struct("<4s4H2IH")
LOCAL_MARK, RECORD_MARK, END_MARK = b"PK\x03\x04", b"PK\x01\x02", b"PK\x05\x06"
VERSION, MADE_BY = 10, 3 << 8 | 20
STORED, NO_FLAGS = 0, 0
MIDNIGHT, DAY_ONE = 0, 1 << 5 | 1
"""1 January 1980, where the time of a ZIP begins."""
A_FILE = 0o100644 << 16
LARGEST = 0xFFFF_FFFF
LONGEST_NAME = 200
FIRST = ("manifest.json", "manifest.sig")


@dataclass(frozen=True, slots=True)
class Entry:
    """What a ZIP says of one of its files."""

    path: str
    size: int
    crc: int


@dataclass(frozen=True, slots=True)
class Found:
    """A file as it lies in a ZIP: its header begins at `start`, its content at `begin`, and ends before `end`."""

    entry: Entry
    start: int
    begin: int
    end: int
    promised_crc: int

    def content(self, whole: Whole) -> Whole:
        """Its bytes."""
        return whole[self.begin : self.end]


def place(path: str) -> tuple[bool, str]:
    """By which entries are put in order."""
    return path not in FIRST, path


def header(entry: Entry) -> bytes:
    """What stands before the content of an entry."""
    name = entry.path.encode("ascii")
    return LOCAL.pack(LOCAL_MARK, *_said(entry, name), 0) + name


def _said(entry: Entry, name: bytes) -> tuple[int, ...]:
    return (VERSION, NO_FLAGS, STORED, MIDNIGHT, DAY_ONE, entry.crc, entry.size, entry.size, len(name))


def records(entries: Sequence[Entry]) -> Iterator[tuple[str, bytes]]:
    """The directory that follows the entries: a record for each, by its path, and the end of the ZIP."""
    offset = length = 0
    for entry in entries:
        name = entry.path.encode("ascii")
        record = RECORD.pack(RECORD_MARK, MADE_BY, *_said(entry, name), 0, 0, 0, 0, A_FILE, offset) + name
        yield entry.path, record
        length += len(record)
        offset += len(header(entry)) + entry.size
    if offset + length > LARGEST or len(entries) > 0xFFFF:
        raise ValueError("more than a plain ZIP can hold")
    yield "", END.pack(END_MARK, 0, 0, len(entries), len(entries), length, offset, 0)


def written(parts: Iterable[tuple[Entry, Iterable[bytes]]]) -> Iterator[bytes]:
    """The bytes of the ZIP of these parts, which come in the order of their places."""
    entries = []
    for entry, content in parts:
        entries.append(entry)
        yield header(entry)
        yield from content
    if any(place(one.path) >= place(other.path) for one, other in pairwise(entries)):
        raise ValueError("entries must come in the order of their places, each once")
    yield from (record for _path, record in records(entries))


class BrokenError(Exception):
    """The ZIP can't be read on from some place; says what is there and what is wrong, and has what came before."""

    def __init__(self, what: str, found: "Sequence[Found]") -> None:
        super().__init__(what)
        self.found = list(found)


def scan(whole: Whole) -> list[Found]:
    """The entries in the order they lie there, read one after the other; raises `BrokenError` where that ends early."""
    found: list[Found] = []
    position = 0
    while bytes(whole[position : position + 4]) == LOCAL_MARK:
        one = _entry(whole, position)
        if one is None:
            raise BrokenError(f"{_named(whole, position, found)}: is cut short, or its header was changed", found)
        found.append(one)
        position = one.end
    if bytes(whole[position : position + 4]) != RECORD_MARK:
        last = found[-1] if found else None
        if last and last.entry.crc != last.promised_crc:
            raise BrokenError(
                f"{_named(whole, last.start, found[:-1])}: its length or its header was changed", found[:-1]
            )
        raise BrokenError(f"{_named(whole, position, found)}: does not begin where it must", found)
    return found


def _entry(whole: Whole, start: int) -> Found | None:
    if start + LOCAL.size > len(whole):
        return None
    fields = LOCAL.unpack_from(whole, start)
    crc, size, name, extra = fields[6], fields[7], fields[9], fields[10]
    begin = start + LOCAL.size + name + extra
    if begin + size > len(whole):
        return None
    path = _text(whole[start + LOCAL.size : start + LOCAL.size + name])
    entry = Entry(path, size, zlib.crc32(whole[begin : begin + size]))
    return Found(entry, start, begin, begin + size, crc)


def _text(name: Whole) -> str:
    return bytes(name).decode("ascii", "backslashreplace")


def _named(whole: Whole, position: int, found: Sequence[Found]) -> str:
    """What the entry at this place is called: in the directory, else in its own header, else after which it comes."""
    if listed := _listed(whole).get(position):
        return listed
    if bytes(whole[position : position + 4]) == LOCAL_MARK and position + LOCAL.size <= len(whole):
        begin = position + LOCAL.size
        end = begin + LOCAL.unpack_from(whole, position)[9]
        if end <= min(len(whole), begin + LONGEST_NAME):
            return _text(whole[begin:end])
    return f"what follows {found[-1].entry.path}" if found else "the beginning of the file"


def _listed(whole: Whole) -> dict[int, str]:
    """The paths that the directory at the end gives, by where each entry begins."""
    names: dict[int, str] = {}
    if len(whole) < END.size:
        return names
    *_, length, _offset, _comment = END.unpack_from(whole, len(whole) - END.size)
    position = len(whole) - END.size - length
    while position >= 0 and position + RECORD.size <= len(whole) - END.size:
        fields = RECORD.unpack_from(whole, position)
        if fields[0] != RECORD_MARK:
            break
        begin = position + RECORD.size
        names[fields[-1]] = _text(whole[begin : begin + fields[10]])
        position = begin + fields[10]
    return names


def first_difference(whole: Whole, found: Sequence[Found]) -> str | None:
    """The first place where the ZIP is not what its own parts are written as; None if it is the same bytes."""
    for one in found:
        if bytes(whole[one.start : one.begin]) != header(one.entry):
            return f"{one.entry.path}: its header in the ZIP was changed"
    position = found[-1].end if found else 0
    for path, record in records([one.entry for one in found]):
        if bytes(whole[position : position + len(record)]) != record:
            what = "its line in the directory of the ZIP" if path else "the record that ends it"
            return f"{path or 'the end of the ZIP'}: {what} was changed"
        position += len(record)
    if position != len(whole):
        return f"the end of the ZIP: {len(whole) - position} bytes follow that do not belong to it"
    return None
