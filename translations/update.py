#!/usr/bin/env python3
"""Bring the words of code and templates into every translation: new ones empty, old ones kept, unused ones gone."""

import polib
from babel.messages.catalog import Catalog
from complete import ROOT, extracted


def updated(given: polib.POFile, wanted: Catalog) -> polib.POFile:
    """A translation with exactly the words wanted, sorted, so that a change shows only what changed."""
    known = {(entry.msgctxt, entry.msgid): entry for entry in given if not entry.obsolete}
    result = polib.POFile()
    result.metadata = given.metadata
    for message in wanted:
        if message.id:
            single, plural = message.id if isinstance(message.id, list | tuple) else (message.id, "")
            entry = _entry(known.get((message.context, single)), message.context, single, plural)
            entry.flags = sorted(message.flags)
            result.append(entry)
    result.sort(key=lambda entry: (entry.msgid, entry.msgctxt or ""))
    return result


def _entry(known: polib.POEntry | None, context: str | None, single: str, plural: str) -> polib.POEntry:
    entry = polib.POEntry(msgctxt=context, msgid=single, msgid_plural=plural)
    old = (known.msgstr or known.msgstr_plural.get(0, "")) if known else ""
    if plural:
        entry.msgstr_plural = known.msgstr_plural if known and known.msgstr_plural else {0: old}
    else:
        entry.msgstr = old
    return entry


def main() -> None:
    """Update every translation in place."""
    wanted = extracted()
    for path in sorted(ROOT.glob("translations/*/LC_MESSAGES/messages.po")):
        updated(polib.pofile(str(path)), wanted).save(str(path))


if __name__ == "__main__":
    main()
