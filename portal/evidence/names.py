"""The name of a file as people see it: theirs, minus what could mislead."""

import re
import unicodedata

from portal.evidence.inspect import EXTENSIONS
from portal.evidence.limits import MAX_NAME

_UNSEEN = frozenset({"Cc", "Cf", "Cs", "Co", "Cn"})
"""Control, format (the right-to-left override among them), surrogate, private and unassigned characters."""
_JOINERS = "\u200c\u200d"
"""Zero-width joiners: Persian, Indian scripts and emoji are spelt with them."""
_BLANKS = re.compile(r"\s+")
_OURS = frozenset(ending for endings in EXTENSIONS.values() for ending in endings)


def shown_name(given: str, media_type: str) -> str:
    """The last part of the path given, cleaned, at most 200 characters, with an ending that fits the content.

    Chinese names stay as they are. `a.html` with a picture in it becomes `a.html.jpg`; `a.png` that is a JPEG, `a.jpg`.
    """
    name = plain(re.split(r"[/\\]", given)[-1])
    stem, ending = _split(name)
    fitting = EXTENSIONS[media_type]
    if ending.lower() in fitting:
        fitted = ending
    else:
        fitted = fitting[0]
        stem = stem if ending.lower() in _OURS else stem + ending
    return (stem.strip(" .") or "file")[: MAX_NAME - len(fitted)] + fitted


def plain(text: str) -> str:
    """The text in composed form without invisible characters, each run of blanks as one."""
    composed = unicodedata.normalize("NFC", _BLANKS.sub(" ", text))
    seen = (c for c in composed if c in _JOINERS or unicodedata.category(c) not in _UNSEEN)
    return "".join(seen).strip()


def _split(name: str) -> tuple[str, str]:
    stem, dot, last = name.rpartition(".")
    return (stem, dot + last) if dot and len(last) < 10 and " " not in last else (name, "")
