#!/usr/bin/env python3
"""Whether the translations are complete: every word of code and templates is there, none is fuzzy, empty or left over.

Prints one line for each fault; the exit code says whether there was one.
"""

import re
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

from babel.messages.catalog import Catalog, Message
from babel.messages.pofile import read_po

ROOT = Path(__file__).parent.parent
PLACE = re.compile(r"%\(\w+\)[sd]")


def extracted() -> Catalog:
    """The words that stand in code and templates now."""
    with tempfile.TemporaryDirectory() as folder:
        target = Path(folder) / "messages.pot"
        command = [sys.executable, "-m", "babel.messages.frontend", "--quiet", "extract", "-F", "pyproject.toml"]
        subprocess.run([*command, "-k", "lazy_gettext", "-k", "_l", "-o", str(target), "."], cwd=ROOT, check=True)
        return read(target)


def read(path: Path) -> Catalog:
    """A catalogue from its file."""
    with path.open("rb") as file:
        return read_po(file)


def faults(wanted: Catalog, given: Catalog) -> Iterator[str]:
    """What is wrong with a catalogue, a line each."""
    here = {(message.context, message.id): message for message in given if message.id}
    needed = {(message.context, message.id) for message in wanted if message.id}
    yield from (f"missing: {name!r}" for _, name in sorted(needed - here.keys(), key=repr))
    yield from (f"left over: {name!r}" for _, name in sorted(here.keys() - needed, key=repr))
    yield from (f"obsolete: {name!r}" for name in given.obsolete)
    for message in here.values():
        yield from _message_faults(message)


def _message_faults(message: Message) -> Iterator[str]:
    sources = message.id if isinstance(message.id, list | tuple) else (message.id,)
    texts = message.string if isinstance(message.string, list | tuple) else (message.string,)
    if message.fuzzy:
        yield f"fuzzy: {message.id!r}"
    if not all(texts):
        yield f"not translated: {message.id!r}"
    elif set(PLACE.findall(texts[-1])) != set(PLACE.findall(sources[-1])):
        yield f"other places to fill than in the source: {message.id!r}"


def main() -> int:
    """Check every language."""
    wanted = extracted()
    found = [fault for path in ROOT.glob("*/*/LC_MESSAGES/messages.po") for fault in faults(wanted, read(path))]
    print("\n".join(found) or f"{len(wanted)} words, each translated")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
