"""From bytes to text, and what is none. Pure."""

from collections.abc import Sequence
from contextlib import suppress

from portal.incoming.faults import BadSheetError

BYTE_ORDER_MARK = "\ufeff"


def decoded(content: bytes, known: Sequence[str]) -> str:
    """The text of a file with these columns, in UTF-8 or GB18030; raises `BadSheetError` if it is none.

    A zero byte below the first line of one of ours is left to its row, which says where it stands.
    """
    for encoding in ("utf-8-sig", "gb18030"):
        with suppress(UnicodeDecodeError):
            text = content.decode(encoding).lstrip(BYTE_ORDER_MARK)
            if "\0" not in text or _begins_well(text, known):
                return text
    raise BadSheetError("not_text")


def _begins_well(text: str, known: Sequence[str]) -> bool:
    first = text.lstrip().partition("\n")[0].lower()
    return "\0" not in first and (first[:1] in ("[", "{") or any(name in first for name in known))
