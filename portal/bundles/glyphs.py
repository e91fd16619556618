"""Which characters the font of the record can show; anything else is written as its number. Pure.

PDF/A refuses a text with a character that its fonts lack, and a character that nobody sees may turn a sentence round.
The exact text stands in record.json.
"""

import struct
import unicodedata
from functools import cache
from pathlib import Path

LINE_BREAKS = "\n"
UNSEEN = frozenset({"Cc", "Cf", "Cs", "Co", "Cn"})
WHOLE_UNICODE = 12


def shown(text: str, font: Path) -> str:
    """The text with every character that the font lacks, or that can't be seen, as `[U+1F600]`."""
    known = covered(font)
    return "".join(c if c in LINE_BREAKS or c in known else f"[U+{ord(c):04X}]" for c in text.replace("\r\n", "\n"))


@cache
def covered(font: Path) -> frozenset[str]:
    """The characters for which an OpenType font has a glyph, less those that can't be seen."""
    table = _table(font.read_bytes(), b"cmap")
    characters: set[str] = set()
    for number in range(struct.unpack_from(">H", table, 2)[0]):
        (offset,) = struct.unpack_from(">I", table, 4 + 8 * number + 4)
        if struct.unpack_from(">H", table, offset)[0] == WHOLE_UNICODE:
            characters |= _groups(table, offset)
    if not characters:
        raise ValueError(f"{font.name} has no table of all its characters")
    return frozenset(c for c in characters if unicodedata.category(c) not in UNSEEN)


def _table(font: bytes, tag: bytes) -> bytes:
    for number in range(struct.unpack_from(">H", font, 4)[0]):
        name, _sum, offset, length = struct.unpack_from(">4s3I", font, 12 + 16 * number)
        if name == tag:
            return font[offset : offset + length]
    raise ValueError("no such table in the font")


def _groups(table: bytes, offset: int) -> set[str]:
    characters: set[str] = set()
    for number in range(struct.unpack_from(">I", table, offset + 12)[0]):
        first, last, glyph = struct.unpack_from(">3I", table, offset + 16 + 12 * number)
        characters.update(map(chr, range(first + (glyph == 0), last + 1)))
    return characters
