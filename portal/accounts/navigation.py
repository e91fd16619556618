"""The main navigation: each slice adds its entry, a person sees those they may open."""

from dataclasses import dataclass
from functools import lru_cache

from flask import request, url_for

from portal.accounts.who import asking
from portal.reader import Reader, reader
from portal.text import Words


@dataclass(frozen=True)
class Entry:
    """One entry: where it leads, what it is called, its icon, and for whom it is; lower numbers come first."""

    endpoint: str
    words: Words
    icon: str
    roles: tuple[str, ...]
    order: int


@dataclass(frozen=True)
class Item:
    """An entry as the page shows it."""

    href: str
    label: str
    icon: str
    current: bool
    badge: int = 0


ENTRIES: dict[str, Entry] = {}


def add(endpoint: str, words: Words, icon: str, roles: tuple[str, ...], order: int) -> None:
    """Add an entry for people with one of the roles, for everybody signed in if `roles` is empty."""
    ENTRIES[endpoint] = Entry(endpoint, words, icon, roles, order)
    _items.cache_clear()
    _places.cache_clear()


def items() -> tuple[Item, ...]:
    """What the person who asks may open, the present place marked."""
    found = asking()
    if not found.id:
        return ()
    place = _place(request.path)
    return _items(reader(), found.roles, place if place in _places() else None)


@lru_cache(maxsize=1024)
def _items(_reader: Reader, roles: frozenset[str], place: str | None) -> tuple[Item, ...]:
    open_to = [entry for entry in ENTRIES.values() if not entry.roles or not roles.isdisjoint(entry.roles)]
    return tuple(_item(entry, place) for entry in sorted(open_to, key=lambda entry: entry.order))


def _item(entry: Entry, place: str | None) -> Item:
    href = url_for(entry.endpoint)
    return Item(href, str(entry.words), entry.icon, _place(href) == place)


@lru_cache(maxsize=1)
def _places() -> frozenset[str]:
    return frozenset(_place(url_for(endpoint)) for endpoint in ENTRIES)


def _place(path: str) -> str:
    """Where an address belongs: what lies below an entry's address is in its place."""
    return path.split("/", 2)[1]
