"""What the formats have in common: spans of bytes, and the search for what does not belong there."""

import mmap
import re
from dataclasses import dataclass, field

from portal.evidence.refused import UploadRefused

Bytes = mmap.mmap

_WORDS = re.compile(
    rb"<(?:(?:script|html|body|iframe|object)[\s/>]|svg(?:>|\s+[a-z:]+\s*=)|!doctype\s|\?php\s)|__HALT_COMPILER\(",
    re.IGNORECASE,
)
"""Long enough that chance doesn't write one of them into the film that a phone appends to its photo."""
_ARCHIVES = re.compile(rb"PK\x03\x04[\x0a-\x3f]\x00|Rar!\x1a\x07|7z\xbc\xaf\x27\x1c|%PDF-[12]\.")
_PROGRAMS = (b"MZ", b"\x7fELF", b"#!/", b"PK\x03\x04", b"\xcf\xfa\xed\xfe")
_ZIP_TAIL = 65_557
"""A ZIP ends with 22 bytes and at most 65,535 of comment; readers look for it from the end."""


@dataclass(slots=True)
class Anatomy:
    """Where a file of a known format ends by its own account, and where it may carry foreign text."""

    end: int
    open_spans: list[tuple[int, int]] = field(default_factory=list)


def refuse_foreign(content: Bytes, anatomy: Anatomy) -> None:
    """Refuse a file that is a second thing besides: a web page, an archive, a program.

    Picture and sound data are not searched: by chance they contain anything.
    """
    tail = anatomy.end
    foreign = (
        any(_WORDS.search(content, start, stop) for start, stop in anatomy.open_spans)
        or _WORDS.search(content, tail) is not None
        or _ARCHIVES.search(content, tail) is not None
        or content[tail : tail + 8].lstrip(b"\0\r\n").startswith(_PROGRAMS)
        or _ends_as_zip(content)
    )
    if foreign:
        raise UploadRefused("two_in_one")


def _ends_as_zip(content: Bytes) -> bool:
    at = content.rfind(b"PK\x05\x06", max(0, len(content) - _ZIP_TAIL))
    if at < 0 or at + 22 > len(content):
        return False
    directory = at - int.from_bytes(content[at + 12 : at + 16], "little")
    entries = int.from_bytes(content[at + 10 : at + 12], "little")
    return entries == 0 or (directory >= 0 and content[directory : directory + 4] == b"PK\x01\x02")
