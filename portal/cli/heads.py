"""How far every history goes, as a file to be kept where whoever owns the database can't reach it.

A line a history: its name, the number of its events, and the hash of the last, which covers all of them.
"""

import hashlib
from collections.abc import Iterator, Sequence

from portal import audit
from portal.audit import Head


class BadHeadsError(ValueError):
    """A file that is none of heads; `line` is the first that isn't one."""

    def __init__(self, line: int) -> None:
        super().__init__(line)
        self.line = line


def written(heads: Sequence[Head]) -> bytes:
    """The file of these heads."""
    return "".join(f"{name} {events} {digest}\n" for name, events, digest in heads).encode()


def digest_of(content: bytes) -> str:
    """What to write down of a file of heads: its SHA-256, as `sha256sum` gives it."""
    return hashlib.sha256(content).hexdigest()


def read(content: bytes) -> list[Head]:
    """The heads of a file; raises `BadHeadsError`."""
    found = []
    for number, line in enumerate(content.decode(errors="replace").splitlines(), 1):
        name, events, digest = (*line.split(" "), "", "")[:3]
        if not events.isdecimal() or len(digest) != 64 or len(line.split(" ")) != 3:
            raise BadHeadsError(number)
        found.append((name, int(events), digest))
    if not found:
        raise BadHeadsError(1)
    return found


def faults(kept: Sequence[Head]) -> Iterator[str]:
    """The histories that were cut off or replaced since these heads were kept; that others went on is no fault."""
    for name, events, _digest in audit.absent(kept):
        yield f"{name}: had {events} events when the heads were kept, and does not go through the last of them any more"
