"""A PDF whose Info dictionary, XMP and photographs' EXIF are overwritten where they stand: every offset stays true."""

import re
import zlib
from collections.abc import Iterable, Iterator

from portal.evidence.bare.jpeg import blank_segments

_INFO = re.compile(rb"/Info\s{1,8}(\d{1,10})\s{1,8}\d{1,5}\s{1,8}R\b")
_OBJECT = re.compile(rb"(?<!\d)(\d{1,10})\s{1,8}\d{1,5}\s{1,8}obj\b")
_REFERENCE = re.compile(rb"(?<!\d)(\d{1,10})\s{1,8}\d{1,5}\s{1,8}R\b")
_STREAM = re.compile(rb">>\s{0,8}stream(?:\r\n|\n|\r)")
_XMP = re.compile(rb"/Type\s{0,8}/Metadata\b|/Subtype\s{0,8}/XML\b")
_PACKED = re.compile(rb"/Type\s{0,8}/ObjStm\b")
_FIRST = re.compile(rb"/First\s{1,8}(\d{1,10})\b")
_PREDICTED = re.compile(rb"/Predictor\b")
_OF_THE_PAGES = re.compile(rb"/Type\s{0,8}/(?:Catalog|Pages?)\b")
_MAX_OBJECTS = 200_000
_MAX_UNPACKED, _COST_OF_A_FAULT = 16 * 1024 * 1024, 1024 * 1024
_Object = tuple[int, int, int]
"""Its number, where its content starts and where it ends."""


def pdf(content: bytes) -> bytes:
    """The same pages without author, programs, dates, XMP and the EXIF of photographs in it."""
    out = bytearray(content)
    infos = {int(match[1]) for match in _INFO.finditer(content)}
    objects = list(_objects(content))
    room = _MAX_UNPACKED
    for _number, start, end in objects:
        room = _bare_stream(out, content, start, end, infos, room)
    _blank(out, objects, infos)
    _blank_packets(out)
    return bytes(out)


def _objects(content: bytes) -> Iterator[_Object]:
    """Those of every revision: what an update replaced is still in the file."""
    at = 0
    for _ in range(_MAX_OBJECTS):
        match = _OBJECT.search(content, at)
        at = content.find(b"endobj", match.end()) if match else -1
        if match is None or at < 0:
            return
        yield int(match[1]), match.end(), at


def _blank(out: bytearray, objects: Iterable[_Object], infos: set[int]) -> None:
    """Empty the Info dictionaries, and the texts that they only point to, as some programs write them."""
    texts: set[int] = set()
    for number, start, end in objects:
        if number in infos:
            found = bytes(out[start:end])
            if _OF_THE_PAGES.search(found) or _STREAM.search(found):
                continue
            texts |= {int(match[1]) for match in _REFERENCE.finditer(found)}
            _spaces(out, start + found.find(b"<<") + 2, start + found.rfind(b">>"))
    for number, start, end in objects if texts else ():
        found = bytes(out[start:end]).strip() if number in texts else b""
        if found[:1] in (b"(", b"<") and found[:2] != b"<<":
            _spaces(out, out.find(found[:1], start) + 1, out.rfind(found[-1:], start, end))


def _bare_stream(out: bytearray, content: bytes, start: int, end: int, infos: set[int], room: int) -> int:
    """Bare the stream of this object, if it has one to bare; gives how much may still be unpacked after it."""
    match = _STREAM.search(content, start, end)
    if match is None:
        return room
    head, at = content[start : match.start()], match.end()
    stop = content.find(b"endstream", at, end)
    stop = end if stop < 0 else stop
    if _XMP.search(head):
        out[at:stop] = _emptied(stop - at, packed=b"/Filter" in head)
    elif content[at : at + 3] == b"\xff\xd8\xff":
        blank_segments(out, at, stop)
    elif _PACKED.search(head) and infos:
        return room - _bare_packed(out, head, at, stop, infos, room)
    return room


def _bare_packed(out: bytearray, head: bytes, at: int, stop: int, infos: set[int], room: int) -> int:
    """Empty what stands in a packed stream of objects and pack it again into the same place; says how much it held."""
    first = _FIRST.search(head)
    if first is None or _PREDICTED.search(head) or b"/FlateDecode" not in head or room <= 0:
        return 0
    try:
        plain = bytearray(zlib.decompressobj().decompress(bytes(out[at:stop]), room))
    except zlib.error:
        return _COST_OF_A_FAULT
    objects, before = _inside(bytes(plain), int(first[1])), bytes(plain)
    _blank(plain, objects, infos)
    if plain != before:
        packed = zlib.compress(plain, 9)
        if len(packed) <= stop - at:
            out[at:stop] = packed.ljust(stop - at, b"\0")
    return len(plain)


def _inside(plain: bytes, first: int) -> list[_Object]:
    """In the order they lie in, so that no two overlap, whatever the list at the head of the stream says."""
    words = plain[:first].split(maxsplit=_MAX_OBJECTS)[:_MAX_OBJECTS]
    numbers = [int(word) for word in words if len(word) <= 10 and word.isdigit()]
    found = sorted((first + offset, number) for number, offset in zip(numbers[::2], numbers[1::2], strict=False))
    ends = [*(start for start, _number in found[1:]), len(plain)]
    return [(number, start, end) for (start, number), end in zip(found, ends, strict=False) if start < end]


def _blank_packets(out: bytearray) -> None:
    """XMP that stands outside a stream of its own, inside a picture for instance."""
    at = 0
    while (start := out.find(b"<?xpacket begin", at)) >= 0 and (at := out.find(b"<?xpacket end", start)) >= 0:
        _spaces(out, start, at)


def _emptied(length: int, *, packed: bool) -> bytes:
    nothing = zlib.compress(b"") if packed else b""
    return nothing.ljust(length, b"\0" if packed else b" ")[:length]


def _spaces(out: bytearray, start: int, end: int) -> None:
    if start < end:
        out[start:end] = b" " * (end - start)
