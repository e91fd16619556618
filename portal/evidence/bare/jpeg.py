"""The segments of a JPEG that make the picture, and no others; nothing is compressed anew."""

import re
from collections.abc import Iterator

from portal.evidence.bare.exif import orientation
from portal.evidence.bare.odd import OddError

_NEXT_MARKER = re.compile(rb"\xff+[^\x00\xff\xd0-\xd7]")
_START, _SCAN, _END = b"\xff\xd8", 0xDA, 0xD9
_JFIF, _APP1, _ICC, _ADOBE, _COMMENT = 0xE0, 0xE1, 0xE2, 0xEE, 0xFE
_APPLICATION = range(0xE0, 0xF0)
_ALONE = frozenset({0x01, 0xD8, *range(0xD0, 0xD8)})
_Segment = tuple[int, int, int]
"""Its marker, where its content starts, after the two bytes of its length, and where it ends."""


def jpeg(content: bytes) -> bytes:
    """Only what a decoder needs, up to the end mark: what phones append is gone, a film among it."""
    kept, turned = [_START], b""
    for marker, start, end in _segments(content):
        if marker == _APP1 and not turned and content[start : start + 6] == b"Exif\0\0":
            turned = orientation(content[start + 6 : end])
            kept.append(_segment(marker, b"Exif\0\0" + turned) if turned else b"")
        elif marker == _SCAN:
            after = _after_scan(content, end)
            kept += [_segment(marker, content[start:end]), content[end:after]]
        else:
            kept.append(_needed(marker, content[start:end]))
    return b"".join((*kept, b"\xff\xd9"))


def blank_segments(buffer: bytearray, at: int, end: int) -> None:
    """Overwrite the metadata of the JPEG that lies here in something larger, where every byte must keep its place."""
    try:
        for marker, start, stop in _segments(buffer, at, end):
            if marker == _SCAN:
                return
            if not _needed(marker, bytes(buffer[start:stop])):
                buffer[start:stop] = bytes(stop - start)
    except OddError:
        return


def _segments(content: bytes | bytearray, at: int = 0, end: int | None = None) -> Iterator[_Segment]:
    """Up to the end mark; after a scan it goes on at the next marker. Raises `OddError` when there is none."""
    end = len(content) if end is None else end
    at += len(_START)
    while True:
        match = _NEXT_MARKER.match(content, at, end)
        if match is None:
            raise OddError
        marker, start = content[match.end() - 1], match.end()
        if marker == _END:
            return
        at = start
        if marker in _ALONE:
            continue
        length = int.from_bytes(content[start : start + 2], "big")
        at = start + length
        if length < 2 or at > end:
            raise OddError
        yield marker, start + 2, at
        if marker == _SCAN:
            at = _after_scan(content, at)


def _after_scan(content: bytes | bytearray, at: int) -> int:
    match = _NEXT_MARKER.search(content, at)
    if match is None:
        raise OddError
    return match.start()


def _needed(marker: int, payload: bytes) -> bytes:
    """The segment as it stays; empty if it goes. A thumbnail in its head goes, as it may show what was cut away."""
    if marker == _JFIF and payload[:5] == b"JFIF\0":
        return _segment(marker, payload[:12].ljust(12, b"\0") + b"\0\0")
    foreign = marker == _COMMENT or marker in _APPLICATION
    if marker == _ICC and payload[:12] == b"ICC_PROFILE\0":
        foreign = False
    if marker == _ADOBE and payload[:5] == b"Adobe":
        foreign = False
    return b"" if foreign else _segment(marker, payload)


def _segment(marker: int, payload: bytes) -> bytes:
    return bytes((0xFF, marker)) + (len(payload) + 2).to_bytes(2, "big") + payload
