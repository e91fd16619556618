"""Reading a file that people write. Pure.

Whatever is wrong is said in one sentence with the file, the path and what is allowed.
"""

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from typing import Any, Self

from portal.policies.spec import Spec


class BadFileError(ValueError):
    """The content of a policy, catalogue or calendar file can't be used; the message says where and why."""


@dataclass(frozen=True, slots=True)
class Text:
    """The same words in the two languages of the portal."""

    zh: str
    en: str

    def say(self, locale: str) -> str:
        """The words in this locale: Chinese for any `zh…`, else English."""
        return self.zh if locale.startswith("zh") else self.en


class Bilingual:
    """Gives each `Text` of an object as `<field>_zh` and `<field>_en` too, as the filter `localised` reads them."""

    __slots__ = ()

    def local(self, field: str, locale: str) -> str:
        """The words of one field in this locale."""
        words: Text = getattr(self, field)
        return words.say(locale)

    def __getattr__(self, name: str) -> str:
        """The words of `name_zh` are those of `name.zh`."""
        field, _, language = name.rpartition("_")
        if field and language in ("zh", "en"):
            return str(getattr(getattr(self, field), language))
        raise AttributeError(name)


@dataclass(frozen=True, slots=True)
class Node:
    """One value of the file and the way to it, which is where a complaint points."""

    value: Any
    source: str
    path: str = ""

    def wrong(self, allowed: str) -> BadFileError:
        """The complaint about this value."""
        shown = repr(self.value) if not isinstance(self.value, (dict, list)) else f"a {type(self.value).__name__}"
        return BadFileError(f"{self.source}: {self.path or 'the file'} is {shown[:80]}; allowed is {allowed}.")

    def only(self, required: Collection[str], optional: Collection[str] = ()) -> Self:
        """Insist on an object with these keys and no others."""
        if not isinstance(self.value, dict):
            raise self.wrong("an object")
        for key in required:
            if key not in self.value:
                raise BadFileError(f"{self.source}: {self._below(key)} is missing.")
        for key in self.value:
            if key not in required and key not in optional:
                allowed = ", ".join([*required, *optional])
                raise BadFileError(f"{self.source}: {self._below(key)} is unknown; allowed are {allowed}.")
        return self

    def __getitem__(self, key: str) -> Self:
        """The value under this key."""
        return type(self)(self.value[key], self.source, self._below(key))

    def __contains__(self, key: str) -> bool:
        """Whether there is a value under this key."""
        return key in self.value

    def each(self) -> Iterator[Self]:
        """The items of a list."""
        if not isinstance(self.value, list):
            raise self.wrong("a list")
        for place, item in enumerate(self.value):
            yield type(self)(item, self.source, f"{self.path}[{place}]")

    def entries(self) -> Iterator[tuple[str, Self]]:
        """The keys and values of an object whose keys are free."""
        if not isinstance(self.value, dict):
            raise self.wrong("an object")
        yield from ((key, self[key]) for key in self.value)

    def text(self) -> str:
        """Words that are not blank."""
        if not isinstance(self.value, str) or not self.value.strip():
            raise self.wrong("a text that is not blank")
        return self.value

    def words(self) -> Text:
        """The same words in both languages."""
        self.only(("zh", "en"))
        return Text(self["zh"].text(), self["en"].text())

    def whole(self, low: int, high: int) -> int:
        """A whole number within bounds."""
        if isinstance(self.value, bool) or not isinstance(self.value, int) or not low <= self.value <= high:
            raise self.wrong(f"a whole number from {low} to {high}")
        return self.value

    def flag(self) -> bool:
        """True or false."""
        if not isinstance(self.value, bool):
            raise self.wrong("true or false")
        return self.value

    def one_of(self, options: Collection[str]) -> str:
        """One of the words that mean something here."""
        if self.value not in options:
            raise self.wrong("one of " + ", ".join(options))
        return str(self.value)

    def some_of(self, options: Collection[str]) -> tuple[str, ...]:
        """A list of words that mean something here, none twice."""
        picked = tuple(item.one_of(options) for item in self.each())
        if len(set(picked)) != len(picked):
            raise self.wrong("a list that names nothing twice")
        return picked

    def window(self) -> Spec:
        """A length of time that is not empty."""
        self.only(("mode", "n"), ("roll",))
        try:
            spec = Spec.from_dict(self.value)
        except ValueError as why:
            raise BadFileError(f"{self.source}: {self.path}: {why}.") from why
        self["n"].whole(1, spec.n)
        return spec

    def _below(self, key: str) -> str:
        return f"{self.path}.{key}" if self.path else key
