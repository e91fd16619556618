"""The outline of a PDF: not its pages, which only a reader knows, but whether it is whole and open to read."""

import re

from portal.evidence.inspect.anatomy import Anatomy, Bytes
from portal.evidence.refused import UploadRefused

_HEADER = re.compile(rb"%PDF-[12]\.\d")
_POINTER = re.compile(rb"startxref\s+(\d{1,10})\s+%%EOF")
_OBJECT = re.compile(rb"\d+\s+\d+\s+obj\b")
_LOCKED = re.compile(rb"/Encrypt\s*(?:<<|\d+\s+\d+\s+R)")
_PROGRAM = re.compile(rb"/(?:JavaScript|Launch)\b")
_EDGE = 1024


def anatomy(content: Bytes) -> Anatomy:
    """Header at the first byte, end mark within the last kilobyte, a table of objects where the end mark says."""
    if _HEADER.match(content) is None:
        raise UploadRefused("damaged")
    end = content.rfind(b"%%EOF", max(0, len(content) - _EDGE))
    if end < 0:
        raise UploadRefused("cut_short")
    _refuse_without_objects(content, end)
    if _LOCKED.search(content):
        raise UploadRefused("locked_pdf")
    if _PROGRAM.search(content):
        raise UploadRefused("program_in_pdf")
    return Anatomy(end=end + 5, open_spans=[(0, min(_EDGE, end))])


def _refuse_without_objects(content: Bytes, end: int) -> None:
    pointer = _POINTER.search(content, max(0, end - _EDGE))
    if pointer is None or int(pointer[1]) >= end or _OBJECT.search(content) is None:
        raise UploadRefused("damaged")
