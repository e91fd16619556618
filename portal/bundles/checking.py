"""Whether a case file is what the platform signed: every byte of it, with nothing at hand but the file and a key."""

import hashlib
import json
import mmap
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from portal import audit
from portal.audit import Link
from portal.bundles import archive
from portal.bundles.archive import BrokenError, Found, Whole
from portal.bundles.building import FORMAT, HISTORY, MANIFEST, PUBLIC_KEY, SIGNATURE
from portal.bundles.signing import BadKeyError, fingerprint, holds, public_key

UNLISTED = (MANIFEST, SIGNATURE)
ILLEGIBLE = (ValueError, TypeError, KeyError, AttributeError, IndexError, RecursionError)
"""What reading a file raises that somebody else may have written."""
_Files = Mapping[str, Whole]


@dataclass(frozen=True, slots=True)
class Checked:
    """What was found: whose file it says it is, the fingerprint of the key it was held against, and every fault."""

    about: str
    key: str
    faults: tuple[str, ...]


def check(path: Path, key: Ed25519PublicKey | None = None) -> Checked:
    """Look at every byte of a case file; without a key, the one that lies in it is taken, which proves less.

    Raises OSError if there is no such file.
    """
    with path.open("rb") as file:
        try:
            whole = mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ)
        except ValueError:
            return Checked("", "", (f"{path.name}: is empty",))
        with whole, memoryview(whole) as view:
            return _checked(view, key)


def _checked(whole: Whole, key: Ed25519PublicKey | None) -> Checked:
    faults: list[str] = []
    try:
        found = archive.scan(whole)
    except BrokenError as why:
        found = why.found
        faults.append(str(why))
    files, broken = {one.entry.path: one.content(whole) for one in found}, len(faults)
    try:
        faults += _twice(found)
        manifest, mark = _manifest(files), ""
        faults += _listed(files, manifest, "can't be reached" if broken else "is missing")
        try:
            key = key or _own_key(files)
            mark = fingerprint(key)
            faults += _signed(files, key)
        except BadKeyError as why:
            faults.append(str(why))
        if len(faults) == broken:
            faults += [*_history(files, manifest), *_other_bytes(whole, found)]
        return _found(faults, "{case}, {party}, {lang}, as of {as_of}".format_map(manifest), mark)
    except _MalformedError as why:
        return _found([*faults, str(why)])
    finally:
        for content in files.values():
            content.release()


def _found(faults: list[str], about: str = "", key: str = "") -> Checked:
    """What was found, fit for a terminal, whatever names somebody put into the file."""
    return Checked(_printable(about), key, tuple(map(_printable, faults)))


def _printable(text: str) -> str:
    return "".join(c if c.isprintable() else f"\\u{ord(c):04x}" for c in text)


class _MalformedError(Exception):
    pass


def _twice(found: list[Found]) -> Iterator[str]:
    seen: set[str] = set()
    for one in found:
        if one.entry.path in seen:
            yield f"{one.entry.path}: is in the ZIP twice"
        seen.add(one.entry.path)


def _manifest(files: _Files) -> dict[str, Any]:
    if MANIFEST not in files:
        raise _MalformedError(f"{MANIFEST}: is missing{_instead(files)}")
    try:
        manifest = json.loads(bytes(files[MANIFEST]))
        if manifest["format"] != FORMAT:
            raise _MalformedError(f"{MANIFEST}: is of another format than {FORMAT}")
        known = {"case", "party", "lang", "as_of", "chains"} <= manifest.keys()
        if not known or not all(isinstance(one["path"], str) for one in manifest["files"]):
            raise _MalformedError(f"{MANIFEST}: lacks something")
    except ILLEGIBLE as why:
        raise _MalformedError(f"{MANIFEST}: can't be read") from why
    return dict(manifest)


def _instead(files: _Files) -> str:
    return f"; there are {', '.join(sorted(files))}" if files else ""


def _own_key(files: _Files) -> Ed25519PublicKey:
    if PUBLIC_KEY not in files:
        raise BadKeyError(f"{PUBLIC_KEY}: is missing")
    return public_key(bytes(files[PUBLIC_KEY]), PUBLIC_KEY)


def _signed(files: _Files, key: Ed25519PublicKey) -> Iterator[str]:
    if SIGNATURE not in files:
        yield f"{SIGNATURE}: is missing"
    elif not holds(key, bytes(files[SIGNATURE]), bytes(files[MANIFEST])):
        yield f"{MANIFEST} or {SIGNATURE}: was not signed like this with the key {fingerprint(key)[:16]}"


def _listed(files: _Files, manifest: Mapping[str, Any], gone: str) -> Iterator[str]:
    """Every file is the one listed, and no other is there."""
    promised = {one["path"]: one for one in manifest["files"]}
    for path, one in promised.items():
        if path not in files:
            yield f"{path}: {gone}"
        elif len(files[path]) != one.get("size"):
            yield f"{path}: has {len(files[path])} bytes instead of {one.get('size')}"
        elif (digest := hashlib.sha256(files[path]).hexdigest()) != one.get("sha256"):
            yield f"{path}: its content was changed; its SHA-256 is {digest} instead of {one.get('sha256')}"
    for path in sorted(files.keys() - promised.keys() - set(UNLISTED)):
        yield f"{path}: does not belong to it; {MANIFEST} does not list it"


def _history(files: _Files, manifest: Mapping[str, Any]) -> Iterator[str]:
    """Each history is dense and chained, and ends where the manifest says."""
    try:
        chains = {
            name: [Link.from_dict(link) for link in links] for name, links in json.loads(bytes(files[HISTORY])).items()
        }
        heads = {one["chain"]: (one["events"], one["head"]) for one in manifest["chains"]}
        faults = [audit.first_fault(links) for links in chains.values()]
        ends = {name: (len(links), links[-1].hash) for name, links in chains.items()}
    except ILLEGIBLE:
        yield f"{HISTORY}: can't be read"
        return
    yield from (f"{HISTORY}: {fault}" for fault in faults if fault)
    if ends != heads:
        yield f"{HISTORY}: does not end where {MANIFEST} says"


def _other_bytes(whole: Whole, found: list[Found]) -> Iterator[str]:
    """The ZIP made anew from its parts is this one, byte for byte."""
    try:
        difference = archive.first_difference(whole, found)
    except ValueError as why:
        raise _MalformedError(str(why)) from why
    if difference:
        yield difference
    paths = [one.entry.path for one in found]
    yield from (
        f"{b}: is not in its place in the ZIP" for a, b in pairwise(paths) if archive.place(a) > archive.place(b)
    )
