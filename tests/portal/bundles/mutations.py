"""Ways to spoil a ZIP, each with the name that must be said of it."""

import random
import zlib
from collections.abc import Callable, Iterator
from itertools import chain

from portal.bundles import archive
from portal.bundles.archive import Entry, Found

Spoilt = tuple[bytes, str]
"""The bytes, and what the fault must name."""
THE_END = "the end of the ZIP"


class Spoiler:
    """Spoils one whole ZIP again and again, by chance."""

    def __init__(self, whole: bytes, seed: int) -> None:
        self.whole, self.chance = whole, random.Random(seed)
        self.found = archive.scan(memoryview(whole))
        self.regions = list(self._regions())

    def _regions(self) -> Iterator[tuple[int, int, str]]:
        """Every byte of the ZIP belongs to one: an entry, its line in the directory, or the end."""
        for one in self.found:
            yield one.start, one.begin, one.entry.path
            yield one.begin, one.end, one.entry.path
        position = self.found[-1].end
        for path, record in archive.records([one.entry for one in self.found]):
            yield position, position + len(record), path or THE_END
            position += len(record)
        assert position == len(self.whole)

    def any(self) -> Spoilt:
        """One of the ways."""
        ways: list[Callable[[], Spoilt]] = [self.flip, self.flip, self.cut, self.cut_off, self.remove, self.rename]
        return self.chance.choice(ways)()

    def flip(self) -> Spoilt:
        """One bit somewhere; headers and directory as often as contents."""
        start, end, name = self.chance.choice(self.regions)
        place, bit = self.chance.randrange(start, end), 1 << self.chance.randrange(8)
        return self.whole[:place] + bytes([self.whole[place] ^ bit]) + self.whole[place + 1 :], name

    def cut(self) -> Spoilt:
        """Some bytes out of the middle; what is gone begins where the first byte is another."""
        start, end, _name = self.chance.choice(self.regions)
        place = self.chance.randrange(start, end)
        made = self.whole[:place] + self.whole[place + self.chance.randint(1, 300) :]
        while made[place : place + 1] == self.whole[place : place + 1]:
            place += 1
        return made, next(name for start, end, name in self.regions if start <= place < end)

    def cut_off(self) -> Spoilt:
        """Everything from some place on."""
        start, end, name = self.chance.choice(self.regions)
        place = self.chance.randrange(max(start, 1), end) if end > 1 else 1
        return self.whole[:place], name

    def remove(self) -> Spoilt:
        """A whole entry, in a ZIP that is otherwise as it should be."""
        gone = self.chance.choice(self.found)
        return self.rewritten(lambda one: None if one is gone else (one.entry.path, one.content(self.view))), (
            gone.entry.path
        )

    def rename(self) -> Spoilt:
        """An entry under another name, in a ZIP that is otherwise as it should be."""
        chosen = self.chance.choice(self.found)
        other = f"{chosen.entry.path}{self.chance.choice('abcxyz')}"
        made = self.rewritten(lambda one: (other if one is chosen else one.entry.path, one.content(self.view)))
        return made, chosen.entry.path

    @property
    def view(self) -> memoryview:
        """The whole ZIP."""
        return memoryview(self.whole)

    def rewritten(self, how: Callable[[Found], tuple[str, memoryview] | None], *more: tuple[str, bytes]) -> bytes:
        """The ZIP made anew from what `how` leaves of each entry, and what is added."""
        parts = [(path, bytes(content)) for one in self.found if (kept := how(one)) for path, content in [kept]]
        entries = sorted(chain(parts, more), key=lambda part: archive.place(part[0]))
        return b"".join(
            archive.written((Entry(path, len(content), zlib.crc32(content)), [content]) for path, content in entries)
        )
