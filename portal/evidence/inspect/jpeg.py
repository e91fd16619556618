"""The segments of a JPEG."""

import re

from portal.evidence.inspect.anatomy import Anatomy, Bytes
from portal.evidence.limits import MAX_SCANS
from portal.evidence.refused import UploadRefused

_NEXT_MARKER = re.compile(rb"\xff+[^\x00\xff\xd0-\xd7]")
_START_OF_SCAN, _END = 0xDA, 0xD9
_ALONE = frozenset({0x01, 0xD8, *range(0xD0, 0xD8)})


def anatomy(content: Bytes) -> Anatomy:
    """Walk from segment to segment to the end mark.

    What phones append (a motion photo's film, a gain map) is allowed; what it may not be, `refuse_foreign` knows.
    """
    found, at, scans = Anatomy(end=len(content)), 2, 0
    while True:
        marker, after = _marker(content, at)
        if marker == _END:
            found.end = after
            return found
        if marker in _ALONE:
            at = after
            continue
        at = _after_segment(content, after)
        found.open_spans.append((after, at))
        if marker == _START_OF_SCAN:
            scans += 1
            at = _after_scan(content, at)
        if scans > MAX_SCANS:
            raise UploadRefused("too_many_pixels")


def _marker(content: Bytes, at: int) -> tuple[int, int]:
    match = _NEXT_MARKER.match(content, at)
    if match is None:
        raise UploadRefused("cut_short" if at >= len(content) - 1 else "damaged")
    return content[match.end() - 1], match.end()


def _after_segment(content: Bytes, at: int) -> int:
    length = int.from_bytes(content[at : at + 2], "big")
    if at + max(length, 2) > len(content):
        raise UploadRefused("cut_short")
    if length < 2:
        raise UploadRefused("damaged")
    return at + length


def _after_scan(content: Bytes, at: int) -> int:
    match = _NEXT_MARKER.search(content, at)
    if match is None:
        raise UploadRefused("cut_short")
    return match.start()
